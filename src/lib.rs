//! Auth0 users from Rust and JavaScript, compiled to WebAssembly.
//!
//! A Rust program that is compiled to WebAssembly itself begins with `Client::builder`. The
//! features `js` and `proxy` are what the npm package is made of, and `npm` and `npm-proxy` its
//! binaries; leave them off.
//!
//! Every call fails with an [`Error`]; besides what stands with it, with status 400 for values that the server refuses,
//! 401 for a token that is not valid, and 403 for one without the scope. A change of which nobody knows whether it was
//! made fails with [`Code::OutcomeUnknown`]. The `id` of a user is whole, such as
//! `auth0|507f1f77bcf86cd799439020`, and is encoded here.
//!
//! The last line of what is documented of an operation has its endpoint, the scopes, and two of these words:
//!
//! - immediate: the change is made, or all changes before it are seen, when the call succeeds. Auth0 promises this
//!   for [`Users::get`] and [`Users::list_users_by_email`]; for others it documents no delay.
//! - eventual: that is so some seconds later. What a job does takes longer.
//! - idempotent: twice has the same effect as once. It is repeated after 408, 429, 5xx and lost connections, and can
//!   be called again.
//! - sent once: it is repeated only after 429 or a connection that was never made, and is not to be called again
//!   before its outcome is known; unless it is idempotent, though the server does not promise it.

#![cfg_attr(feature = "bare", no_std)]

extern crate alloc;

#[cfg(feature = "client")]
mod call;
#[cfg(feature = "rust")]
mod client;
#[cfg(feature = "client")]
mod engine;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "rust")]
mod input;
#[cfg(feature = "rust")]
pub mod jobs;
#[cfg(feature = "js")]
mod js;
#[cfg(feature = "client")]
mod limiter;
#[cfg(feature = "bare")]
mod npm;
#[cfg(feature = "client")]
mod observe;
pub mod operations;
#[cfg(feature = "client")]
mod pace;
#[cfg(feature = "client")]
mod page;
#[cfg(any(test, feature = "proxy"))]
mod percent;
#[cfg(any(test, feature = "proxy"))]
mod proxy;
#[cfg(feature = "client")]
mod request;
#[cfg(feature = "client")]
mod retry;
mod segment;
#[cfg(feature = "client")]
mod settings;
#[cfg(feature = "rust")]
pub mod tickets;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "rust")]
pub mod types;
#[cfg(feature = "rust")]
pub mod user_blocks;
#[cfg(feature = "rust")]
pub mod users;

#[cfg(feature = "rust")]
pub use client::{Client, ClientBuilder, Items, Page};
#[cfg(feature = "rust")]
pub use error::FieldError;
#[cfg(feature = "client")]
pub use error::{Code, Error, Failure};
#[cfg(feature = "client")]
pub use limiter::RateLimit;
#[cfg(feature = "rust")]
pub use settings::CallOptions;
#[cfg(feature = "rust")]
pub use users::Users;
