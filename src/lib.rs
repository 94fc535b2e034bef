//! Auth0 users from Rust and JavaScript, compiled to WebAssembly.

mod call;
mod client;
mod error;
mod input;
#[cfg(feature = "js")]
mod js;
pub mod operations;
mod page;
mod request;
mod retry;
mod settings;
mod transport;
pub mod types;
mod users;

pub use client::{Client, ClientBuilder};
pub use error::{Code, Error, Failure};
pub use page::Page;
pub use settings::CallOptions;
pub use users::Users;
