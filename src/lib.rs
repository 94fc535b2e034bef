//! Auth0 users from Rust and JavaScript, compiled to WebAssembly.
//!
//! A Rust program that is compiled to WebAssembly itself begins with `Client::builder`. The
//! features `js` and `proxy` are what the npm package is made of, and `npm` and `npm-proxy` its
//! binaries; leave them off.

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
