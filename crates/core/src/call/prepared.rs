//! What a call is given, and what it returns.

use js_sys::Date;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::config::{CallOptions, ClientConfig, until_ms};
use crate::error::{Code, Error, Failure};
use crate::request::Request;
use crate::signal::Signal;

/// The default timeout of an attempt, in milliseconds.
const TIMEOUT_MS: f64 = 60_000.0;

/// A successful response.
#[derive(Debug)]
pub struct Response {
    /// The parsed body, or undefined for an operation that returns nothing.
    pub data: JsValue,
    /// The response of `fetch`, with its body read.
    pub http: web_sys::Response,
    /// How many attempts were made.
    pub attempts: u32,
}

/// A call with its options, ready to be executed. Its deadline runs.
pub struct PreparedRequest {
    /// The request.
    pub request: Request,
    pub(super) options: CallOptions,
    signal: Option<Signal>,
    /// When the call and all of its pages have to end, in milliseconds since the epoch.
    pub until_ms: f64,
    /// A value of the bindings for the error of a call whose outcome is unknown.
    pub js_context: JsValue,
}

impl PreparedRequest {
    /// Starts the deadline.
    pub fn new(request: Request, options: CallOptions, config: &ClientConfig) -> Self {
        let options = options.over(&config.defaults);
        let signal = options.signal.clone();
        Self {
            request,
            signal: signal.map(|source| Signal::new(source, &config.signals)),
            until_ms: until_ms(options.deadline_ms),
            options,
            js_context: JsValue::UNDEFINED,
        }
    }

    /// Returns the caller's signal.
    pub fn own_signal(&self) -> Option<&AbortSignal> {
        self.options.signal.as_ref()
    }

    /// Fails if the call was aborted or its deadline has passed.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(signal) = self.signal().filter(|signal| signal.is_aborted()) {
            return Err(Error::Caller(signal.reason()));
        }
        if self.left_ms() > 0.0 {
            return Ok(());
        }
        let (operation, none) = (self.request.operation, JsValue::UNDEFINED);
        let failure = Failure::new(Code::Deadline, operation, 0, none, None);
        Err(Error::Failed(failure))
    }

    pub(super) fn signal(&self) -> Option<&Signal> {
        self.signal.as_ref()
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.signal().is_some_and(Signal::is_aborted)
    }

    /// Returns how long an attempt may take, in milliseconds, and the code of its error after that.
    pub(super) fn time_limit(&self) -> (f64, Code) {
        let timeout_ms = self.options.timeout_ms.unwrap_or(TIMEOUT_MS);
        let left_ms = self.left_ms();
        if left_ms <= timeout_ms {
            (left_ms, Code::Deadline)
        } else {
            (timeout_ms, Code::Timeout)
        }
    }

    /// Returns how much time is left until the deadline, in milliseconds.
    pub(super) fn left_ms(&self) -> f64 {
        // Without a deadline, the clock is not read.
        if self.until_ms.is_finite() {
            self.until_ms - Date::now()
        } else {
            f64::INFINITY
        }
    }
}
