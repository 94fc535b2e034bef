//! Users out of and into a tenant, typed, in WebAssembly against a local one.

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
use std::collections::BTreeSet;
use std::num::ParseIntError;
use std::pin::Pin;
use std::task::{Context, Poll};

use auth0_users::types::{ExportField, ExportUsers, Job, User};
use auth0_users::verbs::{
    Export, ExportError, Import, ImportError, ImportOutcome, ImportedRow, Results,
};
use auth0_users::{CallOptions, Client, Code, Error};
use futures_core::Stream;
use js_sys::{Function, Object, Reflect};
use serde::Deserialize;
use serde_json::{Value, json};
use tenant::{CONNECTION, add, client, fail, own, people, told};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

/// The id of the database.
async fn database() -> String {
    let directory = told("directory").await;
    let connections = directory["connections"].as_array().expect("a list");
    let database = connections.iter().find(|one| one["name"] == CONNECTION);
    let id = database.and_then(|database| database["id"].as_str());
    id.expect("an id").to_owned()
}

async fn collect<T, E: std::fmt::Debug>(mut results: Results<'_, T, E>) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(result) = results.try_next().await.expect("no end before the end") {
        all.push(result);
    }
    all
}

fn only(fields: &[&str]) -> ExportUsers {
    ExportUsers {
        fields: fields.iter().copied().map(ExportField::from).collect(),
        ..ExportUsers::default()
    }
}

fn quickly<'a>(client: &Client, what: ExportUsers) -> Export<'a> {
    client.export_users(what).poll_seconds(0.01)
}

/// A stream of what a function gives.
struct Given<F>(F);

impl<T, F: FnMut() -> Option<T> + Unpin> Stream for Given<F> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        Poll::Ready((self.0)())
    }
}

/// A fetch of this body, and what it has noted on itself.
fn fetching(body: &str) -> (Function, Object) {
    let this = Object::new();
    let fetch = Function::new_with_args("url, init", body).bind0(&this);
    (fetch, this)
}

fn noted(this: &Object, name: &str) -> JsValue {
    Reflect::get(this, &name.into()).expect("a property")
}

fn failure(error: ExportError) -> auth0_users::Failure {
    match error {
        ExportError::Call(Error::Failed(failure)) => *failure,
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn an_export_gives_everybody_beyond_the_cap_of_a_search() -> Result<(), ExportError> {
    let ids = people(1_200).await;
    let statuses = RefCell::new(Vec::new());
    let (fetch, spy) = fetching("this.keys = Object.keys(init).join(); return fetch(url, init)");
    let run = quickly(&client(), only(&["user_id", "email"]));
    let run = run.fetch(fetch).on_progress(|job| {
        statuses.borrow_mut().push(job.status.clone());
    });
    let users: Vec<User> = collect(run.run().await?).await;
    let known: BTreeSet<_> = users.iter().map(|user| user.user_id.clone()).collect();
    assert_eq!(known.len(), users.len(), "nobody is there twice");
    assert!(ids.iter().all(|id| known.contains(id)));
    let one = users.iter().find(|user| user.user_id == ids[0]);
    let one = one.expect("the first");
    assert!(one.email.is_some() && one.created_at.is_none());
    let last = statuses.borrow().last().cloned().flatten();
    assert_eq!(last.as_deref(), Some("completed"));
    assert_eq!(noted(&spy, "keys"), "signal", "no token goes there");
    Ok(())
}

#[derive(Deserialize)]
struct Short {
    id: String,
}

#[wasm_bindgen_test]
async fn an_export_is_of_one_connection_with_fields_under_other_names() -> Result<(), ExportError> {
    let ids = people(3).await;
    let what = ExportUsers {
        connection_id: Some(database().await),
        fields: vec![ExportField {
            name: "user_id".to_owned(),
            export_as: Some("id".to_owned()),
        }],
        ..ExportUsers::default()
    };
    let users = collect(quickly(&client(), what).run::<Short>().await?).await;
    assert!(users.iter().all(|user| user.id.starts_with("auth0|")));
    assert!(users.iter().any(|user| user.id == ids[2]));
    let one = ExportUsers {
        limit: Some(1),
        ..only(&["user_id"])
    };
    assert_eq!(
        collect(quickly(&client(), one).run::<User>().await?)
            .await
            .len(),
        1
    );
    Ok(())
}

#[wasm_bindgen_test]
async fn a_download_that_breaks_off_goes_on_where_it_was_with_a_new_link() -> Result<(), ExportError>
{
    let people = BTreeSet::from_iter(people(1_500).await);
    // Other tests of this file run at the same time, and make users too.
    let own = |users: &[User]| -> Vec<String> {
        let ids = users.iter().map(|user| user.user_id.clone());
        ids.filter(|id| people.contains(id)).collect()
    };
    let what = || only(&["user_id"]);
    let whole: Vec<User> = collect(quickly(&client(), what()).run().await?).await;
    assert_eq!(own(&whole).len(), people.len());
    // The first link is no longer good, the second download ends in the middle.
    let (fetch, spy) = fetching(
        "this.count = (this.count ?? 0) + 1;
        if (this.count === 1) return Promise.resolve(new Response('expired', { status: 403 }));
        if (this.count === 3) return fetch(url, init);
        return fetch(url, init).then(async ({ body }) => {
            const whole = new Response(body.pipeThrough(new DecompressionStream('gzip')));
            const bytes = new Uint8Array(await whole.arrayBuffer());
            let end = 0;
            return new Response(new ReadableStream({
                pull(controller) {
                    const start = end;
                    end += Math.ceil(bytes.length / 10);
                    if (end < bytes.length / 2) controller.enqueue(bytes.slice(start, end));
                    else controller.error(new TypeError('the connection is gone'));
                },
            }, { highWaterMark: 0 }));
        });",
    );
    let mut run = quickly(&client(), what()).fetch(fetch).run().await?;
    let mut users: Vec<User> = Vec::from_iter(run.try_next().await?);
    assert_eq!(
        noted(&spy, "count"),
        2,
        "those from before the break are given"
    );
    users.extend(collect(run).await);
    assert_eq!(noted(&spy, "count"), 3);
    assert_eq!(own(&users), own(&whole));
    Ok(())
}

/// Reads until the end, and gives that.
async fn end_of<T>(mut results: Results<'_, T, ExportError>) -> (usize, ExportError) {
    let mut count = 0;
    loop {
        match results.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => panic!("it ended well after {count}"),
            Err(error) => return (count, error),
        }
    }
}

#[wasm_bindgen_test]
async fn an_export_ends_with_what_goes_wrong() -> Result<(), ExportError> {
    let client = client();
    let all = || quickly(&client, ExportUsers::default());
    let (broken, spy) = fetching(
        "this.count = (this.count ?? 0) + 1;
        return Promise.resolve(new Response('no', { status: 500 }))",
    );
    let (count, error) = end_of(all().fetch(broken).run::<User>().await?).await;
    let failed = failure(error);
    assert_eq!(
        (failed.code, failed.status, count),
        (Code::BadResponse, Some(500), 0)
    );
    assert_eq!((failed.attempts, noted(&spy, "count")), (3, 3.into()));

    let (wrong, spy) = fetching(
        r#"this.count = (this.count ?? 0) + 1;
        return Promise.resolve(new Response('{"user_id":"a"}\r\n\n{"user_id":\n{"user_id":"b"}'))"#,
    );
    let (count, error) = end_of(all().fetch(wrong).run::<User>().await?).await;
    assert!(
        matches!(error, ExportError::Line { number: 3, .. }),
        "{error}"
    );
    assert_eq!((count, noted(&spy, "count")), (1, 1.into()));
    assert_eq!(
        error.to_string(),
        "the file of the export cannot be read at line 3"
    );

    let never = "return new Promise((_, reject) =>
        init.signal.addEventListener('abort', () => reject(init.signal.reason)))";
    let soon = CallOptions::new().deadline_in_seconds(1.0);
    let run = quickly(&client.with(soon), ExportUsers::default()).fetch(fetching(never).0);
    let error = match run.run::<User>().await {
        Ok(users) => end_of(users).await.1,
        Err(error) => error,
    };
    assert_eq!(failure(error).code, Code::Deadline);

    let csv = ExportUsers {
        format: Some("csv".to_owned()),
        ..ExportUsers::default()
    };
    let refused = quickly(&client, csv).run::<User>().await.map(|_| ());
    assert!(matches!(refused, Err(ExportError::Call(Error::Invalid(_)))));
    Ok(())
}

#[wasm_bindgen_test]
async fn nobody_waits_for_a_job_for_no_time_or_for_what_is_no_time() {
    let soon = CallOptions::new().deadline_in_seconds(5.0);
    let client = client().with(soon);
    for seconds in [0.0, -1.0, f64::NAN] {
        let export = client.export_users(ExportUsers::default());
        let refused = export.poll_seconds(seconds).run::<User>().await.map(|_| ());
        let Err(ExportError::Call(Error::Invalid(message))) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(message, "poll_seconds must be above 0");
        let import = into_database(&client, [json!({ "email": "a@transfer.example" })]).await;
        let refused = import.poll_seconds(seconds).run().try_next().await;
        let Err(ImportError::Call(Error::Invalid(message))) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(message, "poll_seconds must be above 0");
    }
}

#[wasm_bindgen_test]
async fn an_abort_ends_an_export_while_its_job_is_waited_for() -> Result<(), Error> {
    let controller = AbortController::new().map_err(Error::Caller)?;
    let aborting = CallOptions::new().abort_signal(controller.signal());
    let soon = Function::new_with_args("it", "setTimeout(() => it.abort('enough'), 300)");
    soon.call1(&JsValue::UNDEFINED, &controller)
        .map_err(Error::Caller)?;
    let run = client().with(aborting).export_users(ExportUsers::default());
    let ended = run.poll_seconds(1_000.0).run::<User>().await.map(|_| ());
    assert!(
        matches!(&ended, Err(ExportError::Call(Error::Caller(why))) if why == "enough"),
        "{ended:?}"
    );
    Ok(())
}

#[wasm_bindgen_test]
async fn a_file_is_read_no_faster_than_its_users_are_taken() -> Result<(), ExportError> {
    // A file of a million users, each of its pieces a thousand, which is as it is written.
    let (fetch, spy) = fetching(
        r#"const me = Object.assign(this, { pieces: 0, isLeft: false });
        const line = (row) => '{"user_id":"auth0|' + row + '"}\n';
        const encoder = new TextEncoder();
        return Promise.resolve(new Response(new ReadableStream({
            pull(controller) {
                if (me.pieces === 1_000) return controller.close();
                const rows = Array.from({ length: 1_000 }, (_, row) => line(me.pieces * 1_000 + row));
                me.pieces += 1;
                controller.enqueue(encoder.encode(rows.join('')));
            },
            cancel() { me.isLeft = true; },
        }, { highWaterMark: 0 }))) "#,
    );
    let run = quickly(&client(), only(&["user_id"])).fetch(fetch);
    let mut users = run.run::<Value>().await?;
    for row in 0..2_500 {
        let user = users.try_next().await?.expect("a user");
        assert_eq!(user["user_id"], format!("auth0|{row}"));
    }
    let pieces = noted(&spy, "pieces").as_f64().expect("a number");
    assert!((3.0..10.0).contains(&pieces), "{pieces} were read");
    drop(users);
    assert_eq!(noted(&spy, "isLeft"), true, "who leaves ends the download");
    Ok(())
}

async fn into_database<'a, I>(client: &Client, users: I) -> Import<'a>
where
    I: IntoIterator<Item = Value, IntoIter: 'a>,
{
    let database = database().await;
    client.import_users(&database, users).poll_seconds(0.01)
}

fn word(row: &ImportedRow) -> &'static str {
    match row.outcome {
        ImportOutcome::Ok => "ok",
        ImportOutcome::Refused(_) => "refused",
        ImportOutcome::TooLarge => "too large",
        ImportOutcome::JobFailed(_) => "job failed",
        ImportOutcome::Failed(_) => "failed",
        ImportOutcome::Unknown(_) => "unknown",
        _ => "other",
    }
}

/// How large the requests were in which files with this in them were taken.
async fn imports(mark: &str) -> Vec<usize> {
    let journal = told("journal").await;
    let entries = journal.as_array().expect("a list").iter();
    let taken = entries.filter_map(|entry| {
        let body = entry["body"].as_str().filter(|body| body.contains(mark))?;
        (entry["committed"] == true).then_some(body.len())
    });
    taken.collect()
}

#[wasm_bindgen_test]
async fn users_are_imported_in_as_many_files_as_it_takes() -> Result<(), Error> {
    let client = client();
    let own = own("import");
    let email = |row: usize| format!("{own}-{row}@transfer.example");
    let old = json!({ "connection": CONNECTION, "email": email(7) });
    add::<Value>("users", old).await;
    let note = |size: usize| json!({ "note": "x".repeat(size) });
    let mut users: Vec<_> = (0..900)
        .map(|row| json!({ "email": email(row).to_uppercase(), "user_metadata": note(2_000) }))
        .collect();
    users.push(json!({ "email": email(900), "user_metadata": note(600_000) }));
    users.push(json!({ "email": "no email" }));
    users.push(json!("no object"));
    users.push(json!({ "email": email(903) }));
    let given = users.clone();
    let (open, most) = (RefCell::new(BTreeSet::new()), Cell::new(0));
    let watch = |job: &Job| {
        let mut open = open.borrow_mut();
        if job.status.as_deref() == Some("pending") {
            open.insert(job.id.clone());
        } else {
            open.remove(&job.id);
        }
        most.set(most.get().max(open.len()));
    };
    let import = into_database(&client, users).await.on_progress(watch);
    let rows = collect(import.run()).await;
    assert!(most.get() <= 2, "{} jobs at a time", most.get());
    assert_eq!(rows.len(), 904);
    let known: BTreeSet<_> = rows.iter().filter_map(|row| row.row).collect();
    assert_eq!(known.len(), 904);
    for row in &rows {
        let place = row.row.expect("a row");
        let expected = match place {
            7 | 901 => "refused",
            900 => "too large",
            902 => "failed",
            _ => "ok",
        };
        assert_eq!(word(row), expected, "{place}");
        if place != 902 {
            assert_eq!(row.user, given[place as usize]);
        }
        if let (7, ImportOutcome::Refused(errors)) = (place, &row.outcome) {
            assert_eq!(errors[0].code.as_deref(), Some("DUPLICATED_USER"));
        }
    }
    let last = client.users().list_users_by_email(&email(903)).await?;
    assert_eq!(last.len(), 1);
    let files = imports(&own.to_uppercase()).await;
    assert_eq!(files.len(), 4);
    assert!(files.iter().all(|bytes| *bytes < 501_000), "{files:?}");
    Ok(())
}

#[wasm_bindgen_test]
async fn upsert_replaces_metadata() -> Result<(), Error> {
    let client = client();
    let email = format!("{}@transfer.example", own("old"));
    let old = json!({
        "connection": CONNECTION, "email": email, "user_metadata": { "city": "Oslo" }
    });
    let old: User = add("users", old).await;
    let new = json!({ "email": email, "user_metadata": { "theme": "dark" } });
    let refused = into_database(&client, [new.clone()]).await.run();
    assert_eq!(word(&collect(refused).await[0]), "refused");
    let taken = into_database(&client, [new]).await;
    let taken = taken.upsert_replacing_metadata().run();
    assert_eq!(word(&collect(taken).await[0]), "ok");
    let metadata = client.users().get(&old.user_id).await?.user_metadata;
    assert_eq!(metadata.map(Value::from), Some(json!({ "theme": "dark" })));
    Ok(())
}

#[wasm_bindgen_test]
async fn of_two_with_one_email_it_is_the_refused_one_that_is_told() {
    let client = client();
    let email = format!("{}@transfer.example", own("twin"));
    let wrong = json!({ "email": email, "user_metadata": 5 });
    let right = json!({ "email": email.to_uppercase(), "user_metadata": { "theme": "dark" } });
    for (users, expected) in [
        ([wrong.clone(), right.clone()], ["refused", "ok"]),
        ([right, wrong], ["ok", "refused"]),
    ] {
        let import = into_database(&client, users).await;
        let rows = collect(import.upsert_replacing_metadata().run()).await;
        assert_eq!(rows.iter().map(word).collect::<Vec<_>>(), expected);
    }
}

#[wasm_bindgen_test]
async fn a_file_that_is_not_taken_fails_its_rows_and_one_that_nobody_knows_of_is_unknown() {
    let client = client();
    let one = || [json!({ "email": format!("{}@transfer.example", own("one")) })];
    let nowhere = client.import_users("con_0000000000000000", one());
    let rows = collect(nowhere.run()).await;
    let ImportOutcome::Failed(error) = &rows[0].outcome else {
        panic!("{rows:?}");
    };
    assert_eq!(error.code(), Some(Code::BadRequest));
    let lost = json!({
        "operation": "jobs.usersImports.create", "status": 500, "after_commit": true
    });
    let unseen = json!({ "operation": "jobs.get", "status": 500, "times": 3 });
    for (fault, code) in [(lost, Code::OutcomeUnknown), (unseen, Code::Server)] {
        let import = into_database(&client, one()).await;
        fail("fail-next", fault).await;
        let rows = collect(import.run()).await;
        let ImportOutcome::Unknown(error) = &rows[0].outcome else {
            panic!("{rows:?}");
        };
        assert_eq!(error.code(), Some(code));
    }
}

#[wasm_bindgen_test]
async fn an_import_ends_with_its_source_after_what_was_before() -> Result<(), ImportError> {
    let client = client();
    let database = database().await;
    let email = format!("{}@transfer.example", own("last"));
    let mut users = [
        Ok(json!({ "email": email })),
        Err("the disk is gone".parse::<u8>().expect_err("no number")),
    ]
    .into_iter();
    let users = Given(move || users.next());
    let import = client.import_users_stream(&database, users);
    let mut rows = import.poll_seconds(0.01).run();
    let row = rows.try_next().await?.expect("a row");
    assert_eq!((row.row, word(&row)), (Some(0), "ok"));
    let end = rows.try_next().await.expect_err("the source ended");
    assert_eq!(end.to_string(), "invalid digit found in string");
    let ImportError::Source(cause) = end else {
        panic!("{end:?}");
    };
    assert!(cause.is::<ParseIntError>());
    assert_eq!(client.users().list_users_by_email(&email).await?.len(), 1);
    Ok(())
}

#[wasm_bindgen_test]
async fn an_abort_ends_an_import_and_leaves_open_what_was_under_way() -> Result<(), ImportError> {
    let controller = AbortController::new().map_err(Error::Caller)?;
    let aborting = CallOptions::new().abort_signal(controller.signal());
    let client = client().with(aborting);
    let users = (0..3).map(|_| json!({ "email": format!("{}@transfer.example", own("off")) }));
    let import = into_database(&client, users).await;
    let abort = |_: &_| controller.abort_with_reason(&"enough".into());
    let mut rows = import.on_progress(abort).run();
    for _ in 0..3 {
        let row = rows.try_next().await?.expect("a row");
        assert_eq!(word(&row), "unknown");
    }
    let end = rows.try_next().await.expect_err("it was aborted");
    assert!(matches!(&end, ImportError::Call(Error::Caller(why)) if why == "enough"));
    Ok(())
}
