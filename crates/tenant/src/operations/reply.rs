//! Replies of operations, before they become HTTP responses.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::error::{ApiError, reason};

/// The status and body of a response.
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

impl From<ApiError> for Reply {
    fn from(error: ApiError) -> Self {
        let mut body = Map::new();
        body.insert("statusCode".into(), error.status.into());
        body.insert("error".into(), reason(error.status).into());
        body.insert("message".into(), error.message.clone().into());
        if let Some(code) = error.code {
            body.insert("errorCode".into(), code.into());
        }
        if error.with_attributes {
            body.insert("attributes".into(), json!({ "error": error.message }));
        }
        Self::json(error.status, Value::Object(body))
    }
}
