//! What a call can fail with.

use alloc::{boxed::Box, string::String};
use core::fmt;
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::engine::{self, concat};

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
#[non_exhaustive]
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
    /// No answer within the time limit of an attempt.
    Timeout,
    /// No success by the deadline of the call.
    Deadline,
    /// Nobody knows whether the server has carried out the change.
    OutcomeUnknown,
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

    /// The code as JavaScript sees it, and the failure in a few words.
    pub(crate) const fn describe(self) -> (&'static str, &'static str) {
        match self {
            Code::Timeout => ("timeout", "got no complete answer within the time limit"),
            Code::Deadline => ("deadline", "had no success by its deadline"),
            Code::OutcomeUnknown => (
                "outcome_unknown",
                "may have been carried out or not: nobody knows",
            ),
            Code::Network => ("network", "got no answer: the connection failed"),
            Code::BadResponse => ("bad_response", "got an answer that is not from the API"),
            Code::Unauthorized => (
                "unauthorized",
                "was refused: the token is missing, expired or for another API",
            ),
            Code::Forbidden => ("forbidden", "was refused: the token does not allow it"),
            Code::NotFound => ("not_found", "found nothing"),
            Code::Conflict => ("conflict", "conflicts with what exists"),
            Code::RateLimited => ("rate_limited", "was refused: too many requests"),
            Code::BadRequest => ("bad_request", "was refused by the server"),
            Code::Server => ("server", "failed on the server"),
        }
    }
}

impl Error {
    /// The named argument has that fault.
    pub(crate) fn invalid(argument: &str, fault: &str) -> Self {
        Error::Invalid(concat(&[argument, " ", fault]))
    }
}

impl Failure {
    pub(crate) fn new(
        code: Code,
        operation: &'static str,
        attempts: u32,
        cause: JsValue,
        response: Option<Response>,
    ) -> Box<Self> {
        // The engine gives a redirect that it did not follow the status 0.
        let status = response
            .as_ref()
            .map(Response::status)
            .filter(|status| *status != 0);
        let (body, retry_after_ms) = (JsValue::UNDEFINED, None);
        Box::new(Self {
            code,
            operation,
            attempts,
            status,
            body,
            retry_after_ms,
            cause,
            response,
        })
    }

    /// The server's own code, such as `inexistent_user`.
    #[must_use]
    pub fn error_code(&self) -> Option<String> {
        engine::get(&self.body, "errorCode").as_string()
    }

    /// The server's id of the request, for a support ticket. A page sees it only if the server
    /// exposes it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        engine::request_id(self.response.as_ref()?).as_string()
    }
}

/// One line without the body, which may hold personal data.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.code.describe().1)?;
        match (self.status, self.error_code()) {
            (Some(status), Some(code)) => write!(f, " ({status} {code})"),
            (Some(status), None) => write!(f, " ({status})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Invalid(text) => f.write_str(text),
            Error::Caller(_) => f.write_str("the caller ended the call"),
            Error::Failed(failure) => failure.fmt(f),
        }
    }
}

impl core::error::Error for Error {}
