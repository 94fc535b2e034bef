//! Shared parts of the crate `auth0-users` and the npm package `auth0-users`. Depend on one of those: whatever
//! this crate does not show in its documentation changes with any version.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

#[doc(hidden)]
pub mod call;
#[doc(hidden)]
pub mod engine;
mod error;
mod limiter;
#[doc(hidden)]
pub mod observe;
pub mod operations;
mod pace;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod request;
mod retry;
#[doc(hidden)]
pub mod segment;
#[doc(hidden)]
pub mod settings;
#[doc(hidden)]
pub mod transport;

pub use error::{Code, Error, Failure, FieldError};
#[doc(hidden)]
pub use limiter::Limiter;
pub use limiter::RateLimit;
