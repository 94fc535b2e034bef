//! Updating a user: which properties can change together, and which depend on the connection.

use serde_json::Value;

use super::users::username_taken;
use super::{metadata, user_body};
use crate::auth::grant::insufficient_scope;
use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::password;
use crate::operations::reply::Reply;
use crate::state::connection::{Connection, Strategy};
use crate::state::directory::connection_not_found;
use crate::state::metadata::merge;
use crate::state::user::User;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[(
    "users.update",
    run(update).optional_body(&user_body::UPDATE),
)];

/// Pairs of properties that the API refuses to change together.
const NOT_TOGETHER: &[(&str, &str)] = &[
    ("password", "email"),
    ("password", "email_verified"),
    ("username", "email"),
    ("username", "email_verified"),
    ("username", "password"),
];

/// Properties of the profile that come from the identity provider if the connection synchronizes them.
const ROOT_PROFILE: &[&str] = &["name", "nickname", "given_name", "family_name", "picture"];

/// How long before `updated_at` the API dates a password change.
const RESET_LEAD_MS: u64 = 4;

fn update(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let id = call.param(0);
    check_scopes(context, call)?;
    metadata::check(&call.body)?;
    let user = context.state.user(id)?;
    let index = identity_index(context, user, call)?;
    let connection = user
        .identities
        .get(index)
        .and_then(|identity| context.state.directory.connection(&identity.connection))
        .ok_or_else(connection_not_found)?
        .clone();
    check(&connection, user, index, call)?;
    check_available(context, &connection, user, index, call)?;
    let now = context.now;
    let with_tokens = context.grant.has("read:user_idp_tokens");
    let user = context
        .state
        .users
        .update(id, |user| {
            apply(user, index, &connection, call, now);
            user.clone()
        })
        .ok_or_else(ApiError::user_not_found)?;
    if call.text("password").is_some() {
        context.state.lift_blocks(&user);
    }
    if call.flag("verify_email") == Some(true) {
        context.state.send_verification(id, index, now);
    }
    Ok(Reply::json(200, Value::Object(user.to_json(with_tokens))))
}

fn given(call: &Call<'_>, name: &str) -> bool {
    call.body.get(name).is_some()
}

/// Refuses properties that the scopes do not permit: `update:users` permits all, the other two scopes one each.
fn check_scopes(context: &Context<'_>, call: &Call<'_>) -> Result<(), ApiError> {
    let grant = context.grant;
    if grant.has("update:users") {
        return Ok(());
    }
    let names = call
        .body
        .as_object()
        .into_iter()
        .flat_map(|body| body.keys());
    for name in names {
        let allowed = match name.as_str() {
            "app_metadata" => grant.has("update:users_app_metadata"),
            "user_metadata" => grant.has("update:current_user_metadata"),
            _ => false,
        };
        if !allowed {
            return Err(insufficient_scope("any", &["update:users"]));
        }
    }
    Ok(())
}

/// Returns the position of the identity to update: that of `connection`, or the primary one.
fn identity_index(context: &Context<'_>, user: &User, call: &Call<'_>) -> Result<usize, ApiError> {
    let Some(name) = call.text("connection") else {
        return Ok(0);
    };
    context
        .state
        .directory
        .connection(name)
        .ok_or_else(connection_not_found)?;
    user.identities
        .iter()
        .position(|identity| *identity.connection == *name)
        .ok_or_else(|| {
            ApiError::not_supported(format!(
                "The user has no identity in the connection {name}."
            ))
        })
}

/// Refuses changes that the connection of the identity does not support.
fn check(
    connection: &Connection,
    user: &User,
    index: usize,
    call: &Call<'_>,
) -> Result<(), ApiError> {
    let refuse = |message: &str| Err(ApiError::not_supported(message));
    if let Some((one, other)) = NOT_TOGETHER
        .iter()
        .find(|(one, other)| given(call, one) && given(call, other))
    {
        return Err(ApiError::not_supported(format!(
            "Cannot update {one} and {other} simultaneously"
        )));
    }
    if given(call, "client_id") && !given(call, "email") && !given(call, "phone_number") {
        return refuse("client_id can only be sent together with email or phone_number.");
    }
    check_root_profile(connection, index, call)?;
    let database = connection.is_database();
    let sms = connection.strategy == Strategy::PasswordlessSms;
    if given(call, "email") && !database {
        return refuse("Cannot update email for non-database user");
    }
    if given(call, "password") && !database {
        return refuse("Cannot update password for non-database user");
    }
    if given(call, "email_verified") && (sms || connection.strategy == Strategy::Enterprise) {
        return refuse("Cannot update email_verified for enterprise or passwordless SMS users");
    }
    if ["phone_number", "phone_verified", "verify_phone_number"]
        .iter()
        .any(|name| given(call, name))
        && !sms
    {
        return refuse("Cannot update phone_number for non-sms user");
    }
    if given(call, "verify_phone_number") && !given(call, "phone_number") {
        return refuse("verify_phone_number can only be sent together with phone_number.");
    }
    if given(call, "username") && !connection.requires_username {
        return refuse("Cannot set username for connection without requires_username");
    }
    if !connection.enabled && (given(call, "email") || given(call, "password")) {
        return refuse("Cannot update email or password in a disabled connection.");
    }
    // The attribute that identifies a user in its connection, and the password, cannot be removed.
    let profile = user.profile_of(index);
    let removed = |name: &str| call.body.get(name).is_some_and(Value::is_null);
    let required = match connection.strategy {
        Strategy::Database if removed("password") => Some("password"),
        Strategy::Database if removed("username") => Some("username"),
        Strategy::Database if removed("email") && profile.username.is_none() => Some("email"),
        Strategy::PasswordlessSms if removed("phone_number") => Some("phone_number"),
        _ => None,
    };
    if let Some(name) = required {
        return Err(ApiError::not_supported(format!(
            "Cannot remove {name} of a user of the connection ({})",
            connection.name
        )));
    }
    match call.text("password") {
        Some(text) => password::check(text),
        None => Ok(()),
    }
}

/// Refuses changes of the profile that only the identity provider can make.
fn check_root_profile(
    connection: &Connection,
    index: usize,
    call: &Call<'_>,
) -> Result<(), ApiError> {
    let changed: Vec<&str> = ROOT_PROFILE
        .iter()
        .copied()
        .filter(|name| given(call, name))
        .collect();
    if changed.is_empty() || (index == 0 && connection.has_editable_profile()) {
        return Ok(());
    }
    let names = changed.join(", ");
    Err(ApiError::not_supported(if index == 0 {
        format!(
            "The following user attributes cannot be updated: {names}. The connection ({}) must \
             either be a database connection (using the Auth0 store), a passwordless connection \
             (email or sms) or has disabled 'Sync user profile attributes at each login'.",
            connection.name
        )
    } else {
        format!(
            "The following user attributes cannot be updated: {names}. They belong to the primary identity."
        )
    }))
}

/// Refuses a login that another user of the connection has.
fn check_available(
    context: &Context<'_>,
    connection: &Connection,
    user: &User,
    index: usize,
    call: &Call<'_>,
) -> Result<(), ApiError> {
    let own = user
        .identities
        .get(index)
        .map(|identity| identity.full_id())
        .unwrap_or_default();
    let taken = |name: &str| {
        call.text(name).is_some_and(|login| {
            let stored = connection.stored(login);
            context
                .state
                .users
                .is_taken(&connection.name, &stored, &own)
        })
    };
    let refuse = |what: &str| {
        Err(ApiError::new(
            400,
            "auth0_idp_error",
            format!("The specified new {what} already exists"),
        ))
    };
    if taken("email") {
        return refuse("email");
    }
    if taken("phone_number") {
        return refuse("phone_number");
    }
    if taken("username") {
        return Err(username_taken());
    }
    Ok(())
}

/// Applies the changes to the user.
fn apply(user: &mut User, index: usize, connection: &Connection, call: &Call<'_>, now: u64) {
    let profile = user.profile_of_mut(index);
    let previous = (profile.email.clone(), profile.phone_number.clone());
    for (name, place) in [
        ("email", &mut profile.email),
        ("username", &mut profile.username),
        ("phone_number", &mut profile.phone_number),
        ("name", &mut profile.name),
        ("nickname", &mut profile.nickname),
        ("given_name", &mut profile.given_name),
        ("family_name", &mut profile.family_name),
        ("picture", &mut profile.picture),
    ] {
        match call.body.get(name) {
            None => {}
            Some(Value::String(text)) if matches!(name, "email" | "username") => {
                *place = Some(connection.stored(text));
            }
            Some(Value::String(text)) => *place = Some(text.as_str().into()),
            Some(_) => *place = None,
        }
    }
    // A new address or number is not verified.
    if profile.email != previous.0 {
        profile.email_verified = profile.email.as_ref().map(|_| false);
    }
    if profile.phone_number != previous.1 {
        profile.phone_verified = profile.phone_number.as_ref().map(|_| false);
    }
    profile.set_flags(&call.body);
    if let Some(change) = call.body.get("user_metadata").and_then(Value::as_object) {
        merge(&mut user.user_metadata, change);
    }
    if let Some(change) = call.body.get("app_metadata").and_then(Value::as_object) {
        merge(&mut user.app_metadata, change);
        // Unlike `user_metadata`, the API does not show an empty `app_metadata`.
        user.app_metadata.take_if(|metadata| metadata.is_empty());
    }
    user.updated_at = now;
    if call.text("password").is_some() {
        user.last_password_reset = Some(now.saturating_sub(RESET_LEAD_MS));
        user.blocked = user.blocked.map(|_| false);
    }
    if let Some(blocked) = call.flag("blocked") {
        user.blocked = Some(blocked);
    }
}
