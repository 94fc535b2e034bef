//! Conversion of state to the JSON of a snapshot and back.
//!
//! Serde's derive would generate a parser for each type, which adds 14 kB (gzip) to the module for JavaScript.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A value that a snapshot contains.
pub(crate) trait Snapshot: Sized {
    fn to_snapshot(&self) -> Value;

    /// Reads the value, or fails with a description of the problem.
    fn from_snapshot(value: Value) -> Result<Self, String>;
}

/// Implements `Snapshot` for a struct as an object with its fields.
macro_rules! snapshot {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::state::snapshot::Snapshot for $name {
            fn to_snapshot(&self) -> serde_json::Value {
                let mut object = serde_json::Map::new();
                $(object.insert(stringify!($field).into(), self.$field.to_snapshot());)*
                object.into()
            }

            fn from_snapshot(value: serde_json::Value) -> Result<Self, String> {
                let mut object = $crate::state::snapshot::object(value)?;
                Ok(Self {
                    $($field: $crate::state::snapshot::field(&mut object, stringify!($field))?,)*
                })
            }
        }
    };
}

pub(crate) use snapshot;

pub(crate) fn object(value: Value) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err("expected an object".to_owned()),
    }
}

/// Reads a field of an object. A missing field is read as `null`.
pub(crate) fn field<T: Snapshot>(object: &mut Map<String, Value>, name: &str) -> Result<T, String> {
    T::from_snapshot(object.remove(name).unwrap_or_default()).map_err(|error| within(name, &error))
}

fn within(name: &str, error: &str) -> String {
    format!("{name}: {error}")
}

impl Snapshot for Value {
    fn to_snapshot(&self) -> Value {
        self.clone()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        Ok(value)
    }
}

impl Snapshot for Map<String, Value> {
    fn to_snapshot(&self) -> Value {
        self.clone().into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        object(value)
    }
}

impl Snapshot for String {
    fn to_snapshot(&self) -> Value {
        self.as_str().into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err("expected a string".to_owned()),
        }
    }
}

impl Snapshot for bool {
    fn to_snapshot(&self) -> Value {
        (*self).into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        value
            .as_bool()
            .ok_or_else(|| "expected true or false".to_owned())
    }
}

impl Snapshot for u64 {
    fn to_snapshot(&self) -> Value {
        (*self).into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        value.as_u64().ok_or_else(|| "expected a number".to_owned())
    }
}

impl Snapshot for usize {
    fn to_snapshot(&self) -> Value {
        (*self as u64).to_snapshot()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        u64::from_snapshot(value).map(|number| Self::try_from(number).unwrap_or(Self::MAX))
    }
}

impl Snapshot for u32 {
    fn to_snapshot(&self) -> Value {
        u64::from(*self).to_snapshot()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        u64::from_snapshot(value).map(|number| Self::try_from(number).unwrap_or(Self::MAX))
    }
}

impl<T: Snapshot> Snapshot for Option<T> {
    fn to_snapshot(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_snapshot)
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::from_snapshot(value).map(Some),
        }
    }
}

impl<T: Snapshot> Snapshot for Vec<T> {
    fn to_snapshot(&self) -> Value {
        Value::Array(self.iter().map(T::to_snapshot).collect())
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        match value {
            Value::Array(items) => items.into_iter().map(T::from_snapshot).collect(),
            _ => Err("expected an array".to_owned()),
        }
    }
}

impl<T: Snapshot> Snapshot for BTreeMap<String, T> {
    fn to_snapshot(&self) -> Value {
        let mut object = Map::new();
        for (name, value) in self {
            object.insert(name.clone(), value.to_snapshot());
        }
        object.into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        let mut map = Self::new();
        for (name, value) in object(value)? {
            let value = T::from_snapshot(value).map_err(|error| within(&name, &error))?;
            map.insert(name, value);
        }
        Ok(map)
    }
}

impl<A: Snapshot, B: Snapshot> Snapshot for (A, B) {
    fn to_snapshot(&self) -> Value {
        Value::Array(vec![self.0.to_snapshot(), self.1.to_snapshot()])
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        match value {
            Value::Array(items) => match <[Value; 2]>::try_from(items) {
                Ok([one, other]) => Ok((A::from_snapshot(one)?, B::from_snapshot(other)?)),
                Err(_) => Err("expected an array of two".to_owned()),
            },
            _ => Err("expected an array of two".to_owned()),
        }
    }
}

/// A 64-bit number as a string, because JavaScript would round it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct U64Text(pub u64);

impl Snapshot for U64Text {
    fn to_snapshot(&self) -> Value {
        self.0.to_string().into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        let number = value.as_str().and_then(|text| text.parse().ok());
        number
            .map(Self)
            .ok_or_else(|| "expected a number in a string".to_owned())
    }
}
