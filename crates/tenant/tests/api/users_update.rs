//! Updating users.

use auth0_users_tenant::Config;
use serde_json::{Value, json};

use crate::client::{DATABASE, TestClient};

/// Rows 5.1 and 5.5.
#[test]
fn absent_attributes_do_not_change_and_null_unsets_them() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    client.now += 1000;
    let answer = client.patch(
        &id,
        json!({ "given_name": "Ada", "family_name": "Bauer", "blocked": true }),
    );
    assert_eq!(answer.body["updated_at"], "2026-01-01T00:00:01.000Z");
    let answer = client.patch(
        &id,
        json!({ "family_name": null, "nickname": null, "picture": null }),
    );
    assert_eq!(
        (answer.status, &answer.body["given_name"]),
        (200, &json!("Ada"))
    );
    assert_eq!(answer.body["blocked"], true);
    for name in ["family_name", "nickname", "picture"] {
        assert!(answer.body.get(name).is_none(), "{name}");
    }
}

/// Rows 5.2 and 5.3.
#[test]
fn metadata_is_merged_on_the_first_level_only() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    for property in ["user_metadata", "app_metadata"] {
        let mut patch =
            |value: Value| client.patch(&id, json!({ property: value })).body[property].clone();
        patch(json!({ "profileCode": 1479 }));
        assert_eq!(
            patch(json!({ "addresses": { "work_address": "100 Industrial Way" } })),
            json!({ "profileCode": 1479, "addresses": { "work_address": "100 Industrial Way" } })
        );
        assert_eq!(
            patch(json!({ "addresses": { "home_address": "742 Evergreen Terrace" } })),
            json!({ "profileCode": 1479, "addresses": { "home_address": "742 Evergreen Terrace" } })
        );
        assert_eq!(
            patch(json!({ "profileCode": null })),
            json!({ "addresses": { "home_address": "742 Evergreen Terrace" } }),
            "null deletes a key"
        );
        assert_eq!(
            patch(json!({ "a": { "b": null } }))["a"],
            json!({ "b": null })
        );
    }
}

/// Row 5.4.
#[test]
fn an_empty_object_clears_metadata() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    client.patch(
        &id,
        json!({ "user_metadata": { "a": 1 }, "app_metadata": { "a": 1 } }),
    );
    let answer = client.patch(&id, json!({ "user_metadata": {}, "app_metadata": {} }));
    assert_eq!(answer.body["user_metadata"], json!({}));
    assert!(answer.body.get("app_metadata").is_none());
}

/// Row 3.13.
#[test]
fn a_profile_can_be_large() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let large = "x".repeat(100_000);
    let answer = client.patch(&id, json!({ "user_metadata": { "large": large } }));
    assert_eq!(
        (answer.status, &answer.body["user_metadata"]["large"]),
        (200, &json!(large))
    );
}

/// Row 5.7.
#[test]
fn some_attributes_cannot_change_together() {
    let mut client = TestClient::empty();
    let id = client.create(json!({
        "connection": "Members", "email": "a@example.com", "username": "a", "password": "Secret-123",
    }));
    let value = |name: &str| match name {
        "email" => json!("b@example.com"),
        "email_verified" => json!(true),
        "password" => json!("Secret-456"),
        _ => json!("b"),
    };
    for (one, other) in [
        ("password", "email"),
        ("password", "email_verified"),
        ("username", "email"),
        ("username", "email_verified"),
        ("username", "password"),
    ] {
        let answer = client.patch(&id, json!({ one: value(one), other: value(other) }));
        assert_eq!(
            answer.error().2,
            format!("Cannot update {one} and {other} simultaneously")
        );
    }
}

/// Row 5.8.
#[test]
fn connection_selects_a_secondary_identity() {
    let mut client = TestClient::new(Config::default());
    let found = client.search("identities.provider:github AND identities.provider:auth0");
    let id = found.body[0]["user_id"].as_str().unwrap().to_owned();
    let verified = |body: &Value| {
        (
            body["email_verified"].clone(),
            body["identities"][1]["profileData"]["email_verified"].clone(),
        )
    };
    let answer = client.patch(
        &id,
        json!({ "email_verified": false, "connection": "github" }),
    );
    assert_eq!(verified(&answer.body).1, false);
    let answer = client.patch(
        &id,
        json!({ "email_verified": true, "connection": "github" }),
    );
    let before = verified(&answer.body);
    let answer = client.patch(
        &id,
        json!({ "email_verified": !before.0.as_bool().unwrap() }),
    );
    assert_eq!(
        verified(&answer.body),
        (json!(!before.0.as_bool().unwrap()), json!(true))
    );
    let answer = client.patch(&id, json!({ "name": "x", "connection": "github" }));
    assert_eq!(
        answer.error().1,
        "operation_not_supported",
        "root attributes are the primary's"
    );
    let answer = client.patch(&id, json!({ "email_verified": true, "connection": "sms" }));
    assert_eq!(answer.status, 400);
}

/// Rows 5.9 and 5.10.
#[test]
fn the_attributes_that_can_change_depend_on_the_connection() {
    let mut client = TestClient::new(Config::default());
    let mut refused = |connection: &str, body: Value| {
        let id = client.seeded(connection);
        let answer = client.patch(&id, body.clone());
        assert!([200, 400].contains(&answer.status), "{}", answer.body);
        answer.status == 400
    };
    let table = [
        (DATABASE, json!({ "client_id": "x" }), true),
        (
            DATABASE,
            json!({ "client_id": "x", "email": "fresh@example.com" }),
            false,
        ),
        (DATABASE, json!({ "name": "x" }), false),
        (DATABASE, json!({ "username": "x" }), true),
        ("Members", json!({ "username": "fresh" }), false),
        (DATABASE, json!({ "phone_number": "+12" }), true),
        (DATABASE, json!({ "email": null }), true),
        ("Members", json!({ "email": null }), false),
        (DATABASE, json!({ "password": null }), true),
        (DATABASE, json!({ "password": "short" }), true),
        (
            "sms",
            json!({ "phone_number": "+12", "verify_phone_number": true }),
            false,
        ),
        ("sms", json!({ "verify_phone_number": true }), true),
        ("sms", json!({ "phone_number": null }), true),
        ("sms", json!({ "email_verified": true }), true),
        ("sms", json!({ "name": "x" }), false),
        ("email", json!({ "email": "x@example.com" }), true),
        ("google-oauth2", json!({ "email": "x@example.com" }), true),
        ("google-oauth2", json!({ "email_verified": true }), false),
        ("google-oauth2", json!({ "name": "x" }), true),
        ("google-oauth2", json!({ "password": "Secret-456" }), true),
        (
            "google-oauth2",
            json!({ "user_metadata": {}, "blocked": true }),
            false,
        ),
        ("acme-saml", json!({ "email_verified": true }), true),
        ("acme-saml", json!({ "family_name": null }), true),
    ];
    for (connection, body, expected) in table {
        assert_eq!(
            refused(connection, body.clone()),
            expected,
            "{connection} {body}"
        );
    }
}

/// Row 5.6.
#[test]
fn unknown_properties_are_refused() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    for name in ["user_id", "identities", "created_at", "nonsense"] {
        assert_eq!(
            client.patch(&id, json!({ name: "x" })).error(),
            (
                400,
                "invalid_body",
                format!("Payload validation error: 'Additional properties not allowed: {name}'.")
                    .as_str()
            )
        );
    }
}

/// Row 5.11.
#[test]
fn an_existing_address_is_400() {
    let mut client = TestClient::empty();
    client.database_user("taken@example.com");
    let id = client.database_user("a@example.com");
    let answer = client.patch(&id, json!({ "email": "Taken@example.com" }));
    assert_eq!(answer.error().2, "The specified new email already exists");
    assert_eq!(answer.status, 400);
    let answer = client.patch(&id, json!({ "email": "A@example.com" }));
    assert_eq!(answer.status, 200, "its own address is free");
}

#[test]
fn a_new_address_is_found_and_not_verified() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    client.patch(&id, json!({ "email_verified": true }));
    let answer = client.patch(&id, json!({ "email": "B@example.com" }));
    assert_eq!(
        (
            &answer.body["email"],
            &answer.body["email_verified"],
            &answer.body["name"]
        ),
        (
            &json!("b@example.com"),
            &json!(false),
            &json!("a@example.com")
        )
    );
    assert_eq!(
        client.get("/users-by-email?email=a%40example.com").body,
        json!([])
    );
    let found = client.get("/users-by-email?email=b%40example.com");
    assert_eq!(found.body[0]["user_id"], id.as_str());
}

/// Row 5.12.
#[test]
fn a_password_change_is_dated_just_before_the_update() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    client.patch(&id, json!({ "blocked": true }));
    client.now += 60_000;
    let answer = client.patch(&id, json!({ "password": "Secret-456" }));
    let (reset, updated) = (
        answer.body["last_password_reset"].as_str().unwrap(),
        answer.body["updated_at"].as_str().unwrap(),
    );
    assert!(reset < updated && reset > "2026-01-01T00:00:59");
    assert_eq!(
        answer.body["blocked"], false,
        "it lifts the block of an administrator"
    );
}

/// Row 5.13.
#[test]
fn a_new_user_name_does_not_change_the_name() {
    let mut client = TestClient::empty();
    let id = client.create(json!({
        "connection": "Members", "email": "a@example.com", "password": "Secret-123", "username": "old",
    }));
    let before = client.user(&id).body;
    client.now += 5;
    let after = client.patch(&id, json!({ "username": "new" })).body;
    assert_eq!(after["username"], "new");
    assert_eq!(
        (&after["name"], &after["nickname"]),
        (&before["name"], &before["nickname"])
    );
    assert_eq!(after["updated_at"], "2026-01-01T00:00:00.005Z");
    assert_eq!(after["created_at"], before["created_at"]);
}
