//! Searching users with the parameter `q`: Lucene syntax as the API documents it.

pub(crate) mod compile;
pub(crate) mod filter;
pub(crate) mod find;
