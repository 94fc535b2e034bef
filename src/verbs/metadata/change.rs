//! What a change makes of metadata, and what differs then.

use alloc::{string::String, vec::Vec};
use core::slice;

use serde_json::Value;

use super::MetadataDifference;
use crate::{engine::concat, error::Error, types::Metadata};

pub(super) enum Change {
    Merge(Metadata),
    Replace(Metadata),
    Set(Vec<String>, Value),
    Remove(Vec<String>),
    Clear,
}

impl Change {
    pub(super) fn apply(&self, before: &Metadata) -> Result<Metadata, Error> {
        let mut after = before.clone();
        match self {
            Self::Merge(changes) => merge(&mut after, changes),
            Self::Replace(value) => after.clone_from(value),
            Self::Set(path, value) => set(&mut after, path, value)?,
            Self::Remove(path) => remove(&mut after, path),
            Self::Clear => after.clear(),
        }
        // As the server has it.
        after.retain(|_, value| !value.is_null());
        Ok(after)
    }
}

fn merge(object: &mut Metadata, changes: &Metadata) {
    for (key, value) in changes {
        match value {
            Value::Null => drop(object.remove(key)),
            Value::Object(changes) => {
                let mut inner = take_inner(object, key);
                merge(&mut inner, changes);
                object.insert(key.clone(), inner.into());
            }
            _ => drop(object.insert(key.clone(), value.clone())),
        }
    }
}

/// Takes out the object at a key; an empty one in place of whatever is no object.
fn take_inner(object: &mut Metadata, key: &str) -> Metadata {
    match object.remove(key) {
        Some(Value::Object(inner)) => inner,
        _ => Metadata::new(),
    }
}

fn set(object: &mut Metadata, path: &[String], value: &Value) -> Result<(), Error> {
    match path {
        [] => {}
        [key] => drop(object.insert(key.clone(), value.clone())),
        [key, rest @ ..] => {
            let leads = |value: &Value| value.is_object() || value.is_null();
            if !object.get(key).is_none_or(leads) {
                let key = Value::from(key.as_str());
                let fault = concat(&["leads through ", &key.to_string(), ", which is no object"]);
                return Err(Error::invalid("path", &fault));
            }
            let mut inner = take_inner(object, key);
            set(&mut inner, rest, value)?;
            object.insert(key.clone(), inner.into());
        }
    }
    Ok(())
}

fn remove(object: &mut Metadata, path: &[String]) {
    match path {
        [] => {}
        [key] => drop(object.remove(key)),
        [key, rest @ ..] => {
            if let Some(Value::Object(inner)) = object.get_mut(key) {
                remove(inner, rest);
            }
        }
    }
}

/// Each value that differs; an array is one value.
pub(super) fn differences(before: &Metadata, after: &Metadata) -> Vec<MetadataDifference> {
    let mut found = Vec::new();
    collect(before, after, &[], &mut found);
    found
}

fn collect(
    before: &Metadata,
    after: &Metadata,
    path: &[String],
    found: &mut Vec<MetadataDifference>,
) {
    let added = after.keys().filter(|key| !before.contains_key(*key));
    for key in before.keys().chain(added) {
        let path = [path, slice::from_ref(key)].concat();
        match (before.get(key), after.get(key)) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                collect(before, after, &path, found);
            }
            (Some(one), Some(other)) if is_same(one, other) => {}
            (before, after) => found.push(MetadataDifference {
                path,
                before: before.cloned(),
                after: after.cloned(),
            }),
        }
    }
}

/// Whether two values are the same for JSON, which knows one kind of number.
pub(in crate::verbs) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => {
            one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => differences(one, other).is_empty(),
        _ => one == other,
    }
}

/// The keys of the first level that differ; all of them at once only where that is meant.
pub(super) fn patch(change: &Change, after: &Metadata, diff: &[MetadataDifference]) -> Metadata {
    if matches!(change, Change::Clear) {
        return Metadata::new();
    }
    let keys = diff.iter().filter_map(|one| one.path.first());
    keys.map(|key| (key.clone(), after.get(key).cloned().unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Metadata {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn numbers_are_compared_as_json_has_them() {
        let before =
            object(json!({ "a": 1, "b": [1, { "c": 2.0 }], "d": 9_007_199_254_740_993_u64 }));
        let same =
            object(json!({ "a": 1.0, "b": [1.0, { "c": 2 }], "d": 9_007_199_254_740_993_u64 }));
        assert_eq!(differences(&before, &same), []);
        let other =
            object(json!({ "a": 1.5, "b": [1, { "c": 3 }], "d": 9_007_199_254_740_992_u64 }));
        assert_eq!(differences(&before, &other).len(), 3);
    }

    #[test]
    fn what_is_merged_into_no_object_becomes_one() {
        let before = object(json!({ "a": [1], "b": 2 }));
        let change = Change::Merge(object(json!({ "a": { "c": { "d": 3 } }, "b": {} })));
        let after = change.apply(&before).unwrap();
        assert_eq!(after, object(json!({ "a": { "c": { "d": 3 } }, "b": {} })));
    }
}
