//! What the types of requests and responses share: fields that may be absent, and values of unexpected types.

use serde::Serializer;
use serde::de::DeserializeOwned;
pub(super) use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Map;
pub(super) use serde_json::Value;

/// A JSON object with keys of the tenant's choice.
pub type Metadata = Map<String, Value>;

/// A field of an update: absent, null or a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Is not sent, so the server keeps its value.
    #[default]
    Absent,
    /// Is sent as null, so the server removes its value.
    Null,
    /// Is sent.
    Value(T),
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Field::Value(value)
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Field::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Field::Value(value) => value.serialize(serializer),
            _ => serializer.serialize_none(),
        }
    }
}

/// Decides whether a field of a request is sent: an empty string is, an empty list is not.
pub(super) trait Omit {
    fn is_omitted(&self) -> bool;
}

impl<T> Omit for Field<T> {
    fn is_omitted(&self) -> bool {
        matches!(self, Field::Absent)
    }
}

impl<T> Omit for Option<T> {
    fn is_omitted(&self) -> bool {
        self.is_none()
    }
}

impl<T> Omit for Vec<T> {
    fn is_omitted(&self) -> bool {
        self.is_empty()
    }
}

impl Omit for String {
    fn is_omitted(&self) -> bool {
        false
    }
}

/// A value of a response, which may have an unexpected type.
pub(super) enum Parsed<T> {
    Expected(T),
    Other(Value),
}

impl<T> Parsed<T> {
    pub(super) fn is_expected(&self) -> bool {
        matches!(self, Self::Expected(_))
    }
}

impl<T: Default> Parsed<T> {
    pub(super) fn into_expected(self) -> T {
        match self {
            Self::Expected(value) => value,
            Self::Other(_) => T::default(),
        }
    }
}

impl<T: Default> Default for Parsed<T> {
    fn default() -> Self {
        Self::Expected(T::default())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match T::deserialize(&value) {
            Ok(value) => Self::Expected(value),
            Err(_) => Self::Other(value),
        })
    }
}

impl<T> Serialize for Parsed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Expected(_) => serializer.serialize_none(),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

/// Returns the unknown fields and the values of an unexpected type.
pub(super) fn extra_of(wire: &impl Serialize) -> Metadata {
    match serde_json::to_value(wire) {
        Ok(Value::Object(extra)) => extra,
        _ => Metadata::new(),
    }
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
