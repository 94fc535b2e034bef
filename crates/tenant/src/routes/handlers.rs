//! The handlers of operations: the function that performs each, and the schema of its body.

use crate::operations::call::Run;
use crate::operations::{
    authentication_methods, connected_accounts, effective, factors, groups, identities, jobs, logs,
    organizations, permissions, roles, sessions, tickets, update, user_blocks, users,
};
use crate::schema::Kind;

/// The part of an operation that is written by hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler {
    pub run: Run,
    pub body: Body,
}

/// What an operation reads from the body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// Nothing: the body is ignored.
    None,
    Required(&'static Kind),
    /// As `Required`, but an empty body means an empty object.
    Optional(&'static Kind),
    /// The bytes: the operation parses them itself.
    Raw,
}

const fn run(run: Run) -> Handler {
    Handler {
        run,
        body: Body::None,
    }
}

impl Handler {
    const fn body(self, kind: &'static Kind) -> Self {
        Self {
            body: Body::Required(kind),
            ..self
        }
    }

    const fn optional_body(self, kind: &'static Kind) -> Self {
        Self {
            body: Body::Optional(kind),
            ..self
        }
    }

    const fn raw_body(self) -> Self {
        Self {
            body: Body::Raw,
            ..self
        }
    }
}

/// The handler of each operation, by the name of the operation.
const HANDLERS: &[(&str, Handler)] = &[
    ("users.list", run(users::list)),
    ("users.create", run(users::create).body(&users::CREATE_BODY)),
    ("users.listUsersByEmail", run(users::by_email)),
    ("users.get", run(users::get)),
    ("users.delete", run(users::delete)),
    (
        "users.update",
        run(update::update).optional_body(&update::BODY),
    ),
    (
        "users.regenerateRecoveryCode",
        run(users::regenerate_recovery_code),
    ),
    (
        "users.revokeAccess",
        run(sessions::revoke_access).optional_body(&sessions::REVOKE_BODY),
    ),
    (
        "users.authenticationMethods.list",
        run(authentication_methods::list),
    ),
    (
        "users.authenticationMethods.create",
        run(authentication_methods::create).body(&authentication_methods::CREATE_BODY),
    ),
    (
        "users.authenticationMethods.set",
        run(authentication_methods::set).body(&authentication_methods::SET_BODY),
    ),
    (
        "users.authenticationMethods.deleteAll",
        run(authentication_methods::delete_all),
    ),
    (
        "users.authenticationMethods.get",
        run(authentication_methods::get),
    ),
    (
        "users.authenticationMethods.delete",
        run(authentication_methods::delete),
    ),
    (
        "users.authenticationMethods.update",
        run(authentication_methods::update).optional_body(&authentication_methods::UPDATE_BODY),
    ),
    (
        "users.authenticators.deleteAll",
        run(factors::delete_authenticators),
    ),
    (
        "users.connectedAccounts.list",
        run(connected_accounts::list),
    ),
    (
        "users.effectivePermissions.list",
        run(effective::permissions),
    ),
    (
        "users.effectivePermissions.sources.roles.list",
        run(effective::permission_roles),
    ),
    ("users.effectiveRoles.list", run(effective::roles)),
    (
        "users.effectiveRoles.sources.groups.list",
        run(effective::role_groups),
    ),
    ("users.enrollments.get", run(factors::enrollments)),
    ("users.groups.get", run(groups::list)),
    (
        "users.identities.link",
        run(identities::link).body(&identities::LINK_BODY),
    ),
    ("users.identities.delete", run(identities::unlink)),
    ("users.logs.list", run(logs::list)),
    (
        "users.multifactor.invalidateRememberBrowser",
        run(factors::invalidate_remember_browser),
    ),
    (
        "users.multifactor.deleteProvider",
        run(factors::delete_provider),
    ),
    ("users.organizations.list", run(organizations::list)),
    ("users.permissions.list", run(permissions::list)),
    (
        "users.permissions.create",
        run(permissions::create).body(&permissions::BODY),
    ),
    (
        "users.permissions.delete",
        run(permissions::delete).body(&permissions::BODY),
    ),
    ("users.refreshToken.list", run(sessions::list_tokens)),
    ("users.refreshToken.delete", run(sessions::delete_tokens)),
    (
        "users.riskAssessments.clear",
        run(factors::clear_risk_assessments).body(&factors::CLEAR_BODY),
    ),
    ("users.roles.list", run(roles::list)),
    ("users.roles.assign", run(roles::assign).body(&roles::BODY)),
    ("users.roles.delete", run(roles::delete).body(&roles::BODY)),
    ("users.sessions.list", run(sessions::list)),
    ("users.sessions.delete", run(sessions::delete)),
    (
        "userBlocks.listByIdentifier",
        run(user_blocks::list_by_identifier),
    ),
    (
        "userBlocks.deleteByIdentifier",
        run(user_blocks::delete_by_identifier),
    ),
    ("userBlocks.list", run(user_blocks::list)),
    ("userBlocks.delete", run(user_blocks::delete)),
    ("jobs.get", run(jobs::get)),
    ("jobs.errors.get", run(jobs::errors)),
    (
        "jobs.usersExports.create",
        run(jobs::export).optional_body(&jobs::EXPORT_BODY),
    ),
    ("jobs.usersImports.create", run(jobs::import).raw_body()),
    (
        "jobs.verificationEmail.create",
        run(jobs::verification_email).body(&jobs::VERIFICATION_BODY),
    ),
    (
        "tickets.verifyEmail",
        run(tickets::verify_email).body(&tickets::VERIFY_BODY),
    ),
    (
        "tickets.changePassword",
        run(tickets::change_password).optional_body(&tickets::PASSWORD_BODY),
    ),
];

/// Returns the handler of the operation with this name.
pub(super) fn handler(name: &str) -> Option<Handler> {
    let (_, handler) = HANDLERS.iter().find(|(own, _)| *own == name)?;
    Some(*handler)
}

#[cfg(test)]
mod tests {
    use super::HANDLERS;
    use crate::routes::OPERATIONS;

    #[test]
    fn each_operation_has_one_handler() {
        let mut operations: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        let mut handlers: Vec<_> = HANDLERS.iter().map(|(name, _)| *name).collect();
        operations.sort_unstable();
        handlers.sort_unstable();
        assert_eq!(operations, handlers);
    }
}
