//! The two metadata objects of a user: how they merge and what they must not hold.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::model::Text;

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

/// Metadata of one user, kept as JSON text: as a tree it would take many times the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metadata(Text);

impl Metadata {
    pub(crate) fn new(map: &Map<String, Value>) -> Self {
        Self(serde_json::to_string(map).unwrap_or_default().into())
    }

    pub(crate) fn to_map(&self) -> Map<String, Value> {
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        &*self.0 == "{}"
    }
}

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
pub(crate) fn merge(stored: &mut Option<Metadata>, change: &Map<String, Value>) {
    let mut kept = match stored {
        Some(stored) if !change.is_empty() => stored.to_map(),
        _ => Map::new(),
    };
    for (name, value) in change {
        if value.is_null() {
            kept.remove(name);
        } else {
            kept.insert(name.clone(), value.clone());
        }
    }
    *stored = Some(Metadata::new(&kept));
}
