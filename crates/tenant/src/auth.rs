//! Bearer tokens: what they permit, and how the client credentials grant issues them.

pub(crate) mod assertion;
pub(crate) mod grant;
#[cfg(feature = "signatures")]
mod signature;
pub(crate) mod tokens;
