//! Cross-origin requests. Pages of all origins may use a tenant, because it contains no real data.

use http::HeaderMap;

use super::header::text;

const EXPOSED: &str =
    "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after, x-correlation-id";

/// Returns the headers that let a page read the response.
pub(crate) fn response_headers(request: &HeaderMap) -> Vec<(&'static str, String)> {
    let Some(origin) = text(request, "origin") else {
        return Vec::new();
    };
    vec![
        ("access-control-allow-origin", origin),
        ("access-control-expose-headers", EXPOSED.to_owned()),
        ("vary", "origin".to_owned()),
    ]
}

/// Returns the headers that permit the request that a preflight announces.
pub(crate) fn preflight_headers(request: &HeaderMap) -> Vec<(&'static str, String)> {
    let mut headers = response_headers(request);
    headers.push((
        "access-control-allow-methods",
        "GET, POST, PUT, PATCH, DELETE".to_owned(),
    ));
    headers.push(("access-control-max-age", "600".to_owned()));
    if let Some(names) = text(request, "access-control-request-headers") {
        headers.push(("access-control-allow-headers", names));
    }
    // A page on a public address needs this permission to reach a loopback address.
    if text(request, "access-control-request-private-network").is_some() {
        headers.push(("access-control-allow-private-network", "true".to_owned()));
    }
    headers
}
