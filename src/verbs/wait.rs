//! Until a search knows what a read knows.

use super::{calls::Calls, find::search};
use crate::{engine::parse_date, error::Error, types::User, users::Users};

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
    /// Fails with [`Code::Deadline`](crate::Code::Deadline) at the deadline of the call, or after 30 seconds without one, and
    /// with status 404 if there is no such user.
    pub async fn wait_until_indexed(&self, id: &str) -> Result<User, Error> {
        let calls = Calls::at_most(self.0, DEADLINE_MS);
        let wanted = calls.client().users().get(id).await?.updated_at;
        let (mut pause_ms, longest_ms) = PAUSES_MS;
        let mut looks = 0_u32;
        loop {
            looks = looks.saturating_add(1);
            let users = search(&calls.client(), "user_id", id).await?;
            let user = users.into_iter().find(|user| user.user_id == id);
            let is_old = |user: &User| date(user.updated_at.as_deref()) < date(wanted.as_deref());
            if let Some(user) = user.filter(|user| !is_old(user)) {
                return Ok(user);
            }
            if calls.left_ms() <= pause_ms {
                return Err(calls.late("users.waitUntilIndexed", looks));
            }
            calls.pause(pause_ms).await?;
            pause_ms = (pause_ms * 2.0).min(longest_ms);
        }
    }
}
