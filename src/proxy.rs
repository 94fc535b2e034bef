//! What a proxy in front of the API lets through: which operation a request is, and whether that is
//! allowed. Pure; who asks, and how the answer gets there, is for whoever calls this.

mod allowed;
#[cfg(feature = "proxy")]
mod exports;
mod json;
mod target;

use alloc::string::String;

/// Why something is not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    /// The HTTP status.
    status: u16,
    /// The `errorCode`.
    code: &'static str,
    /// The message.
    message: String,
}

impl Refusal {
    fn new(status: u16, code: &'static str, message: &[&str]) -> Self {
        Self {
            status,
            code,
            message: message.concat(),
        }
    }
}
