//! The types of requests and responses.
//!
//! Every field of a response except ids may be absent or null. `extra` keeps unknown fields, and values of an unexpected
//! type under the names of their fields: such a field is then empty, and the rest of the response is there. The names of
//! the npm package and the official SDK are aliases that the search of this documentation finds.

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
mod wire;

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
pub use self::wire::{Field, Metadata};
