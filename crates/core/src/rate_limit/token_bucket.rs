//! A token bucket whose rate adapts, for servers whose headers cannot be read. Pure: the clock is an argument.

/// Admits requests at a rate that grows a little with each response and halves with each refusal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenBucket {
    /// How many tokens it gains in a second.
    per_second: f64,
    capacity: f64,
    tokens: f64,
    updated_at_ms: f64,
}

impl TokenBucket {
    const MIN_PER_SECOND: f64 = 1.0;
    /// The rate does not grow beyond this. A higher initial rate stays.
    const MAX_PER_SECOND: f64 = 50.0;

    /// Makes a full bucket that holds the tokens of one second.
    pub(crate) fn new(per_second: f64, now_ms: f64) -> Self {
        let capacity = per_second.max(1.0);
        Self {
            per_second,
            capacity,
            tokens: capacity,
            updated_at_ms: now_ms,
        }
    }

    /// Takes a token; returns in how many milliseconds there is one if there is none.
    pub(crate) fn take(&mut self, now_ms: f64) -> Option<f64> {
        let elapsed_ms = (now_ms - self.updated_at_ms).max(0.0);
        self.updated_at_ms = now_ms;
        self.tokens = (self.tokens + elapsed_ms * self.per_second / 1_000.0).min(self.capacity);
        if self.tokens < 1.0 {
            return Some((1.0 - self.tokens) / self.per_second * 1_000.0);
        }
        self.tokens -= 1.0;
        None
    }

    /// Makes sure that there is a token.
    pub(crate) fn refill_one(&mut self) {
        self.tokens = self.tokens.max(1.0);
    }

    /// Raises the rate after a response.
    pub(crate) fn speed_up(&mut self) {
        if self.per_second < Self::MAX_PER_SECOND {
            self.per_second += 0.1;
        }
    }

    /// Halves the rate and empties the bucket after a refusal.
    pub(crate) fn slow_down(&mut self) {
        self.per_second = (self.per_second / 2.0).max(Self::MIN_PER_SECOND);
        self.tokens = 0.0;
    }

    /// Returns how many tokens it gains in a second.
    #[cfg(test)]
    pub(crate) fn per_second(&self) -> f64 {
        self.per_second
    }
}
