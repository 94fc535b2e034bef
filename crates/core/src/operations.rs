//! What every operation is. Data only: the client sends from this table, and so does
//! everything that has to recognise an operation or to know what it needs.

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
    /// The method as it goes over the wire.
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

/// What a caller passes besides the identifiers in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// Query parameters, with spaces between: those that must be given, then those that may be.
    Query(&'static str, &'static str),
    /// A JSON body that must be given.
    Body,
    /// A JSON body; `{}` when it is left out.
    OptionalBody,
    /// A JSON array as the body, that must be given.
    Items,
    /// A body of `multipart/form-data` that must be given.
    Form,
}

impl Input {
    /// What JavaScript calls it.
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

    /// The query parameters that must be given and those that may be, with spaces between.
    #[doc(hidden)]
    pub const fn query(self) -> (&'static str, &'static str) {
        match self {
            Self::Query(required, optional) => (required, optional),
            _ => ("", ""),
        }
    }
}

/// What a successful answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Nothing: whatever the server sends is dropped.
    Nothing,
    /// One JSON object.
    Object,
    /// A JSON array.
    Array,
    /// Whatever JSON the server sends.
    Any,
    /// A page of a list that is read by `page` and `per_page`; its items are under this key.
    Offset(&'static str),
    /// A page of a list that is read by `take` and `from`; its items are under this key.
    Checkpoint(&'static str),
}

impl Output {
    /// The key of the items, if it is a list.
    pub const fn items(self) -> Option<&'static str> {
        match self {
            Offset(key) | Checkpoint(key) => Some(key),
            _ => None,
        }
    }
}

/// May the operation be sent again when nobody knows whether the server carried it out?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Yes: twice has the same effect as once.
    Safe,
    /// No: it is sent again only when the server cannot have done it.
    Never,
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
    /// What a caller passes.
    pub input: Input,
    /// What a caller gets.
    pub output: Output,
    /// Whether it may be sent twice.
    pub repeat: Repeat,
}

impl Operation {
    /// Does a token need all of its [`SCOPES`], and not just one?
    pub fn needs_all_scopes(&self) -> bool {
        self.name == USERS_ROLES_LIST.name
    }
}

impl Operation {
    /// Does the API look at the header `auth0-custom-domain` here?
    pub(crate) fn heeds_custom_domain(&self) -> bool {
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
    ($($id:ident = $name:literal $method:ident $path:literal $input:expr => $output:expr, $repeat:ident, $scopes:expr;)*) => {
        $(
            #[doc = concat!("`", $name, "`: `", stringify!($method), " ", $path, "`")]
            pub static $id: Operation = Operation {
                name: $name,
                method: Method::$method,
                path: $path,
                input: $input,
                output: $output,
                repeat: Repeat::$repeat,
            };
        )*

        /// Every operation.
        pub static TABLE: &[&Operation] = &[$(&$id),*];

        /// The scopes of each operation of the [`TABLE`]: those that the API's OpenAPI description or
        /// its 403 answer names, the preferred one first. A token needs one of them, or all of them; see
        /// [`Operation::needs_all_scopes`]. Apart from the table, so that a program that does not ask
        /// does not carry them.
        pub static SCOPES: &[&[&str]] = &[$($scopes),*];
    };
}

use Input::{Body, Form, Items, Nothing, OptionalBody, Query};
use Output::{Any, Array, Checkpoint, Object, Offset};

const LIST_USERS: &str = "page per_page include_totals sort connection fields include_fields q search_engine primary_order";
const FIELDS: &str = "fields include_fields";
const PAGED: &str = "page per_page include_totals";

operations! {
    USERS_LIST = "users.list" Get "/users" Query("", LIST_USERS) => Offset("users"), Safe, &["read:users"];
    USERS_CREATE = "users.create" Post "/users" Body => Object, Never, &["create:users"];
    USERS_LIST_USERS_BY_EMAIL = "users.listUsersByEmail" Get "/users-by-email" Query("email", FIELDS) => Array, Safe, &["read:users"];
    USERS_GET = "users.get" Get "/users/{id}" Query("", FIELDS) => Object, Safe, &["read:users", "read:user_idp_tokens", "read:current_user"];
    USERS_DELETE = "users.delete" Delete "/users/{id}" Nothing => Output::Nothing, Safe, &["delete:users", "delete:current_user"];
    USERS_UPDATE = "users.update" Patch "/users/{id}" OptionalBody => Object, Safe, &["update:users", "update:users_app_metadata", "update:current_user_metadata"];
    USERS_REGENERATE_RECOVERY_CODE = "users.regenerateRecoveryCode" Post "/users/{id}/recovery-code-regeneration" Nothing => Object, Never, &["update:users"];
    USERS_REVOKE_ACCESS = "users.revokeAccess" Post "/users/{id}/revoke-access" OptionalBody => Output::Nothing, Never, &["delete:sessions", "delete:refresh_tokens"];
    USERS_AUTHENTICATION_METHODS_LIST = "users.authenticationMethods.list" Get "/users/{id}/authentication-methods" Query("", PAGED) => Offset("authenticators"), Safe, &["read:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_CREATE = "users.authenticationMethods.create" Post "/users/{id}/authentication-methods" Body => Object, Never, &["create:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_SET = "users.authenticationMethods.set" Put "/users/{id}/authentication-methods" Items => Array, Safe, &["update:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_DELETE_ALL = "users.authenticationMethods.deleteAll" Delete "/users/{id}/authentication-methods" Nothing => Output::Nothing, Safe, &["delete:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_GET = "users.authenticationMethods.get" Get "/users/{id}/authentication-methods/{authentication_method_id}" Nothing => Object, Safe, &["read:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_DELETE = "users.authenticationMethods.delete" Delete "/users/{id}/authentication-methods/{authentication_method_id}" Nothing => Output::Nothing, Safe, &["delete:authentication_methods"];
    USERS_AUTHENTICATION_METHODS_UPDATE = "users.authenticationMethods.update" Patch "/users/{id}/authentication-methods/{authentication_method_id}" OptionalBody => Object, Safe, &["update:authentication_methods"];
    USERS_AUTHENTICATORS_DELETE_ALL = "users.authenticators.deleteAll" Delete "/users/{id}/authenticators" Nothing => Output::Nothing, Safe, &["delete:guardian_enrollments", "remove:authenticators"];
    USERS_CONNECTED_ACCOUNTS_LIST = "users.connectedAccounts.list" Get "/users/{id}/connected-accounts" Query("", "from take") => Checkpoint("connected_accounts"), Safe, &["read:users"];
    USERS_EFFECTIVE_PERMISSIONS_LIST = "users.effectivePermissions.list" Get "/users/{id}/effective-permissions" Query("resource_server_identifier", "from take") => Checkpoint("permissions"), Safe, &["read:user_effective_permissions"];
    USERS_EFFECTIVE_PERMISSIONS_SOURCES_ROLES_LIST = "users.effectivePermissions.sources.roles.list" Get "/users/{id}/effective-permissions/sources/effective-roles" Query("resource_server_identifier permission_name", "from take") => Checkpoint("roles"), Safe, &["read:user_permission_source_roles"];
    USERS_EFFECTIVE_ROLES_LIST = "users.effectiveRoles.list" Get "/users/{id}/effective-roles" Query("", "from take") => Checkpoint("roles"), Safe, &["read:user_effective_roles"];
    USERS_EFFECTIVE_ROLES_SOURCES_GROUPS_LIST = "users.effectiveRoles.sources.groups.list" Get "/users/{id}/effective-roles/sources/groups" Query("role_id", "from take") => Checkpoint("groups"), Safe, &["read:user_role_source_groups"];
    USERS_ENROLLMENTS_GET = "users.enrollments.get" Get "/users/{id}/enrollments" Nothing => Array, Safe, &["read:users", "read:current_user"];
    USERS_GROUPS_GET = "users.groups.get" Get "/users/{id}/groups" Query("", "fields include_fields include_totals from take") => Checkpoint("groups"), Safe, &["read:groups"];
    USERS_IDENTITIES_LINK = "users.identities.link" Post "/users/{id}/identities" OptionalBody => Array, Never, &["update:users", "update:current_user_identities"];
    USERS_IDENTITIES_DELETE = "users.identities.delete" Delete "/users/{id}/identities/{provider}/{user_id}" Nothing => Array, Safe, &["update:users", "update:current_user_identities"];
    USERS_LOGS_LIST = "users.logs.list" Get "/users/{id}/logs" Query("", "page per_page sort include_totals") => Offset("logs"), Safe, &["read:logs", "read:logs_users"];
    USERS_MULTIFACTOR_INVALIDATE_REMEMBER_BROWSER = "users.multifactor.invalidateRememberBrowser" Post "/users/{id}/multifactor/actions/invalidate-remember-browser" Nothing => Output::Nothing, Never, &["update:users"];
    USERS_MULTIFACTOR_DELETE_PROVIDER = "users.multifactor.deleteProvider" Delete "/users/{id}/multifactor/{provider}" Nothing => Output::Nothing, Safe, &["update:users"];
    USERS_ORGANIZATIONS_LIST = "users.organizations.list" Get "/users/{id}/organizations" Query("", "page per_page include_totals from take") => Checkpoint("organizations"), Safe, &["read:organizations", "read:users"];
    USERS_PERMISSIONS_LIST = "users.permissions.list" Get "/users/{id}/permissions" Query("", PAGED) => Offset("permissions"), Safe, &["read:users"];
    USERS_PERMISSIONS_CREATE = "users.permissions.create" Post "/users/{id}/permissions" Body => Output::Nothing, Never, &["update:users"];
    USERS_PERMISSIONS_DELETE = "users.permissions.delete" Delete "/users/{id}/permissions" Body => Output::Nothing, Safe, &["update:users"];
    USERS_REFRESH_TOKEN_LIST = "users.refreshToken.list" Get "/users/{user_id}/refresh-tokens" Query("", "include_totals from take") => Checkpoint("tokens"), Safe, &["read:refresh_tokens"];
    USERS_REFRESH_TOKEN_DELETE = "users.refreshToken.delete" Delete "/users/{user_id}/refresh-tokens" Nothing => Output::Nothing, Safe, &["delete:refresh_tokens"];
    USERS_RISK_ASSESSMENTS_CLEAR = "users.riskAssessments.clear" Post "/users/{id}/risk-assessments/clear" Body => Output::Nothing, Never, &["update:users"];
    USERS_ROLES_LIST = "users.roles.list" Get "/users/{id}/roles" Query("", PAGED) => Offset("roles"), Safe, &["read:users", "read:roles", "read:role_members"];
    USERS_ROLES_ASSIGN = "users.roles.assign" Post "/users/{id}/roles" Body => Output::Nothing, Never, &["update:users", "create:role_members"];
    USERS_ROLES_DELETE = "users.roles.delete" Delete "/users/{id}/roles" Body => Output::Nothing, Safe, &["update:users", "delete:role_members"];
    USERS_SESSIONS_LIST = "users.sessions.list" Get "/users/{user_id}/sessions" Query("", "include_totals from take") => Checkpoint("sessions"), Safe, &["read:sessions"];
    USERS_SESSIONS_DELETE = "users.sessions.delete" Delete "/users/{user_id}/sessions" Nothing => Output::Nothing, Safe, &["delete:sessions"];
    USER_BLOCKS_LIST_BY_IDENTIFIER = "userBlocks.listByIdentifier" Get "/user-blocks" Query("identifier", "consider_brute_force_enablement") => Object, Safe, &["read:users"];
    USER_BLOCKS_DELETE_BY_IDENTIFIER = "userBlocks.deleteByIdentifier" Delete "/user-blocks" Query("identifier", "") => Output::Nothing, Safe, &["update:users"];
    USER_BLOCKS_LIST = "userBlocks.list" Get "/user-blocks/{id}" Query("", "consider_brute_force_enablement") => Object, Safe, &["read:users"];
    USER_BLOCKS_DELETE = "userBlocks.delete" Delete "/user-blocks/{id}" Nothing => Output::Nothing, Safe, &["update:users"];
    JOBS_GET = "jobs.get" Get "/jobs/{id}" Nothing => Object, Safe, &["create:users", "read:users"];
    JOBS_ERRORS_GET = "jobs.errors.get" Get "/jobs/{id}/errors" Nothing => Any, Safe, &["create:users", "read:users"];
    JOBS_USERS_EXPORTS_CREATE = "jobs.usersExports.create" Post "/jobs/users-exports" OptionalBody => Object, Never, &["read:users"];
    JOBS_USERS_IMPORTS_CREATE = "jobs.usersImports.create" Post "/jobs/users-imports" Form => Object, Never, &["create:users"];
    JOBS_VERIFICATION_EMAIL_CREATE = "jobs.verificationEmail.create" Post "/jobs/verification-email" Body => Object, Never, &["update:users"];
    TICKETS_VERIFY_EMAIL = "tickets.verifyEmail" Post "/tickets/email-verification" Body => Object, Never, &["create:user_tickets"];
    TICKETS_CHANGE_PASSWORD = "tickets.changePassword" Post "/tickets/password-change" OptionalBody => Object, Never, &["create:user_tickets"];
}

/// The operation that stands for an endpoint that is not in the table.
#[doc(hidden)]
pub fn unlisted(method: &str) -> Option<&'static Operation> {
    UNLISTED
        .iter()
        .find(|operation| operation.method.as_str() == method)
}

static UNLISTED: &[Operation] = &[
    row(Method::Get, Repeat::Safe),
    row(Method::Post, Repeat::Never),
    row(Method::Put, Repeat::Safe),
    // A change that is not known may be one that counts up.
    row(Method::Patch, Repeat::Never),
    row(Method::Delete, Repeat::Safe),
];

const fn row(method: Method, repeat: Repeat) -> Operation {
    Operation {
        name: "request",
        method,
        path: "",
        input: Query("", ""),
        output: Any,
        repeat,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_endpoints_are_unique() {
        let names: HashSet<_> = TABLE.iter().map(|o| o.name).collect();
        let endpoints: HashSet<_> = TABLE.iter().map(|o| (o.method.as_str(), o.path)).collect();
        assert_eq!(names.len(), TABLE.len());
        assert_eq!(endpoints.len(), TABLE.len());
    }

    #[test]
    fn every_operation_names_a_scope_and_starts_at_the_base() {
        for (operation, scopes) in TABLE.iter().zip(SCOPES) {
            assert!(!scopes.is_empty(), "{}", operation.name);
            assert!(operation.path.starts_with('/'), "{}", operation.name);
        }
    }

    #[test]
    fn every_post_is_sent_once() {
        for operation in TABLE.iter().filter(|o| o.method == Method::Post) {
            assert_eq!(operation.repeat, Repeat::Never, "{}", operation.name);
        }
    }
}
