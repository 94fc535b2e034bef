//! The bodies that create and update a user.

use crate::schema::{EMAIL, Field, Format, Kind, NON_EMPTY, PHONE, URI};

const NAME: Kind = Kind::Text(1, 300, Format::Any);
const PART_OF_NAME: Kind = Kind::Text(1, 150, Format::Any);
const USERNAME: Kind = Kind::Text(1, 128, Format::Any);

pub(super) const CREATE: Kind = Kind::Object(&[
    Field::new("connection", NON_EMPTY).required(),
    Field::new("email", EMAIL),
    Field::new("phone_number", PHONE),
    Field::new("user_metadata", Kind::Map),
    Field::new("blocked", Kind::Bool),
    Field::new("email_verified", Kind::Bool),
    Field::new("phone_verified", Kind::Bool),
    Field::new("app_metadata", Kind::Map),
    Field::new("given_name", PART_OF_NAME),
    Field::new("family_name", PART_OF_NAME),
    Field::new("name", NAME),
    Field::new("nickname", NAME),
    Field::new("picture", URI),
    Field::new("user_id", Kind::Text(0, 255, Format::NoSpace)),
    Field::new("password", NON_EMPTY),
    Field::new("verify_email", Kind::Bool),
    Field::new("username", USERNAME),
]);

pub(super) const UPDATE: Kind = Kind::Object(&[
    Field::new("blocked", Kind::Bool),
    Field::new("email_verified", Kind::Bool),
    Field::new("email", EMAIL).nullable(),
    Field::new("phone_number", PHONE).nullable(),
    Field::new("phone_verified", Kind::Bool),
    Field::new("user_metadata", Kind::Map),
    Field::new("app_metadata", Kind::Map),
    Field::new("given_name", PART_OF_NAME).nullable(),
    Field::new("family_name", PART_OF_NAME).nullable(),
    Field::new("name", NAME).nullable(),
    Field::new("nickname", NAME).nullable(),
    Field::new("picture", URI).nullable(),
    Field::new("verify_email", Kind::Bool),
    Field::new("verify_phone_number", Kind::Bool),
    Field::new("password", NON_EMPTY).nullable(),
    Field::new("connection", NON_EMPTY),
    Field::new("client_id", NON_EMPTY),
    Field::new("username", USERNAME).nullable(),
]);
