//! Rules of RULES.md that have no test elsewhere, and whether each of them has one.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use auth0_users_tenant::{Config, FailNext, Rate, RelatedCounts};
use common::{DATABASE, Talk, encode};
use http::Request;
use serde_json::{Value, json};

#[test]
fn every_row_is_named_by_a_test() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut named = BTreeSet::new();
    for file in fs::read_dir(tests).unwrap() {
        let path = file.unwrap().path();
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        for line in text.lines() {
            if line.starts_with("/// Row") {
                let words = line
                    .split([' ', ','])
                    .map(|word| word.trim_end_matches('.'));
                named.extend(words.filter(|word| word.contains('.')).map(str::to_owned));
            }
            if let Some(name) = line.strip_prefix("fn row_") {
                let mut parts = name.split('_');
                named.insert(format!(
                    "{}.{}",
                    parts.next().unwrap(),
                    parts.next().unwrap()
                ));
            }
        }
    }
    let rows: BTreeSet<String> = include_str!("../RULES.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next())
        .filter(|row| row.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect();
    assert!(rows.len() > 80, "{}", rows.len());
    assert_eq!(rows, named);
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
        .header("authorization", format!("Bearer {}", common::TOKEN))
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.to_string().into_bytes()).unwrap()
}

#[test]
fn row_1_5_refusals_have_codes_and_some_have_none() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    for (answer, status, code) in [
        (talk.get("/users/auth0%7Cnobody"), 404, "inexistent_user"),
        (talk.post("/users", json!({})), 400, "invalid_body"),
        (talk.delete(&format!("{path}/multifactor/nothing")), 400, "invalid_uri"),
        (talk.get("/users?x=1"), 400, "invalid_query_string"),
        (talk.get("/users?page=99"), 400, "invalid_paging"),
        (talk.post("/users", json!({ "connection": "nowhere" })), 400, "inexistent_connection"),
        (talk.patch(&id, json!({ "username": "a" })), 400, "operation_not_supported"),
        (
            talk.post(
                &format!("{path}/permissions"),
                json!({ "permissions": [{ "resource_server_identifier": "x", "permission_name": "y" }] }),
            ),
            404,
            "inexistent_resource_server_permission",
        ),
        (talk.post(&format!("{path}/roles"), json!({ "roles": ["rol_nothing"] })), 404, ""),
        (talk.get("/jobs/job_nothing"), 404, ""),
    ] {
        assert_eq!((answer.error().0, answer.error().1), (status, code));
    }
}

#[test]
fn row_1_12_a_full_last_part_may_lead_to_an_empty_one() {
    for (empty_last_page, parts) in [(false, vec![2, 2]), (true, vec![2, 2, 0])] {
        let mut talk = Talk::new(Config {
            users: 0,
            empty_last_page,
            ..Config::default()
        });
        let id = talk.database_user("a@example.com");
        let organizations = RelatedCounts {
            organizations: 4,
            ..RelatedCounts::default()
        };
        assert!(talk.tenant.attach(&id, organizations, common::NOW));
        let path = format!("/users/{}/organizations?take=2", encode(&id));
        let (mut lengths, mut from) = (Vec::new(), String::new());
        loop {
            let body = talk.get(&format!("{path}{from}")).body;
            lengths.push(body["organizations"].as_array().unwrap().len());
            match body["next"].as_str() {
                Some(next) if lengths.len() < 9 => from = format!("&from={next}"),
                _ => break,
            }
        }
        assert_eq!(lengths, parts);
    }
}

#[test]
fn row_1_15_what_has_nothing_to_say() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    let role = talk.tenant.directory()["roles"][0]["id"].clone();
    let permission = json!({ "permissions": [{
        "resource_server_identifier": "https://items.example.com/", "permission_name": "read:items",
    }] });
    for (answer, status, body) in [
        (
            talk.post(&format!("{path}/roles"), json!({ "roles": [role] })),
            204,
            "",
        ),
        (
            talk.post(&format!("{path}/permissions"), permission),
            201,
            "{}",
        ),
        (talk.delete(&format!("{path}/sessions")), 202, "{}"),
        (talk.delete(&format!("{path}/refresh-tokens")), 202, "{}"),
        (talk.delete(&path), 204, ""),
    ] {
        assert_eq!(
            (answer.status, answer.response.body().as_slice()),
            (status, body.as_bytes())
        );
    }
}

#[test]
fn row_2_5_the_buckets_of_the_plans() {
    for (burst, per_second) in [(2, 2.0), (50, 16.0), (10, 2.0), (50, 50.0)] {
        let rate = Rate {
            burst,
            per_second,
            retry_after: false,
        };
        let mut talk = Talk::new(Config {
            users: 0,
            rate: Some(rate),
            ..Config::default()
        });
        let mut passed = |seconds: u64| {
            talk.now += seconds * 1000;
            (0..100)
                .filter(|_| talk.get("/users").status == 200)
                .count()
        };
        assert_eq!(passed(0), burst as usize);
        assert_eq!(passed(1), per_second as usize);
        assert_eq!(passed(60), burst as usize);
    }
}

#[test]
fn row_2_7_writes_have_a_limit_of_their_own() {
    let rate = |burst| {
        Some(Rate {
            burst,
            per_second: 0.0,
            retry_after: false,
        })
    };
    let mut talk = Talk::new(Config {
        users: 0,
        rate: rate(5),
        write_rate: rate(1),
        ..Config::default()
    });
    assert_eq!(talk.get("/users").header("x-ratelimit-limit"), "5");
    let first = talk.delete("/users/auth0%7Cx");
    assert_eq!(
        (first.status, first.header("x-ratelimit-limit")),
        (204, "1")
    );
    let second = talk.delete("/users/auth0%7Cx");
    assert_eq!(second.error().1, "too_many_requests");
    assert_eq!(second.header("x-ratelimit-remaining"), "0");
    assert_eq!(talk.get("/users").status, 200);
}

/// Row 3.6.
#[test]
fn a_search_that_takes_too_long_can_be_ordered() {
    let mut talk = Talk::empty();
    talk.tenant.fail_next(FailNext {
        operation: Some("users.list".to_owned()),
        status: Some(503),
        ..FailNext::default()
    });
    assert_eq!(talk.get("/users/auth0%7Cx").status, 404);
    assert_eq!(
        talk.search("name:a*").error(),
        (503, "", "Service Unavailable")
    );
}

/// Row 3.7.
#[test]
fn the_order_is_the_same_each_time() {
    let mut talk = Talk::new(Config::default());
    let all = talk.get("/users?per_page=100").body;
    assert_eq!(talk.get("/users?per_page=100&primary_order=true").body, all);
    assert_eq!(talk.get("/users?primary_order=1").status, 400);
}

#[test]
fn row_3_13_a_profile_may_be_large() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let large = "x".repeat(100_000);
    let answer = talk.patch(&id, json!({ "user_metadata": { "large": large } }));
    assert_eq!(
        (answer.status, &answer.body["user_metadata"]["large"]),
        (200, &json!(large))
    );
}

#[test]
fn row_4_6_with_several_custom_domains_one_is_named() {
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
        let mut talk = Talk::new(Config {
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
        let answer = talk.send(&with_authorization("POST", "/users", &headers, &body));
        assert_eq!(answer.status, status, "{}", answer.body);
        if status == 409 {
            assert_eq!(answer.error().1, "custom_domain_conflict");
        }
    }
}

#[test]
fn row_4_12_how_long_things_may_be() {
    let mut talk = Talk::empty();
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
            let answer = talk.post("/users", body);
            if let Some(id) = answer.body["user_id"].as_str() {
                talk.tenant.reset();
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
    assert_eq!(talk.post("/users", username(129)).status, 400);
    assert_eq!(talk.post("/users", username(128)).status, 201);
    let phone = |digits: usize| json!({ "connection": "sms", "phone_number": format!("+{}", "1".repeat(digits)) });
    assert_eq!(talk.post("/users", phone(16)).status, 400);
    assert_eq!(talk.post("/users", phone(15)).status, 201);
}

#[test]
fn row_4_13_a_mail_asks_for_the_verification_of_an_address() {
    let mut talk = Talk::empty();
    let mut mails = |name: &str, verified: Option<bool>, verify: Option<bool>| {
        let mut body = json!({
            "connection": DATABASE, "email": format!("{name}@example.com"), "password": "Secret-123",
        });
        for (name, flag) in [("email_verified", verified), ("verify_email", verify)] {
            if let Some(flag) = flag {
                body[name] = flag.into();
            }
        }
        let before = talk.tenant.mails().as_array().unwrap().len();
        talk.create(body);
        talk.tenant.mails().as_array().unwrap().len() - before
    };
    assert_eq!(mails("a", None, None), 1);
    assert_eq!(mails("b", Some(false), None), 1);
    assert_eq!(mails("c", Some(true), None), 0);
    assert_eq!(mails("d", None, Some(false)), 0);
    assert_eq!(mails("e", Some(true), Some(true)), 1);
    let first = &talk.tenant.mails()[0];
    assert_eq!(first["to"], "a@example.com");
    let id = first["user_id"].as_str().unwrap().to_owned();
    talk.patch(
        &id,
        json!({ "email": "new@example.com", "verify_email": true }),
    );
    talk.post("/jobs/verification-email", json!({ "user_id": id }));
    talk.now += 1000;
    talk.get("/users");
    let mails = talk.tenant.mails();
    let to: Vec<_> = mails.as_array().unwrap()[3..]
        .iter()
        .map(|mail| &mail["to"])
        .collect();
    assert_eq!(to, ["new@example.com", "new@example.com"]);
}

#[test]
fn row_5_13_a_new_user_name_leaves_the_name_as_it_was() {
    let mut talk = Talk::empty();
    let id = talk.create(json!({
        "connection": "Members", "email": "a@example.com", "password": "Secret-123", "username": "old",
    }));
    let before = talk.user(&id).body;
    talk.now += 5;
    let after = talk.patch(&id, json!({ "username": "new" })).body;
    assert_eq!(after["username"], "new");
    assert_eq!(
        (&after["name"], &after["nickname"]),
        (&before["name"], &before["nickname"])
    );
    assert_eq!(after["updated_at"], "2026-01-01T00:00:00.005Z");
    assert_eq!(after["created_at"], before["created_at"]);
}

/// Rows 7.7 and 7.8.
#[test]
fn unlinking_what_is_not_linked_changes_nothing_and_the_main_identity_stays() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let bare = id.strip_prefix("auth0|").unwrap();
    let path = format!("/users/{}/identities/auth0", encode(&id));
    let answer = talk.delete(&format!("{path}/{}", encode(&id)));
    assert_eq!(
        (answer.status, answer.body.as_array().unwrap().len()),
        (200, 1)
    );
    assert_eq!(talk.delete(&format!("{path}/{bare}")).status, 400);
    assert_eq!(talk.user(&id).status, 200);
}

/// Rows 8.3 and 8.10.
#[test]
fn deleting_authenticators_leaves_keys_and_passkeys() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    for method in [
        json!({ "type": "totp", "totp_secret": "x" }),
        json!({ "type": "email", "email": "a@example.com" }),
        json!({ "type": "phone", "phone_number": "+12025550100" }),
        json!({ "type": "webauthn-roaming", "public_key": "k", "key_id": "i" }),
        json!({ "type": "passkey", "public_key": "k", "key_id": "j" }),
    ] {
        let answer = talk.post(&format!("{path}/authentication-methods"), method);
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    let list = |talk: &mut Talk| {
        talk.get(&format!(
            "{path}/authentication-methods?include_totals=true"
        ))
        .body
    };
    assert_eq!(
        list(&mut talk)["authenticators"].as_array().unwrap().len(),
        5
    );
    assert_eq!(talk.delete(&format!("{path}/authenticators")).status, 204);
    let left = list(&mut talk);
    let types: Vec<_> = left["authenticators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| &own["type"])
        .collect();
    assert_eq!(types, ["webauthn-roaming", "passkey"]);
}

/// Rows 10.2 and 10.3.
#[test]
fn refresh_tokens_are_listed_in_parts_and_200_at_most() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let sessions = RelatedCounts {
        sessions: 203,
        ..RelatedCounts::default()
    };
    talk.tenant.attach(&id, sessions, common::NOW);
    let path = format!("/users/{}/refresh-tokens", encode(&id));
    let first = talk.get(&format!("{path}?include_totals=true")).body;
    assert_eq!(
        (first["tokens"].as_array().unwrap().len(), &first["total"]),
        (50, &json!(200))
    );
    let next = first["next"].as_str().unwrap();
    let second = talk.get(&format!("{path}?take=100&from={next}")).body;
    assert_eq!(second["tokens"].as_array().unwrap().len(), 100);
    assert!(second.get("total").is_none());
    assert_eq!(talk.get(&format!("{path}?take=101")).status, 400);
    let token = first["tokens"][0].as_object().unwrap();
    let names: Vec<_> = token.keys().map(String::as_str).collect();
    for name in [
        "id",
        "user_id",
        "created_at",
        "idle_expires_at",
        "expires_at",
        "client_id",
        "session_id",
        "rotating",
        "resource_servers",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    let sessions = talk
        .get(&format!("/users/{}/sessions?take=100", encode(&id)))
        .body;
    assert!(sessions["next"].is_string());
}

#[test]
fn row_11_3_nobody_has_blocks_by_identifier_and_is_unknown_by_id() {
    let mut talk = Talk::empty();
    assert_eq!(
        talk.get("/user-blocks?identifier=nobody").body,
        json!({ "blocked_for": [] })
    );
    assert_eq!(talk.delete("/user-blocks?identifier=nobody").status, 204);
    assert_eq!(
        talk.get("/user-blocks/auth0%7Cnobody").error().1,
        "inexistent_user"
    );
}

#[test]
fn row_12_4_groups_tell_when_a_user_joined() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    talk.tenant.attach(
        &id,
        RelatedCounts {
            groups: 3,
            ..RelatedCounts::default()
        },
        common::NOW,
    );
    let path = format!("/users/{}/groups", encode(&id));
    let groups = talk.get(&path).body;
    assert_eq!(groups.as_array().unwrap().len(), 3);
    assert_eq!(
        groups[0]["membership_created_at"],
        "2026-01-01T00:00:00.000Z"
    );
    let part = talk.get(&format!("{path}?take=2")).body;
    assert_eq!(part["groups"].as_array().unwrap().len(), 2);
    assert!(part["next"].is_string());
}

#[test]
fn row_13_1_ids_have_their_forms() {
    let mut talk = Talk::empty();
    let is = |id: &Value, prefix: &str| {
        let rest = id.as_str().unwrap().strip_prefix(prefix).unwrap();
        assert!(
            rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{id}"
        );
    };
    let directory = talk.tenant.directory();
    is(&directory["connections"][0]["id"], "con_");
    is(&directory["roles"][0]["id"], "rol_");
    is(&directory["organizations"][0]["id"], "org_");
    is(
        &talk.post("/jobs/users-exports", json!({})).body["id"],
        "job_",
    );
}

#[test]
fn row_13_5_an_import_without_errors_has_none_to_tell() {
    let mut talk = Talk::empty();
    let id = talk.tenant.directory()["connections"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = format!(
        "--x\r\ncontent-disposition: form-data; name=\"connection_id\"\r\n\r\n{id}\r\n--x\r\ncontent-disposition: \
         form-data; name=\"users\"; filename=\"u.json\"\r\n\r\n[{{\"email\":\"a@example.com\"}}]\r\n--x--\r\n"
    );
    let request = Request::post("/api/v2/jobs/users-imports")
        .header("authorization", format!("Bearer {}", common::TOKEN))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(body.into_bytes())
        .unwrap();
    let job = talk.send(&request).body["id"].as_str().unwrap().to_owned();
    talk.now += 1000;
    assert_eq!(
        talk.get(&format!("/jobs/{job}")).body["summary"]["inserted"],
        1
    );
    assert_eq!(talk.get(&format!("/jobs/{job}/errors")).status, 204);
}
