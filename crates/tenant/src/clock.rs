//! Timestamps as the API writes them.

use std::time::{Duration, UNIX_EPOCH};

/// The last instant of the year 9999: later ones have no four-digit year.
const LAST: u64 = 253_402_300_799_999;

/// Milliseconds since the epoch as `2024-01-31T09:08:07.006Z`.
pub(crate) fn iso(ms: u64) -> String {
    UNIX_EPOCH
        .checked_add(Duration::from_millis(ms.min(LAST)))
        .map(|time| humantime::format_rfc3339_millis(time).to_string())
        .unwrap_or_default()
}
