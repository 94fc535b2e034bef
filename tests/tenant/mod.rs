//! A client of the local tenant, for tests in WebAssembly.

use auth0_users::{Client, ClientBuilder};

/// Of the tenant that `cargo xtask test` has started. Part of the binary, because a page has no environment.
const BASE_URL: Option<&str> = option_env!("AUTH0_USERS_BASE_URL");
const TOKEN: Option<&str> = option_env!("AUTH0_USERS_TOKEN");

pub fn client() -> Client {
    builder().build().expect("a client")
}

/// The same, before it is made.
pub fn builder() -> ClientBuilder {
    let missing = "run these tests with `cargo xtask test`";
    Client::builder()
        .base_url(BASE_URL.expect(missing))
        .token(TOKEN.expect(missing))
        // The tenant has no limit, which a page cannot know.
        .fallback_requests_per_second(1_000.0)
}
