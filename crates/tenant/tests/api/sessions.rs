//! Sessions, refresh tokens and revoking access.

use auth0_users_tenant::{Config, RelatedCounts};
use serde_json::json;

use crate::client::{DATABASE, NOW, TestClient, all_pages, encode, with_user};

#[test]
fn deleted_sessions_and_tokens_are_not_listed() {
    let (mut client, id, path) = with_user();
    let (sessions, tokens) = (format!("{path}/sessions"), format!("{path}/refresh-tokens"));
    assert_eq!(client.get(&sessions).body, json!({ "sessions": [] }));
    let counts = RelatedCounts {
        sessions: 60,
        ..RelatedCounts::default()
    };
    client.tenant.attach(&id, counts, NOW);
    let (items, requests) = all_pages(&mut client, &sessions, "", "sessions");
    assert_eq!((items.len(), requests), (60, 2), "50 at a time");
    assert_eq!(items[0]["user_id"], id.as_str());
    let (items, requests) = all_pages(&mut client, &tokens, "take=100", "tokens");
    assert_eq!((items.len(), requests), (60, 1));
    assert!(items[0]["resource_servers"][0]["scopes"].is_string());
    assert!(client.get(&tokens).body.get("total").is_none());

    let answer = client.delete(&sessions);
    assert_eq!((answer.status, answer.body), (202, json!({})));
    assert_eq!(client.get(&sessions).body["sessions"], json!([]));
    assert_eq!(
        client.get(&format!("{tokens}?include_totals=true")).body["total"],
        60
    );
    assert_eq!(client.delete(&tokens).status, 202);
    assert_eq!(
        client.get(&format!("{tokens}?include_totals=true")).body,
        json!({ "tokens": [], "total": 0 })
    );
}

/// Row 10.1.
#[test]
fn deletions_can_take_effect_later() {
    let mut client = TestClient::new(Config {
        users: 0,
        deletion_delay_ms: 500,
        ..Config::default()
    });
    let id = client.database_user("a@example.com");
    let counts = RelatedCounts {
        sessions: 1,
        ..RelatedCounts::default()
    };
    client.tenant.attach(&id, counts, NOW);
    let path = format!("/users/{}/sessions", encode(&id));
    client.delete(&path);
    assert_eq!(
        client.get(&path).body["sessions"].as_array().unwrap().len(),
        1
    );
    client.now += 500;
    assert_eq!(client.get(&path).body["sessions"], json!([]));
}

/// Rows 10.2 and 10.3.
#[test]
fn at_most_200_refresh_tokens_are_listed_in_pages() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let sessions = RelatedCounts {
        sessions: 203,
        ..RelatedCounts::default()
    };
    client.tenant.attach(&id, sessions, NOW);
    let path = format!("/users/{}/refresh-tokens", encode(&id));
    let first = client.get(&format!("{path}?include_totals=true")).body;
    assert_eq!(
        (first["tokens"].as_array().unwrap().len(), &first["total"]),
        (50, &json!(200))
    );
    let next = first["next"].as_str().unwrap();
    let second = client.get(&format!("{path}?take=100&from={next}")).body;
    assert_eq!(second["tokens"].as_array().unwrap().len(), 100);
    assert!(second.get("total").is_none());
    assert_eq!(client.get(&format!("{path}?take=101")).status, 400);
    let token = first["tokens"][0].as_object().unwrap();
    let names: Vec<_> = token.keys().map(String::as_str).collect();
    for name in [
        "id",
        "user_id",
        "created_at",
        "idle_expires_at",
        "expires_at",
        "client_id",
        "session_id",
        "rotating",
        "resource_servers",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    let sessions = client
        .get(&format!("/users/{}/sessions?take=100", encode(&id)))
        .body;
    assert!(sessions["next"].is_string());
}

/// Row 10.4.
#[test]
fn revoking_access_ends_the_named_sessions_and_tokens() {
    let (mut client, id, path) = with_user();
    let attach = |client: &mut TestClient| {
        let counts = RelatedCounts {
            sessions: 2,
            ..RelatedCounts::default()
        };
        client.tenant.attach(&id, counts, NOW);
    };
    let left = |client: &mut TestClient| {
        let sessions = client.get(&format!("{path}/sessions")).body["sessions"].clone();
        let tokens = client.get(&format!("{path}/refresh-tokens")).body["tokens"].clone();
        (
            sessions.as_array().unwrap().clone(),
            tokens.as_array().unwrap().clone(),
        )
    };
    let revoke = format!("{path}/revoke-access");
    attach(&mut client);
    let session = left(&mut client).0[0]["id"].clone();
    client.post(
        &revoke,
        json!({ "session_id": session, "preserve_refresh_tokens": true }),
    );
    let (sessions, tokens) = left(&mut client);
    assert_eq!((sessions.len(), tokens.len()), (1, 2));
    let session = sessions[0]["id"].clone();
    client.post(&revoke, json!({ "session_id": session }));
    let (sessions, tokens) = left(&mut client);
    assert_eq!((sessions.len(), tokens.len()), (0, 1));
    assert_ne!(tokens[0]["session_id"], session);
    attach(&mut client);
    client.request("POST", &revoke, None);
    let (sessions, tokens) = left(&mut client);
    assert_eq!((sessions.len(), tokens.len()), (0, 0));
    assert_eq!(
        client
            .request("POST", "/users/nobody/revoke-access", None)
            .status,
        202
    );
}

#[test]
fn revoking_access_is_202() {
    let mut client = TestClient::new(Config::default());
    let id = client.seeded(DATABASE);
    let path = format!("/users/{}/revoke-access", encode(&id));
    let answer = client.request("POST", &path, None);
    assert_eq!((answer.status, answer.response.body().len()), (202, 0));
    assert_eq!(
        client
            .post(&path, json!({ "preserve_refresh_tokens": true }))
            .status,
        202
    );
    assert_eq!(
        client
            .post(&path, json!({ "session_id": "x".repeat(51) }))
            .status,
        400
    );
    assert_eq!(
        client.post(&path, json!({ "nonsense": 1 })).error().1,
        "invalid_body"
    );
}
