//! Listing, creating, reading and deleting users, and their recovery codes.

use serde_json::{Map, Value, json};

use super::{metadata, user_body};
use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::password;
use crate::operations::reply::Reply;
use crate::schema::Violation;
use crate::search::compile::compile;
use crate::search::filter::Filter;
use crate::search::find::{Order, find};
use crate::state::connection::{Connection, Strategy};
use crate::state::directory::connection_not_found;
use crate::state::metadata::Metadata;
use crate::state::profile::{Profile, Text};
use crate::state::user::{Identity, User};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("users.list", run(list)),
    ("users.create", run(create).body(&user_body::CREATE)),
    ("users.listUsersByEmail", run(by_email)),
    ("users.get", run(get)),
    ("users.delete", run(delete)),
    (
        "users.regenerateRecoveryCode",
        run(regenerate_recovery_code),
    ),
];

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let query = &call.query;
    let offset = query.offset();
    let cap = context.config.search_cap.unwrap_or(usize::MAX);
    if offset.start >= cap {
        return Err(ApiError::new(
            400,
            "invalid_paging",
            format!(
                "You can only page through the first {cap} records. See \
                 https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation"
            ),
        ));
    }
    let engine = query.text("search_engine");
    if let Some(engine) = engine
        && !context
            .config
            .search_engines
            .iter()
            .any(|own| own == engine)
    {
        return Err(ApiError::new(
            400,
            "invalid_query_string",
            format!("The search engine version {engine} is not available for this tenant."),
        ));
    }
    let filter = compile(query.text("q").unwrap_or_default())?;
    // Newer engines ignore this parameter; they search by `identities.connection`.
    let connection = query
        .text("connection")
        .filter(|_| matches!(engine, None | Some("v1")));
    let filter = match connection {
        Some(name) => filter.and(Filter::in_connection(name)),
        None => filter,
    };
    let order = query
        .sort()
        .map(|(field, descending)| Order { field, descending });
    if let Some(Order { field, .. }) = &order
        && (field.starts_with("user_metadata") || field.starts_with("app_metadata"))
    {
        return Err(ApiError::invalid_query(format!(
            "'Sorting by {field} is not supported' on property sort"
        )));
    }
    // Without totals the search can stop at the end of the page.
    let limit = if offset.with_totals {
        cap
    } else {
        cap.min(offset.start.saturating_add(offset.limit))
    };
    let found = find(context.state, &filter, order.as_ref(), limit);
    let total = found.len();
    let with_tokens = context.grant.has("read:user_idp_tokens");
    let items = found
        .into_iter()
        .skip(offset.start)
        .take(offset.limit)
        .map(|user| query.project(user.to_json(with_tokens)))
        .collect();
    Ok(offset.reply_with_length("users", items, total))
}

fn by_email(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let email = call.query.text("email").unwrap_or_default();
    let with_tokens = context.grant.has("read:user_idp_tokens");
    let users = context
        .state
        .users
        .by_login(email)
        .filter(|user| user.profile.email.as_deref() == Some(email))
        .map(|user| call.query.project(user.to_json(with_tokens)))
        .collect();
    Ok(Reply::json(200, Value::Array(users)))
}

fn get(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let user = context.state.user(call.param(0))?;
    let with_tokens = context.grant.has("read:user_idp_tokens");
    let user = call.query.project(user.to_json(with_tokens));
    Ok(Reply::json(200, user))
}

fn delete(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    // The API does not refuse an unknown user.
    context.state.remove_user(call.param(0));
    Ok(Reply::empty(204))
}

fn create(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    metadata::check(&call.body)?;
    if context.config.custom_domains.len() > 1 && call.custom_domain.is_none() {
        return Err(ApiError::new(
            409,
            "custom_domain_conflict",
            "There are several custom domains. Name one in the auth0-custom-domain header.",
        ));
    }
    let connection = creation_connection(context, call)?.clone();
    let stored = |name: &str| call.text(name).map(|login| connection.stored(login));
    let verified = |login: &Option<Text>, name: &str| {
        login.as_ref().map(|_| call.flag(name).unwrap_or_default())
    };
    let mut profile = Profile::read(&call.body);
    profile.email = stored("email");
    profile.username = stored("username");
    profile.email_verified = verified(&profile.email, "email_verified");
    profile.phone_verified = verified(&profile.phone_number, "phone_verified");
    profile.fill_defaults();
    let bare_id = call
        .text("user_id")
        .map(Text::from)
        .filter(|id| !id.is_empty())
        .unwrap_or_else(|| context.ids.object_id(context.now).into());
    let identity = Identity::new(&connection.name, &connection.provider, bare_id, false);
    let user_id = identity.full_id();
    let users = &context.state.users;
    let taken = |login: &Option<Text>| {
        login
            .as_deref()
            .is_some_and(|login| users.is_taken(&connection.name, login, ""))
    };
    if users.by_identity(&user_id).is_some()
        || taken(&profile.email)
        || taken(&profile.phone_number)
    {
        return Err(ApiError::new(
            409,
            "auth0_idp_error",
            "The user already exists.",
        ));
    }
    if taken(&profile.username) {
        return Err(username_taken());
    }
    let metadata = |name: &str| {
        let map = call.body.get(name).and_then(Value::as_object)?;
        Some(Metadata::new(&without_nulls(map.clone())))
    };
    let mut user = User::new(identity, context.now);
    user.profile = profile;
    user.blocked = call.flag("blocked");
    user.user_metadata = metadata("user_metadata");
    user.app_metadata = metadata("app_metadata").filter(|metadata| !metadata.is_empty());
    let body = Value::Object(user.to_json(false));
    let id = user.user_id.clone();
    // An address that is verified needs no mail, unless the request asks for one.
    let sends_mail = user.profile.email_verified == Some(false);
    context.state.users.insert(user);
    if call.flag("verify_email").unwrap_or(sends_mail) {
        context.state.send_verification(&id, 0, context.now);
    }
    Ok(Reply::json(201, body))
}

fn without_nulls(mut metadata: Map<String, Value>) -> Map<String, Value> {
    metadata.retain(|_, value| !value.is_null());
    metadata
}

pub(crate) fn username_taken() -> ApiError {
    ApiError::new(
        400,
        "auth0_idp_error",
        "The username provided is in use already.",
    )
}

/// Returns the connection of a new user, or refuses a body that the connection does not support.
fn creation_connection<'a>(
    context: &'a Context<'_>,
    call: &Call<'_>,
) -> Result<&'a Connection, ApiError> {
    let connection = context
        .state
        .directory
        .connection(call.text("connection").unwrap_or_default())
        .ok_or_else(connection_not_found)?;
    if !connection.enabled {
        return Err(ApiError::not_supported("The connection is disabled."));
    }
    let (required, unsupported): (&[&str], &[&str]) = match connection.strategy {
        Strategy::Database if connection.requires_username => {
            (&["email", "username", "password"], &["phone_number"])
        }
        Strategy::Database => (&["email", "password"], &["phone_number"]),
        Strategy::PasswordlessEmail => (&["email"], &["password", "phone_number"]),
        Strategy::PasswordlessSms => (&["phone_number"], &["password"]),
        Strategy::Social | Strategy::Enterprise => {
            return Err(ApiError::not_supported(
                "Users can be created in database and passwordless connections only.",
            ));
        }
    };
    if call.text("username").is_some() && !connection.requires_username {
        return Err(ApiError::not_supported(
            "Cannot set username for connection without requires_username",
        ));
    }
    if let Some(name) = required.iter().find(|name| call.text(name).is_none()) {
        return Err(ApiError::invalid_body(Violation::missing(name)));
    }
    if let Some(name) = unsupported.iter().find(|name| call.text(name).is_some()) {
        return Err(ApiError::invalid_body(format!(
            "'Additional properties not allowed: {name}'"
        )));
    }
    if let Some(text) = call.text("password") {
        password::check(text)?;
    }
    Ok(connection)
}

fn regenerate_recovery_code(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let id = call.param(0);
    let related = context.state.related(id)?;
    if related.methods.is_empty() && !context.config.recovery_code_without_enrollment {
        return Err(ApiError::without_code(404, "No MFA enrollment found."));
    }
    let code = context.ids.recovery_code();
    related.recovery_code = Some(code.clone());
    Ok(Reply::json(200, json!({ "recovery_code": code })))
}
