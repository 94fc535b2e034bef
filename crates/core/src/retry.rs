//! When a call is sent again, and after how long. Pure: no clock, no randomness of its own.

use crate::operations::Idempotency;

/// How one attempt ended, as far as sending it again goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// An error of the API's own form, with this status.
    Answered(u16),
    /// An answer with this status that is not the API's, such as a gateway's page or a redirect: it proves nothing
    /// about what the API did.
    Foreign(u16),
    /// The API refuses a proxy's token, as it would the next time. Without the proxy's header that proves nothing.
    Lasting,
    /// The request never got to the API, so it cannot have done anything.
    Unsent,
    /// A proxy did not accept what is to prove that a change comes from a page of the caller's own.
    CsrfRefused,
    /// The answer is lost: the API may have acted or not.
    Lost,
    /// No answer in time: the API may have acted, or may still act.
    Late,
    /// The caller or their code ended it before anything was sent, or a proxy has no right to send it.
    Over,
}

/// What a proxy says in a header of its own about the change that it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The API was not asked, or cannot have acted.
    NotSent,
    /// The API may have acted or not.
    Unknown,
}

/// Classifies an answer that is no success. `is_api` says whether it has the API's own form; `outcome` is a proxy's
/// word, which counts more.
pub(crate) fn answered(
    status: u16,
    is_api: bool,
    outcome: Option<Outcome>,
    error_code: Option<&str>,
) -> Ending {
    match (outcome, status) {
        (Some(Outcome::Unknown), _) => Ending::Lost,
        (_, 500..) if is_api && error_code == Some("upstream_unauthorized") => match outcome {
            Some(_) => Ending::Over,
            None => Ending::Lasting,
        },
        (Some(Outcome::NotSent), 408 | 500..) => Ending::Unsent,
        (None, _) if !is_api => Ending::Foreign(status),
        (_, 403) if error_code == Some("invalid_csrf_token") => Ending::CsrfRefused,
        _ => Ending::Answered(status),
    }
}

/// The longest wait that a server may ask for, in milliseconds.
const LONGEST_MS: f64 = 60_000.0;
/// The first wait without a hint is at most this long, in milliseconds; each further one doubles it.
const FIRST_MS: f64 = 1_000.0;

/// May a call that ended like this be sent again?
pub(crate) fn may_repeat(idempotency: Idempotency, ending: Ending) -> bool {
    match ending {
        Ending::Answered(429) | Ending::Unsent => true,
        Ending::Answered(408 | 500..) | Ending::Foreign(408 | 429 | 500..) | Ending::Lost => {
            idempotency == Idempotency::Idempotent
        }
        _ => false,
    }
}

/// May the API have carried out a call whose attempt ended like this?
pub(crate) fn may_have_acted(ending: Ending) -> bool {
    matches!(
        ending,
        Ending::Answered(408 | 500..)
            | Ending::Foreign(_)
            | Ending::Lasting
            | Ending::Lost
            | Ending::Late
    )
}

/// May the server still carry out a call whose attempt ended like this? Its own 500 says that it has given up; another
/// server's error says nothing about it.
pub(crate) fn may_still_act(ending: Ending) -> bool {
    may_have_acted(ending) && ending != Ending::Answered(500)
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

/// The server's hint in milliseconds: `Retry-After` as seconds or as a moment, or the moment of
/// `X-RateLimit-Reset`, these in milliseconds; NaN where there is none.
pub(crate) fn hint_ms(seconds: f64, moments_ms: [f64; 2], now_ms: f64) -> Option<f64> {
    if seconds >= 0.0 {
        return Some(seconds * 1_000.0);
    }
    let until = moments_ms.map(|moment| moment - now_ms);
    until.into_iter().find(|ms| *ms > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_repeated_only_when_the_server_cannot_have_done_it() {
        for (ending, safe, never, acted) in [
            (Ending::Answered(0), false, false, false),
            (Ending::Foreign(0), false, false, true),
            (Ending::Foreign(200), false, false, true),
            (Ending::Foreign(302), false, false, true),
            (Ending::Foreign(404), false, false, true),
            (Ending::Foreign(408), true, false, true),
            (Ending::Foreign(429), true, false, true),
            (Ending::Foreign(503), true, false, true),
            (Ending::Answered(400), false, false, false),
            (Ending::Answered(404), false, false, false),
            (Ending::Answered(408), true, false, true),
            (Ending::Answered(409), false, false, false),
            (Ending::Answered(429), true, true, false),
            (Ending::Answered(500), true, false, true),
            (Ending::Answered(502), true, false, true),
            (Ending::Answered(599), true, false, true),
            (Ending::Unsent, true, true, false),
            (Ending::Lost, true, false, true),
            (Ending::Late, false, false, true),
            (Ending::Lasting, false, false, true),
            (Ending::CsrfRefused, false, false, false),
            (Ending::Over, false, false, false),
        ] {
            assert_eq!(
                may_repeat(Idempotency::Idempotent, ending),
                safe,
                "{ending:?}"
            );
            assert_eq!(
                may_repeat(Idempotency::NotIdempotent, ending),
                never,
                "{ending:?}"
            );
            assert_eq!(may_have_acted(ending), acted, "{ending:?}");
        }
    }

    #[test]
    fn only_the_header_of_a_proxy_says_that_nothing_was_sent() {
        let (not_sent, unknown) = (Some(Outcome::NotSent), Some(Outcome::Unknown));
        for (status, is_api, outcome, code, ending) in [
            (
                500,
                true,
                None,
                Some("proxy_failure"),
                Ending::Answered(500),
            ),
            (
                502,
                true,
                None,
                Some("upstream_failure"),
                Ending::Answered(502),
            ),
            (
                502,
                true,
                None,
                Some("upstream_unauthorized"),
                Ending::Lasting,
            ),
            (
                504,
                true,
                not_sent,
                Some("upstream_timeout"),
                Ending::Unsent,
            ),
            (502, false, not_sent, None, Ending::Unsent),
            (408, true, not_sent, None, Ending::Unsent),
            (
                502,
                true,
                not_sent,
                Some("upstream_unauthorized"),
                Ending::Over,
            ),
            (403, true, not_sent, None, Ending::Answered(403)),
            (429, true, not_sent, None, Ending::Answered(429)),
            (502, true, unknown, Some("outcome_unknown"), Ending::Lost),
            (403, true, unknown, None, Ending::Lost),
            (
                404,
                true,
                None,
                Some("inexistent_user"),
                Ending::Answered(404),
            ),
            (
                403,
                true,
                None,
                Some("invalid_csrf_token"),
                Ending::CsrfRefused,
            ),
            (
                403,
                false,
                None,
                Some("invalid_csrf_token"),
                Ending::Foreign(403),
            ),
            (404, false, None, None, Ending::Foreign(404)),
            (200, false, None, None, Ending::Foreign(200)),
        ] {
            let found = answered(status, is_api, outcome, code);
            assert_eq!(found, ending, "{status} {is_api} {outcome:?} {code:?}");
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
        let (now, none) = (1e6, f64::NAN);
        for (seconds, moments, expected) in [
            (2.0, [none, none], Some(2e3)),
            (0.0, [none, 1_002e3], Some(0.0)),
            (none, [1_005e3, 1_009e3], Some(5e3)),
            (none, [999e3, 1_002e3], Some(2e3)),
            (-1.0, [none, 1_004e3], Some(4e3)),
            (none, [none, 1e6], None),
            (none, [none, none], None),
        ] {
            assert_eq!(
                hint_ms(seconds, moments, now),
                expected,
                "{seconds} {moments:?}"
            );
        }
    }
}
