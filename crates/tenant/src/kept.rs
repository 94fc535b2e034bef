//! What a snapshot holds, as JSON and back. Derived with serde each type would have a parser of its own, and the module
//! for JavaScript, compressed, 14 kB more.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What can be written as JSON and read back.
pub(crate) trait Kept: Sized {
    fn write(&self) -> Value;

    /// Reads it, or tells what is wrong with it.
    fn read(value: Value) -> Result<Self, String>;
}

/// Keeps a struct as an object with its fields.
macro_rules! kept {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::kept::Kept for $name {
            fn write(&self) -> serde_json::Value {
                let mut object = serde_json::Map::new();
                $(object.insert(stringify!($field).into(), self.$field.write());)*
                object.into()
            }

            fn read(value: serde_json::Value) -> Result<Self, String> {
                let mut object = $crate::kept::object(value)?;
                Ok(Self {
                    $($field: $crate::kept::field(&mut object, stringify!($field))?,)*
                })
            }
        }
    };
}

pub(crate) use kept;

pub(crate) fn object(value: Value) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err("an object is missing".to_owned()),
    }
}

/// A field of an object; one that is not there is `null`.
pub(crate) fn field<T: Kept>(object: &mut Map<String, Value>, name: &str) -> Result<T, String> {
    T::read(object.remove(name).unwrap_or_default()).map_err(|error| within(name, &error))
}

fn within(name: &str, error: &str) -> String {
    format!("{name}: {error}")
}

impl Kept for Value {
    fn write(&self) -> Value {
        self.clone()
    }

    fn read(value: Value) -> Result<Self, String> {
        Ok(value)
    }
}

impl Kept for Map<String, Value> {
    fn write(&self) -> Value {
        self.clone().into()
    }

    fn read(value: Value) -> Result<Self, String> {
        object(value)
    }
}

impl Kept for String {
    fn write(&self) -> Value {
        self.as_str().into()
    }

    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err("a text is missing".to_owned()),
        }
    }
}

impl Kept for bool {
    fn write(&self) -> Value {
        (*self).into()
    }

    fn read(value: Value) -> Result<Self, String> {
        value
            .as_bool()
            .ok_or_else(|| "true or false is missing".to_owned())
    }
}

impl Kept for u64 {
    fn write(&self) -> Value {
        (*self).into()
    }

    fn read(value: Value) -> Result<Self, String> {
        value
            .as_u64()
            .ok_or_else(|| "a number is missing".to_owned())
    }
}

impl Kept for usize {
    fn write(&self) -> Value {
        (*self as u64).write()
    }

    fn read(value: Value) -> Result<Self, String> {
        u64::read(value).map(|number| Self::try_from(number).unwrap_or(Self::MAX))
    }
}

impl Kept for u32 {
    fn write(&self) -> Value {
        u64::from(*self).write()
    }

    fn read(value: Value) -> Result<Self, String> {
        u64::read(value).map(|number| Self::try_from(number).unwrap_or(Self::MAX))
    }
}

impl<T: Kept> Kept for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }

    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn write(&self) -> Value {
        Value::Array(self.iter().map(T::write).collect())
    }

    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Array(items) => items.into_iter().map(T::read).collect(),
            _ => Err("a list is missing".to_owned()),
        }
    }
}

impl<T: Kept> Kept for BTreeMap<String, T> {
    fn write(&self) -> Value {
        let mut object = Map::new();
        for (name, value) in self {
            object.insert(name.clone(), value.write());
        }
        object.into()
    }

    fn read(value: Value) -> Result<Self, String> {
        let mut map = Self::new();
        for (name, value) in object(value)? {
            let value = T::read(value).map_err(|error| within(&name, &error))?;
            map.insert(name, value);
        }
        Ok(map)
    }
}

impl<A: Kept, B: Kept> Kept for (A, B) {
    fn write(&self) -> Value {
        Value::Array(vec![self.0.write(), self.1.write()])
    }

    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Array(items) => match <[Value; 2]>::try_from(items) {
                Ok([one, other]) => Ok((A::read(one)?, B::read(other)?)),
                Err(_) => Err("a pair is missing".to_owned()),
            },
            _ => Err("a pair is missing".to_owned()),
        }
    }
}

/// A number of 64 bits, as text: in JavaScript it would lose its last digits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wide(pub u64);

impl Kept for Wide {
    fn write(&self) -> Value {
        self.0.to_string().into()
    }

    fn read(value: Value) -> Result<Self, String> {
        let number = value.as_str().and_then(|text| text.parse().ok());
        number
            .map(Self)
            .ok_or_else(|| "the text of a number is missing".to_owned())
    }
}
