//! The module as the text of a JavaScript string.

use std::path::Path;

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::process;

/// Bytes from 0 are one character each, as many as there are printable characters without the quote, the backslash
/// and the two prefixes.
const SINGLE: u8 = 88;

/// Writes each byte as one printable ASCII character, or as a prefix and one.
///
/// In base64 a byte looks different in each of three positions, so that compressors find little that repeats. Here it
/// always looks the same: compressed, the text takes what the module takes, a quarter less than its base64; and it is
/// shorter to begin with, because most bytes of a module are small. `pkg-template/src/client/decode.ts` has the way back.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        match byte / SINGLE {
            1 => text.push('}'),
            2 => text.push('~'),
            _ => {}
        }
        let character = b'#'.saturating_add(byte % SINGLE);
        let beyond_backslash = u8::from(character >= b'\\');
        text.push(char::from(character.saturating_add(beyond_backslash)));
    }
    text
}

/// Compresses a file first, which leaves nothing to gain from how a byte looks, and writes it in base64. For what is
/// large and not loaded by users: the text is half as long, and getting the bytes back takes some milliseconds and code.
pub fn compress(file: &Path) -> Result<String> {
    process::gzip(file).map(|bytes| BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::encode;

    #[test]
    fn every_byte_has_its_own_printable_text() {
        let texts: HashSet<_> = (0..=u8::MAX).map(|byte| encode(&[byte])).collect();
        assert_eq!(texts.len(), 256);
        let joined: String = texts.into_iter().collect();
        assert!(joined.chars().all(|c| c.is_ascii_graphic()));
        assert!(!joined.contains(['"', '\\']));
    }

    #[test]
    fn the_limits_of_the_ranges() {
        assert_eq!(encode(&[0, 56, 57, 87]), "#[]{");
        assert_eq!(encode(&[88, 175, 176, 255]), "}#}{~#~s");
    }
}
