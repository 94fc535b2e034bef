//! The metadata objects of a user, and how an update merges into them.

use serde_json::{Map, Value};

/// One metadata object, stored as JSON text: a tree takes several times the memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metadata(Box<str>);

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

/// Merges an update on the first level: nested objects are replaced, `null` removes a key, `{}` removes all keys.
pub(crate) fn merge(stored: &mut Option<Metadata>, change: &Map<String, Value>) {
    let mut merged = match stored {
        Some(stored) if !change.is_empty() => stored.to_map(),
        _ => Map::new(),
    };
    for (name, value) in change {
        if value.is_null() {
            merged.remove(name);
        } else {
            merged.insert(name.clone(), value.clone());
        }
    }
    *stored = Some(Metadata::new(&merged));
}
