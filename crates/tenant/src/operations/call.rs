//! The arguments and the result of an operation.

use serde_json::Value;

use crate::auth::grant::Grant;
use crate::config::Config;
use crate::error::ApiError;
use crate::operations::page::Query;
use crate::operations::reply::Reply;
use crate::state::State;
use crate::state::ids::Ids;

pub(crate) type OperationResult = Result<Reply, ApiError>;

/// A function that performs an operation.
pub(crate) type Run = fn(&mut Context<'_>, &Call<'_>) -> OperationResult;

/// The tenant that an operation reads and changes.
pub(crate) struct Context<'a> {
    pub state: &'a mut State,
    pub config: &'a Config,
    pub ids: &'a mut Ids,
    pub grant: &'a Grant,
    pub now: u64,
}

/// The arguments of a request, checked against the schemas of the operation.
pub(crate) struct Call<'a> {
    pub path: Vec<String>,
    pub query: Query,
    pub body: Value,
    pub raw_body: &'a [u8],
    pub content_type: &'a str,
    /// The domain of links in mails.
    pub custom_domain: Option<String>,
}

impl Call<'_> {
    /// Returns a parameter of the path by its position.
    pub(crate) fn param(&self, index: usize) -> &str {
        self.path.get(index).map_or("", String::as_str)
    }

    /// Returns a string of the body.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// Returns a boolean of the body.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.body.get(name).and_then(Value::as_bool)
    }

    /// Returns an array of the body.
    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.body
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}
