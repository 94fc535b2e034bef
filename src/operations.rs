//! What every operation is. Data only: the client sends from this table, and so does
//! everything that has to recognise an operation or to know what it needs.

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method as it goes over the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// What a caller passes besides the identifiers in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// Query parameters, with spaces between: those that must be given, then those that may be.
    Query(&'static str, &'static str),
    /// A JSON body that must be given.
    Body,
    /// A JSON body; `{}` when it is left out.
    OptionalBody,
}

/// What a successful answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Nothing: whatever the server sends is dropped.
    Nothing,
    /// One JSON object.
    Object,
    /// A JSON array.
    Array,
    /// A page of a list that is read by `page` and `per_page`; its items are under this key.
    Offset(&'static str),
}

/// May the operation be sent again when nobody knows whether the server carried it out?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Yes: twice has the same effect as once.
    Safe,
    /// No: it is sent again only when the server cannot have done it.
    Never,
}

/// One operation of the Management API.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// The method of the JavaScript client, such as `users.get`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL; `{name}` stands for one encoded segment.
    pub path: &'static str,
    /// What a caller passes.
    pub input: Input,
    /// What a caller gets.
    pub output: Output,
    /// Whether it may be sent twice.
    pub repeat: Repeat,
}

macro_rules! operations {
    ($($id:ident = $name:literal $method:ident $path:literal $input:expr => $output:expr, $repeat:ident, $scopes:expr;)*) => {
        $(
            #[doc = concat!("`", $name, "`: `", stringify!($method), " ", $path, "`")]
            pub static $id: Operation = Operation {
                name: $name,
                method: Method::$method,
                path: $path,
                input: $input,
                output: $output,
                repeat: Repeat::$repeat,
            };
        )*

        /// Every operation.
        pub static TABLE: &[&Operation] = &[$(&$id),*];

        /// The scopes of which a token needs one, for each operation of the [`TABLE`]. Apart from
        /// it, so that a program that does not ask does not carry them.
        pub static SCOPES: &[&[&str]] = &[$($scopes),*];
    };
}

use Input::{Body, Nothing, OptionalBody, Query};
use Output::{Array, Object, Offset};

const LIST_USERS: &str = "page per_page include_totals sort connection fields include_fields q search_engine primary_order";
const FIELDS: &str = "fields include_fields";

operations! {
    USERS_LIST = "users.list" Get "/users" Query("", LIST_USERS) => Offset("users"), Safe, &["read:users"];
    USERS_CREATE = "users.create" Post "/users" Body => Object, Never, &["create:users"];
    USERS_LIST_USERS_BY_EMAIL = "users.listUsersByEmail" Get "/users-by-email" Query("email", FIELDS) => Array, Safe, &["read:users"];
    USERS_GET = "users.get" Get "/users/{id}" Query("", FIELDS) => Object, Safe, &["read:users", "read:current_user"];
    USERS_UPDATE = "users.update" Patch "/users/{id}" OptionalBody => Object, Safe, &["update:users", "update:users_app_metadata", "update:current_user_metadata"];
    USERS_DELETE = "users.delete" Delete "/users/{id}" Nothing => Output::Nothing, Safe, &["delete:users", "delete:current_user"];
    USERS_REGENERATE_RECOVERY_CODE = "users.regenerateRecoveryCode" Post "/users/{id}/recovery-code-regeneration" Nothing => Object, Never, &["update:users"];
    USERS_REVOKE_ACCESS = "users.revokeAccess" Post "/users/{id}/revoke-access" OptionalBody => Output::Nothing, Never, &["delete:sessions", "delete:refresh_tokens"];
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_endpoints_are_unique() {
        let names: HashSet<_> = TABLE.iter().map(|o| o.name).collect();
        let endpoints: HashSet<_> = TABLE.iter().map(|o| (o.method.as_str(), o.path)).collect();
        assert_eq!(names.len(), TABLE.len());
        assert_eq!(endpoints.len(), TABLE.len());
    }

    #[test]
    fn every_operation_names_a_scope_and_starts_at_the_base() {
        for (operation, scopes) in TABLE.iter().zip(SCOPES) {
            assert!(!scopes.is_empty(), "{}", operation.name);
            assert!(operation.path.starts_with('/'), "{}", operation.name);
        }
    }

    #[test]
    fn every_post_is_sent_once() {
        for operation in TABLE.iter().filter(|o| o.method == Method::Post) {
            assert_eq!(operation.repeat, Repeat::Never, "{}", operation.name);
        }
    }
}
