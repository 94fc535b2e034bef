//! When a call is retried, and after how long. Pure: the clock and the random number are arguments.

use crate::operations::Idempotency;

/// How an attempt ended, for the decision to retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    /// An error in the form of the API, with this status.
    ApiError(u16),
    /// A response in another form, with this status, such as the page of a gateway or a redirect. It does not show what
    /// the API did.
    ForeignResponse(u16),
    /// The API refuses the token of the proxy, and would do so again. Without the proxy's header this does not show what
    /// the API did.
    ProxyUnauthorized,
    /// The request did not reach the API.
    NotSent,
    /// A proxy refused the CSRF token.
    CsrfRefused,
    /// The connection was lost: the API may have applied the change.
    ConnectionLost,
    /// The time was up: the API may have applied the change, or may still do so.
    TimedOut,
    /// The caller ended it before anything was sent, or a proxy must not send it.
    Final,
}

/// What a proxy's header says about the outcome of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyOutcome {
    /// The API did not get the request, or cannot have applied it.
    NotSent,
    /// The API may have applied it.
    Unknown,
}

/// Classifies a response that is not a success. `is_api` is whether it has the form of the API. The header of a proxy
/// takes precedence.
pub(crate) fn classify(
    status: u16,
    is_api: bool,
    proxy: Option<ProxyOutcome>,
    error_code: Option<&str>,
) -> AttemptOutcome {
    match (proxy, status) {
        (Some(ProxyOutcome::Unknown), _) => AttemptOutcome::ConnectionLost,
        (_, 500..) if is_api && error_code == Some("upstream_unauthorized") => match proxy {
            Some(_) => AttemptOutcome::Final,
            None => AttemptOutcome::ProxyUnauthorized,
        },
        (Some(ProxyOutcome::NotSent), 408 | 500..) => AttemptOutcome::NotSent,
        (None, _) if !is_api => AttemptOutcome::ForeignResponse(status),
        (_, 403) if error_code == Some("invalid_csrf_token") => AttemptOutcome::CsrfRefused,
        _ => AttemptOutcome::ApiError(status),
    }
}

/// The longest wait that a server can ask for, in milliseconds.
const MAX_WAIT_MS: f64 = 60_000.0;
/// The upper bound of the first backoff, in milliseconds. It doubles with each retry.
const FIRST_BACKOFF_MS: f64 = 1_000.0;

/// Returns whether a call may be sent again after this outcome.
pub(crate) fn may_retry(idempotency: Idempotency, outcome: AttemptOutcome) -> bool {
    match outcome {
        AttemptOutcome::ApiError(429) | AttemptOutcome::NotSent => true,
        AttemptOutcome::ApiError(408 | 500..)
        | AttemptOutcome::ForeignResponse(408 | 429 | 500..)
        | AttemptOutcome::ConnectionLost => idempotency == Idempotency::Idempotent,
        _ => false,
    }
}

/// Returns whether the API may have applied the change.
pub(crate) fn may_be_applied(outcome: AttemptOutcome) -> bool {
    matches!(
        outcome,
        AttemptOutcome::ApiError(408 | 500..)
            | AttemptOutcome::ForeignResponse(_)
            | AttemptOutcome::ProxyUnauthorized
            | AttemptOutcome::ConnectionLost
            | AttemptOutcome::TimedOut
    )
}

/// Returns whether the server may still apply the change. After its own 500 it does not. The error of another server
/// does not show that.
pub(crate) fn may_still_be_applied(outcome: AttemptOutcome) -> bool {
    may_be_applied(outcome) && outcome != AttemptOutcome::ApiError(500)
}

/// Returns how long to wait before a retry, in milliseconds: as the server asks, or exponential backoff with full jitter.
/// `random` is in `0.0..1.0`.
pub(crate) fn backoff_ms(retries: u32, retry_after_ms: Option<f64>, random: f64) -> f64 {
    match retry_after_ms {
        Some(ms) => ms.clamp(0.0, MAX_WAIT_MS),
        None => {
            let factor = f64::from(1_u32 << retries.saturating_sub(1).min(10));
            random * (FIRST_BACKOFF_MS * factor).min(MAX_WAIT_MS)
        }
    }
}

/// Returns how long the server asks to wait, in milliseconds. `Retry-After` has seconds or a date, and
/// `X-RateLimit-Reset` has a date; what is absent is NaN.
pub(crate) fn retry_after_ms(seconds: f64, dates_ms: [f64; 2], now_ms: f64) -> Option<f64> {
    if seconds >= 0.0 {
        return Some(seconds * 1_000.0);
    }
    let waits_ms = dates_ms.map(|date_ms| date_ms - now_ms);
    waits_ms.into_iter().find(|ms| *ms > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_is_retried_only_if_not_applied() {
        for (outcome, idempotent, not_idempotent, applied) in [
            (AttemptOutcome::ApiError(0), false, false, false),
            (AttemptOutcome::ForeignResponse(0), false, false, true),
            (AttemptOutcome::ForeignResponse(200), false, false, true),
            (AttemptOutcome::ForeignResponse(302), false, false, true),
            (AttemptOutcome::ForeignResponse(404), false, false, true),
            (AttemptOutcome::ForeignResponse(408), true, false, true),
            (AttemptOutcome::ForeignResponse(429), true, false, true),
            (AttemptOutcome::ForeignResponse(503), true, false, true),
            (AttemptOutcome::ApiError(400), false, false, false),
            (AttemptOutcome::ApiError(404), false, false, false),
            (AttemptOutcome::ApiError(408), true, false, true),
            (AttemptOutcome::ApiError(409), false, false, false),
            (AttemptOutcome::ApiError(429), true, true, false),
            (AttemptOutcome::ApiError(500), true, false, true),
            (AttemptOutcome::ApiError(502), true, false, true),
            (AttemptOutcome::ApiError(599), true, false, true),
            (AttemptOutcome::NotSent, true, true, false),
            (AttemptOutcome::ConnectionLost, true, false, true),
            (AttemptOutcome::TimedOut, false, false, true),
            (AttemptOutcome::ProxyUnauthorized, false, false, true),
            (AttemptOutcome::CsrfRefused, false, false, false),
            (AttemptOutcome::Final, false, false, false),
        ] {
            assert_eq!(
                may_retry(Idempotency::Idempotent, outcome),
                idempotent,
                "{outcome:?}"
            );
            assert_eq!(
                may_retry(Idempotency::NotIdempotent, outcome),
                not_idempotent,
                "{outcome:?}"
            );
            assert_eq!(may_be_applied(outcome), applied, "{outcome:?}");
        }
    }

    #[test]
    fn only_the_proxy_header_proves_not_sent() {
        let (not_sent, unknown) = (Some(ProxyOutcome::NotSent), Some(ProxyOutcome::Unknown));
        for (status, is_api, proxy, code, expected) in [
            (
                500,
                true,
                None,
                Some("proxy_failure"),
                AttemptOutcome::ApiError(500),
            ),
            (
                502,
                true,
                None,
                Some("upstream_failure"),
                AttemptOutcome::ApiError(502),
            ),
            (
                502,
                true,
                None,
                Some("upstream_unauthorized"),
                AttemptOutcome::ProxyUnauthorized,
            ),
            (
                504,
                true,
                not_sent,
                Some("upstream_timeout"),
                AttemptOutcome::NotSent,
            ),
            (502, false, not_sent, None, AttemptOutcome::NotSent),
            (408, true, not_sent, None, AttemptOutcome::NotSent),
            (
                502,
                true,
                not_sent,
                Some("upstream_unauthorized"),
                AttemptOutcome::Final,
            ),
            (403, true, not_sent, None, AttemptOutcome::ApiError(403)),
            (429, true, not_sent, None, AttemptOutcome::ApiError(429)),
            (
                502,
                true,
                unknown,
                Some("outcome_unknown"),
                AttemptOutcome::ConnectionLost,
            ),
            (403, true, unknown, None, AttemptOutcome::ConnectionLost),
            (
                404,
                true,
                None,
                Some("inexistent_user"),
                AttemptOutcome::ApiError(404),
            ),
            (
                403,
                true,
                None,
                Some("invalid_csrf_token"),
                AttemptOutcome::CsrfRefused,
            ),
            (
                403,
                false,
                None,
                Some("invalid_csrf_token"),
                AttemptOutcome::ForeignResponse(403),
            ),
            (404, false, None, None, AttemptOutcome::ForeignResponse(404)),
            (200, false, None, None, AttemptOutcome::ForeignResponse(200)),
        ] {
            let found = classify(status, is_api, proxy, code);
            assert_eq!(found, expected, "{status} {is_api} {proxy:?} {code:?}");
        }
    }

    #[test]
    fn backoff_doubles_up_to_a_minute() {
        for (attempts, limit) in [
            (0, 1e3),
            (1, 1e3),
            (2, 2e3),
            (3, 4e3),
            (7, 6e4),
            (u32::MAX, 6e4),
        ] {
            assert_eq!(backoff_ms(attempts, None, 1.0), limit);
            assert_eq!(backoff_ms(attempts, None, 0.0), 0.0);
            assert_eq!(backoff_ms(attempts, None, 0.25), limit / 4.0);
        }
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_minute() {
        for (retry_after_ms, wait) in [(0.0, 0.0), (1_500.0, 1_500.0), (3_600_000.0, 60_000.0)] {
            assert_eq!(backoff_ms(1, Some(retry_after_ms), 0.5), wait);
        }
    }

    #[test]
    fn retry_after_is_read_in_every_form() {
        let (now, none) = (1e6, f64::NAN);
        for (seconds, dates_ms, expected) in [
            (2.0, [none, none], Some(2e3)),
            (0.0, [none, 1_002e3], Some(0.0)),
            (none, [1_005e3, 1_009e3], Some(5e3)),
            (none, [999e3, 1_002e3], Some(2e3)),
            (-1.0, [none, 1_004e3], Some(4e3)),
            (none, [none, 1e6], None),
            (none, [none, none], None),
        ] {
            assert_eq!(
                retry_after_ms(seconds, dates_ms, now),
                expected,
                "{seconds} {dates_ms:?}"
            );
        }
    }
}
