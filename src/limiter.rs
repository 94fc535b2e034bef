//! How fast a client sends: one pace for all its calls, told by the server's headers.
//!
//! Waiting happens before sending. A call that would be refused is not sent, and one refusal
//! closes the gate for everybody until the server takes requests again.

use core::cell::Cell;

use js_sys::{Date, Function, Math, Set};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::{
    error::Error,
    transport::{Broken, Deferred, Guard, cancel, schedule},
};

/// The most calls that are under way at once where the server does not tell its limit.
const WIDEST: u32 = 64;
/// How long the gate stays closed after a refusal that does not say how long, in milliseconds. Each
/// further one doubles it, up to eight seconds.
const REFUSED_MS: f64 = 1_000.0;
/// The longest that a server may close the gate for, in milliseconds.
const LONGEST_MS: f64 = 60_000.0;
/// Callers that wait for the same moment spread over this time after it, in milliseconds.
const SPREAD_MS: f64 = 50.0;

/// What an answer tells about the limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// How many more requests the server takes now; NaN if it does not say.
    pub(crate) remaining: f64,
    /// When it takes more, in milliseconds like the clock's; NaN if it does not say.
    pub(crate) reset_ms: f64,
    /// Was this one refused?
    pub(crate) refused: bool,
}

/// May one more request be sent?
#[derive(Clone, Copy, Debug, PartialEq)]
enum Admission {
    /// Yes, and it counts as sent.
    Now,
    /// In so many milliseconds.
    In(f64),
    /// When another one is answered.
    AfterAnswer,
}

/// What is known about the limit. Pure: the clock is given.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// Sent and not answered yet.
    under_way: u32,
    /// How many more the server takes, if it said so.
    budget: Option<u32>,
    /// How many may be under way while nothing is known. Begins with one, and doubles.
    width: u32,
    /// How often in a row the server has refused.
    refusals: u32,
    /// Nothing is sent before this time.
    closed_until_ms: f64,
}

impl Pace {
    const START: Self = Self {
        under_way: 0,
        budget: None,
        width: 1,
        refusals: 0,
        closed_until_ms: 0.0,
    };

    fn admit(&mut self, now_ms: f64) -> Admission {
        if now_ms < self.closed_until_ms {
            return Admission::In(self.closed_until_ms - now_ms);
        }
        match self.budget {
            // What is known is old: one request finds out.
            Some(0) if self.under_way > 0 => return Admission::AfterAnswer,
            None if self.under_way >= self.width => return Admission::AfterAnswer,
            budget => self.budget = budget.map(|left| left.saturating_sub(1)),
        }
        self.under_way = self.under_way.saturating_add(1);
        Admission::Now
    }

    fn answered(&mut self, told: Told, now_ms: f64) {
        self.lost();
        let wait_ms = (told.reset_ms - now_ms).clamp(0.0, LONGEST_MS);
        if told.refused {
            self.budget = self.budget.and(Some(0));
            self.width = (self.width / 2).max(1);
            let again = f64::from(1_u32 << self.refusals.min(3));
            let untold_ms = REFUSED_MS * again;
            let wait_ms = if wait_ms.is_nan() { untold_ms } else { wait_ms };
            self.refusals = self.refusals.saturating_add(1);
            self.closed_until_ms = self.closed_until_ms.max(now_ms + wait_ms);
            return;
        }
        self.refusals = 0;
        if told.remaining >= 0.0 {
            // Those under way may not be counted yet.
            let left = (told.remaining as u32).saturating_sub(self.under_way);
            self.budget = Some(left);
            if left == 0 && wait_ms > 0.0 {
                self.closed_until_ms = now_ms + wait_ms;
            }
        } else {
            self.budget = None;
            self.width = self.width.saturating_mul(2).min(WIDEST);
        }
    }

    /// One of those under way came to an end without an answer.
    fn lost(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }
}

/// The gate that all calls of a client pass.
pub(crate) struct Limiter {
    pace: Cell<Pace>,
    /// What wakes those that wait, in their order. It is taken out when it is their turn.
    waiting: Set,
    timer: Cell<JsValue>,
}

/// The right to send one request.
pub(crate) struct Permit<'a>(&'a Limiter);

impl Limiter {
    pub(crate) fn new() -> Self {
        Self {
            pace: Cell::new(Pace::START),
            waiting: Set::new(&JsValue::UNDEFINED),
            timer: Cell::default(),
        }
    }

    /// Waits for the turn of one request.
    pub(crate) async fn permit(&self, signal: Option<&AbortSignal>) -> Result<Permit<'_>, Error> {
        if self.waiting.size() == 0 && self.admit() == Admission::Now {
            return Ok(Permit(self));
        }
        loop {
            let guard = Guard::new(f64::INFINITY, signal)?;
            let Deferred {
                promise, resolve, ..
            } = Deferred::new();
            self.waiting.add(&resolve);
            let mut place = Place {
                limiter: self,
                resolve,
                is_left: false,
            };
            self.wake();
            let woken = guard.race(Ok(promise.into())).await;
            if let Err(Broken::Aborted(reason)) = woken {
                return Err(Error::Caller(reason));
            }
            if self.waiting.has(&place.resolve) {
                // The timer went off: the gate opens, whatever the clock says by now.
                self.change(|pace| pace.closed_until_ms = 0.0);
                self.wake();
            }
            if !self.waiting.has(&place.resolve) {
                place.is_left = true;
                return Ok(Permit(self));
            }
        }
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

    /// Gives turns to those that wait, as far as the pace allows.
    fn wake(&self) {
        cancel(&self.timer.take());
        while let Some(Ok(first)) = self.waiting.values().into_iter().next() {
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
                    self.timer.replace(timer);
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
        self.0.change(|pace| pace.answered(told, Date::now()));
        self.0.wake();
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

#[cfg(test)]
mod tests {
    use super::*;

    const UNTOLD: Told = Told {
        remaining: f64::NAN,
        reset_ms: f64::NAN,
        refused: false,
    };

    fn told(remaining: f64, reset_ms: f64) -> Told {
        Told {
            remaining,
            reset_ms,
            refused: false,
        }
    }

    /// Sends as many as are admitted.
    fn admitted(pace: &mut Pace, now_ms: f64) -> u32 {
        (0..10_000)
            .take_while(|_| pace.admit(now_ms) == Admission::Now)
            .count() as u32
    }

    #[test]
    fn one_request_goes_first_and_its_answer_tells_how_many_follow() {
        let mut pace = Pace::START;
        assert_eq!(admitted(&mut pace, 0.0), 1);
        assert_eq!(pace.admit(0.0), Admission::AfterAnswer);
        pace.answered(told(9.0, 1_000.0), 10.0);
        assert_eq!(admitted(&mut pace, 10.0), 9);
        assert_eq!(pace.admit(10.0), Admission::AfterAnswer);
    }

    #[test]
    fn an_empty_budget_closes_the_gate_until_the_reset_and_then_one_finds_out() {
        let mut pace = Pace::START;
        admitted(&mut pace, 0.0);
        pace.answered(told(0.0, 2_000.0), 500.0);
        assert_eq!(pace.admit(500.0), Admission::In(1_500.0));
        assert_eq!(admitted(&mut pace, 2_000.0), 1);
        pace.answered(told(1.0, 3_000.0), 2_010.0);
        assert_eq!(admitted(&mut pace, 2_010.0), 1);
    }

    #[test]
    fn what_is_under_way_counts_against_what_remains() {
        let mut pace = Pace {
            under_way: 4,
            budget: Some(0),
            ..Pace::START
        };
        pace.answered(told(5.0, 1_000.0), 0.0);
        assert_eq!(admitted(&mut pace, 0.0), 2);
    }

    #[test]
    fn a_refusal_closes_the_gate_for_all_until_the_server_takes_more() {
        let mut pace = Pace {
            width: 8,
            under_way: 8,
            ..Pace::START
        };
        pace.answered(
            Told {
                refused: true,
                ..told(0.0, 3_000.0)
            },
            0.0,
        );
        assert_eq!(pace.admit(2_999.0), Admission::In(1.0));
        pace.answered(UNTOLD, 100.0);
        assert_eq!(pace.admit(2_999.0), Admission::In(1.0));
        let mut untold = Pace {
            under_way: 1,
            ..Pace::START
        };
        untold.answered(
            Told {
                refused: true,
                ..UNTOLD
            },
            0.0,
        );
        assert_eq!(untold.admit(0.0), Admission::In(REFUSED_MS));
        untold.answered(
            Told {
                refused: true,
                ..UNTOLD
            },
            REFUSED_MS,
        );
        assert_eq!(untold.admit(REFUSED_MS), Admission::In(2.0 * REFUSED_MS));
    }

    #[test]
    fn a_refusal_that_asks_for_no_wait_gets_none() {
        let mut pace = Pace {
            under_way: 1,
            ..Pace::START
        };
        pace.answered(
            Told {
                refused: true,
                reset_ms: 5.0,
                ..UNTOLD
            },
            5.0,
        );
        assert_eq!(pace.admit(5.0), Admission::Now);
    }

    #[test]
    fn a_server_cannot_close_the_gate_for_ever() {
        let mut pace = Pace {
            under_way: 1,
            ..Pace::START
        };
        pace.answered(told(0.0, 1e15), 0.0);
        assert_eq!(pace.admit(0.0), Admission::In(LONGEST_MS));
    }

    #[test]
    fn without_headers_twice_as_many_go_after_each_answer_up_to_a_width() {
        let mut pace = Pace::START;
        let mut width = 1;
        for _ in 0..10 {
            admitted(&mut pace, 0.0);
            assert_eq!(pace.under_way, width);
            pace.answered(UNTOLD, 0.0);
            width = (width * 2).min(WIDEST);
        }
        assert_eq!(width, WIDEST);
    }

    #[test]
    fn a_request_without_an_answer_makes_room() {
        let mut pace = Pace::START;
        admitted(&mut pace, 0.0);
        pace.lost();
        assert_eq!(admitted(&mut pace, 0.0), 1);
    }

    /// A server that takes `burst` requests, and two more in each second, and tells so.
    #[test]
    fn sixty_calls_on_a_bucket_of_ten_are_never_refused_and_take_little_more_than_they_must() {
        let (mut pace, mut tokens, mut filled_ms) = (Pace::START, 10.0_f64, 0.0_f64);
        let (mut sent, mut answers, mut now_ms) = (0, Vec::<(f64, Told)>::new(), 0.0_f64);
        while sent < 60 {
            while sent < 60 && pace.admit(now_ms) == Admission::Now {
                tokens = (tokens + (now_ms - filled_ms) * 2.0 / 1_000.0).min(10.0);
                filled_ms = now_ms;
                assert!(tokens >= 1.0, "refused at {now_ms} ms after {sent}");
                tokens -= 1.0;
                sent += 1;
                let reset_ms = (now_ms / 1_000.0).floor() * 1_000.0 + 1_000.0;
                answers.push((now_ms + 20.0, told(tokens.floor(), reset_ms)));
            }
            now_ms += 1.0;
            while answers.first().is_some_and(|(at, _)| *at <= now_ms) {
                let (_, told) = answers.remove(0);
                pace.answered(told, now_ms);
            }
        }
        let ideal_ms = (60.0 - 10.0) / 2.0 * 1_000.0;
        assert!(now_ms <= ideal_ms * 1.15, "{now_ms} ms");
    }
}
