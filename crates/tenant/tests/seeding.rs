//! What a test adds to a tenant, and how it keeps a state to come back to.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use auth0_users_tenant::Config;
use common::{Answer, DATABASE, Talk, encode};
use http::Request;
use serde_json::{Value, json};

fn control(talk: &mut Talk, name: &str, body: Value) -> Answer {
    let request = Request::post(format!("/__tenant/{name}"))
        .body(body.to_string().into_bytes())
        .unwrap();
    talk.send(&request)
}

fn snapshot(talk: &mut Talk) -> Value {
    let request = Request::get("/__tenant/snapshot").body(Vec::new()).unwrap();
    let answer = talk.send(&request);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json")
    );
    answer.body
}

#[test]
fn a_user_is_added_as_it_is_described() {
    let mut talk = Talk::empty();
    let given = json!({
        "user_id": "auth0|ada", "email": "Ada@Example.com", "email_verified": true, "name": "Ada", "nickname": "a",
        "picture": "https://example.com/a.png", "created_at": "2020-02-03T04:05:06.007Z", "logins_count": 7,
        "last_login": 1_600_000_000_000_u64, "last_ip": "203.0.113.9", "blocked": true,
        "user_metadata": { "theme": "dark" }, "app_metadata": { "plan": { "name": "gold" } },
    });
    let added = control(&mut talk, "users", given);
    assert_eq!(added.status, 201);
    let user = talk.user("auth0|ada").body;
    assert_eq!(user, added.body);
    assert_eq!(
        user,
        json!({
            "user_id": "auth0|ada", "email": "ada@example.com", "email_verified": true, "name": "Ada", "nickname": "a",
            "picture": "https://example.com/a.png", "created_at": "2020-02-03T04:05:06.007Z",
            "updated_at": "2020-02-03T04:05:06.007Z", "logins_count": 7, "last_login": "2020-09-13T12:26:40.000Z",
            "last_ip": "203.0.113.9", "blocked": true,
            "user_metadata": { "theme": "dark" }, "app_metadata": { "plan": { "name": "gold" } },
            "identities": [{ "connection": DATABASE, "provider": "auth0", "user_id": "ada", "isSocial": false }],
        })
    );
    let found = talk
        .search("app_metadata.plan.name:gold AND created_at:2020-02-03")
        .body;
    assert_eq!(found[0]["user_id"], "auth0|ada");
}

#[test]
fn what_is_left_out_is_made_up() {
    let mut talk = Talk::empty();
    let added = control(
        &mut talk,
        "users",
        json!([{ "email": "a@example.com" }, { "connection": "sms", "phone_number": "+1" }]),
    );
    let users = &added.body;
    assert!(users[0]["user_id"].as_str().unwrap().starts_with("auth0|"));
    assert_eq!(users[0]["email_verified"], false);
    assert_eq!(users[0]["created_at"], "2026-01-01T00:00:00.000Z");
    assert!(
        users[0]["picture"]
            .as_str()
            .unwrap()
            .starts_with("https://s.gravatar.com/")
    );
    assert_eq!(users[1]["identities"][0]["provider"], "sms");
}

#[test]
fn connections_roles_and_organizations_are_added_and_referred_to_by_name() {
    let mut talk = Talk::empty();
    let connection = control(
        &mut talk,
        "connections",
        json!({ "name": "Partners", "strategy": "oidc" }),
    );
    assert_eq!(connection.status, 201);
    let permission = json!({ "resource_server_identifier": "https://new.example.com/", "permission_name": "read:new" });
    let role = control(
        &mut talk,
        "roles",
        json!({ "name": "auditor", "permissions": [permission] }),
    );
    let organization = control(
        &mut talk,
        "organizations",
        json!({ "name": "umbrella", "id": "org_umbrella00000000" }),
    );
    assert_eq!(organization.body["display_name"], "umbrella");
    let user = control(
        &mut talk,
        "users",
        json!({
            "connection": "Partners", "user_id": "oidc|sub", "email": "P@Example.com", "roles": ["auditor", "viewer"],
            "organizations": ["org_umbrella00000000"], "permissions": [permission],
        }),
    );
    assert_eq!(user.status, 201, "{}", user.body);
    assert_eq!(user.body["email"], "P@Example.com");
    let path = "/users/oidc%7Csub";
    let roles = talk.get(&format!("{path}/roles")).body;
    assert_eq!(roles[0]["id"], role.body["id"]);
    assert_eq!(roles[1]["name"], "viewer");
    let permissions = talk.get(&format!("{path}/permissions")).body;
    assert_eq!(permissions[0]["permission_name"], "read:new");
    assert_eq!(permissions[0]["sources"].as_array().unwrap().len(), 2);
    assert_eq!(
        talk.get(&format!("{path}/organizations")).body[0]["name"],
        "umbrella"
    );
    let found = talk.search("organization_id:org_umbrella00000000").body;
    assert_eq!(found.as_array().unwrap().len(), 1);
    let enterprise = talk.patch("oidc|sub", json!({ "name": "x" }));
    assert_eq!(enterprise.status, 400);
}

#[test]
fn what_cannot_be_added_is_named() {
    let mut talk = Talk::empty();
    control(
        &mut talk,
        "users",
        json!({ "email": "a@example.com", "user_id": "auth0|a" }),
    );
    for (what, body, status, named) in [
        ("users", json!(7), 400, "object"),
        ("users", json!({ "mail": "x" }), 400, "mail"),
        (
            "users",
            json!({ "connection": "Nowhere" }),
            400,
            "There is no connection Nowhere",
        ),
        ("users", json!({ "user_id": "bare" }), 400, "auth0|x"),
        (
            "users",
            json!({ "created_at": "yesterday" }),
            400,
            "created_at",
        ),
        ("users", json!({ "roles": ["boss"] }), 400, "boss"),
        ("users", json!({ "identities": [] }), 400, "identities"),
        (
            "users",
            json!({ "identities": [{ "connection": "sms", "phone": 1 }] }),
            400,
            "phone",
        ),
        (
            "users",
            json!({ "user_id": "auth0|b", "identities": [{ "connection": "sms", "user_id": "b" }] }),
            400,
            "sms|b",
        ),
        (
            "users",
            json!({ "email": "A@example.com" }),
            409,
            "a@example.com",
        ),
        ("users", json!({ "user_id": "auth0|a" }), 409, "auth0|a"),
        (
            "users",
            json!([{ "email": "b@example.com" }, { "mail": 1 }]),
            400,
            "At index 1",
        ),
        ("roles", json!({ "name": "viewer" }), 409, "viewer"),
        ("roles", json!({}), 400, "name"),
        ("connections", json!({ "name": "sms" }), 409, "sms"),
        ("organizations", json!({ "name": "acme" }), 409, "acme"),
    ] {
        let answer = control(&mut talk, what, body);
        assert_eq!(answer.status, status, "{named}: {}", answer.body);
        assert!(
            answer.body["message"].as_str().unwrap().contains(named),
            "{named}: {}",
            answer.body
        );
    }
    assert_eq!(talk.tenant.user_count(), 2);
}

/// Some of everything that can change.
fn busy(talk: &mut Talk) {
    let id = talk.database_user("new@example.com");
    talk.patch(
        &id,
        json!({ "user_metadata": { "a": [1, { "b": null }] }, "app_metadata": {} }),
    );
    let google = talk.seeded("google-oauth2");
    let (provider, bare) = google.split_once('|').unwrap();
    let path = format!("/users/{}", encode(&id));
    assert_eq!(
        talk.post(
            &format!("{path}/identities"),
            json!({ "provider": provider, "user_id": bare })
        )
        .status,
        201
    );
    talk.post(
        &format!("{path}/authentication-methods"),
        json!({ "type": "email", "email": "a@b.c" }),
    );
    let role = talk.tenant.directory()["roles"][0]["id"].clone();
    assert_eq!(
        talk.post(&format!("{path}/roles"), json!({ "roles": [role] }))
            .status,
        204
    );
    control(
        talk,
        "attach",
        json!({ "user_id": id, "sessions": 2, "logs": 2, "groups": 1 }),
    );
    control(
        talk,
        "block",
        json!({ "identifier": "new@example.com", "connection": DATABASE }),
    );
    control(
        talk,
        "token",
        json!({ "token": "t", "scopes": ["read:users"], "expires_in_ms": 5000 }),
    );
    talk.post(
        "/jobs/users-exports",
        json!({ "format": "json", "limit": 3 }),
    );
    let other = talk.seeded("sms");
    talk.delete(&format!("/users/{}", encode(&other)));
    talk.now += 1234;
}

#[test]
fn a_snapshot_brings_everything_back() {
    let config = || Config {
        users: 60,
        seed: u64::MAX,
        ..Config::default()
    };
    let mut talk = Talk::new(config());
    busy(&mut talk);
    let kept = snapshot(&mut talk);
    let mut other = Talk::new(Config {
        users: 3,
        seed: 9,
        ..config()
    });
    other.now = talk.now;
    assert_eq!(control(&mut other, "restore", kept.clone()).status, 204);
    assert_eq!(snapshot(&mut other), kept);

    // Whatever is asked or done afterwards is the same in both.
    let ids: Vec<String> = kept["users"]
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
            let (one, two) = (talk.get(&path), other.get(&path));
            assert_eq!((one.status, one.body), (200, two.body), "{path}");
        }
    }
    for q in ["name:a*", "blocked:true", "app_metadata.plan:team"] {
        assert_eq!(talk.search(q).body, other.search(q).body);
    }
    assert_eq!(
        talk.database_user("later@example.com"),
        other.database_user("later@example.com")
    );
    busy_again(&mut talk);
    busy_again(&mut other);
    assert_eq!(snapshot(&mut talk), snapshot(&mut other));

    // And back.
    control(&mut talk, "restore", kept.clone());
    assert_eq!(snapshot(&mut talk), kept);
}

fn busy_again(talk: &mut Talk) {
    let id = talk.database_user("again@example.com");
    talk.patch(&id, json!({ "name": "Again" }));
    talk.post(
        &format!("/users/{}/recovery-code-regeneration", encode(&id)),
        json!({}),
    );
}

#[test]
fn what_is_no_snapshot_changes_nothing() {
    let mut talk = Talk::new(Config {
        users: 5,
        ..Config::default()
    });
    let kept = snapshot(&mut talk);
    let mut newer = kept.clone();
    newer["version"] = 2.into();
    let mut broken = kept.clone();
    broken["users"][3]["identities"] = json!([]);
    for (body, named) in [
        (json!({}), "version"),
        (newer, "version 2"),
        (broken, "identities"),
    ] {
        let answer = control(&mut talk, "restore", body);
        assert_eq!(answer.status, 400);
        assert!(
            answer.body["error"].as_str().unwrap().contains(named),
            "{}",
            answer.body
        );
        assert_eq!(snapshot(&mut talk), kept);
    }
}
