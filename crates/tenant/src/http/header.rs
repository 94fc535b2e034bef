//! Access to headers.

use http::HeaderMap;

/// Returns the value of a header, if it is ASCII text.
pub(crate) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}
