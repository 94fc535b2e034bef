//! The module as the text of a JavaScript string.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::process;

/// How many bytes are one character each: as many as there are printable characters without the quote, the backslash
/// and the two prefixes.
const SINGLE: usize = 88;

/// Writes each byte as one printable ASCII character if it is among the [`SINGLE`] most frequent ones, else as a prefix
/// and one. The frequent bytes are written first, in their order.
///
/// In base64 a byte looks different in each of three positions, so that compressors find little that repeats. Here it
/// always looks the same: compressed, the text takes little more than the module, a quarter less than its base64.
/// `pkg-template/src/client/decode.ts` has the way back.
pub fn encode(bytes: &[u8]) -> String {
    let count = |byte: u8| bytes.iter().filter(|other| **other == byte).count();
    let mut by_count: Vec<_> = (0..=u8::MAX)
        .map(|byte| (Reverse(count(byte)), byte))
        .collect();
    by_count.sort_unstable();
    let (frequent, rare) = by_count.split_at(SINGLE);
    let sorted = |bytes: &[(Reverse<usize>, u8)]| -> BTreeSet<u8> {
        bytes.iter().map(|(_, byte)| *byte).collect()
    };
    let (frequent, rare) = (sorted(frequent), sorted(rare));
    let places: BTreeMap<u8, usize> = frequent.iter().chain(&rare).copied().zip(0..).collect();
    let places = bytes.iter().filter_map(|byte| places.get(byte).copied());

    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for number in frequent.iter().copied().map(usize::from).chain(places) {
        match number / SINGLE {
            1 => text.push('}'),
            2 => text.push('~'),
            _ => {}
        }
        text.extend(('#'..='|').filter(|c| *c != '\\').nth(number % SINGLE));
    }
    text
}

/// Compresses a file first, which leaves nothing to gain from how a byte looks, and writes it in base64. For what is
/// large and not loaded by users: the text is half as long, and getting the bytes back takes some milliseconds and code.
pub fn compress(file: &Path) -> Result<String> {
    process::gzip(file).map(|bytes| BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test that fails has to say where"
)]
mod tests {
    use super::{SINGLE, encode};

    /// The way back.
    fn decode(text: &str) -> Vec<u8> {
        let mut numbers = Vec::new();
        let mut high = 0;
        for c in text.chars() {
            match c {
                '}' => high = SINGLE,
                '~' => high = 2 * SINGLE,
                _ => {
                    let code = u32::from(c) as usize;
                    numbers.push(high + code - if c > '\\' { 36 } else { 35 });
                    high = 0;
                }
            }
        }
        let places = numbers.split_off(SINGLE);
        let rare = (0..256).filter(|byte| !numbers.contains(byte));
        let bytes: Vec<usize> = numbers.iter().copied().chain(rare).collect();
        places.iter().map(|place| bytes[*place] as u8).collect()
    }

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let uneven = [&all[..], &[200; 9], b"\\\"~}"].concat();
        for bytes in [&[][..], &all, &uneven] {
            let text = encode(bytes);
            assert!(text.chars().all(|c| c.is_ascii_graphic()));
            assert!(!text.contains(['"', '\\']));
            assert_eq!(decode(&text), bytes);
        }
    }

    #[test]
    fn frequent_bytes_are_one_character() {
        let more = encode(&[200; 1_000]).len() - encode(&[200]).len();
        assert_eq!(more, 999);
    }
}
