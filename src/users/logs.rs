//! What the log of the tenant holds about a user.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{Log, LogsQuery};

impl Logs<'_> {
    /// Lists what the log of the tenant holds about a user, page by page.
    ///
    /// Reaches the first 1,000 events.
    ///
    /// `GET /users/{id}/logs` · `read:logs` or `read:logs_users` · eventual · idempotent
    pub async fn list(&self, id: &str, query: &LogsQuery) -> Result<Page<Log>, Error> {
        self.0.list(&op::USERS_LOGS_LIST, &[id], query).await
    }
}
