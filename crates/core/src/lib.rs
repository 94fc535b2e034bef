//! The parts that the crate `auth0-users` and the npm package `auth0-users` share. Depend on one of those: what the
//! documentation of this crate does not show may change in any version.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

#[doc(hidden)]
pub mod call;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod engine;
mod error;
mod observe;
pub mod operations;
#[doc(hidden)]
pub mod page;
mod rate_limit;
#[doc(hidden)]
pub mod request;
mod retry;
#[doc(hidden)]
pub mod segment;
mod signal;
mod timeout;
#[doc(hidden)]
pub mod transport;

pub use crate::error::{Code, Error, Failure, FieldError};
pub use crate::rate_limit::RateLimit;
#[doc(hidden)]
pub use crate::rate_limit::RateLimiter;
#[doc(hidden)]
pub use crate::signal::Signals;
