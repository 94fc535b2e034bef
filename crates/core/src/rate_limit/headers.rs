//! The headers of a response that say how many requests can follow, and when.

use js_sys::Date;
use web_sys::Response;

use crate::{engine, retry};

/// What a response says about the rate limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateLimitHeaders {
    /// The capacity of the server's bucket; NaN if it does not say.
    pub(crate) limit: f64,
    /// How many more requests the server accepts now; NaN if it does not say.
    pub(crate) remaining: f64,
    /// When the server accepts more, in milliseconds since the epoch; NaN if it does not say.
    pub(crate) reset_ms: f64,
    /// Whether the status is 429.
    pub(crate) is_refused: bool,
    /// Whether the engine hides the headers, as it does for another origin.
    pub(crate) is_unreadable: bool,
}

/// Reads the rate limit from a response.
pub(crate) fn read_rate_limit(response: &Response) -> RateLimitHeaders {
    let is_refused = engine::status(response) == 429;
    let remaining = engine::number(response, "x-ratelimit-remaining");
    let is_cross_origin = || engine::get(response, "type") == "cors";
    RateLimitHeaders {
        limit: engine::number(response, "x-ratelimit-limit"),
        remaining,
        reset_ms: if is_refused {
            read_retry_after(response).map_or(f64::NAN, |ms| Date::now() + ms)
        } else {
            // It may have passed. It still shows which responses belong to the same period.
            engine::number(response, "x-ratelimit-reset") * 1_000.0
        },
        is_refused,
        is_unreadable: remaining.is_nan() && is_cross_origin(),
    }
}

/// Reads how long the server asks to wait, in milliseconds.
pub(crate) fn read_retry_after(response: &Response) -> Option<f64> {
    let after = engine::header(response, "retry-after");
    let reset_ms = engine::number(response, "x-ratelimit-reset") * 1_000.0;
    let dates_ms = [engine::parse_date(&after), reset_ms];
    retry::retry_after_ms(engine::parse_number(&after), dates_ms, Date::now())
}
