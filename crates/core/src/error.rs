//! What a call can fail with.

use alloc::vec::Vec;
use alloc::{boxed::Box, string::String};
use core::fmt::{self, Write};
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::engine::{self, concat};

/// What a call can fail with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// An argument was refused; nothing was sent. The text names the argument and the remedy.
    Invalid(String),
    /// What the caller's own code rejected with: the reason of an aborted signal, or what a token
    /// function threw. Passed on untouched; where a change may have been made before, what was thrown is
    /// the cause of a [`Code::OutcomeUnknown`].
    Caller(JsValue),
    /// The call was made and failed.
    Failed(Box<Failure>),
}

/// A call that was made and failed.
#[derive(Clone)]
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
    /// What the code was before the outcome was found to be unknown, if the server will not carry out the change any more.
    #[doc(hidden)]
    pub own_code: Option<Code>,
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
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
    /// The call succeeded, so a change was made, but its answer is not of the type that was asked for.
    /// [`Failure::body`] holds the answer. Do not send a change again.
    Undecoded,
    /// The pages of a list had fewer items than its total says, or did not go on.
    Incomplete,
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

    /// The code as text, such as `not_found`: the same that JavaScript sees.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.describe().0
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
    /// What kind of failure it is, if the call was made.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Error::Failed(failure) => Some(failure.code),
            _ => None,
        }
    }

    /// The named argument has that fault.
    #[doc(hidden)]
    pub fn invalid(argument: &str, fault: &str) -> Self {
        Error::Invalid(concat(&[argument, " ", fault]))
    }
}

impl Failure {
    #[doc(hidden)]
    pub fn new(
        code: Code,
        operation: &'static str,
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
            own_code: None,
        })
    }

    /// Has the answer the form of the API's own errors, a JSON object that repeats the status? Gateways answer with the
    /// same statuses, in forms of their own.
    pub(crate) fn is_of_api(&self) -> bool {
        let told = engine::own(&self.body, "statusCode").as_f64();
        self.status
            .is_some_and(|status| status >= 400 && told == Some(status.into()))
    }

    /// The API's own code, such as `inexistent_user`.
    #[must_use]
    pub fn error_code(&self) -> Option<String> {
        engine::own(&self.body, "errorCode")
            .as_string()
            .filter(|_| self.is_of_api())
    }

    /// The failure in a few words: where the server's own code tells more than the status, by that.
    #[doc(hidden)]
    pub fn phrase(&self) -> &'static str {
        let is_users = self.operation == "users.list";
        match (self.code, self.error_code().as_deref()) {
            (_, Some("invalid_paging")) if is_users => {
                "was refused: page is beyond the first 1,000 users; narrow the query, or use users.all of auth0-users/admin"
            }
            (_, Some("invalid_paging")) => {
                "was refused: page is beyond the first 1,000 items; narrow the query"
            }
            // A proxy's word about who asks; the API has no such code for its tokens.
            (_, Some("unauthorized")) => "was refused: not signed in",
            (Code::Incomplete, _) if is_users => {
                "ended before all of its users were given: start again, or use users.all of auth0-users/admin"
            }
            _ => self.code.describe().1,
        }
    }

    /// What the server's validation says of each property, with status 400: the property, and the rule
    /// that it breaks, without the value that breaks it.
    #[must_use]
    pub fn field_errors(&self) -> Vec<FieldError> {
        let message = engine::own(&self.body, "message").as_string();
        match message {
            Some(message) if self.status == Some(400) => field_errors(&message),
            _ => Vec::new(),
        }
    }

    /// The scopes of which the token lacks what the server asks for, with status 403. Up to 100 are read.
    #[must_use]
    pub fn missing_scopes(&self) -> Vec<String> {
        let message = engine::own(&self.body, "message").as_string();
        let scopes = message
            .as_deref()
            .filter(|_| self.status == Some(403))
            .and_then(|message| message.split_once("expected any of: "));
        scopes.map_or_else(Vec::new, |(_, scopes)| words(scopes))
    }

    /// The server's id of the request, for a support ticket. A page sees it only if the server
    /// exposes it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        engine::request_id(self.response.as_ref()?).as_string()
    }
}

/// What the server's validation says of one property.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The property, such as `email`, or the parameter.
    pub field: String,
    /// The rule that it breaks, in the server's words.
    pub rule: String,
}

/// The names in a list with commas.
fn words(list: &str) -> Vec<String> {
    let words = list.split(',').map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .take(MAX_FIELDS)
        .map(String::from)
        .collect()
}

/// How much of the server's text is read, in characters, and how many fields it may name.
const MAX_TEXT: usize = 10_000;
const MAX_FIELDS: usize = 100;

/// Reads rules in quotes with commas between: `'rule: value' on property name`, `'rule: name, name'`.
fn field_errors(message: &str) -> Vec<FieldError> {
    let text: String = message.chars().take(MAX_TEXT).collect();
    let Some((_, rules)) = text.split_once(" validation error: '") else {
        return Vec::new();
    };
    let read = |part: &str| {
        let (text, property) = match part.split_once("' on property ") {
            Some((text, property)) => (text, property),
            None => (part.rsplit_once('\'').unwrap_or((part, "")).0, ""),
        };
        let (rule, value) = text.split_once(": ").unwrap_or((text, ""));
        // What follows in brackets describes the property.
        let property = property.split(" (").next().unwrap_or_default();
        let property = line(property.trim_end().trim_end_matches('.'));
        // Of these rules the value is the name of what is missing, or is too many.
        let is_name = rule.contains("propert") || rule.contains("key must exist");
        let mut fields = words(value.split(" (").next().unwrap_or_default());
        if !is_name {
            fields.clear();
        }
        if !property.is_empty() {
            for field in &mut fields {
                *field = concat(&[&property, ".", field]);
            }
            if fields.is_empty() {
                fields.push(property);
            }
        }
        let rule = line(rule);
        let error = move |field: String| FieldError {
            field: line(&field),
            rule: rule.clone(),
        };
        fields.into_iter().map(error)
    };
    let found = rules.split(", '").take(MAX_FIELDS).flat_map(read);
    found.take(MAX_FIELDS).collect()
}

/// Text as it may stand in a message: one line, without control characters, of bounded length.
fn line(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(300).map(clean).collect()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Without the body, which may hold personal data, and the answer it came in.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("code", &self.code)
            .field("operation", &self.operation)
            .field("attempts", &self.attempts)
            .field("status", &self.status)
            .field("error_code", &self.error_code())
            .field("retry_after_ms", &self.retry_after_ms)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

/// One line without the body, which may hold personal data.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.phrase())?;
        let Some(status) = self.status else {
            return Ok(());
        };
        write!(f, " ({status}")?;
        if let Some(code) = self.error_code() {
            f.write_str(" ")?;
            // It is the server's text, of any length.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_with_the_properties_that_they_are_about() {
        for (message, expected) in [
            (
                "Payload validation error: 'Object didn't pass validation for format email: x' on property email.",
                &[("email", "Object didn't pass validation for format email")][..],
            ),
            (
                "Payload validation error: 'Additional properties not allowed: a, b'.",
                &[
                    ("a", "Additional properties not allowed"),
                    ("b", "Additional properties not allowed"),
                ],
            ),
            (
                "Payload validation error: 'Too short' on property a (A user's name), 'Bad: 1.2' on property b[0].c.",
                &[("a", "Too short"), ("b[0].c", "Bad")],
            ),
            (
                "Payload validation error: 'Additional properties not allowed: a,b (consider setting c)'.",
                &[
                    ("a", "Additional properties not allowed"),
                    ("b", "Additional properties not allowed"),
                ],
            ),
            (
                "Payload validation error: 'Missing required property: value' on property scopes[8].",
                &[("scopes[8].value", "Missing required property")],
            ),
            ("Payload validation error: 'Bad: secret'.", &[]),
            ("Query validation error: 'Broken'.", &[]),
            ("The user already exists.", &[]),
            ("", &[]),
        ] {
            let found: Vec<_> = field_errors(message)
                .into_iter()
                .map(|error| (error.field, error.rule))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(field, rule)| (String::from(*field), String::from(*rule)))
                .collect();
            assert_eq!(found, expected, "{message}");
        }
    }
}
