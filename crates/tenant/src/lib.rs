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

mod assertion;
mod auth;
mod body;
mod change;
mod checkpoint;
mod clock;
mod config;
mod control;
mod cors;
mod directory;
mod error;
mod export;
mod faults;
mod ids;
mod import;
mod index;
mod jobs;
mod journal;
mod kept;
mod mail;
mod metadata;
mod model;
mod operation;
mod operations;
mod options;
mod page;
mod password;
mod path;
mod profile;
mod rate;
mod record;
mod related;
mod reply;
mod routes;
mod search;
mod seed;
mod seeding;
mod snapshot;
mod state;
mod store;
mod tenant;
#[cfg(feature = "testing")]
mod testing;
mod validate;

pub use assertion::Assertion;
pub use auth::Scopes;
pub use config::{Client, Config, Token};
pub use faults::{FailNext, Fault, FaultKind, RandomFaults};
pub use journal::Entry;
pub use rate::Rate;
pub use routes::{OPERATIONS, Operation};
pub use tenant::{Belongings, Changed, Outcome, Tenant};
