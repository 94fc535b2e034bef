//! Tickets.

use auth0_users_tenant::Config;
use serde_json::json;

use crate::client::{Answer, DATABASE, TestClient, connection_id, encode};

/// Row 13.6.
#[test]
fn tickets_are_links() {
    let mut client = TestClient::new(Config::default());
    let user = client.database_user("a@example.com");
    let database = connection_id(&client, DATABASE);
    let secret = |answer: &Answer, page: &str| {
        assert_eq!(answer.status, 201, "{}", answer.body);
        let ticket = answer.body["ticket"].as_str().unwrap();
        let start = format!("https://tenant.example.com/u/{page}?ticket=");
        let secret = ticket
            .strip_prefix(&start)
            .and_then(|rest| rest.strip_suffix('#'));
        assert_eq!(secret.unwrap().len(), 32);
    };
    let answer = client.post(
        "/tickets/email-verification",
        json!({ "user_id": user, "ttl_sec": 0 }),
    );
    secret(&answer, "email-verification");
    for body in [
        json!({ "user_id": user }),
        json!({ "email": "A@example.com", "connection_id": database }),
        json!({ "user_id": user, "result_url": "https://app.example.com/done", "mark_email_as_verified": true }),
    ] {
        secret(
            &client.post("/tickets/password-change", body),
            "reset-password",
        );
    }
    let sms = client.seeded("sms");
    for (path, body, status) in [
        (
            "email-verification",
            json!({ "user_id": "auth0|nobody" }),
            404,
        ),
        ("email-verification", json!({ "user_id": sms }), 400),
        (
            "email-verification",
            json!({ "user_id": user, "result_url": "https://app.example.com", "client_id": "abc" }),
            400,
        ),
        ("password-change", json!({ "user_id": "auth0|nobody" }), 404),
        ("password-change", json!({ "user_id": sms }), 400),
        ("password-change", json!({ "email": "a@example.com" }), 400),
        (
            "password-change",
            json!({ "user_id": user, "email": "a@example.com" }),
            400,
        ),
        (
            "password-change",
            json!({ "email": "b@example.com", "connection_id": database }),
            404,
        ),
        ("password-change", json!({}), 400),
        (
            "password-change",
            json!({ "user_id": user, "ttl_sec": -1 }),
            400,
        ),
    ] {
        assert_eq!(
            client
                .post(&format!("/tickets/{path}"), body.clone())
                .status,
            status,
            "{path} {body}"
        );
    }
    assert_eq!(
        client
            .request("POST", "/tickets/password-change", None)
            .status,
        400
    );
    let path = format!("/users/{}", encode(&user));
    assert_eq!(client.get(&path).status, 200);
}
