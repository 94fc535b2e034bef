//! Authentication methods, enrollments and recovery codes.

use auth0_users_tenant::Config;
use serde_json::json;

use crate::client::{DATABASE, TestClient, encode, with_user};

/// Rows 8.1, 8.2 and 8.6.
#[test]
fn methods_are_created_confirmed_and_shown_masked() {
    let (mut client, _, path) = with_user();
    let methods = format!("{path}/authentication-methods");
    let answer = client.post(
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
    let answer = client.post(
        &methods,
        json!({ "type": "email", "email": "chuckley@example.com" }),
    );
    assert_eq!(answer.body["email"], "chuc****@exam*******");

    let listed = client.get(&format!("{methods}?include_totals=true")).body;
    assert_eq!(listed["total"], 2);
    assert_eq!(listed["authenticators"][0]["confirmed"], true);
    let one = client.get(&format!("{methods}/{}", encode(&id)));
    assert_eq!(one.body, listed["authenticators"][0]);
    assert_eq!(
        client
            .post(
                &methods,
                json!({ "type": "phone", "phone_number": "+12025550145044" })
            )
            .status,
        409
    );
    assert_eq!(
        client.post(&methods, json!({ "type": "totp" })).error().2,
        "Payload validation error: 'Missing required property: totp_secret'."
    );
    let answer = client.request(
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
        client.delete(&format!("{methods}/{}", encode(&id))).status,
        204
    );
    assert_eq!(
        client.get(&format!("{methods}/{}", encode(&id))).status,
        404
    );
    assert_eq!(
        client.delete(&format!("{methods}/{}", encode(&id))).status,
        404
    );
}

/// Rows 8.2, 8.4 and 8.5.
#[test]
fn setting_methods_replaces_all_and_does_not_mask_the_response() {
    let (mut client, _, path) = with_user();
    let methods = format!("{path}/authentication-methods");
    client.post(
        &methods,
        json!({ "type": "totp", "totp_secret": "JBSWY3DPEHPK3PXP" }),
    );
    let body = json!([
        { "type": "email", "email": "chuckley@example.com", "name": "Mail" },
        { "type": "totp", "totp_secret": "ABCDEFGH" },
    ]);
    let answer = client.request("PUT", &methods, Some(body));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body[0]["email"], "chuckley@example.com");
    let listed = client.get(&methods).body;
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
        let answer = client.request("PUT", &methods, Some(body));
        assert!(
            answer
                .error()
                .2
                .contains(&format!("on property {property}")),
            "{}",
            answer.body
        );
    }
    assert_eq!(client.request("PUT", &methods, Some(json!({}))).status, 400);

    assert_eq!(client.delete(&methods).status, 204);
    assert_eq!(client.get(&methods).body, json!([]));
    client.post(
        &methods,
        json!({ "type": "passkey", "public_key": "aaaa", "key_id": "k" }),
    );
    assert_eq!(
        client.delete(&methods).status,
        403,
        "passkeys are not for others to replace"
    );
    assert_eq!(client.request("PUT", &methods, Some(json!([]))).status, 403);
}

/// Rows 8.3 and 8.10.
#[test]
fn deleting_authenticators_does_not_delete_keys_and_passkeys() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    for method in [
        json!({ "type": "totp", "totp_secret": "x" }),
        json!({ "type": "email", "email": "a@example.com" }),
        json!({ "type": "phone", "phone_number": "+12025550100" }),
        json!({ "type": "webauthn-roaming", "public_key": "k", "key_id": "i" }),
        json!({ "type": "passkey", "public_key": "k", "key_id": "j" }),
    ] {
        let answer = client.post(&format!("{path}/authentication-methods"), method);
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    let list = |client: &mut TestClient| {
        client
            .get(&format!(
                "{path}/authentication-methods?include_totals=true"
            ))
            .body
    };
    assert_eq!(
        list(&mut client)["authenticators"]
            .as_array()
            .unwrap()
            .len(),
        5
    );
    assert_eq!(client.delete(&format!("{path}/authenticators")).status, 204);
    let left = list(&mut client);
    let types: Vec<_> = left["authenticators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| &own["type"])
        .collect();
    assert_eq!(types, ["webauthn-roaming", "passkey"]);
}

/// Row 8.8.
#[test]
fn enrollments_are_the_methods_that_are_factors() {
    let (mut client, _, path) = with_user();
    let (methods, enrollments) = (
        format!("{path}/authentication-methods"),
        format!("{path}/enrollments"),
    );
    assert_eq!(client.get(&enrollments).body, json!([]));
    client.post(
        &methods,
        json!({ "type": "phone", "phone_number": "+12025550145044" }),
    );
    client.post(
        &methods,
        json!({ "type": "totp", "totp_secret": "JBSWY3DPEHPK3PXP" }),
    );
    client.post(
        &methods,
        json!({ "type": "webauthn-roaming", "public_key": "a", "key_id": "b" }),
    );
    let listed = client.get(&enrollments).body;
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!(
        (&listed[0]["status"], &listed[0]["auth_method"]),
        (&json!("confirmed"), &json!("sms"))
    );
    assert_eq!(
        client
            .delete(&format!("{path}/multifactor/google-authenticator"))
            .status,
        204
    );
    assert_eq!(client.get(&enrollments).body.as_array().unwrap().len(), 2);
    assert_eq!(client.delete(&format!("{path}/authenticators")).status, 204);
    assert_eq!(
        client.get(&enrollments).body[0]["auth_method"],
        "webauthn-roaming"
    );
}

/// Row 8.9.
#[test]
fn deleting_a_provider_without_an_enrollment_is_204() {
    let (mut client, _, path) = with_user();
    assert_eq!(
        client.delete(&format!("{path}/multifactor/duo")).status,
        204
    );
    assert_eq!(
        client.delete(&format!("{path}/multifactor/other")).error(),
        (
            400,
            "invalid_uri",
            "Path validation error: 'No enum match for: other' on property provider."
        )
    );
    assert_eq!(client.delete("/users/nobody/multifactor/duo").status, 404);
    let path = format!("{path}/multifactor/actions/invalidate-remember-browser");
    assert_eq!(client.request("POST", &path, None).status, 204);
}

#[test]
fn clearing_risk_assessments_requires_a_connection_and_an_assessor() {
    let (mut client, _, path) = with_user();
    let path = format!("{path}/risk-assessments/clear");
    let body = json!({ "connection": DATABASE, "assessors": ["new-device"] });
    assert_eq!(client.post(&path, body).status, 204);
    for body in [
        json!({ "connection": DATABASE, "assessors": [] }),
        json!({ "connection": DATABASE, "assessors": ["other"] }),
        json!({ "connection": "-x", "assessors": ["new-device"] }),
        json!({ "assessors": ["new-device"] }),
    ] {
        assert_eq!(client.post(&path, body).error().1, "invalid_body");
    }
}

/// Row 8.7.
#[test]
fn a_recovery_code_has_24_upper_case_alphanumerics() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let path = format!("/users/{}/recovery-code-regeneration", encode(&id));
    let mut code = || {
        let answer = client.request("POST", &path, None);
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
fn a_recovery_code_can_require_an_enrollment() {
    let mut client = TestClient::new(Config {
        recovery_code_without_enrollment: false,
        ..Config::default()
    });
    let regenerate = |id: &str| format!("/users/{}/recovery-code-regeneration", encode(id));
    let id = client.database_user("a@example.com");
    assert_eq!(client.request("POST", &regenerate(&id), None).status, 404);
    let found = client.search("multifactor:google-authenticator");
    let id = found.body[0]["user_id"].as_str().unwrap().to_owned();
    assert_eq!(client.request("POST", &regenerate(&id), None).status, 200);
}
