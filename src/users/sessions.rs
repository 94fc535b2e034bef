//! The sessions and refresh tokens of a user.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{self, Session, SessionsQuery};

impl Sessions<'_> {
    /// Lists the sessions of a user, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{user_id}/sessions` · `read:sessions` · eventual · idempotent
    pub async fn list(&self, user_id: &str, query: &SessionsQuery) -> Result<Page<Session>, Error> {
        let operation = &op::USERS_SESSIONS_LIST;
        self.0.list(operation, &[user_id], query).await
    }

    /// Ends all sessions of a user.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `DELETE /users/{user_id}/sessions` · `delete:sessions` · eventual · idempotent
    pub async fn delete(&self, user_id: &str) -> Result<(), Error> {
        self.0
            .call(&op::USERS_SESSIONS_DELETE, &[user_id], &())
            .await
    }
}

impl RefreshToken<'_> {
    /// Lists the refresh tokens of a user, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{user_id}/refresh-tokens` · `read:refresh_tokens` · eventual · idempotent
    pub async fn list(
        &self,
        user_id: &str,
        query: &SessionsQuery,
    ) -> Result<Page<types::RefreshToken>, Error> {
        let operation = &op::USERS_REFRESH_TOKEN_LIST;
        self.0.list(operation, &[user_id], query).await
    }

    /// Revokes all refresh tokens of a user.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `DELETE /users/{user_id}/refresh-tokens` · `delete:refresh_tokens` · eventual · idempotent
    pub async fn delete(&self, user_id: &str) -> Result<(), Error> {
        let operation = &op::USERS_REFRESH_TOKEN_DELETE;
        self.0.call(operation, &[user_id], &()).await
    }
}
