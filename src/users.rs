//! The users of a tenant, and what belongs to them.

use auth0_users_core::{Error, operations as op};

use crate::{
    client::{Client, Page},
    types::{
        ByEmail, CreateUser, ListUsers, Metadata, RecoveryCode, RevokeAccess, UpdateUser, User,
    },
};

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
    /// Lists or searches users, page by page.
    ///
    /// A new or changed user appears after some seconds. A search reaches the first 1,000 users;
    /// the page beyond fails with status 400 and server code `invalid_paging`. Fails with status
    /// 400 for a query that cannot be read, 414 for one that is too long, and 503 for one that
    /// takes longer than two seconds.
    ///
    /// `GET /users` · `read:users` · eventual · idempotent
    pub async fn list(&self, params: &ListUsers) -> Result<Page<User>, Error> {
        self.0.list(&op::USERS_LIST, &[], params).await
    }

    /// Creates a user in a connection.
    ///
    /// Fails with status 400 if the connection is unknown, disabled, or has other needs than what
    /// is given, if the password is too weak, or if the user name is taken, and with 409 if there
    /// is such a user, or if the tenant has several custom domains and none is chosen by the header
    /// `auth0-custom-domain`.
    ///
    /// `POST /users` · `create:users` · immediate · sent once
    pub async fn create(&self, user: &CreateUser) -> Result<User, Error> {
        self.0.call(&op::USERS_CREATE, &[], user).await
    }

    /// Finds the users with an email.
    ///
    /// Upper and lower case count. Auth0's own database stores emails in lower case, so ask it in
    /// lower case; other identity providers store them as given. Gives an empty vector if there is
    /// none.
    ///
    /// `GET /users-by-email` · `read:users` · immediate · idempotent
    pub async fn list_users_by_email(&self, email: &str) -> Result<Vec<User>, Error> {
        self.0
            .call(&op::USERS_LIST_USERS_BY_EMAIL, &[], &ByEmail { email })
            .await
    }

    /// Reads a user.
    ///
    /// `read:current_user` is for one's own. Fails with status 404 if there is none.
    ///
    /// `GET /users/{id}` · `read:users` or `read:user_idp_tokens` or `read:current_user` · immediate · idempotent
    pub async fn get(&self, id: &str) -> Result<User, Error> {
        self.0.call(&op::USERS_GET, &[id], &()).await
    }

    /// Changes a user. What is absent stays; [`Field::Null`](crate::types::Field::Null) unsets.
    ///
    /// These root attributes can change: `app_metadata`, `blocked`, `email`, `email_verified`,
    /// `family_name`, `given_name`, `name`, `nickname`, `password`, `phone_number`,
    /// `phone_verified`, `picture`, `username`, `user_metadata`, `verify_email`. With
    /// `update:users_app_metadata` only `app_metadata` can, with `update:current_user_metadata`
    /// only one's own `user_metadata`.
    ///
    /// `user_metadata` and `app_metadata` are merged on their first level only: an object inside
    /// them is replaced whole, and null removes a key. `{}` removes everything; it is what a form
    /// without fields sends, so an empty map is refused here. To clear metadata, send
    /// `{"user_metadata":{}}` with [`Client::request`](crate::Client::request).
    ///
    /// The server answers 400 to these: `password` with `email`, `email_verified` or `username`;
    /// `username` with `email` or `email_verified`; email, phone number, user name or password of a
    /// secondary identity without `connection`; `client_id` without `email` or `phone_number`;
    /// `email_verified` of an enterprise or passwordless SMS user; an email that another user has.
    /// `blocked: false` does not lift blocks after failed logins. Fails with status 404 if there is
    /// no such user.
    ///
    /// `PATCH /users/{id}` · `update:users` or `update:users_app_metadata` or
    /// `update:current_user_metadata` · immediate · idempotent
    pub async fn update(&self, id: &str, changes: &UpdateUser) -> Result<User, Error> {
        for (name, metadata) in [
            ("user_metadata", &changes.user_metadata),
            ("app_metadata", &changes.app_metadata),
        ] {
            if metadata.as_ref().is_some_and(Metadata::is_empty) {
                let fault = "is {}, which removes all of it: leave it out, or clear it with Client::request";
                return Err(Error::invalid(name, fault));
            }
        }
        self.0.call(&op::USERS_UPDATE, &[id], changes).await
    }

    /// Deletes a user with all linked accounts.
    ///
    /// Succeeds too if there is none. `delete:current_user` is for one's own.
    ///
    /// `DELETE /users/{id}` · `delete:users` or `delete:current_user` · immediate · idempotent
    pub async fn delete(&self, id: &str) -> Result<(), Error> {
        self.0.call(&op::USERS_DELETE, &[id], &()).await
    }

    /// Makes a new recovery code for multi-factor authentication and voids the old one.
    ///
    /// A repetition would void a code that was already given. Fails with status 404 if there is no
    /// enrollment.
    ///
    /// `POST /users/{id}/recovery-code-regeneration` · `update:users` · immediate · sent once
    pub async fn regenerate_recovery_code(&self, id: &str) -> Result<RecoveryCode, Error> {
        self.0
            .call(&op::USERS_REGENERATE_RECOVERY_CODE, &[id], &())
            .await
    }

    /// Revokes sessions, and their refresh tokens unless those are preserved.
    ///
    /// A token with both scopes can do either.
    ///
    /// `POST /users/{id}/revoke-access` · `delete:sessions` or `delete:refresh_tokens` · eventual ·
    /// sent once
    pub async fn revoke_access(&self, id: &str, what: &RevokeAccess) -> Result<(), Error> {
        self.0.call(&op::USERS_REVOKE_ACCESS, &[id], what).await
    }
}
