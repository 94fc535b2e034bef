//! When a request may be sent, from the server's rate-limit headers. Pure: the clock is an argument.

use core::cmp::Ordering;

use super::headers::RateLimitHeaders;
use super::token_bucket::TokenBucket;

/// The most requests in flight at once.
const MAX_IN_FLIGHT: f64 = 64.0;
/// The pause after a refusal without `Retry-After`, in milliseconds. Each further consecutive one doubles it, up to
/// eight seconds.
const FIRST_PAUSE_MS: f64 = 1_000.0;
/// The longest pause that a server can ask for, in milliseconds.
const MAX_PAUSE_MS: f64 = 60_000.0;
/// The refill rate of Auth0's smallest plan.
const DEFAULT_PER_SECOND: f64 = 2.0;

/// Whether a request may be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Admission {
    /// It may, and counts as in flight.
    Now,
    /// It may in this many milliseconds.
    In(f64),
    /// It may after the next response.
    AfterResponse,
}

/// The position of a request in the order of sending. It tells how current its response is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence {
    /// How many refusals came before it.
    refusals: u32,
    number: u32,
    /// Whether no other request was in flight.
    is_alone: bool,
}

/// Decides when requests are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) in_flight: u32,
    /// How many more requests the server accepts, if it says so.
    pub(crate) remaining: Option<u32>,
    /// The limit of the last response; NaN if it has none.
    pub(crate) limit: f64,
    /// The latest reset of any response; NaN before the first.
    pub(crate) reset_ms: f64,
    /// Nothing is sent before this time.
    pub(crate) paused_until_ms: f64,
    /// The most requests in flight while `remaining` is unknown.
    window: f64,
    /// Whether the window doubles with each round trip: until the first refusal.
    slow_start: bool,
    consecutive_refusals: u32,
    /// All refusals, where those of requests that were in flight together count once.
    refusals: u32,
    /// The number of the next request.
    next_number: u32,
    /// The highest number that has a response.
    newest_response: Option<u32>,
    /// The initial rate of the bucket.
    fallback_per_second: f64,
    /// Limits the rate where headers cannot be read.
    bucket: Option<TokenBucket>,
}

impl Policy {
    const START: Self = Self {
        in_flight: 0,
        remaining: None,
        limit: f64::NAN,
        reset_ms: f64::NAN,
        paused_until_ms: 0.0,
        window: 1.0,
        slow_start: true,
        consecutive_refusals: 0,
        refusals: 0,
        next_number: 0,
        newest_response: None,
        fallback_per_second: DEFAULT_PER_SECOND,
        bucket: None,
    };

    /// Starts with a rate in requests per second for servers whose headers cannot be read.
    pub(crate) fn new(fallback_per_second: Option<f64>) -> Self {
        Self {
            fallback_per_second: fallback_per_second.unwrap_or(DEFAULT_PER_SECOND),
            ..Self::START
        }
    }

    /// Admits a request, or returns when to ask again.
    pub(crate) fn admit(&mut self, now_ms: f64) -> Admission {
        if now_ms < self.paused_until_ms {
            // The clock may have been set back since.
            return Admission::In((self.paused_until_ms - now_ms).min(MAX_PAUSE_MS));
        }
        if self.paused_until_ms > 0.0 {
            self.end_pause();
        }
        let in_flight = f64::from(self.in_flight);
        match self.remaining {
            // The count is outdated once nothing is in flight: then one request finds out.
            Some(0) if self.in_flight > 0 => return Admission::AfterResponse,
            Some(_) if in_flight >= MAX_IN_FLIGHT => return Admission::AfterResponse,
            None if in_flight + 1.0 > self.window => return Admission::AfterResponse,
            _ => {}
        }
        if let Some(bucket) = &mut self.bucket
            && let Some(wait_ms) = bucket.take(now_ms)
        {
            return Admission::In(wait_ms);
        }
        self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(1));
        self.in_flight = self.in_flight.saturating_add(1);
        Admission::Now
    }

    /// Numbers a request that was admitted.
    pub(crate) fn next_sequence(&mut self) -> Sequence {
        let number = self.next_number;
        self.next_number = number.wrapping_add(1);
        Sequence {
            refusals: self.refusals,
            number,
            is_alone: self.in_flight <= 1,
        }
    }

    /// Updates the state with the headers of a response.
    pub(crate) fn on_response(
        &mut self,
        headers: RateLimitHeaders,
        sequence: Sequence,
        now_ms: f64,
    ) {
        self.release();
        let is_overtaken = self
            .newest_response
            .is_some_and(|newest| sequence.number < newest);
        self.newest_response = self.newest_response.max(Some(sequence.number));
        let reset_in_ms = (headers.reset_ms - now_ms).clamp(0.0, MAX_PAUSE_MS);
        // Requests and responses overtake each other. A count may be too high unless its request was alone, or belongs
        // to a later period.
        let is_current = sequence.is_alone && !is_overtaken;
        let is_later = headers.reset_ms.partial_cmp(&self.reset_ms) == Some(Ordering::Greater);
        let may_be_outdated = !is_current && !is_later;
        self.limit = headers.limit;
        let latest_ms = self.reset_ms.max(headers.reset_ms);
        self.reset_ms = latest_ms.clamp(0.0, now_ms + MAX_PAUSE_MS);
        if headers.is_unreadable {
            self.bucket
                .get_or_insert(TokenBucket::new(self.fallback_per_second, now_ms));
        } else if headers.remaining >= 0.0 {
            self.bucket = None;
        }
        if headers.is_refused {
            self.remaining = self.remaining.and(Some(0));
            if sequence.refusals == self.refusals {
                self.pause(reset_in_ms, now_ms);
            }
            return;
        }
        self.consecutive_refusals = 0;
        if headers.remaining >= 0.0 {
            // The server may not have counted those in flight yet.
            let left = (headers.remaining as u32).saturating_sub(self.in_flight);
            let left = match self.remaining {
                Some(known) if may_be_outdated => left.min(known),
                _ => left,
            };
            self.remaining = Some(left);
            if left == 0 && reset_in_ms > 0.0 {
                self.paused_until_ms = now_ms + reset_in_ms;
            }
            return;
        }
        self.remaining = None;
        let growth = if self.slow_start {
            self.window
        } else {
            1.0 / self.window
        };
        self.window = (self.window + growth).min(MAX_IN_FLIGHT);
        if let Some(bucket) = &mut self.bucket {
            bucket.speed_up();
        }
    }

    /// Pauses after a refusal: as long as the server says, and longer with each consecutive one.
    fn pause(&mut self, reset_in_ms: f64, now_ms: f64) {
        let factor = f64::from(1_u32 << self.consecutive_refusals.min(3));
        let backoff_ms = FIRST_PAUSE_MS * factor;
        let wait_ms = if reset_in_ms.is_nan() {
            backoff_ms
        } else if self.consecutive_refusals == 0 {
            reset_in_ms
        } else {
            reset_in_ms.max(backoff_ms / 2.0)
        };
        self.paused_until_ms = self.paused_until_ms.max(now_ms + wait_ms);
        self.consecutive_refusals = self.consecutive_refusals.saturating_add(1);
        self.refusals = self.refusals.wrapping_add(1);
        self.window = (self.window / 2.0).max(1.0);
        self.slow_start = false;
        if let Some(bucket) = &mut self.bucket {
            bucket.slow_down();
        }
    }

    /// Lets the next request through, whatever the clock says.
    pub(crate) fn resume(&mut self) {
        self.end_pause();
        if let Some(bucket) = &mut self.bucket {
            bucket.refill_one();
        }
    }

    /// Allows one request that finds out how many the server accepts, even if others have no response yet.
    fn end_pause(&mut self) {
        self.paused_until_ms = 0.0;
        self.remaining = self.remaining.map(|remaining| remaining.max(1));
    }

    /// Counts a request as no longer in flight.
    pub(crate) fn release(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests;
