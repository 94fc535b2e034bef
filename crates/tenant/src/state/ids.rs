//! Identifiers and codes in the formats of the API, from a seeded generator.

use fastrand::Rng;
use serde_json::Value;

use crate::state::snapshot::{Snapshot, U64Text};

const HEX: &[u8] = b"0123456789abcdef";
const ALNUM: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The tenant's only source of randomness.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    rng: Rng,
}

impl Snapshot for Ids {
    fn to_snapshot(&self) -> Value {
        U64Text(self.rng.get_seed()).to_snapshot()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        U64Text::from_snapshot(value).map(|seed| Self::new(seed.0))
    }
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
        }
    }

    /// Derives an independent generator.
    pub(crate) fn fork(&mut self) -> Self {
        Self {
            rng: self.rng.fork(),
        }
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| self.rng.choice(alphabet).map(|byte| char::from(*byte)))
            .collect()
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.text(HEX, length)
    }

    pub(crate) fn alnum(&mut self, length: usize) -> String {
        self.text(ALNUM, length)
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.text(b"0123456789", length)
    }

    /// Returns 24 characters of A-Z0-9.
    pub(crate) fn recovery_code(&mut self) -> String {
        self.text(UPPER, 24)
    }

    /// Returns 24 hexadecimal digits; the first eight are the time in seconds.
    pub(crate) fn object_id(&mut self, now: u64) -> String {
        let seconds = (now / 1000) & 0xffff_ffff;
        format!("{seconds:08x}{}", self.hex(16))
    }

    /// Returns a number below `bound`, or 0 if the bound is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            0
        } else {
            self.rng.usize(0..bound)
        }
    }

    /// Returns true with a probability of `percent`.
    pub(crate) fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(0..100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        self.rng.choice(items)
    }
}
