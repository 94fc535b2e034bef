//! Blocks of brute-force protection.

use auth0_users_tenant::Config;
use serde_json::json;

use crate::client::{DATABASE, TestClient, encode, with_user};

/// Rows 5.14 and 11.1.
#[test]
fn brute_force_blocks_are_independent_of_blocked() {
    let (mut client, id, path) = with_user();
    client
        .tenant
        .block("a@example.com", DATABASE, Some("203.0.113.9"));
    client.tenant.block("a@example.com", DATABASE, None);
    let blocks = format!("/user-blocks/{}", encode(&id));
    let expected = json!({ "blocked_for": [
        { "identifier": "a@example.com", "ip": "203.0.113.9", "connection": DATABASE },
        { "identifier": "a@example.com", "connection": DATABASE },
    ]});
    assert_eq!(client.get(&blocks).body, expected);
    assert_eq!(
        client.get("/user-blocks?identifier=a%40example.com").body,
        expected
    );
    assert!(client.get(&path).body.get("blocked").is_none());
    client.patch(&id, json!({ "blocked": false }));
    assert_eq!(
        client.get(&blocks).body,
        expected,
        "blocked: false does not lift them"
    );
    assert_eq!(client.delete(&blocks).status, 204);
    assert_eq!(client.get(&blocks).body, json!({ "blocked_for": [] }));

    client.tenant.block("a@example.com", DATABASE, None);
    client.patch(&id, json!({ "password": "Secret-456" }));
    assert_eq!(
        client.get(&blocks).body,
        json!({ "blocked_for": [] }),
        "a new password does"
    );
    client.tenant.block("a@example.com", DATABASE, None);
    assert_eq!(
        client
            .delete("/user-blocks?identifier=a%40example.com")
            .status,
        204
    );
    assert_eq!(client.get(&blocks).body, json!({ "blocked_for": [] }));
    assert_eq!(client.delete("/user-blocks?identifier=nobody").status, 204);
    assert_eq!(client.get("/user-blocks").status, 400);
}

/// Row 11.2.
#[test]
fn blocks_can_be_hidden_while_the_protection_is_off() {
    let mut client = TestClient::new(Config {
        users: 0,
        brute_force_protection: false,
        ..Config::default()
    });
    client.tenant.block("a@example.com", DATABASE, None);
    let count = |client: &mut TestClient, flag: &str| {
        let answer = client.get(&format!(
            "/user-blocks?identifier=a%40example.com&consider_brute_force_enablement={flag}"
        ));
        answer.body["blocked_for"].as_array().unwrap().len()
    };
    assert_eq!(count(&mut client, "true"), 0);
    assert_eq!(count(&mut client, "false"), 1);
}

/// Row 11.3.
#[test]
fn an_unknown_identifier_has_no_blocks() {
    let mut client = TestClient::empty();
    assert_eq!(
        client.get("/user-blocks?identifier=nobody").body,
        json!({ "blocked_for": [] })
    );
    assert_eq!(client.delete("/user-blocks?identifier=nobody").status, 204);
    assert_eq!(
        client.get("/user-blocks/auth0%7Cnobody").error().1,
        "inexistent_user"
    );
}
