//! The rate limit: a token bucket that is refilled at the start of each second.

/// The capacity and the refill rate of a token bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The capacity of the bucket, in requests.
    pub burst: u32,
    /// The refill rate, in requests per second.
    pub per_second: f64,
    /// Whether refusals have a `retry-after` header; the API documents only `x-ratelimit-*`.
    pub retry_after: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct TokenBucket {
    rate: Rate,
    /// Includes fractions, which add up over several seconds.
    tokens: f64,
    second: u64,
}

/// Whether a request is allowed, and the values of the headers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision {
    pub allowed: bool,
    pub limit: u32,
    pub remaining: u64,
    /// The Unix time of the next refill that allows a request, in seconds.
    pub reset: u64,
    pub retry_after: Option<u64>,
}

impl TokenBucket {
    pub(crate) fn new(rate: Rate) -> Self {
        Self {
            rate,
            tokens: f64::from(rate.burst),
            second: 0,
        }
    }

    /// Takes a token for a request.
    pub(crate) fn take(&mut self, now_ms: u64) -> Decision {
        let second = now_ms / 1000;
        let passed = second.saturating_sub(self.second) as f64;
        self.second = self.second.max(second);
        self.tokens =
            (passed.mul_add(self.rate.per_second, self.tokens)).min(f64::from(self.rate.burst));
        let allowed = self.tokens >= 1.0;
        if allowed {
            self.tokens -= 1.0;
        }
        let wait = self.seconds_to_next_token();
        Decision {
            allowed,
            limit: self.rate.burst,
            remaining: self.tokens as u64,
            reset: self.second.saturating_add(wait),
            retry_after: (!allowed && self.rate.retry_after).then_some(wait),
        }
    }

    fn seconds_to_next_token(&self) -> u64 {
        let missing = 1.0 - self.tokens.fract();
        let seconds = (missing / self.rate.per_second).ceil();
        // A bucket that is not refilled reports the longest wait, a day.
        if seconds.is_finite() {
            (seconds as u64).clamp(1, 86_400)
        } else {
            86_400
        }
    }
}
