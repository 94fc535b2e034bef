//! What a proxy in front of the API lets through: which operation a request is, and whether that is
//! allowed. Pure; who asks, and how the answer gets there, is for whoever calls this.

#![cfg_attr(all(target_arch = "wasm32", not(test)), no_std)]

extern crate alloc;

mod allowed;
mod exports;
mod json;
mod percent;
#[cfg(all(target_arch = "wasm32", not(test)))]
mod runtime;
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
