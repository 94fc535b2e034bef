//! The rate limiter that all calls of a client share.

mod headers;
mod policy;
mod queue;
mod state;
mod token_bucket;

pub(crate) use headers::{read_rate_limit, read_retry_after};
pub(crate) use queue::Permit;
pub use queue::RateLimiter;
pub use state::RateLimit;
