//! What belongs to users: roles, permissions, groups, organizations, sessions, factors, logs, blocks.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use auth0_users_tenant::{Config, RelatedCounts};
use common::{DATABASE, NOW, Talk, encode};
use serde_json::{Value, json};

const ITEMS: &str = "https://items.example.com/";

fn with_user() -> (Talk, String, String) {
    let mut talk = Talk::empty();
    let id = talk.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    (talk, id, path)
}

fn role(talk: &Talk, name: &str) -> String {
    let directory = talk.tenant.directory();
    let roles = directory["roles"].as_array().unwrap();
    let role = roles.iter().find(|role| role["name"] == name).unwrap();
    role["id"].as_str().unwrap().to_owned()
}

/// Every item of a list that is paged by checkpoint, and how many requests it took.
fn all(talk: &mut Talk, path: &str, query: &str, name: &str) -> (Vec<Value>, usize) {
    let (mut items, mut requests, mut from) = (Vec::new(), 0, String::new());
    loop {
        let answer = talk.get(&format!("{path}?{query}{from}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        requests += 1;
        items.extend(answer.body[name].as_array().unwrap().iter().cloned());
        match answer.body["next"].as_str() {
            Some(next) => from = format!("&from={}", encode(next)),
            None => return (items, requests),
        }
    }
}

#[test]
fn what_belongs_to_nobody_is_404() {
    let mut talk = Talk::empty();
    for path in [
        "roles",
        "permissions",
        "organizations",
        "groups",
        "sessions",
        "refresh-tokens",
        "enrollments",
        "authentication-methods",
        "connected-accounts",
        "effective-roles",
        "effective-permissions?resource_server_identifier=x",
    ] {
        let answer = talk.get(&format!("/users/auth0%7Cnobody/{path}"));
        assert_eq!(answer.error().1, "inexistent_user", "{path}");
    }
    assert_eq!(talk.get("/users/auth0%7Cnobody/logs").body, json!([]));
    assert_eq!(talk.get("/user-blocks/auth0%7Cnobody").status, 404);
}

/// Row 9.1.
#[test]
fn a_role_that_is_assigned_is_listed_until_it_is_deleted() {
    let (mut talk, _, path) = with_user();
    let (viewer, editor) = (role(&talk, "viewer"), role(&talk, "editor"));
    let roles = format!("{path}/roles");
    for _ in 0..2 {
        let answer = talk.post(&roles, json!({ "roles": [viewer, editor] }));
        assert_eq!((answer.status, answer.response.body().len()), (204, 0));
    }
    assert_eq!(
        talk.get(&roles).body[0],
        json!({ "id": viewer, "name": "viewer", "description": "Looks at items" })
    );
    let answer = talk.get(&format!("{roles}?include_totals=true&per_page=1&page=1"));
    assert_eq!(
        (
            &answer.body["start"],
            &answer.body["limit"],
            &answer.body["total"]
        ),
        (&json!(1), &json!(1), &json!(2))
    );
    assert!(answer.body.get("length").is_none());
    assert_eq!(answer.body["roles"][0]["id"], editor.as_str());
    let answer = talk.request("DELETE", &roles, Some(json!({ "roles": [viewer] })));
    assert_eq!(answer.status, 204);
    assert_eq!(talk.get(&roles).body.as_array().unwrap().len(), 1);
    assert_eq!(talk.get(&format!("{roles}?per_page=0")).status, 400);
    assert_eq!(
        talk.post(&roles, json!({ "roles": [] })).error().2,
        "Payload validation error: 'Array is too short (0), minimum 1' on property roles."
    );
    let answer = talk.post(&roles, json!({ "roles": ["rol_unknown"] }));
    assert_eq!(
        (answer.status, answer.error().1),
        (404, ""),
        "without an errorCode"
    );
}

/// Row 9.2.
#[test]
fn permissions_are_granted_directly_or_by_roles() {
    let (mut talk, _, path) = with_user();
    let permissions = format!("{path}/permissions");
    let body = |name: &str| {
        json!({
            "permissions": [{ "resource_server_identifier": ITEMS, "permission_name": name }],
        })
    };
    let answer = talk.post(&permissions, body("read:items"));
    assert_eq!((answer.status, answer.body), (201, json!({})));
    assert_eq!(
        talk.get(&permissions).body,
        json!([{
            "resource_server_identifier": ITEMS,
            "permission_name": "read:items",
            "resource_server_name": "Items",
            "description": "Read items",
            "sources": [{ "source_id": "", "source_name": "", "source_type": "DIRECT" }],
        }])
    );
    let editor = role(&talk, "editor");
    talk.post(&format!("{path}/roles"), json!({ "roles": [editor] }));
    let listed = talk.get(&permissions).body;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(
        listed[0]["sources"][1],
        json!({ "source_id": editor, "source_name": "editor", "source_type": "ROLE" })
    );
    let answer = talk.post(&permissions, body("fly:items"));
    assert_eq!(answer.status, 404);
    assert_eq!(answer.error().1, "inexistent_resource_server_permission");
    assert!(answer.error().2.contains("fly:items") && answer.error().2.contains(ITEMS));
    let answer = talk.request("DELETE", &permissions, Some(body("read:items")));
    assert_eq!(answer.status, 204);
    assert_eq!(
        talk.get(&permissions).body[0]["sources"][0]["source_type"],
        "ROLE"
    );
}

/// Row 9.3.
#[test]
fn effective_views_add_the_roles_of_groups() {
    let mut talk = Talk::new(Config::default());
    let directory = talk.tenant.directory();
    let group = &directory["groups"][0];
    let editor = role(&talk, "editor");
    assert_eq!(group["roles"], json!([editor]));
    let found = talk.search("identities.provider:samlp");
    let path = found
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|user| format!("/users/{}", encode(user["user_id"].as_str().unwrap())))
        .find(|path| {
            let groups = talk.get(&format!("{path}/groups")).body;
            groups
                .as_array()
                .unwrap()
                .iter()
                .any(|own| own["id"] == group["id"])
        })
        .unwrap();
    let direct = talk.get(&format!("{path}/roles")).body;
    let ids: Vec<Value> = direct
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["id"].clone())
        .collect();
    talk.request(
        "DELETE",
        &format!("{path}/roles"),
        Some(json!({ "roles": ids })),
    );

    let roles = talk.get(&format!("{path}/effective-roles")).body["roles"].clone();
    let own = roles
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["id"] == editor.as_str())
        .unwrap();
    assert_eq!(own["sources"], json!(["groups"]));
    talk.post(&format!("{path}/roles"), json!({ "roles": [editor] }));
    let roles = talk.get(&format!("{path}/effective-roles")).body["roles"].clone();
    let own = roles
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["id"] == editor.as_str())
        .unwrap();
    assert_eq!(own["sources"], json!(["direct", "groups"]));

    let groups = talk.get(&format!(
        "{path}/effective-roles/sources/groups?role_id={editor}"
    ));
    assert_eq!(groups.body["groups"][0]["id"], group["id"]);
    let answer = talk.get(&format!(
        "{path}/effective-roles/sources/groups?role_id=rol_x"
    ));
    assert_eq!(answer.status, 404);
    assert_eq!(
        talk.get(&format!("{path}/effective-roles/sources/groups"))
            .status,
        400
    );

    let query = format!("resource_server_identifier={}", encode(ITEMS));
    let answer = talk.get(&format!("{path}/effective-permissions?{query}"));
    let names: Vec<_> = answer.body["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| &own["permission_name"])
        .collect();
    assert!(names.contains(&&json!("write:items")));
    assert_eq!(
        talk.get(&format!("{path}/effective-permissions")).status,
        400
    );
    let answer = talk.get(&format!(
        "{path}/effective-permissions/sources/effective-roles?{query}&permission_name=write%3Aitems"
    ));
    assert_eq!(answer.body["roles"][0]["type"], "tenant");
    assert_eq!(
        answer.body["roles"][0]["sources"],
        json!(["direct", "groups"])
    );
}

/// Row 12.1.
#[test]
fn organizations_go_on_by_checkpoint_beyond_1000() {
    let (mut talk, id, path) = with_user();
    let organizations = format!("{path}/organizations");
    assert_eq!(talk.get(&organizations).body, json!([]));
    let counts = RelatedCounts {
        organizations: 1005,
        ..RelatedCounts::default()
    };
    assert!(talk.tenant.attach(&id, counts, NOW));
    let answer = talk.get(&format!("{organizations}?include_totals=true&per_page=2"));
    assert_eq!(answer.body["organizations"].as_array().unwrap().len(), 2);
    assert_eq!(
        talk.get(&format!("{organizations}?page=10&per_page=100"))
            .error()
            .1,
        "invalid_paging"
    );
    assert_eq!(
        talk.get(&format!("{organizations}?page=1001")).error().1,
        "invalid_query_string"
    );
    let (items, requests) = all(&mut talk, &organizations, "take=100", "organizations");
    assert_eq!((items.len(), requests), (1005, 11));
    let found = items[7]["id"].as_str().unwrap();
    assert_eq!(
        talk.search(&format!("organization_id:{found}")).body[0]["user_id"],
        id.as_str()
    );
}

/// Row 1.11.
#[test]
fn a_checkpoint_is_good_for_a_day_and_survives_what_is_deleted() {
    let (mut talk, id, path) = with_user();
    let counts = RelatedCounts {
        groups: 5,
        ..RelatedCounts::default()
    };
    talk.tenant.attach(&id, counts, NOW);
    let answer = talk.get(&format!("{path}/groups?take=2&include_totals=true"));
    assert_eq!(answer.body["total"], 5);
    assert!(answer.body["groups"][0]["membership_created_at"].is_string());
    let next = answer.body["next"].as_str().unwrap().to_owned();
    talk.now += 86_400_000;
    assert_eq!(
        talk.get(&format!("{path}/groups?take=3&from={next}"))
            .status,
        200
    );
    talk.now += 1;
    assert_eq!(
        talk.get(&format!("{path}/groups?take=3&from={next}"))
            .status,
        400
    );
    assert_eq!(talk.get(&format!("{path}/groups?from=zz")).status, 400);
    assert!(
        talk.get(&format!("{path}/groups?take=5"))
            .body
            .get("next")
            .is_none()
    );
    assert_eq!(
        talk.get(&format!("{path}/groups"))
            .body
            .as_array()
            .unwrap()
            .len(),
        5
    );
    let answer = talk.get(&format!("{path}/groups?fields=id"));
    assert_eq!(answer.body[0].as_object().unwrap().len(), 1);
}

#[test]
fn sessions_and_tokens_that_are_deleted_are_gone() {
    let (mut talk, id, path) = with_user();
    let (sessions, tokens) = (format!("{path}/sessions"), format!("{path}/refresh-tokens"));
    assert_eq!(talk.get(&sessions).body, json!({ "sessions": [] }));
    let counts = RelatedCounts {
        sessions: 60,
        ..RelatedCounts::default()
    };
    talk.tenant.attach(&id, counts, NOW);
    let (items, requests) = all(&mut talk, &sessions, "", "sessions");
    assert_eq!((items.len(), requests), (60, 2), "50 at a time");
    assert_eq!(items[0]["user_id"], id.as_str());
    let (items, requests) = all(&mut talk, &tokens, "take=100", "tokens");
    assert_eq!((items.len(), requests), (60, 1));
    assert!(items[0]["resource_servers"][0]["scopes"].is_string());
    assert!(talk.get(&tokens).body.get("total").is_none());

    let answer = talk.delete(&sessions);
    assert_eq!((answer.status, answer.body), (202, json!({})));
    assert_eq!(talk.get(&sessions).body["sessions"], json!([]));
    assert_eq!(
        talk.get(&format!("{tokens}?include_totals=true")).body["total"],
        60
    );
    assert_eq!(talk.delete(&tokens).status, 202);
    assert_eq!(
        talk.get(&format!("{tokens}?include_totals=true")).body,
        json!({ "tokens": [], "total": 0 })
    );
}

/// Row 10.1.
#[test]
fn deletions_can_take_their_time() {
    let mut talk = Talk::new(Config {
        users: 0,
        deletion_delay_ms: 500,
        ..Config::default()
    });
    let id = talk.database_user("a@example.com");
    let counts = RelatedCounts {
        sessions: 1,
        ..RelatedCounts::default()
    };
    talk.tenant.attach(&id, counts, NOW);
    let path = format!("/users/{}/sessions", encode(&id));
    talk.delete(&path);
    assert_eq!(
        talk.get(&path).body["sessions"].as_array().unwrap().len(),
        1
    );
    talk.now += 500;
    assert_eq!(talk.get(&path).body["sessions"], json!([]));
}

/// Row 10.4.
#[test]
fn revoking_access_ends_what_it_names() {
    let (mut talk, id, path) = with_user();
    let attach = |talk: &mut Talk| {
        let counts = RelatedCounts {
            sessions: 2,
            ..RelatedCounts::default()
        };
        talk.tenant.attach(&id, counts, NOW);
    };
    let left = |talk: &mut Talk| {
        let sessions = talk.get(&format!("{path}/sessions")).body["sessions"].clone();
        let tokens = talk.get(&format!("{path}/refresh-tokens")).body["tokens"].clone();
        (
            sessions.as_array().unwrap().clone(),
            tokens.as_array().unwrap().clone(),
        )
    };
    let revoke = format!("{path}/revoke-access");
    attach(&mut talk);
    let session = left(&mut talk).0[0]["id"].clone();
    talk.post(
        &revoke,
        json!({ "session_id": session, "preserve_refresh_tokens": true }),
    );
    let (sessions, tokens) = left(&mut talk);
    assert_eq!((sessions.len(), tokens.len()), (1, 2));
    let session = sessions[0]["id"].clone();
    talk.post(&revoke, json!({ "session_id": session }));
    let (sessions, tokens) = left(&mut talk);
    assert_eq!((sessions.len(), tokens.len()), (0, 1));
    assert_ne!(tokens[0]["session_id"], session);
    attach(&mut talk);
    talk.request("POST", &revoke, None);
    let (sessions, tokens) = left(&mut talk);
    assert_eq!((sessions.len(), tokens.len()), (0, 0));
    assert_eq!(
        talk.request("POST", "/users/nobody/revoke-access", None)
            .status,
        202
    );
}

/// Rows 8.1, 8.2 and 8.6.
#[test]
fn authentication_methods_are_made_confirmed_and_shown_masked() {
    let (mut talk, _, path) = with_user();
    let methods = format!("{path}/authentication-methods");
    let answer = talk.post(
        &methods,
        json!({ "type": "phone", "name": "Mine", "phone_number": "+12025550145044" }),
    );
    assert_eq!(answer.status, 201);
    let id = answer.body["id"].as_str().unwrap().to_owned();
    let suffix = id.strip_prefix("phone|").unwrap();
    assert!(
        suffix
            .strip_prefix("dev_")
            .is_some_and(|rest| rest.len() == 16)
    );
    assert_eq!(
        answer.body["authentication_methods"],
        json!([{ "type": "sms", "id": format!("sms|{suffix}") }])
    );
    assert_eq!(answer.body["phone_number"], "XXXXXXXXXXX5044");
    let answer = talk.post(
        &methods,
        json!({ "type": "email", "email": "chuckley@example.com" }),
    );
    assert_eq!(answer.body["email"], "chuc****@exam*******");

    let listed = talk.get(&format!("{methods}?include_totals=true")).body;
    assert_eq!(listed["total"], 2);
    assert_eq!(listed["authenticators"][0]["confirmed"], true);
    let one = talk.get(&format!("{methods}/{}", encode(&id)));
    assert_eq!(one.body, listed["authenticators"][0]);
    assert_eq!(
        talk.post(
            &methods,
            json!({ "type": "phone", "phone_number": "+12025550145044" })
        )
        .status,
        409
    );
    assert_eq!(
        talk.post(&methods, json!({ "type": "totp" })).error().2,
        "Payload validation error: 'Missing required property: totp_secret'."
    );
    let answer = talk.request(
        "PATCH",
        &format!("{methods}/{}", encode(&id)),
        Some(json!({ "name": "Other", "preferred_authentication_method": "voice" })),
    );
    assert_eq!(
        (
            &answer.body["name"],
            &answer.body["preferred_authentication_method"]
        ),
        (&json!("Other"), &json!("voice"))
    );
    assert_eq!(
        talk.delete(&format!("{methods}/{}", encode(&id))).status,
        204
    );
    assert_eq!(talk.get(&format!("{methods}/{}", encode(&id))).status, 404);
    assert_eq!(
        talk.delete(&format!("{methods}/{}", encode(&id))).status,
        404
    );
}

/// Rows 8.2, 8.4 and 8.5.
#[test]
fn setting_authentication_methods_replaces_all_and_answers_in_clear() {
    let (mut talk, _, path) = with_user();
    let methods = format!("{path}/authentication-methods");
    talk.post(
        &methods,
        json!({ "type": "totp", "totp_secret": "JBSWY3DPEHPK3PXP" }),
    );
    let body = json!([
        { "type": "email", "email": "chuckley@example.com", "name": "Mail" },
        { "type": "totp", "totp_secret": "ABCDEFGH" },
    ]);
    let answer = talk.request("PUT", &methods, Some(body));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body[0]["email"], "chuckley@example.com");
    let listed = talk.get(&methods).body;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[0]["email"], "chuc****@exam*******");
    assert!(listed[1].get("totp_secret").is_none());
    for (body, property) in [
        (json!([{ "type": "passkey" }]), "type"),
        (json!([{ "type": "totp", "name": "x".repeat(21) }]), "name"),
        (
            json!([{ "type": "phone", "phone_number": "1" }]),
            "phone_number",
        ),
    ] {
        let answer = talk.request("PUT", &methods, Some(body));
        assert!(
            answer
                .error()
                .2
                .contains(&format!("on property {property}")),
            "{}",
            answer.body
        );
    }
    assert_eq!(talk.request("PUT", &methods, Some(json!({}))).status, 400);

    assert_eq!(talk.delete(&methods).status, 204);
    assert_eq!(talk.get(&methods).body, json!([]));
    talk.post(
        &methods,
        json!({ "type": "passkey", "public_key": "aaaa", "key_id": "k" }),
    );
    assert_eq!(
        talk.delete(&methods).status,
        403,
        "passkeys are not for others to replace"
    );
    assert_eq!(talk.request("PUT", &methods, Some(json!([]))).status, 403);
}

/// Row 8.8.
#[test]
fn enrollments_are_the_factors_among_the_methods() {
    let (mut talk, _, path) = with_user();
    let (methods, enrollments) = (
        format!("{path}/authentication-methods"),
        format!("{path}/enrollments"),
    );
    assert_eq!(talk.get(&enrollments).body, json!([]));
    talk.post(
        &methods,
        json!({ "type": "phone", "phone_number": "+12025550145044" }),
    );
    talk.post(
        &methods,
        json!({ "type": "totp", "totp_secret": "JBSWY3DPEHPK3PXP" }),
    );
    talk.post(
        &methods,
        json!({ "type": "webauthn-roaming", "public_key": "a", "key_id": "b" }),
    );
    let listed = talk.get(&enrollments).body;
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!(
        (&listed[0]["status"], &listed[0]["auth_method"]),
        (&json!("confirmed"), &json!("sms"))
    );
    assert_eq!(
        talk.delete(&format!("{path}/multifactor/google-authenticator"))
            .status,
        204
    );
    assert_eq!(talk.get(&enrollments).body.as_array().unwrap().len(), 2);
    assert_eq!(talk.delete(&format!("{path}/authenticators")).status, 204);
    assert_eq!(
        talk.get(&enrollments).body[0]["auth_method"],
        "webauthn-roaming"
    );
}

/// Row 8.9.
#[test]
fn providers_that_are_not_enrolled_are_deleted_as_readily() {
    let (mut talk, _, path) = with_user();
    assert_eq!(talk.delete(&format!("{path}/multifactor/duo")).status, 204);
    assert_eq!(
        talk.delete(&format!("{path}/multifactor/other")).error(),
        (
            400,
            "invalid_uri",
            "Path validation error: 'No enum match for: other' on property provider."
        )
    );
    assert_eq!(talk.delete("/users/nobody/multifactor/duo").status, 404);
    let path = format!("{path}/multifactor/actions/invalidate-remember-browser");
    assert_eq!(talk.request("POST", &path, None).status, 204);
}

#[test]
fn clearing_risk_assessments_needs_a_connection_and_an_assessor() {
    let (mut talk, _, path) = with_user();
    let path = format!("{path}/risk-assessments/clear");
    let body = json!({ "connection": DATABASE, "assessors": ["new-device"] });
    assert_eq!(talk.post(&path, body).status, 204);
    for body in [
        json!({ "connection": DATABASE, "assessors": [] }),
        json!({ "connection": DATABASE, "assessors": ["other"] }),
        json!({ "connection": "-x", "assessors": ["new-device"] }),
        json!({ "assessors": ["new-device"] }),
    ] {
        assert_eq!(talk.post(&path, body).error().1, "invalid_body");
    }
}

/// Row 12.2.
#[test]
fn logs_come_newest_first_and_reach_1000() {
    let (mut talk, id, path) = with_user();
    for hour in 0..3 {
        let counts = RelatedCounts {
            logs: 400,
            ..RelatedCounts::default()
        };
        talk.tenant.attach(&id, counts, NOW + hour * 3_600_000);
    }
    let logs = format!("{path}/logs");
    let answer = talk.get(&format!("{logs}?include_totals=true&per_page=2"));
    assert_eq!(answer.body["logs"][0]["date"], "2026-01-01T02:00:00.000Z");
    assert_eq!(
        (
            &answer.body["length"],
            &answer.body["total"],
            &answer.body["limit"]
        ),
        (&json!(2), &json!(1000), &json!(2))
    );
    let answer = talk.get(&format!("{logs}?sort=date:1&per_page=1"));
    assert!(answer.body[0]["date"].as_str().unwrap() < "2026-01-01T02");
    assert_eq!(
        talk.get(&format!("{logs}?page=10&per_page=100")).error().1,
        "invalid_paging"
    );
    assert_eq!(talk.get(&format!("{logs}?per_page=101")).status, 400);
}

/// Row 12.3.
#[test]
fn connected_accounts_come_10_at_a_time() {
    let (mut talk, id, path) = with_user();
    let counts = RelatedCounts {
        connected_accounts: 12,
        ..RelatedCounts::default()
    };
    talk.tenant.attach(&id, counts, NOW);
    let accounts = format!("{path}/connected-accounts");
    let (items, requests) = all(&mut talk, &accounts, "", "connected_accounts");
    assert_eq!((items.len(), requests), (12, 2));
    assert!(items[0]["id"].as_str().unwrap().starts_with("cac_"));
    assert_eq!(items[0]["access_type"], "offline");
    let (_, requests) = all(&mut talk, &accounts, "take=50", "connected_accounts");
    assert_eq!(requests, 1);
}

/// Rows 5.14 and 11.1.
#[test]
fn brute_force_blocks_are_apart_from_blocked() {
    let (mut talk, id, path) = with_user();
    talk.tenant
        .block("a@example.com", DATABASE, Some("203.0.113.9"));
    talk.tenant.block("a@example.com", DATABASE, None);
    let blocks = format!("/user-blocks/{}", encode(&id));
    let expected = json!({ "blocked_for": [
        { "identifier": "a@example.com", "ip": "203.0.113.9", "connection": DATABASE },
        { "identifier": "a@example.com", "connection": DATABASE },
    ]});
    assert_eq!(talk.get(&blocks).body, expected);
    assert_eq!(
        talk.get("/user-blocks?identifier=a%40example.com").body,
        expected
    );
    assert!(talk.get(&path).body.get("blocked").is_none());
    talk.patch(&id, json!({ "blocked": false }));
    assert_eq!(
        talk.get(&blocks).body,
        expected,
        "blocked: false does not lift them"
    );
    assert_eq!(talk.delete(&blocks).status, 204);
    assert_eq!(talk.get(&blocks).body, json!({ "blocked_for": [] }));

    talk.tenant.block("a@example.com", DATABASE, None);
    talk.patch(&id, json!({ "password": "Secret-456" }));
    assert_eq!(
        talk.get(&blocks).body,
        json!({ "blocked_for": [] }),
        "a new password does"
    );
    talk.tenant.block("a@example.com", DATABASE, None);
    assert_eq!(
        talk.delete("/user-blocks?identifier=a%40example.com")
            .status,
        204
    );
    assert_eq!(talk.get(&blocks).body, json!({ "blocked_for": [] }));
    assert_eq!(talk.delete("/user-blocks?identifier=nobody").status, 204);
    assert_eq!(talk.get("/user-blocks").status, 400);
}

/// Row 11.2.
#[test]
fn blocks_of_a_protection_that_is_off_are_left_out_on_request() {
    let mut talk = Talk::new(Config {
        users: 0,
        brute_force_protection: false,
        ..Config::default()
    });
    talk.tenant.block("a@example.com", DATABASE, None);
    let count = |talk: &mut Talk, flag: &str| {
        let answer = talk.get(&format!(
            "/user-blocks?identifier=a%40example.com&consider_brute_force_enablement={flag}"
        ));
        answer.body["blocked_for"].as_array().unwrap().len()
    };
    assert_eq!(count(&mut talk, "true"), 0);
    assert_eq!(count(&mut talk, "false"), 1);
}
