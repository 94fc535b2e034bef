//! Blocks after failed logins.

use super::*;

answer! {
    /// The blocks of a user.
    #[doc(alias = "ListUserBlocksResponseContent")]
    #[doc(alias = "ListUserBlocksByIdentifierResponseContent")]
    pub struct Blocks {
        /// What is blocked.
        pub blocked_for: Option<Vec<Block>>,
    }

    /// What is blocked after failed logins.
    #[doc(alias = "UserBlockIdentifier")]
    pub struct Block {
        /// The user name, phone number or email.
        pub identifier: Option<String>,
        /// The address; absent where the account is blocked from everywhere.
        pub ip: Option<String>,
        /// The name of the connection.
        pub connection: Option<String>,
    }
}

request! {
    /// Which blocks of a user.
    #[doc(alias = "ListUserBlocksRequestParameters")]
    pub struct BlocksQuery {
        /// Whether there are no blocks while brute-force protection is off.
        pub consider_brute_force_enablement: Option<bool>,
    }

    /// Whose blocks.
    #[doc(alias = "ListUserBlocksByIdentifierRequestParameters")]
    pub struct BlocksByIdentifierQuery {
        /// A user name, phone number or email.
        pub identifier: String,
        /// Whether there are no blocks while brute-force protection is off.
        pub consider_brute_force_enablement: Option<bool>,
    }
}

#[doc(alias = "DeleteUserBlocksByIdentifierRequestParameters")]
#[derive(Serialize)]
pub(crate) struct ByIdentifier<'a> {
    pub(crate) identifier: &'a str,
}
