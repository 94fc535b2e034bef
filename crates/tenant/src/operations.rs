//! The operations of the API, one file per resource, and what they share.

pub(crate) mod authentication_methods;
pub(crate) mod call;
pub(crate) mod checkpoint;
pub(crate) mod connected_accounts;
pub(crate) mod effective;
pub(crate) mod factors;
pub(crate) mod groups;
pub(crate) mod identities;
pub(crate) mod jobs;
pub(crate) mod logs;
mod metadata;
pub(crate) mod organizations;
pub(crate) mod page;
mod password;
pub(crate) mod permissions;
pub(crate) mod reply;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod tickets;
pub(crate) mod update;
pub(crate) mod user_blocks;
pub(crate) mod users;
