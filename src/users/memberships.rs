//! What a user belongs to, and the accounts elsewhere that belong to the user.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{
    CheckpointQuery, ConnectedAccount, Group, GroupsQuery, Organization, OrganizationsQuery,
};

impl Groups<'_> {
    /// Lists the groups of a user, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/groups` · `read:groups` · immediate · idempotent
    pub async fn get(&self, id: &str, query: &GroupsQuery) -> Result<Page<Group>, Error> {
        self.0.list(&op::USERS_GROUPS_GET, &[id], query).await
    }
}

impl Organizations<'_> {
    /// Lists the organizations of a user, page by page.
    ///
    /// Goes on to the last one, unless it is asked for a `page`, `per_page` or `include_totals`: by
    /// these the server reaches the first 1,000 and rejects what is beyond with status 400. Fails
    /// with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/organizations` · `read:organizations` or `read:users` · immediate · idempotent
    pub async fn list(
        &self,
        id: &str,
        query: &OrganizationsQuery,
    ) -> Result<Page<Organization>, Error> {
        let operation = &op::USERS_ORGANIZATIONS_LIST;
        self.0.list(operation, &[id], query).await
    }
}

impl ConnectedAccounts<'_> {
    /// Lists the accounts elsewhere that a user has connected, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/connected-accounts` · `read:users` · immediate · idempotent
    pub async fn list(
        &self,
        id: &str,
        query: &CheckpointQuery,
    ) -> Result<Page<ConnectedAccount>, Error> {
        let operation = &op::USERS_CONNECTED_ACCOUNTS_LIST;
        self.0.list(operation, &[id], query).await
    }
}
