//! Paths, bodies, headers and errors of all operations.

use auth0_users_tenant::{Config, OPERATIONS};
use http::Request;
use serde_json::json;

use crate::client::{DATABASE, NOW, TOKEN, TestClient, encode};

/// Row 1.5.
#[test]
fn errors_have_codes_except_some_404() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    for (answer, status, code) in [
        (client.get("/users/auth0%7Cnobody"), 404, "inexistent_user"),
        (client.post("/users", json!({})), 400, "invalid_body"),
        (client.delete(&format!("{path}/multifactor/nothing")), 400, "invalid_uri"),
        (client.get("/users?x=1"), 400, "invalid_query_string"),
        (client.get("/users?page=99"), 400, "invalid_paging"),
        (client.post("/users", json!({ "connection": "nowhere" })), 400, "inexistent_connection"),
        (client.patch(&id, json!({ "username": "a" })), 400, "operation_not_supported"),
        (
            client.post(
                &format!("{path}/permissions"),
                json!({ "permissions": [{ "resource_server_identifier": "x", "permission_name": "y" }] }),
            ),
            404,
            "inexistent_resource_server_permission",
        ),
        (client.post(&format!("{path}/roles"), json!({ "roles": ["rol_nothing"] })), 404, ""),
        (client.get("/jobs/job_nothing"), 404, ""),
    ] {
        assert_eq!((answer.error().0, answer.error().1), (status, code));
    }
}

/// Row 1.15.
#[test]
fn responses_without_content() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    let role = client.tenant.directory()["roles"][0]["id"].clone();
    let permission = json!({ "permissions": [{
        "resource_server_identifier": "https://items.example.com/", "permission_name": "read:items",
    }] });
    for (answer, status, body) in [
        (
            client.post(&format!("{path}/roles"), json!({ "roles": [role] })),
            204,
            "",
        ),
        (
            client.post(&format!("{path}/permissions"), permission),
            201,
            "{}",
        ),
        (client.delete(&format!("{path}/sessions")), 202, "{}"),
        (client.delete(&format!("{path}/refresh-tokens")), 202, "{}"),
        (client.delete(&path), 204, ""),
    ] {
        assert_eq!(
            (answer.status, answer.response.body().as_slice()),
            (status, body.as_bytes())
        );
    }
}

#[test]
fn segments_of_the_path_are_decoded_once() {
    let mut client = TestClient::empty();
    for bare in ["a/b", "%3A", "x+y", "👩‍🚀", ".", "..", "a?b#c"] {
        let email = format!("{}@example.com", bare.len());
        let body = json!({
            "connection": DATABASE, "email": email, "password": "Secret-123", "user_id": bare,
        });
        let id = client.create(body);
        assert_eq!(id, format!("auth0|{bare}"));
        let answer = client.get(&format!("/users/{}", encode(&id)));
        assert_eq!(answer.body["user_id"], id.as_str(), "{id}");
        client.delete(&format!("/users/{}", encode(&id)));
    }
    assert_eq!(client.get("/users/auth0%257Ca").status, 404);
}

#[test]
fn dot_segments_are_not_normalised() {
    let mut client = TestClient::new(Config::default());
    assert_eq!(client.get("/users/..").error().1, "inexistent_user");
    assert_eq!(
        client.get("/users/../users").error(),
        (404, "", "Not Found")
    );
    assert_eq!(client.get("/users/").error(), (404, "", "Not Found"));
    assert_eq!(client.get("//users").error(), (404, "", "Not Found"));
}

/// Rows 1.2 and 1.3.
#[test]
fn a_body_is_json_or_a_form_of_limited_size() {
    let mut client = TestClient::empty();
    let send = |kind: &str, body: Vec<u8>| {
        Request::post("/api/v2/users")
            .header("authorization", format!("Bearer {}", TOKEN))
            .header("content-type", kind)
            .body(body)
            .unwrap()
    };
    assert_eq!(
        client.send(&send("application/json", b"{".to_vec())).status,
        400
    );
    assert_eq!(client.send(&send("text/plain", b"{}".to_vec())).status, 415);
    let large = vec![b' '; 1_048_577];
    assert_eq!(client.send(&send("application/json", large)).status, 413);
    let form = "connection=Username-Password-Authentication&email=form%40example.com&password=Secret-123&blocked=true";
    let answer = client.send(&send("application/x-www-form-urlencoded", form.into()));
    assert_eq!(
        (answer.status, &answer.body["blocked"]),
        (201, &json!(true))
    );
}

/// Row 14.2.
#[test]
fn pages_of_all_origins_can_read_responses() {
    let mut client = TestClient::empty();
    let request = Request::options("/api/v2/users/x")
        .header("origin", "https://console.example.org")
        .header("access-control-request-method", "PATCH")
        .header(
            "access-control-request-headers",
            "authorization,content-type,x-y",
        )
        .body(Vec::new())
        .unwrap();
    let answer = client.send(&request);
    assert_eq!(answer.status, 204);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://console.example.org"
    );
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "authorization,content-type,x-y"
    );
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    let request = Request::get("/api/v2/users")
        .header("origin", "https://console.example.org")
        .body(Vec::new())
        .unwrap();
    let answer = client.send(&request);
    assert_eq!(answer.status, 401);
    let exposed = answer.header("access-control-expose-headers");
    assert!(exposed.contains("x-ratelimit-reset") && exposed.contains("x-correlation-id"));
}

/// Row 1.9.
#[test]
fn a_response_repeats_64_characters_of_the_correlation_id() {
    let mut client = TestClient::empty();
    let request = Request::delete("/api/v2/users/x")
        .header("authorization", format!("Bearer {}", TOKEN))
        .header("x-correlation-id", "k".repeat(80))
        .body(Vec::new())
        .unwrap();
    assert_eq!(
        client.send(&request).header("x-correlation-id"),
        "k".repeat(64)
    );
}

#[test]
fn the_same_seed_generates_the_same_users() {
    let list = |seed| {
        TestClient::new(Config {
            seed,
            ..Config::default()
        })
        .get("/users?per_page=100")
        .body
    };
    assert_eq!(list(7), list(7));
    assert_ne!(list(7), list(8));
}

#[test]
fn timestamps_follow_the_advanced_clock() {
    let mut client = TestClient::empty();
    client.tenant.advance_clock(86_400_000);
    let id = client.database_user("a@example.com");
    assert_eq!(client.now, NOW);
    assert_eq!(
        client.user(&id).body["created_at"],
        "2026-01-02T00:00:00.000Z"
    );
}

#[test]
fn names_of_operations_are_unique() {
    let mut names: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), OPERATIONS.len());
}
