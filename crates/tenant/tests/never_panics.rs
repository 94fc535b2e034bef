//! No request, however malformed, makes a tenant panic or leaves an answer that is not one of the API.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, missing_docs)]

mod common;

use auth0_users_tenant::{Config, OPERATIONS};
use common::{NOW, TOKEN, Talk};
use http::Request;
use proptest::prelude::*;

/// Pieces that mean something somewhere, so that random requests get past the first check.
const WORDS: &[&str] = &[
    "auth0|",
    "auth0%7Cx",
    "%",
    "%ff",
    "..",
    "a:b",
    "\"",
    "*",
    "[1 TO 2]",
    "{\"connection\":\"sms\"}",
    "null",
    "[]",
    "{}",
    "-1",
    "18446744073709551616",
    "name:",
    "(",
    ")",
    " AND ",
    "NOT ",
    "_exists_:",
    "user_metadata.",
    "created_at:",
    "é",
    "👩‍🚀",
    "\u{0}",
    "true",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    prop::collection::vec(word, 0..6).prop_map(|words| words.concat())
}

fn path() -> impl Strategy<Value = String> {
    let known = (prop::sample::select(OPERATIONS), text()).prop_map(|(operation, id)| {
        let mut path = String::from("/api/v2");
        for part in operation.path.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                path.push_str(&common::encode(&id));
            } else {
                path.push_str(part);
            }
        }
        path
    });
    prop_oneof![
        4 => known,
        1 => text().prop_map(|text| format!("/api/v2/{text}")),
        1 => text().prop_map(|text| format!("/__tenant/{text}")),
        1 => Just("/oauth/token".to_owned()),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("q"),
        Just("page"),
        Just("per_page"),
        Just("sort"),
        Just("fields"),
        Just("email"),
        Just("take"),
        Just("from"),
        Just("search_engine"),
        Just("x"),
    ];
    let pair =
        (name, text()).prop_map(|(name, value)| format!("{name}={}", common::encode(&value)));
    prop::collection::vec(pair, 0..3).prop_map(|pairs| pairs.join("&"))
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let name = prop_oneof![
            prop::sample::select(
                &[
                    "connection",
                    "email",
                    "user_metadata",
                    "app_metadata",
                    "password",
                    "user_id",
                    "blocked",
                    "roles",
                    "permissions",
                    "provider",
                    "link_with",
                    "type",
                    "name",
                    "phone_number",
                    "identity",
                    "fields",
                ][..]
            )
            .prop_map(str::to_owned),
            text(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(name, inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => value().prop_map(|value| value.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
        1 => Just(Vec::new()),
    ]
}

proptest! {
    #[test]
    fn whatever_is_sent(
        requests in prop::collection::vec(
            (
                prop::sample::select(&["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"][..]),
                path(),
                query(),
                body(),
                prop_oneof![
                    Just("application/json"), Just("application/x-www-form-urlencoded"),
                    Just("multipart/form-data; boundary=x"), Just("multipart/form-data"), Just("text/plain"),
                ],
                prop_oneof![9 => Just(TOKEN), 1 => Just("other")],
                any::<u32>(),
            ),
            1..6,
        ),
    ) {
        let mut talk = Talk::new(Config { users: 12, ..Config::default() });
        for (method, path, query, body, kind, token, later) in requests {
            let request = Request::builder()
                .method(method)
                .uri(format!("{path}?{query}"))
                .header("content-type", kind)
                .header("authorization", format!("Bearer {token}"))
                .body(body);
            // What is no URI cannot arrive either.
            let Ok(request) = request else { continue };
            let response = talk.tenant.handle(&request, NOW + u64::from(later));
            let status = response.status().as_u16();
            prop_assert!((200..500).contains(&status), "{method} {path} gave {status}");
            if path.starts_with("/api/v2/") && status >= 400 {
                let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
                prop_assert_eq!(&body["statusCode"], status);
                prop_assert!(body["message"].is_string());
            }
        }
    }

    #[test]
    fn whatever_is_searched(q in text()) {
        let mut talk = Talk::new(Config { users: 12, ..Config::default() });
        let status = talk.search(&q).status;
        prop_assert!(status == 200 || status == 400);
    }
}
