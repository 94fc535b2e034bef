//! Cross-origin requests: pages from anywhere may use a tenant that holds nothing real.

use http::HeaderMap;

const EXPOSED: &str =
    "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after, x-correlation-id";

/// The headers that let a page read an answer.
pub(crate) fn answer(request: &HeaderMap) -> Vec<(&'static str, String)> {
    let Some(origin) = text(request, "origin") else {
        return Vec::new();
    };
    vec![
        ("access-control-allow-origin", origin),
        ("access-control-expose-headers", EXPOSED.to_owned()),
        ("vary", "origin".to_owned()),
    ]
}

/// The headers that let a page send what it announced.
pub(crate) fn preflight(request: &HeaderMap) -> Vec<(&'static str, String)> {
    let mut headers = answer(request);
    headers.push((
        "access-control-allow-methods",
        "GET, POST, PUT, PATCH, DELETE".to_owned(),
    ));
    headers.push(("access-control-max-age", "600".to_owned()));
    if let Some(names) = text(request, "access-control-request-headers") {
        headers.push(("access-control-allow-headers", names));
    }
    // A page from the internet needs leave to reach a server on loopback.
    if text(request, "access-control-request-private-network").is_some() {
        headers.push(("access-control-allow-private-network", "true".to_owned()));
    }
    headers
}

pub(crate) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}
