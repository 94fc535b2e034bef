//! Refusals in the format of the API.

/// A refusal: its status, message and `errorCode`.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub status: u16,
    pub message: String,
    pub code: Option<&'static str>,
    /// Whether `attributes.error` repeats the message, as in some 401 responses.
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

    /// Creates a refusal that has no `errorCode`, as several of the API.
    pub(crate) fn without_code(status: u16, message: impl Into<String>) -> Self {
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
            ..Self::without_code(401, message)
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

    pub(crate) fn user_not_found() -> Self {
        Self::new(404, "inexistent_user", "The user does not exist.")
    }
}

/// Returns the reason phrase of a status.
pub(crate) fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unknown")
}
