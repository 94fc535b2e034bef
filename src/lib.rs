//! Auth0 users from Rust programs that are compiled to WebAssembly: begin with [`Client::builder`].
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
pub use call_options::CallOptions;
pub use client::{Client, ClientBuilder, Items, Page};
pub use users::Users;

// `compile_error!` would also fail when this package itself is checked or tested on the host.
const _: () = assert!(
    cfg!(target_arch = "wasm32") || option_env!("CARGO_PRIMARY_PACKAGE").is_some(),
    "auth0-users calls fetch, so it only runs in WebAssembly: compile for wasm32-unknown-unknown, or depend on it in \
     [target.'cfg(target_arch = \"wasm32\")'.dependencies]. In Node.js, use the npm package auth0-users; in native \
     Rust, call the Management API with an HTTP client such as reqwest."
);
