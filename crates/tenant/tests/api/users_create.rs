//! Creating users.

use auth0_users_tenant::Config;
use http::Request;
use serde_json::{Value, json};

use crate::client::{DATABASE, TOKEN, TestClient, encode};

/// Rows 4.7, 4.8 and 4.10.
#[test]
fn a_new_user_has_only_known_properties() {
    let mut client = TestClient::empty();
    let answer = client.post(
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
    assert_eq!(client.user(id).body, answer.body);
}

/// Row 4.9.
#[test]
fn the_id_of_a_request_gets_the_provider_as_prefix() {
    let mut client = TestClient::empty();
    let body = json!({
        "connection": DATABASE, "email": "a@example.com", "password": "Secret-123", "user_id": "x",
    });
    let answer = client.post("/users", body.clone());
    assert_eq!(answer.body["user_id"], "auth0|x");
    assert_eq!(answer.body["identities"][0]["user_id"], "x");
    assert_eq!(
        client.post("/users", body).body,
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
fn a_duplicate_conflicts_only_within_its_connection() {
    let mut client = TestClient::empty();
    client.database_user("a@example.com");
    let mut again = |connection: &str, email: &str| {
        let body = json!({
            "connection": connection, "email": email, "password": "Secret-123", "username": "one",
        });
        client.post("/users", body)
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
    assert_eq!(client.post("/users", body).error().1, "auth0_idp_error");
    client.create(json!({ "connection": "sms", "phone_number": "+12025550100" }));
    let body = json!({ "connection": "sms", "phone_number": "+12025550100" });
    assert_eq!(client.post("/users", body).status, 409);
}

/// Rows 4.1, 4.2, 4.5 and 4.14.
#[test]
fn a_body_that_the_connection_does_not_support_is_refused() {
    let mut client = TestClient::empty();
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
        let answer = client.post("/users", body);
        assert_eq!(answer.error(), (400, code, message));
    }
    let body = json!({ "connection": "google-oauth2", "email": "a@example.com" });
    assert_eq!(client.post("/users", body).status, 400);
}

/// Row 4.11.
#[test]
fn only_database_connections_convert_addresses_to_lower_case() {
    let mut client = TestClient::new(Config::default());
    let id = client.database_user("Upper@Example.COM");
    assert_eq!(client.user(&id).body["email"], "upper@example.com");
    let id = client.create(json!({
        "connection": "Members", "email": "M@example.com", "username": "MixedName", "password": "Secret-123",
    }));
    assert_eq!(client.user(&id).body["username"], "mixedname");
    let id = client.create(json!({ "connection": "email", "email": "Kept@Example.com" }));
    assert_eq!(client.user(&id).body["email"], "Kept@Example.com");
    let id = client.seeded("google-oauth2");
    let email = client.user(&id).body["email"].as_str().unwrap().to_owned();
    assert_ne!(email, email.to_lowercase());
    let found = client.get(&format!("/users-by-email?email={}", encode(&email)));
    assert_eq!(found.body[0]["user_id"], id.as_str());
}

fn with_authorization(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Request<Vec<u8>> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/api/v2{path}"))
        .header("authorization", format!("Bearer {}", TOKEN))
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.to_string().into_bytes()).unwrap()
}

/// Row 4.6.
#[test]
fn several_custom_domains_require_a_header() {
    let domains = |list: &[&str]| list.iter().map(|domain| domain.to_string()).collect();
    for (custom_domains, header, status) in [
        (domains(&[]), None, 201),
        (domains(&["login.example.com"]), None, 201),
        (domains(&["login.example.com", "id.example.com"]), None, 409),
        (
            domains(&["login.example.com", "id.example.com"]),
            Some("id.example.com"),
            201,
        ),
    ] {
        let mut client = TestClient::new(Config {
            users: 0,
            custom_domains,
            ..Config::default()
        });
        let headers: Vec<_> = header
            .map(|domain| ("auth0-custom-domain", domain))
            .into_iter()
            .collect();
        let body =
            json!({ "connection": DATABASE, "email": "a@example.com", "password": "Secret-123" });
        let answer = client.send(&with_authorization("POST", "/users", &headers, &body));
        assert_eq!(answer.status, status, "{}", answer.body);
        if status == 409 {
            assert_eq!(answer.error().1, "custom_domain_conflict");
        }
    }
}

/// Row 4.12.
#[test]
fn lengths_of_properties_are_limited() {
    let mut client = TestClient::empty();
    let of = |length: usize| "x".repeat(length);
    let mail = |local: usize, host: usize| format!("{}@{}.com", of(local), of(host));
    for (name, longest, too_long) in [
        ("name", of(300), of(301)),
        ("nickname", of(300), of(301)),
        ("given_name", of(150), of(151)),
        ("family_name", of(150), of(151)),
        ("user_id", of(255), of(256)),
        ("email", mail(64, 185), mail(65, 10)),
        ("email", mail(63, 186), mail(64, 186)),
        (
            "picture",
            "https://example.com/a.png".to_owned(),
            "a.png".to_owned(),
        ),
        ("user_id", "a-b".to_owned(), "a b".to_owned()),
    ] {
        let mut create = |value: String| {
            let mut body = json!({ "connection": DATABASE, "email": "a@example.com", "password": "Secret-123" });
            body[name] = value.into();
            let answer = client.post("/users", body);
            if let Some(id) = answer.body["user_id"].as_str() {
                client.tenant.reset();
                assert!(id.starts_with("auth0|"));
            }
            answer.status
        };
        assert_eq!((create(longest), create(too_long)), (201, 400), "{name}");
    }
    let username = |length: usize| {
        json!({
            "connection": "Members", "email": "a@example.com", "password": "Secret-123", "username": of(length),
        })
    };
    assert_eq!(client.post("/users", username(129)).status, 400);
    assert_eq!(client.post("/users", username(128)).status, 201);
    let phone = |digits: usize| json!({ "connection": "sms", "phone_number": format!("+{}", "1".repeat(digits)) });
    assert_eq!(client.post("/users", phone(16)).status, 400);
    assert_eq!(client.post("/users", phone(15)).status, 201);
}

/// Row 4.13.
#[test]
fn a_mail_asks_for_the_verification_of_an_address() {
    let mut client = TestClient::empty();
    let mut mails = |name: &str, verified: Option<bool>, verify: Option<bool>| {
        let mut body = json!({
            "connection": DATABASE, "email": format!("{name}@example.com"), "password": "Secret-123",
        });
        for (name, flag) in [("email_verified", verified), ("verify_email", verify)] {
            if let Some(flag) = flag {
                body[name] = flag.into();
            }
        }
        let before = client.tenant.mails().as_array().unwrap().len();
        client.create(body);
        client.tenant.mails().as_array().unwrap().len() - before
    };
    assert_eq!(mails("a", None, None), 1);
    assert_eq!(mails("b", Some(false), None), 1);
    assert_eq!(mails("c", Some(true), None), 0);
    assert_eq!(mails("d", None, Some(false)), 0);
    assert_eq!(mails("e", Some(true), Some(true)), 1);
    let first = &client.tenant.mails()[0];
    assert_eq!(first["to"], "a@example.com");
    let id = first["user_id"].as_str().unwrap().to_owned();
    client.patch(
        &id,
        json!({ "email": "new@example.com", "verify_email": true }),
    );
    client.post("/jobs/verification-email", json!({ "user_id": id }));
    client.now += 1000;
    client.get("/users");
    let mails = client.tenant.mails();
    let to: Vec<_> = mails.as_array().unwrap()[3..]
        .iter()
        .map(|mail| &mail["to"])
        .collect();
    assert_eq!(to, ["new@example.com", "new@example.com"]);
}
