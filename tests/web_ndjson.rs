//! Values from streams with one JSON value per line, typed, in WebAssembly.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails has to say where"
)]

mod tenant;

use std::fmt::Write as _;
use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use auth0_users::types::{UpdateUser, User};
use auth0_users::verbs::{BulkError, ImportError, Outcome, Results, ndjson};
use auth0_users::{Client, Error};
use js_sys::{Array, Function, Promise, Reflect, TypeError, Uint8Array};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tenant::{CONNECTION, client, people, updates};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::ReadableStream;

/// A stream that gives these, one each time that it is asked for one, and then ends: it fails, or stays silent. And
/// a promise that it is cancelled.
const SOURCE: &str = r#"
let cancel;
const cancelled = new Promise((resolve) => (cancel = resolve));
const stream = new ReadableStream({
  pull(controller) {
    if (stream.given < chunks.length) return controller.enqueue(chunks[stream.given++]);
    if (end === "silence") return new Promise(() => {});
    if (end) controller.error(end);
    else controller.close();
  },
  cancel,
});
stream.given = 0;
return [stream, cancelled];
"#;

struct Source {
    stream: ReadableStream,
    cancelled: Promise,
}

impl Source {
    fn new(chunks: &Array, end: &JsValue) -> Self {
        let source = Function::new_with_args("chunks, end", SOURCE);
        let parts = source.call2(&JsValue::NULL, chunks, end).expect("a source");
        let [stream, cancelled] = [0, 1].map(|n| Reflect::get_u32(&parts, n).expect("a part"));
        Self {
            stream: stream.unchecked_into(),
            cancelled: cancelled.unchecked_into(),
        }
    }

    /// Bytes in pieces, which end where nobody would end them.
    fn of(text: &str) -> Self {
        let pieces = text.as_bytes().chunks(97).map(Uint8Array::from);
        Self::new(&pieces.map(JsValue::from).collect(), &JsValue::UNDEFINED)
    }

    /// Waits until it is cancelled.
    async fn cancelled(&self) {
        let cancelled = JsFuture::from(self.cancelled.clone()).await;
        cancelled.expect("the end");
    }
}

/// What is read, and the error that it ends with.
async fn read<T: DeserializeOwned + 'static>(stream: ReadableStream) -> (Vec<T>, Option<Error>) {
    let mut values = ndjson::<T>(stream);
    let mut read = Vec::new();
    loop {
        match values.try_next().await {
            Ok(Some(value)) => read.push(value),
            Ok(None) => return (read, None),
            Err(error) => {
                assert!(values.try_next().await.expect("the end").is_none());
                return (read, Some(error));
            }
        }
    }
}

fn is_invalid(error: Option<Error>, message: &str) {
    let Some(Error::Invalid(text)) = error else {
        panic!("{error:?}");
    };
    assert_eq!(text, message);
}

fn is_type_error(error: Option<Error>) -> bool {
    matches!(error, Some(Error::Caller(cause)) if cause.is_instance_of::<TypeError>())
}

/// Changes of users, a line each.
fn changes(ids: &[String]) -> String {
    let mut text = String::new();
    for (n, id) in ids.iter().enumerate() {
        let change = json!({ "user_id": id, "nickname": format!("Zoë {n}") });
        writeln!(text, "{change}").expect("a line");
    }
    text
}

async fn rename(client: Client, user: &User) -> Result<User, Error> {
    let changes = UpdateUser {
        nickname: user.nickname.as_deref().expect("a name").into(),
        ..UpdateUser::default()
    };
    client.users().update(&user.user_id, &changes).await
}

#[wasm_bindgen_test]
async fn a_file_is_the_source_of_a_run() -> Result<(), BulkError> {
    let ids = people(200).await;
    let source = Source::of(&changes(&ids));
    let run = client().bulk_stream(ndjson(source.stream), rename);
    let mut run = run.run().await?;
    let mut done = Vec::new();
    while let Some(result) = run.try_next().await? {
        let Outcome::Ok(user) = result.outcome else {
            panic!("{result:?}");
        };
        assert_eq!(user.nickname, result.item.nickname);
        done.push(user.user_id);
    }
    assert_eq!(updates(&ids).await, 200);
    let mut ids = ids;
    ids.sort();
    done.sort();
    assert_eq!(done, ids);
    Ok(())
}

#[wasm_bindgen_test]
async fn a_broken_line_ends_a_run_after_what_came_before() -> Result<(), BulkError> {
    let ids = people(100).await;
    let text = changes(&ids);
    let mut lines: Vec<_> = text.lines().collect();
    lines[56] = r#"{"user_id":"#;
    let source = Source::of(&lines.join("\n"));
    let stream = source.stream.clone();
    let mut run = client().bulk_stream(ndjson(stream), rename).run().await?;
    let mut done = Vec::new();
    let end = loop {
        match run.try_next().await {
            Ok(Some(result)) => done.push(result.id),
            Ok(None) => panic!("line 57 cannot be read"),
            Err(error) => break error,
        }
    };
    assert_eq!(end.to_string(), "line 57 is not JSON");
    let BulkError::Source(cause) = end else {
        panic!("{end:?}");
    };
    assert!(matches!(cause.downcast_ref(), Some(Error::Invalid(_))));
    assert_eq!((done.len(), updates(&ids).await), (56, 56));
    assert_eq!(updates(&ids[..56]).await, 56);
    source.cancelled().await;
    Ok(())
}

#[wasm_bindgen_test]
async fn a_broken_line_ends_an_import_too() {
    let source = Source::of("[1]x");
    let users = ndjson::<Value>(source.stream);
    let mut rows = client().import_users_stream(CONNECTION, users).run();
    let Err(ImportError::Source(cause)) = rows.try_next().await else {
        panic!("line 1 cannot be read");
    };
    is_invalid(cause.downcast_ref().cloned(), "line 1 is not JSON");
}

#[wasm_bindgen_test]
async fn lines_are_those_of_any_editor() {
    let text = "\u{feff}1\r\n\r\n  \n \"zwei\u{2028}\" \r\n{\"n\":3}\n[4]";
    let expected = [
        json!(1),
        json!("zwei\u{2028}"),
        json!({ "n": 3 }),
        json!([4]),
    ];
    let bytes = text
        .bytes()
        .map(|byte| JsValue::from(Uint8Array::from(&[byte][..])));
    let characters = text.chars().map(|c| JsValue::from(c.to_string()));
    for chunks in [bytes.collect(), characters.collect::<Array>()] {
        let source = Source::new(&chunks, &JsValue::UNDEFINED);
        let (values, error) = read::<Value>(source.stream).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(values, expected);
    }
    for (text, count) in [("", 0), ("\n\n", 0), ("1", 1), ("1\n", 1)] {
        let (values, error) = read::<u8>(Source::of(text).stream).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(values.len(), count, "{text:?}");
    }
}

/// The chunks of a text that is compressed.
async fn packed(text: &str) -> Array {
    let pack = "const source = new Blob([text]).stream();
        const reader = source.pipeThrough(new CompressionStream('gzip')).getReader();
        const chunks = [];
        const next = ({ done, value }) => (done ? chunks : (chunks.push(value), reader.read().then(next)));
        return reader.read().then(next)";
    let pack = Function::new_with_args("text", pack);
    let chunks = pack.call1(&JsValue::NULL, &text.into()).expect("chunks");
    let chunks = JsFuture::from(chunks.unchecked_into::<Promise>()).await;
    chunks.expect("chunks").unchecked_into()
}

#[wasm_bindgen_test]
async fn what_is_compressed_is_unpacked() -> Result<(), Error> {
    let text: String = (0..50_000).map(|n| format!("{n}\n")).collect();
    let chunks = packed(&text).await;
    let source = Source::new(&chunks, &JsValue::UNDEFINED);
    let (values, error) = read::<u32>(source.stream).await;
    assert!(error.is_none(), "{error:?}");
    assert!(values.into_iter().eq(0..50_000));

    let whole = Uint8Array::new(&chunks.get(0));
    let pieces = [
        whole.slice(0, 0),
        whole.slice(0, 1),
        whole.slice(1, whole.length()),
    ];
    let pieces: Array = pieces.map(JsValue::from).into_iter().collect();
    let pieces = pieces.concat(&chunks.slice(1, chunks.length()));
    let source = Source::new(&pieces, &JsValue::UNDEFINED);
    let (values, error) = read::<u32>(source.stream).await;
    assert!(error.is_none(), "{error:?}");
    assert!(values.into_iter().eq(0..50_000));

    let source = Source::new(&chunks, &"gone".into());
    let (_, error) = read::<u32>(source.stream).await;
    assert!(matches!(error, Some(Error::Caller(_))), "{error:?}");

    let source = Source::new(&chunks, &"silence".into());
    assert_eq!(first(ndjson(source.stream.clone())).await?, Some(0));
    source.cancelled().await;
    Ok(())
}

#[wasm_bindgen_test]
async fn what_is_compressed_is_read_no_faster_than_its_values_are() -> Result<(), Error> {
    // Of the kind that stays large.
    let mut number = 1_u64;
    let text: String = (0..200_000)
        .map(|_| {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            format!("{number}\n")
        })
        .collect();
    let chunks = packed(&text).await;
    let source = Source::new(&chunks, &JsValue::UNDEFINED);
    let mut values = ndjson::<u64>(source.stream.clone());
    assert!(values.try_next().await?.is_some());
    let pause = Function::new_no_args("return new Promise((resolve) => setTimeout(resolve, 100))");
    let pause = pause.call0(&JsValue::NULL).expect("a promise");
    JsFuture::from(pause.unchecked_into::<Promise>())
        .await
        .expect("no failure");
    let given = Reflect::get(&source.stream, &"given".into()).expect("a number");
    let given = given.as_f64().expect("a number");
    assert!(
        given < f64::from(chunks.length()) / 2.0,
        "{given} of {}",
        chunks.length()
    );
    let mut count = 1;
    while values.try_next().await?.is_some() {
        count += 1;
    }
    assert_eq!(count, 200_000);
    Ok(())
}

#[wasm_bindgen_test]
async fn empty_lines_count_and_an_error_says_nothing_of_what_is_there() {
    for (text, message) in [
        ("1\n\n\nsecret\n5", "line 4 is not JSON"),
        ("1\n\"secret\"\n3", "line 2 is not what was asked for"),
        ("1\n2 3", "line 2 is not JSON"),
    ] {
        let (values, error) = read::<u8>(Source::of(text).stream).await;
        assert_eq!(values, [1]);
        is_invalid(error, message);
    }
}

#[wasm_bindgen_test]
async fn what_fails_in_the_stream_is_passed_on() {
    let chunks = Array::of1(&"1\n2".into());
    let (values, error) = read::<u8>(Source::new(&chunks, &"gone".into()).stream).await;
    assert_eq!(values, [1]);
    assert!(matches!(error, Some(Error::Caller(reason)) if reason == "gone"));

    let chunks = Array::of2(&"1\n".into(), &2.into());
    let source = Source::new(&chunks, &"silence".into());
    let (values, error) = read::<u8>(source.stream.clone()).await;
    assert_eq!(values, [1]);
    assert!(is_type_error(error));
    source.cancelled().await;

    let stream = Source::of("1").stream;
    let _twins = stream.tee();
    let (values, error) = read::<u8>(stream).await;
    assert!(values.is_empty() && is_type_error(error));
}

async fn first(mut values: Results<'static, u8, Error>) -> Result<Option<u8>, Error> {
    values.try_next().await
}

#[wasm_bindgen_test]
async fn a_stream_is_cancelled_when_nobody_asks_for_more() -> Result<(), Error> {
    let chunks = Array::of2(&"1\n".into(), &"2\n".into());
    let source = Source::new(&chunks, &"silence".into());
    assert_eq!(first(ndjson(source.stream.clone())).await?, Some(1));
    source.cancelled().await;

    // And so it is when that is before it has given anything.
    let source = Source::new(&Array::new(), &"silence".into());
    {
        let mut waiting = pin!(first(ndjson(source.stream.clone())));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(waiting.as_mut().poll(&mut context), Poll::Pending));
    }
    source.cancelled().await;
    Ok(())
}
