//! Random parts of requests.

use std::io::Write;

use auth0_users_tenant::OPERATIONS;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{TOKEN, encode};

/// Texts with a meaning in some place, so that requests pass the first checks.
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

pub fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    prop::collection::vec(word, 0..6).prop_map(|words| words.concat())
}

pub fn path() -> impl Strategy<Value = String> {
    let known = (prop::sample::select(OPERATIONS), text()).prop_map(|(operation, id)| {
        let mut path = String::from("/api/v2");
        for part in operation.path.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                path.push_str(&encode(&id));
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

pub fn query() -> impl Strategy<Value = String> {
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
    let pair = (name, text()).prop_map(|(name, value)| format!("{name}={}", encode(&value)));
    prop::collection::vec(pair, 0..3).prop_map(|pairs| pairs.join("&"))
}

pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
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
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Generates a token of three parts, of which the first two can be JSON.
fn jwt() -> impl Strategy<Value = String> {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let header = prop_oneof![
        Just(json!({ "alg": "RS256" })),
        Just(json!({ "alg": "none" })),
        value()
    ];
    let claims = prop_oneof![
        Just(json!({
            "iss": "tenant-demo-client", "sub": "tenant-demo-client", "exp": 9_999_999_999_u64,
            "aud": "https://tenant.example.com/",
        })),
        text().prop_map(|id| json!({ "sub": id })),
        value(),
    ];
    let signature = prop::collection::vec(any::<u8>(), 0..300);
    (header, claims, signature, text()).prop_map(move |(header, claims, signature, rest)| {
        let parts = [
            header.to_string().into_bytes(),
            claims.to_string().into_bytes(),
            signature,
        ];
        let parts: Vec<_> = parts.iter().map(|part| encode(part)).collect();
        format!(
            "{}{}",
            parts.join("."),
            if rest.len() > 20 { rest } else { String::new() }
        )
    })
}

/// Generates a form with a file, which is often valid.
fn multipart() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        3 => prop::sample::select(&["users", "connection_id", "upsert", "external_id"][..]).prop_map(str::to_owned),
        1 => text(),
    ];
    let content = prop_oneof![
        prop::collection::vec(value(), 0..4)
            .prop_map(|users| Value::Array(users).to_string().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..40),
        Just(b"con_0000000000000000".to_vec()),
    ];
    let end =
        prop::sample::select(&["\r\n--x--\r\n", "\r\n--x--", "\r\n--x", "", "\r\n--x\r\n"][..]);
    (prop::collection::vec((name, content), 0..5), end).prop_map(|(parts, end)| {
        let mut body = Vec::new();
        for (name, content) in parts {
            let head = format!(
                "\r\n--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend(content);
        }
        body.extend(end.bytes());
        body
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = || value().prop_map(|value| value.to_string().into_bytes());
    let form = prop::collection::vec((text(), text()), 0..4).prop_map(|pairs| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&").into_bytes()
    });
    let assertion = jwt().prop_map(|jwt| {
        json!({
            "grant_type": "client_credentials", "audience": "https://x/api/v2/", "client_assertion": jwt,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        })
    });
    let link = jwt().prop_map(|jwt| json!({ "link_with": jwt }));
    prop_oneof![
        4 => json(),
        1 => prop_oneof![assertion, link].prop_map(|body| body.to_string().into_bytes()),
        2 => multipart(),
        1 => form,
        1 => json().prop_map(|body| gzip(&body)),
        1 => prop::collection::vec(any::<u8>(), 0..64),
        1 => Just(Vec::new()),
    ]
}

pub fn headers() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let authorization = prop_oneof![
        9 => Just(format!("Bearer {TOKEN}")),
        1 => jwt().prop_map(|jwt| format!("Bearer {jwt}")),
        1 => text(),
    ];
    let kind = prop::sample::select(
        &[
            "application/json",
            "application/json; charset=latin1",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data",
            "text/plain",
            ";",
        ][..],
    );
    let name = prop::sample::select(
        &[
            "origin",
            "access-control-request-headers",
            "access-control-request-method",
            "x-correlation-id",
            "auth0-custom-domain",
            "content-encoding",
            "accept",
            "cookie",
            "x",
        ][..],
    );
    let more = (
        name,
        prop_oneof![
            text().prop_map(String::into_bytes),
            Just(b"gzip".to_vec()),
            prop::collection::vec(any::<u8>(), 0..9)
        ],
    );
    (authorization, kind, prop::collection::vec(more, 0..3)).prop_map(
        |(authorization, kind, mut more)| {
            more.push(("authorization", authorization.into_bytes()));
            more.push(("content-type", kind.as_bytes().to_vec()));
            more
        },
    )
}

/// Generates the name of a control endpoint, with a body that it can accept.
pub fn control() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let number = prop_oneof![
        Just(json!(0)),
        Just(json!(1)),
        Just(json!(0.5)),
        Just(json!(u64::MAX)),
        Just(json!(-1)),
        Just(Value::Null)
    ];
    let numbers = |names: &'static [&'static str]| {
        prop::collection::vec((prop::sample::select(names), number.clone()), 0..4).prop_map(
            |pairs| {
                let pairs = pairs
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(pairs.collect())
            },
        )
    };
    let user = numbers(&[
        "email",
        "user_id",
        "created_at",
        "logins_count",
        "connection",
        "identities",
        "roles",
    ]);
    prop_oneof![
        numbers(&[
            "times",
            "status",
            "reset",
            "stall",
            "truncate",
            "after_commit"
        ])
        .prop_map(|body| ("fail-next", body)),
        numbers(&["rate", "after_commit", "seed", "kinds"]).prop_map(|body| ("faults", body)),
        numbers(&["burst", "per_second"]).prop_map(|body| ("rate", body)),
        numbers(&["ms"]).prop_map(|body| ("latency", body)),
        numbers(&["advance_ms"]).prop_map(|body| ("clock", body)),
        user.prop_map(|body| ("users", body)),
        value().prop_map(|body| ("users", body)),
        (
            prop::sample::select(
                &[
                    "token",
                    "block",
                    "attach",
                    "connections",
                    "roles",
                    "organizations",
                    "restore",
                    "reset"
                ][..]
            ),
            value()
        ),
    ]
    .prop_map(|(name, body)| (name, body.to_string().into_bytes()))
}

pub fn option_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        &[
            "users",
            "seed",
            "origin",
            "tokens",
            "clients",
            "rate",
            "write_rate",
            "search_cap",
            "search_engines",
            "job_ms",
            "faults",
            "journal",
        ][..],
    )
}

/// Generates the line of a change in a file.
pub fn change() -> impl Strategy<Value = Vec<u8>> {
    let method = prop::sample::select(&["GET", "POST", "PATCH", "DELETE", "\n"][..]);
    (method, path(), value(), text(), any::<u64>()).prop_map(|(method, path, body, ids, now)| {
        let body = BASE64_STANDARD_NO_PAD.encode(body.to_string());
        let change = json!({ "request": {
            "now": now, "ids": { "rng": ids.len().to_string() }, "method": method, "uri": path,
            "content_type": "application/json", "custom_domain": null, "body": body,
        } });
        change.to_string().into_bytes()
    })
}

/// Generates a query, which is often valid.
pub fn query_text() -> impl Strategy<Value = String> {
    let field = prop::sample::select(
        &[
            "name",
            "email",
            "created_at",
            "logins_count",
            "blocked",
            "email.domain",
            "user_metadata.a",
            "app_metadata.plan",
            "_exists_",
            "identities.connection",
            "user_id",
        ][..],
    );
    let term = prop_oneof![
        Just("a*".to_owned()),
        Just("\"a b\"".to_owned()),
        Just("[a TO b]".to_owned()),
        Just("{2020 TO *]".to_owned()),
        Just("*".to_owned()),
        Just(">5".to_owned()),
        Just("2024-01".to_owned()),
        Just("true".to_owned()),
        text(),
    ];
    let leaf = (prop::option::of(field), term).prop_map(|(field, term)| match field {
        Some(field) => format!("{field}:{term}"),
        None => term,
    });
    leaf.prop_recursive(4, 24, 3, |inner| {
        let joined = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            (joined, prop::sample::select(&[" AND ", " OR ", " "][..]))
                .prop_map(|(parts, with)| parts.join(with)),
            inner.clone().prop_map(|inner| format!("({inner})")),
            inner.clone().prop_map(|inner| format!("NOT {inner}")),
            inner.prop_map(|inner| format!("-{inner}")),
        ]
    })
}
