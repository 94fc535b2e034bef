//! Reading the body of a request: JSON or a form, and not too much of it.

use serde_json::Value;

use crate::error::{ApiError, reason};
use crate::path;
use crate::routes::Body;
use crate::validate::{self, Kind};

/// The API takes no larger body.
const MOST_BODY: usize = 1_048_576;

/// The body as the operation wants it.
pub(crate) fn read(wanted: Body, content_type: &str, bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.len() > MOST_BODY {
        return Err(ApiError::plain(
            413,
            format!("Payload content length greater than maximum allowed: {MOST_BODY}"),
        ));
    }
    match wanted {
        Body::None | Body::Raw => Ok(Value::Null),
        Body::Optional(_) if bytes.is_empty() => Ok(Value::Object(serde_json::Map::new())),
        Body::Optional(kind) | Body::Required(kind) => {
            let value = parse(content_type, bytes, kind)?;
            validate::body(kind, &value)?;
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
            .and_then(path::pairs)
            .map(|pairs| validate::form(kind, pairs))
            .ok_or_else(|| ApiError::plain(400, "Invalid request payload format")),
        "application/json" | "" => serde_json::from_slice(bytes)
            .map_err(|_| ApiError::plain(400, "Invalid request payload JSON format")),
        _ => Err(ApiError::plain(415, reason(415))),
    }
}
