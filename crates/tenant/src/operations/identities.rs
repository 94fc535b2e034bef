//! Linking accounts to a user and taking them off again.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::auth;
use crate::error::ApiError;
use crate::model::{Identity, User};
use crate::operation::{Answer, Call, Context};
use crate::reply::Reply;
use crate::validate::{self, Broken, CONNECTION_ID, Field, Kind, TEXT};

pub(crate) const PROVIDER: Kind = Kind::Word(&[
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

pub(crate) const LINK_BODY: Kind = Kind::Object(&[
    Field::new("provider", PROVIDER),
    Field::new("connection_id", CONNECTION_ID),
    Field::new("user_id", Kind::BareId),
    Field::new("link_with", TEXT),
]);

pub(crate) fn link(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
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
        return Err(ApiError::plain(
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
    // Blocks of its login stay: they are held against the identity, not the user.
    let secondary = context
        .state
        .detach_user(&full_id)
        .ok_or_else(ApiError::no_user)?;
    let now = context.now;
    let identities = context
        .state
        .users
        .update(id, |user| {
            // What the account had besides its profile is gone.
            let profile = Box::new(secondary.profile);
            user.identities
                .extend(secondary.identities.into_iter().map(|identity| Identity {
                    profile: Some(profile.clone()),
                    ..identity
                }));
            user.updated_at = now;
            user.identities_json(context.grant.has("read:user_idp_tokens"))
        })
        .ok_or_else(ApiError::no_user)?;
    Ok(Reply::json(201, identities))
}

fn bad_request(message: &str) -> ApiError {
    ApiError::plain(400, message)
}

/// The full id of the account that the body names.
fn secondary_id(context: &Context<'_>, call: &Call<'_>) -> Result<String, ApiError> {
    let given = call.body.as_object().map_or(0, serde_json::Map::len);
    if given == 0 {
        let message = "Too few properties defined (0), minimum 1".to_owned();
        return Err(ApiError::invalid_body(Broken::new(
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
    // A user links accounts of their own, which the token of the account proves.
    if !context.grant.has("update:users") {
        return Err(auth::insufficient("any", &["update:users"]));
    }
    let provider = call
        .text("provider")
        .ok_or_else(|| ApiError::invalid_body(Broken::missing("provider")))?;
    let user_id = match call.body.get("user_id") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(ApiError::invalid_body(Broken::missing("user_id"))),
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

/// The `sub` of an RS256 token; the tenant has no key to check the signature with.
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

pub(crate) fn unlink(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let (id, provider, bare) = (call.param(0), call.param(1), call.param(2));
    validate::path("provider", &PROVIDER, provider)?;
    let user = context.state.user(id)?;
    let place = user
        .identities
        .iter()
        .position(|identity| *identity.provider == *provider && *identity.user_id == *bare);
    if place == Some(0) {
        return Err(bad_request("The main identity cannot be unlinked."));
    }
    let with_tokens = context.grant.has("read:user_idp_tokens");
    let Some(place) = place else {
        // What is not linked is as good as unlinked.
        return Ok(Reply::json(200, user.identities_json(with_tokens)));
    };
    let now = context.now;
    let (identity, identities) = context
        .state
        .users
        .update(id, |user| {
            let identity = user.identities.remove(place);
            user.updated_at = now;
            (identity, user.identities_json(with_tokens))
        })
        .ok_or_else(ApiError::no_user)?;
    context.state.users.insert(on_its_own(identity, now));
    Ok(Reply::json(200, identities))
}

/// The user that an unlinked identity becomes, without the metadata it had before it was linked.
fn on_its_own(mut identity: Identity, now: u64) -> User {
    let profile = identity.profile.take().map(|profile| *profile);
    User {
        profile: profile.unwrap_or_default(),
        ..User::new(identity, now)
    }
}
