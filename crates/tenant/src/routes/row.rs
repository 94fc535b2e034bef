//! The form of a row in `rows.rs`, and the names that rows are written with.

pub(super) use crate::auth::grant::Scopes;
pub(super) use crate::schema::{Field, Format, Kind, TEXT};

/// An operation as the API describes it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The name in the official client, such as `users.list`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the base, with parameters in braces.
    pub path: &'static str,
    /// The scopes that the operation requires.
    pub scopes: Scopes,
    /// The query parameters that the operation accepts.
    pub(crate) query: &'static [Field],
}
