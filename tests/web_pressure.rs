//! What the typed client does when something goes wrong, in WebAssembly: in Node.js and in Chromium.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails has to say where"
)]

mod tenant;

use auth0_users::types::{CreateUser, ListUsers, UpdateUser};
use auth0_users::{CallOptions, Client, Code, Error, Failure};
use js_sys::{Array, Function, JSON, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::tenant::client;

/// A client whose requests are answered by this body of a JavaScript function of `url` and `init`.
fn answered(body: &str) -> auth0_users::ClientBuilder {
    Client::builder()
        .base_url("https://tenant.example/api/v2")
        .token("token")
        .fetch(Function::new_with_args("url, init", body))
}

fn failure<T: std::fmt::Debug>(result: Result<T, Error>) -> Failure {
    match result {
        Err(Error::Failed(failure)) => *failure,
        other => panic!("{other:?}"),
    }
}

const NEVER: &str = "return new Promise((_, reject) =>
    init.signal.addEventListener('abort', () => reject(init.signal.reason)))";

#[wasm_bindgen_test]
async fn write_has_unknown_outcome_after_deadline() {
    let soon = CallOptions::new().deadline_in_seconds(0.05);
    let client = answered(NEVER).options(soon).build().expect("a client");
    let users = client.users();
    assert_eq!(failure(users.get("x").await).code, Code::Deadline);
    let changes = UpdateUser::default();
    let failure = failure(users.update("x", &changes).await);
    assert_eq!(failure.code, Code::OutcomeUnknown);
    assert_eq!(failure.status, None);
}

#[wasm_bindgen_test]
async fn write_with_foreign_response_has_unknown_outcome() {
    let client = answered("return Promise.resolve(new Response('{}', { status: 500 }))");
    let client = client.build().expect("a client");
    let user = CreateUser::default();
    let failure = failure(client.users().create(&user).await);
    assert_eq!(failure.code, Code::OutcomeUnknown);
    assert_eq!(failure.status, Some(500));
    assert_eq!(failure.attempts, 1);
}

#[wasm_bindgen_test]
async fn observers_and_rate_limit_report_calls() -> Result<(), Error> {
    let events = Array::new();
    let push = Function::new_with_args("events", "return (event) => events.push(event)");
    let observer: Function = push
        .call1(&JsValue::UNDEFINED, &events)
        .map_err(Error::Caller)?
        .into();
    let headers = "{ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '7' }";
    let body = format!(
        "return Promise.resolve(new Response('{{\"user_id\":\"x\"}}', {{ headers: {headers} }}))"
    );
    let client = answered(&body)
        .observer("onRequest", &observer)
        .observer("onRateLimit", &observer)
        .build()?;
    client.users().get("x").await?;
    let told = JSON::stringify(&events).map_err(Error::Caller)?;
    assert_eq!(
        String::from(told),
        r#"[{"operation":"users.get","method":"GET","path":"/users/{id}","attempt":1},{"limit":10,"remaining":7,"inFlight":0,"queued":0}]"#
    );
    let limit = client.rate_limit();
    assert_eq!((limit.limit, limit.remaining), (Some(10), Some(7)));
    assert_eq!((limit.in_flight, limit.queued), (0, 0));
    Ok(())
}

#[wasm_bindgen_test]
async fn failures_name_fields_and_scopes() {
    let wrong = CreateUser {
        connection: "Username-Password-Authentication".to_owned(),
        email: Some("x".to_owned()),
        ..CreateUser::default()
    };
    let refused = failure(client().users().create(&wrong).await);
    let errors = refused.field_errors();
    let [error] = errors.as_slice() else {
        panic!("{errors:?}");
    };
    assert_eq!(error.field, "email");
    assert!(error.rule.contains("format email"), "{}", error.rule);
    assert!(refused.missing_scopes().is_empty());

    let body = r#"return Promise.resolve(Response.json({
        message: "Insufficient scope, expected any of: read:users,read:current_user" }, { status: 403 }))"#;
    let client = answered(body).build().expect("a client");
    let forbidden = failure(client.users().get("x").await);
    assert_eq!(
        forbidden.missing_scopes(),
        ["read:users", "read:current_user"]
    );
    assert!(forbidden.field_errors().is_empty());
}

#[wasm_bindgen_test]
async fn unexpected_value_does_not_fail_a_page() -> Result<(), Error> {
    let client = answered(
        r#"return Promise.resolve(Response.json({ total: 2, start: 0, limit: 50, users: [
            { user_id: "auth0|1", email_verified: "true", identities: [{ user_id: 5, expires_in: "60" }] },
            { user_id: 42, logins_count: 2 ** 60, email: "a@x" },
        ] }))"#,
    )
    .build()?;
    let page = client.users().list(&ListUsers::default()).await?;
    let [first, second] = page.items.as_slice() else {
        panic!("a page of two");
    };
    assert_eq!(first.email_verified, None);
    assert_eq!(first.extra.get("email_verified"), Some(&"true".into()));
    let identity = first.identities.as_deref().and_then(<[_]>::first);
    let identity = identity.expect("an identity");
    assert_eq!(identity.extra.get("expires_in"), Some(&"60".into()));
    assert_eq!(second.extra.get("user_id"), Some(&42.into()));
    assert_eq!(second.email.as_deref(), Some("a@x"));
    Ok(())
}

#[wasm_bindgen_test]
async fn undecoded_response_says_write_was_applied() {
    let client = answered("return Promise.resolve(Response.json({ recovery_code: 5 }))");
    let client = client.build().expect("a client");
    let made = client.users().regenerate_recovery_code("auth0|1").await;
    let failure = failure(made.map(|_| ()));
    assert_eq!((failure.code, failure.status), (Code::Undecoded, Some(200)));
    assert_eq!(failure.attempts, 1);
    assert!(failure.to_string().contains("was carried out"), "{failure}");
    let body = JSON::stringify(&failure.body).expect("a body");
    assert_eq!(String::from(body), r#"{"recovery_code":5}"#);
}

#[wasm_bindgen_test]
async fn stream_ends_after_abort_or_deadline() -> Result<(), Error> {
    let two = "return Promise.resolve(Response.json({ total: 2, start: 0, limit: 50,
        users: [{ user_id: 'auth0|1' }, { user_id: 'auth0|2' }] }))";
    let client = answered(two).build()?;
    let query = ListUsers::default();

    let controller = AbortController::new().map_err(Error::Caller)?;
    let aborting = client.with(CallOptions::new().abort_signal(controller.signal()));
    let mut users = aborting.users().list(&query).await?.into_stream();
    assert!(users.try_next().await?.is_some());
    controller.abort_with_reason(&"enough".into());
    let Err(Error::Caller(reason)) = users.try_next().await else {
        panic!("a user after an abort");
    };
    assert_eq!(reason, "enough");
    assert!(users.try_next().await?.is_none());

    let late = client.with(CallOptions::new().deadline_in_seconds(0.2));
    let mut users = late.users().list(&query).await?.into_stream();
    assert!(users.try_next().await?.is_some());
    let wait = "return new Promise((resolve) => setTimeout(resolve, 250))";
    let waited = Function::new_no_args(wait).call0(&JsValue::NULL);
    JsFuture::from(Promise::from(waited.map_err(Error::Caller)?))
        .await
        .map_err(Error::Caller)?;
    assert_eq!(failure(users.try_next().await).code, Code::Deadline);
    Ok(())
}
