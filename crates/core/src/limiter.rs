//! The gate that all calls of a client pass before they are sent.
//!
//! Waiting happens before sending. A call that would be refused is not sent, and one refusal
//! closes the gate for everybody until the server takes requests again.

use core::cell::{Cell, RefCell};

use js_sys::{Date, Function, Iterator, Math, Object, Set};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    engine::set,
    pace::{Admission, Pace, Ticket, Told},
    transport::{Broken, Deferred, Guard, Signal, cancel, schedule},
};

/// Callers that wait for the same moment spread over this time after it, in milliseconds.
const SPREAD_MS: f64 = 50.0;

/// What a client knows about the server's limit, and how its calls fare.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests the server takes at once, if its last answer said so.
    pub limit: Option<u32>,
    /// How many more may be sent now, those under way taken off, if the server tells.
    pub remaining: Option<u32>,
    /// When the server takes more, in milliseconds since the epoch, if its last answer said so.
    pub reset_at_ms: Option<f64>,
    /// Nothing is sent before this time, in milliseconds since the epoch.
    pub paused_until_ms: Option<f64>,
    /// How many are sent and not answered yet.
    pub in_flight: u32,
    /// How many wait for their turn.
    pub queued: u32,
}

impl RateLimit {
    /// Writes what is known into an object, under the names that JavaScript uses.
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

/// The gate that all calls of a client pass.
pub struct Limiter {
    pace: Cell<Pace>,
    /// What wakes those that wait, in their order. It is taken out when it is their turn.
    waiting: Set,
    /// Goes through those that wait, once: to begin anew for each would go through all that have left before.
    order: RefCell<Iterator>,
    /// The first of them, once it is known.
    first: Cell<JsValue>,
    timer: Cell<Option<JsValue>>,
}

/// The right to send one request.
pub(crate) struct Permit<'a>(&'a Limiter, Ticket);

impl Limiter {
    /// Begins with so many requests per second where the limit cannot be read, if that is told.
    pub fn new(per_second: Option<f64>) -> Self {
        let waiting = Set::new(&JsValue::UNDEFINED);
        Self {
            pace: Cell::new(Pace::new(per_second)),
            order: RefCell::new(waiting.values()),
            first: Cell::default(),
            waiting,
            timer: Cell::default(),
        }
    }

    /// Returns what is known about the limit.
    pub fn state(&self) -> RateLimit {
        let pace = self.pace.get();
        let told = |value: f64| (!value.is_nan()).then_some(value);
        RateLimit {
            limit: told(pace.limit).map(|limit| limit as u32),
            remaining: pace.budget,
            reset_at_ms: told(pace.reset_ms),
            paused_until_ms: told(pace.closed_until_ms).filter(|until| *until > Date::now()),
            in_flight: pace.under_way,
            queued: self.waiting.size(),
        }
    }

    /// Waits for the turn of one request, but no longer than so many milliseconds. Without any left there
    /// is no turn, though it were at once.
    pub(crate) async fn permit(
        &self,
        ms: f64,
        signal: Option<&Signal>,
    ) -> Result<Permit<'_>, Broken> {
        let is_late = ms <= 0.0;
        if !is_late && self.waiting.size() == 0 && self.admit() == Admission::Now {
            return Ok(self.permitted());
        }
        let guard = Guard::new(ms, signal)?;
        if is_late {
            return Err(Broken::Late);
        }
        loop {
            let Deferred { promise, resolve } = Deferred::new();
            self.waiting.add(&resolve);
            let mut place = Place {
                limiter: self,
                resolve,
                is_left: false,
            };
            self.wake();
            guard.race(Ok(promise.into())).await?;
            if self.waiting.has(&place.resolve) {
                // The timer went off: the gate opens, whatever the clock says by now.
                self.change(Pace::open);
                self.wake();
            }
            if !self.waiting.has(&place.resolve) {
                place.is_left = true;
                return Ok(self.permitted());
            }
        }
    }

    fn permitted(&self) -> Permit<'_> {
        Permit(self, self.change(Pace::ticket))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Pace) -> T) -> T {
        let mut pace = self.pace.get();
        let result = change(&mut pace);
        self.pace.set(pace);
        result
    }

    fn admit(&self) -> Admission {
        self.change(|pace| pace.admit(Date::now()))
    }

    /// The first of those that wait.
    fn first(&self) -> Option<JsValue> {
        // Where no call waits, which is nearly always, the engine is asked for no more than that.
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

    /// Gives turns to those that wait, as far as the pace allows.
    fn wake(&self) {
        if let Some(timer) = self.timer.take() {
            cancel(&timer);
        }
        while let Some(first) = self.first() {
            match self.admit() {
                Admission::Now => {
                    self.waiting.delete(&first);
                    // Settling a promise cannot throw.
                    let _ = first.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
                }
                Admission::In(ms) => {
                    // The first of them looks again then.
                    let spread_ms = Math::random() * SPREAD_MS;
                    let timer =
                        schedule(first.unchecked_ref(), ms + spread_ms, &JsValue::UNDEFINED);
                    self.timer.replace(Some(timer));
                    return;
                }
                Admission::AfterAnswer => return,
            }
        }
    }
}

/// A place among those that wait.
struct Place<'a> {
    limiter: &'a Limiter,
    resolve: Function,
    /// Has the turn that it was given been taken?
    is_left: bool,
}

/// Nobody waits here any more. A turn that was given in the meantime goes to the next.
impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_left {
            if !self.limiter.waiting.delete(&self.resolve) {
                self.limiter.change(Pace::lost);
            }
            self.limiter.wake();
        }
    }
}

impl Permit<'_> {
    /// The request was answered.
    pub(crate) fn answered(self, told: Told) {
        let Self(limiter, ticket) = self;
        limiter.change(|pace| pace.answered(told, ticket, Date::now()));
        limiter.wake();
        core::mem::forget(self);
    }
}

/// The request came to an end without an answer.
impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.change(Pace::lost);
        self.0.wake();
    }
}
