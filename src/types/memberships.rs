//! What users belong to, and what belongs to them.

use super::*;

answer! {
    /// A group of users.
    #[doc(alias = "UserGroupsResponseSchema")]
    pub struct Group {
        /// The id, such as `grp_3qSFjQwCFjAxQqWEmmzbVM`. Empty only where a projection left it out.
        pub id: String,
        /// The name.
        pub name: Option<String>,
        /// The id where the group comes from.
        pub external_id: Option<String>,
        /// The connection that it comes from.
        pub connection_id: Option<String>,
        /// The tenant.
        pub tenant_name: Option<String>,
        /// When it was created, ISO 8601.
        pub created_at: Option<String>,
        /// When it was last changed, ISO 8601.
        pub updated_at: Option<String>,
        /// When the user joined it, ISO 8601; in a list of a user's groups.
        pub membership_created_at: Option<String>,
    }

    /// An organization that a user is a member of.
    pub struct Organization {
        /// The id, such as `org_bTO5VfvS6YkE0mnz`.
        pub id: String,
        /// The name in lower case, for use in code.
        pub name: Option<String>,
        /// The name for people.
        pub display_name: Option<String>,
        /// How it looks.
        pub branding: Option<Branding>,
        /// What the tenant keeps of it.
        pub metadata: Option<Metadata>,
        /// How many tokens applications may get for it.
        pub token_quota: Option<TokenQuota>,
        /// `block` or `allow`.
        pub third_party_client_access: Option<String>,
        /// Does it say which applications its members may use?
        pub is_app_entitlement_active: Option<bool>,
        /// What applications are to it.
        pub client: Option<OrganizationClient>,
    }

    /// How an organization looks.
    #[doc(alias = "OrganizationBranding")]
    pub struct Branding {
        /// The address of a logo.
        pub logo_url: Option<String>,
        /// The colors.
        pub colors: Option<BrandingColors>,
    }

    /// The colors of an organization.
    #[doc(alias = "OrganizationBrandingColors")]
    pub struct BrandingColors {
        /// Of what can be clicked.
        pub primary: Option<String>,
        /// Of the page.
        pub page_background: Option<String>,
    }

    /// How many tokens applications may get.
    pub struct TokenQuota {
        /// For credentials of their own.
        pub client_credentials: Option<ClientCredentialsQuota>,
    }

    /// How many tokens applications may get for credentials of their own.
    #[doc(alias = "TokenQuotaClientCredentials")]
    pub struct ClientCredentialsQuota {
        /// Is it enforced, or only written to the log?
        pub enforce: Option<bool>,
        /// In a day.
        pub per_day: Option<u64>,
        /// In an hour.
        pub per_hour: Option<u64>,
    }

    /// What applications are to an organization.
    #[doc(alias = "OrganizationClientAssociation")]
    pub struct OrganizationClient {
        /// May members use them?
        pub use_for_member_access: Option<bool>,
    }

    /// An account elsewhere whose tokens Auth0 keeps for the user.
    pub struct ConnectedAccount {
        /// The id, such as `cac_nzDNmJxXJnGMZvEBcYqEsM`.
        pub id: String,
        /// The name of the connection.
        pub connection: Option<String>,
        /// The id of the connection.
        pub connection_id: Option<String>,
        /// The kind of the connection.
        pub strategy: Option<String>,
        /// `offline`.
        pub access_type: Option<String>,
        /// What the tokens are good for.
        pub scopes: Option<Vec<String>>,
        /// When it was connected, ISO 8601.
        pub created_at: Option<String>,
        /// When it ends, ISO 8601.
        pub expires_at: Option<String>,
        /// The organization that it was connected for.
        pub organization_id: Option<String>,
    }
}

request! {
    /// Which groups of a user, and what of them.
    #[doc(alias = "GetUserGroupsRequestParameters")]
    pub struct GroupsQuery {
        /// The fields to give, or to leave out.
        pub fields: Vec<String>,
        /// `false` turns `fields` into those to leave out.
        pub include_fields: Option<bool>,
        /// Whether the server counts all groups; it does by default.
        pub include_totals: Option<bool>,
        /// Where the page before it ended.
        pub from: Option<String>,
        /// The size of a page; 50 by default.
        pub take: Option<u32>,
    }

    /// Which organizations of a user. Without `page`, `per_page` and `include_totals` the list goes
    /// by checkpoint, which reaches the last one.
    #[doc(alias = "ListUserOrganizationsRequestParameters")]
    pub struct OrganizationsQuery {
        /// The page, from 0; by it the server reaches the first 1,000.
        pub page: Option<u32>,
        /// The size of such a page, at most 100; 50 by default.
        pub per_page: Option<u32>,
        /// Whether the server counts all organizations.
        pub include_totals: Option<bool>,
        /// Where the page before it ended.
        pub from: Option<String>,
        /// The size of a page; 50 by default.
        pub take: Option<u32>,
    }
}
