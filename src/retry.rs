//! When a call is sent again, and after how long. Pure: no clock, no randomness of its own.

use crate::{operations::Repeat, request::number};

/// How one attempt ended, as far as sending it again goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// An answer with this status.
    Answered(u16),
    /// The connection was never made, so the server cannot have done anything.
    Unsent,
    /// The connection broke: nobody knows what the server did.
    Lost,
    /// There is nothing to be gained by another try.
    Unclear,
}

/// The longest wait that a server may ask for, in milliseconds.
const LONGEST_MS: f64 = 60_000.0;
/// The first wait without a hint is at most this long, in milliseconds; each further one doubles it.
const FIRST_MS: f64 = 1_000.0;

/// May a call that ended like this be sent again?
pub(crate) fn may_repeat(repeat: Repeat, ending: Ending) -> bool {
    match ending {
        Ending::Answered(429) | Ending::Unsent => true,
        Ending::Answered(408 | 500..) | Ending::Lost => repeat == Repeat::Safe,
        Ending::Answered(_) | Ending::Unclear => false,
    }
}

/// How long to wait before attempt number `attempts + 1`, in milliseconds.
///
/// The server's own hint counts; without one, any moment up to an exponentially growing limit is as
/// good as any other, which spreads callers that failed together. `random` is in `0.0..1.0`.
pub(crate) fn wait_ms(attempts: u32, hint_ms: Option<f64>, random: f64) -> f64 {
    match hint_ms {
        Some(ms) => ms.clamp(0.0, LONGEST_MS),
        None => {
            random
                * (FIRST_MS * f64::from(1_u32 << attempts.saturating_sub(1).min(10)))
                    .min(LONGEST_MS)
        }
    }
}

/// The server's hint in milliseconds, out of `Retry-After` (seconds, or a date in milliseconds as
/// `date_ms` reads it) and `X-RateLimit-Reset` (Unix seconds).
pub(crate) fn hint_ms(
    retry_after: Option<&str>,
    reset: Option<&str>,
    now_ms: f64,
    date_ms: &dyn Fn(&str) -> f64,
) -> Option<f64> {
    let number = |text: &str| number(text).map(f64::from);
    let until = |at_ms: f64| Some(at_ms - now_ms).filter(|ms| *ms > 0.0);
    let asked = retry_after.and_then(|text| match number(text) {
        Some(seconds) => Some(seconds * 1_000.0),
        None => until(date_ms(text)),
    });
    asked.or_else(|| {
        reset
            .and_then(number)
            .and_then(|seconds| until(seconds * 1_000.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_repeated_only_when_the_server_cannot_have_done_it() {
        for (ending, safe, never) in [
            (Ending::Answered(200), false, false),
            (Ending::Answered(400), false, false),
            (Ending::Answered(404), false, false),
            (Ending::Answered(408), true, false),
            (Ending::Answered(409), false, false),
            (Ending::Answered(429), true, true),
            (Ending::Answered(500), true, false),
            (Ending::Answered(502), true, false),
            (Ending::Answered(599), true, false),
            (Ending::Unsent, true, true),
            (Ending::Lost, true, false),
            (Ending::Unclear, false, false),
        ] {
            assert_eq!(may_repeat(Repeat::Safe, ending), safe, "{ending:?}");
            assert_eq!(may_repeat(Repeat::Never, ending), never, "{ending:?}");
        }
    }

    #[test]
    fn a_wait_without_a_hint_doubles_its_limit_and_stays_bounded() {
        for (attempts, limit) in [
            (0, 1e3),
            (1, 1e3),
            (2, 2e3),
            (3, 4e3),
            (7, 6e4),
            (u32::MAX, 6e4),
        ] {
            assert_eq!(wait_ms(attempts, None, 1.0), limit);
            assert_eq!(wait_ms(attempts, None, 0.0), 0.0);
            assert_eq!(wait_ms(attempts, None, 0.25), limit / 4.0);
        }
    }

    #[test]
    fn a_hint_counts_as_it_is_up_to_a_minute() {
        for (hint, wait) in [(0.0, 0.0), (1_500.0, 1_500.0), (3_600_000.0, 60_000.0)] {
            assert_eq!(wait_ms(1, Some(hint), 0.5), wait);
        }
    }

    #[test]
    fn hints_are_read_in_every_form() {
        let now = 1_000_000.0;
        let date = |text: &str| {
            if text == "later" {
                now + 5_000.0
            } else {
                f64::NAN
            }
        };
        for (retry_after, reset, expected) in [
            (Some("2"), None, Some(2_000.0)),
            (Some("0"), None, Some(0.0)),
            (Some("3"), Some("1009"), Some(3_000.0)),
            (Some("later"), None, Some(5_000.0)),
            (Some("nonsense"), None, None),
            (Some("nonsense"), Some("1002"), Some(2_000.0)),
            (None, Some("1004"), Some(4_000.0)),
            (None, Some("999"), None),
            (None, Some(""), None),
            (None, None, None),
        ] {
            assert_eq!(
                hint_ms(retry_after, reset, now, &date),
                expected,
                "{retry_after:?} {reset:?}"
            );
        }
    }
}
