//! Adding users, connections, roles and organizations.

use serde_json::json;

use crate::client::{DATABASE, TestClient};

#[test]
fn a_user_is_added_as_it_is_described() {
    let mut client = TestClient::empty();
    let given = json!({
        "user_id": "auth0|ada", "email": "Ada@Example.com", "email_verified": true, "name": "Ada", "nickname": "a",
        "picture": "https://example.com/a.png", "created_at": "2020-02-03T04:05:06.007Z", "logins_count": 7,
        "last_login": 1_600_000_000_000_u64, "last_ip": "203.0.113.9", "blocked": true,
        "user_metadata": { "theme": "dark" }, "app_metadata": { "plan": { "name": "gold" } },
    });
    let added = client.control("POST", "users", given);
    assert_eq!(added.status, 201);
    let user = client.user("auth0|ada").body;
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
    let found = client
        .search("app_metadata.plan.name:gold AND created_at:2020-02-03")
        .body;
    assert_eq!(found[0]["user_id"], "auth0|ada");
}

#[test]
fn missing_properties_have_defaults() {
    let mut client = TestClient::empty();
    let added = client.control(
        "POST",
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
fn added_connections_roles_and_organizations_are_found_by_name() {
    let mut client = TestClient::empty();
    let connection = client.control(
        "POST",
        "connections",
        json!({ "name": "Partners", "strategy": "oidc" }),
    );
    assert_eq!(connection.status, 201);
    let permission = json!({ "resource_server_identifier": "https://new.example.com/", "permission_name": "read:new" });
    let role = client.control(
        "POST",
        "roles",
        json!({ "name": "auditor", "permissions": [permission] }),
    );
    let organization = client.control(
        "POST",
        "organizations",
        json!({ "name": "umbrella", "id": "org_umbrella00000000" }),
    );
    assert_eq!(organization.body["display_name"], "umbrella");
    let user = client.control("POST",
        "users",
        json!({
            "connection": "Partners", "user_id": "oidc|sub", "email": "P@Example.com", "roles": ["auditor", "viewer"],
            "organizations": ["org_umbrella00000000"], "permissions": [permission],
        }),
    );
    assert_eq!(user.status, 201, "{}", user.body);
    assert_eq!(user.body["email"], "P@Example.com");
    let path = "/users/oidc%7Csub";
    let roles = client.get(&format!("{path}/roles")).body;
    assert_eq!(roles[0]["id"], role.body["id"]);
    assert_eq!(roles[1]["name"], "viewer");
    let permissions = client.get(&format!("{path}/permissions")).body;
    assert_eq!(permissions[0]["permission_name"], "read:new");
    assert_eq!(permissions[0]["sources"].as_array().unwrap().len(), 2);
    assert_eq!(
        client.get(&format!("{path}/organizations")).body[0]["name"],
        "umbrella"
    );
    let found = client.search("organization_id:org_umbrella00000000").body;
    assert_eq!(found.as_array().unwrap().len(), 1);
    let enterprise = client.patch("oidc|sub", json!({ "name": "x" }));
    assert_eq!(enterprise.status, 400);
}

#[test]
fn invalid_entries_are_refused_with_the_problem() {
    let mut client = TestClient::empty();
    client.control(
        "POST",
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
            "The connection Nowhere does not exist",
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
        let answer = client.control("POST", what, body);
        assert_eq!(answer.status, status, "{named}: {}", answer.body);
        assert!(
            answer.body["message"].as_str().unwrap().contains(named),
            "{named}: {}",
            answer.body
        );
    }
    assert_eq!(client.tenant.user_count(), 2);
}
