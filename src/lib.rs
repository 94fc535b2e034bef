//! Auth0 users from Rust and JavaScript, compiled to WebAssembly.
//!
//! A Rust program that is compiled to WebAssembly itself begins with `Client::builder`. The
//! features `js` and `proxy` are what the npm package is made of, and `npm` and `npm-proxy` its
//! binaries; leave them off.

#![cfg_attr(feature = "bare", no_std)]

extern crate alloc;

#[cfg(any(feature = "js", feature = "rust"))]
mod call;
#[cfg(feature = "rust")]
mod client;
#[cfg(any(feature = "js", feature = "rust"))]
mod engine;
#[cfg(any(feature = "js", feature = "rust"))]
mod error;
#[cfg(feature = "rust")]
mod input;
#[cfg(feature = "rust")]
pub mod jobs;
#[cfg(feature = "js")]
mod js;
#[cfg(any(feature = "js", feature = "rust"))]
mod limiter;
#[cfg(feature = "bare")]
mod npm;
#[cfg(any(feature = "js", feature = "rust"))]
mod observe;
pub mod operations;
#[cfg(any(feature = "js", feature = "rust"))]
mod pace;
#[cfg(any(feature = "js", feature = "rust"))]
mod page;
#[cfg(any(test, feature = "proxy"))]
mod proxy;
#[cfg(any(feature = "js", feature = "rust"))]
mod request;
#[cfg(any(feature = "js", feature = "rust"))]
mod retry;
mod segment;
#[cfg(any(feature = "js", feature = "rust"))]
mod settings;
#[cfg(feature = "rust")]
pub mod tickets;
#[cfg(any(feature = "js", feature = "rust"))]
mod transport;
#[cfg(feature = "rust")]
pub mod types;
#[cfg(feature = "rust")]
pub mod user_blocks;
#[cfg(feature = "rust")]
pub mod users;

#[cfg(feature = "rust")]
pub use client::{Client, ClientBuilder, Page};
#[cfg(feature = "rust")]
pub use error::FieldError;
#[cfg(any(feature = "js", feature = "rust"))]
pub use error::{Code, Error, Failure};
#[cfg(any(feature = "js", feature = "rust"))]
pub use limiter::RateLimit;
#[cfg(feature = "rust")]
pub use settings::CallOptions;
#[cfg(feature = "rust")]
pub use users::Users;
