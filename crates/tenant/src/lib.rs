//! A local Auth0 tenant: the server side of the users operations, in memory.
//!
//! [`Tenant`] responds to requests as the Management API does. It has no IO, clock or randomness of its own: the caller
//! passes requests and the time, and all generated data follows from [`Config::seed`].
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

mod auth;
mod config;
mod error;
mod faults;
mod http;
mod jobs;
mod operations;
mod rate_limit;
mod routes;
mod schema;
mod search;
mod seed;
mod state;
mod tenant;
#[cfg(feature = "testing")]
mod testing;

pub use self::http::journal::Entry;
pub use crate::auth::assertion::Assertion;
pub use crate::auth::grant::Scopes;
pub use crate::config::{Client, Config, Token};
pub use crate::faults::{FailNext, Fault, FaultKind, RandomFaults};
pub use crate::rate_limit::Rate;
pub use crate::routes::{OPERATIONS, Operation};
pub use crate::seed::attach::RelatedCounts;
pub use crate::tenant::{Changed, Outcome, Tenant};
