//! Linking and unlinking accounts.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use common::{DATABASE, Talk, encode};
use serde_json::{Value, json};

/// Two database users with metadata of their own.
fn two() -> Talk {
    let mut talk = Talk::empty();
    for bare in ["main", "other"] {
        talk.create(json!({
            "connection": DATABASE, "email": format!("{bare}@example.com"), "password": "Secret-123", "user_id": bare,
            "user_metadata": { "from": bare },
        }));
    }
    talk
}

const IDENTITIES: &str = "/users/auth0%7Cmain/identities";

fn ids(talk: &mut Talk) -> Vec<String> {
    let users = talk.get("/users").body;
    let users = users.as_array().unwrap().iter();
    users
        .map(|user| user["user_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Rows 7.2, 7.3, 7.4 and 7.6.
#[test]
fn a_linked_account_leaves_the_list_and_comes_back_unlinked() {
    let mut talk = two();
    let answer = talk.post(
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
    assert_eq!(ids(&mut talk), ["auth0|main"]);
    assert_eq!(talk.user("auth0|other").status, 404);
    let user = talk.user("auth0|main").body;
    assert_eq!(user["user_metadata"], json!({ "from": "main" }));
    assert_eq!(user["email"], "main@example.com");
    let body =
        json!({ "connection": DATABASE, "email": "other@example.com", "password": "Secret-123" });
    assert_eq!(
        talk.post("/users", body).status,
        409,
        "its address is still taken"
    );

    let answer = talk.delete(&format!("{IDENTITIES}/auth0/other"));
    assert_eq!(
        (answer.status, answer.body.as_array().unwrap().len()),
        (200, 1)
    );
    assert_eq!(ids(&mut talk), ["auth0|main", "auth0|other"]);
    let other = talk.user("auth0|other").body;
    assert_eq!(other["email"], "other@example.com");
    assert!(other.get("user_metadata").is_none(), "without its metadata");
}

/// Row 7.1.
#[test]
fn ids_are_accepted_with_and_without_the_provider() {
    let mut talk = two();
    let body = json!({ "provider": "auth0", "user_id": "auth0|other" });
    assert_eq!(talk.post(IDENTITIES, body).status, 201);
    let answer = talk.delete(&format!("{IDENTITIES}/auth0/{}", encode("auth0|other")));
    assert_eq!(
        (answer.status, answer.body.as_array().unwrap().len()),
        (200, 2),
        "unlinking wants the bare one"
    );
}

#[test]
fn a_three_part_id_is_linked_by_what_follows_the_provider() {
    let mut talk = Talk::new(auth0_users_tenant::Config::default());
    let id = talk.seeded("acme-saml");
    let main = talk.database_user("main@example.com");
    let bare = id.strip_prefix("samlp|").unwrap();
    let path = format!("/users/{}/identities", encode(&main));
    let answer = talk.post(&path, json!({ "provider": "samlp", "user_id": bare }));
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(
        talk.delete(&format!("{path}/samlp/{}", encode(bare)))
            .status,
        200
    );
    assert_eq!(talk.user(&id).status, 200);
}

/// Row 7.5.
#[test]
fn what_cannot_be_linked_is_refused() {
    let mut talk = two();
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
        assert_eq!(talk.post(IDENTITIES, body.clone()).status, status, "{body}");
    }
    let third = talk.database_user("third@example.com");
    talk.post(
        IDENTITIES,
        json!({ "provider": "auth0", "user_id": "other" }),
    );
    let path = format!("/users/{}/identities", encode(&third));
    let answer = talk.post(&path, json!({ "provider": "auth0", "user_id": "other" }));
    assert_eq!(answer.status, 409, "linked elsewhere");
    let answer = talk.post(&path, json!({ "provider": "auth0", "user_id": "main" }));
    assert_eq!(answer.status, 400, "has linked identities itself");
    let answer = talk.delete(&format!("{IDENTITIES}/auth0/main"));
    assert_eq!(answer.status, 400, "the main identity stays");
}

/// Row 7.1.
#[test]
fn the_token_of_the_other_account_links_it() {
    let mut talk = two();
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let token = |alg: &str, sub: &str| {
        format!(
            "{}.{}.sig",
            part(json!({ "alg": alg })),
            part(json!({ "sub": sub }))
        )
    };
    let answer = talk.post(
        IDENTITIES,
        json!({ "link_with": token("HS256", "auth0|other") }),
    );
    assert_eq!(answer.status, 400);
    let answer = talk.post(
        IDENTITIES,
        json!({ "link_with": token("RS256", "auth0|other") }),
    );
    assert_eq!(answer.status, 201);
}

/// Row 6.2.
#[test]
fn deleting_the_main_account_removes_the_linked_identities() {
    let mut talk = two();
    talk.post(
        IDENTITIES,
        json!({ "provider": "auth0", "user_id": "other" }),
    );
    talk.delete("/users/auth0%7Cmain");
    assert_eq!(ids(&mut talk), [""; 0]);
    talk.database_user("other@example.com");
}
