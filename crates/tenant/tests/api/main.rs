//! The rules of RULES.md, as callers of the API see them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs
)]

mod authentication_methods;
mod client;
mod control;
mod faults;
mod identities;
mod jobs;
mod logs;
mod memberships;
#[cfg(feature = "gzip")]
mod never_panics;
#[cfg(feature = "gzip")]
mod random;
mod rate_limit;
mod requests;
mod roles_and_permissions;
mod rules;
mod search;
mod seed;
mod sessions;
mod snapshots;
mod tickets;
mod tokens;
mod user_blocks;
mod users_create;
mod users_list;
mod users_update;
