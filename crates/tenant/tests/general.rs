//! What every operation has in common: paths, tokens, scopes, limits, faults, cross-origin requests.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use auth0_users_tenant::{Config, FailNext, Fault, OPERATIONS, Rate, Token};
use common::{NOW, Talk, encode};
use http::Request;
use serde_json::{Value, json};

fn with_authorization(value: Option<&str>) -> Request<Vec<u8>> {
    let mut request = Request::get("/api/v2/users");
    if let Some(value) = value {
        request = request.header("authorization", value);
    }
    request.body(Vec::new()).unwrap()
}

/// Rows 1.4 and 1.7.
#[test]
fn a_bearer_token_is_needed() {
    let mut talk = Talk::empty();
    let answer = talk.send(&with_authorization(None));
    assert_eq!(
        answer.body,
        json!({ "statusCode": 401, "error": "Unauthorized", "message": "Missing authentication" })
    );
    let answer = talk.send(&with_authorization(Some("Basic abc")));
    assert_eq!(answer.error().1, "Bearer");
    for (token, message) in [
        ("Bearer nonsense", "Invalid token"),
        (
            "Bearer a.b.c",
            "Invalid signature received for JSON Web Token validation",
        ),
    ] {
        let answer = talk.send(&with_authorization(Some(token)));
        assert_eq!(answer.error(), (401, "", message));
        assert_eq!(answer.body["attributes"]["error"], message);
    }
}

/// Row 1.7.
#[test]
fn a_token_expires() {
    let mut talk = Talk::new(Config {
        tokens: vec![Token {
            expires_at_ms: Some(NOW + 10),
            ..Token::with_all_scopes("short")
        }],
        ..Config::default()
    });
    talk.token = "short".into();
    assert_eq!(talk.get("/users").status, 200);
    talk.now += 10;
    assert_eq!(
        talk.get("/users").error(),
        (
            401,
            "",
            "Expired token received for JSON Web Token validation"
        )
    );
}

fn with_scopes(scopes: &[&str], subject: Option<&str>) -> Talk {
    let mut talk = Talk::new(Config {
        tokens: vec![
            Token::with_all_scopes(common::TOKEN),
            Token {
                scopes: Some(scopes.iter().map(|scope| scope.to_string()).collect()),
                subject: subject.map(str::to_owned),
                ..Token::with_all_scopes("limited")
            },
        ],
        ..Config::default()
    });
    talk.token = "limited".into();
    talk
}

/// Row 1.8.
#[test]
fn a_missing_scope_is_named() {
    let mut talk = with_scopes(&["read:clients"], None);
    assert_eq!(
        talk.get("/users").body,
        json!({
            "statusCode": 403,
            "error": "Forbidden",
            "message": "Insufficient scope, expected any of: read:users",
            "errorCode": "insufficient_scope",
        })
    );
}

/// Rows 1.8, 5.16 and 14.1.
#[test]
fn a_token_of_a_user_reaches_this_user_only() {
    let mut talk = with_scopes(
        &["read:current_user", "update:current_user_metadata"],
        Some("auth0|me"),
    );
    talk.token = common::TOKEN.into();
    talk.create(json!({
        "connection": common::DATABASE, "email": "me@example.com", "password": "Secret-123", "user_id": "me",
    }));
    let other = talk.seeded(common::DATABASE);
    talk.token = "limited".into();
    assert_eq!(talk.user("auth0|me").status, 200);
    assert_eq!(talk.user(&other).error().1, "unowned_resource");
    assert_eq!(talk.get("/users").error().1, "insufficient_scope");
    let answer = talk.patch("auth0|me", json!({ "user_metadata": { "a": 1 } }));
    assert_eq!(answer.status, 200);
    for body in [
        json!({ "password": "Secret-456" }),
        json!({ "app_metadata": {} }),
    ] {
        assert_eq!(talk.patch("auth0|me", body).error().1, "insufficient_scope");
    }
}

/// Row 3.14.
#[test]
fn tokens_of_identity_providers_need_their_own_scope() {
    let mut talk = with_scopes(&["read:users"], None);
    let id = talk.seeded("google-oauth2");
    let identity = talk.user(&id).body["identities"][0].clone();
    assert!(identity.get("access_token").is_none());
    talk.token = common::TOKEN.into();
    let identity = talk.user(&id).body["identities"][0].clone();
    assert!(identity["access_token"].is_string());
}

/// Row 1.1.
#[test]
fn client_credentials_are_exchanged_for_a_token() {
    let mut talk = Talk::new(Config::default());
    let ask = |body: &str, kind: &str| {
        Request::post("/oauth/token")
            .header("content-type", kind)
            .body(body.as_bytes().to_vec())
            .unwrap()
    };
    let form = "grant_type=client_credentials&client_id=tenant-demo-client&client_secret=tenant-demo-secret\
                &audience=https%3A%2F%2Ftenant.example.com%2Fapi%2Fv2%2F";
    let answer = talk.send(&ask(form, "application/x-www-form-urlencoded"));
    assert_eq!(
        (answer.status, &answer.body["expires_in"]),
        (200, &json!(86_400))
    );
    assert_eq!(answer.body["token_type"], "Bearer");
    talk.token = answer.body["access_token"].as_str().unwrap().into();
    assert_eq!(talk.get("/users").status, 200);
    talk.now += 86_400_000;
    assert_eq!(talk.get("/users").status, 401);

    let body = json!({
        "grant_type": "client_credentials", "client_id": "tenant-demo-client", "client_secret": "tenant-demo-secret",
        "audience": "https://tenant.example.com/api/v2/", "scope": "read:users",
    });
    let answer = talk.send(&ask(&body.to_string(), "application/json"));
    assert_eq!(answer.body["scope"], "read:users");
    let mut wrong = body;
    wrong["client_secret"] = "guess".into();
    let answer = talk.send(&ask(&wrong.to_string(), "application/json"));
    assert_eq!(
        (answer.status, &answer.body["error"]),
        (401, &json!("access_denied"))
    );
}

#[test]
fn a_segment_of_the_path_is_decoded_once() {
    let mut talk = Talk::empty();
    for bare in ["a/b", "%3A", "x+y", "👩‍🚀", ".", "..", "a?b#c"] {
        let email = format!("{}@example.com", bare.len());
        let body = json!({
            "connection": common::DATABASE, "email": email, "password": "Secret-123", "user_id": bare,
        });
        let id = talk.create(body);
        assert_eq!(id, format!("auth0|{bare}"));
        let answer = talk.get(&format!("/users/{}", encode(&id)));
        assert_eq!(answer.body["user_id"], id.as_str(), "{id}");
        talk.delete(&format!("/users/{}", encode(&id)));
    }
    assert_eq!(talk.get("/users/auth0%257Ca").status, 404);
}

#[test]
fn dots_in_a_path_are_never_normalised() {
    let mut talk = Talk::new(Config::default());
    assert_eq!(talk.get("/users/..").error().1, "inexistent_user");
    assert_eq!(talk.get("/users/../users").error(), (404, "", "Not Found"));
    assert_eq!(talk.get("/users/").error(), (404, "", "Not Found"));
    assert_eq!(talk.get("//users").error(), (404, "", "Not Found"));
}

/// Rows 1.2 and 1.3.
#[test]
fn a_body_must_be_json_or_a_form_and_not_too_large() {
    let mut talk = Talk::empty();
    let send = |kind: &str, body: Vec<u8>| {
        Request::post("/api/v2/users")
            .header("authorization", format!("Bearer {}", common::TOKEN))
            .header("content-type", kind)
            .body(body)
            .unwrap()
    };
    assert_eq!(
        talk.send(&send("application/json", b"{".to_vec())).status,
        400
    );
    assert_eq!(talk.send(&send("text/plain", b"{}".to_vec())).status, 415);
    let large = vec![b' '; 1_048_577];
    assert_eq!(talk.send(&send("application/json", large)).status, 413);
    let form = "connection=Username-Password-Authentication&email=form%40example.com&password=Secret-123&blocked=true";
    let answer = talk.send(&send("application/x-www-form-urlencoded", form.into()));
    assert_eq!(
        (answer.status, &answer.body["blocked"]),
        (201, &json!(true))
    );
}

/// Rows 2.1, 2.2, 2.3, 2.4 and 2.6.
#[test]
fn the_bucket_is_refilled_at_the_top_of_the_second() {
    let mut talk = Talk::new(Config {
        rate: Some(Rate {
            burst: 2,
            per_second: 1.0,
            retry_after: false,
        }),
        ..Config::default()
    });
    talk.now = NOW + 900;
    let answer = talk.get("/users");
    assert_eq!(answer.header("x-ratelimit-limit"), "2");
    assert_eq!(answer.header("x-ratelimit-remaining"), "1");
    assert_eq!(
        answer.header("x-ratelimit-reset"),
        (NOW / 1000 + 1).to_string()
    );
    assert_eq!(talk.get("/users").status, 200);
    let answer = talk.get("/users");
    assert_eq!(
        answer.body,
        json!({
            "statusCode": 429,
            "error": "Too Many Requests",
            "message": "Global limit has been reached",
            "errorCode": "too_many_requests",
        })
    );
    assert_eq!(answer.header("x-ratelimit-remaining"), "0");
    assert_eq!(answer.header("retry-after"), "");
    talk.now = NOW + 1000;
    assert_eq!(talk.get("/users").status, 200);
    assert_eq!(talk.get("/users").status, 429);
    talk.tenant.set_rate(Some(Rate {
        burst: 1,
        per_second: 0.5,
        retry_after: true,
    }));
    talk.get("/users");
    assert_eq!(talk.get("/users").header("retry-after"), "2");
}

/// Row 14.2.
#[test]
fn a_page_from_anywhere_may_read_the_answers() {
    let mut talk = Talk::empty();
    let request = Request::options("/api/v2/users/x")
        .header("origin", "https://console.example.org")
        .header("access-control-request-method", "PATCH")
        .header(
            "access-control-request-headers",
            "authorization,content-type,x-y",
        )
        .body(Vec::new())
        .unwrap();
    let answer = talk.send(&request);
    assert_eq!(answer.status, 204);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://console.example.org"
    );
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "authorization,content-type,x-y"
    );
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    let request = Request::get("/api/v2/users")
        .header("origin", "https://console.example.org")
        .body(Vec::new())
        .unwrap();
    let answer = talk.send(&request);
    assert_eq!(answer.status, 401);
    let exposed = answer.header("access-control-expose-headers");
    assert!(exposed.contains("x-ratelimit-reset") && exposed.contains("x-correlation-id"));
}

/// Row 1.9.
#[test]
fn a_correlation_id_comes_back_with_its_first_64_characters() {
    let mut talk = Talk::empty();
    let request = Request::delete("/api/v2/users/x")
        .header("authorization", format!("Bearer {}", common::TOKEN))
        .header("x-correlation-id", "k".repeat(80))
        .body(Vec::new())
        .unwrap();
    assert_eq!(
        talk.send(&request).header("x-correlation-id"),
        "k".repeat(64)
    );
}

#[test]
fn a_fault_meets_the_next_request_only() {
    let mut talk = Talk::empty();
    talk.tenant.fail_next(FailNext {
        status: Some(503),
        ..FailNext::default()
    });
    assert_eq!(talk.get("/users").error(), (503, "", "Service Unavailable"));
    assert_eq!(talk.get("/users").status, 200);
}

#[test]
fn a_fault_is_kept_for_the_user_it_is_for() {
    let mut talk = Talk::empty();
    let order = json!({ "operation": "users.roles.list", "user_id": "auth0|a/b", "status": 403 });
    assert_eq!(control(&mut talk, "POST", "fail-next", order).0, 204);
    let statuses = [
        "/users/auth0%7Ca/roles",
        "/users/auth0%7Ca%2Fb",
        "/users/auth0%7Ca%2Fb/roles",
        "/users/auth0%7Ca%2Fb/roles",
    ]
    .map(|path| talk.get(path).status);
    assert_eq!(statuses, [404, 404, 403, 404]);
}

#[test]
fn a_fault_strikes_before_or_after_the_work_is_done() {
    let mut talk = Talk::empty();
    let body = json!({ "connection": common::DATABASE, "email": "a@example.com", "password": "Secret-123" });
    for (after_commit, users) in [(false, 0), (true, 1)] {
        talk.tenant.fail_next(FailNext {
            after_commit,
            status: Some(500),
            operation: Some("users.create".into()),
            ..FailNext::default()
        });
        assert_eq!(talk.get("/users").status, 200);
        assert_eq!(talk.post("/users", body.clone()).status, 500);
        assert_eq!(talk.tenant.user_count(), users);
    }
}

#[test]
fn faults_strike_by_chance_and_the_journal_tells_what_was_carried_out() {
    let kinds = ["server_error", "reset", "truncate", "stall", "content_type"];
    let soak = |order: Value| {
        let mut talk = Talk::empty();
        assert_eq!(control(&mut talk, "POST", "faults", order).0, 204);
        for n in 0..400 {
            let mail = format!("{n}@example.com");
            talk.post(
                "/users",
                json!({ "connection": common::DATABASE, "email": mail, "password": "Secret-123" }),
            );
        }
        let entries = control(&mut talk, "GET", "journal", Value::Null).1;
        let committed = |entry: &&Value| entry["committed"] == true;
        let entries = entries.as_array().unwrap().clone();
        assert_eq!(
            entries.iter().filter(committed).count(),
            talk.tenant.user_count()
        );
        entries
    };
    let mixed = soak(json!({ "rate": 0.5, "kinds": kinds, "seed": 3 }));
    let count =
        |wanted: &dyn Fn(&Value) -> bool| mixed.iter().filter(|entry| wanted(entry)).count();
    let met = count(&|entry| !entry["fault"].is_null());
    assert!((150..250).contains(&met), "{met}");
    for kind in ["status", "reset", "truncate", "stall", "content_type"] {
        for committed in [true, false] {
            let some = count(&|entry| entry["fault"] == kind && entry["committed"] == committed);
            assert!(some > 5, "{kind} {committed}: {some}");
        }
    }
    assert!(
        mixed
            .iter()
            .all(|entry| entry["status"].is_null() == (entry["fault"] == "reset"))
    );
    assert_eq!(
        mixed,
        soak(json!({ "rate": 0.5, "kinds": kinds, "seed": 3 }))
    );
    assert_ne!(
        mixed,
        soak(json!({ "rate": 0.5, "kinds": kinds, "seed": 4 }))
    );

    let before = soak(json!({ "rate": 1, "after_commit": 0 }));
    assert!(before.iter().all(|entry| entry["committed"] == false));
    let after = soak(json!({ "rate": 1, "kinds": kinds, "after_commit": 1 }));
    assert!(after.iter().all(|entry| entry["committed"] == true));
    assert!(
        soak(Value::Null)
            .iter()
            .all(|entry| entry["fault"].is_null())
    );
}

#[test]
fn a_chance_is_a_share_and_a_kind_is_known() {
    let mut talk = Talk::empty();
    for (order, named) in [
        (json!({}), "rate"),
        (json!({ "rate": 1.5 }), "rate"),
        (json!({ "rate": 1, "kinds": ["fire"] }), "fire"),
        (json!({ "rate": 1, "kinds": [] }), "kinds"),
        (json!({ "rate": 1, "after_commit": -1 }), "after_commit"),
    ] {
        let (status, body) = control(&mut talk, "POST", "faults", order);
        assert_eq!(status, 400);
        assert!(body["message"].as_str().unwrap().contains(named), "{body}");
    }
}

#[test]
fn a_429_by_chance_is_one_of_the_api_and_nothing_was_done() {
    let mut talk = Talk::empty();
    let order = json!({ "rate": 1, "kinds": ["too_many_requests"], "after_commit": 1 });
    control(&mut talk, "POST", "faults", order);
    let answer = talk.delete("/users/auth0%7Cx");
    assert_eq!(answer.error().0, 429);
    assert_eq!(answer.error().1, "too_many_requests");
    let reset = (NOW / 1000 + 1).to_string();
    assert_eq!(answer.header("x-ratelimit-reset"), reset);
    assert!(!talk.tenant.journal().next().unwrap().committed);
}

#[test]
fn a_request_that_was_refused_was_not_carried_out() {
    let mut talk = Talk::empty();
    talk.get("/users/auth0%7Cx");
    talk.get("/users");
    let told: Vec<_> = talk
        .tenant
        .journal()
        .map(|entry| (entry.number, entry.status, entry.committed))
        .collect();
    assert_eq!(told, [(1, Some(404), false), (2, Some(200), true)]);
}

#[test]
fn the_journal_holds_a_hundred_thousand_requests_and_is_read_in_parts() {
    let mut talk = Talk::empty();
    for _ in 0..100_001 {
        talk.delete("/users/auth0%7Cx");
    }
    let numbers = |talk: &mut Talk, path: &str| -> Vec<u64> {
        let (status, entries) = control(talk, "GET", path, Value::Null);
        assert_eq!(status, 200);
        let entries = entries.as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["number"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(talk.tenant.journal().count(), 100_000);
    assert_eq!(numbers(&mut talk, "journal?take=2"), [2, 3]);
    assert_eq!(
        numbers(&mut talk, "journal?after=99999"),
        [100_000, 100_001]
    );
    assert_eq!(
        control(&mut talk, "GET", "journal?take=no", Value::Null).0,
        400
    );
}

fn control(talk: &mut Talk, method: &str, name: &str, body: Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/__tenant/{name}"))
        .body(body.to_string().into_bytes())
        .unwrap();
    let answer = talk.send(&request);
    (answer.status, answer.body)
}

#[test]
fn controls_are_reached_over_http() {
    let mut talk = Talk::new(Config::default());
    let request = Request::get("/api/v2/users?per_page=0&q=a%2Bb")
        .header("authorization", format!("Bearer {}", common::TOKEN))
        .body(Vec::new())
        .unwrap();
    for (body, fault) in [
        (json!({ "reset": true }), Fault::Reset),
        (json!({ "truncate": true }), Fault::Truncate),
        (json!({ "stall": true }), Fault::Stall),
    ] {
        assert_eq!(control(&mut talk, "POST", "fail-next", body).0, 204);
        assert_eq!(talk.tenant.serve(&request, NOW).fault, fault);
    }
    control(&mut talk, "POST", "latency", json!({ "ms": 20 }));
    assert_eq!(talk.tenant.serve(&request, NOW).delay_ms, 20);
    control(
        &mut talk,
        "POST",
        "fail-next",
        json!({ "status": 200, "content_type": "text/html", "headers": { "x-a": "b" } }),
    );
    let answer = talk.send(&request);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/html")
    );
    assert_eq!((answer.header("x-a"), &answer.body), ("b", &Value::Null));
    let journal = control(&mut talk, "GET", "journal", Value::Null).1;
    let first = &journal[0];
    assert_eq!(first["path"], "/api/v2/users");
    assert_eq!(first["query"], "per_page=0&q=a%2Bb");
    assert_eq!(first["operation"], "users.list");
    assert_eq!(first["headers"]["authorization"], "[hidden]");
    assert_eq!(
        control(&mut talk, "POST", "fail-next", json!({ "x": 1 })).0,
        400
    );
    control(
        &mut talk,
        "POST",
        "rate",
        json!({ "burst": 1, "per_second": 1 }),
    );
    talk.get("/users");
    assert_eq!(talk.get("/users").status, 429);
    assert_eq!(control(&mut talk, "POST", "reset", Value::Null).0, 204);
    assert_eq!(talk.get("/users").status, 200);
    assert_eq!(talk.tenant.journal().count(), 1);
    assert_eq!(control(&mut talk, "GET", "nothing", Value::Null).0, 404);
}

#[test]
fn what_a_test_needs_is_found_blocked_and_given_over_http() {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let directory = control(&mut talk, "GET", "directory", Value::Null).1;
    assert_eq!(directory["connections"][0]["name"], common::DATABASE);
    assert!(
        directory["roles"][0]["id"]
            .as_str()
            .unwrap()
            .starts_with("rol_")
    );
    let block = json!({ "identifier": "a@example.com", "connection": common::DATABASE, "ip": "203.0.113.1" });
    assert_eq!(control(&mut talk, "POST", "block", block).0, 204);
    let blocks = talk.get(&format!("/user-blocks/{}", encode(&id))).body;
    assert_eq!(blocks["blocked_for"].as_array().unwrap().len(), 1);
    let attach = json!({ "user_id": id, "sessions": 3 });
    assert_eq!(control(&mut talk, "POST", "attach", attach).0, 204);
    let sessions = talk.get(&format!("/users/{}/sessions", encode(&id))).body;
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 3);
    let token = json!({ "token": "mine", "scopes": ["read:current_user"], "subject": id, "expires_in_ms": 10 });
    assert_eq!(control(&mut talk, "POST", "token", token).0, 204);
    talk.token = "mine".into();
    assert_eq!(talk.user(&id).status, 200);
    assert_eq!(talk.get("/users").status, 403);
    talk.now += 10;
    assert_eq!(talk.user(&id).status, 401);
    let nobody = json!({ "user_id": "nobody", "sessions": 3 });
    assert_eq!(control(&mut talk, "POST", "attach", nobody).0, 404);
    assert_eq!(
        control(&mut talk, "POST", "clock", json!({ "advance_ms": 1000 })).0,
        204
    );
}

#[test]
fn the_same_seed_gives_the_same_tenant() {
    let list = |seed| {
        Talk::new(Config {
            seed,
            ..Config::default()
        })
        .get("/users?per_page=100")
        .body
    };
    assert_eq!(list(7), list(7));
    assert_ne!(list(7), list(8));
}

#[test]
fn names_of_operations_are_unique() {
    let mut names: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), OPERATIONS.len());
}
