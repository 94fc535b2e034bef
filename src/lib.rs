//! Auth0 users from Rust and JavaScript, compiled to WebAssembly.

mod client;
mod error;
#[cfg(feature = "js")]
mod js;
pub mod operations;
mod page;
mod request;
mod retry;
mod transport;

pub use error::{Code, Error, Failure};
