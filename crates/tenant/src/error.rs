//! Errors in the shape of the API: `statusCode`, `error`, `message` and often `errorCode`.

use serde_json::{Map, Value, json};

use crate::reply::Reply;

/// A refusal, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub status: u16,
    pub message: String,
    pub code: Option<&'static str>,
    /// Some 401 answers repeat their message in `attributes.error`.
    pub with_attributes: bool,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            code: Some(code),
            with_attributes: false,
        }
    }

    /// Several answers of the API carry no `errorCode` at all.
    pub(crate) fn plain(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            code: None,
            with_attributes: false,
        }
    }

    pub(crate) fn unauthorized(message: &str) -> Self {
        Self {
            with_attributes: true,
            ..Self::plain(401, message)
        }
    }

    pub(crate) fn invalid_body(rule: impl std::fmt::Display) -> Self {
        Self::new(
            400,
            "invalid_body",
            format!("Payload validation error: {rule}."),
        )
    }

    pub(crate) fn invalid_query(rule: impl std::fmt::Display) -> Self {
        Self::new(
            400,
            "invalid_query_string",
            format!("Query validation error: {rule}."),
        )
    }

    pub(crate) fn not_supported(message: impl Into<String>) -> Self {
        Self::new(400, "operation_not_supported", message)
    }

    pub(crate) fn too_many_requests() -> Self {
        Self::new(429, "too_many_requests", "Global limit has been reached")
    }

    pub(crate) fn no_user() -> Self {
        Self::new(404, "inexistent_user", "The user does not exist.")
    }

    pub(crate) fn to_reply(&self) -> Reply {
        let mut body = Map::new();
        body.insert("statusCode".into(), self.status.into());
        body.insert("error".into(), reason(self.status).into());
        body.insert("message".into(), self.message.clone().into());
        if let Some(code) = self.code {
            body.insert("errorCode".into(), code.into());
        }
        if self.with_attributes {
            body.insert("attributes".into(), json!({ "error": self.message }));
        }
        Reply::json(self.status, Value::Object(body))
    }
}

/// The reason phrase that `error` repeats.
pub(crate) fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unknown")
}
