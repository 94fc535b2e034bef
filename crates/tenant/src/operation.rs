//! What an operation works with and what it was called with.

use serde_json::Value;

use crate::auth::Grant;
use crate::config::Config;
use crate::error::ApiError;
use crate::ids::Ids;
use crate::page::Query;
use crate::reply::Reply;
use crate::state::State;

pub(crate) type Answer = Result<Reply, ApiError>;
pub(crate) type Run = fn(&mut Context<'_>, &Call<'_>) -> Answer;

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
