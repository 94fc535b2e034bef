//! Timestamps as the API writes them.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

/// The last instant of the year 9999: later ones have no four-digit year.
const LAST: u64 = 253_402_300_799_999;

/// Milliseconds since the epoch as `2024-01-31T09:08:07.006Z`.
pub(crate) fn iso(ms: u64) -> String {
    UNIX_EPOCH
        .checked_add(Duration::from_millis(ms.min(LAST)))
        .map(|time| humantime::format_rfc3339_millis(time).to_string())
        .unwrap_or_default()
}

/// Milliseconds since the epoch as the header `date` has them: `Wed, 31 Jan 2024 09:08:07 GMT`.
pub(crate) fn http(ms: u64) -> String {
    UNIX_EPOCH
        .checked_add(Duration::from_millis(ms.min(LAST)))
        .map(httpdate::fmt_http_date)
        .unwrap_or_default()
}

/// Milliseconds since the epoch from such a text, or from a number that is that already.
pub(crate) fn read(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => parse(text),
        other => other.as_u64(),
    }
}

pub(crate) fn parse(text: &str) -> Option<u64> {
    let time = humantime::parse_rfc3339(text).ok()?;
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_header_has_whole_seconds() {
        assert_eq!(
            super::http(1_706_692_087_999),
            "Wed, 31 Jan 2024 09:08:07 GMT"
        );
        assert_eq!(super::http(u64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}
