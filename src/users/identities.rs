//! The accounts of a user with identity providers.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{Identity, LinkIdentity};

impl Identities<'_> {
    /// Links another account to the user.
    ///
    /// Gives all accounts, the primary one first. The other user disappears; its profile becomes
    /// the `profile_data` of its account, and its metadata is lost.
    /// `update:current_user_identities` is for one's own, with `link_with`. Fails with status 400
    /// if the account is unknown, the user's own, or its token is not accepted, and with 409 if it
    /// is linked already.
    ///
    /// `POST /users/{id}/identities` · `update:users` or `update:current_user_identities` ·
    /// immediate · sent once
    pub async fn link(&self, id: &str, account: &LinkIdentity) -> Result<Vec<Identity>, Error> {
        let operation = &op::USERS_IDENTITIES_LINK;
        self.0.call(operation, &[id], account).await
    }

    /// Makes a linked account a user of its own again, without metadata.
    ///
    /// Takes the id without its provider; with it the server changes nothing and still succeeds.
    /// Gives the accounts that are left. `update:current_user_identities` is for one's own. Fails
    /// with status 400 for the primary account.
    ///
    /// `DELETE /users/{id}/identities/{provider}/{user_id}` · `update:users` or
    /// `update:current_user_identities` · immediate · idempotent
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
