//! The rate limit: a token bucket that is refilled at the top of every second.

/// Size and refill of the bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// How many requests a full bucket lets through at once.
    pub burst: u32,
    /// How many more per second.
    pub per_second: f64,
    /// Whether a refusal carries `retry-after` too; the API itself documents only `x-ratelimit-*`.
    pub retry_after: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    rate: Rate,
    /// Fractions of a request add up over several seconds.
    filled: f64,
    second: u64,
}

/// What the three headers say, and whether the request may pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub allowed: bool,
    pub limit: u32,
    pub remaining: u64,
    /// Unix second of the next refill that lets a request through.
    pub reset: u64,
    pub retry_after: Option<u64>,
}

impl Bucket {
    pub(crate) fn new(rate: Rate) -> Self {
        Self {
            rate,
            filled: f64::from(rate.burst),
            second: 0,
        }
    }

    pub(crate) fn take(&mut self, now_ms: u64) -> Verdict {
        let second = now_ms / 1000;
        let passed = second.saturating_sub(self.second) as f64;
        self.second = self.second.max(second);
        self.filled =
            (passed.mul_add(self.rate.per_second, self.filled)).min(f64::from(self.rate.burst));
        let allowed = self.filled >= 1.0;
        if allowed {
            self.filled -= 1.0;
        }
        let wait = self.seconds_to_one_more();
        Verdict {
            allowed,
            limit: self.rate.burst,
            remaining: self.filled as u64,
            reset: self.second.saturating_add(wait),
            retry_after: (!allowed && self.rate.retry_after).then_some(wait),
        }
    }

    fn seconds_to_one_more(&self) -> u64 {
        let lacking = 1.0 - self.filled.fract();
        let seconds = (lacking / self.rate.per_second).ceil();
        // A rate of nothing never refills; far away is the best that can be said.
        if seconds.is_finite() {
            (seconds as u64).clamp(1, 86_400)
        } else {
            86_400
        }
    }
}
