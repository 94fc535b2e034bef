//! The rules of the proxy: recognises the operation of a request and decides whether it is allowed. Pure:
//! `pkg-template/src/proxy` identifies the actor and forwards the request.

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

/// Why a request is refused.
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
