//! The sessions and refresh tokens of a user.

use super::*;
use crate::types::{self, Session, SessionsQuery};

impl Sessions<'_> {
    /// Lists the sessions of a user, page by page (`GET /users/{user_id}/sessions`).
    ///
    /// Eventually consistent. Fails with status 404 if there is no such user.
    pub async fn list(&self, user_id: &str, query: &SessionsQuery) -> Result<Page<Session>, Error> {
        let operation = &op::USERS_SESSIONS_LIST;
        self.0.list(operation, &[user_id], query).await
    }

    /// Ends all sessions of a user (`DELETE /users/{user_id}/sessions`).
    ///
    /// Takes effect some time after the answer. Fails with status 404 if there is no such user.
    pub async fn delete(&self, user_id: &str) -> Result<(), Error> {
        self.0
            .call(&op::USERS_SESSIONS_DELETE, &[user_id], &())
            .await
    }
}

impl RefreshToken<'_> {
    /// Lists the refresh tokens of a user, page by page (`GET /users/{user_id}/refresh-tokens`).
    ///
    /// Eventually consistent. Fails with status 404 if there is no such user.
    pub async fn list(
        &self,
        user_id: &str,
        query: &SessionsQuery,
    ) -> Result<Page<types::RefreshToken>, Error> {
        let operation = &op::USERS_REFRESH_TOKEN_LIST;
        self.0.list(operation, &[user_id], query).await
    }

    /// Revokes all refresh tokens of a user (`DELETE /users/{user_id}/refresh-tokens`).
    ///
    /// Takes effect some time after the answer. Fails with status 404 if there is no such user.
    pub async fn delete(&self, user_id: &str) -> Result<(), Error> {
        let operation = &op::USERS_REFRESH_TOKEN_DELETE;
        self.0.call(operation, &[user_id], &()).await
    }
}
