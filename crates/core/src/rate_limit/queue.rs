//! The queue of calls that wait for a permit to send.
//!
//! Calls wait before they are sent: a call that would be refused is not sent, and one refusal pauses all calls until the
//! server accepts requests again.

use core::cell::{Cell, RefCell};

use js_sys::{Date, Function, Iterator, Math, Set};
use wasm_bindgen::{JsCast, JsValue};

use super::headers::RateLimitHeaders;
use super::policy::{Admission, Policy, Sequence};
use super::state::RateLimit;
use crate::signal::Signal;
use crate::timeout::{Timeout, WaitError};
use crate::transport::{Deferred, clear_timeout, set_timeout};

/// The end of a pause is spread over this time, in milliseconds, so that clients do not resume together.
const JITTER_MS: f64 = 50.0;

/// The rate limiter that all calls of a client share.
pub struct RateLimiter {
    policy: Cell<Policy>,
    /// The functions that wake waiting calls, in the order of the calls. A permit takes its function out.
    waiting: Set,
    /// Iterates over `waiting` once. A new iterator would go over all entries that were taken out.
    order: RefCell<Iterator>,
    /// The first entry of `waiting`, once it is known.
    first: Cell<JsValue>,
    timer: Cell<Option<JsValue>>,
}

/// Permits one request.
pub(crate) struct Permit<'a> {
    limiter: &'a RateLimiter,
    sequence: Sequence,
}

impl RateLimiter {
    /// Makes a limiter that sends so many requests per second at first where the headers of the server cannot be read.
    #[doc(hidden)]
    #[must_use]
    pub fn new(fallback_per_second: Option<f64>) -> Self {
        let waiting = Set::new(&JsValue::UNDEFINED);
        Self {
            policy: Cell::new(Policy::new(fallback_per_second)),
            order: RefCell::new(waiting.values()),
            first: Cell::default(),
            waiting,
            timer: Cell::default(),
        }
    }

    /// Returns the state.
    #[doc(hidden)]
    pub fn state(&self) -> RateLimit {
        let policy = self.policy.get();
        let known = |value: f64| (!value.is_nan()).then_some(value);
        RateLimit {
            limit: known(policy.limit).map(|limit| limit as u32),
            remaining: policy.remaining,
            reset_at_ms: known(policy.reset_ms),
            paused_until_ms: known(policy.paused_until_ms).filter(|until| *until > Date::now()),
            in_flight: policy.in_flight,
            queued: self.waiting.size(),
        }
    }

    /// Waits for a permit for at most this many milliseconds; fails at once without any left.
    pub(crate) async fn permit(
        &self,
        ms: f64,
        signal: Option<&Signal>,
    ) -> Result<Permit<'_>, WaitError> {
        let is_late = ms <= 0.0;
        if !is_late && self.waiting.size() == 0 && self.admit() == Admission::Now {
            return Ok(self.permitted());
        }
        let timeout = Timeout::new(ms, signal)?;
        if is_late {
            return Err(WaitError::TimedOut);
        }
        loop {
            let Deferred { promise, resolve } = Deferred::new();
            self.waiting.add(&resolve);
            let mut entry = Entry {
                limiter: self,
                wake: resolve,
                is_permitted: false,
            };
            self.wake();
            timeout.race(Ok(promise.into())).await?;
            if self.waiting.has(&entry.wake) {
                // The timer woke it: the pause is over, even if the clock was set back.
                self.update(Policy::resume);
                self.wake();
            }
            if !self.waiting.has(&entry.wake) {
                entry.is_permitted = true;
                return Ok(self.permitted());
            }
        }
    }

    fn permitted(&self) -> Permit<'_> {
        Permit {
            limiter: self,
            sequence: self.update(Policy::next_sequence),
        }
    }

    fn update<T>(&self, update: impl FnOnce(&mut Policy) -> T) -> T {
        let mut policy = self.policy.get();
        let result = update(&mut policy);
        self.policy.set(policy);
        result
    }

    fn admit(&self) -> Admission {
        self.update(|policy| policy.admit(Date::now()))
    }

    /// Returns the first entry of the queue.
    fn first(&self) -> Option<JsValue> {
        // Most often the queue is empty. Then the engine is only asked for its size.
        while self.waiting.size() > 0 {
            let first = self.first.take();
            if self.waiting.has(&first) {
                self.first.set(first.clone());
                return Some(first);
            }
            let mut order = self.order.borrow_mut();
            match order.next() {
                Ok(next) if !next.done() => self.first.set(next.value()),
                _ => *order = self.waiting.values(),
            }
        }
        None
    }

    /// Wakes as many waiting calls as the policy admits.
    fn wake(&self) {
        if let Some(timer) = self.timer.take() {
            clear_timeout(&timer);
        }
        while let Some(first) = self.first() {
            match self.admit() {
                Admission::Now => {
                    self.waiting.delete(&first);
                    // Resolving a promise cannot throw.
                    let _ = first.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
                }
                Admission::In(ms) => {
                    // It asks again then.
                    let jitter_ms = Math::random() * JITTER_MS;
                    let timer =
                        set_timeout(first.unchecked_ref(), ms + jitter_ms, &JsValue::UNDEFINED);
                    self.timer.replace(Some(timer));
                    return;
                }
                Admission::AfterResponse => return,
            }
        }
    }
}

/// The entry of a waiting call. When it is dropped, the call leaves the queue and an unused permit goes to the next one.
struct Entry<'a> {
    limiter: &'a RateLimiter,
    wake: Function,
    /// Whether the call has taken its permit.
    is_permitted: bool,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if !self.is_permitted {
            if !self.limiter.waiting.delete(&self.wake) {
                self.limiter.update(Policy::release);
            }
            self.limiter.wake();
        }
    }
}

impl Permit<'_> {
    /// Ends with a response.
    pub(crate) fn end(self, headers: RateLimitHeaders) {
        let Self { limiter, sequence } = self;
        limiter.update(|policy| policy.on_response(headers, sequence, Date::now()));
        limiter.wake();
        core::mem::forget(self);
    }
}

/// Ends without a response.
impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limiter.update(Policy::release);
        self.limiter.wake();
    }
}
