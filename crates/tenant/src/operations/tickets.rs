//! Tickets: links to verify an e-mail address or to change a password.

use serde_json::json;

use super::jobs::{IDENTITY, check_organization, check_verifiable, identity_index};
use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::{
    CLIENT_ID, CONNECTION_ID, EMAIL, Field, Kind, ORGANIZATION_ID, URI, USER_ID, Violation,
};
use crate::state::directory::connection_not_found;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("tickets.verifyEmail", run(verify_email).body(&VERIFY_BODY)),
    (
        "tickets.changePassword",
        run(change_password).optional_body(&PASSWORD_BODY),
    ),
];

const SECONDS: Kind = Kind::Int(0, i64::MAX);

const VERIFY_BODY: Kind = Kind::Object(&[
    Field::new("user_id", USER_ID).required(),
    Field::new("result_url", URI),
    Field::new("client_id", CLIENT_ID),
    Field::new("organization_id", ORGANIZATION_ID),
    Field::new("ttl_sec", SECONDS),
    Field::new("includeEmailInRedirect", Kind::Bool),
    Field::new("identity", IDENTITY),
]);

const PASSWORD_BODY: Kind = Kind::Object(&[
    Field::new("user_id", USER_ID),
    Field::new("connection_id", CONNECTION_ID),
    Field::new("email", EMAIL),
    Field::new("result_url", URI),
    Field::new("client_id", CLIENT_ID),
    Field::new("organization_id", ORGANIZATION_ID),
    Field::new("ttl_sec", SECONDS),
    Field::new("mark_email_as_verified", Kind::Bool),
    Field::new("includeEmailInRedirect", Kind::Bool),
    Field::new("identity", IDENTITY),
]);

fn verify_email(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    check_result_url(call)?;
    let user = context
        .state
        .user(call.text("user_id").unwrap_or_default())?;
    check_verifiable(context, user, call)?;
    Ok(ticket(context, "email-verification"))
}

fn change_password(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    check_result_url(call)?;
    let state = &context.state;
    let given = |name: &str| call.body.get(name).is_some();
    let user = match (call.text("user_id"), call.text("email")) {
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid_body("'user_id excludes email'"));
        }
        (Some(id), None) => state.user(id)?,
        (None, Some(email)) => {
            let id = call
                .text("connection_id")
                .ok_or_else(|| ApiError::invalid_body(Violation::missing("connection_id")))?;
            let connection = state.directory.connection_by_id(id)?;
            let email = connection.stored(email);
            state
                .users
                .by_login(&email)
                .find(|user| {
                    user.identities
                        .iter()
                        .any(|own| *own.connection == *connection.name)
                })
                .ok_or_else(ApiError::user_not_found)?
        }
        (None, None) => return Err(ApiError::invalid_body(Violation::missing("user_id"))),
    };
    if given("identity") && !given("user_id") {
        return Err(ApiError::invalid_body("'identity needs user_id'"));
    }
    let index = identity_index(context, user, call)?;
    let is_database = user
        .identities
        .get(index)
        .and_then(|own| state.directory.connection(&own.connection))
        .ok_or_else(connection_not_found)?
        .is_database();
    if !is_database {
        return Err(ApiError::not_supported(
            "The connection does not support changing passwords.",
        ));
    }
    check_organization(context, user, call)?;
    Ok(ticket(context, "reset-password"))
}

/// Refuses `result_url` together with parameters that determine the URL as well.
fn check_result_url(call: &Call<'_>) -> Result<(), ApiError> {
    let given = |name: &str| call.body.get(name).is_some();
    if given("result_url") && (given("client_id") || given("organization_id")) {
        return Err(ApiError::invalid_body(
            "'result_url excludes client_id and organization_id'",
        ));
    }
    Ok(())
}

/// Returns a new link to a page.
fn ticket(context: &mut Context<'_>, page: &str) -> Reply {
    let (origin, secret) = (&context.config.origin, context.ids.alnum(32));
    let ticket = format!("{origin}/u/{page}?ticket={secret}#");
    Reply::json(201, json!({ "ticket": ticket }))
}
