//! Accounts of a user with identity providers.

use super::*;

answer! {
    /// One account of a user with an identity provider.
    #[doc(alias = "UserIdentitySchema")]
    #[doc(alias = "UserIdentity")]
    pub struct Identity {
        /// The name of the connection.
        pub connection: Option<String>,
        /// The id without its provider: a string, or a number.
        pub user_id: Value,
        /// The provider, such as `auth0` or `google-oauth2`.
        pub provider: Option<String>,
        /// Is the provider a social one?
        #[serde(rename = "isSocial")]
        pub is_social: Option<bool>,
        /// The profile that a linked account brought along.
        #[serde(rename = "profileData")]
        pub profile_data: Option<ProfileData>,
        /// Only for tokens with `read:user_idp_tokens`, as the three after it.
        pub access_token: Option<String>,
        /// The secret that goes with the access token.
        pub access_token_secret: Option<String>,
        /// The refresh token of the provider.
        pub refresh_token: Option<String>,
        /// How many seconds the access token is good for.
        pub expires_in: Option<i64>,
    }

    /// The profile of an account.
    #[doc(alias = "UserProfileData")]
    pub struct ProfileData {
        /// The email.
        pub email: Option<String>,
        /// Has the user proved to own the email?
        pub email_verified: Option<bool>,
        /// The full name.
        pub name: Option<String>,
        /// The user name.
        pub username: Option<String>,
        /// The given name.
        pub given_name: Option<String>,
        /// The family name.
        pub family_name: Option<String>,
        /// The nickname.
        pub nickname: Option<String>,
        /// The address of a picture.
        pub picture: Option<String>,
        /// The phone number.
        pub phone_number: Option<String>,
        /// Has the user proved to own the phone number?
        pub phone_verified: Option<bool>,
    }
}

/// The account to link to a user.
#[doc(alias = "LinkUserIdentityRequestContent")]
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub enum LinkIdentity {
    /// It is named.
    Account(LinkAccount),
    /// It is proved by a token of its user.
    Token(LinkToken),
}

request! {
    /// An account to link, by name.
    #[doc(alias = "LinkUserIdentityByName")]
    pub struct LinkAccount {
        /// The provider, such as `auth0` or `google-oauth2`.
        pub provider: String,
        /// The id, with its provider or without.
        pub user_id: String,
        /// Which connection, where the provider has several.
        pub connection_id: Option<String>,
    }

    /// An account to link, by a token of its user.
    #[doc(alias = "LinkUserIdentityByToken")]
    pub struct LinkToken {
        /// An ID token of the account to link.
        pub link_with: String,
    }
}
