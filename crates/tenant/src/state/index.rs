//! Indexes from the key of a value to the slots of users.
//!
//! A key is a 64-bit number that different values can share, so a lookup returns candidates that the caller compares
//! again. In return an entry takes 16 bytes, however long the value is.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::ops::RangeInclusive;

/// Slots ordered by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(BTreeSet<(u64, u32)>);

impl Index {
    pub(crate) fn from_entries(entries: Vec<(u64, u32)>) -> Self {
        Self(entries.into_iter().collect())
    }

    pub(crate) fn add(&mut self, key: u64, slot: u32) {
        self.0.insert((key, slot));
    }

    pub(crate) fn remove(&mut self, key: u64, slot: u32) {
        self.0.remove(&(key, slot));
    }

    /// Returns the slots with this key.
    pub(crate) fn at(&self, key: u64) -> impl Iterator<Item = u32> {
        self.within(key..=key)
    }

    /// Returns the slots with a key in this range.
    pub(crate) fn within(&self, keys: RangeInclusive<u64>) -> impl Iterator<Item = u32> {
        let (low, high) = keys.into_inner();
        // `BTreeSet::range` panics if the range is reversed.
        let range = (low <= high).then(|| self.0.range((low, 0)..=(high, u32::MAX)));
        range.into_iter().flatten().map(|(_, slot)| *slot)
    }

    /// Returns all entries, ordered by key.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = (u64, u32)> {
        self.0.iter().copied()
    }
}

/// Returns the key of a text that is looked up as a whole; the same on every machine.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Returns a key that keeps the order of texts: the first eight bytes, padded with `fill`.
pub(crate) fn prefix(text: &str, fill: u8) -> u64 {
    let mut bytes = [fill; 8];
    for (slot, byte) in bytes.iter_mut().zip(text.bytes()) {
        *slot = byte;
    }
    u64::from_be_bytes(bytes)
}

/// Returns a key that keeps the order of numbers.
pub(crate) fn number(value: f64) -> u64 {
    // 0.0 and -0.0 are equal, so they need one key.
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
    fn keys_keep_the_order_of_values() {
        let numbers = [f64::NEG_INFINITY, -2.5, -1.0, 0.0, 1e-9, 3.0, f64::INFINITY];
        assert!(numbers.map(number).is_sorted());
        assert_eq!(number(0.0), number(-0.0));
        let texts = ["", "a", "ab", "abcdefgh", "abcdefghi", "b", "é"];
        assert!(texts.map(|text| prefix(text, 0)).is_sorted());
        assert!(prefix("ab", 0) < prefix("abz", 0) && prefix("abz", 0xff) < prefix("ab", 0xff));
    }
}
