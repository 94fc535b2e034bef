//! The accounts of a user with identity providers.

use super::*;
use crate::types::{Identity, LinkIdentity};

impl Identities<'_> {
    /// Links another account to the user and gives all accounts, the primary one first
    /// (`POST /users/{id}/identities`).
    ///
    /// The other user disappears; its profile becomes that of its account, and its metadata is
    /// lost. Fails with status 400 if the account is unknown, the user's own, or its token is not
    /// accepted, and with 409 if it is linked already. Sent once.
    pub async fn link(&self, id: &str, account: &LinkIdentity) -> Result<Vec<Identity>, Error> {
        let operation = &op::USERS_IDENTITIES_LINK;
        self.0.call(operation, &[id], account).await
    }

    /// Makes a linked account a user of its own again and gives those that are left
    /// (`DELETE /users/{id}/identities/{provider}/{user_id}`).
    ///
    /// Takes the id without its provider; with it the server changes nothing and still succeeds.
    /// Fails with status 400 for the primary account.
    pub async fn delete(
        &self,
        id: &str,
        provider: &str,
        user_id: &str,
    ) -> Result<Vec<Identity>, Error> {
        let operation = &op::USERS_IDENTITIES_DELETE;
        self.0.call(operation, &[id, provider, user_id], &()).await
    }
}
