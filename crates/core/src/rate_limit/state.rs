//! The state of the rate limiter, as callers and observers see it.

use js_sys::Object;

use crate::engine::set;

/// The server's rate limit as far as it is known, and the calls of a client that are in flight or wait.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The capacity of the server's bucket, if its last response has it.
    pub limit: Option<u32>,
    /// How many more requests can be sent now, without those in flight, if the server says so.
    pub remaining: Option<u32>,
    /// When the server accepts more, in milliseconds since the epoch, if its last response has it.
    pub reset_at_ms: Option<f64>,
    /// The client sends nothing before this time, in milliseconds since the epoch.
    pub paused_until_ms: Option<f64>,
    /// How many requests are sent and have no response yet.
    pub in_flight: u32,
    /// How many calls wait for a permit.
    pub queued: u32,
}

impl RateLimit {
    /// Sets properties of an object, with their names in JavaScript.
    #[doc(hidden)]
    pub fn write(&self, object: &Object) {
        let values = [
            ("limit", self.limit.map(f64::from)),
            ("remaining", self.remaining.map(f64::from)),
            ("resetAt", self.reset_at_ms),
            ("pausedUntil", self.paused_until_ms),
            ("inFlight", Some(self.in_flight.into())),
            ("queued", Some(self.queued.into())),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                set(object, name, &value.into());
            }
        }
    }
}
