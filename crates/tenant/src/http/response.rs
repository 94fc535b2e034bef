//! Turns replies into HTTP responses.

use http::{HeaderName, HeaderValue, Response, StatusCode};

use crate::error::{ApiError, reason};
use crate::faults::FailNext;
use crate::operations::reply::Reply;
use crate::rate_limit::Decision;

/// Names and values of headers.
pub(crate) type Headers = Vec<(&'static str, String)>;

/// Adds the headers of the rate limit.
pub(crate) fn add_limit_headers(headers: &mut Headers, decision: &Decision) {
    headers.push(("x-ratelimit-limit", decision.limit.to_string()));
    headers.push(("x-ratelimit-remaining", decision.remaining.to_string()));
    headers.push(("x-ratelimit-reset", decision.reset.to_string()));
    if let Some(seconds) = decision.retry_after {
        headers.push(("retry-after", seconds.to_string()));
    }
}

/// Replaces the parts of a reply that a fault replaces.
pub(crate) fn apply_fault(reply: &mut Reply, fault: &FailNext) {
    match fault.status {
        Some(429) => *reply = ApiError::too_many_requests().into(),
        Some(status) => *reply = ApiError::without_code(status, reason(status)).into(),
        None => {}
    }
    if let Some(body) = &fault.body {
        reply.body = body.clone().into_bytes();
    }
    if let Some(content_type) = &fault.content_type {
        if fault.body.is_none() && !content_type.contains("json") {
            reply.body = b"<!doctype html><title>Not the API</title>".to_vec();
        }
        reply.content_type = Some(content_type.clone().into());
    }
}

/// Adds the headers of a fault. Names and values that are invalid are ignored.
pub(crate) fn add_fault_headers(response: &mut Response<Vec<u8>>, fault: &FailNext) {
    for (name, value) in &fault.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
}

pub(crate) fn response(reply: Reply, headers: Headers) -> Response<Vec<u8>> {
    let mut response = Response::new(reply.body);
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = reply
        .content_type
        .map(|value| ("content-type", value.into_owned()));
    for (name, value) in content_type.into_iter().chain(headers) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    response
}
