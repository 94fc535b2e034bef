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

use auth0_users::verbs::{BulkError, Outcome, SignOut, StepStatus};
use auth0_users::{CallOptions, Client, Code, Error};
use js_sys::{Array, Function};
use tenant::builder;
use wasm_bindgen_test::wasm_bindgen_test;

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
