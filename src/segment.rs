//! What can be one segment of a path.

/// What is wrong with a value, before it is encoded.
///
/// What a URL parser would take for something else than this one segment is refused, because
/// encoding does not help: `%2e%2e` climbs like `..`, and an empty segment is another endpoint.
pub(crate) fn fault(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("must be a non-empty string")
    } else if value == "." || value == ".." {
        Some("must not be \".\" or \"..\"")
    } else if value.bytes().any(|byte| byte.is_ascii_control()) {
        Some("must not contain control characters")
    } else if value.bytes().all(|byte| byte != b'|') && has_encoded_bar(value) {
        Some("is already percent-encoded; pass it as the API returned it, such as \"auth0|abc\"")
    } else {
        None
    }
}

/// Does it hold `%7C`, as an id has it that was encoded before?
fn has_encoded_bar(value: &str) -> bool {
    value
        .as_bytes()
        .windows(3)
        .any(|bytes| matches!(bytes, [b'%', b'7', b'C' | b'c']))
}
