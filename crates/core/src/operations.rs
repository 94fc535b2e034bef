//! The table of operations: what a call sends and what it returns.

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Returns the method as HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// What a call takes in addition to the ids in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// Query parameters, separated by spaces: the required ones, then the optional ones.
    Query(&'static str, &'static str),
    /// A required JSON body.
    Body,
    /// An optional JSON body; `{}` by default.
    OptionalBody,
    /// A required JSON array as the body.
    Items,
    /// A required body of `multipart/form-data`.
    Form,
}

impl Input {
    /// Returns its name in JavaScript.
    #[doc(hidden)]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Query(..) => "query",
            Self::Body => "body",
            Self::OptionalBody => "optional body",
            Self::Items => "items",
            Self::Form => "form",
        }
    }

    /// Returns the required and the optional query parameters, separated by spaces.
    #[doc(hidden)]
    pub const fn query(self) -> (&'static str, &'static str) {
        match self {
            Self::Query(required, optional) => (required, optional),
            _ => ("", ""),
        }
    }
}

/// What a successful response holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Nothing: the body is ignored.
    Nothing,
    /// One JSON object.
    Object,
    /// A JSON array.
    Array,
    /// Any JSON.
    Any,
    /// A page of a list with offset pagination (`page` and `per_page`); this key holds its items.
    Offset(&'static str),
    /// A page of a list with checkpoint pagination (`take` and `from`); this key holds its items.
    Checkpoint(&'static str),
}

impl Output {
    /// Returns the key of the items of a list.
    pub const fn items(self) -> Option<&'static str> {
        match self {
            Offset(key) | Checkpoint(key) => Some(key),
            _ => None,
        }
    }
}

/// Whether an operation can be sent again while its outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// It can: twice has the same effect as once.
    Idempotent,
    /// It cannot: it is only sent again if the server cannot have applied it.
    NotIdempotent,
}

/// One operation of the Management API.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// The method of the JavaScript client, such as `users.get`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL; `{name}` stands for one encoded segment.
    pub path: &'static str,
    /// What a call takes.
    pub input: Input,
    /// What a call returns.
    pub output: Output,
    /// Whether it can be sent again while its outcome is unknown.
    pub idempotency: Idempotency,
}

impl Operation {
    /// Returns whether a token needs all of its [`SCOPES`] instead of one.
    pub fn needs_all_scopes(&self) -> bool {
        self.name == USERS_ROLES_LIST.name
    }

    /// Returns whether the API reads the header `auth0-custom-domain`.
    pub(crate) fn supports_custom_domain(&self) -> bool {
        matches!(
            self.path,
            "/users"
                | "/users/{id}"
                | "/jobs/verification-email"
                | "/tickets/email-verification"
                | "/tickets/password-change"
        )
    }
}

macro_rules! operations {
    ($($id:ident = $name:literal $method:ident $path:literal $input:expr => $output:expr, $idempotency:ident, $scopes:expr;)*) => {
        $(
            #[doc = concat!("`", $name, "`: `", stringify!($method), " ", $path, "`")]
            pub static $id: Operation = Operation {
                name: $name,
                method: Method::$method,
                path: $path,
                input: $input,
                output: $output,
                idempotency: Idempotency::$idempotency,
            };
        )*

        /// Every operation.
        pub static OPERATIONS: &[&Operation] = &[$(&$id),*];

        /// The scopes of each of the [`OPERATIONS`], as Auth0's OpenAPI description or the API's 403 response names
        /// them, the preferred one first. A token needs one of them, or all of them; see
        /// [`Operation::needs_all_scopes`]. They are a static of their own, so that programs without a use for them do
        /// not carry them.
        pub static SCOPES: &[&[&str]] = &[$($scopes),*];
    };
}

use Input::{Body, Form, Items, Nothing, OptionalBody, Query};
use Output::{Any, Array, Checkpoint, Object, Offset};

const LIST_USERS: &str = "page per_page include_totals sort connection fields include_fields q search_engine primary_order";
const FIELDS: &str = "fields include_fields";
const PAGED: &str = "page per_page include_totals";

operations! {
    USERS_LIST = "users.list" Get "/users" Query("", LIST_USERS) => Offset("users"), Idempotent, &["read:users"];
    USERS_CREATE = "users.create" Post "/users" Body => Object, NotIdempotent, &["create:users"];
    USERS_LIST_USERS_BY_EMAIL = "users.listUsersByEmail" Get "/users-by-email" Query("email", FIELDS) => Array, Idempotent, &["read:users"];
    USERS_GET = "users.get" Get "/users/{id}" Query("", FIELDS) => Object, Idempotent, &["read:users", "read:user_idp_tokens", "read:current_user"];
    USERS_DELETE = "users.delete" Delete "/users/{id}" Nothing => Output::Nothing, Idempotent, &["delete:users", "delete:current_user"];
    USERS_UPDATE = "users.update" Patch "/users/{id}" OptionalBody => Object, Idempotent, &["update:users", "update:users_app_metadata", "update:current_user_metadata"];
    USERS_REGENERATE_RECOVERY_CODE = "users.regenerateRecoveryCode" Post "/users/{id}/recovery-code-regeneration" Nothing => Object, NotIdempotent, &["update:users"];
    USERS_REVOKE_ACCESS = "users.revokeAccess" Post "/users/{id}/revoke-access" OptionalBody => Output::Nothing, NotIdempotent, &["delete:sessions", "delete:refresh_tokens"];
    USERS_AUTHENTICATION_METHODS_LIST = "users.authenticationMethods.list" Get "/users/{id}/authentication-methods" Query("", PAGED) => Offset("authenticators"), Idempotent, &["read:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_CREATE = "users.authenticationMethods.create" Post "/users/{id}/authentication-methods" Body => Object, NotIdempotent, &["create:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_SET = "users.authenticationMethods.set" Put "/users/{id}/authentication-methods" Items => Array, Idempotent, &["update:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_DELETE_ALL = "users.authenticationMethods.deleteAll" Delete "/users/{id}/authentication-methods" Nothing => Output::Nothing, Idempotent, &["delete:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_GET = "users.authenticationMethods.get" Get "/users/{id}/authentication-methods/{authentication_method_id}" Nothing => Object, Idempotent, &["read:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_DELETE = "users.authenticationMethods.delete" Delete "/users/{id}/authentication-methods/{authentication_method_id}" Nothing => Output::Nothing, Idempotent, &["delete:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_UPDATE = "users.authenticationMethods.update" Patch "/users/{id}/authentication-methods/{authentication_method_id}" OptionalBody => Object, Idempotent, &["update:authentication_methods"];
    USERS_AUTHENTICATORS_DELETE_ALL = "users.authenticators.deleteAll" Delete "/users/{id}/authenticators" Nothing => Output::Nothing, Idempotent, &["delete:guardian_enrollments", "remove:authenticators"];
    USERS_CONNECTED_ACCOUNTS_LIST = "users.connectedAccounts.list" Get "/users/{id}/connected-accounts" Query("", "from take") => Checkpoint("connected_accounts"), Idempotent, &["read:users"];
    USERS_EFFECTIVE_PERMISSIONS_LIST = "users.effectivePermissions.list" Get "/users/{id}/effective-permissions" Query("resource_server_identifier", "from take") => Checkpoint("permissions"), Idempotent, &["read:user_effective_permissions"];
    USERS_EFFECTIVE_PERMISSIONS_SOURCES_ROLES_LIST = "users.effectivePermissions.sources.roles.list" Get "/users/{id}/effective-permissions/sources/effective-roles" Query("resource_server_identifier permission_name", "from take") => Checkpoint("roles"), Idempotent, &["read:user_permission_source_roles"];
    USERS_EFFECTIVE_ROLES_LIST = "users.effectiveRoles.list" Get "/users/{id}/effective-roles" Query("", "from take") => Checkpoint("roles"), Idempotent, &["read:user_effective_roles"];
    USERS_EFFECTIVE_ROLES_SOURCES_GROUPS_LIST = "users.effectiveRoles.sources.groups.list" Get "/users/{id}/effective-roles/sources/groups" Query("role_id", "from take") => Checkpoint("groups"), Idempotent, &["read:user_role_source_groups"];
    USERS_ENROLLMENTS_GET = "users.enrollments.get" Get "/users/{id}/enrollments" Nothing => Array, Idempotent, &["read:users", "read:current_user"];
    USERS_GROUPS_GET = "users.groups.get" Get "/users/{id}/groups" Query("", "fields include_fields include_totals from take") => Checkpoint("groups"), Idempotent, &["read:groups"];
    USERS_IDENTITIES_LINK = "users.identities.link" Post "/users/{id}/identities" OptionalBody => Array, NotIdempotent, &["update:users", "update:current_user_identities"];
    USERS_IDENTITIES_DELETE = "users.identities.delete" Delete "/users/{id}/identities/{provider}/{user_id}" Nothing => Array, Idempotent, &["update:users", "update:current_user_identities"];
    USERS_LOGS_LIST = "users.logs.list" Get "/users/{id}/logs" Query("", "page per_page sort include_totals") => Offset("logs"), Idempotent, &["read:logs", "read:logs_users"];
    USERS_MULTIFACTOR_INVALIDATE_REMEMBER_BROWSER = "users.multifactor.invalidateRememberBrowser" Post "/users/{id}/multifactor/actions/invalidate-remember-browser" Nothing => Output::Nothing, NotIdempotent, &["update:users"];
    USERS_MULTIFACTOR_DELETE_PROVIDER = "users.multifactor.deleteProvider" Delete "/users/{id}/multifactor/{provider}" Nothing => Output::Nothing, Idempotent, &["update:users"];
    USERS_ORGANIZATIONS_LIST = "users.organizations.list" Get "/users/{id}/organizations" Query("", "page per_page include_totals from take") => Checkpoint("organizations"), Idempotent, &["read:organizations", "read:users"];
    USERS_PERMISSIONS_LIST = "users.permissions.list" Get "/users/{id}/permissions" Query("", PAGED) => Offset("permissions"), Idempotent, &["read:users"];
    USERS_PERMISSIONS_CREATE = "users.permissions.create" Post "/users/{id}/permissions" Body => Output::Nothing, NotIdempotent, &["update:users"];
    USERS_PERMISSIONS_DELETE = "users.permissions.delete" Delete "/users/{id}/permissions" Body => Output::Nothing, Idempotent, &["update:users"];
    USERS_REFRESH_TOKEN_LIST = "users.refreshToken.list" Get "/users/{user_id}/refresh-tokens" Query("", "include_totals from take") => Checkpoint("tokens"), Idempotent, &["read:refresh_tokens"];
    USERS_REFRESH_TOKEN_DELETE = "users.refreshToken.delete" Delete "/users/{user_id}/refresh-tokens" Nothing => Output::Nothing, Idempotent, &["delete:refresh_tokens"];
    USERS_RISK_ASSESSMENTS_CLEAR = "users.riskAssessments.clear" Post "/users/{id}/risk-assessments/clear" Body => Output::Nothing, NotIdempotent, &["update:users"];
    USERS_ROLES_LIST = "users.roles.list" Get "/users/{id}/roles" Query("", PAGED) => Offset("roles"), Idempotent, &["read:users", "read:roles", "read:role_members"];
    USERS_ROLES_ASSIGN = "users.roles.assign" Post "/users/{id}/roles" Body => Output::Nothing, NotIdempotent, &["update:users", "create:role_members"];
    USERS_ROLES_DELETE = "users.roles.delete" Delete "/users/{id}/roles" Body => Output::Nothing, Idempotent, &["update:users", "delete:role_members"];
    USERS_SESSIONS_LIST = "users.sessions.list" Get "/users/{user_id}/sessions" Query("", "include_totals from take") => Checkpoint("sessions"), Idempotent, &["read:sessions"];
    USERS_SESSIONS_DELETE = "users.sessions.delete" Delete "/users/{user_id}/sessions" Nothing => Output::Nothing, Idempotent, &["delete:sessions"];
    USER_BLOCKS_LIST_BY_IDENTIFIER = "userBlocks.listByIdentifier" Get "/user-blocks" Query("identifier", "consider_brute_force_enablement") => Object, Idempotent, &["read:users"];
    USER_BLOCKS_DELETE_BY_IDENTIFIER = "userBlocks.deleteByIdentifier" Delete "/user-blocks" Query("identifier", "") => Output::Nothing, Idempotent, &["update:users"];
    USER_BLOCKS_LIST = "userBlocks.list" Get "/user-blocks/{id}" Query("", "consider_brute_force_enablement") => Object, Idempotent, &["read:users"];
    USER_BLOCKS_DELETE = "userBlocks.delete" Delete "/user-blocks/{id}" Nothing => Output::Nothing, Idempotent, &["update:users"];
    JOBS_GET = "jobs.get" Get "/jobs/{id}" Nothing => Object, Idempotent, &["create:users", "read:users"];
    JOBS_ERRORS_GET = "jobs.errors.get" Get "/jobs/{id}/errors" Nothing => Any, Idempotent, &["create:users", "read:users"];
    JOBS_USERS_EXPORTS_CREATE = "jobs.usersExports.create" Post "/jobs/users-exports" OptionalBody => Object, NotIdempotent, &["read:users"];
    JOBS_USERS_IMPORTS_CREATE = "jobs.usersImports.create" Post "/jobs/users-imports" Form => Object, NotIdempotent, &["create:users"];
    JOBS_VERIFICATION_EMAIL_CREATE = "jobs.verificationEmail.create" Post "/jobs/verification-email" Body => Object, NotIdempotent, &["update:users"];
    TICKETS_VERIFY_EMAIL = "tickets.verifyEmail" Post "/tickets/email-verification" Body => Object, NotIdempotent, &["create:user_tickets"];
    TICKETS_CHANGE_PASSWORD = "tickets.changePassword" Post "/tickets/password-change" OptionalBody => Object, NotIdempotent, &["create:user_tickets"];
}

/// Returns the operation for endpoints that the table does not list.
#[doc(hidden)]
pub fn unlisted(method: &str) -> Option<&'static Operation> {
    UNLISTED
        .iter()
        .find(|operation| operation.method.as_str() == method)
}

static UNLISTED: &[Operation] = &[
    row(Method::Get, Idempotency::Idempotent),
    row(Method::Post, Idempotency::NotIdempotent),
    row(Method::Put, Idempotency::Idempotent),
    // An unknown change may be an increment.
    row(Method::Patch, Idempotency::NotIdempotent),
    row(Method::Delete, Idempotency::Idempotent),
];

const fn row(method: Method, idempotency: Idempotency) -> Operation {
    Operation {
        name: "request",
        method,
        path: "",
        input: Query("", ""),
        output: Any,
        idempotency,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_endpoints_are_unique() {
        let names: HashSet<_> = OPERATIONS.iter().map(|o| o.name).collect();
        let endpoints: HashSet<_> = OPERATIONS
            .iter()
            .map(|o| (o.method.as_str(), o.path))
            .collect();
        assert_eq!(names.len(), OPERATIONS.len());
        assert_eq!(endpoints.len(), OPERATIONS.len());
    }

    #[test]
    fn operations_have_scopes_and_absolute_paths() {
        for (operation, scopes) in OPERATIONS.iter().zip(SCOPES) {
            assert!(!scopes.is_empty(), "{}", operation.name);
            assert!(operation.path.starts_with('/'), "{}", operation.name);
        }
    }

    #[test]
    fn posts_are_not_idempotent() {
        for operation in OPERATIONS.iter().filter(|o| o.method == Method::Post) {
            assert_eq!(
                operation.idempotency,
                Idempotency::NotIdempotent,
                "{}",
                operation.name
            );
        }
    }
}
