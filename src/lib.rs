//! Typed operations of Auth0 users for Rust programs in WebAssembly. Start with [`Client::builder`].
//!
//! All methods return `Result<_, Error>`. In addition to the failures that a method documents, the status is 400 for
//! values that the server refuses, 401 for an invalid token, and 403 for a token without the scope. If a write may or may
//! not have been applied, the call fails with [`Code::OutcomeUnknown`]. Pass the complete `id` of a user, such as
//! `auth0|507f1f77bcf86cd799439020`; the client encodes it.
//!
//! The last line of the documentation of an operation has its endpoint, its scopes, and two of these terms:
//!
//! - immediate: when the call succeeds, its change is visible, or it has read all earlier changes. Auth0 promises this
//!   for [`Users::get`] and [`Users::list_users_by_email`]; for others it documents no delay.
//! - eventual: this takes some seconds, and for jobs longer.
//! - idempotent: twice has the same effect as once. The client retries the call after 408, 429, 5xx and lost connections,
//!   and you can call it again.
//! - sent once: the client only retries the call after 429 or if no connection was made. Do not call it again before its
//!   outcome is known, unless you know that it is idempotent. The server does not promise it.

mod call_options;
mod client;
mod input;
pub mod jobs;
pub mod tickets;
mod tree;
pub mod types;
pub mod user_blocks;
pub mod users;

#[doc(inline)]
pub use auth0_users_core::{Code, Error, Failure, FieldError, RateLimit, operations};

pub use crate::call_options::CallOptions;
pub use crate::client::{Client, ClientBuilder, Items, Page};
pub use crate::users::Users;

// `compile_error!` would also fail when this package itself is checked or tested on the host.
const _: () = assert!(
    cfg!(target_arch = "wasm32") || option_env!("CARGO_PRIMARY_PACKAGE").is_some(),
    "auth0-users calls fetch, so it only runs in WebAssembly: compile for wasm32-unknown-unknown, or depend on it in \
     [target.'cfg(target_arch = \"wasm32\")'.dependencies]. In Node.js, use the npm package auth0-users; in native \
     Rust, call the Management API with an HTTP client such as reqwest."
);
