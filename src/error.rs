//! What a call can fail with.

use alloc::{boxed::Box, string::String};
use core::fmt;
use wasm_bindgen::JsValue;
use web_sys::Response;

/// What a call can fail with.
#[derive(Clone, Debug)]
pub enum Error {
    /// An argument was refused; nothing was sent. The text names the argument and the remedy.
    Invalid(String),
    /// What the caller's own code rejected with: the reason of an aborted signal, or what a token
    /// function threw. Passed on untouched.
    Caller(JsValue),
    /// The call was made and failed.
    Failed(Box<Failure>),
}

/// A call that was made and failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of failure it is.
    pub code: Code,
    /// The operation, such as `users.get`.
    pub operation: &'static str,
    /// How often it was sent.
    pub attempts: u32,
    /// The HTTP status; absent when there was no answer.
    pub status: Option<u16>,
    /// The body of the answer: parsed JSON, or the text as it came.
    pub body: JsValue,
    /// The server's own `errorCode`, such as `inexistent_user`.
    pub error_code: Option<String>,
    /// The server's id of the request, for a support ticket.
    pub request_id: Option<String>,
    /// How long the server asked to wait before the next try, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// What the engine or the caller's fetch rejected with.
    pub cause: JsValue,
    /// The answer, if there was one, with its body read.
    pub response: Option<Response>,
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// No answer within the time limit.
    Timeout,
    /// No answer: the connection failed.
    Network,
    /// The answer is not what the API sends: not JSON, the wrong shape, or a redirect.
    BadResponse,
    /// 401: the token is missing, expired or not for this API.
    Unauthorized,
    /// 403: the token lacks a scope.
    Forbidden,
    /// 404
    NotFound,
    /// 409
    Conflict,
    /// 429
    RateLimited,
    /// Any other status below 500: the server refused what was sent.
    BadRequest,
    /// 500 and above.
    Server,
}

impl Code {
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            401 => Code::Unauthorized,
            403 => Code::Forbidden,
            404 => Code::NotFound,
            409 => Code::Conflict,
            429 => Code::RateLimited,
            500.. => Code::Server,
            _ => Code::BadRequest,
        }
    }

    /// The code as JavaScript sees it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::Timeout => "timeout",
            Code::Network => "network",
            Code::BadResponse => "bad_response",
            Code::Unauthorized => "unauthorized",
            Code::Forbidden => "forbidden",
            Code::NotFound => "not_found",
            Code::Conflict => "conflict",
            Code::RateLimited => "rate_limited",
            Code::BadRequest => "bad_request",
            Code::Server => "server",
        }
    }
}

impl Error {
    /// The named argument has that fault.
    pub(crate) fn invalid(argument: &str, fault: &str) -> Self {
        let mut text = String::from(argument);
        text.push(' ');
        text.push_str(fault);
        Error::Invalid(text)
    }
}

impl Failure {
    pub(crate) fn new(
        code: Code,
        operation: &'static str,
        attempts: u32,
        cause: JsValue,
        response: Option<Response>,
    ) -> Self {
        let mut failure = Self {
            code,
            operation,
            attempts,
            // The engine gives a redirect that it did not follow the status 0.
            status: response
                .as_ref()
                .map(Response::status)
                .filter(|status| *status != 0),
            body: JsValue::UNDEFINED,
            error_code: None,
            request_id: None,
            retry_after_ms: None,
            cause,
            response,
        };
        failure.request_id = failure
            .header("x-auth0-requestid")
            .or_else(|| failure.header("x-correlation-id"));
        failure
    }

    /// A header of the answer. A page sees only those that the server exposes to it.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.response.as_ref()?.headers().get(name).ok().flatten()
    }

    /// One line: the operation, what went wrong, and the server's code. Never the body, which may
    /// hold personal data.
    pub(crate) fn message(&self) -> String {
        let mut text = String::from(self.operation);
        text.push_str(match self.code {
            Code::Timeout => " got no complete answer within the time limit",
            Code::Network => " got no answer: the connection failed",
            Code::BadResponse => " got an answer that is not from the API",
            Code::Unauthorized => " was refused: the token is missing, expired or for another API",
            Code::Forbidden => " was refused: the token does not allow it",
            Code::NotFound => " found nothing",
            Code::Conflict => " conflicts with what exists",
            Code::RateLimited => " was refused: too many requests",
            Code::BadRequest => " was refused by the server",
            Code::Server => " failed on the server",
        });
        if let Some(status) = self.status {
            text.push_str(" (");
            text.push_str(&String::from(
                js_sys::Number::from(f64::from(status)).to_js_string(),
            ));
            if let Some(code) = &self.error_code {
                text.push(' ');
                text.push_str(code);
            }
            text.push(')');
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Invalid(text) => f.write_str(text),
            Error::Caller(_) => f.write_str("the caller ended the call"),
            Error::Failed(failure) => f.write_str(&failure.message()),
        }
    }
}

impl core::error::Error for Error {}
