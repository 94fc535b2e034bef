//! The configuration of a client and the options of a call.

use alloc::string::String;

use js_sys::{Date, Function};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::engine::concat;
use crate::error::Error;
use crate::operations::Operation;
use crate::rate_limit::RateLimiter;
use crate::signal::Signals;
use crate::transport::NewAbortController;

/// The configuration and the shared state of a client.
pub struct ClientConfig {
    /// The base of all URLs, without a slash at its end.
    pub base_url: String,
    /// Where access tokens come from.
    pub token: TokenSource,
    /// The caller's `fetch`, or undefined.
    pub fetch: JsValue,
    /// The `credentials` of requests.
    pub credentials: Option<JsValue>,
    /// The CSRF token for a proxy, or a function that returns it or a promise of it. The function is called with a
    /// token that the proxy refused.
    pub csrf: Option<JsValue>,
    /// The header `auth0-custom-domain`.
    pub custom_domain: Option<JsValue>,
    /// An object with the caller's observers.
    pub observers: Option<JsValue>,
    /// The options of calls that have none of their own.
    pub defaults: CallOptions,
    /// Limits the rate of all calls.
    pub limiter: RateLimiter,
    /// The `cache` of requests.
    pub cache: Option<JsValue>,
    /// Names operations to the observers.
    pub operation_name: fn(&Operation) -> JsValue,
    /// Makes the controllers that abort requests.
    pub new_abort_controller: NewAbortController,
    /// The signals that calls wait with.
    pub signals: Signals,
}

/// Where access tokens come from.
pub enum TokenSource {
    /// A proxy behind the base URL adds the token.
    Proxy,
    /// The token never changes.
    Fixed {
        /// The token.
        token: JsValue,
        /// The header `authorization`.
        header: JsValue,
    },
    /// A function returns the token or a promise of it.
    Function(Function),
}

impl TokenSource {
    /// Takes a string or a function; undefined means a proxy.
    pub fn new(source: JsValue) -> Result<Self, Error> {
        if source.is_undefined() {
            return Ok(Self::Proxy);
        }
        match source.dyn_into() {
            Ok(function) => Ok(Self::Function(function)),
            Err(token) => Ok(Self::Fixed {
                header: bearer(&token)?,
                token,
            }),
        }
    }
}

/// Returns the header `authorization`.
pub(crate) fn bearer(token: &JsValue) -> Result<JsValue, Error> {
    Ok(concat(&["Bearer ", &checked_token("token", token)?]).into())
}

/// Returns a token that fits into a header. Tokens from files often end with a line break.
pub(crate) fn checked_token(name: &str, token: &JsValue) -> Result<String, Error> {
    let fits = |token: &String| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    let fault = "must be a non-empty string without spaces or line ends";
    token
        .as_string()
        .filter(fits)
        .ok_or_else(|| Error::invalid(name, fault))
}

/// The options of a call.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// The timeout of an attempt.
    pub timeout_ms: Option<f64>,
    /// The deadline of the call.
    pub deadline_ms: Option<f64>,
    /// How often a failed attempt is retried.
    pub max_retries: Option<u32>,
    /// Ends the call when it is aborted.
    pub signal: Option<AbortSignal>,
    /// An object with lower-case names, or a function that returns a promise of one.
    pub headers: JsValue,
    /// A function that is called before each attempt is sent, and awaited.
    pub before_request: Option<Function>,
}

impl CallOptions {
    /// Fills in the times and the retries of `defaults`.
    pub(crate) fn over(self, defaults: &Self) -> Self {
        Self {
            timeout_ms: self.timeout_ms.or(defaults.timeout_ms),
            deadline_ms: self.deadline_ms.or(defaults.deadline_ms),
            max_retries: self.max_retries.or(defaults.max_retries),
            ..self
        }
    }
}

/// Returns the time at which a deadline that starts now ends, in milliseconds since the epoch.
pub(crate) fn until_ms(deadline_ms: Option<f64>) -> f64 {
    deadline_ms.map_or(f64::INFINITY, |ms| Date::now() + ms)
}
