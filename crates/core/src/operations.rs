//! The table of operations: what a call sends and what it returns.

mod table;

pub use self::table::*;

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Returns the method as HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// What a call takes in addition to the ids in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// Query parameters, separated by spaces: the required ones, then the optional ones.
    Query(&'static str, &'static str),
    /// A required JSON body.
    Body,
    /// An optional JSON body; `{}` by default.
    OptionalBody,
    /// A required JSON array as the body.
    Items,
    /// A required body of `multipart/form-data`.
    Form,
}

impl Input {
    /// Returns its name in JavaScript.
    #[doc(hidden)]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Query(..) => "query",
            Self::Body => "body",
            Self::OptionalBody => "optional body",
            Self::Items => "items",
            Self::Form => "form",
        }
    }

    /// Returns the required and the optional query parameters, separated by spaces.
    #[doc(hidden)]
    pub const fn query(self) -> (&'static str, &'static str) {
        match self {
            Self::Query(required, optional) => (required, optional),
            _ => ("", ""),
        }
    }
}

/// What a successful response holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Nothing: the body is ignored.
    Nothing,
    /// One JSON object.
    Object,
    /// A JSON array.
    Array,
    /// Any JSON.
    Any,
    /// A page of a list with offset pagination (`page` and `per_page`); this key holds its items.
    Offset(&'static str),
    /// A page of a list with checkpoint pagination (`take` and `from`); this key holds its items.
    Checkpoint(&'static str),
}

impl Output {
    /// Returns the key of the items of a list.
    pub const fn items(self) -> Option<&'static str> {
        match self {
            Self::Offset(key) | Self::Checkpoint(key) => Some(key),
            _ => None,
        }
    }
}

/// Whether an operation can be sent again while its outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// It can: twice has the same effect as once.
    Idempotent,
    /// It cannot: it is only sent again if the server cannot have applied it.
    NotIdempotent,
}

/// What sending a call does not need. It is in a static of its own, so that programs without a use for it do not
/// carry it: the bindings, whose names are in JavaScript.
struct Details {
    name: &'static str,
    input: Input,
    scopes: &'static [&'static str],
    needs_all_scopes: bool,
}

/// The details of endpoints that the table does not list.
static UNLISTED_DETAILS: Details = Details {
    name: "request",
    input: Input::Query("", ""),
    scopes: &[],
    needs_all_scopes: false,
};

/// One operation of the Management API.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// The place in [`OPERATIONS`].
    index: usize,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL; `{name}` stands for one encoded segment.
    pub path: &'static str,
    /// What a call returns.
    pub output: Output,
    /// Whether it can be sent again while its outcome is unknown.
    pub idempotency: Idempotency,
    supports_custom_domain: bool,
}

impl Operation {
    fn details(&self) -> &'static Details {
        DETAILS.get(self.index).unwrap_or(&UNLISTED_DETAILS)
    }

    /// Returns the method of the JavaScript client, such as `users.get`.
    pub fn name(&self) -> &'static str {
        self.details().name
    }

    /// Returns what a call takes.
    pub fn input(&self) -> Input {
        self.details().input
    }

    /// Returns the scopes as Auth0's OpenAPI description or the API's 403 response names them, the preferred one first.
    /// A token needs one of them, or all of them; see [`Operation::needs_all_scopes`].
    pub fn scopes(&self) -> &'static [&'static str] {
        self.details().scopes
    }

    /// Returns whether a token needs all of its scopes instead of one.
    pub fn needs_all_scopes(&self) -> bool {
        self.details().needs_all_scopes
    }

    /// Returns the place in [`OPERATIONS`]; beyond its end for endpoints that it does not list.
    #[doc(hidden)]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns whether the API reads the header `auth0-custom-domain`.
    pub(crate) fn supports_custom_domain(&self) -> bool {
        self.supports_custom_domain
    }
}

/// Returns the operation for endpoints that the table does not list.
#[doc(hidden)]
pub fn unlisted(method: &str) -> Option<&'static Operation> {
    UNLISTED
        .iter()
        .find(|operation| operation.method.as_str() == method)
}

static UNLISTED: &[Operation] = &[
    row(Method::Get, Idempotency::Idempotent),
    row(Method::Post, Idempotency::NotIdempotent),
    row(Method::Put, Idempotency::Idempotent),
    // An unknown change may be an increment.
    row(Method::Patch, Idempotency::NotIdempotent),
    row(Method::Delete, Idempotency::Idempotent),
];

const fn row(method: Method, idempotency: Idempotency) -> Operation {
    Operation {
        index: usize::MAX,
        method,
        path: "",
        output: Output::Any,
        idempotency,
        supports_custom_domain: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_endpoints_are_unique() {
        let names: HashSet<_> = OPERATIONS.iter().map(|o| o.name()).collect();
        let endpoints: HashSet<_> = OPERATIONS
            .iter()
            .map(|o| (o.method.as_str(), o.path))
            .collect();
        assert_eq!(names.len(), OPERATIONS.len());
        assert_eq!(endpoints.len(), OPERATIONS.len());
    }

    #[test]
    fn operations_have_scopes_and_absolute_paths() {
        for (index, operation) in OPERATIONS.iter().enumerate() {
            assert_eq!(operation.index(), index);
            assert!(!operation.scopes().is_empty(), "{}", operation.name());
            assert!(operation.path.starts_with('/'), "{}", operation.name());
        }
    }

    #[test]
    fn posts_are_not_idempotent() {
        for operation in OPERATIONS.iter().filter(|o| o.method == Method::Post) {
            assert_eq!(
                operation.idempotency,
                Idempotency::NotIdempotent,
                "{}",
                operation.name()
            );
        }
    }
}
