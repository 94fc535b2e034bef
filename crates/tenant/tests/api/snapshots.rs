//! Snapshots.

use auth0_users_tenant::Config;
use http::Request;
use serde_json::{Value, json};

use crate::client::{DATABASE, TestClient, encode};

fn snapshot(client: &mut TestClient) -> Value {
    let request = Request::get("/__tenant/snapshot").body(Vec::new()).unwrap();
    let answer = client.send(&request);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json")
    );
    answer.body
}

/// Changes something of each kind.
fn change_everything(client: &mut TestClient) {
    let id = client.database_user("new@example.com");
    client.patch(
        &id,
        json!({ "user_metadata": { "a": [1, { "b": null }] }, "app_metadata": {} }),
    );
    let google = client.seeded("google-oauth2");
    let (provider, bare) = google.split_once('|').unwrap();
    let path = format!("/users/{}", encode(&id));
    assert_eq!(
        client
            .post(
                &format!("{path}/identities"),
                json!({ "provider": provider, "user_id": bare })
            )
            .status,
        201
    );
    client.post(
        &format!("{path}/authentication-methods"),
        json!({ "type": "email", "email": "a@b.c" }),
    );
    let role = client.tenant.directory()["roles"][0]["id"].clone();
    assert_eq!(
        client
            .post(&format!("{path}/roles"), json!({ "roles": [role] }))
            .status,
        204
    );
    client.control(
        "POST",
        "attach",
        json!({ "user_id": id, "sessions": 2, "logs": 2, "groups": 1 }),
    );
    client.control(
        "POST",
        "block",
        json!({ "identifier": "new@example.com", "connection": DATABASE }),
    );
    client.control(
        "POST",
        "token",
        json!({ "token": "t", "scopes": ["read:users"], "expires_in_ms": 5000 }),
    );
    client.post(
        "/jobs/users-exports",
        json!({ "format": "json", "limit": 3 }),
    );
    let other = client.seeded("sms");
    client.delete(&format!("/users/{}", encode(&other)));
    client.now += 1234;
}

#[test]
fn a_snapshot_restores_everything() {
    let config = || Config {
        users: 60,
        seed: u64::MAX,
        ..Config::default()
    };
    let mut client = TestClient::new(config());
    change_everything(&mut client);
    let saved = snapshot(&mut client);
    let mut other = TestClient::new(Config {
        users: 3,
        seed: 9,
        ..config()
    });
    other.now = client.now;
    assert_eq!(other.control("POST", "restore", saved.clone()).status, 204);
    assert_eq!(snapshot(&mut other), saved);

    // Both tenants respond in the same way from here.
    let ids: Vec<String> = saved["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["user_id"].as_str().unwrap().to_owned())
        .collect();
    for id in &ids {
        for rest in [
            "",
            "/sessions",
            "/refresh-tokens",
            "/roles",
            "/permissions",
            "/groups",
            "/organizations",
            "/logs",
            "/authentication-methods",
            "/enrollments",
        ] {
            let path = format!("/users/{}{rest}", encode(id));
            let (one, two) = (client.get(&path), other.get(&path));
            assert_eq!((one.status, one.body), (200, two.body), "{path}");
        }
    }
    for q in ["name:a*", "blocked:true", "app_metadata.plan:team"] {
        assert_eq!(client.search(q).body, other.search(q).body);
    }
    assert_eq!(
        client.database_user("later@example.com"),
        other.database_user("later@example.com")
    );
    change_again(&mut client);
    change_again(&mut other);
    assert_eq!(snapshot(&mut client), snapshot(&mut other));

    // The first tenant can be restored too.
    client.control("POST", "restore", saved.clone());
    assert_eq!(snapshot(&mut client), saved);
}

fn change_again(client: &mut TestClient) {
    let id = client.database_user("again@example.com");
    client.patch(&id, json!({ "name": "Again" }));
    client.post(
        &format!("/users/{}/recovery-code-regeneration", encode(&id)),
        json!({}),
    );
}

#[test]
fn an_invalid_snapshot_changes_nothing() {
    let mut client = TestClient::new(Config {
        users: 5,
        ..Config::default()
    });
    let saved = snapshot(&mut client);
    let mut newer = saved.clone();
    newer["version"] = 2.into();
    let mut broken = saved.clone();
    broken["users"][3]["identities"] = json!([]);
    for (body, named) in [
        (json!({}), "version"),
        (newer, "version 2"),
        (broken, "identities"),
    ] {
        let answer = client.control("POST", "restore", body);
        assert_eq!(answer.status, 400);
        assert!(
            answer.body["error"].as_str().unwrap().contains(named),
            "{}",
            answer.body
        );
        assert_eq!(snapshot(&mut client), saved);
    }
}
