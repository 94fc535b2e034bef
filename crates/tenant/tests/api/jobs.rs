//! Jobs.

use std::io::Read;

use auth0_users_tenant::Config;
use http::Request;
use serde_json::{Value, json};

use crate::client::{Answer, DATABASE, TOKEN, TestClient, connection_id};

fn import(
    client: &mut TestClient,
    connection: &str,
    users: &Value,
    more: &[(&str, &str)],
) -> Answer {
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
    client.send(&request)
}

fn id(answer: &Answer) -> String {
    let id = answer.body["id"].as_str().unwrap();
    assert!(
        id.strip_prefix("job_").is_some_and(|rest| rest.len() == 16),
        "{id}"
    );
    id.to_owned()
}

/// Row 13.2.
#[test]
fn polls_complete_a_verification_email() {
    let mut client = TestClient::empty();
    let user = client.database_user("a@example.com");
    let answer = client.post("/jobs/verification-email", json!({ "user_id": user }));
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
        .map(|_| client.get(&path).body["status"].clone())
        .collect();
    assert_eq!(states, ["pending", "pending", "completed", "completed"]);
    assert_eq!(client.get(&format!("{path}/errors")).status, 204);
    client.now += 86_400_001;
    assert_eq!(client.get(&path).status, 404, "forgotten after a day");
    assert_eq!(client.get("/jobs/job_unknown/errors").status, 404);
}

#[test]
fn a_verification_email_requires_a_database_user_with_an_address() {
    let mut client = TestClient::new(Config::default());
    for connection in ["sms", "google-oauth2"] {
        let user = client.seeded(connection);
        assert_eq!(
            client
                .post("/jobs/verification-email", json!({ "user_id": user }))
                .status,
            400
        );
    }
    let user = client.database_user("a@example.com");
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
            client.post("/jobs/verification-email", body.clone()).status,
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

fn download(client: &mut TestClient, location: &str) -> Answer {
    let path = location.strip_prefix("https://tenant.example.com").unwrap();
    client.send(&Request::get(path).body(Vec::new()).unwrap())
}

/// Row 13.3.
#[test]
fn an_export_can_be_downloaded_for_60_seconds() {
    let mut client = TestClient::new(Config::default());
    let members = connection_id(&client, "Members");
    let body = json!({
        "connection_id": members,
        "format": "json",
        "limit": 3,
        "fields": [{ "name": "email" }, { "name": "identities[0].connection", "export_as": "provider" }],
    });
    let answer = client.post("/jobs/users-exports", body.clone());
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
    assert!(client.get(&path).body.get("location").is_none());
    client.now += 1000;
    let job = client.get(&path).body;
    assert_eq!(
        (&job["status"], &job["percentage_done"]),
        (&json!("completed"), &json!(100))
    );
    let location = job["location"].as_str().unwrap().to_owned();
    let file = unzip(download(&mut client, &location).response.body());
    let lines: Vec<Value> = file
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["provider"], "Members");
    client.now += 60_000;
    assert_eq!(download(&mut client, &location).status, 200);
    client.now += 1;
    assert_eq!(download(&mut client, &location).status, 403);
    let far = location.replace("expires=", "expires=9");
    assert_eq!(download(&mut client, &far).status, 403);
}

/// Row 13.3.
#[test]
fn an_export_is_csv_by_default() {
    let mut client = TestClient::empty();
    client.create(json!({
        "connection": DATABASE, "email": "a@example.com", "name": "Say \"hi\", you", "password": "Secret-123",
    }));
    let answer = client.request("POST", "/jobs/users-exports", None);
    assert_eq!(answer.body["format"], "csv");
    client.now += 1000;
    let job = client.get(&format!("/jobs/{}", id(&answer))).body;
    let file = unzip(
        download(&mut client, job["location"].as_str().unwrap())
            .response
            .body(),
    );
    let mut lines = file.lines();
    assert!(lines.next().unwrap().starts_with("\"user_id\",\"email\""));
    assert!(lines.next().unwrap().contains("\"Say \"\"hi\"\", you\""));
    let fields: Vec<Value> = (0..31)
        .map(|index| json!({ "name": format!("f{index}") }))
        .collect();
    let answer = client.post("/jobs/users-exports", json!({ "fields": fields }));
    assert_eq!(answer.error().1, "invalid_body", "30 columns at most");
    let answer = client.post(
        "/jobs/users-exports",
        json!({ "connection_id": "con_0123456789abcdef" }),
    );
    assert_eq!(answer.error().1, "inexistent_connection");
}

/// Row 13.4.
#[test]
fn an_import_inserts_users_and_reports_errors() {
    let mut client = TestClient::empty();
    let database = connection_id(&client, DATABASE);
    client.database_user("known@example.com");
    let users = json!([
        { "email": "New@example.com", "user_id": "n1", "app_metadata": { "plan": "team" } },
        { "email": "known@example.com", "user_metadata": { "a": 1 } },
        { "email": "no", "password_hash": "secret" },
        { "email": "x@example.com", "nonsense": true },
        { "email_verified": true },
        { "email": 5 },
    ]);
    let answer = import(&mut client, &database, &users, &[("external_id", "mine")]);
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(
        (
            &answer.body["type"],
            &answer.body["connection"],
            &answer.body["external_id"]
        ),
        (&json!("users_import"), &json!(DATABASE), &json!("mine"))
    );
    assert_eq!(client.user("auth0|n1").status, 404, "not yet");
    client.now += 1000;
    assert_eq!(client.user("auth0|n1").body["email"], "new@example.com");
    let path = format!("/jobs/{}", id(&answer));
    assert_eq!(
        client.get(&path).body["summary"],
        json!({ "failed": 5, "updated": 0, "inserted": 1, "total": 6 })
    );
    let errors = client.get(&format!("{path}/errors")).body;
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
    let mut client = TestClient::empty();
    let database = connection_id(&client, DATABASE);
    let user = client.database_user("known@example.com");
    client.patch(&user, json!({ "user_metadata": { "a": 1 } }));
    let users =
        json!([{ "email": "known@example.com", "user_metadata": { "b": 2 }, "name": "Known" }]);
    let answer = import(&mut client, &database, &users, &[("upsert", "true")]);
    client.now += 1000;
    let job = client.get(&format!("/jobs/{}", id(&answer))).body;
    assert_eq!(job["summary"]["updated"], 1);
    let user = client.user(&user).body;
    assert_eq!(
        (&user["user_metadata"], &user["name"]),
        (&json!({ "b": 2 }), &json!("Known"))
    );
}

/// Row 13.4.
#[test]
fn imports_are_limited() {
    let mut client = TestClient::empty();
    let database = connection_id(&client, DATABASE);
    let users = json!([{ "email": "a@example.com" }]);
    let large = json!([{ "email": "a@example.com", "name": "x".repeat(512_000) }]);
    assert_eq!(import(&mut client, &database, &large, &[]).status, 413);
    for (name, status) in [("sms", 400), ("Archive", 400)] {
        let other = connection_id(&client, name);
        assert_eq!(import(&mut client, &other, &users, &[]).status, status);
    }
    assert_eq!(
        import(&mut client, "con_x", &users, &[]).error().1,
        "invalid_body"
    );
    assert_eq!(import(&mut client, &database, &json!({}), &[]).status, 400);
    assert_eq!(client.post("/jobs/users-imports", json!({})).status, 415);
    for expected in [202, 202, 429] {
        assert_eq!(import(&mut client, &database, &users, &[]).status, expected);
    }
    client.now += 1000;
    assert_eq!(import(&mut client, &database, &users, &[]).status, 202);
}

/// Row 13.5.
#[test]
fn errors_of_an_import_without_errors_are_204() {
    let mut client = TestClient::empty();
    let id = client.tenant.directory()["connections"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = format!(
        "--x\r\ncontent-disposition: form-data; name=\"connection_id\"\r\n\r\n{id}\r\n--x\r\ncontent-disposition: \
         form-data; name=\"users\"; filename=\"u.json\"\r\n\r\n[{{\"email\":\"a@example.com\"}}]\r\n--x--\r\n"
    );
    let request = Request::post("/api/v2/jobs/users-imports")
        .header("authorization", format!("Bearer {}", TOKEN))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(body.into_bytes())
        .unwrap();
    let job = client.send(&request).body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    client.now += 1000;
    assert_eq!(
        client.get(&format!("/jobs/{job}")).body["summary"]["inserted"],
        1
    );
    assert_eq!(client.get(&format!("/jobs/{job}/errors")).status, 204);
}

/// Row 13.1.
#[test]
fn ids_have_the_format_of_their_kind() {
    let mut client = TestClient::empty();
    let is = |id: &Value, prefix: &str| {
        let rest = id.as_str().unwrap().strip_prefix(prefix).unwrap();
        assert!(
            rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{id}"
        );
    };
    let directory = client.tenant.directory();
    is(&directory["connections"][0]["id"], "con_");
    is(&directory["roles"][0]["id"], "rol_");
    is(&directory["organizations"][0]["id"], "org_");
    is(
        &client.post("/jobs/users-exports", json!({})).body["id"],
        "job_",
    );
}
