//! Permissions.

use super::*;

answer! {
    /// A permission that a user has directly or through a role.
    #[doc(alias = "UserPermissionSchema")]
    pub struct UserPermission {
        /// The audience of the API.
        pub resource_server_identifier: Option<String>,
        /// The permission.
        pub permission_name: Option<String>,
        /// The name of the API.
        pub resource_server_name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// How the user comes by it.
        pub sources: Option<Vec<PermissionSource>>,
    }

    /// How a user comes by a permission.
    #[doc(alias = "UserPermissionSource")]
    pub struct PermissionSource {
        /// The id of a role; empty where the permission is the user's own.
        pub source_id: Option<String>,
        /// The name of the role.
        pub source_name: Option<String>,
        /// `DIRECT` or `ROLE`.
        pub source_type: Option<String>,
    }

    /// A permission that a user has for one API, wherever it comes from.
    #[doc(alias = "UserEffectivePermissionResponseContent")]
    pub struct EffectivePermission {
        /// The audience of the API.
        pub resource_server_identifier: Option<String>,
        /// The permission.
        pub permission_name: Option<String>,
        /// The name of the API.
        pub resource_server_name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// How the user comes by it: `direct`, `roles`.
        pub sources: Option<Vec<String>>,
    }

    /// A role through which a user has a permission.
    #[doc(alias = "UserEffectivePermissionRoleSourceResponseContent")]
    pub struct PermissionRole {
        /// The id, such as `rol_Yl8Rv2hEW0kuzvFQ`.
        pub id: String,
        /// The name.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// Whose it is: `tenant` or `organization`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// The organization that a role of one belongs to.
        pub owner_id: Option<String>,
        /// How the user comes by the role: `direct`, `groups`.
        pub sources: Option<Vec<String>>,
    }
}

request! {
    /// A permission to give or take.
    #[doc(alias = "PermissionRequestPayload")]
    pub struct Permission {
        /// The audience of the API.
        pub resource_server_identifier: String,
        /// The permission.
        pub permission_name: String,
    }

    /// The API whose permissions are asked for.
    #[doc(alias = "ListUserEffectivePermissionsRequestParameters")]
    pub struct EffectivePermissionsQuery {
        /// The audience of the API.
        pub resource_server_identifier: String,
        /// Where the page before it ended.
        pub from: Option<String>,
        /// The size of a page; 50 by default.
        pub take: Option<u32>,
    }

    /// The permission whose sources are asked for.
    #[doc(alias = "ListUserEffectivePermissionRoleSourceRequestParameters")]
    pub struct PermissionSourceQuery {
        /// The audience of the API.
        pub resource_server_identifier: String,
        /// The permission.
        pub permission_name: String,
        /// Where the page before it ended.
        pub from: Option<String>,
        /// The size of a page; 50 by default.
        pub take: Option<u32>,
    }
}

#[doc(alias = "CreateUserPermissionsRequestContent")]
#[doc(alias = "DeleteUserPermissionsRequestContent")]
#[derive(Serialize)]
pub(crate) struct Permissions<'a> {
    pub(crate) permissions: &'a [Permission],
}
