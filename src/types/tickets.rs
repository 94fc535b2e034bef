//! Links that let a user do one thing.

use super::*;

request! {
    /// Whose email is to be proved, and how.
    #[doc(alias = "VerifyEmailTicketRequestContent")]
    pub struct VerifyEmailTicket {
        /// The user.
        pub user_id: String,
        /// Which account of the user.
        pub identity: Option<AccountOfUser>,
        /// Where the user goes afterwards; not with `client_id` or `organization_id`.
        pub result_url: Option<String>,
        /// The application that the link is for.
        pub client_id: Option<String>,
        /// The organization that the link is for.
        pub organization_id: Option<String>,
        /// How many seconds the ticket is good for; five days by default, and for 0.
        pub ttl_sec: Option<u32>,
        /// Whether the email is added to `result_url`.
        #[serde(rename = "includeEmailInRedirect")]
        pub include_email_in_redirect: Option<bool>,
    }

    /// Whose password is to be changed, and how. The user is named by `user_id`, or by
    /// `connection_id` and `email`.
    #[doc(alias = "ChangePasswordTicketRequestContent")]
    pub struct ChangePasswordTicket {
        /// The user.
        pub user_id: Option<String>,
        /// Which account of the user.
        pub identity: Option<AccountOfUser>,
        /// The connection of a user who is named by email.
        pub connection_id: Option<String>,
        /// The email of the user.
        pub email: Option<String>,
        /// Where the user goes afterwards; not with `client_id` or `organization_id`.
        pub result_url: Option<String>,
        /// The application that the link is for.
        pub client_id: Option<String>,
        /// The organization that the link is for.
        pub organization_id: Option<String>,
        /// How many seconds the ticket is good for; five days by default, and for 0.
        pub ttl_sec: Option<u32>,
        /// Whether the email counts as proved once the password is changed.
        pub mark_email_as_verified: Option<bool>,
        /// Whether the email is added to `result_url`.
        #[serde(rename = "includeEmailInRedirect")]
        pub include_email_in_redirect: Option<bool>,
    }
}

/// A link. Whoever has it can use it.
#[doc(alias = "VerifyEmailTicketResponseContent")]
#[doc(alias = "ChangePasswordTicketResponseContent")]
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Ticket {
    /// The link.
    pub ticket: String,
}
