//! What users prove to be who they are with.

use super::*;

answer! {
    /// An authentication method. Email and phone number are masked, save in the answer to a
    /// replacement.
    #[doc(alias = "UserAuthenticationMethod")]
    #[doc(alias = "CreateUserAuthenticationMethodResponseContent")]
    #[doc(alias = "SetUserAuthenticationMethodResponseContent")]
    #[doc(alias = "UpdateUserAuthenticationMethodResponseContent")]
    pub struct AuthenticationMethod {
        /// The id, such as `phone|dev_Ewhmvb1VY4rYDxqx`.
        pub id: String,
        /// The kind, such as `totp`, `phone`, `passkey` or `password`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// Has the user confirmed it?
        pub confirmed: Option<bool>,
        /// The name.
        pub name: Option<String>,
        /// The ways in which a phone can be used.
        pub authentication_methods: Option<Vec<AuthenticationMethodUse>>,
        /// The way that is preferred: `voice` or `sms`.
        pub preferred_authentication_method: Option<String>,
        /// The id of a link that it belongs to.
        pub link_id: Option<String>,
        /// The phone number.
        pub phone_number: Option<String>,
        /// The email.
        pub email: Option<String>,
        /// The secret of one-time passwords, in base32.
        pub totp_secret: Option<String>,
        /// The id of a key.
        pub key_id: Option<String>,
        /// A public key.
        pub public_key: Option<String>,
        /// When it was created, ISO 8601.
        pub created_at: Option<String>,
        /// When it was enrolled, ISO 8601.
        pub enrolled_at: Option<String>,
        /// When it was last used, ISO 8601.
        pub last_auth_at: Option<String>,
        /// Whether a passkey is on `single_device` or `multi_device`.
        pub credential_device_type: Option<String>,
        /// Is the passkey backed up?
        pub credential_backed_up: Option<bool>,
        /// The account that the passkey belongs to.
        pub identity_user_id: Option<String>,
        /// The browser that made the passkey.
        pub user_agent: Option<String>,
        /// What the passkey calls its user.
        pub user_handle: Option<String>,
        /// How the passkey can be reached.
        pub transports: Option<Vec<String>>,
        /// The model of the authenticator, a UUID.
        pub aaguid: Option<String>,
        /// The host that the key is for.
        pub relying_party_identifier: Option<String>,
    }

    /// One way to use an authentication method.
    #[doc(alias = "UserAuthenticationMethodProperties")]
    pub struct AuthenticationMethodUse {
        /// The kind: `totp`, `push`, `sms` or `voice`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// The id.
        pub id: String,
    }
}

request! {
    /// An authentication method to add.
    #[doc(alias = "CreateUserAuthenticationMethodRequestContent")]
    pub struct CreateAuthenticationMethod {
        /// The kind: `phone`, `email`, `totp`, `webauthn-roaming` or `passkey`.
        #[serde(rename = "type")]
        pub kind: String,
        /// The name.
        pub name: Option<String>,
        /// The secret in base32; only for `totp`.
        pub totp_secret: Option<String>,
        /// Only for `phone`.
        pub phone_number: Option<String>,
        /// Only for `email`.
        pub email: Option<String>,
        /// The way that is preferred: `voice` or `sms`.
        pub preferred_authentication_method: Option<String>,
        /// Only for `webauthn-roaming` and `passkey`.
        pub key_id: Option<String>,
        /// In base64; only for `webauthn-roaming` and `passkey`.
        pub public_key: Option<String>,
        /// The model of the authenticator, a UUID.
        pub aaguid: Option<String>,
        /// The host that the key is for.
        pub relying_party_identifier: Option<String>,
        /// Whether a passkey is on `single_device` or `multi_device`.
        pub credential_device_type: Option<String>,
        /// Whether the passkey is backed up.
        pub credential_backed_up: Option<bool>,
        /// The account that the passkey belongs to.
        pub identity_user_id: Option<String>,
        /// The browser that made the passkey.
        pub user_agent: Option<String>,
        /// What the passkey calls its user.
        pub user_handle: Option<String>,
        /// How the passkey can be reached.
        pub transports: Vec<String>,
    }

    /// An authentication method to put in the place of others.
    #[doc(alias = "SetUserAuthenticationMethods")]
    pub struct SetAuthenticationMethod {
        /// The kind: `phone`, `email` or `totp`.
        #[serde(rename = "type")]
        pub kind: String,
        /// The way that is preferred: `voice` or `sms`.
        pub preferred_authentication_method: Option<String>,
        /// The name, at most 20 characters.
        pub name: Option<String>,
        /// Only for `phone`.
        pub phone_number: Option<String>,
        /// Only for `email`.
        pub email: Option<String>,
        /// The secret in base32; only for `totp`.
        pub totp_secret: Option<String>,
    }

    /// Changes of an authentication method.
    #[doc(alias = "UpdateUserAuthenticationMethodRequestContent")]
    pub struct UpdateAuthenticationMethod {
        /// The name.
        pub name: Option<String>,
        /// The way that is preferred: `voice` or `sms`.
        pub preferred_authentication_method: Option<String>,
    }
}
