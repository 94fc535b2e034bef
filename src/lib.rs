//! Auth0 users from Rust and JavaScript, compiled to WebAssembly.
