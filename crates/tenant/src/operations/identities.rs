//! Linking and unlinking the identities of a user.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::auth::grant::insufficient_scope;
use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::request::check_path_parameter;
use crate::schema::{CONNECTION_ID, Field, Kind, TEXT, Violation};
use crate::state::user::{Identity, User};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("users.identities.link", run(link).body(&LINK_BODY)),
    ("users.identities.delete", run(unlink)),
];

pub(crate) const PROVIDER: Kind = Kind::Enum(&[
    "ad",
    "adfs",
    "amazon",
    "apple",
    "dropbox",
    "bitbucket",
    "auth0-oidc",
    "auth0",
    "baidu",
    "bitly",
    "box",
    "custom",
    "daccount",
    "dwolla",
    "email",
    "evernote-sandbox",
    "evernote",
    "exact",
    "facebook",
    "fitbit",
    "github",
    "google-apps",
    "google-oauth2",
    "instagram",
    "ip",
    "line",
    "linkedin",
    "oauth1",
    "oauth2",
    "office365",
    "oidc",
    "okta",
    "paypal",
    "paypal-sandbox",
    "pingfederate",
    "planningcenter",
    "salesforce-community",
    "salesforce-sandbox",
    "salesforce",
    "samlp",
    "sharepoint",
    "shopify",
    "shop",
    "sms",
    "soundcloud",
    "thirtysevensignals",
    "twitter",
    "untappd",
    "vkontakte",
    "waad",
    "weibo",
    "windowslive",
    "wordpress",
    "yahoo",
    "yandex",
]);

const LINK_BODY: Kind = Kind::Object(&[
    Field::new("provider", PROVIDER),
    Field::new("connection_id", CONNECTION_ID),
    Field::new("user_id", Kind::BareId),
    Field::new("link_with", TEXT),
]);

fn link(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let id = call.param(0);
    context.state.user(id)?;
    let full_id = secondary_id(context, call)?;
    let Some(owner) = context.state.users.by_identity(&full_id) else {
        return Err(bad_request("The account to link does not exist."));
    };
    if full_id == id {
        return Err(bad_request(
            "The main account and the one to link are the same.",
        ));
    }
    if *owner.user_id != *full_id {
        return Err(ApiError::without_code(
            409,
            "The specified identity already exists on a user.",
        ));
    }
    if owner.identities.len() > 1 {
        return Err(bad_request(
            "An account with linked identities cannot be linked.",
        ));
    }
    check_connection(context, owner, call)?;
    // Blocks remain, because they apply to the identity and not to the user.
    let secondary = context
        .state
        .detach_user(&full_id)
        .ok_or_else(ApiError::user_not_found)?;
    let now = context.now;
    let identities = context
        .state
        .users
        .update(id, |user| {
            // The secondary account keeps only its profile: metadata and related resources are lost.
            let profile = Box::new(secondary.profile);
            user.identities
                .extend(secondary.identities.into_iter().map(|identity| Identity {
                    profile: Some(profile.clone()),
                    ..identity
                }));
            user.updated_at = now;
            user.identities_json(context.grant.has("read:user_idp_tokens"))
        })
        .ok_or_else(ApiError::user_not_found)?;
    Ok(Reply::json(201, identities))
}

fn bad_request(message: &str) -> ApiError {
    ApiError::without_code(400, message)
}

/// Returns the full id of the account that the body names.
fn secondary_id(context: &Context<'_>, call: &Call<'_>) -> Result<String, ApiError> {
    let given = call.body.as_object().map_or(0, serde_json::Map::len);
    if given == 0 {
        let message = "Too few properties defined (0), minimum 1".to_owned();
        return Err(ApiError::invalid_body(Violation::new(
            "MIN_PROPERTIES",
            message,
        )));
    }
    if let Some(token) = call.text("link_with") {
        if given > 1 {
            return Err(ApiError::invalid_body(
                "'link_with excludes provider, user_id and connection_id'",
            ));
        }
        return subject(token).ok_or_else(|| bad_request("The token in link_with is not valid."));
    }
    // With a token of a user, only `link_with` proves that the account belongs to the same person.
    if !context.grant.has("update:users") {
        return Err(insufficient_scope("any", &["update:users"]));
    }
    let provider = call
        .text("provider")
        .ok_or_else(|| ApiError::invalid_body(Violation::missing("provider")))?;
    let user_id = match call.body.get("user_id") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(ApiError::invalid_body(Violation::missing("user_id"))),
    };
    // Ids are accepted with and without the provider in front.
    if user_id
        .strip_prefix(provider)
        .is_some_and(|rest| rest.starts_with('|'))
    {
        return Ok(user_id);
    }
    Ok(format!("{provider}|{user_id}"))
}

/// Returns the `sub` of an RS256 token. The tenant has no key to verify the signature with.
fn subject(token: &str) -> Option<String> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, _] = parts.as_slice() else {
        return None;
    };
    let decoded = |part: &str| -> Option<Value> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    let header = decoded(header)?;
    let payload = decoded(payload)?;
    let subject = payload.get("sub").and_then(Value::as_str)?;
    (header.get("alg").and_then(Value::as_str) == Some("RS256")).then(|| subject.to_owned())
}

/// Refuses a `connection_id` that the account to link is not in.
fn check_connection(context: &Context<'_>, owner: &User, call: &Call<'_>) -> Result<(), ApiError> {
    let Some(id) = call.text("connection_id") else {
        return Ok(());
    };
    let connection = context.state.directory.connection_by_id(id)?;
    if owner
        .identities
        .iter()
        .any(|identity| *identity.connection == *connection.name)
    {
        return Ok(());
    }
    Err(bad_request(
        "The account to link is not in this connection.",
    ))
}

fn unlink(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let (id, provider, bare) = (call.param(0), call.param(1), call.param(2));
    check_path_parameter("provider", &PROVIDER, provider)?;
    let user = context.state.user(id)?;
    let index = user
        .identities
        .iter()
        .position(|identity| *identity.provider == *provider && *identity.user_id == *bare);
    if index == Some(0) {
        return Err(bad_request("The main identity cannot be unlinked."));
    }
    let with_tokens = context.grant.has("read:user_idp_tokens");
    let Some(index) = index else {
        // The API does not refuse an identity that is not linked.
        return Ok(Reply::json(200, user.identities_json(with_tokens)));
    };
    let now = context.now;
    let (identity, identities) = context
        .state
        .users
        .update(id, |user| {
            let identity = user.identities.remove(index);
            user.updated_at = now;
            (identity, user.identities_json(with_tokens))
        })
        .ok_or_else(ApiError::user_not_found)?;
    context.state.users.insert(unlinked_user(identity, now));
    Ok(Reply::json(200, identities))
}

/// Turns an unlinked identity into a user, without the metadata from before it was linked.
fn unlinked_user(mut identity: Identity, now: u64) -> User {
    let profile = identity.profile.take().map(|profile| *profile);
    User {
        profile: profile.unwrap_or_default(),
        ..User::new(identity, now)
    }
}
