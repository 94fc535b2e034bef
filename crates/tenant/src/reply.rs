//! What an operation answers, before it becomes an HTTP response.

use std::borrow::Cow;

use serde_json::Value;

/// Status and body of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
    pub content_type: Option<Cow<'static, str>>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            body: body.to_string().into_bytes(),
            content_type: Some("application/json; charset=utf-8".into()),
        }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            body: Vec::new(),
            content_type: None,
        }
    }
}
