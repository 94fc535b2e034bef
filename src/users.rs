//! The users of a tenant, and what belongs to them.

use crate::{
    client::{Client, Page},
    error::Error,
    operations as op,
    types::{ByEmail, CreateUser, ListUsers, RecoveryCode, RevokeAccess, UpdateUser, User},
};
use alloc::vec::Vec;

/// Parts of the tree of operations, and how they are reached from the part above.
macro_rules! tree {
    ($parent:ident: $($(#[$doc:meta])* $method:ident => $part:ident,)*) => {
        impl<'a> $parent<'a> {
            $($(#[$doc])*
            #[must_use]
            pub fn $method(&self) -> $part<'a> {
                $part(self.0)
            })*
        }

        $($(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $part<'a>(pub(crate) &'a Client);)*
    };
}
pub(crate) use tree;

mod authentication_methods;
mod factors;
mod identities;
mod logs;
mod memberships;
mod permissions;
mod roles;
mod sessions;

/// `client.users()`
#[derive(Clone, Copy)]
pub struct Users<'a>(pub(crate) &'a Client);

tree! { Users:
    /// What a user proves to be who they are with.
    authentication_methods => AuthenticationMethods,
    /// One-time passwords, emails, phones and push devices.
    authenticators => Authenticators,
    /// Accounts elsewhere whose tokens Auth0 keeps.
    connected_accounts => ConnectedAccounts,
    /// The permissions for one API, wherever they come from.
    effective_permissions => EffectivePermissions,
    /// The roles, wherever they come from.
    effective_roles => EffectiveRoles,
    /// Factors enrolled with Guardian.
    enrollments => Enrollments,
    /// The groups.
    groups => Groups,
    /// The accounts with identity providers.
    identities => Identities,
    /// What the log of the tenant holds.
    logs => Logs,
    /// Multi-factor authentication.
    multifactor => Multifactor,
    /// The organizations.
    organizations => Organizations,
    /// The permissions that a user has directly or through roles.
    permissions => Permissions,
    /// The refresh tokens.
    refresh_token => RefreshToken,
    /// Assessments of risk.
    risk_assessments => RiskAssessments,
    /// The roles that a user has directly.
    roles => Roles,
    /// The sessions.
    sessions => Sessions,
}

tree! { EffectivePermissions:
    /// Where permissions come from.
    sources => EffectivePermissionsSources,
}

tree! { EffectivePermissionsSources:
    /// The roles through which a user has a permission.
    roles => EffectivePermissionsSourcesRoles,
}

tree! { EffectiveRoles:
    /// Where roles come from.
    sources => EffectiveRolesSources,
}

tree! { EffectiveRolesSources:
    /// The groups through which a user has a role.
    groups => EffectiveRolesSourcesGroups,
}

impl Users<'_> {
    /// Lists or searches users, page by page (`GET /users`).
    ///
    /// Eventually consistent: a user appears some seconds after its creation. A search reaches the
    /// first 1,000 users; the page beyond fails with status 400 and code `invalid_paging`.
    pub async fn list(&self, params: &ListUsers) -> Result<Page<User>, Error> {
        self.0.list(&op::USERS_LIST, &[], params).await
    }

    /// Creates a user in a connection (`POST /users`).
    ///
    /// Fails with status 409 if there is one with that email, user name or id. Sent once: after a
    /// failure with any other status than 429, look whether the user exists.
    pub async fn create(&self, user: &CreateUser) -> Result<User, Error> {
        self.0.call(&op::USERS_CREATE, &[], user).await
    }

    /// Finds the users with an email, at once consistent (`GET /users-by-email`).
    ///
    /// The comparison knows upper and lower case. Auth0's own database stores emails in lower
    /// case; other identity providers store them as given.
    pub async fn list_users_by_email(&self, email: &str) -> Result<Vec<User>, Error> {
        self.0
            .call(&op::USERS_LIST_USERS_BY_EMAIL, &[], &ByEmail { email })
            .await
    }

    /// Reads a user, at once consistent (`GET /users/{id}`). Fails with status 404 if there is none.
    pub async fn get(&self, id: &str) -> Result<User, Error> {
        self.0.call(&op::USERS_GET, &[id], &()).await
    }

    /// Changes a user (`PATCH /users/{id}`). Fails with status 404 if there is none.
    ///
    /// What is absent stays, null unsets. `user_metadata` and `app_metadata` are merged on their
    /// first level only: an object inside them is replaced whole, and `{}` removes everything.
    pub async fn update(&self, id: &str, changes: &UpdateUser) -> Result<User, Error> {
        self.0.call(&op::USERS_UPDATE, &[id], changes).await
    }

    /// Deletes a user (`DELETE /users/{id}`). Succeeds too if there is none.
    pub async fn delete(&self, id: &str) -> Result<(), Error> {
        self.0.call(&op::USERS_DELETE, &[id], &()).await
    }

    /// Makes a new recovery code for multi-factor authentication, and voids the old one
    /// (`POST /users/{id}/recovery-code-regeneration`). Fails with status 404 if there is no
    /// enrollment. Sent once: a repetition would void the code that the first answer held.
    pub async fn regenerate_recovery_code(&self, id: &str) -> Result<RecoveryCode, Error> {
        self.0
            .call(&op::USERS_REGENERATE_RECOVERY_CODE, &[id], &())
            .await
    }

    /// Revokes sessions, and their refresh tokens unless those are preserved
    /// (`POST /users/{id}/revoke-access`). Takes effect some time after the answer. Sent once.
    pub async fn revoke_access(&self, id: &str, what: &RevokeAccess) -> Result<(), Error> {
        self.0.call(&op::USERS_REVOKE_ACCESS, &[id], what).await
    }
}
