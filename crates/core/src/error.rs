//! The errors of calls.

mod validation;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use wasm_bindgen::JsValue;
use web_sys::Response;

pub use self::validation::FieldError;
use crate::engine::{self, concat};
use crate::operations::{self, Operation};

/// The error of a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// An argument is invalid, and nothing was sent. The text names the argument and the remedy.
    Invalid(String),
    /// The reason of an aborted signal, or an exception of the caller's function. If a write may have been applied
    /// before such an exception, the exception is the cause of a [`Code::OutcomeUnknown`] instead.
    Caller(JsValue),
    /// The call failed.
    Failed(Box<Failure>),
}

/// The failure of a call.
#[derive(Clone)]
#[non_exhaustive]
pub struct Failure {
    /// The kind of failure.
    pub code: Code,
    operation: &'static Operation,
    /// How many attempts were made.
    pub attempts: u32,
    /// The HTTP status; absent without a response.
    pub status: Option<u16>,
    /// The body of the response: parsed JSON, or its text.
    pub body: JsValue,
    /// How long the server asks to wait before a retry, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// What `fetch` rejected with.
    pub cause: JsValue,
    /// The response, with its body read.
    pub response: Option<Response>,
    /// The code that [`Code::OutcomeUnknown`] replaced, if the server will not apply the change any more.
    #[doc(hidden)]
    pub settled_code: Option<Code>,
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// No response within the timeout of an attempt.
    Timeout,
    /// No success before the deadline of the call.
    Deadline,
    /// The server may or may not have applied the change.
    OutcomeUnknown,
    /// The connection failed.
    Network,
    /// The response does not come from the API: not JSON, the wrong shape, or a redirect.
    BadResponse,
    /// The call succeeded and a change was applied, but its response is not of the requested type.
    /// [`Failure::body`] holds the response. Do not send a change again.
    Undecoded,
    /// The pages of a list have fewer items than its total says, or do not continue.
    Incomplete,
    /// 401: the token is missing, expired or for another API.
    Unauthorized,
    /// 403: the token lacks a scope.
    Forbidden,
    /// 404
    NotFound,
    /// 409
    Conflict,
    /// 429
    RateLimited,
    /// Any other status below 500: the server refuses the request.
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

    /// Returns the code as text, such as `not_found`, as in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.describe().0
    }

    /// Returns the code as text, and a phrase for the message.
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
            Code::Undecoded => (
                "undecoded",
                "was carried out, but its answer cannot be decoded: the body holds it",
            ),
            Code::Incomplete => (
                "incomplete_list",
                "ended before all of its items were given: start again",
            ),
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
    /// Returns the kind of failure.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Error::Failed(failure) => Some(failure.code),
            _ => None,
        }
    }

    /// Returns the error of an argument.
    #[doc(hidden)]
    pub fn invalid(argument: &str, fault: &str) -> Self {
        Error::Invalid(concat(&[argument, " ", fault]))
    }
}

impl Failure {
    #[doc(hidden)]
    pub fn new(
        code: Code,
        operation: &'static Operation,
        attempts: u32,
        cause: JsValue,
        response: Option<Response>,
    ) -> Box<Self> {
        let status = response
            .as_ref()
            .map(engine::status)
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
            settled_code: None,
        })
    }

    /// Returns the operation, such as [`operations::USERS_GET`].
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns whether the body has the form of the API's errors: a JSON object with the status. Gateways use the same
    /// statuses with other bodies.
    pub(crate) fn is_of_api(&self) -> bool {
        let status_code = engine::own(&self.body, "statusCode").as_f64();
        self.status
            .is_some_and(|status| status >= 400 && status_code == Some(status.into()))
    }

    /// Returns the API's own code, such as `inexistent_user`.
    #[must_use]
    pub fn error_code(&self) -> Option<String> {
        engine::own(&self.body, "errorCode")
            .as_string()
            .filter(|_| self.is_of_api())
    }

    /// Returns a phrase for the message: that of the API's own code, if it says more than the status.
    #[doc(hidden)]
    pub fn phrase(&self) -> &'static str {
        let is_users = *self.operation == operations::USERS_LIST;
        match (self.code, self.error_code().as_deref()) {
            (_, Some("invalid_paging")) if is_users => {
                "was refused: page is beyond the first 1,000 users; narrow the query, or use users.all of auth0-users/admin"
            }
            (_, Some("invalid_paging")) => {
                "was refused: page is beyond the first 1,000 items; narrow the query"
            }
            // Only a proxy has this code: its user is not signed in.
            (_, Some("unauthorized")) => "was refused: not signed in",
            (Code::Incomplete, _) if is_users => {
                "ended before all of its users were given: start again, or use users.all of auth0-users/admin"
            }
            _ => self.code.describe().1,
        }
    }

    /// Reads the errors of the server's validation, with status 400: each property with the rule that it violates,
    /// without its value.
    #[must_use]
    pub fn field_errors(&self) -> Vec<FieldError> {
        let message = engine::own(&self.body, "message").as_string();
        match message {
            Some(message) if self.status == Some(400) => validation::field_errors(&message),
            _ => Vec::new(),
        }
    }

    /// Reads the scopes of which the token needs one, with status 403. At most 100 are read.
    #[must_use]
    pub fn missing_scopes(&self) -> Vec<String> {
        let message = engine::own(&self.body, "message").as_string();
        let scopes = message
            .as_deref()
            .filter(|_| self.status == Some(403))
            .and_then(|message| message.split_once("expected any of: "));
        scopes.map_or_else(Vec::new, |(_, scopes)| validation::names(scopes))
    }

    /// Returns the server's id of the request, for a support ticket. A page can only read it if the server exposes it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        engine::request_id(self.response.as_ref()?).as_string()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Omits the body, which may hold personal data, and the response.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("code", &self.code)
            .field("operation", &self.operation.name())
            .field("attempts", &self.attempts)
            .field("status", &self.status)
            .field("error_code", &self.error_code())
            .field("retry_after_ms", &self.retry_after_ms)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

/// Writes one line without the body, which may hold personal data.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation.name(), self.phrase())?;
        let Some(status) = self.status else {
            return Ok(());
        };
        write!(f, " ({status}")?;
        if let Some(code) = self.error_code() {
            f.write_str(" ")?;
            // The server's text may have any length.
            for c in code.chars().filter(char::is_ascii_graphic).take(100) {
                f.write_char(c)?;
            }
        }
        f.write_str(")")
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
impl core::error::Error for Failure {}
