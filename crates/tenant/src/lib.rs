//! A local Auth0 tenant: the server side of the users operations, in memory.
//!
//! [`Tenant`] answers requests the way the Management API does. It has no IO, clock or randomness of its own: requests
//! and the time come from the caller, and everything made up follows from [`Config::seed`].
//!
//! ```
//! use auth0_users_tenant::{Config, Tenant};
//!
//! let mut tenant = Tenant::new(Config::default());
//! let request = http::Request::get("/api/v2/users?per_page=1")
//!     .header("authorization", "Bearer tenant-demo-token")
//!     .body(Vec::new())?;
//! let response = tenant.handle(&request, 1_700_000_000_000);
//! assert_eq!(response.status(), 200);
//! # Ok::<(), http::Error>(())
//! ```

// The table of operations does not use every kind of row yet.
#![allow(dead_code)]

mod auth;
mod clock;
mod config;
mod control;
mod cors;
mod error;
mod faults;
mod ids;
mod journal;
mod metadata;
mod model;
mod page;
mod password;
mod path;
mod profile;
mod rate;
mod reply;
mod routes;
mod search;
mod seed;
mod state;
mod store;
mod tenant;
mod update;
mod users;
mod validate;

pub use auth::Scopes;
pub use config::{Client, Config, Token};
pub use faults::{FailNext, Fault};
pub use journal::Entry;
pub use rate::Rate;
pub use routes::{OPERATIONS, Operation};
pub use tenant::{Outcome, Tenant};
