//! The two metadata objects of a user: how they merge and what they must not hold.

use serde_json::{Map, Value};

use crate::error::ApiError;

/// Names that `app_metadata` must not have at its first level.
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

/// Refuses names that the store cannot keep.
pub(crate) fn check(body: &Value) -> Result<(), ApiError> {
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
        if let Some(name) = object(property).and_then(unstorable) {
            return Err(ApiError::invalid_body(format!(
                "'Property names must not contain . or $: {name}' on property {property}"
            )));
        }
    }
    Ok(())
}

fn unstorable(object: &Map<String, Value>) -> Option<&str> {
    object.iter().find_map(|(name, value)| {
        if name.contains(['.', '$']) {
            return Some(name.as_str());
        }
        within(value)
    })
}

fn within(value: &Value) -> Option<&str> {
    match value {
        Value::Object(inner) => unstorable(inner),
        Value::Array(items) => items.iter().find_map(within),
        _ => None,
    }
}

/// Merges on the first level only: objects below it are replaced whole, `null` removes, `{}` clears everything.
pub(crate) fn merge(stored: &mut Option<Map<String, Value>>, change: &Map<String, Value>) {
    let kept = stored.get_or_insert_default();
    if change.is_empty() {
        kept.clear();
    }
    for (name, value) in change {
        if value.is_null() {
            kept.remove(name);
        } else {
            kept.insert(name.clone(), value.clone());
        }
    }
}
