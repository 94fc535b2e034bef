//! What goes over the wire, for Rust programs. Every field of an answer but an id may be missing
//! or null, and what is not named here is kept in `extra`.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// A JSON object of the tenant's own.
pub type Metadata = Map<String, Value>;

/// A field of a change: left alone, unset, or set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Is not sent; what the server has stays.
    #[default]
    Absent,
    /// Is sent as null; what the server has is removed.
    Null,
    /// Is sent.
    Value(T),
}

impl<T> Field<T> {
    fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Field::Value(value)
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Field::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Field::Value(value) => value.serialize(serializer),
            _ => serializer.serialize_none(),
        }
    }
}

/// A user of the tenant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// The id with its provider, such as `auth0|507f1f77bcf86cd799439020`. Empty only where a
    /// projection left it out.
    pub user_id: String,
    /// The email; in lower case where Auth0's own database keeps it.
    pub email: Option<String>,
    /// Has the user proved to own the email?
    pub email_verified: Option<bool>,
    /// The user name, where the connection has one.
    pub username: Option<String>,
    /// The phone number, with a leading `+`.
    pub phone_number: Option<String>,
    /// Has the user proved to own the phone number?
    pub phone_verified: Option<bool>,
    /// The full name.
    pub name: Option<String>,
    /// The nickname.
    pub nickname: Option<String>,
    /// The given name.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// The address of a picture.
    pub picture: Option<String>,
    /// When the user was created, ISO 8601.
    pub created_at: Option<String>,
    /// When the user was last changed, ISO 8601.
    pub updated_at: Option<String>,
    /// The accounts linked to this user, the primary one first.
    pub identities: Option<Vec<Identity>>,
    /// What the user may read and change.
    pub user_metadata: Option<Metadata>,
    /// What only the application may change.
    pub app_metadata: Option<Metadata>,
    /// Has an administrator blocked the user?
    pub blocked: Option<bool>,
    /// The enrolled multi-factor providers.
    pub multifactor: Option<Vec<String>>,
    /// The address of the last login.
    pub last_ip: Option<String>,
    /// When the user last logged in, ISO 8601.
    pub last_login: Option<String>,
    /// How often the user has logged in.
    pub logins_count: Option<u64>,
    /// When a password was last set, ISO 8601; users in a database only.
    pub last_password_reset: Option<String>,
    /// When the enrolled providers last changed, ISO 8601.
    pub multifactor_last_modified: Option<String>,
    /// What else the profile holds.
    #[serde(flatten)]
    pub extra: Metadata,
}

/// One account of a user with an identity provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Identity {
    /// The name of the connection.
    pub connection: Option<String>,
    /// The id without its provider: a string, or a number.
    pub user_id: Value,
    /// The provider, such as `auth0` or `google-oauth2`.
    pub provider: Option<String>,
    /// Is the provider a social one?
    #[serde(rename = "isSocial")]
    pub is_social: Option<bool>,
    /// The profile that a linked account brought along.
    #[serde(rename = "profileData")]
    pub profile_data: Option<Metadata>,
    /// What else the identity holds.
    #[serde(flatten)]
    pub extra: Metadata,
}

/// What [`Users::list`](crate::Users::list) looks for.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(default)]
pub struct ListUsers {
    /// The page, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The size of a page, at most 100; 50 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
    /// Whether the server counts all matches; it does by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_totals: Option<bool>,
    /// The order: a field, a colon, and `1` or `-1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// The connection, with search engine `v1` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The fields to give, or to leave out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// `false` turns `fields` into those to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_fields: Option<bool>,
    /// The query, in Lucene syntax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The search engine, such as `v3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_engine: Option<String>,
    /// Whether matches come in a fixed order; they do by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_order: Option<bool>,
}

#[derive(Serialize)]
pub(crate) struct ByEmail<'a> {
    pub(crate) email: &'a str,
}

/// A user to be created.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CreateUser {
    /// The name of the connection.
    pub connection: String,
    /// The email.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the email counts as proved; it does not by default, and a mail is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Whether a verification mail is sent, whatever `email_verified` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_email: Option<bool>,
    /// The user name, if the connection has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The phone number, with a leading `+`, if the connection has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether the phone number counts as proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// The password, if the connection has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The id without its provider; made up by the server by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Whether the user is blocked from the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
    /// The full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The nickname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// What the user may read and change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_metadata: Option<Metadata>,
    /// What only the application may change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_metadata: Option<Metadata>,
}

/// Changes of a user.
///
/// Not together: `password` with `email`, `email_verified` or `username`; `username` with `email`
/// or `email_verified`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateUser {
    /// The email, of users in a database only.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub email: Field<String>,
    /// Whether the email counts as proved; not for enterprise users and passwordless SMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Whether a verification mail is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_email: Option<bool>,
    /// The user name.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub username: Field<String>,
    /// The phone number, with a leading `+`.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub phone_number: Field<String>,
    /// Whether the phone number counts as proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// Whether a verification message is sent to the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_phone_number: Option<bool>,
    /// The password; a new one also lifts an administrator's block.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub password: Field<String>,
    /// The connection of the secondary identity whose email, phone number, user name or password
    /// is to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The application that a mail or message is sent for; only with `email` or `phone_number`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Whether an administrator blocks the user; `false` does not lift a block that repeated
    /// failed logins caused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
    /// The full name.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub name: Field<String>,
    /// The nickname.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub nickname: Field<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub given_name: Field<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub family_name: Field<String>,
    /// The address of a picture.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub picture: Field<String>,
    /// Merged on the first level; a null inside removes that key, `{}` removes all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_metadata: Option<Metadata>,
    /// Merged on the first level; a null inside removes that key, `{}` removes all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_metadata: Option<Metadata>,
}

/// What [`Users::regenerate_recovery_code`](crate::Users::regenerate_recovery_code) gives.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecoveryCode {
    /// The code: 24 letters and digits. Show it once and keep it nowhere.
    pub recovery_code: String,
}

/// What [`Users::revoke_access`](crate::Users::revoke_access) revokes; by default everything.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RevokeAccess {
    /// One session instead of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Whether refresh tokens stay valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preserve_refresh_tokens: Option<bool>,
}
