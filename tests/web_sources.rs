//! Where the items of a run over many come from, and what it ends with where its source fails, typed, in WebAssembly.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails has to say where"
)]

mod tenant;

use std::error::Error as _;
use std::fmt::Debug;

use auth0_users::types::{ExportUsers, ListUsers, User};
use auth0_users::verbs::{
    AllError, AllUsers, BulkError, BulkItem, ExportError, ItemId, Outcome, Results,
};
use auth0_users::{Client, Code, Error};
use js_sys::Function;
use serde_json::json;
use tenant::{builder, client, fail, people};
use wasm_bindgen_test::wasm_bindgen_test;

async fn read(client: Client, id: &impl ItemId) -> Result<User, Error> {
    client.users().get(id.item_id()).await
}

/// The ids of what is done, and what the run ends with.
async fn end_of<T: Debug, D: Debug>(
    mut run: Results<'_, BulkItem<T, D>, BulkError>,
) -> (Vec<String>, Option<BulkError>) {
    let mut done = Vec::new();
    loop {
        match run.try_next().await {
            Ok(None) => return (done, None),
            Err(error) => return (done, Some(error)),
            Ok(Some(result)) => {
                assert!(matches!(result.outcome, Outcome::Ok(_)), "{result:?}");
                done.push(result.id);
            }
        }
    }
}

/// A query that finds these people.
fn all_of(ids: &[String]) -> Option<String> {
    let tag = ids[0].strip_suffix("-0").expect("a tag");
    Some(format!("user_id:{}*", tag.replace('|', "\\|")))
}

async fn refuse_a_search() {
    let fault = json!({ "operation": "users.list", "status": 400 });
    fail("fail-next", fault).await;
}

#[wasm_bindgen_test]
async fn the_stream_of_a_list_is_a_source() -> Result<(), Error> {
    let mut ids = people(7).await;
    let query = ListUsers {
        q: all_of(&ids),
        per_page: Some(3),
        ..ListUsers::default()
    };
    let client = client();
    let found = client.users().list(&query).await?.into_stream();
    let (mut done, end) = end_of(client.bulk_stream(found, read).run().await?).await;
    assert!(end.is_none(), "{end:?}");
    ids.sort();
    done.sort();
    assert_eq!(done, ids);

    let found = client.users().list(&query).await?.into_stream();
    refuse_a_search().await;
    let (done, end) = end_of(client.bulk_stream(found, read).run().await?).await;
    assert_eq!(done.len(), 3, "the second page was refused");
    let Some(BulkError::Source(cause)) = end else {
        panic!("{end:?}");
    };
    let cause: &Error = cause.downcast_ref().expect("what a list fails with");
    assert_eq!(cause.code(), Some(Code::BadRequest));
    Ok(())
}

#[wasm_bindgen_test]
async fn everybody_is_a_source_whose_error_tells_what_it_does_not_reach() -> Result<(), Error> {
    let ids = people(150).await;
    let client = client();
    let everybody = || {
        client.users().all(AllUsers {
            q: all_of(&ids),
            ..AllUsers::default()
        })
    };
    let (done, end) = end_of(client.bulk_stream(everybody()?, read).run().await?).await;
    assert!(end.is_none(), "{end:?}");
    assert_eq!(done.len(), 150);

    let mut run = client.bulk_stream(everybody()?, read).run().await?;
    run.try_next().await.expect("a result").expect("a result");
    refuse_a_search().await;
    let (done, end) = end_of(run).await;
    assert_eq!(done.len(), 99, "the second page was refused");
    let Some(BulkError::Source(cause)) = end else {
        panic!("{end:?}");
    };
    let cause: &AllError = cause.downcast_ref().expect("what all() fails with");
    assert!(matches!(cause, AllError::Call(error) if error.code() == Some(Code::BadRequest)));

    let thousand =
        "return Promise.resolve(new Response('{\"total\":1000,\"users\":[{\"user_id\":\"a\"}]}'))";
    let many = builder().fetch(Function::new_no_args(thousand)).build()?;
    let everybody = many.users().all(AllUsers {
        sort: Some("email:1".to_owned()),
        ..AllUsers::default()
    });
    let (_, end) = end_of(many.bulk_stream(everybody?, read).run().await?).await;
    let end = end.expect("more than a search reaches");
    assert!(end.to_string().starts_with("not everybody can be reached"));
    let BulkError::Source(cause) = end else {
        panic!("{end:?}");
    };
    let cause = cause.downcast_ref();
    assert!(matches!(cause, Some(AllError::PageCap(capped)) if capped.total == 1_000));
    Ok(())
}

#[wasm_bindgen_test]
async fn an_export_is_a_source_whose_error_tells_the_line() -> Result<(), ExportError> {
    let ids = people(1).await;
    let file = format!("{{\"user_id\":{:?}}}\n{{\"user_id\":", ids[0]);
    let fetch = format!("return Promise.resolve(new Response({file:?}))");
    let client = client();
    let export = client.export_users(ExportUsers::default());
    let export = export.poll_seconds(0.01);
    let users = export.fetch(Function::new_no_args(&fetch)).run::<User>();
    let (done, end) = end_of(client.bulk_stream(users.await?, read).run().await?).await;
    assert_eq!(done, ids);
    let end = end.expect("a broken line");
    assert!(
        end.source()
            .is_some_and(|cause| cause.is::<serde_json::Error>())
    );
    let BulkError::Source(cause) = end else {
        panic!("{end:?}");
    };
    let cause = cause.downcast_ref();
    assert!(matches!(cause, Some(ExportError::Line { number: 2, .. })));
    Ok(())
}
