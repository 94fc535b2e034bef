//! The HTTP side of requests and responses, without connections.

pub(crate) mod body;
pub(crate) mod cors;
pub(crate) mod header;
pub(crate) mod journal;
pub(crate) mod response;
pub(crate) mod url;
