//! Jobs and tickets.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use std::io::Read;

use auth0_users_tenant::Config;
use common::{DATABASE, TOKEN, Talk, encode};
use http::Request;
use serde_json::{Value, json};

fn connection(talk: &Talk, name: &str) -> String {
    let directory = talk.tenant.directory();
    let connections = directory["connections"].as_array().unwrap();
    let found = connections.iter().find(|own| own["name"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn import(
    talk: &mut Talk,
    connection: &str,
    users: &Value,
    more: &[(&str, &str)],
) -> common::Answer {
    let mut body = String::new();
    for (name, value) in [("connection_id", connection)].iter().chain(more) {
        body.push_str(&format!(
            "--xyz\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--xyz\r\ncontent-disposition: form-data; name=\"users\"; filename=\"users.json\"\r\n\
         content-type: application/json\r\n\r\n{users}\r\n--xyz--\r\n"
    ));
    let request = Request::post("/api/v2/jobs/users-imports")
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "multipart/form-data; boundary=xyz")
        .body(body.into_bytes())
        .unwrap();
    talk.send(&request)
}

fn id(answer: &common::Answer) -> String {
    let id = answer.body["id"].as_str().unwrap();
    assert!(
        id.strip_prefix("job_").is_some_and(|rest| rest.len() == 16),
        "{id}"
    );
    id.to_owned()
}

/// Row 13.2.
#[test]
fn a_verification_email_is_polled_to_its_end() {
    let mut talk = Talk::empty();
    let user = talk.database_user("a@example.com");
    let answer = talk.post("/jobs/verification-email", json!({ "user_id": user }));
    assert_eq!(answer.status, 201);
    assert_eq!(
        answer.body,
        json!({
            "type": "verification_email",
            "status": "pending",
            "created_at": "2026-01-01T00:00:00.000Z",
            "id": id(&answer),
        })
    );
    let path = format!("/jobs/{}", id(&answer));
    let states: Vec<_> = (0..4)
        .map(|_| talk.get(&path).body["status"].clone())
        .collect();
    assert_eq!(states, ["pending", "pending", "completed", "completed"]);
    assert_eq!(talk.get(&format!("{path}/errors")).status, 204);
    talk.now += 86_400_001;
    assert_eq!(talk.get(&path).status, 404, "forgotten after a day");
    assert_eq!(talk.get("/jobs/job_unknown/errors").status, 404);
}

#[test]
fn a_verification_email_needs_a_database_user_with_an_address() {
    let mut talk = Talk::new(Config::default());
    for connection in ["sms", "google-oauth2"] {
        let user = talk.seeded(connection);
        assert_eq!(
            talk.post("/jobs/verification-email", json!({ "user_id": user }))
                .status,
            400
        );
    }
    let user = talk.database_user("a@example.com");
    for (body, status) in [
        (json!({ "user_id": "auth0|nobody" }), 404),
        (json!({ "user_id": "nobar" }), 400),
        (json!({}), 400),
        (json!({ "user_id": user, "client_id": "not a client" }), 400),
        (
            json!({ "user_id": user, "organization_id": "org_0123456789abcdef" }),
            400,
        ),
        (
            json!({ "user_id": user, "identity": { "user_id": "x", "provider": "auth0" } }),
            400,
        ),
        (
            json!({ "user_id": user, "identity": { "user_id": user.split_once('|').unwrap().1, "provider": "auth0" } }),
            201,
        ),
        (
            json!({ "user_id": user, "client_id": "AbCdEfGhIjKlMnOpQrStUvWxYz012345" }),
            201,
        ),
    ] {
        assert_eq!(
            talk.post("/jobs/verification-email", body.clone()).status,
            status,
            "{body}"
        );
    }
}

fn unzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn download(talk: &mut Talk, location: &str) -> common::Answer {
    let path = location.strip_prefix("https://tenant.example.com").unwrap();
    talk.send(&Request::get(path).body(Vec::new()).unwrap())
}

/// Row 13.3.
#[test]
fn an_export_is_downloaded_within_60_seconds() {
    let mut talk = Talk::new(Config::default());
    let members = connection(&talk, "Members");
    let body = json!({
        "connection_id": members,
        "format": "json",
        "limit": 3,
        "fields": [{ "name": "email" }, { "name": "identities[0].connection", "export_as": "provider" }],
    });
    let answer = talk.post("/jobs/users-exports", body.clone());
    assert_eq!(answer.status, 200);
    for name in ["connection_id", "format", "limit", "fields"] {
        assert_eq!(answer.body[name], body[name]);
    }
    assert_eq!(
        (
            &answer.body["type"],
            &answer.body["status"],
            &answer.body["connection"]
        ),
        (&json!("users_export"), &json!("pending"), &json!("Members"))
    );
    let path = format!("/jobs/{}", id(&answer));
    assert!(talk.get(&path).body.get("location").is_none());
    talk.now += 1000;
    let job = talk.get(&path).body;
    assert_eq!(
        (&job["status"], &job["percentage_done"]),
        (&json!("completed"), &json!(100))
    );
    let location = job["location"].as_str().unwrap().to_owned();
    let file = unzip(download(&mut talk, &location).response.body());
    let lines: Vec<Value> = file
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["provider"], "Members");
    talk.now += 60_000;
    assert_eq!(download(&mut talk, &location).status, 200);
    talk.now += 1;
    assert_eq!(download(&mut talk, &location).status, 403);
    let far = location.replace("expires=", "expires=9");
    assert_eq!(download(&mut talk, &far).status, 403);
}

/// Row 13.3.
#[test]
fn an_export_is_comma_separated_unless_told_otherwise() {
    let mut talk = Talk::empty();
    talk.create(json!({
        "connection": DATABASE, "email": "a@example.com", "name": "Say \"hi\", you", "password": "Secret-123",
    }));
    let answer = talk.request("POST", "/jobs/users-exports", None);
    assert_eq!(answer.body["format"], "csv");
    talk.now += 1000;
    let job = talk.get(&format!("/jobs/{}", id(&answer))).body;
    let file = unzip(
        download(&mut talk, job["location"].as_str().unwrap())
            .response
            .body(),
    );
    let mut lines = file.lines();
    assert!(lines.next().unwrap().starts_with("\"user_id\",\"email\""));
    assert!(lines.next().unwrap().contains("\"Say \"\"hi\"\", you\""));
    let fields: Vec<Value> = (0..31)
        .map(|index| json!({ "name": format!("f{index}") }))
        .collect();
    let answer = talk.post("/jobs/users-exports", json!({ "fields": fields }));
    assert_eq!(answer.error().1, "invalid_body", "30 columns at most");
    let answer = talk.post(
        "/jobs/users-exports",
        json!({ "connection_id": "con_0123456789abcdef" }),
    );
    assert_eq!(answer.error().1, "inexistent_connection");
}

/// Row 13.4.
#[test]
fn an_import_brings_users_in_and_reports_the_others() {
    let mut talk = Talk::empty();
    let database = connection(&talk, DATABASE);
    talk.database_user("known@example.com");
    let users = json!([
        { "email": "New@example.com", "user_id": "n1", "app_metadata": { "plan": "team" } },
        { "email": "known@example.com", "user_metadata": { "a": 1 } },
        { "email": "no", "password_hash": "secret" },
        { "email": "x@example.com", "nonsense": true },
        { "email_verified": true },
        { "email": 5 },
    ]);
    let answer = import(&mut talk, &database, &users, &[("external_id", "mine")]);
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(
        (
            &answer.body["type"],
            &answer.body["connection"],
            &answer.body["external_id"]
        ),
        (&json!("users_import"), &json!(DATABASE), &json!("mine"))
    );
    assert_eq!(talk.user("auth0|n1").status, 404, "not yet");
    talk.now += 1000;
    assert_eq!(talk.user("auth0|n1").body["email"], "new@example.com");
    let path = format!("/jobs/{}", id(&answer));
    assert_eq!(
        talk.get(&path).body["summary"],
        json!({ "failed": 5, "updated": 0, "inserted": 1, "total": 6 })
    );
    let errors = talk.get(&format!("{path}/errors")).body;
    let codes: Vec<_> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["errors"][0]["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "DUPLICATED_USER",
            "FORMAT",
            "OBJECT_ADDITIONAL_PROPERTIES",
            "OBJECT_REQUIRED",
            "INVALID_TYPE"
        ]
    );
    assert!(errors[1]["user"].get("password_hash").is_none());
}

/// Row 13.4.
#[test]
fn an_upsert_replaces_metadata_instead_of_merging() {
    let mut talk = Talk::empty();
    let database = connection(&talk, DATABASE);
    let user = talk.database_user("known@example.com");
    talk.patch(&user, json!({ "user_metadata": { "a": 1 } }));
    let users =
        json!([{ "email": "known@example.com", "user_metadata": { "b": 2 }, "name": "Known" }]);
    let answer = import(&mut talk, &database, &users, &[("upsert", "true")]);
    talk.now += 1000;
    let job = talk.get(&format!("/jobs/{}", id(&answer))).body;
    assert_eq!(job["summary"]["updated"], 1);
    let user = talk.user(&user).body;
    assert_eq!(
        (&user["user_metadata"], &user["name"]),
        (&json!({ "b": 2 }), &json!("Known"))
    );
}

/// Row 13.4.
#[test]
fn imports_are_limited() {
    let mut talk = Talk::empty();
    let database = connection(&talk, DATABASE);
    let users = json!([{ "email": "a@example.com" }]);
    let large = json!([{ "email": "a@example.com", "name": "x".repeat(512_000) }]);
    assert_eq!(import(&mut talk, &database, &large, &[]).status, 413);
    for (name, status) in [("sms", 400), ("Archive", 400)] {
        let other = connection(&talk, name);
        assert_eq!(import(&mut talk, &other, &users, &[]).status, status);
    }
    assert_eq!(
        import(&mut talk, "con_x", &users, &[]).error().1,
        "invalid_body"
    );
    assert_eq!(import(&mut talk, &database, &json!({}), &[]).status, 400);
    assert_eq!(talk.post("/jobs/users-imports", json!({})).status, 415);
    for expected in [202, 202, 429] {
        assert_eq!(import(&mut talk, &database, &users, &[]).status, expected);
    }
    talk.now += 1000;
    assert_eq!(import(&mut talk, &database, &users, &[]).status, 202);
}

/// Row 13.6.
#[test]
fn tickets_are_links() {
    let mut talk = Talk::new(Config::default());
    let user = talk.database_user("a@example.com");
    let database = connection(&talk, DATABASE);
    let secret = |answer: &common::Answer, page: &str| {
        assert_eq!(answer.status, 201, "{}", answer.body);
        let ticket = answer.body["ticket"].as_str().unwrap();
        let start = format!("https://tenant.example.com/u/{page}?ticket=");
        let secret = ticket
            .strip_prefix(&start)
            .and_then(|rest| rest.strip_suffix('#'));
        assert_eq!(secret.unwrap().len(), 32);
    };
    let answer = talk.post(
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
            &talk.post("/tickets/password-change", body),
            "reset-password",
        );
    }
    let sms = talk.seeded("sms");
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
            talk.post(&format!("/tickets/{path}"), body.clone()).status,
            status,
            "{path} {body}"
        );
    }
    assert_eq!(
        talk.request("POST", "/tickets/password-change", None)
            .status,
        400
    );
    let path = format!("/users/{}", encode(&user));
    assert_eq!(talk.get(&path).status, 200);
}
