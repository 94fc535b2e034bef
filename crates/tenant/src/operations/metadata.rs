//! Checks of metadata in the body of a request.

use serde_json::{Map, Value};

use crate::error::ApiError;

/// Keys that `app_metadata` must not have at its first level.
const RESERVED: &[&str] = &[
    "__tenant",
    "_id",
    "blocked",
    "clientID",
    "created_at",
    "email_verified",
    "email",
    "globalClientID",
    "global_client_id",
    "identities",
    "lastIP",
    "lastLogin",
    "loginsCount",
    "metadata",
    "multifactor_last_modified",
    "multifactor",
    "updated_at",
    "user_id",
];

/// Refuses reserved keys and keys with a dot or a dollar sign.
pub(super) fn check(body: &Value) -> Result<(), ApiError> {
    let object = |name: &str| body.get(name).and_then(Value::as_object);
    if let Some(name) = object("app_metadata")
        .into_iter()
        .flat_map(Map::keys)
        .find(|name| RESERVED.contains(&name.as_str()))
    {
        return Err(ApiError::invalid_body(format!(
            "'Additional properties not allowed: {name}' on property app_metadata"
        )));
    }
    for property in ["user_metadata", "app_metadata"] {
        if let Some(name) = object(property).and_then(invalid_key) {
            return Err(ApiError::invalid_body(format!(
                "'Property names must not contain . or $: {name}' on property {property}"
            )));
        }
    }
    Ok(())
}

/// Finds a key with a dot or a dollar sign, at any depth.
fn invalid_key(object: &Map<String, Value>) -> Option<&str> {
    object.iter().find_map(|(name, value)| {
        if name.contains(['.', '$']) {
            return Some(name.as_str());
        }
        invalid_key_in(value)
    })
}

fn invalid_key_in(value: &Value) -> Option<&str> {
    match value {
        Value::Object(inner) => invalid_key(inner),
        Value::Array(items) => items.iter().find_map(invalid_key_in),
        _ => None,
    }
}
