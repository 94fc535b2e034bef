//! Sessions and refresh tokens. Their dates are ISO 8601; an object in some records of old.

use super::*;

answer! {
    /// A session of a user, which single sign-on goes by.
    #[doc(alias = "SessionResponseContent")]
    pub struct Session {
        /// The id.
        pub id: String,
        /// The user.
        pub user_id: Option<String>,
        /// When it began.
        pub created_at: Option<Value>,
        /// When it last changed.
        pub updated_at: Option<Value>,
        /// When the user last proved who they are.
        pub authenticated_at: Option<Value>,
        /// When it ends unless it is used.
        pub idle_expires_at: Option<Value>,
        /// When it ends.
        pub expires_at: Option<Value>,
        /// When it was last used.
        pub last_interacted_at: Option<Value>,
        /// Where it was used.
        pub device: Option<SessionDevice>,
        /// The applications that have used it.
        pub clients: Option<Vec<SessionClient>>,
        /// How the user proved who they are.
        pub authentication: Option<SessionAuthentication>,
        /// How the browser keeps it.
        pub cookie: Option<SessionCookie>,
        /// What the tenant keeps of it.
        pub session_metadata: Option<Metadata>,
        /// Who acts for the user.
        pub actor: Option<SessionActor>,
    }

    /// Where a session was used.
    #[doc(alias = "SessionDeviceMetadata")]
    pub struct SessionDevice {
        /// The first browser.
        pub initial_user_agent: Option<String>,
        /// The first address.
        pub initial_ip: Option<String>,
        /// The autonomous system of the first address.
        pub initial_asn: Option<String>,
        /// The last browser.
        pub last_user_agent: Option<String>,
        /// The last address.
        pub last_ip: Option<String>,
        /// The autonomous system of the last address.
        pub last_asn: Option<String>,
    }

    /// An application that has used a session.
    #[doc(alias = "SessionClientMetadata")]
    pub struct SessionClient {
        /// The id.
        pub client_id: Option<String>,
    }

    /// How a user proved who they are.
    #[doc(alias = "SessionAuthenticationSignals")]
    pub struct SessionAuthentication {
        /// The methods.
        pub methods: Option<Vec<SessionAuthenticationMethod>>,
    }

    /// One method by which a user proved who they are.
    #[doc(alias = "SessionAuthenticationSignal")]
    pub struct SessionAuthenticationMethod {
        /// The method, such as `pwd` or `mfa`.
        pub name: Option<String>,
        /// When.
        pub timestamp: Option<Value>,
        /// Which of its kinds.
        #[serde(rename = "type")]
        pub kind: Option<String>,
    }

    /// How a browser keeps a session.
    #[doc(alias = "SessionCookieMetadata")]
    pub struct SessionCookie {
        /// `non-persistent` or `persistent`.
        pub mode: Option<String>,
    }

    /// Who acts for a user.
    #[doc(alias = "SessionActorMetadata")]
    pub struct SessionActor {
        /// The id.
        pub sub: Option<String>,
    }

    /// A refresh token of a user, without the token itself.
    #[doc(alias = "RefreshTokenResponseContent")]
    pub struct RefreshToken {
        /// The id.
        pub id: String,
        /// The user.
        pub user_id: Option<String>,
        /// When it was given.
        pub created_at: Option<Value>,
        /// When it ends unless it is used.
        pub idle_expires_at: Option<Value>,
        /// When it ends.
        pub expires_at: Option<Value>,
        /// Where it was used.
        pub device: Option<RefreshTokenDevice>,
        /// The application.
        pub client_id: Option<String>,
        /// The session that it came from.
        pub session_id: Option<String>,
        /// Is there a new one for each use?
        pub rotating: Option<bool>,
        /// What it is good for.
        pub resource_servers: Option<Vec<RefreshTokenApi>>,
        /// What the tenant keeps of it.
        pub refresh_token_metadata: Option<Metadata>,
        /// When it was last used.
        pub last_exchanged_at: Option<Value>,
    }

    /// Where a refresh token was used.
    pub struct RefreshTokenDevice {
        /// The first address.
        pub initial_ip: Option<String>,
        /// The autonomous system of the first address.
        pub initial_asn: Option<String>,
        /// The first browser.
        pub initial_user_agent: Option<String>,
        /// The last address.
        pub last_ip: Option<String>,
        /// The autonomous system of the last address.
        pub last_asn: Option<String>,
        /// The last browser.
        pub last_user_agent: Option<String>,
    }

    /// An API that a refresh token is good for.
    #[doc(alias = "RefreshTokenResourceServer")]
    pub struct RefreshTokenApi {
        /// The audience of the API.
        pub audience: Option<String>,
        /// The scopes, with spaces between.
        pub scopes: Option<String>,
    }
}

request! {
    /// A page of sessions or refresh tokens.
    #[doc(alias = "ListUserSessionsRequestParameters")]
    #[doc(alias = "ListRefreshTokensRequestParameters")]
    pub struct SessionsQuery {
        /// Whether the server counts all of them; it does by default.
        pub include_totals: Option<bool>,
        /// Where the page before it ended.
        pub from: Option<String>,
        /// The size of a page; 50 by default.
        pub take: Option<u32>,
    }
}
