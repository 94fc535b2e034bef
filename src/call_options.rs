//! What one call does in its own way.

use auth0_users_core::{engine::set, settings};
use js_sys::Object;
use web_sys::AbortSignal;

/// What one call does in its own way; what is left alone is as the client has it.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// What the npm package has as well.
    pub(crate) shared: settings::CallOptions,
    /// Further query parameters, as the caller gave them.
    pub(crate) query: Vec<(String, String)>,
}

impl CallOptions {
    /// Changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt may take until its body is read, in seconds; 60 by default.
    #[must_use]
    pub fn timeout_in_seconds(mut self, seconds: f64) -> Self {
        self.shared.timeout_ms = Some(seconds * 1_000.0);
        self
    }

    /// How long everything may take, in seconds: waiting for a turn and for a token, all attempts,
    /// and all pages of a list. There is no limit by default.
    #[must_use]
    pub fn deadline_in_seconds(mut self, seconds: f64) -> Self {
        self.shared.deadline_ms = Some(seconds * 1_000.0);
        self
    }

    /// How often a call that failed may be sent again; 2 by default. A call that is refused because
    /// there are too many is no failure: it waits and is sent again, except where this is 0.
    #[must_use]
    pub fn max_retries(mut self, times: u32) -> Self {
        self.shared.max_retries = Some(times);
        self
    }

    /// Ends the call, whatever it waits for, as soon as the signal is aborted.
    #[must_use]
    pub fn abort_signal(mut self, signal: AbortSignal) -> Self {
        self.shared.signal = Some(signal);
        self
    }

    /// Sends one header more. `authorization` is made from the token, whatever is given here.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let copy = Object::assign(&Object::new(), &self.shared.headers.into());
        set(&copy, &name.to_ascii_lowercase(), &value.into());
        self.shared.headers = copy.into();
        self
    }

    /// Sends one query parameter more, in place of the operation's own of that name.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// These options, with the headers of `defaults` where they name none of their own.
    pub(crate) fn with_headers_of(mut self, defaults: &settings::CallOptions) -> Self {
        let copy = Object::assign(&Object::new(), &defaults.headers.clone().into());
        self.shared.headers = Object::assign(&copy, &self.shared.headers.into()).into();
        self
    }
}
