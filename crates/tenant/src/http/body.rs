//! Reads bodies of requests: JSON or a form.

use serde_json::Value;

use super::url;
use crate::error::{ApiError, reason};
use crate::operations::handler::Body;
use crate::schema::Kind;
use crate::schema::request::{check_body, read_form};

/// The limit of the API, in bytes.
const MAX_BODY: usize = 1_048_576;

/// Reads the body that an operation expects.
pub(crate) fn read(expected: Body, content_type: &str, bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.len() > MAX_BODY {
        return Err(ApiError::without_code(
            413,
            format!("Payload content length greater than maximum allowed: {MAX_BODY}"),
        ));
    }
    match expected {
        Body::None | Body::Raw => Ok(Value::Null),
        Body::Optional(_) if bytes.is_empty() => Ok(Value::Object(serde_json::Map::new())),
        Body::Optional(kind) | Body::Required(kind) => {
            let value = parse(content_type, bytes, kind)?;
            check_body(kind, &value)?;
            Ok(value)
        }
    }
}

fn parse(content_type: &str, bytes: &[u8], kind: &Kind) -> Result<Value, ApiError> {
    let media = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match media.as_str() {
        "application/x-www-form-urlencoded" => std::str::from_utf8(bytes)
            .ok()
            .and_then(url::pairs)
            .map(|pairs| read_form(kind, pairs))
            .ok_or_else(|| ApiError::without_code(400, "Invalid request payload format")),
        "application/json" | "" => serde_json::from_slice(bytes)
            .map_err(|_| ApiError::without_code(400, "Invalid request payload JSON format")),
        _ => Err(ApiError::without_code(415, reason(415))),
    }
}

/// Reads the parameters of a token request: a JSON object or a form, whatever the content type says.
pub(crate) fn token_parameters(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).ok();
    }
    let pairs = url::pairs(text)?;
    Some(Value::Object(
        pairs
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    ))
}
