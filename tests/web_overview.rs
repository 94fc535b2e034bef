//! What is read of one user at the same time, typed, in WebAssembly.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails has to say where"
)]

mod tenant;

use auth0_users::verbs::{Outcome, Part};
use auth0_users::{CallOptions, Client, Code, Error};
use js_sys::{Function, Reflect};
use tenant::{builder, client, people};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

#[wasm_bindgen_test]
async fn an_overview_has_each_part() -> Result<(), Error> {
    let client = client();
    let id = &people(1).await[0];
    let overview = client.users().overview(id).await?;
    assert_eq!(&overview.user?.user_id, id);
    assert!(overview.blocks?.is_empty());
    assert!(overview.enrollments?.is_empty());
    assert!(overview.authentication_methods?.items.is_empty());
    assert!(overview.roles?.items.is_empty());
    assert!(overview.permissions?.items.is_empty());
    assert!(overview.organizations?.items.is_empty());
    assert!(overview.groups?.items.is_empty());
    assert!(overview.connected_accounts?.items.is_empty());
    assert!(!overview.sessions?.has_more);
    assert!(!overview.refresh_tokens?.has_more);
    assert!(!overview.logs?.has_more);
    let nobody = client.users().overview("auth0|nobody").await;
    let nobody = nobody.expect_err("nobody");
    assert_eq!(nobody.code(), Some(Code::NotFound));
    Ok(())
}

/// Has no users. It takes `room` requests. When it has got those, it says that a user is not there, and that it takes
/// more in a second; to all else it says nothing, until that is given up.
const SERVER: &str = r#"
const told = { sent: 0, ended: 0 };
let full;
const isFull = new Promise((resolve) => (full = resolve));
const answer = (status, remaining, resetSeconds) => {
  const headers = { "x-ratelimit-limit": 50, "x-ratelimit-remaining": remaining };
  headers["x-ratelimit-reset"] = Math.ceil(Date.now() / 1000) + resetSeconds;
  return new Response('{"statusCode":404,"user_id":"first"}', { status, headers });
};
const fetch = (url, { signal }) => {
  if (url.endsWith("/users/first")) return Promise.resolve(answer(200, room, 3600));
  if (++told.sent === room) full();
  if (/\/users\/[^/]+$/.test(url)) return isFull.then(() => answer(404, 0, 1));
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      told.ended++;
      reject(signal.reason);
    });
  });
};
return [fetch, told];
"#;

struct Server {
    client: Client,
    told: JsValue,
}

impl Server {
    async fn start(room: u32) -> Result<Self, Error> {
        let server = Function::new_with_args("room", SERVER);
        let parts = server.call1(&JsValue::NULL, &room.into());
        let parts = parts.expect("a server");
        let [fetch, told] = [0, 1].map(|n| Reflect::get_u32(&parts, n).expect("a part"));
        let client = builder().fetch(fetch.unchecked_into()).build()?;
        // Its answer says how many may be sent.
        client.users().get("first").await?;
        Ok(Self { client, told })
    }

    /// How many requests were sent, and how many of those were given up.
    fn told(&self) -> [f64; 2] {
        ["sent", "ended"].map(|name| {
            let count = Reflect::get(&self.told, &name.into());
            count.expect("a count").as_f64().expect("a number")
        })
    }

    /// Nothing is sent but what is called for now.
    async fn is_quiet(&self) -> bool {
        let [sent, ended] = self.told();
        let nobody = self.client.users().get("nobody").await;
        nobody.is_err() && self.told() == [sent + 1.0, ended]
    }
}

#[wasm_bindgen_test]
async fn nothing_more_is_read_of_a_user_who_is_not_there() -> Result<(), Error> {
    for (room, ended) in [(4, 3.0), (12, 11.0)] {
        let server = Server::start(room).await?;
        let nobody = server.client.users().overview("auth0|nobody").await;
        assert_eq!(nobody.expect_err("nobody").code(), Some(Code::NotFound));
        assert_eq!(server.told(), [f64::from(room), ended]);
        assert!(server.is_quiet().await, "{room}");
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn nothing_more_is_read_of_many_users_where_one_part_fails() -> Result<(), Error> {
    let server = Server::start(2).await?;
    let parts = [Part::Profile, Part::Roles, Part::Sessions];
    let users = server.client.users();
    let mut run = users.hydrate(["auth0|nobody"], &parts).run().await?;
    let result = run.try_next().await.expect("a result").expect("a result");
    assert!(
        matches!(result.outcome, Outcome::Failed(error) if error.code() == Some(Code::NotFound))
    );
    assert_eq!(server.told(), [2.0, 1.0]);
    assert!(server.is_quiet().await);
    Ok(())
}

#[wasm_bindgen_test]
async fn an_overview_that_is_aborted_fails_with_the_reason() -> Result<(), Error> {
    let controller = AbortController::new().map_err(Error::Caller)?;
    let client = client().with(CallOptions::new().abort_signal(controller.signal()));
    controller.abort_with_reason(&"enough".into());
    let end = client.users().overview("auth0|nobody").await;
    assert!(matches!(end, Err(Error::Caller(reason)) if reason == "enough"));
    Ok(())
}
