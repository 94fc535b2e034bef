//! What goes over the wire, for Rust programs.
//!
//! Every field of an answer but an id may be missing or null. `extra` keeps what is not named here, and
//! a value that has not the type of its field, under its name: the field is then as if it was missing,
//! and the rest of the answer is there. Where the npm package and the official SDK call a type otherwise, that is an alias, which
//! a search of these pages finds.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// Types that are sent. A field that holds nothing is left out. They have no `Debug`: some hold
/// passwords.
macro_rules! request {
    ($($(#[$on_type:meta])* pub struct $name:ident {
        $($(#[$on_field:meta])* pub $field:ident: $type:ty,)*
    })*) => {
        $($(#[$on_type])*
        #[derive(Clone, Default, Serialize)]
        pub struct $name {
            $($(#[$on_field])*
            #[serde(skip_serializing_if = "Given::is_left_out")]
            pub $field: $type,)*
        })*
    };
}

/// Types that are received. What the server leaves out is left out again when they are written, and so
/// one odd value costs no more than its own field.
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
            /// What else it holds, and what has another type than its field.
            #[serde(flatten)]
            pub extra: Metadata,
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                /// The same, in which each field may be of another type. Written, it is what is left over.
                #[derive(Serialize, Deserialize)]
                struct Wire {
                    $($(#[$on_field])*
                    #[serde(default, skip_serializing_if = "Read::is_right")]
                    $field: Read<$type>,)*
                    #[serde(flatten)]
                    extra: Metadata,
                }
                let wire = Wire::deserialize(deserializer)?;
                let are_right = [$(wire.$field.is_right(),)*];
                let extra = if are_right.contains(&false) {
                    left_over(&wire)
                } else {
                    wire.extra
                };
                Ok(Self { $($field: wire.$field.right(),)* extra })
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

/// A JSON object of the tenant's own.
pub type Metadata = Map<String, Value>;

/// A field of a change: left alone, unset, or set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Is not sent; what the server has stays.
    #[default]
    Absent,
    /// Is sent as null; what the server has is removed.
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

/// Is a field of a request sent? An empty text is, an empty list is not.
trait Given {
    fn is_left_out(&self) -> bool;
}

impl<T> Given for Field<T> {
    fn is_left_out(&self) -> bool {
        matches!(self, Field::Absent)
    }
}

impl<T> Given for Option<T> {
    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

impl<T> Given for Vec<T> {
    fn is_left_out(&self) -> bool {
        self.is_empty()
    }
}

impl Given for String {
    fn is_left_out(&self) -> bool {
        false
    }
}

/// A value of an answer: of the type of its field, or of another.
enum Read<T> {
    Right(T),
    Wrong(Value),
}

impl<T> Read<T> {
    fn is_right(&self) -> bool {
        matches!(self, Self::Right(_))
    }
}

impl<T: Default> Read<T> {
    fn right(self) -> T {
        match self {
            Self::Right(value) => value,
            Self::Wrong(_) => T::default(),
        }
    }
}

impl<T: Default> Default for Read<T> {
    fn default() -> Self {
        Self::Right(T::default())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match T::deserialize(&value) {
            Ok(right) => Self::Right(right),
            Err(_) => Self::Wrong(value),
        })
    }
}

impl<T> Serialize for Read<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Right(_) => serializer.serialize_none(),
            Self::Wrong(value) => value.serialize(serializer),
        }
    }
}

/// The object that is written for what an answer has left over.
fn left_over(wire: &impl Serialize) -> Metadata {
    match serde_json::to_value(wire) {
        Ok(Value::Object(extra)) => extra,
        _ => Metadata::new(),
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
