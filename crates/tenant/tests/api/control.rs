//! Control endpoints and the journal.

use auth0_users_tenant::{Config, Fault};
use http::Request;
use serde_json::{Value, json};

use crate::client::{DATABASE, NOW, TOKEN, TestClient, encode};

#[test]
fn control_endpoints_work_over_http() {
    let mut client = TestClient::new(Config::default());
    let request = Request::get("/api/v2/users?per_page=0&q=a%2Bb")
        .header("authorization", format!("Bearer {}", TOKEN))
        .body(Vec::new())
        .unwrap();
    for (body, fault) in [
        (json!({ "reset": true }), Fault::Reset),
        (json!({ "truncate": true }), Fault::Truncate),
        (json!({ "stall": true }), Fault::Stall),
    ] {
        assert_eq!(client.control("POST", "fail-next", body).status, 204);
        assert_eq!(client.tenant.serve(&request, NOW).fault, fault);
    }
    client.control("POST", "latency", json!({ "ms": 20 }));
    assert_eq!(client.tenant.serve(&request, NOW).delay_ms, 20);
    client.control(
        "POST",
        "fail-next",
        json!({ "status": 200, "content_type": "text/html", "headers": { "x-a": "b" } }),
    );
    let answer = client.send(&request);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/html")
    );
    assert_eq!((answer.header("x-a"), &answer.body), ("b", &Value::Null));
    let journal = client.control("GET", "journal", Value::Null).body;
    let first = &journal[0];
    assert_eq!(first["path"], "/api/v2/users");
    assert_eq!(first["query"], "per_page=0&q=a%2Bb");
    assert_eq!(first["operation"], "users.list");
    assert_eq!(first["headers"]["authorization"], "[hidden]");
    assert_eq!(
        client
            .control("POST", "fail-next", json!({ "x": 1 }))
            .status,
        400
    );
    client.control("POST", "rate", json!({ "burst": 1, "per_second": 1 }));
    client.get("/users");
    assert_eq!(client.get("/users").status, 429);
    assert_eq!(client.control("POST", "reset", Value::Null).status, 204);
    assert_eq!(client.get("/users").status, 200);
    assert_eq!(client.tenant.journal().count(), 1);
    assert_eq!(client.control("GET", "nothing", Value::Null).status, 404);
}

#[test]
fn a_test_reads_the_directory_and_attaches_blocks_and_sessions() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let directory = client.control("GET", "directory", Value::Null).body;
    assert_eq!(directory["connections"][0]["name"], DATABASE);
    assert!(
        directory["roles"][0]["id"]
            .as_str()
            .unwrap()
            .starts_with("rol_")
    );
    let block =
        json!({ "identifier": "a@example.com", "connection": DATABASE, "ip": "203.0.113.1" });
    assert_eq!(client.control("POST", "block", block).status, 204);
    let blocks = client.get(&format!("/user-blocks/{}", encode(&id))).body;
    assert_eq!(blocks["blocked_for"].as_array().unwrap().len(), 1);
    let attach = json!({ "user_id": id, "sessions": 3 });
    assert_eq!(client.control("POST", "attach", attach).status, 204);
    let sessions = client.get(&format!("/users/{}/sessions", encode(&id))).body;
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 3);
    let token = json!({ "token": "mine", "scopes": ["read:current_user"], "subject": id, "expires_in_ms": 10 });
    assert_eq!(client.control("POST", "token", token).status, 204);
    client.token = "mine".into();
    assert_eq!(client.user(&id).status, 200);
    assert_eq!(client.get("/users").status, 403);
    client.now += 10;
    assert_eq!(client.user(&id).status, 401);
    let unknown = json!({ "user_id": "nobody", "sessions": 3 });
    assert_eq!(client.control("POST", "attach", unknown).status, 404);
    assert_eq!(
        client
            .control("POST", "clock", json!({ "advance_ms": 1000 }))
            .status,
        204
    );
}

#[test]
fn a_refused_request_is_not_committed() {
    let mut client = TestClient::empty();
    client.get("/users/auth0%7Cx");
    client.get("/users");
    let entries: Vec<_> = client
        .tenant
        .journal()
        .map(|entry| (entry.number, entry.status, entry.committed))
        .collect();
    assert_eq!(entries, [(1, Some(404), false), (2, Some(200), true)]);
}

#[test]
fn the_journal_is_limited_and_read_in_parts() {
    let mut client = TestClient::empty();
    for _ in 0..100_001 {
        client.delete("/users/auth0%7Cx");
    }
    let numbers = |client: &mut TestClient, path: &str| -> Vec<u64> {
        let answer = client.control("GET", path, Value::Null);
        assert_eq!(answer.status, 200);
        let entries = answer.body.as_array().unwrap();
        entries
            .iter()
            .map(|entry| entry["number"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(client.tenant.journal().count(), 100_000);
    assert_eq!(numbers(&mut client, "journal?take=2"), [2, 3]);
    assert_eq!(
        numbers(&mut client, "journal?after=99999"),
        [100_000, 100_001]
    );
    assert_eq!(
        client.control("GET", "journal?take=no", Value::Null).status,
        400
    );
}
