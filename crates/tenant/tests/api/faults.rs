//! Fault injection.

use auth0_users_tenant::FailNext;
use serde_json::{Value, json};

use crate::client::{DATABASE, NOW, TestClient};

#[test]
fn a_fault_applies_to_the_next_request_only() {
    let mut client = TestClient::empty();
    client.tenant.fail_next(FailNext {
        status: Some(503),
        ..FailNext::default()
    });
    assert_eq!(
        client.get("/users").error(),
        (503, "", "Service Unavailable")
    );
    assert_eq!(client.get("/users").status, 200);
}

#[test]
fn a_fault_waits_for_its_operation_and_user() {
    let mut client = TestClient::empty();
    let fault = json!({ "operation": "users.roles.list", "user_id": "auth0|a/b", "status": 403 });
    assert_eq!(client.control("POST", "fail-next", fault).status, 204);
    let statuses = [
        "/users/auth0%7Ca/roles",
        "/users/auth0%7Ca%2Fb",
        "/users/auth0%7Ca%2Fb/roles",
        "/users/auth0%7Ca%2Fb/roles",
    ]
    .map(|path| client.get(path).status);
    assert_eq!(statuses, [404, 404, 403, 404]);
}

#[test]
fn a_fault_occurs_before_or_after_the_operation() {
    let mut client = TestClient::empty();
    let body =
        json!({ "connection": DATABASE, "email": "a@example.com", "password": "Secret-123" });
    for (after_commit, users) in [(false, 0), (true, 1)] {
        client.tenant.fail_next(FailNext {
            after_commit,
            status: Some(500),
            operation: Some("users.create".into()),
            ..FailNext::default()
        });
        assert_eq!(client.get("/users").status, 200);
        assert_eq!(client.post("/users", body.clone()).status, 500);
        assert_eq!(client.tenant.user_count(), users);
    }
}

#[test]
fn the_journal_shows_which_requests_with_random_faults_were_committed() {
    let kinds = ["server_error", "reset", "truncate", "stall", "content_type"];
    let soak = |fault: Value| {
        let mut client = TestClient::empty();
        assert_eq!(client.control("POST", "faults", fault).status, 204);
        for n in 0..400 {
            let mail = format!("{n}@example.com");
            client.post(
                "/users",
                json!({ "connection": DATABASE, "email": mail, "password": "Secret-123" }),
            );
        }
        let entries = client.control("GET", "journal", Value::Null).body;
        let committed = |entry: &&Value| entry["committed"] == true;
        let entries = entries.as_array().unwrap().clone();
        assert_eq!(
            entries.iter().filter(committed).count(),
            client.tenant.user_count()
        );
        entries
    };
    let mixed = soak(json!({ "rate": 0.5, "kinds": kinds, "seed": 3 }));
    let count =
        |wanted: &dyn Fn(&Value) -> bool| mixed.iter().filter(|entry| wanted(entry)).count();
    let met = count(&|entry| !entry["fault"].is_null());
    assert!((150..250).contains(&met), "{met}");
    for kind in ["status", "reset", "truncate", "stall", "content_type"] {
        for committed in [true, false] {
            let some = count(&|entry| entry["fault"] == kind && entry["committed"] == committed);
            assert!(some > 5, "{kind} {committed}: {some}");
        }
    }
    assert!(
        mixed
            .iter()
            .all(|entry| entry["status"].is_null() == (entry["fault"] == "reset"))
    );
    assert_eq!(
        mixed,
        soak(json!({ "rate": 0.5, "kinds": kinds, "seed": 3 }))
    );
    assert_ne!(
        mixed,
        soak(json!({ "rate": 0.5, "kinds": kinds, "seed": 4 }))
    );

    let before = soak(json!({ "rate": 1, "after_commit": 0 }));
    assert!(before.iter().all(|entry| entry["committed"] == false));
    let after = soak(json!({ "rate": 1, "kinds": kinds, "after_commit": 1 }));
    assert!(after.iter().all(|entry| entry["committed"] == true));
    assert!(
        soak(Value::Null)
            .iter()
            .all(|entry| entry["fault"].is_null())
    );
}

#[test]
fn invalid_random_faults_are_refused() {
    let mut client = TestClient::empty();
    for (fault, named) in [
        (json!({}), "rate"),
        (json!({ "rate": 1.5 }), "rate"),
        (json!({ "rate": 1, "kinds": ["fire"] }), "fire"),
        (json!({ "rate": 1, "kinds": [] }), "kinds"),
        (json!({ "rate": 1, "after_commit": -1 }), "after_commit"),
    ] {
        let answer = client.control("POST", "faults", fault);
        assert_eq!(
            (
                answer.status,
                answer.body["message"].as_str().unwrap().contains(named)
            ),
            (400, true)
        );
    }
}

#[test]
fn a_random_429_has_limit_headers_and_is_not_committed() {
    let mut client = TestClient::empty();
    let fault = json!({ "rate": 1, "kinds": ["too_many_requests"], "after_commit": 1 });
    client.control("POST", "faults", fault);
    let answer = client.delete("/users/auth0%7Cx");
    assert_eq!(answer.error().0, 429);
    assert_eq!(answer.error().1, "too_many_requests");
    let reset = (NOW / 1000 + 1).to_string();
    assert_eq!(answer.header("x-ratelimit-reset"), reset);
    assert!(!client.tenant.journal().next().unwrap().committed);
}

/// Row 3.6.
#[test]
fn a_search_timeout_can_be_injected() {
    let mut client = TestClient::empty();
    client.tenant.fail_next(FailNext {
        operation: Some("users.list".to_owned()),
        status: Some(503),
        ..FailNext::default()
    });
    assert_eq!(client.get("/users/auth0%7Cx").status, 404);
    assert_eq!(
        client.search("name:a*").error(),
        (503, "", "Service Unavailable")
    );
}
