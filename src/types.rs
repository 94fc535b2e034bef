//! The types of requests and responses.
//!
//! Every field of a response except ids may be absent or null. `extra` keeps unknown fields, and values of an unexpected
//! type under the names of their fields: such a field is then empty, and the rest of the response is there. The names of
//! the npm package and the official SDK are aliases that the search of this documentation finds.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// Defines types of requests. Empty fields are omitted. The types have no `Debug`, since some hold passwords.
macro_rules! request {
    ($($(#[$on_type:meta])* pub struct $name:ident {
        $($(#[$on_field:meta])* pub $field:ident: $type:ty,)*
    })*) => {
        $($(#[$on_type])*
        #[derive(Clone, Default, Serialize)]
        pub struct $name {
            $($(#[$on_field])*
            #[serde(skip_serializing_if = "Omit::is_omitted")]
            pub $field: $type,)*
        })*
    };
}

/// Defines types of responses. Absent fields stay absent when a value is serialized, and a value of an unexpected type
/// only affects its own field.
macro_rules! answer {
    ($($(#[$on_type:meta])* pub struct $name:ident {
        $($(#[$on_field:meta])* pub $field:ident: $type:ty,)*
    })*) => {
        $($(#[$on_type])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$on_field])*
            #[serde(skip_serializing_if = "is_default")]
            pub $field: $type,)*
            /// Unknown fields, and values of an unexpected type.
            #[serde(flatten)]
            pub extra: Metadata,
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                /// The same with fields of any type. Serialized, it is what `extra` keeps.
                #[derive(Serialize, Deserialize)]
                struct Wire {
                    $($(#[$on_field])*
                    #[serde(default, skip_serializing_if = "Parsed::is_expected")]
                    $field: Parsed<$type>,)*
                    #[serde(flatten)]
                    extra: Metadata,
                }
                let wire = Wire::deserialize(deserializer)?;
                let are_expected = [$(wire.$field.is_expected(),)*];
                let extra = if are_expected.contains(&false) {
                    extra_of(&wire)
                } else {
                    wire.extra
                };
                Ok(Self { $($field: wire.$field.into_expected(),)* extra })
            }
        })*
    };
}

mod authentication_methods;
mod custom;
mod factors;
mod identities;
mod jobs;
mod logs;
mod memberships;
mod permissions;
mod roles;
mod sessions;
mod shared;
mod tickets;
mod user_blocks;
mod users;

pub use self::authentication_methods::*;
pub use self::custom::*;
pub use self::factors::*;
pub use self::identities::*;
pub use self::jobs::*;
pub use self::logs::*;
pub use self::memberships::*;
pub use self::permissions::*;
pub use self::roles::*;
pub use self::sessions::*;
pub use self::shared::*;
pub use self::tickets::*;
pub use self::user_blocks::*;
pub use self::users::*;

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
trait Omit {
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
enum Parsed<T> {
    Expected(T),
    Other(Value),
}

impl<T> Parsed<T> {
    fn is_expected(&self) -> bool {
        matches!(self, Self::Expected(_))
    }
}

impl<T: Default> Parsed<T> {
    fn into_expected(self) -> T {
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
fn extra_of(wire: &impl Serialize) -> Metadata {
    match serde_json::to_value(wire) {
        Ok(Value::Object(extra)) => extra,
        _ => Metadata::new(),
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
