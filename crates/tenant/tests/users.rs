//! The users themselves, rule by rule; each test is named after the rule it holds.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use auth0_users_tenant::Config;
use common::{DATABASE, NOW, Talk, encode};
use serde_json::{Value, json};

/// Rows 1.13, 1.14 and 3.3.
#[test]
fn lists_are_bare_arrays_unless_totals_are_asked_for() {
    let mut talk = Talk::new(Config::default());
    for query in ["", "?include_totals=false"] {
        let answer = talk.get(&format!("/users{query}"));
        assert_eq!(
            answer.body.as_array().unwrap().len(),
            50,
            "50 without paging parameters"
        );
    }
    let answer = talk.get("/users?include_totals=true&page=2&per_page=30");
    let body = answer.body;
    assert_eq!(
        (
            &body["start"],
            &body["limit"],
            &body["length"],
            &body["total"]
        ),
        (&json!(60), &json!(30), &json!(30), &json!(300))
    );
    assert_eq!(body["users"].as_array().unwrap().len(), 30);
}

/// Row 1.10.
#[test]
fn a_page_past_the_end_is_empty() {
    let mut talk = Talk::new(Config::default());
    let answer = talk.get("/users?page=9&per_page=100");
    assert_eq!((answer.status, answer.body), (200, json!([])));
}

/// Rows 3.1 and 3.4.
#[test]
fn only_the_first_1000_matches_can_be_reached_and_counted() {
    let mut talk = Talk::new(Config {
        users: 1050,
        ..Config::default()
    });
    let answer = talk.get("/users?page=9&per_page=100&include_totals=true");
    assert_eq!(answer.body["total"], 1000);
    assert_eq!(answer.body["length"], 100);
    let answer = talk.get("/users?page=33&per_page=30");
    assert_eq!(
        answer.body.as_array().unwrap().len(),
        10,
        "a page across the cap is cut"
    );
    for query in ["page=10&per_page=100", "page=20", "page=1000&per_page=1"] {
        let answer = talk.get(&format!("/users?{query}"));
        assert_eq!(
            (answer.status, answer.error().1),
            (400, "invalid_paging"),
            "{query}"
        );
    }
}

/// Rows 1.6 and 3.2.
#[test]
fn per_page_goes_from_0_to_100() {
    let mut talk = Talk::new(Config::default());
    assert_eq!(talk.get("/users?per_page=0").body, json!([]));
    assert_eq!(talk.get("/users?per_page=100").status, 200);
    for (query, rule) in [
        (
            "per_page=101",
            "'Value 101 is greater than maximum 100' on property per_page",
        ),
        (
            "page=-1",
            "'Value -1 is less than minimum 0' on property page",
        ),
        (
            "page=x",
            "'Expected type integer but found type string' on property page",
        ),
        (
            "include_totals=yes",
            "'Expected type boolean but found type string' on property include_totals",
        ),
        (
            "sort=name",
            "'String does not match pattern ^(([a-zA-Z0-9_\\.]+))\\:(1|-1)$: name' on property sort",
        ),
        (
            "search_engine=v9",
            "'No enum match for: v9' on property search_engine",
        ),
        (
            "nonsense=1",
            "'Additional properties not allowed: nonsense'",
        ),
        (
            "page=1&page=2",
            "'Expected type integer but found type array' on property page",
        ),
    ] {
        let answer = talk.get(&format!("/users?{query}"));
        assert_eq!(
            answer.error(),
            (
                400,
                "invalid_query_string",
                format!("Query validation error: {rule}.").as_str()
            ),
        );
    }
}

/// Row 3.8.
#[test]
fn fields_are_kept_or_dropped() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let answer = talk.get(&format!("/users/{}?fields=email,user_id", encode(&id)));
    assert_eq!(
        answer.body,
        json!({ "email": "a@example.com", "user_id": id })
    );
    let answer = talk.get(&format!(
        "/users/{}?fields=picture,email,user_id&include_fields=false",
        encode(&id)
    ));
    let names: Vec<_> = answer.body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        names,
        [
            "created_at",
            "email_verified",
            "identities",
            "name",
            "nickname",
            "updated_at"
        ]
    );
    let answer =
        talk.get("/users-by-email?email=a%40example.com&fields=user_id&include_fields=true");
    assert_eq!(answer.body, json!([{ "user_id": id }]));
}

/// Row 3.7.
#[test]
fn sort_orders_by_a_field_but_not_by_metadata() {
    let mut talk = Talk::new(Config::default());
    let mut created = |order: &str| -> Vec<String> {
        let answer = talk.get(&format!("/users?per_page=100&sort=created_at:{order}"));
        let users = answer.body;
        let times = users
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["created_at"].as_str().unwrap().to_owned());
        times.collect()
    };
    assert!(created("1").is_sorted());
    assert!(created("-1").is_sorted_by(|one, other| one >= other));
    let answer = talk.get("/users?per_page=100&sort=logins_count:-1");
    assert!(answer.body[0]["logins_count"].as_u64().unwrap() > 190);
    assert_eq!(talk.get("/users?sort=user_metadata.theme:1").status, 400);
}

/// Row 3.9.
#[test]
fn connection_filters_only_without_a_newer_engine() {
    let mut talk = Talk::new(Config::default());
    let mut count = |query: &str| {
        let answer = talk.get(&format!("/users?include_totals=true&connection=sms{query}"));
        answer.body["total"].as_u64().unwrap()
    };
    assert!((1..60).contains(&count("")));
    assert_eq!(count("&search_engine=v3"), 300);
    assert_eq!(talk.get("/users?search_engine=v2").error().0, 400);
}

/// Row 3.11.
#[test]
fn users_by_email_is_exact_and_case_sensitive() {
    let mut talk = Talk::empty();
    let id = talk.database_user("Mixed.Case@Example.com");
    assert_eq!(
        talk.get("/users-by-email?email=Mixed.Case%40Example.com")
            .body,
        json!([])
    );
    let answer = talk.get("/users-by-email?email=mixed.case%40example.com");
    assert_eq!(answer.body[0]["user_id"], id.as_str());
    assert_eq!(
        talk.get("/users-by-email").error().2,
        "Query validation error: 'Missing required property: email'."
    );
}

/// Row 4.11.
#[test]
fn auth0_s_own_store_keeps_lower_case_and_others_what_they_were_given() {
    let mut talk = Talk::new(Config::default());
    let id = talk.database_user("Upper@Example.COM");
    assert_eq!(talk.user(&id).body["email"], "upper@example.com");
    let id = talk.create(json!({
        "connection": "Members", "email": "M@example.com", "username": "MixedName", "password": "Secret-123",
    }));
    assert_eq!(talk.user(&id).body["username"], "mixedname");
    let id = talk.create(json!({ "connection": "email", "email": "Kept@Example.com" }));
    assert_eq!(talk.user(&id).body["email"], "Kept@Example.com");
    let id = talk.seeded("google-oauth2");
    let email = talk.user(&id).body["email"].as_str().unwrap().to_owned();
    assert_ne!(email, email.to_lowercase());
    let found = talk.get(&format!("/users-by-email?email={}", encode(&email)));
    assert_eq!(found.body[0]["user_id"], id.as_str());
}

/// Rows 3.12 and 5.15.
#[test]
fn an_unknown_user_is_404() {
    let mut talk = Talk::empty();
    assert_eq!(
        talk.user("auth0|nobody").body,
        json!({
            "statusCode": 404,
            "error": "Not Found",
            "message": "The user does not exist.",
            "errorCode": "inexistent_user",
        })
    );
    assert_eq!(
        talk.patch("auth0|nobody", json!({ "blocked": true }))
            .error()
            .1,
        "inexistent_user"
    );
}

/// Rows 4.7, 4.8 and 4.10.
#[test]
fn a_new_user_has_only_what_is_known() {
    let mut talk = Talk::empty();
    let answer = talk.post(
        "/users",
        json!({ "connection": DATABASE, "email": "jane.doe@example.com", "password": "Secret-123" }),
    );
    assert_eq!(answer.status, 201);
    let id = answer.body["user_id"].as_str().unwrap();
    let bare = id.strip_prefix("auth0|").unwrap();
    assert!(bare.len() == 24 && bare.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(
        answer.body,
        json!({
            "created_at": "2026-01-01T00:00:00.000Z",
            "updated_at": "2026-01-01T00:00:00.000Z",
            "email": "jane.doe@example.com",
            "email_verified": false,
            "identities": [
                { "connection": DATABASE, "user_id": bare, "provider": "auth0", "isSocial": false },
            ],
            "name": "jane.doe@example.com",
            "nickname": "jane.doe",
            "picture": "https://s.gravatar.com/avatar/0cba00ca3da1b283a57287bcceb17e35?s=480&r=pg\
                        &d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fja.png",
            "user_id": id,
        })
    );
    assert_eq!(talk.user(id).body, answer.body);
}

/// Row 4.9.
#[test]
fn a_given_id_is_put_behind_the_provider() {
    let mut talk = Talk::empty();
    let body = json!({
        "connection": DATABASE, "email": "a@example.com", "password": "Secret-123", "user_id": "x",
    });
    let answer = talk.post("/users", body.clone());
    assert_eq!(answer.body["user_id"], "auth0|x");
    assert_eq!(answer.body["identities"][0]["user_id"], "x");
    assert_eq!(
        talk.post("/users", body).body,
        json!({
            "statusCode": 409,
            "error": "Conflict",
            "message": "The user already exists.",
            "errorCode": "auth0_idp_error",
        })
    );
}

/// Rows 4.3 and 4.4.
#[test]
fn a_duplicate_is_a_conflict_within_its_connection() {
    let mut talk = Talk::empty();
    talk.database_user("a@example.com");
    let mut again = |connection: &str, email: &str| {
        let body = json!({
            "connection": connection, "email": email, "password": "Secret-123", "username": "one",
        });
        talk.post("/users", body)
    };
    assert_eq!(again("Members", "a@example.com").status, 201);
    assert_eq!(
        again("Members", "b@example.com").error(),
        (
            400,
            "auth0_idp_error",
            "The username provided is in use already."
        )
    );
    let body =
        json!({ "connection": DATABASE, "email": "A@example.com", "password": "Secret-123" });
    assert_eq!(talk.post("/users", body).error().1, "auth0_idp_error");
    talk.create(json!({ "connection": "sms", "phone_number": "+12025550100" }));
    let body = json!({ "connection": "sms", "phone_number": "+12025550100" });
    assert_eq!(talk.post("/users", body).status, 409);
}

/// Rows 4.1, 4.2, 4.5 and 4.14.
#[test]
fn create_refuses_what_the_connection_does_not_take() {
    let mut talk = Talk::empty();
    for (body, code, message) in [
        (
            json!({}),
            "invalid_body",
            "Payload validation error: 'Missing required property: connection'.",
        ),
        (
            json!({ "connection": DATABASE, "nonsense": 1 }),
            "invalid_body",
            "Payload validation error: 'Additional properties not allowed: nonsense'.",
        ),
        (
            json!({ "connection": DATABASE, "password": "Secret-123" }),
            "invalid_body",
            "Payload validation error: 'Missing required property: email'.",
        ),
        (
            json!({ "connection": DATABASE, "email": "x" }),
            "invalid_body",
            "Payload validation error: 'Object didn't pass validation for format email: x' on property email.",
        ),
        (
            json!({ "connection": DATABASE, "email": null }),
            "invalid_body",
            "Payload validation error: 'Expected type string but found type null' on property email.",
        ),
        (
            json!({ "connection": DATABASE, "name": "" }),
            "invalid_body",
            "Payload validation error: 'String is too short (0 chars), minimum 1' on property name.",
        ),
        (
            json!({ "connection": "sms", "phone_number": "12" }),
            "invalid_body",
            "Payload validation error: 'String does not match pattern ^\\+[0-9]{1,15}$: 12' on property phone_number.",
        ),
        (
            json!({ "connection": "email" }),
            "invalid_body",
            "Payload validation error: 'Missing required property: email'.",
        ),
        (
            json!({ "connection": "nowhere" }),
            "inexistent_connection",
            "The connection does not exist.",
        ),
        (
            json!({ "connection": "Archive", "email": "a@example.com" }),
            "operation_not_supported",
            "The connection is disabled.",
        ),
        (
            json!({ "connection": DATABASE, "email": "a@example.com", "password": "Secret-123", "username": "a" }),
            "operation_not_supported",
            "Cannot set username for connection without requires_username",
        ),
        (
            json!({ "connection": DATABASE, "email": "a@example.com", "password": "weak" }),
            "auth0_idp_error",
            "PasswordStrengthError: Password is too weak",
        ),
        (
            json!({ "connection": DATABASE, "email": "a@example.com", "password": "Secret-123", "app_metadata": { "email": 1 } }),
            "invalid_body",
            "Payload validation error: 'Additional properties not allowed: email' on property app_metadata.",
        ),
        (
            json!({ "connection": DATABASE, "email": "a@example.com", "password": "Secret-123", "user_metadata": { "a": [{ "b.c": 1 }] } }),
            "invalid_body",
            "Payload validation error: 'Property names must not contain . or $: b.c' on property user_metadata.",
        ),
    ] {
        let answer = talk.post("/users", body);
        assert_eq!(answer.error(), (400, code, message));
    }
    let body = json!({ "connection": "google-oauth2", "email": "a@example.com" });
    assert_eq!(talk.post("/users", body).status, 400);
}

/// Rows 5.1 and 5.5.
#[test]
fn absent_root_attributes_stay_and_null_unsets_them() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    talk.now += 1000;
    let answer = talk.patch(
        &id,
        json!({ "given_name": "Ada", "family_name": "Bauer", "blocked": true }),
    );
    assert_eq!(answer.body["updated_at"], "2026-01-01T00:00:01.000Z");
    let answer = talk.patch(
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
fn metadata_merges_on_the_first_level_only() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    for property in ["user_metadata", "app_metadata"] {
        let mut patch =
            |value: Value| talk.patch(&id, json!({ property: value })).body[property].clone();
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
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    talk.patch(
        &id,
        json!({ "user_metadata": { "a": 1 }, "app_metadata": { "a": 1 } }),
    );
    let answer = talk.patch(&id, json!({ "user_metadata": {}, "app_metadata": {} }));
    assert_eq!(answer.body["user_metadata"], json!({}));
    assert!(answer.body.get("app_metadata").is_none());
}

/// Row 5.7.
#[test]
fn some_changes_cannot_be_made_together() {
    let mut talk = Talk::empty();
    let id = talk.create(json!({
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
        let answer = talk.patch(&id, json!({ one: value(one), other: value(other) }));
        assert_eq!(
            answer.error().2,
            format!("Cannot update {one} and {other} simultaneously")
        );
    }
}

/// Row 5.8.
#[test]
fn a_secondary_identity_needs_its_connection() {
    let mut talk = Talk::new(Config::default());
    let found = talk.search("identities.provider:github AND identities.provider:auth0");
    let id = found.body[0]["user_id"].as_str().unwrap().to_owned();
    let verified = |body: &Value| {
        (
            body["email_verified"].clone(),
            body["identities"][1]["profileData"]["email_verified"].clone(),
        )
    };
    let answer = talk.patch(
        &id,
        json!({ "email_verified": false, "connection": "github" }),
    );
    assert_eq!(verified(&answer.body).1, false);
    let answer = talk.patch(
        &id,
        json!({ "email_verified": true, "connection": "github" }),
    );
    let before = verified(&answer.body);
    let answer = talk.patch(
        &id,
        json!({ "email_verified": !before.0.as_bool().unwrap() }),
    );
    assert_eq!(
        verified(&answer.body),
        (json!(!before.0.as_bool().unwrap()), json!(true))
    );
    let answer = talk.patch(&id, json!({ "name": "x", "connection": "github" }));
    assert_eq!(
        answer.error().1,
        "operation_not_supported",
        "root attributes are the primary's"
    );
    let answer = talk.patch(&id, json!({ "email_verified": true, "connection": "sms" }));
    assert_eq!(answer.status, 400);
}

/// Rows 5.9 and 5.10.
#[test]
fn what_may_be_updated_depends_on_the_connection() {
    let mut talk = Talk::new(Config::default());
    let mut refused = |connection: &str, body: Value| {
        let id = talk.seeded(connection);
        let answer = talk.patch(&id, body.clone());
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
fn unknown_keys_are_refused_on_update() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    for name in ["user_id", "identities", "created_at", "nonsense"] {
        assert_eq!(
            talk.patch(&id, json!({ name: "x" })).error(),
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
fn an_email_in_use_is_refused_with_400() {
    let mut talk = Talk::empty();
    talk.database_user("taken@example.com");
    let id = talk.database_user("a@example.com");
    let answer = talk.patch(&id, json!({ "email": "Taken@example.com" }));
    assert_eq!(answer.error().2, "The specified new email already exists");
    assert_eq!(answer.status, 400);
    let answer = talk.patch(&id, json!({ "email": "A@example.com" }));
    assert_eq!(answer.status, 200, "its own address is free");
}

#[test]
fn a_new_email_is_found_and_not_verified() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    talk.patch(&id, json!({ "email_verified": true }));
    let answer = talk.patch(&id, json!({ "email": "B@example.com" }));
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
        talk.get("/users-by-email?email=a%40example.com").body,
        json!([])
    );
    let found = talk.get("/users-by-email?email=b%40example.com");
    assert_eq!(found.body[0]["user_id"], id.as_str());
}

/// Row 5.12.
#[test]
fn a_password_change_is_dated_just_before_the_update() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    talk.patch(&id, json!({ "blocked": true }));
    talk.now += 60_000;
    let answer = talk.patch(&id, json!({ "password": "Secret-456" }));
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

/// Row 6.1.
#[test]
fn deleting_nobody_is_204_as_well() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    for _ in 0..2 {
        let answer = talk.delete(&path);
        assert_eq!((answer.status, answer.response.body().len()), (204, 0));
    }
    assert_eq!(talk.user(&id).status, 404);
    assert_eq!(talk.get("/users").body, json!([]));
    assert_eq!(
        talk.get("/users-by-email?email=a%40example.com").body,
        json!([])
    );
    talk.database_user("a@example.com");
}

/// Row 8.7.
#[test]
fn a_recovery_code_has_24_upper_case_alphanumerics() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let path = format!("/users/{}/recovery-code-regeneration", encode(&id));
    let mut code = || {
        let answer = talk.request("POST", &path, None);
        assert_eq!(answer.status, 200);
        answer.body["recovery_code"].as_str().unwrap().to_owned()
    };
    let (one, other) = (code(), code());
    assert_ne!(one, other);
    assert!(
        one.len() == 24
            && one
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    );
}

/// Row 8.7.
#[test]
fn a_recovery_code_can_be_made_to_need_an_enrollment() {
    let mut talk = Talk::new(Config {
        recovery_code_without_enrollment: false,
        ..Config::default()
    });
    let regenerate = |id: &str| format!("/users/{}/recovery-code-regeneration", encode(id));
    let id = talk.database_user("a@example.com");
    assert_eq!(talk.request("POST", &regenerate(&id), None).status, 404);
    let found = talk.search("multifactor:google-authenticator");
    let id = found.body[0]["user_id"].as_str().unwrap().to_owned();
    assert_eq!(talk.request("POST", &regenerate(&id), None).status, 200);
}

#[test]
fn revoking_access_is_accepted() {
    let mut talk = Talk::new(Config::default());
    let id = talk.seeded(DATABASE);
    let path = format!("/users/{}/revoke-access", encode(&id));
    let answer = talk.request("POST", &path, None);
    assert_eq!((answer.status, answer.response.body().len()), (202, 0));
    assert_eq!(
        talk.post(&path, json!({ "preserve_refresh_tokens": true }))
            .status,
        202
    );
    assert_eq!(
        talk.post(&path, json!({ "session_id": "x".repeat(51) }))
            .status,
        400
    );
    assert_eq!(
        talk.post(&path, json!({ "nonsense": 1 })).error().1,
        "invalid_body"
    );
}

#[test]
fn times_move_with_the_caller_s_clock() {
    let mut talk = Talk::empty();
    talk.tenant.advance_clock(86_400_000);
    let id = talk.database_user("a@example.com");
    assert_eq!(talk.now, NOW);
    assert_eq!(
        talk.user(&id).body["created_at"],
        "2026-01-02T00:00:00.000Z"
    );
}
