//! The permissions of a user.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{
    self, EffectivePermission, EffectivePermissionsQuery, PageQuery, Permission, PermissionRole,
    PermissionSourceQuery, UserPermission,
};

impl Permissions<'_> {
    /// Lists the permissions that a user has directly or through roles of their own, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/permissions` · `read:users` · immediate · idempotent
    pub async fn list(&self, id: &str, query: &PageQuery) -> Result<Page<UserPermission>, Error> {
        self.0.list(&op::USERS_PERMISSIONS_LIST, &[id], query).await
    }

    /// Gives permissions to a user.
    ///
    /// Fails with status 400 if the user would have more than 1,000, 404 if there is no such user
    /// or permission (server code `inexistent_resource_server_permission`).
    ///
    /// `POST /users/{id}/permissions` · `update:users` · immediate · sent once, though idempotent
    pub async fn create(&self, id: &str, permissions: &[Permission]) -> Result<(), Error> {
        let body = types::Permissions { permissions };
        let operation = &op::USERS_PERMISSIONS_CREATE;
        self.0.call(operation, &[id], &body).await
    }

    /// Takes permissions from a user.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `DELETE /users/{id}/permissions` · `update:users` · immediate · idempotent
    pub async fn delete(&self, id: &str, permissions: &[Permission]) -> Result<(), Error> {
        let body = types::Permissions { permissions };
        let operation = &op::USERS_PERMISSIONS_DELETE;
        self.0.call(operation, &[id], &body).await
    }
}

impl EffectivePermissions<'_> {
    /// Lists the permissions that a user has for one API, wherever they come from, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/effective-permissions` · `read:user_effective_permissions` · immediate ·
    /// idempotent
    pub async fn list(
        &self,
        id: &str,
        query: &EffectivePermissionsQuery,
    ) -> Result<Page<EffectivePermission>, Error> {
        let operation = &op::USERS_EFFECTIVE_PERMISSIONS_LIST;
        self.0.list(operation, &[id], query).await
    }
}

impl EffectivePermissionsSourcesRoles<'_> {
    /// Lists the roles through which a user has a permission, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/effective-permissions/sources/effective-roles` ·
    /// `read:user_permission_source_roles` · immediate · idempotent
    pub async fn list(
        &self,
        id: &str,
        query: &PermissionSourceQuery,
    ) -> Result<Page<PermissionRole>, Error> {
        let operation = &op::USERS_EFFECTIVE_PERMISSIONS_SOURCES_ROLES_LIST;
        self.0.list(operation, &[id], query).await
    }
}
