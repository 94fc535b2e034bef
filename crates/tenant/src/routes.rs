//! Every operation in one table: adding one is a row here and a function in the file of its resource.

use crate::auth::Scopes;
use crate::operation::{Operation, row};
use crate::operations::{
    authentication_methods, connected_accounts, effective, factors, groups, identities, jobs, logs,
    organizations, permissions, roles, sessions, tickets, update, user_blocks, users,
};

/// The operations, in the order of the official client.
pub static OPERATIONS: &[Operation] = &[
    row("users.list", "GET", "/users", &["read:users"], users::list).query(users::LIST_QUERY),
    row(
        "users.create",
        "POST",
        "/users",
        &["create:users"],
        users::create,
    )
    .body(&users::CREATE_BODY),
    row(
        "users.listUsersByEmail",
        "GET",
        "/users-by-email",
        &["read:users"],
        users::by_email,
    )
    .query(users::BY_EMAIL_QUERY),
    row(
        "users.get",
        "GET",
        "/users/{id}",
        &["read:users", "read:user_idp_tokens", "read:current_user"],
        users::get,
    )
    .query(users::GET_QUERY),
    row(
        "users.delete",
        "DELETE",
        "/users/{id}",
        &["delete:users", "delete:current_user"],
        users::delete,
    ),
    row(
        "users.update",
        "PATCH",
        "/users/{id}",
        update::SCOPES,
        update::update,
    )
    .optional_body(&update::BODY),
    row(
        "users.regenerateRecoveryCode",
        "POST",
        "/users/{id}/recovery-code-regeneration",
        &["update:users"],
        users::regenerate_recovery_code,
    ),
    row(
        "users.revokeAccess",
        "POST",
        "/users/{id}/revoke-access",
        &["delete:sessions", "delete:refresh_tokens"],
        sessions::revoke_access,
    )
    .optional_body(&sessions::REVOKE_BODY),
    row(
        "users.authenticationMethods.list",
        "GET",
        "/users/{id}/authentication-methods",
        &["read:authentication_methods"],
        authentication_methods::list,
    )
    .query(authentication_methods::LIST_QUERY),
    row(
        "users.authenticationMethods.create",
        "POST",
        "/users/{id}/authentication-methods",
        &["create:authentication_methods"],
        authentication_methods::create,
    )
    .body(&authentication_methods::CREATE_BODY),
    row(
        "users.authenticationMethods.set",
        "PUT",
        "/users/{id}/authentication-methods",
        &["update:authentication_methods"],
        authentication_methods::set,
    )
    .body(&authentication_methods::SET_BODY),
    row(
        "users.authenticationMethods.deleteAll",
        "DELETE",
        "/users/{id}/authentication-methods",
        &["delete:authentication_methods"],
        authentication_methods::delete_all,
    ),
    row(
        "users.authenticationMethods.get",
        "GET",
        "/users/{id}/authentication-methods/{authentication_method_id}",
        &["read:authentication_methods"],
        authentication_methods::get,
    ),
    row(
        "users.authenticationMethods.delete",
        "DELETE",
        "/users/{id}/authentication-methods/{authentication_method_id}",
        &["delete:authentication_methods"],
        authentication_methods::delete,
    ),
    row(
        "users.authenticationMethods.update",
        "PATCH",
        "/users/{id}/authentication-methods/{authentication_method_id}",
        &["update:authentication_methods"],
        authentication_methods::update,
    )
    .optional_body(&authentication_methods::UPDATE_BODY),
    row(
        "users.authenticators.deleteAll",
        "DELETE",
        "/users/{id}/authenticators",
        &["delete:guardian_enrollments"],
        factors::delete_authenticators,
    ),
    row(
        "users.connectedAccounts.list",
        "GET",
        "/users/{id}/connected-accounts",
        &["read:users"],
        connected_accounts::list,
    )
    .query(connected_accounts::LIST_QUERY),
    row(
        "users.effectivePermissions.list",
        "GET",
        "/users/{id}/effective-permissions",
        &["read:user_effective_permissions"],
        effective::permissions,
    )
    .query(effective::PERMISSIONS_QUERY),
    row(
        "users.effectivePermissions.sources.roles.list",
        "GET",
        "/users/{id}/effective-permissions/sources/effective-roles",
        &["read:user_permission_source_roles"],
        effective::permission_roles,
    )
    .query(effective::PERMISSION_ROLES_QUERY),
    row(
        "users.effectiveRoles.list",
        "GET",
        "/users/{id}/effective-roles",
        &["read:user_effective_roles"],
        effective::roles,
    )
    .query(effective::ROLES_QUERY),
    row(
        "users.effectiveRoles.sources.groups.list",
        "GET",
        "/users/{id}/effective-roles/sources/groups",
        &["read:user_role_source_groups"],
        effective::role_groups,
    )
    .query(effective::ROLE_GROUPS_QUERY),
    row(
        "users.enrollments.get",
        "GET",
        "/users/{id}/enrollments",
        &["read:users", "read:current_user"],
        factors::enrollments,
    ),
    row(
        "users.groups.get",
        "GET",
        "/users/{id}/groups",
        &["read:groups"],
        groups::list,
    )
    .query(groups::LIST_QUERY),
    row(
        "users.identities.link",
        "POST",
        "/users/{id}/identities",
        identities::SCOPES,
        identities::link,
    )
    .body(&identities::LINK_BODY),
    row(
        "users.identities.delete",
        "DELETE",
        "/users/{id}/identities/{provider}/{user_id}",
        identities::SCOPES,
        identities::unlink,
    ),
    row(
        "users.logs.list",
        "GET",
        "/users/{id}/logs",
        &["read:logs", "read:logs_users"],
        logs::list,
    )
    .query(logs::LIST_QUERY),
    row(
        "users.multifactor.invalidateRememberBrowser",
        "POST",
        "/users/{id}/multifactor/actions/invalidate-remember-browser",
        &["update:users"],
        factors::invalidate_remember_browser,
    ),
    row(
        "users.multifactor.deleteProvider",
        "DELETE",
        "/users/{id}/multifactor/{provider}",
        &["update:users"],
        factors::delete_provider,
    ),
    row(
        "users.organizations.list",
        "GET",
        "/users/{id}/organizations",
        &["read:organizations", "read:users"],
        organizations::list,
    )
    .query(organizations::LIST_QUERY),
    row(
        "users.permissions.list",
        "GET",
        "/users/{id}/permissions",
        &["read:users"],
        permissions::list,
    )
    .query(permissions::LIST_QUERY),
    row(
        "users.permissions.create",
        "POST",
        "/users/{id}/permissions",
        &["update:users"],
        permissions::create,
    )
    .body(&permissions::BODY),
    row(
        "users.permissions.delete",
        "DELETE",
        "/users/{id}/permissions",
        &["update:users"],
        permissions::delete,
    )
    .body(&permissions::BODY),
    row(
        "users.refreshToken.list",
        "GET",
        "/users/{user_id}/refresh-tokens",
        &["read:refresh_tokens"],
        sessions::list_tokens,
    )
    .query(sessions::LIST_QUERY),
    row(
        "users.refreshToken.delete",
        "DELETE",
        "/users/{user_id}/refresh-tokens",
        &["delete:refresh_tokens"],
        sessions::delete_tokens,
    ),
    row(
        "users.riskAssessments.clear",
        "POST",
        "/users/{id}/risk-assessments/clear",
        &["update:users"],
        factors::clear_risk_assessments,
    )
    .body(&factors::CLEAR_BODY),
    row(
        "users.roles.list",
        "GET",
        "/users/{id}/roles",
        &[],
        roles::list,
    )
    .all_of(&["read:users", "read:roles", "read:role_members"])
    .query(roles::LIST_QUERY),
    row(
        "users.roles.assign",
        "POST",
        "/users/{id}/roles",
        &["update:users", "create:role_members"],
        roles::assign,
    )
    .body(&roles::BODY),
    row(
        "users.roles.delete",
        "DELETE",
        "/users/{id}/roles",
        &["update:users", "delete:role_members"],
        roles::delete,
    )
    .body(&roles::BODY),
    row(
        "users.sessions.list",
        "GET",
        "/users/{user_id}/sessions",
        &["read:sessions"],
        sessions::list,
    )
    .query(sessions::LIST_QUERY),
    row(
        "users.sessions.delete",
        "DELETE",
        "/users/{user_id}/sessions",
        &["delete:sessions"],
        sessions::delete,
    ),
    row(
        "userBlocks.listByIdentifier",
        "GET",
        "/user-blocks",
        &["read:users"],
        user_blocks::list_by_identifier,
    )
    .query(user_blocks::LIST_BY_IDENTIFIER_QUERY),
    row(
        "userBlocks.deleteByIdentifier",
        "DELETE",
        "/user-blocks",
        &["update:users"],
        user_blocks::delete_by_identifier,
    )
    .query(user_blocks::DELETE_BY_IDENTIFIER_QUERY),
    row(
        "userBlocks.list",
        "GET",
        "/user-blocks/{id}",
        &["read:users"],
        user_blocks::list,
    )
    .query(user_blocks::LIST_QUERY),
    row(
        "userBlocks.delete",
        "DELETE",
        "/user-blocks/{id}",
        &["update:users"],
        user_blocks::delete,
    ),
    row(
        "jobs.get",
        "GET",
        "/jobs/{id}",
        &["create:users", "read:users"],
        jobs::get,
    ),
    row(
        "jobs.errors.get",
        "GET",
        "/jobs/{id}/errors",
        &["create:users", "read:users"],
        jobs::errors,
    ),
    row(
        "jobs.usersExports.create",
        "POST",
        "/jobs/users-exports",
        &["read:users"],
        jobs::export,
    )
    .optional_body(&jobs::EXPORT_BODY),
    row(
        "jobs.usersImports.create",
        "POST",
        "/jobs/users-imports",
        &["create:users"],
        jobs::import,
    )
    .raw_body(),
    row(
        "jobs.verificationEmail.create",
        "POST",
        "/jobs/verification-email",
        &["update:users"],
        jobs::verification_email,
    )
    .body(&jobs::VERIFICATION_BODY),
    row(
        "tickets.verifyEmail",
        "POST",
        "/tickets/email-verification",
        &["create:user_tickets"],
        tickets::verify_email,
    )
    .body(&tickets::VERIFY_BODY),
    row(
        "tickets.changePassword",
        "POST",
        "/tickets/password-change",
        &["create:user_tickets"],
        tickets::change_password,
    )
    .optional_body(&tickets::PASSWORD_BODY),
];

/// The operation for a method and the decoded segments of a path, with its parameters.
pub(crate) fn find(method: &str, segments: &[String]) -> Option<(&'static Operation, Vec<String>)> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.method == method)
        .find_map(|operation| Some((operation, matched(operation.path, segments)?)))
}

fn matched(template: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut given = segments.iter();
    let mut params = Vec::new();
    for part in template.split('/').skip(1) {
        let segment = given.next()?;
        if part.starts_with('{') {
            if segment.is_empty() {
                return None;
            }
            params.push(segment.clone());
        } else if part != segment {
            return None;
        }
    }
    given.next().is_none().then_some(params)
}

/// Every scope that some operation or field asks for.
pub(crate) fn every_scope() -> Vec<&'static str> {
    let mut scopes: Vec<&str> = OPERATIONS
        .iter()
        .flat_map(|operation| match operation.scopes {
            Scopes::Any(list) | Scopes::All(list) => list,
        })
        .copied()
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}
