//! Auth0 users from Rust and JavaScript, compiled to WebAssembly.
//!
//! A Rust program that is compiled to WebAssembly itself begins with `Client::builder`. The
//! feature `js` is the JavaScript face of the npm package, and `npm` its binary; leave both off.

#![cfg_attr(feature = "npm", no_std)]

extern crate alloc;

mod call;
#[cfg(feature = "rust")]
mod client;
mod engine;
mod error;
#[cfg(feature = "rust")]
mod input;
#[cfg(feature = "rust")]
pub mod jobs;
#[cfg(feature = "js")]
mod js;
mod limiter;
#[cfg(feature = "npm")]
mod npm;
mod observe;
pub mod operations;
mod pace;
mod page;
mod request;
mod retry;
mod settings;
#[cfg(feature = "rust")]
pub mod tickets;
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
pub use error::{Code, Error, Failure};
pub use limiter::RateLimit;
#[cfg(feature = "rust")]
pub use settings::CallOptions;
#[cfg(feature = "rust")]
pub use users::Users;
