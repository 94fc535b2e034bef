//! Until a search knows what a read knows.

use js_sys::Date;
use wasm_bindgen::JsValue;

use super::{Work, find::search};
use crate::{
    engine::parse_date,
    error::{Code, Error, Failure},
    transport::{Broken, Guard},
    types::User,
    users::Users,
};

/// Between two looks, in milliseconds: at first, and at most.
const PAUSES_MS: (f64, f64) = (250.0, 2_000.0);
/// How long to wait where the call has no deadline.
const DEADLINE_MS: f64 = 30_000.0;

fn date(text: Option<&str>) -> f64 {
    text.map_or(f64::NAN, |text| parse_date(&text.into()))
}

impl Users<'_> {
    /// Waits until a search finds a user as it is now (`GET /users/{id}`, and then `GET /users` again
    /// and again with longer pauses), and gives the user as the search has it. For programs and tests
    /// that list what they have just changed.
    ///
    /// Fails with [`Code::Deadline`] at the deadline of the call, or after 30 seconds without one, and
    /// with status 404 if there is no such user.
    pub async fn wait_until_indexed(&self, id: &str) -> Result<User, Error> {
        let deadline_ms = self.0.options().deadline_ms.unwrap_or(DEADLINE_MS);
        let end_ms = Date::now() + deadline_ms;
        let mut work = Work::new(self.0, false);
        work.until_ms = Some(end_ms);
        let wanted = work.client().users().get(id).await?.updated_at;
        let (mut pause_ms, longest_ms) = PAUSES_MS;
        let mut looks = 0_u32;
        loop {
            looks = looks.saturating_add(1);
            let users = search(&work.client(), "user_id", id).await?;
            let user = users.into_iter().find(|user| user.user_id == id);
            let is_old = |user: &User| date(user.updated_at.as_deref()) < date(wanted.as_deref());
            if let Some(user) = user.filter(|user| !is_old(user)) {
                return Ok(user);
            }
            if Date::now() + pause_ms >= end_ms {
                let name = "users.waitUntilIndexed";
                let failure = Failure::new(Code::Deadline, name, looks, JsValue::UNDEFINED, None);
                return Err(Error::Failed(failure));
            }
            let signal = self.0.options().signal.as_ref();
            let slept = match Guard::new(pause_ms, signal) {
                Ok(guard) => guard.sleep().await,
                Err(broken) => Err(broken),
            };
            if let Err(Broken::Aborted(reason) | Broken::Failed(reason)) = slept {
                return Err(Error::Caller(reason));
            }
            pause_ms = (pause_ms * 2.0).min(longest_ms);
        }
    }
}
