//! The options of calls.

use auth0_users_core::config;
use auth0_users_core::engine::set;
use js_sys::Object;
use web_sys::AbortSignal;

/// The options of calls; what is not set is as the client has it.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// Those that the npm package has too.
    pub(crate) shared: config::CallOptions,
    /// Additional query parameters.
    pub(crate) query: Vec<(String, String)>,
}

impl CallOptions {
    /// Returns options that change nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of an attempt until its body is read, in seconds; 60 by default.
    #[must_use]
    pub fn timeout_in_seconds(mut self, seconds: f64) -> Self {
        self.shared.timeout_ms = Some(seconds * 1_000.0);
        self
    }

    /// Sets the deadline of a call, in seconds: it includes the wait for the rate limit and for a token, all attempts,
    /// and all pages of a list. There is none by default.
    #[must_use]
    pub fn deadline_in_seconds(mut self, seconds: f64) -> Self {
        self.shared.deadline_ms = Some(seconds * 1_000.0);
        self
    }

    /// Sets how often a failed attempt is retried; 2 by default. A 429 does not count: the call waits and is retried,
    /// unless this is 0.
    #[must_use]
    pub fn max_retries(mut self, times: u32) -> Self {
        self.shared.max_retries = Some(times);
        self
    }

    /// Ends the call as soon as the signal is aborted.
    #[must_use]
    pub fn abort_signal(mut self, signal: AbortSignal) -> Self {
        self.shared.signal = Some(signal);
        self
    }

    /// Adds a header. It cannot replace `authorization`, which always has the token.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let copy = Object::assign(&Object::new(), &self.shared.headers.into());
        set(&copy, &name.to_ascii_lowercase(), &value.into());
        self.shared.headers = copy.into();
        self
    }

    /// Adds a query parameter. It replaces the operation's own parameter of that name.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds the headers of `defaults` that are not set.
    pub(crate) fn with_headers_of(mut self, defaults: &config::CallOptions) -> Self {
        let copy = Object::assign(&Object::new(), &defaults.headers.clone().into());
        self.shared.headers = Object::assign(&copy, &self.shared.headers.into()).into();
        self
    }
}
