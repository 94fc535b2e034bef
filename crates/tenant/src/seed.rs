//! The content of a tenant: generated data, and what a test adds.

pub(crate) mod add;
pub(crate) mod attach;
mod directory;
pub(crate) mod generate;
mod person;
pub(crate) mod user;
