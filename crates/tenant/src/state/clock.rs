//! Timestamps in the formats of the API.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

/// The last instant with a four-digit year.
const LAST: u64 = 253_402_300_799_999;

/// Formats milliseconds since the epoch as `2024-01-31T09:08:07.006Z`.
pub(crate) fn iso(ms: u64) -> String {
    UNIX_EPOCH
        .checked_add(Duration::from_millis(ms.min(LAST)))
        .map(|time| humantime::format_rfc3339_millis(time).to_string())
        .unwrap_or_default()
}

/// Formats milliseconds since the epoch for a `date` header: `Wed, 31 Jan 2024 09:08:07 GMT`.
pub(crate) fn http(ms: u64) -> String {
    UNIX_EPOCH
        .checked_add(Duration::from_millis(ms.min(LAST)))
        .map(httpdate::fmt_http_date)
        .unwrap_or_default()
}

/// Reads milliseconds since the epoch from an RFC 3339 string or from a number.
pub(crate) fn read(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => parse(text),
        other => other.as_u64(),
    }
}

/// Parses an RFC 3339 timestamp into milliseconds since the epoch.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let time = humantime::parse_rfc3339(text).ok()?;
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn http_dates_have_whole_seconds() {
        assert_eq!(
            super::http(1_706_692_087_999),
            "Wed, 31 Jan 2024 09:08:07 GMT"
        );
        assert_eq!(super::http(u64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}
