//! Everybody, in WebAssembly: against a server that holds what a tenant rarely does, and against a local tenant.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails has to say where"
)]

mod tenant;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use auth0_users::types::ListUsers;
use auth0_users::verbs::{AllError, AllUsers, Everyone};
use auth0_users::{CallOptions, Client, Code, Error};
use js_sys::{Array, Date, Function, Reflect};
use serde_json::json;
use tenant::{builder, client};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// A search as the API has it: 1,000 of those that a query finds, those of one time in no order that is known.
/// `removed` of the first are deleted with each request, and then it waits.
const SERVER: &str = r#"
const users = sizes.flatMap((size, n) =>
  Array.from({ length: size }, (_, m) => ({
    user_id: `auth0|${(m * 7919) % size}|${n}`,
    email: `${n}.${m}@example.com`,
    created_at: new Date(Date.UTC(2015, 0, 1) + n).toISOString(),
  })),
);
const gone = [];
const answer = (status, body) => new Response(JSON.stringify(body), { status });
const fetch = async (url) => {
  const all = Object.fromEntries(new URL(url).searchParams);
  const [page, size] = [Number(all.page), Number(all.per_page)];
  if (page * size >= 1000) return answer(400, { statusCode: 400, message: "You can only page through the first 1000" });
  const [field, way] = all.sort.split(":");
  if (refused === field) return answer(400, { statusCode: 400, message: "not that" });
  for (let n = 0; n < removed; n++) gone.push(...(way === "1" ? users.splice(0, 1) : users.splice(-1)).map((user) => user.user_id));
  let found = users;
  for (const [, name, open, low, high, close] of (all.q ?? "").matchAll(/(\w+):([[{])(\S+) TO (\S+)([\]}])/g)) {
    const above = (value) => low === "*" || (open === "[" ? value >= low : value > low);
    const below = (value) => high === "*" || (close === "]" ? value <= high : value < high);
    found = found.filter((user) => above(user[name]) && below(user[name]));
  }
  for (const [, name, value] of (all.q ?? "").matchAll(/(created_at):"([^"]+)"/g)) {
    found = found.filter((user) => user[name] === value);
  }
  const order = (a, b) => (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0) * Number(way);
  const here = found.toSorted(order).slice(page * size, (page + 1) * size);
  if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  const total = Math.min(found.length, 1000);
  return answer(200, { start: page * size, limit: size, length: here.length, total, users: here });
};
return [fetch, gone];
"#;

#[derive(Default)]
struct Server {
    sizes: Vec<u32>,
    removed: u32,
    refused: &'static str,
    wait_ms: u32,
}

impl Server {
    /// A client of it, the ids of those who were deleted, and how many there are.
    fn start(&self) -> (Client, Array, u32) {
        let server = Function::new_with_args("sizes, removed, refused, wait", SERVER);
        let sizes: Array = self.sizes.iter().copied().map(JsValue::from).collect();
        let parts = server
            .call4(
                &JsValue::NULL,
                &sizes,
                &self.removed.into(),
                &self.refused.into(),
                &self.wait_ms.into(),
            )
            .expect("a server");
        let [fetch, gone] = [0, 1].map(|n| Reflect::get_u32(&parts, n).expect("a part"));
        let client = builder().fetch(fetch.unchecked_into()).build();
        let total = self.sizes.iter().sum();
        (client.expect("a client"), gone.unchecked_into(), total)
    }
}

fn sorted(sort: &str) -> AllUsers {
    AllUsers {
        sort: Some(sort.to_owned()),
        ..AllUsers::default()
    }
}

/// The ids of some users, each once.
async fn ids(users: &mut Everyone, most: usize) -> Result<Vec<String>, AllError> {
    let mut ids = Vec::new();
    while ids.len() < most
        && let Some(user) = users.try_next().await?
    {
        ids.push(user.user_id);
    }
    let different: BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len());
    Ok(ids)
}

#[wasm_bindgen_test]
async fn everybody_is_given_past_the_cap_with_few_requests() -> Result<(), AllError> {
    for (sizes, most) in [
        (vec![1; 1_000], 12),
        (vec![1_000], 12),
        (vec![2_500], 29),
        (vec![250; 10], 31),
        // It takes two more until it is known what to expect.
        ([300, 1_001].repeat(3), 52),
    ] {
        for sort in ["created_at:1", "created_at:-1"] {
            let (client, _, total) = Server {
                sizes: sizes.clone(),
                ..Server::default()
            }
            .start();
            let mut users = client.users().all(sorted(sort))?;
            let mut last: Option<String> = None;
            let mut read = BTreeSet::new();
            while let Some(user) = users.try_next().await? {
                let at = user.created_at.expect("a time");
                let is_next = |last| {
                    if sort == "created_at:1" {
                        last <= &at
                    } else {
                        last >= &at
                    }
                };
                assert!(last.as_ref().is_none_or(is_next));
                last = Some(at);
                assert!(read.insert(user.user_id));
            }
            let progress = users.progress();
            assert_eq!(read.len(), total as usize);
            assert_eq!(progress.read, u64::from(total));
            assert!(
                progress.requests <= most,
                "{} for {sizes:?} by {sort}",
                progress.requests
            );
        }
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn a_run_goes_on_from_its_cursor_and_loses_and_doubles_nobody() -> Result<(), AllError> {
    // Many of one instant in the midst of others.
    let sizes = [vec![1; 400], vec![1_000], vec![1; 200]].concat();
    let (client, _, total) = Server {
        sizes,
        ..Server::default()
    }
    .start();
    let mut all = Vec::new();
    let mut cursor = None;
    for run in 0.. {
        let given = AllUsers {
            q: Some("email:*".to_owned()),
            fields: vec!["email".to_owned()],
            cursor: cursor.clone(),
            ..AllUsers::default()
        };
        let mut users = client.users().all(given)?;
        let some = ids(&mut users, 1 + run * 90).await?;
        all.extend(some);
        assert_eq!(users.progress().read as usize, all.len());
        cursor = Some(users.cursor());
        if all.len() == total as usize {
            break;
        }
    }
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());

    // As the JavaScript of the package writes it: those of the first time were given.
    let place =
        json!({ "at": "2015-01-01T00:00:00.000Z", "ids": [all[0]], "isBehind": false, "read": 1 });
    let cursor = json!({ "version": 1, "place": place }).to_string();
    let given = AllUsers {
        cursor: Some(cursor),
        ..AllUsers::default()
    };
    let mut users = client.users().all(given)?;
    assert_eq!(ids(&mut users, usize::MAX).await?.len(), all.len() - 1);
    Ok(())
}

#[wasm_bindgen_test]
fn a_cursor_leads_on_with_the_default_sort_left_out_or_named() -> Result<(), AllError> {
    let client = client();
    let run = |sort: Option<&str>, cursor| {
        client.users().all(AllUsers {
            sort: sort.map(str::to_owned),
            cursor,
            ..AllUsers::default()
        })
    };
    let old = json!({ "version": 1, "place": {} }).to_string();
    for before in [None, Some("created_at:1")] {
        let cursor = run(before, None)?.cursor();
        for cursor in [&cursor, &old] {
            for after in [None, Some("created_at:1")] {
                let _ = run(after, Some(cursor.clone()))?;
            }
            let other = run(Some("created_at:-1"), Some(cursor.clone()));
            assert!(matches!(other, Err(Error::Invalid(_))), "{cursor}");
        }
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn who_stays_is_given_while_others_are_deleted() -> Result<(), AllError> {
    for (sort, sizes) in [
        ("created_at:1", vec![1; 2_000]),
        ("created_at:-1", vec![7; 250]),
        ("created_at:1", vec![1_500, 400]),
        ("email:1", vec![1; 900]),
    ] {
        let server = Server {
            sizes,
            removed: 2,
            ..Server::default()
        };
        let (client, gone, total) = server.start();
        let given = ids(&mut client.users().all(sorted(sort))?, usize::MAX).await?;
        let gone: BTreeSet<_> = gone.iter().filter_map(|id| id.as_string()).collect();
        let stayed = given.iter().filter(|id| !gone.contains(*id)).count();
        assert_ne!(gone.len(), 0);
        assert_eq!(stayed, total as usize - gone.len(), "{sort}");
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn what_cannot_be_reached_is_an_error() -> Result<(), AllError> {
    let (client, ..) = Server {
        sizes: vec![1; 1_000],
        ..Server::default()
    }
    .start();
    let mut users = client.users().all(sorted("email:1"))?;
    let Err(AllError::PageCap(capped)) = users.try_next().await else {
        panic!("more than a search reaches");
    };
    assert_eq!(
        (capped.total, capped.cap, &capped.from),
        (1_000, 1_000, &None)
    );
    assert_eq!(users.progress().read, 0);
    assert!(users.try_next().await?.is_none());

    let server = Server {
        sizes: vec![1_200],
        refused: "user_id",
        ..Server::default()
    };
    let mut users = server.start().0.users().all(AllUsers::default())?;
    let Err(error) = ids(&mut users, usize::MAX).await else {
        panic!("an instant that cannot be split");
    };
    let AllError::PageCap(capped) = &error else {
        panic!("{error}");
    };
    let at = Some("2015-01-01T00:00:00.000Z".to_owned());
    assert_eq!((&capped.from, &capped.to), (&at, &at));
    assert_eq!(
        capped.cause.as_ref().and_then(Error::code),
        Some(Code::BadRequest)
    );
    assert!(error.to_string().contains("does not read them by user_id"));
    Ok(())
}

#[wasm_bindgen_test]
async fn progress_is_told_after_each_page_that_was_read() -> Result<(), AllError> {
    for (sizes, refused) in [(vec![1; 2_000], ""), (vec![1_200], "user_id")] {
        let server = Server {
            sizes,
            refused,
            ..Server::default()
        };
        let (client, _, total) = server.start();
        let told = Rc::new(RefCell::new(Vec::new()));
        let kept = Rc::clone(&told);
        let users = client.users().all(AllUsers::default())?;
        let mut users = users.on_progress(move |now| kept.borrow_mut().push(now.clone()));
        assert!(told.borrow().is_empty(), "nothing is read yet");
        let is_whole = ids(&mut users, usize::MAX).await.is_ok();
        assert_eq!(is_whole, refused.is_empty());

        let (told, end) = (told.borrow(), users.progress());
        let answered = end.requests - u64::from(!is_whole);
        assert_eq!(told.len() as u64, answered);
        assert!(told.is_sorted_by_key(|now| (now.read, now.requests)));
        let (first, last) = (&told[0], &told[told.len() - 1]);
        assert_eq!((first.read, first.requests, &first.from), (0, 1, &None));
        if is_whole {
            assert_eq!((end.read, last.requests), (u64::from(total), end.requests));
            assert!(last.read > 1_000 && last.from.is_some());
        }
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn a_deadline_is_for_the_whole_run_and_the_cursor_leads_on() -> Result<(), AllError> {
    let server = Server {
        sizes: vec![1; 1_500],
        wait_ms: 40,
        ..Server::default()
    };
    let (client, _, total) = server.start();
    let hasty = client.with(CallOptions::new().deadline_in_seconds(0.15));
    let mut users = hasty.users().all(AllUsers::default())?;
    let mut read = 0;
    let error = loop {
        match users.try_next().await {
            Ok(user) => assert!(
                user.is_some(),
                "the run was to end before everybody was read"
            ),
            Err(error) => break error,
        }
        read += 1;
    };
    assert!(matches!(&error, AllError::Call(error) if error.code() == Some(Code::Deadline)));
    let given = AllUsers {
        cursor: Some(users.cursor()),
        ..AllUsers::default()
    };
    let rest = ids(&mut client.users().all(given)?, usize::MAX).await?;
    assert_eq!(read + rest.len(), total as usize);
    Ok(())
}

#[wasm_bindgen_test]
fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let client = client();
    let cursor = client
        .users()
        .all(AllUsers {
            q: Some("a".to_owned()),
            ..AllUsers::default()
        })
        .expect("a run")
        .cursor();
    for (q, cursor) in [(None, "x"), (None, "{}"), (Some("b"), cursor.as_str())] {
        let given = AllUsers {
            q: q.map(str::to_owned),
            cursor: Some(cursor.to_owned()),
            ..AllUsers::default()
        };
        assert!(
            matches!(client.users().all(given), Err(Error::Invalid(_))),
            "{cursor}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_tenant_is_read_to_its_end() -> Result<(), AllError> {
    let client = client();
    // Those of other tests come and go, and searches see it late.
    let yesterday = Date::new(&(Date::now() - 86_400_000.0).into()).to_iso_string();
    let q = format!("created_at:[* TO {yesterday}]");
    let listed = ListUsers {
        q: Some(q.clone()),
        ..ListUsers::default()
    };
    let total = client.users().list(&listed).await?.total;
    let mut lists = Vec::new();
    for sort in ["created_at:1", "created_at:-1"] {
        let given = AllUsers {
            q: Some(q.clone()),
            ..sorted(sort)
        };
        let mut ids = ids(&mut client.users().all(given)?, usize::MAX).await?;
        ids.sort();
        lists.push(ids);
    }
    assert_eq!(lists[0].len() as u64, total.expect("a total"));
    assert_ne!(lists[0].len(), 0);
    assert_eq!(lists[0], lists[1]);
    Ok(())
}
