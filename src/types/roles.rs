//! Roles.

use super::*;

answer! {
    /// A role that is assigned to a user directly.
    pub struct Role {
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
    }

    /// A role that a user has, directly or through groups.
    #[doc(alias = "UserEffectiveRole")]
    pub struct EffectiveRole {
        /// The id, such as `rol_Yl8Rv2hEW0kuzvFQ`.
        pub id: String,
        /// The name.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// How the user comes by it: `direct`, `groups`.
        pub sources: Option<Vec<String>>,
    }
}

request! {
    /// The role whose sources are asked for.
    #[doc(alias = "ListUserRoleSourceGroupsRequestParameters")]
    pub struct RoleSourceQuery {
        /// The id of the role.
        pub role_id: String,
        /// Where the page before it ended.
        pub from: Option<String>,
        /// The size of a page; 50 by default.
        pub take: Option<u32>,
    }
}

#[doc(alias = "AssignUserRolesRequestContent")]
#[doc(alias = "DeleteUserRolesRequestContent")]
#[derive(Serialize)]
pub(crate) struct RoleIds<'a> {
    pub(crate) roles: &'a [&'a str],
}
