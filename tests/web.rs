//! The typed client in WebAssembly, against a local tenant: in Node.js and in Chromium.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails has to say where"
)]

mod tenant;

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Waker};

use auth0_users::types::{CreateUser, Field, ListUsers, Metadata, RevokeAccess, UpdateUser};
use auth0_users::{CallOptions, Client, ClientBuilder, Code, Error};
use futures_core::{FusedStream as _, Stream as _};
use js_sys::Function;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::tenant::client;

fn object(value: Value) -> Metadata {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is not an object"),
    }
}

fn new_user(email: &str) -> CreateUser {
    CreateUser {
        connection: "Username-Password-Authentication".to_owned(),
        email: Some(email.to_owned()),
        password: Some("Correct-Horse-7-Battery".to_owned()),
        ..CreateUser::default()
    }
}

#[wasm_bindgen_test]
async fn users_can_be_created_read_updated_deleted() -> Result<(), Error> {
    let client = client();
    let users = client.users();

    let created = users
        .create(&CreateUser {
            user_metadata: Some(object(json!({ "profileCode": 1479 }))),
            nickname: Some("ana".to_owned()),
            ..new_user("Ana@Example.com")
        })
        .await?;
    let id = created.user_id.as_str();
    assert_eq!(created.email.as_deref(), Some("ana@example.com"));

    let changed = users
        .update(
            id,
            &UpdateUser {
                user_metadata: Some(object(json!({ "addresses": { "home": "742 Evergreen" } }))),
                nickname: Field::Null,
                name: "Ana".into(),
                ..UpdateUser::default()
            },
        )
        .await?;
    let merged = json!({ "profileCode": 1479, "addresses": { "home": "742 Evergreen" } });
    assert_eq!(changed.user_metadata, Some(object(merged)));
    assert_eq!(changed.nickname, None);
    assert_eq!(changed.name.as_deref(), Some("Ana"));

    assert_eq!(users.get(id).await?, changed);
    let found = users.list_users_by_email("ana@example.com").await?;
    assert!(found.iter().any(|user| user.user_id == id));
    assert!(
        users
            .list_users_by_email("Ana@Example.com")
            .await?
            .is_empty()
    );

    let code = users.regenerate_recovery_code(id).await?;
    assert_eq!(code.recovery_code.len(), 24);
    users.revoke_access(id, &RevokeAccess::default()).await?;
    users.delete(id).await?;
    users.delete(id).await?;
    Ok(())
}

#[wasm_bindgen_test]
async fn list_loads_page_after_page() -> Result<(), Error> {
    let client = client();
    let first = client
        .users()
        .list(&ListUsers {
            per_page: Some(2),
            sort: Some("email:1".to_owned()),
            ..ListUsers::default()
        })
        .await?;
    let second = first.next().await?.expect("a second page");
    assert_eq!((first.items.len(), second.items.len()), (2, 2));
    assert!(first.total > Some(4));
    let emails: Vec<_> = first
        .items
        .iter()
        .chain(&second.items)
        .map(|user| user.email.clone())
        .collect();
    assert!(emails.is_sorted(), "{emails:?}");
    Ok(())
}

#[wasm_bindgen_test]
async fn stream_yields_items_of_all_pages() -> Result<(), Error> {
    let client = client();
    let query = ListUsers {
        per_page: Some(2),
        sort: Some("email:1".to_owned()),
        ..ListUsers::default()
    };
    let mut pages = Vec::new();
    let mut next = Some(client.users().list(&query).await?);
    while let Some(page) = next.filter(|_| pages.len() < 7) {
        pages.extend(page.items.iter().map(|user| user.user_id.clone()));
        next = page.next().await?;
    }
    let mut stream = client.users().list(&query).await?.into_stream();
    assert!(stream.total() > Some(4));
    let mut streamed = Vec::new();
    while let Some(user) = stream.try_next().await? {
        streamed.push(user.user_id);
        if streamed.len() == pages.len() {
            break;
        }
    }
    assert_eq!(streamed, pages);

    // As a Stream, which ends by itself.
    let first = pages.swap_remove(0);
    let one = ListUsers {
        q: Some(format!("user_id:\"{first}\"")),
        ..ListUsers::default()
    };
    let mut stream = pin!(client.users().list(&one).await?.into_stream());
    let user = poll_fn(|context| stream.as_mut().poll_next(context)).await;
    assert_eq!(user.expect("one user")?.user_id, first);
    assert!(stream.is_terminated());
    for _ in 0..2 {
        let end = poll_fn(|context| stream.as_mut().poll_next(context)).await;
        assert!(end.is_none());
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn stream_ends_with_its_error() -> Result<(), Error> {
    let query = ListUsers {
        per_page: Some(2),
        ..ListUsers::default()
    };
    let fetch = Function::new_with_args(
        "url, init",
        "return url.includes('page=1') && !url.includes('page=1&') \
         ? Promise.resolve(new Response('{\"statusCode\":400,\"errorCode\":\"invalid_paging\",\"message\":\"of ana@example.com\"}', { status: 400 })) \
         : fetch(url, init)",
    );
    let client = tenant::builder().fetch(fetch).build()?;
    let mut stream = client.users().list(&query).await?.into_stream();
    assert!(stream.try_next().await?.is_some());
    assert!(stream.try_next().await?.is_some());
    let error = stream.try_next().await.expect_err("the second page");
    assert_eq!(error.code(), Some(Code::BadRequest));
    let told = format!("{error} {error:?}");
    assert!(
        told.contains(
            "page is beyond the first 1,000 users; narrow the query, or use users.all of auth0-users/admin (400 invalid_paging)"
        ),
        "{told}",
    );
    assert!(!told.contains("ana@example.com"), "{told}");
    assert!(stream.is_terminated());
    assert!(stream.try_next().await?.is_none());
    Ok(())
}

#[wasm_bindgen_test]
async fn failures_have_code_status_and_message() {
    let client = client();
    match client.users().get("auth0|nobody").await {
        Err(Error::Failed(failure)) => {
            assert_eq!(failure.code, Code::NotFound);
            assert_eq!(failure.code.to_string(), "not_found");
            assert_eq!(failure.status, Some(404));
            assert_eq!(failure.operation().name(), "users.get");
            assert_eq!(failure.attempts, 1);
        }
        other => panic!("{other:?}"),
    }
    for id in ["", ".", "..", "auth0%7Cx"] {
        match client.users().get(id).await {
            Err(Error::Invalid(message)) => assert!(message.contains("id"), "{message}"),
            other => panic!("{id:?}: {other:?}"),
        }
    }
}

#[wasm_bindgen_test]
async fn aborted_call_fails_with_reason_of_signal() {
    let abort = AbortController::new().expect("the engine has one");
    abort.abort_with_reason(&"enough".into());
    let client = client().with(CallOptions::new().abort_signal(abort.signal()));
    match client.users().get("auth0|x").await {
        Err(Error::Caller(reason)) => assert_eq!(reason, "enough"),
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn abort_in_callback_leaves_no_unhandled_rejection() -> Result<(), Error> {
    type Give = fn(ClientBuilder, Function) -> ClientBuilder;
    let gives: [Give; 3] = [
        |builder, aborts| builder.token_source(aborts),
        |builder, aborts| builder.observer("onRequest", &aborts),
        |builder, aborts| builder.fetch(aborts),
    ];
    for give in gives {
        let controller = AbortController::new().expect("the engine has one");
        let aborts = Function::new_with_args("", "this.abort('enough'); throw new Error('late');");
        let client = give(
            Client::builder().domain("tenant.example"),
            aborts.bind0(&controller),
        );
        let options = CallOptions::new().abort_signal(controller.signal());
        match client.options(options).build()?.users().delete("x").await {
            Err(Error::Caller(reason)) => assert_eq!(reason, "enough"),
            other => panic!("{other:?}"),
        }
        // The engine tells of such a rejection when it has nothing else to do.
        tenant::client().users().list(&ListUsers::default()).await?;
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn dropped_call_leaves_the_queue() -> Result<(), Error> {
    let client = client();
    let users = client.users();
    let mut context = Context::from_waker(Waker::noop());
    let query = ListUsers::default();
    let mut first = Box::pin(users.list(&query));
    assert!(first.as_mut().poll(&mut context).is_pending());
    for _ in 0..5 {
        let mut waiting = Box::pin(users.list(&query));
        assert!(waiting.as_mut().poll(&mut context).is_pending());
    }
    first.await?;
    for _ in 0..5 {
        users.list(&query).await?;
    }
    Ok(())
}

#[wasm_bindgen_test]
fn clients_equal_only_their_clones() {
    let one = client();
    assert!(one == one.clone());
    assert!(one != client(), "made alike");
    let with = one.with(CallOptions::new());
    assert!(with != one && with == with.clone());
    assert!(with != one.with(CallOptions::new()));
}
