//! Users.

use super::*;

answer! {
    /// A user of the tenant.
    pub struct User {
        /// The id with its provider, such as `auth0|507f1f77bcf86cd799439020`. Empty only where a
        /// projection left it out.
        pub user_id: String,
        /// The email; in lower case where Auth0's own database keeps it.
        pub email: Option<String>,
        /// Has the user proved to own the email?
        pub email_verified: Option<bool>,
        /// The user name, where the connection has one.
        pub username: Option<String>,
        /// The phone number, with a leading `+`.
        pub phone_number: Option<String>,
        /// Has the user proved to own the phone number?
        pub phone_verified: Option<bool>,
        /// The full name.
        pub name: Option<String>,
        /// The nickname.
        pub nickname: Option<String>,
        /// The given name.
        pub given_name: Option<String>,
        /// The family name.
        pub family_name: Option<String>,
        /// The address of a picture.
        pub picture: Option<String>,
        /// When the user was created, ISO 8601.
        pub created_at: Option<String>,
        /// When the user was last changed, ISO 8601.
        pub updated_at: Option<String>,
        /// The accounts linked to this user, the primary one first.
        pub identities: Option<Vec<Identity>>,
        /// What the user may read and change.
        pub user_metadata: Option<Metadata>,
        /// What only the application may change.
        pub app_metadata: Option<Metadata>,
        /// Has an administrator blocked the user?
        pub blocked: Option<bool>,
        /// The enrolled multi-factor providers.
        pub multifactor: Option<Vec<String>>,
        /// The address of the last login.
        pub last_ip: Option<String>,
        /// When the user last logged in, ISO 8601.
        pub last_login: Option<String>,
        /// How often the user has logged in.
        pub logins_count: Option<u64>,
        /// When a password was last set, ISO 8601; users in a database only.
        pub last_password_reset: Option<String>,
        /// When the enrolled providers last changed, ISO 8601.
        pub multifactor_last_modified: Option<String>,
    }
}

request! {
    /// What [`Users::list`](crate::Users::list) looks for.
    #[doc(alias = "ListUsersRequestParameters")]
    pub struct ListUsers {
        /// The page, from 0.
        pub page: Option<u32>,
        /// The size of a page, at most 100; 50 by default.
        pub per_page: Option<u32>,
        /// Whether the server counts all matches; it does by default.
        pub include_totals: Option<bool>,
        /// The order: a field, a colon, and `1` or `-1`.
        pub sort: Option<String>,
        /// The connection, with search engine `v1` only.
        pub connection: Option<String>,
        /// The fields to give, or to leave out.
        pub fields: Vec<String>,
        /// `false` turns `fields` into those to leave out.
        pub include_fields: Option<bool>,
        /// The query, in Lucene syntax.
        pub q: Option<String>,
        /// The search engine, such as `v3`.
        pub search_engine: Option<String>,
        /// Whether matches come in a fixed order; they do by default.
        pub primary_order: Option<bool>,
    }
}

#[doc(alias = "ListUsersByEmailRequestParameters")]
#[derive(Serialize)]
pub(crate) struct ByEmail<'a> {
    pub(crate) email: &'a str,
}

request! {
    /// A user to be created.
    #[doc(alias = "CreateUserRequestContent")]
    pub struct CreateUser {
        /// The name of the connection.
        pub connection: String,
        /// The email.
        pub email: Option<String>,
        /// Whether the email counts as proved; it does not by default, and a mail is sent.
        pub email_verified: Option<bool>,
        /// Whether a verification mail is sent, whatever `email_verified` says.
        pub verify_email: Option<bool>,
        /// The user name, if the connection has one.
        pub username: Option<String>,
        /// The phone number, with a leading `+`, if the connection has one.
        pub phone_number: Option<String>,
        /// Whether the phone number counts as proved.
        pub phone_verified: Option<bool>,
        /// The password, if the connection has one.
        pub password: Option<String>,
        /// The id without its provider; made up by the server by default.
        pub user_id: Option<String>,
        /// Whether the user is blocked from the start.
        pub blocked: Option<bool>,
        /// The full name.
        pub name: Option<String>,
        /// The nickname.
        pub nickname: Option<String>,
        /// The given name.
        pub given_name: Option<String>,
        /// The family name.
        pub family_name: Option<String>,
        /// The address of a picture.
        pub picture: Option<String>,
        /// What the user may read and change.
        pub user_metadata: Option<Metadata>,
        /// What only the application may change.
        pub app_metadata: Option<Metadata>,
    }
}

request! {
    /// Changes of a user.
    ///
    /// Not together: `password` with `email`, `email_verified` or `username`; `username` with `email`
    /// or `email_verified`.
    #[doc(alias = "UpdateUserRequestContent")]
    pub struct UpdateUser {
        /// The email, of users in a database only.
        pub email: Field<String>,
        /// Whether the email counts as proved; not for enterprise users and passwordless SMS.
        pub email_verified: Option<bool>,
        /// Whether a verification mail is sent.
        pub verify_email: Option<bool>,
        /// The user name.
        pub username: Field<String>,
        /// The phone number, with a leading `+`.
        pub phone_number: Field<String>,
        /// Whether the phone number counts as proved.
        pub phone_verified: Option<bool>,
        /// Whether a verification message is sent to the phone.
        pub verify_phone_number: Option<bool>,
        /// The password; a new one also lifts an administrator's block.
        pub password: Field<String>,
        /// The connection of the secondary identity whose email, phone number, user name or password
        /// is to change.
        pub connection: Option<String>,
        /// The application that a mail or message is sent for; only with `email` or `phone_number`.
        pub client_id: Option<String>,
        /// Whether an administrator blocks the user; `false` does not lift a block that repeated
        /// failed logins caused.
        pub blocked: Option<bool>,
        /// The full name.
        pub name: Field<String>,
        /// The nickname.
        pub nickname: Field<String>,
        /// The given name.
        pub given_name: Field<String>,
        /// The family name.
        pub family_name: Field<String>,
        /// The address of a picture.
        pub picture: Field<String>,
        /// Merged on the first level; a null inside removes that key. Not empty, which would remove all.
        pub user_metadata: Option<Metadata>,
        /// Merged on the first level; a null inside removes that key. Not empty, which would remove all.
        pub app_metadata: Option<Metadata>,
    }
}

/// What [`Users::regenerate_recovery_code`](crate::Users::regenerate_recovery_code) gives.
#[doc(alias = "RegenerateUsersRecoveryCodeResponseContent")]
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecoveryCode {
    /// The code: 24 letters and digits. Show it once and keep it nowhere.
    pub recovery_code: String,
}

request! {
    /// What [`Users::revoke_access`](crate::Users::revoke_access) revokes; by default everything.
    #[doc(alias = "RevokeUserAccessRequestContent")]
    pub struct RevokeAccess {
        /// One session instead of all.
        pub session_id: Option<String>,
        /// Whether refresh tokens stay valid.
        pub preserve_refresh_tokens: Option<bool>,
    }
}
