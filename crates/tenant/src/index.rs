//! Places by a number that is made from a value.
//!
//! A number says less than its value, so what is found has to be looked at again: an index names candidates. In return
//! an entry takes sixteen bytes, whatever the value is.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::ops::RangeInclusive;

#[derive(Clone, Debug, Default)]
pub(crate) struct Index(BTreeSet<(u64, u32)>);

impl Index {
    pub(crate) fn of(entries: Vec<(u64, u32)>) -> Self {
        Self(entries.into_iter().collect())
    }

    pub(crate) fn add(&mut self, key: u64, slot: u32) {
        self.0.insert((key, slot));
    }

    pub(crate) fn remove(&mut self, key: u64, slot: u32) {
        self.0.remove(&(key, slot));
    }

    /// The places with exactly this number.
    pub(crate) fn at(&self, key: u64) -> impl Iterator<Item = u32> {
        self.within(key..=key)
    }

    /// The places with a number in this range.
    pub(crate) fn within(&self, keys: RangeInclusive<u64>) -> impl Iterator<Item = u32> {
        let (low, high) = keys.into_inner();
        // An empty range is no mistake of whoever asks for it.
        let range = (low <= high).then(|| self.0.range((low, 0)..=(high, u32::MAX)));
        range.into_iter().flatten().map(|(_, slot)| *slot)
    }

    /// Every number with its place, by number.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = (u64, u32)> {
        self.0.iter().copied()
    }
}

/// A number for a text that is to be found as a whole; the same on every machine.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// A number for a text that keeps the order of texts: its first eight bytes, the missing ones filled.
pub(crate) fn prefix(text: &str, fill: u8) -> u64 {
    let mut bytes = [fill; 8];
    for (place, byte) in bytes.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    u64::from_be_bytes(bytes)
}

/// A number that keeps the order of numbers.
pub(crate) fn number(value: f64) -> u64 {
    // 0.0 and -0.0 are equal and have to be found under one number.
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 {
        bits | 1 << 63
    } else {
        !bits
    }
}

#[cfg(test)]
mod tests {
    use super::{number, prefix};

    #[test]
    fn order_is_kept() {
        let numbers = [f64::NEG_INFINITY, -2.5, -1.0, 0.0, 1e-9, 3.0, f64::INFINITY];
        assert!(numbers.map(number).is_sorted());
        assert_eq!(number(0.0), number(-0.0));
        let texts = ["", "a", "ab", "abcdefgh", "abcdefghi", "b", "é"];
        assert!(texts.map(|text| prefix(text, 0)).is_sorted());
        assert!(prefix("ab", 0) < prefix("abz", 0) && prefix("abz", 0xff) < prefix("ab", 0xff));
    }
}
