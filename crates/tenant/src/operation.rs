//! What an operation is: its row in the table, what it works with and what it was called with.

use serde_json::Value;

use crate::auth::{Grant, Scopes};
use crate::config::Config;
use crate::error::ApiError;
use crate::ids::Ids;
use crate::page::Query;
use crate::reply::Reply;
use crate::state::State;
use crate::validate::{Field, Kind};

/// An operation of the API.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The name it has in the official client, such as `users.list`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the base, with parameters in braces.
    pub path: &'static str,
    /// The scopes it asks for.
    pub scopes: Scopes,
    pub(crate) query: &'static [Field],
    pub(crate) body: Body,
    pub(crate) run: Run,
}

/// What an operation reads from the body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// Nothing; whatever comes is ignored.
    None,
    Needed(&'static Kind),
    /// As needed, but no body at all means an empty object.
    Optional(&'static Kind),
    /// The operation takes the bytes apart itself.
    Raw,
}

pub(crate) type Answer = Result<Reply, ApiError>;
pub(crate) type Run = fn(&mut Context<'_>, &Call<'_>) -> Answer;

/// A row that asks for any one of these scopes.
pub(crate) const fn row(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    scopes: &'static [&'static str],
    run: Run,
) -> Operation {
    Operation {
        name,
        method,
        path,
        scopes: Scopes::Any(scopes),
        query: &[],
        body: Body::None,
        run,
    }
}

impl Operation {
    pub(crate) const fn query(self, query: &'static [Field]) -> Self {
        Self { query, ..self }
    }

    pub(crate) const fn body(self, kind: &'static Kind) -> Self {
        Self {
            body: Body::Needed(kind),
            ..self
        }
    }

    pub(crate) const fn optional_body(self, kind: &'static Kind) -> Self {
        Self {
            body: Body::Optional(kind),
            ..self
        }
    }

    pub(crate) const fn raw_body(self) -> Self {
        Self {
            body: Body::Raw,
            ..self
        }
    }

    pub(crate) const fn all_of(self, scopes: &'static [&'static str]) -> Self {
        Self {
            scopes: Scopes::All(scopes),
            ..self
        }
    }
}

/// What an operation works with.
pub(crate) struct Context<'a> {
    pub state: &'a mut State,
    pub config: &'a Config,
    pub ids: &'a mut Ids,
    pub grant: &'a Grant,
    pub now: u64,
}

/// What an operation was called with, checked against its row.
pub(crate) struct Call<'a> {
    pub path: Vec<String>,
    pub query: Query,
    pub body: Value,
    pub raw_body: &'a [u8],
    pub content_type: &'a str,
    /// The domain that links in mails shall have.
    pub custom_domain: Option<String>,
}

impl Call<'_> {
    /// A parameter of the path, by position.
    pub(crate) fn param(&self, index: usize) -> &str {
        self.path.get(index).map_or("", String::as_str)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.body.get(name).and_then(Value::as_bool)
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.body
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}
