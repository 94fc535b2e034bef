//! Bearer tokens, their scopes, and the client credentials grant.

use auth0_users_tenant::{Client, Config, Token};
use http::Request;
use serde_json::json;

use crate::client::{DATABASE, NOW, TOKEN, TestClient};

const KEY: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA6RrljzZZE1OCXxydXFJJ
l6qiU5Se+dCT2ecm7mj/K+1ktP89eQpuJ1ak4LwcTHEqJbIDbomu+XLJgSsM8njo
/7A32Rx1n+Dk0jSiDayimI0dWHp+6dsegrEzYsZCEY7aRspf1iBS5sHnXic2P2V3
O00MZ4l2eHkOkgGHuvUcwa3wlgEiWIPIHrNjal08rEjqDIKRcdWx1+ioFH5FSlqt
AHXPQZJ/Il+8V4z+fQ2wQPdrXHs1EgcUEN7MOh6pUTMs7XSuPwuiqjFfHlxj0Yvw
5SG5sa4thtN24+nnXS1gh/FOGIAZX5/SMHWfnLT38GiMIFVnl1oxnb/XHYwytKdk
+wIDAQAB
-----END PUBLIC KEY-----
";

/// Signed with the private half of the key for the demo client and `https://tenant.example.com/`, good for three
/// minutes from `NOW`. The private key no longer exists.
const RS256: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTc4MCwiaXNzIjoidGVuYW50LWRlbW8tY2x\
pZW50Iiwic3ViIjoidGVuYW50LWRlbW8tY2xpZW50IiwiYXVkIjoiaHR0cHM6Ly90ZW5hbnQuZXhhbXBsZS5jb20vIiwianR\
pIjoib25lIn0.WFACS_Pamn8bG_P1Gzxr4RndBrGyXB-nyJg1mJ-Of9-OEapoUn3XvlNrPwwt1Yf-i4O4_G7pq3g0ddkjTLC\
-1YfRsV9KLqlM3V-LdOWv4h_ZhRW5BmZCkMgrGQ_a48Dat5Sn9rv9H8fD8Z0QdMlZPNi4TieGfi-GWntCRWWwoe4krT-m4nt\
0lMgzJbdGeaNaLlVGmDY6smEglL7Hb-ICSgVPzsPRx7wbGHMsVnMWEU5WNTae8d5DL-QshVCfqlpMw634dkDkMCCw2OalBMT\
V79Tx7bfcjvj6i6gD13XSfjh2HkOPu9FiFAt9C1s9hQ1Xt8rVJrTTEMN9ssiGnGuj4A";

const RS384: &str = "eyJhbGciOiJSUzM4NCJ9.eyJpYXQiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTc4MCwiaXNzIjoidGVuYW50LWRlbW8tY2x\
pZW50Iiwic3ViIjoidGVuYW50LWRlbW8tY2xpZW50IiwiYXVkIjoiaHR0cHM6Ly90ZW5hbnQuZXhhbXBsZS5jb20vIiwianR\
pIjoib25lIn0.gUIsL_zunsAU69LXJFjL_w3fFYTOtDkdBMn93wf0Zsab4d00iUY7Pi464seEa8AqeZ-2pASzbjoQBivAQX6\
6yy8M2r1tOUEYlilw_ddxbzr2MoXbuBYZ__aHOw-EpTY0KHvpa2dT42TqcCnS8e6Aa9PwQvDJnKTT0U2dYUO4k2CNeGxigXa\
Dwq27JcFF3L5rzd7jk_DcyH3OdyxwI0I_g3Xk3Y21p2alV2Wz_sAc1TPibYkfXT6Ec0W4qCFPOPO6te4z7Q74IRwz_rcm4iq\
susXb7IWMDFfZyNxvmNTk6Oj2YAloC14EeCBJL-Q7AAzrnjPpnP0t_4L1fhq_RKT2wQ";

const PS256: &str = "eyJhbGciOiJQUzI1NiJ9.eyJpYXQiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTc4MCwiaXNzIjoidGVuYW50LWRlbW8tY2x\
pZW50Iiwic3ViIjoidGVuYW50LWRlbW8tY2xpZW50IiwiYXVkIjoiaHR0cHM6Ly90ZW5hbnQuZXhhbXBsZS5jb20vIiwianR\
pIjoib25lIn0.jlw9Tgg6YASIXFl7gpFDCO04lIsrBB_h_2ME1ks1wUdPwaLqJd3OnieiyeEhwh2KM74qhdShAsK8ydLNNJW\
zPV6JlOUyEvyPU1Bf1Ng0-qNTWY4R5GxvH6fK2u9d1A6j6KU_x39DCdXKpDMHYKOadxZsJopaMKgs58TjS6Q993dUIgSbNhX\
lI4P4SynudZfaHqeU3fyLi9eTIYRCTSAnElTmkzCgpZH3HtndgqwtcdcJCvf2FrmOtFfO_RSTdlB2xJDBYvgWm4sn6wlJRPT\
xe9ZWqsH3yTxCmYjnmiRqE11I-yWvZFnF4sO7N4TBJOhs2rOCEmZ6KFqX0vXc0dThQA";

/// The same with another audience.
const FOR_ANOTHER: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTc4MCwiaXNzIjoidGVuYW50LWRlbW8tY2x\
pZW50Iiwic3ViIjoidGVuYW50LWRlbW8tY2xpZW50IiwiYXVkIjoiaHR0cHM6Ly9vdGhlci5leGFtcGxlLmNvbS8iLCJqdGk\
iOiJvbmUifQ.AwqKl9-gSxsEkOfS_ZRvmwOEDsw7HbCKx7DsYPuhK9gS-R1P11PbA1qK-eQt-VQYlFQTaNfXhlKeqYmsxePE\
ogE6F1z_uP0KnhWolLe8dmb4WAei0cyY65Rg_IVacC1NTzBW-Ty2BPdtLAcJfljr1Dp0mGSmLFIKXHZuvd399NfLYf_kRIlK\
DZRn8-8Ls6QjnbkHwxhqsMnj82ThhyhfilGhPIOSFKQTN3EasaE5h2dppXq_qMM5gvOtwzjI2wejFiNLFn4MB_RVpuPHEkd1\
-tNKydJQauJ0HKPRRI4sWQ2379lwaIlrwipbZ_f4ii-4diUOx-2CYZ-TGtt45WkHYQ";

fn with_authorization(value: Option<&str>) -> Request<Vec<u8>> {
    let mut request = Request::get("/api/v2/users");
    if let Some(value) = value {
        request = request.header("authorization", value);
    }
    request.body(Vec::new()).unwrap()
}

/// Rows 1.4 and 1.7.
#[test]
fn a_request_requires_a_bearer_token() {
    let mut client = TestClient::empty();
    let answer = client.send(&with_authorization(None));
    assert_eq!(
        answer.body,
        json!({ "statusCode": 401, "error": "Unauthorized", "message": "Missing authentication" })
    );
    let answer = client.send(&with_authorization(Some("Basic abc")));
    assert_eq!(answer.error().1, "Bearer");
    for (token, message) in [
        ("Bearer nonsense", "Invalid token"),
        (
            "Bearer a.b.c",
            "Invalid signature received for JSON Web Token validation",
        ),
    ] {
        let answer = client.send(&with_authorization(Some(token)));
        assert_eq!(answer.error(), (401, "", message));
        assert_eq!(answer.body["attributes"]["error"], message);
    }
}

/// Row 1.7.
#[test]
fn a_token_expires() {
    let mut client = TestClient::new(Config {
        tokens: vec![Token {
            expires_at_ms: Some(NOW + 10),
            ..Token::with_all_scopes("short")
        }],
        ..Config::default()
    });
    client.token = "short".into();
    assert_eq!(client.get("/users").status, 200);
    client.now += 10;
    assert_eq!(
        client.get("/users").error(),
        (
            401,
            "",
            "Expired token received for JSON Web Token validation"
        )
    );
}

fn with_scopes(scopes: &[&str], subject: Option<&str>) -> TestClient {
    let mut client = TestClient::new(Config {
        tokens: vec![
            Token::with_all_scopes(TOKEN),
            Token {
                scopes: Some(scopes.iter().map(|scope| scope.to_string()).collect()),
                subject: subject.map(str::to_owned),
                ..Token::with_all_scopes("limited")
            },
        ],
        ..Config::default()
    });
    client.token = "limited".into();
    client
}

/// Row 1.8.
#[test]
fn a_refusal_names_the_missing_scope() {
    let mut client = with_scopes(&["read:clients"], None);
    assert_eq!(
        client.get("/users").body,
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
fn the_token_of_a_user_permits_access_to_this_user() {
    let mut client = with_scopes(
        &["read:current_user", "update:current_user_metadata"],
        Some("auth0|me"),
    );
    client.token = TOKEN.into();
    client.create(json!({
        "connection": DATABASE, "email": "me@example.com", "password": "Secret-123", "user_id": "me",
    }));
    let other = client.seeded(DATABASE);
    client.token = "limited".into();
    assert_eq!(client.user("auth0|me").status, 200);
    assert_eq!(client.user(&other).error().1, "unowned_resource");
    assert_eq!(client.get("/users").error().1, "insufficient_scope");
    let answer = client.patch("auth0|me", json!({ "user_metadata": { "a": 1 } }));
    assert_eq!(answer.status, 200);
    for body in [
        json!({ "password": "Secret-456" }),
        json!({ "app_metadata": {} }),
    ] {
        assert_eq!(
            client.patch("auth0|me", body).error().1,
            "insufficient_scope"
        );
    }
}

/// Row 3.14.
#[test]
fn tokens_of_identity_providers_require_their_own_scope() {
    let mut client = with_scopes(&["read:users"], None);
    let id = client.seeded("google-oauth2");
    let identity = client.user(&id).body["identities"][0].clone();
    assert!(identity.get("access_token").is_none());
    client.token = TOKEN.into();
    let identity = client.user(&id).body["identities"][0].clone();
    assert!(identity["access_token"].is_string());
}

/// Row 1.1.
#[test]
fn client_credentials_are_exchanged_for_a_token() {
    let mut client = TestClient::new(Config::default());
    let ask = |body: &str, kind: &str| {
        Request::post("/oauth/token")
            .header("content-type", kind)
            .body(body.as_bytes().to_vec())
            .unwrap()
    };
    let form = "grant_type=client_credentials&client_id=tenant-demo-client&client_secret=tenant-demo-secret\
                &audience=https%3A%2F%2Ftenant.example.com%2Fapi%2Fv2%2F";
    let answer = client.send(&ask(form, "application/x-www-form-urlencoded"));
    assert_eq!(
        (answer.status, &answer.body["expires_in"]),
        (200, &json!(86_400))
    );
    assert_eq!(answer.body["token_type"], "Bearer");
    client.token = answer.body["access_token"].as_str().unwrap().into();
    assert_eq!(client.get("/users").status, 200);
    client.now += 86_400_000;
    assert_eq!(client.get("/users").status, 401);

    let body = json!({
        "grant_type": "client_credentials", "client_id": "tenant-demo-client", "client_secret": "tenant-demo-secret",
        "audience": "https://tenant.example.com/api/v2/", "scope": "read:users",
    });
    let answer = client.send(&ask(&body.to_string(), "application/json"));
    assert_eq!(answer.body["scope"], "read:users");
    let mut wrong = body;
    wrong["client_secret"] = "guess".into();
    let answer = client.send(&ask(&wrong.to_string(), "application/json"));
    assert_eq!(
        (answer.status, &answer.body["error"]),
        (401, &json!("access_denied"))
    );
}

fn request_token(client: &mut TestClient, assertion: &str) -> u16 {
    let body = json!({
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
        "audience": "https://tenant.example.com/api/v2/",
    });
    let request = Request::post("/oauth/token")
        .header("content-type", "application/json")
        .body(body.to_string().into_bytes())
        .unwrap();
    client.send(&request).status
}

fn with_key() -> TestClient {
    TestClient::new(Config {
        clients: vec![Client {
            secret: String::new(),
            public_key_pem: Some(KEY.into()),
            ..Client::demo()
        }],
        ..Config::default()
    })
}

#[test]
fn an_assertion_with_a_valid_signature_gets_a_token() {
    let mut client = with_key();
    for assertion in [RS256, RS384, PS256] {
        assert_eq!(request_token(&mut client, assertion), 200);
    }
    client.now = NOW + 180_000;
    assert_eq!(request_token(&mut client, RS256), 401, "it has expired");
}

#[test]
fn an_invalid_assertion_is_refused() {
    let mut client = with_key();
    let (signed, _) = RS256.rsplit_once('.').unwrap();
    let (_, other) = RS384.rsplit_once('.').unwrap();
    let unsigned = signed.replacen("eyJhbGciOiJSUzI1NiJ9", "eyJhbGciOiJub25lIn0", 1);
    for assertion in [
        FOR_ANOTHER,
        &format!("{signed}.{other}"),
        &format!("{unsigned}."),
        "a.b.c",
        "",
    ] {
        assert_eq!(request_token(&mut client, assertion), 401);
    }
    let mut without_key = TestClient::new(Config::default());
    assert_eq!(request_token(&mut without_key, RS256), 401);
}

#[test]
fn an_empty_secret_is_refused() {
    let mut client = with_key();
    let body = "grant_type=client_credentials&client_id=tenant-demo-client&client_secret=\
                &audience=https://tenant.example.com/api/v2/";
    let request = Request::post("/oauth/token").body(body.into()).unwrap();
    assert_eq!(client.send(&request).status, 401);
}
