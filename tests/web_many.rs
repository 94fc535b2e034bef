//! What is done to many users, typed, in WebAssembly against a local tenant.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails has to say where"
)]

mod tenant;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use auth0_users::types::{CreateUser, UpdateUser, User};
use auth0_users::verbs::{
    BulkError, BulkItem, BulkProgress, ItemId, Journal, Outcome, Part, Results,
};
use auth0_users::{CallOptions, Client, Code, Error};
use futures_core::Stream;
use js_sys::Function;
use serde_json::{Value, json};
use tenant::{CONNECTION, add, builder, client, fail, own, people, updates};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

async fn block(client: Client, id: &impl ItemId) -> Result<User, Error> {
    let changes = UpdateUser {
        blocked: Some(true),
        ..UpdateUser::default()
    };
    client.users().update(id.item_id(), &changes).await
}

async fn collect<T, E: std::fmt::Debug>(mut results: Results<'_, T, E>) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(result) = results.try_next().await.expect("no end before the end") {
        all.push(result);
    }
    all
}

fn word<D>(outcome: &Outcome<D>) -> &'static str {
    match outcome {
        Outcome::Ok(_) => "ok",
        Outcome::Failed(_) => "failed",
        Outcome::Skipped => "skipped",
        Outcome::Unknown(_) => "unknown",
        Outcome::Planned => "planned",
    }
}

fn count<T, D>(results: &[BulkItem<T, D>], status: &str) -> usize {
    let results = results.iter();
    results.filter(|r| word(&r.outcome) == status).count()
}

/// A journal in memory, which remembers what a file would.
#[derive(Default)]
struct Memory(RefCell<String>);

impl Journal for Memory {
    async fn append(&self, line: &str) -> Result<(), Error> {
        let mut text = self.0.borrow_mut();
        text.push_str(line);
        text.push('\n');
        Ok(())
    }

    async fn read(&self) -> Result<String, Error> {
        Ok(self.0.borrow().clone())
    }
}

#[wasm_bindgen_test]
async fn each_item_is_done_once_and_what_fails_does_not_end_the_run() -> Result<(), Error> {
    let ids = people(30).await;
    let mut items = ids.clone();
    items.extend(["auth0|nobody".to_owned(), ids[0].clone()]);
    let last = Cell::new(BulkProgress::default());
    let run = client().bulk(items, block);
    let run = run.on_progress(|progress| last.set(*progress)).run();
    let results = collect(run.await?).await;
    assert_eq!(results.len(), 32);
    for result in &results {
        assert_eq!(result.id, result.item);
        match &result.outcome {
            Outcome::Ok(user) => assert_eq!(user.blocked, Some(true)),
            Outcome::Failed(error) => {
                assert_eq!(error.code(), Some(Code::NotFound));
                assert_eq!(result.id, "auth0|nobody");
            }
            Outcome::Skipped => assert_eq!(result.id, ids[0]),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(updates(&ids).await, 30);
    let last = last.get();
    assert_eq!((last.ok, last.failed, last.skipped), (30, 1, 1));
    assert_eq!((last.total, last.requests), (Some(32), 31));
    assert_eq!(last.eta_seconds, Some(0));
    Ok(())
}

#[wasm_bindgen_test]
async fn a_source_is_read_no_faster_than_its_items_are_done() -> Result<(), Error> {
    let ids = people(30).await;
    let (read, open, most) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let items = ids.iter().inspect(|_| read.set(read.get() + 1));
    let operation = async |client: Client, id: &&String| {
        open.set(open.get() + 1);
        most.set(most.get().max(open.get()));
        let user = block(client, id).await;
        open.set(open.get() - 1);
        user
    };
    let run = client().bulk(items, operation).concurrency(3).run();
    let mut run = run.await?;
    assert_eq!(
        read.get(),
        0,
        "nothing happens before the first is asked for"
    );
    let first = run.try_next().await.expect("a result").expect("a result");
    assert_eq!(word(&first.outcome), "ok");
    assert!(read.get() <= 6, "{} were read", read.get());
    let rest = collect(run).await;
    assert_eq!(rest.len(), 29);
    assert_eq!((most.get(), open.get()), (3, 0));
    Ok(())
}

#[wasm_bindgen_test]
async fn a_run_that_is_dropped_goes_on_with_nothing_done_twice() -> Result<(), Error> {
    let ids = people(40).await;
    let journal = Memory::default();
    let calls = Cell::new(0);
    let dying = async |client: Client, id: &&String| {
        calls.set(calls.get() + 1);
        // The process is gone: neither the answer nor the end of the operation is ever seen.
        if calls.get() > 20 {
            pending().await
        } else {
            block(client, id).await
        }
    };
    let run = client().bulk(&ids, dying).concurrency(4).journal(&journal);
    let mut run = run.run().await?;
    for _ in 0..20 {
        run.try_next().await.expect("a result").expect("a result");
    }
    drop(run);
    journal.0.borrow_mut().push_str("{\"id\":\"auth0|m");

    let again = client().bulk(ids.clone(), block).journal(&journal);
    let second = collect(again.run().await?).await;
    let open = count(&second, "unknown");
    assert!((1..=4).contains(&open), "{open}");
    assert_eq!(count(&second, "skipped"), 20);
    assert_eq!(count(&second, "ok"), 20 - open);
    assert_eq!(updates(&ids).await, 40 - open);

    let again = client().bulk(ids.clone(), block).journal(&journal);
    let third = collect(again.repeat_unknown().run().await?).await;
    assert_eq!(
        (count(&third, "ok"), count(&third, "skipped")),
        (open, 40 - open)
    );
    assert_eq!(updates(&ids).await, 40);
    Ok(())
}

#[wasm_bindgen_test]
async fn a_line_that_is_whole_but_for_its_end_is_not_lost() -> Result<(), Error> {
    let line = r#"{"id":"one","status":"ok"}"#;
    let journal = Memory(RefCell::new(line.to_owned()));
    let done = RefCell::new(Vec::new());
    let operation = async |_, id: &&'static str| {
        done.borrow_mut().push(*id);
        Ok(())
    };
    for skipped in [1, 2] {
        let run = client().bulk(["one", "two"], &operation).journal(&journal);
        let results = collect(run.run().await?).await;
        assert_eq!(count(&results, "skipped"), skipped);
    }
    assert_eq!(*done.borrow(), ["two"]);
    Ok(())
}

#[wasm_bindgen_test]
async fn an_open_item_that_came_before_is_skipped() -> Result<(), Error> {
    for status in ["started", "unknown"] {
        let line = format!("{{\"id\":\"one\",\"status\":\"{status}\"}}\n");
        let journal = Memory(RefCell::new(line));
        let run = client().bulk(["one", "one"], async |_, _| Ok(()));
        let results = collect(run.journal(&journal).run().await?).await;
        let words: Vec<_> = results.iter().map(|result| word(&result.outcome)).collect();
        assert_eq!(words, ["unknown", "skipped"]);
    }
    Ok(())
}

/// A client whose requests are answered by this body of a JavaScript function of `url` and `init`.
fn answered(body: &str) -> auth0_users::ClientBuilder {
    builder().fetch(Function::new_with_args("url, init", body))
}

#[wasm_bindgen_test]
async fn a_dry_run_calls_nothing_and_estimates_by_what_is_known_of_the_limit() -> Result<(), Error>
{
    let body = "this.sent = (this.sent ?? 0) + 1;
        const headers = { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': String(11 - this.sent) };
        return Promise.resolve(new Response('{\"user_id\":\"x\"}', { headers }))";
    let client = answered(body).requests_per_second(10.0).build()?;
    let ids: Vec<_> = (0..50).map(|n| format!("auth0|{n}")).collect();
    let last = Cell::new(BulkProgress::default());
    let told = || async {
        let run = client.bulk(&ids, async |_, _| -> Result<(), Error> { panic!("called") });
        let run = run.dry_run().on_progress(|progress| last.set(*progress));
        let results = collect(run.run().await?).await;
        assert_eq!(count(&results, "planned"), 50);
        let last = last.get();
        assert_eq!((last.planned, last.requests), (50, 50));
        Ok::<_, Error>(last.eta_seconds)
    };
    assert_eq!(told().await?, Some(5));
    // Then the server says that it takes ten at once.
    client.users().get("x").await?;
    assert_eq!(told().await?, Some(4));
    assert_eq!(client.rate_limit().remaining, Some(10));
    Ok(())
}

/// Gives these, and then nothing, without an end.
struct Endless(Vec<String>);

impl Stream for Endless {
    type Item = Result<String, Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0
            .pop()
            .map_or(Poll::Pending, |id| Poll::Ready(Some(Ok(id))))
    }
}

#[wasm_bindgen_test]
async fn an_abort_ends_it_and_leaves_open_what_was_under_way() -> Result<(), Error> {
    let ids = people(12).await;
    let controller = AbortController::new().map_err(Error::Caller)?;
    let slowly = "return new Promise((go) => setTimeout(go, 30)).then(() => fetch(url, init))";
    let options = CallOptions::new().abort_signal(controller.signal());
    let client = answered(slowly).build()?.with(options);
    let run = client.bulk(ids.clone(), block).concurrency(2).run();
    let mut run = run.await?;
    let mut words = Vec::new();
    let end = loop {
        match run.try_next().await {
            Ok(Some(result)) => words.push(word(&result.outcome)),
            Ok(None) => panic!("it was aborted"),
            Err(error) => break error,
        }
        if words.len() == 4 {
            controller.abort_with_reason(&"enough".into());
        }
    };
    assert!(matches!(&end, BulkError::Call(Error::Caller(reason)) if reason == "enough"));
    assert!(words.len() <= 6, "{words:?}");
    assert!(words[..4].iter().all(|word| *word == "ok"), "{words:?}");
    assert!(words[4..].contains(&"unknown"), "{words:?}");
    assert!(run.try_next().await.expect("the end").is_none());
    Ok(())
}

#[wasm_bindgen_test]
async fn a_deadline_is_that_of_the_run_whatever_it_waits_for() -> Result<(), Error> {
    let ids = people(2).await;
    let options = CallOptions::new().deadline_in_seconds(0.5);
    let run = client().with(options).bulk_stream(Endless(ids), block);
    let mut run = run.run().await?;
    let mut results = 0;
    let end = loop {
        match run.try_next().await {
            Ok(Some(_)) => results += 1,
            Ok(None) => panic!("time is up"),
            Err(error) => break error,
        }
    };
    assert_eq!(results, 2);
    assert!(matches!(&end, BulkError::Call(error) if error.code() == Some(Code::Deadline)));
    Ok(())
}

#[wasm_bindgen_test]
async fn so_many_failures_end_it() -> Result<(), Error> {
    let ids: Vec<_> = (0..50).map(|n| format!("auth0|nobody{n}")).collect();
    let run = client()
        .bulk(ids, block)
        .stop_after_errors(3)
        .concurrency(1);
    let mut run = run.run().await?;
    for _ in 0..3 {
        let result = run.try_next().await.expect("a result").expect("a result");
        assert_eq!(word(&result.outcome), "failed");
    }
    let end = run.try_next().await.expect_err("too many errors");
    assert!(matches!(end, BulkError::TooManyErrors(3)));
    assert_eq!(end.to_string(), "stopped after 3 errors");
    Ok(())
}

#[wasm_bindgen_test]
async fn an_outcome_that_nobody_knows_is_unknown_and_not_failed() -> Result<(), Error> {
    let ids = people(1).await;
    let journal = Memory::default();
    let fault = json!({ "operation": "users.update", "status": 500, "after_commit": true });
    fail("fail-next", fault).await;
    let client = client().with(CallOptions::new().max_retries(0));
    let run = client.bulk(ids, block).journal(&journal).run();
    let results = collect(run.await?).await;
    let Outcome::Unknown(Some(error)) = &results[0].outcome else {
        panic!("{:?}", results[0]);
    };
    assert_eq!(error.code(), Some(Code::OutcomeUnknown));
    let written = journal.0.borrow();
    let last: Value = serde_json::from_str(written.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last, json!({ "id": results[0].id, "status": "unknown" }));
    Ok(())
}

#[wasm_bindgen_test]
async fn new_users_with_faults_are_there_if_and_only_if_it_is_said() -> Result<(), Error> {
    let own = own("new");
    let people: Vec<_> = (0..60)
        .map(|n| {
            let user_id = format!("{own}-{n}");
            let user = CreateUser {
                connection: CONNECTION.to_owned(),
                email: Some(format!("{user_id}@many.example")),
                password: Some("Correct-Horse-7-Battery".to_owned()),
                user_id: Some(user_id.clone()),
                ..CreateUser::default()
            };
            (format!("auth0|{user_id}"), user)
        })
        .collect();
    let kinds = ["server_error", "too_many_requests", "truncate"];
    fail("faults", json!({ "rate": 0.2, "kinds": kinds, "seed": 5 })).await;
    let create =
        async |client: Client, (_, user): &(String, CreateUser)| client.users().create(user).await;
    let results = collect(client().bulk(people, create).run().await?).await;
    fail("faults", Value::Null).await;
    assert_eq!(results.len(), 60);
    for BulkItem { id, outcome, .. } in &results {
        let is_there = client().users().get(id).await.is_ok();
        match outcome {
            Outcome::Ok(_) => assert!(is_there, "{id}"),
            Outcome::Failed(error) => assert!(!is_there, "{id} {error}"),
            Outcome::Unknown(Some(error)) => {
                assert_eq!(error.code(), Some(Code::OutcomeUnknown));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(count(&results, "ok") > 30 && count(&results, "unknown") > 0);
    Ok(())
}

/// A disk that is full when the end of an item is to be written.
struct Full(Rc<Memory>);

impl Journal for Full {
    async fn append(&self, line: &str) -> Result<(), Error> {
        if line.ends_with("\"ok\"}") {
            return Err(Error::Caller("the disk is full".into()));
        }
        self.0.append(line).await
    }

    async fn read(&self) -> Result<String, Error> {
        self.0.read().await
    }
}

#[wasm_bindgen_test]
async fn a_journal_that_cannot_be_written_ends_the_run_after_what_was_done() -> Result<(), Error> {
    let kept = Rc::new(Memory::default());
    let read = async |_, id: &&str| Ok(id.len());
    let run = client().bulk(["one", "two", "three"], read).concurrency(2);
    let last = Cell::new(BulkProgress::default());
    let run = run.on_progress(|progress| last.set(*progress));
    let mut run = run.journal(Full(Rc::clone(&kept))).run().await?;
    for id in ["one", "two"] {
        let result = run.try_next().await.expect("a result").expect("a result");
        assert_eq!((&*result.id, word(&result.outcome)), (id, "ok"));
    }
    assert_eq!(last.get().ok, 2);
    let end = run.try_next().await.expect_err("the disk is full");
    assert!(matches!(&end, BulkError::Call(Error::Caller(why)) if why == "the disk is full"));
    assert_eq!(
        kept.0.borrow().lines().count(),
        2,
        "two began, and no third"
    );
    Ok(())
}

#[wasm_bindgen_test]
async fn users_are_read_with_what_belongs_to_them() -> Result<(), Error> {
    let mut ids = people(2).await;
    let name = format!("auditor {}", ids[0]);
    let role: Value = add("roles", json!({ "name": name })).await;
    let client = client();
    let role = role["id"].as_str().expect("an id");
    client.users().roles().assign(&ids[0], &[role]).await?;
    ids.push("auth0|nobody".to_owned());
    let parts = [Part::Profile, Part::Roles, Part::Sessions, Part::Profile];
    let requests = Rc::new(Cell::new(0));
    let kept = Rc::clone(&requests);
    let run = client.users().hydrate(&ids, &parts);
    let run = run.on_progress(move |progress| kept.set(progress.requests));
    let results = collect(run.run().await?).await;
    assert_eq!(results.len(), 3);
    assert_eq!(requests.get(), 9, "three users, and three parts of each");
    for BulkItem { id, outcome, .. } in results {
        let read = match outcome {
            Outcome::Ok(read) => read,
            Outcome::Failed(error) => {
                assert_eq!(error.code(), Some(Code::NotFound));
                assert_eq!(id, "auth0|nobody");
                continue;
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(read.profile.expect("a profile").user_id, id);
        let roles = read.roles.expect("roles");
        assert_eq!(roles.len(), usize::from(id == ids[0]));
        assert!(roles.iter().all(|one| one.id == role));
        assert_eq!(read.sessions, Some(Vec::new()));
        assert!(read.groups.is_none(), "was not asked for");
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn what_cannot_be_done_is_refused_by_name() -> Result<(), Error> {
    let bulk = || client().bulk(["x"], async |_, _| Ok(()));
    for (run, name) in [
        (bulk().concurrency(0), "concurrency "),
        (bulk().requests_per_second(0.0), "requests_per_second "),
    ] {
        let Err(Error::Invalid(message)) = run.run().await.map(|_| ()) else {
            panic!("{name}");
        };
        assert!(message.starts_with(name), "{message}");
    }
    let mut run = client().bulk([""], async |_, _| Ok(())).run().await?;
    let end = run.try_next().await.map(|_| ());
    assert!(matches!(end, Err(BulkError::Call(Error::Invalid(_)))));
    Ok(())
}
