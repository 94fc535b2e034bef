//! Blocks after failed logins, which are not the `blocked` of a user.

use auth0_users_core::{Error, operations as op};

use crate::{
    client::Client,
    types::{Blocks, BlocksByIdentifierQuery, BlocksQuery, ByIdentifier},
};

/// `client.user_blocks()`
#[derive(Clone, Copy)]
pub struct UserBlocks<'a>(pub(crate) &'a Client);

impl Client {
    /// Blocks after failed logins.
    #[must_use]
    pub fn user_blocks(&self) -> UserBlocks<'_> {
        UserBlocks(self)
    }
}

impl UserBlocks<'_> {
    /// Reads the blocks of a user name, phone number or email.
    ///
    /// `GET /user-blocks` · `read:users` · immediate · idempotent
    pub async fn list_by_identifier(
        &self,
        query: &BlocksByIdentifierQuery,
    ) -> Result<Blocks, Error> {
        let operation = &op::USER_BLOCKS_LIST_BY_IDENTIFIER;
        self.0.call(operation, &[], query).await
    }

    /// Lifts the blocks of a user name, phone number or email.
    ///
    /// Does not change the `blocked` of a user.
    ///
    /// `DELETE /user-blocks` · `update:users` · immediate · idempotent
    pub async fn delete_by_identifier(&self, identifier: &str) -> Result<(), Error> {
        let query = ByIdentifier { identifier };
        let operation = &op::USER_BLOCKS_DELETE_BY_IDENTIFIER;
        self.0.call(operation, &[], &query).await
    }

    /// Reads the blocks of a user.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /user-blocks/{id}` · `read:users` · immediate · idempotent
    pub async fn list(&self, id: &str, query: &BlocksQuery) -> Result<Blocks, Error> {
        self.0.call(&op::USER_BLOCKS_LIST, &[id], query).await
    }

    /// Lifts the blocks of a user.
    ///
    /// Does not change the `blocked` of the user. Fails with status 404 if there is no such user.
    ///
    /// `DELETE /user-blocks/{id}` · `update:users` · immediate · idempotent
    pub async fn delete(&self, id: &str) -> Result<(), Error> {
        self.0.call(&op::USER_BLOCKS_DELETE, &[id], &()).await
    }
}
