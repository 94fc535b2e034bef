//! A client of the local tenant, for tests in WebAssembly.

#![allow(dead_code, reason = "not all tests need all of it")]

use auth0_users::operations::Method;
use auth0_users::{Client, ClientBuilder};
use js_sys::Math;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub const CONNECTION: &str = "Username-Password-Authentication";

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
        .requests_per_second(1_000.0)
}

/// What steers the tenant, as if it were another API.
fn controls() -> Client {
    let base_url = BASE_URL.expect("a tenant").replace("/api/v2", "/__tenant");
    builder().base_url(&base_url).build().expect("a client")
}

/// What the tenant tells about itself.
pub async fn told(name: &str) -> Value {
    let told = controls().request(Method::Get, &[name], None).await;
    told.expect(name)
}

/// Adds to the tenant.
pub async fn add<T: DeserializeOwned>(name: &str, body: Value) -> T {
    let added = controls().request(Method::Post, &[name], Some(&body)).await;
    added.expect(name)
}

/// Orders faults.
pub async fn fail(name: &str, body: Value) {
    add::<Option<Value>>(name, body).await;
}

/// A name that no other test has, nor an earlier run, since the tenant is shared.
pub fn own(name: &str) -> String {
    format!("{name}{}", (Math::random() * 1e9).round())
}

/// Users of a test's own, by their ids.
pub async fn people(count: usize) -> Vec<String> {
    let own = own("many");
    let ids: Vec<_> = (0..count).map(|n| format!("auth0|{own}-{n}")).collect();
    let user = |id: &String| {
        let email = format!("{}@many.example", id.replace("auth0|", ""));
        json!({ "connection": CONNECTION, "user_id": id, "email": email })
    };
    let users: Vec<_> = ids.iter().map(user).collect();
    add::<Vec<Value>>("users", users.into()).await;
    ids
}

/// How often these users were updated.
pub async fn updates(ids: &[String]) -> usize {
    let paths: Vec<_> = ids.iter().map(|id| id.replace('|', "%7C")).collect();
    let journal = told("journal").await;
    let entries = journal.as_array().expect("a list");
    let is_update = |entry: &&Value| {
        let path = entry["path"].as_str().unwrap_or_default();
        let of_one = |id: &String| {
            path.strip_suffix(id.as_str())
                .is_some_and(|p| p.ends_with('/'))
        };
        entry["method"] == "PATCH" && entry["committed"] == true && paths.iter().any(of_one)
    };
    entries.iter().filter(is_update).count()
}
