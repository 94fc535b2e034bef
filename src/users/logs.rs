//! What the log of the tenant holds about a user.

use super::*;
use crate::types::{Log, LogsQuery};

impl Logs<'_> {
    /// Lists the events of a user, page by page (`GET /users/{id}/logs`). Reaches the first 1,000.
    pub async fn list(&self, id: &str, query: &LogsQuery) -> Result<Page<Log>, Error> {
        self.0.list(&op::USERS_LOGS_LIST, &[id], query).await
    }
}
