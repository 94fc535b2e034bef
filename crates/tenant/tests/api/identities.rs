//! Linking and unlinking identities.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::client::{DATABASE, TestClient, encode};

/// Creates two database users with metadata.
fn two_users() -> TestClient {
    let mut client = TestClient::empty();
    for bare in ["main", "other"] {
        client.create(json!({
            "connection": DATABASE, "email": format!("{bare}@example.com"), "password": "Secret-123", "user_id": bare,
            "user_metadata": { "from": bare },
        }));
    }
    client
}

const IDENTITIES: &str = "/users/auth0%7Cmain/identities";

fn ids(client: &mut TestClient) -> Vec<String> {
    let users = client.get("/users").body;
    let users = users.as_array().unwrap().iter();
    users
        .map(|user| user["user_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Rows 7.2, 7.3, 7.4 and 7.6.
#[test]
fn a_linked_account_is_listed_again_after_unlinking() {
    let mut client = two_users();
    let answer = client.post(
        IDENTITIES,
        json!({ "provider": "auth0", "user_id": "other" }),
    );
    assert_eq!(answer.status, 201);
    let names: Vec<&Value> = answer
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|own| &own["user_id"])
        .collect();
    assert_eq!(names, ["main", "other"], "the primary one first");
    for own in answer.body.as_array().unwrap() {
        let bare = own["user_id"].as_str().unwrap();
        assert_eq!(
            own["profileData"]["email"],
            format!("{bare}@example.com"),
            "on every element"
        );
    }
    assert_eq!(ids(&mut client), ["auth0|main"]);
    assert_eq!(client.user("auth0|other").status, 404);
    let user = client.user("auth0|main").body;
    assert_eq!(user["user_metadata"], json!({ "from": "main" }));
    assert_eq!(user["email"], "main@example.com");
    let body =
        json!({ "connection": DATABASE, "email": "other@example.com", "password": "Secret-123" });
    assert_eq!(
        client.post("/users", body).status,
        409,
        "its address is still taken"
    );

    let answer = client.delete(&format!("{IDENTITIES}/auth0/other"));
    assert_eq!(
        (answer.status, answer.body.as_array().unwrap().len()),
        (200, 1)
    );
    assert_eq!(ids(&mut client), ["auth0|main", "auth0|other"]);
    let other = client.user("auth0|other").body;
    assert_eq!(other["email"], "other@example.com");
    assert!(other.get("user_metadata").is_none(), "without its metadata");
}

/// Row 7.1.
#[test]
fn ids_are_accepted_with_and_without_the_provider() {
    let mut client = two_users();
    let body = json!({ "provider": "auth0", "user_id": "auth0|other" });
    assert_eq!(client.post(IDENTITIES, body).status, 201);
    let answer = client.delete(&format!("{IDENTITIES}/auth0/{}", encode("auth0|other")));
    assert_eq!(
        (answer.status, answer.body.as_array().unwrap().len()),
        (200, 2),
        "unlinking wants the bare one"
    );
}

#[test]
fn an_id_with_two_separators_is_linked() {
    let mut client = TestClient::new(auth0_users_tenant::Config::default());
    let id = client.seeded("acme-saml");
    let main = client.database_user("main@example.com");
    let bare = id.strip_prefix("samlp|").unwrap();
    let path = format!("/users/{}/identities", encode(&main));
    let answer = client.post(&path, json!({ "provider": "samlp", "user_id": bare }));
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(
        client
            .delete(&format!("{path}/samlp/{}", encode(bare)))
            .status,
        200
    );
    assert_eq!(client.user(&id).status, 200);
}

/// Row 7.5.
#[test]
fn invalid_links_are_refused() {
    let mut client = two_users();
    for (body, status) in [
        (json!({}), 400),
        (json!({ "provider": "auth0" }), 400),
        (json!({ "provider": "nothing", "user_id": "x" }), 400),
        (json!({ "provider": "auth0", "user_id": "nobody" }), 400),
        (json!({ "provider": "auth0", "user_id": "main" }), 400),
        (
            json!({ "provider": "auth0", "user_id": "other", "connection_id": "con_x" }),
            400,
        ),
        (
            json!({ "provider": "auth0", "user_id": "other", "connection_id": "con_0123456789abcdef" }),
            400,
        ),
        (json!({ "link_with": "x", "provider": "auth0" }), 400),
        (json!({ "link_with": "a.b.c" }), 400),
        (json!({ "nonsense": 1 }), 400),
    ] {
        assert_eq!(
            client.post(IDENTITIES, body.clone()).status,
            status,
            "{body}"
        );
    }
    let third = client.database_user("third@example.com");
    client.post(
        IDENTITIES,
        json!({ "provider": "auth0", "user_id": "other" }),
    );
    let path = format!("/users/{}/identities", encode(&third));
    let answer = client.post(&path, json!({ "provider": "auth0", "user_id": "other" }));
    assert_eq!(answer.status, 409, "linked elsewhere");
    let answer = client.post(&path, json!({ "provider": "auth0", "user_id": "main" }));
    assert_eq!(answer.status, 400, "has linked identities itself");
    let answer = client.delete(&format!("{IDENTITIES}/auth0/main"));
    assert_eq!(answer.status, 400, "the main identity stays");
}

/// Row 7.1.
#[test]
fn the_token_of_the_other_account_links_it() {
    let mut client = two_users();
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let token = |alg: &str, sub: &str| {
        format!(
            "{}.{}.sig",
            part(json!({ "alg": alg })),
            part(json!({ "sub": sub }))
        )
    };
    let answer = client.post(
        IDENTITIES,
        json!({ "link_with": token("HS256", "auth0|other") }),
    );
    assert_eq!(answer.status, 400);
    let answer = client.post(
        IDENTITIES,
        json!({ "link_with": token("RS256", "auth0|other") }),
    );
    assert_eq!(answer.status, 201);
}

/// Row 6.2.
#[test]
fn deleting_a_user_removes_the_linked_identities() {
    let mut client = two_users();
    client.post(
        IDENTITIES,
        json!({ "provider": "auth0", "user_id": "other" }),
    );
    client.delete("/users/auth0%7Cmain");
    assert_eq!(ids(&mut client), [""; 0]);
    client.database_user("other@example.com");
}

/// Rows 7.7 and 7.8.
#[test]
fn unlinking_ignores_unknown_identities_and_refuses_the_primary_one() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let bare = id.strip_prefix("auth0|").unwrap();
    let path = format!("/users/{}/identities/auth0", encode(&id));
    let answer = client.delete(&format!("{path}/{}", encode(&id)));
    assert_eq!(
        (answer.status, answer.body.as_array().unwrap().len()),
        (200, 1)
    );
    assert_eq!(client.delete(&format!("{path}/{bare}")).status, 400);
    assert_eq!(client.user(&id).status, 200);
}
