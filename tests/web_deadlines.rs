//! That a deadline and an abort are those of all that a verb does, typed, in WebAssembly.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails has to say where"
)]

mod tenant;

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use auth0_users::types::UpdateUser;
use auth0_users::verbs::{
    BulkError, ImportError, ImportOutcome, Journal, LinkAccounts, Outcome, SignOut, StepStatus,
};
use auth0_users::{CallOptions, Client, Code, Error};
use futures_core::Stream;
use js_sys::{Array, Function, Promise};
use serde_json::json;
use tenant::builder;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

const ID: &str = "auth0|a";

/// A client that goes by these options, whose requests are noted and answered: what changes something never is.
fn noting(options: CallOptions) -> (Client, Array) {
    let fetch = "this.push(init.method);
        const user = () => new Response('{\"user_id\":\"auth0|a\"}');
        return new Promise((go) => init.method === 'GET' && setTimeout(go, 20)).then(user)";
    let sent = Array::new();
    let fetch = Function::new_with_args("url, init", fetch).bind0(&sent);
    let client = builder().fetch(fetch).options(options).build();
    (client.expect("a client"), sent)
}

async fn pause(ms: u32) -> Result<(), Error> {
    let pause = Function::new_with_args("ms", "return new Promise((go) => setTimeout(go, ms))");
    let pause = pause.call1(&JsValue::NULL, &ms.into());
    let pause: Promise = pause.map_err(Error::Caller)?.unchecked_into();
    JsFuture::from(pause).await.map(drop).map_err(Error::Caller)
}

fn soon() -> CallOptions {
    CallOptions::new().deadline_in_seconds(1.0)
}

#[wasm_bindgen_test]
async fn a_deadline_is_for_all_calls_of_an_operation_together() -> Result<(), Error> {
    let (client, _) = noting(soon());
    let calls = Cell::new(0);
    // Each of them would be in time by itself, whatever options it goes by.
    let many = async |client: Client, id: &&str| {
        let clients = [client.with(CallOptions::new()), client];
        for client in clients.iter().cycle().take(200) {
            client.users().get(id).await?;
            calls.set(calls.get() + 1);
        }
        Ok(())
    };
    let mut run = client.bulk([ID], many).run().await?;
    let error = match run.try_next().await {
        Ok(Some(result)) => match result.outcome {
            Outcome::Failed(error) => error,
            other => panic!("{other:?}"),
        },
        // On a machine that was busy for so long.
        Err(BulkError::Call(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(error.code(), Some(Code::Deadline));
    assert!(calls.get() < 200);
    Ok(())
}

#[wasm_bindgen_test]
async fn nothing_is_sent_after_the_deadline() -> Result<(), Error> {
    let (client, sent) = noting(soon());
    // Which is that of the client where its calls go by other options.
    for client in [client.with(CallOptions::new().max_retries(0)), client] {
        let users = client.users();
        let report = users.sign_out_everywhere(ID, SignOut::default()).await?;
        let steps = report.steps.all.iter().map(|step| match &step.status {
            StepStatus::Failed(error) => error.code(),
            other => panic!("{other:?}"),
        });
        let (open, late) = (Some(Code::OutcomeUnknown), Some(Code::Deadline));
        assert_eq!(steps.collect::<Vec<_>>(), [open, late, late, late]);
        assert_eq!(
            sent.join(" "),
            "GET POST",
            "the read, and what was under way"
        );
        sent.set_length(0);
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn an_abort_before_all_is_done_is_told_though_all_has_begun() -> Result<(), Error> {
    let controller = AbortController::new().map_err(Error::Caller)?;
    let (client, _) = noting(CallOptions::new());
    let aborting = CallOptions::new().abort_signal(controller.signal());
    let block = async |client: Client, id: &&str| {
        let changes = UpdateUser {
            blocked: Some(true),
            ..UpdateUser::default()
        };
        controller.abort_with_reason(&"enough".into());
        client.users().update(id, &changes).await
    };
    let mut run = client
        .with(aborting)
        .bulk([ID, "auth0|b"], block)
        .run()
        .await?;
    for _ in 0..2 {
        let result = run.try_next().await.expect("a result").expect("a result");
        assert!(
            matches!(result.outcome, Outcome::Unknown(Some(_))),
            "{result:?}"
        );
    }
    let end = run.try_next().await.expect_err("it was aborted");
    assert!(matches!(&end, BulkError::Call(Error::Caller(why)) if why == "enough"));

    // Who aborts when all is done takes nothing away.
    let controller = AbortController::new().map_err(Error::Caller)?;
    let aborting = CallOptions::new().abort_signal(controller.signal());
    let run = client
        .with(aborting)
        .bulk([ID, "auth0|b"], async |_, id| Ok(id.len()));
    let mut run = run.run().await?;
    assert!(run.try_next().await.expect("a result").is_some());
    controller.abort();
    assert!(run.try_next().await.expect("a result").is_some());
    assert!(run.try_next().await.expect("an end").is_none());
    Ok(())
}

#[wasm_bindgen_test]
async fn a_deadline_before_all_is_done_is_told_though_all_has_begun() -> Result<(), Error> {
    let (client, _) = noting(soon());
    // What is under way is waited for, whatever it is.
    let later = async |_: Client, _: &&str| pause(1_500).await;
    let mut run = client.bulk([ID], later).run().await?;
    let mut next = run.try_next().await;
    if let Ok(Some(result)) = next {
        assert!(matches!(result.outcome, Outcome::Ok(_)), "{result:?}");
        next = run.try_next().await;
    }
    let end = next.expect_err("it was late");
    assert!(matches!(&end, BulkError::Call(error) if error.code() == Some(Code::Deadline)));
    Ok(())
}

/// Gives this, and then nothing, without an end.
struct Stalled<T>(Option<T>);

impl<T: Unpin> Stream for Stalled<T> {
    type Item = Result<T, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.take();
        next.map_or(Poll::Pending, |next| Poll::Ready(Some(Ok(next))))
    }
}

#[wasm_bindgen_test]
async fn a_source_that_gives_nothing_more_keeps_back_no_result_and_no_abort() -> Result<(), Error> {
    let controller = AbortController::new().map_err(Error::Caller)?;
    let (client, sent) = noting(CallOptions::new().abort_signal(controller.signal()));
    let mut rows = client
        .import_users_stream("con_1", Stalled(Some("nobody")))
        .run();
    let row = rows.try_next().await.expect("a row").expect("a row");
    assert!(matches!(
        row.outcome,
        ImportOutcome::Failed(Error::Invalid(_))
    ));
    let mut rest = client
        .import_users_stream("con_1", Stalled(Some(json!({ "n": 1 }))))
        .run();

    let get = async |client: Client, id: &&str| client.users().get(id).await;
    let mut run = client.bulk_stream(Stalled(Some(ID)), get).run().await?;
    let result = run.try_next().await.expect("a result").expect("a result");
    assert!(matches!(result.outcome, Outcome::Ok(_)), "{result:?}");

    let soon = Function::new_with_args("it", "setTimeout(() => it.abort('enough'), 50)");
    soon.call1(&JsValue::NULL, &controller)
        .map_err(Error::Caller)?;
    let end = run.try_next().await.expect_err("it was aborted");
    assert!(matches!(&end, BulkError::Call(Error::Caller(why)) if why == "enough"));
    for rows in [&mut rows, &mut rest] {
        let end = rows.try_next().await.expect_err("it was aborted");
        assert!(matches!(&end, ImportError::Call(Error::Caller(why)) if why == "enough"));
    }
    assert_eq!(sent.join(" "), "GET", "nothing was imported");
    Ok(())
}

#[wasm_bindgen_test]
async fn an_abort_ends_a_dry_run_while_it_reads_what_is_lost() -> Result<(), Error> {
    let controller = AbortController::new().map_err(Error::Caller)?;
    let fetch = "if (!String(url).includes('/roles'))
            return Promise.resolve(new Response('{\"user_id\":\"auth0|a\"}'));
        this.abort('enough');
        return new Promise(() => {})";
    let fetch = Function::new_with_args("url, init", fetch).bind0(&controller);
    let aborting = CallOptions::new().abort_signal(controller.signal());
    let client = builder().fetch(fetch).options(aborting).build()?;
    let plan = LinkAccounts {
        dry_run: true,
        ..LinkAccounts::default()
    };
    let identities = client.users().identities();
    let end = identities.link_accounts(ID, "auth0|b", plan).await;
    assert!(
        matches!(&end, Err(Error::Caller(why)) if why == "enough"),
        "{end:?}"
    );
    Ok(())
}

/// A journal on a disk that takes longer than anybody waits.
struct Stuck;

impl Journal for Stuck {
    async fn append(&self, _: &str) -> Result<(), Error> {
        Ok(())
    }

    async fn read(&self) -> Result<String, Error> {
        pause(30_000).await?;
        Ok(String::new())
    }
}

#[wasm_bindgen_test]
async fn a_journal_that_is_not_read_keeps_back_no_deadline_and_no_abort() -> Result<(), Error> {
    let controller = AbortController::new().map_err(Error::Caller)?;
    let aborting = CallOptions::new().abort_signal(controller.signal());
    let start = async |options| {
        let (client, _) = noting(options);
        let run = client.bulk([ID], async |_, _| Ok(())).journal(Stuck);
        run.run().await.map(|_| ())
    };
    let late = start(soon()).await.expect_err("it was late");
    assert_eq!(late.code(), Some(Code::Deadline));
    let soon = Function::new_with_args("it", "setTimeout(() => it.abort('enough'), 50)");
    soon.call1(&JsValue::NULL, &controller)
        .map_err(Error::Caller)?;
    let end = start(aborting).await;
    assert!(
        matches!(&end, Err(Error::Caller(why)) if why == "enough"),
        "{end:?}"
    );
    Ok(())
}
