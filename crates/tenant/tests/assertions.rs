//! Asking for a token with a signed assertion instead of a secret.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use auth0_users_tenant::{Client, Config};
use common::{NOW, Talk};
use http::Request;
use serde_json::json;

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
/// minutes from the time that the tests start at; the private half was thrown away.
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
/// The same for another audience.
const FOR_ANOTHER: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTc4MCwiaXNzIjoidGVuYW50LWRlbW8tY2x\
pZW50Iiwic3ViIjoidGVuYW50LWRlbW8tY2xpZW50IiwiYXVkIjoiaHR0cHM6Ly9vdGhlci5leGFtcGxlLmNvbS8iLCJqdGk\
iOiJvbmUifQ.AwqKl9-gSxsEkOfS_ZRvmwOEDsw7HbCKx7DsYPuhK9gS-R1P11PbA1qK-eQt-VQYlFQTaNfXhlKeqYmsxePE\
ogE6F1z_uP0KnhWolLe8dmb4WAei0cyY65Rg_IVacC1NTzBW-Ty2BPdtLAcJfljr1Dp0mGSmLFIKXHZuvd399NfLYf_kRIlK\
DZRn8-8Ls6QjnbkHwxhqsMnj82ThhyhfilGhPIOSFKQTN3EasaE5h2dppXq_qMM5gvOtwzjI2wejFiNLFn4MB_RVpuPHEkd1\
-tNKydJQauJ0HKPRRI4sWQ2379lwaIlrwipbZ_f4ii-4diUOx-2CYZ-TGtt45WkHYQ";

fn ask(talk: &mut Talk, assertion: &str) -> u16 {
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
    talk.send(&request).status
}

fn with_key() -> Talk {
    Talk::new(Config {
        clients: vec![Client {
            secret: String::new(),
            public_key_pem: Some(KEY.into()),
            ..Client::demo()
        }],
        ..Config::default()
    })
}

#[test]
fn a_signature_that_verifies_gets_a_token() {
    let mut talk = with_key();
    for assertion in [RS256, RS384, PS256] {
        assert_eq!(ask(&mut talk, assertion), 200);
    }
    talk.now = NOW + 180_000;
    assert_eq!(ask(&mut talk, RS256), 401, "it has expired");
}

#[test]
fn anything_else_gets_none() {
    let mut talk = with_key();
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
        assert_eq!(ask(&mut talk, assertion), 401);
    }
    let mut without_key = Talk::new(Config::default());
    assert_eq!(ask(&mut without_key, RS256), 401);
}

#[test]
fn an_empty_secret_lets_nobody_in() {
    let mut talk = with_key();
    let body = "grant_type=client_credentials&client_id=tenant-demo-client&client_secret=\
                &audience=https://tenant.example.com/api/v2/";
    let request = Request::post("/oauth/token").body(body.into()).unwrap();
    assert_eq!(talk.send(&request).status, 401);
}
