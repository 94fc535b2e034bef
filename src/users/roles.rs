//! The roles of a user.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{
    CheckpointQuery, EffectiveRole, Group, PageQuery, Role, RoleIds, RoleSourceQuery,
};

impl Roles<'_> {
    /// Lists the roles that a user has directly, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/roles` · `read:users` and `read:roles` and `read:role_members` · immediate
    /// · idempotent
    pub async fn list(&self, id: &str, query: &PageQuery) -> Result<Page<Role>, Error> {
        self.0.list(&op::USERS_ROLES_LIST, &[id], query).await
    }

    /// Assigns roles to a user.
    ///
    /// A user has 50 at most. Fails with status 404 if there is no such user.
    ///
    /// `POST /users/{id}/roles` · `update:users` or `create:role_members` · immediate · sent once,
    /// though idempotent
    pub async fn assign(&self, id: &str, roles: &[&str]) -> Result<(), Error> {
        let body = RoleIds { roles };
        self.0.call(&op::USERS_ROLES_ASSIGN, &[id], &body).await
    }

    /// Takes roles from a user.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `DELETE /users/{id}/roles` · `update:users` or `delete:role_members` · immediate ·
    /// idempotent
    pub async fn delete(&self, id: &str, roles: &[&str]) -> Result<(), Error> {
        let body = RoleIds { roles };
        self.0.call(&op::USERS_ROLES_DELETE, &[id], &body).await
    }
}

impl EffectiveRoles<'_> {
    /// Lists the roles that a user has, directly or through groups, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/effective-roles` · `read:user_effective_roles` · immediate · idempotent
    pub async fn list(
        &self,
        id: &str,
        query: &CheckpointQuery,
    ) -> Result<Page<EffectiveRole>, Error> {
        let operation = &op::USERS_EFFECTIVE_ROLES_LIST;
        self.0.list(operation, &[id], query).await
    }
}

impl EffectiveRolesSourcesGroups<'_> {
    /// Lists the groups through which a user has a role, page by page.
    ///
    /// Fails with status 404 if there is no such user or role.
    ///
    /// `GET /users/{id}/effective-roles/sources/groups` · `read:user_role_source_groups` ·
    /// immediate · idempotent
    pub async fn list(&self, id: &str, query: &RoleSourceQuery) -> Result<Page<Group>, Error> {
        let operation = &op::USERS_EFFECTIVE_ROLES_SOURCES_GROUPS_LIST;
        self.0.list(operation, &[id], query).await
    }
}
