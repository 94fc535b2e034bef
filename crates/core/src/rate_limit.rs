//! The rate limiter that all calls of a client share.

mod headers;
mod policy;
mod queue;
mod state;
mod token_bucket;

pub(crate) use self::headers::{read_rate_limit, read_retry_after};
pub(crate) use self::queue::Permit;
pub use self::queue::RateLimiter;
pub use self::state::RateLimit;
