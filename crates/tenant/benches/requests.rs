//! The time of requests on a large tenant: `cargo bench -p auth0-users-tenant`. `TENANT_USERS` is the number of users, by
//! default a million.
#![allow(clippy::unwrap_used)]

use std::sync::{LazyLock, Mutex};

use auth0_users_tenant::{Config, Tenant};
use divan::{Bencher, black_box};
use http::Request;

const NOW: u64 = 1_767_225_600_000;

static TENANT: LazyLock<Mutex<Tenant>> = LazyLock::new(|| {
    let users = std::env::var("TENANT_USERS").map_or(1_000_000, |text| text.parse().unwrap());
    Mutex::new(Tenant::new(Config {
        users,
        journal: 0,
        ..Config::default()
    }))
});

fn main() {
    LazyLock::force(&TENANT);
    divan::main();
}

fn get(path: &str) -> Request<Vec<u8>> {
    Request::get(format!("/api/v2{path}"))
        .header("authorization", "Bearer tenant-demo-token")
        .body(Vec::new())
        .unwrap()
}

fn bench(bencher: Bencher<'_, '_>, request: &Request<Vec<u8>>) {
    let mut tenant = TENANT.lock().unwrap();
    bencher.bench_local(|| {
        let response = tenant.handle(black_box(request), NOW);
        assert_eq!(response.status(), 200);
        response
    });
}

/// Returns the user in the middle, as the API shows it.
fn somebody() -> serde_json::Value {
    let request = get("/users?per_page=1&page=500");
    let response = TENANT.lock().unwrap().handle(&request, NOW);
    let users: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    users.get(0).unwrap().clone()
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[divan::bench]
fn by_id(bencher: Bencher<'_, '_>) {
    let user = somebody();
    let id = user.get("user_id").unwrap().as_str().unwrap();
    bench(bencher, &get(&format!("/users/{}", encode(id))));
}

#[divan::bench]
fn by_email(bencher: Bencher<'_, '_>) {
    let user = somebody();
    let email = user.get("email").unwrap().as_str().unwrap();
    bench(
        bencher,
        &get(&format!("/users-by-email?email={}", encode(email))),
    );
}

/// Measures first pages with totals: with an index, in order, and without an index.
#[divan::bench(max_time = 2, args = [
    "",
    "email:\"ada.abbott500@example.com\"",
    "email:zoe.zhang9*",
    "name:\"Ada Abbott\"",
    "given_name:ada AND blocked:true",
    "email.domain:example.org AND identities.connection:acme-saml",
    "created_at:[2024-12-01 TO 2024-12-07]",
    "app_metadata.plan:team",
    "app_metadata.plan:none",
])]
fn search(bencher: Bencher<'_, '_>, q: &str) {
    let query = format!(
        "/users?include_totals=true&search_engine=v3&q={}",
        encode(q)
    );
    bench(bencher, &get(&query));
}

#[divan::bench(max_time = 2, args = ["created_at:-1", "email:1", "last_login:-1", "logins_count:-1"])]
fn sorted(bencher: Bencher<'_, '_>, order: &str) {
    let query = format!(
        "/users?include_totals=true&q=email_verified:true&sort={}",
        encode(order)
    );
    bench(bencher, &get(&query));
}

#[divan::bench]
fn update(bencher: Bencher<'_, '_>) {
    let user = somebody();
    let id = user.get("user_id").unwrap().as_str().unwrap();
    let request = Request::patch(format!("/api/v2/users/{}", encode(id)))
        .header("authorization", "Bearer tenant-demo-token")
        .body(br#"{"user_metadata":{"theme":"dark"}}"#.to_vec())
        .unwrap();
    bench(bencher, &request);
}
