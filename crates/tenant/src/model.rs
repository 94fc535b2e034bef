//! Users and connections as the tenant keeps them, and users as the API shows them.

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::kept::{Kept, kept};
use crate::metadata::Metadata;

/// Text of which there is one for every user, so that it takes no more room than it needs.
pub(crate) type Text = Box<str>;

/// What an identity says about its person.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Profile {
    pub email: Option<Text>,
    pub email_verified: Option<bool>,
    pub username: Option<Text>,
    pub phone_number: Option<Text>,
    pub phone_verified: Option<bool>,
    pub name: Option<Text>,
    pub nickname: Option<Text>,
    pub given_name: Option<Text>,
    pub family_name: Option<Text>,
    pub picture: Option<Text>,
}

/// Tokens of the identity provider, shown only with `read:user_idp_tokens`.
#[derive(Clone, Debug)]
pub(crate) struct IdpTokens {
    pub access_token: Text,
    pub refresh_token: Option<Text>,
}

/// One way to log in as a user.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub connection: Text,
    pub provider: Text,
    /// Without the provider in front.
    pub user_id: Text,
    pub is_social: bool,
    /// The profile of a secondary identity; that of the primary one is the user's own.
    pub profile: Option<Box<Profile>>,
    pub tokens: Option<Box<IdpTokens>>,
}

impl Identity {
    pub(crate) fn new(
        connection: &str,
        provider: &str,
        user_id: impl Into<Text>,
        is_social: bool,
    ) -> Self {
        Self {
            connection: connection.into(),
            provider: provider.into(),
            user_id: user_id.into(),
            is_social,
            profile: None,
            tokens: None,
        }
    }

    pub(crate) fn full_id(&self) -> String {
        format!("{}|{}", self.provider, self.user_id)
    }

    pub(crate) fn has_full_id(&self, full_id: &str) -> bool {
        full_id
            .strip_prefix(&*self.provider)
            .and_then(|rest| rest.strip_prefix('|'))
            .is_some_and(|bare| bare == &*self.user_id)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub user_id: Text,
    pub profile: Profile,
    /// Never empty; the first is the primary one.
    pub identities: Vec<Identity>,
    pub created_at: u64,
    pub updated_at: u64,
    pub last_login: Option<u64>,
    pub last_ip: Option<Text>,
    pub last_password_reset: Option<u64>,
    pub logins_count: Option<u64>,
    pub blocked: Option<bool>,
    pub user_metadata: Option<Metadata>,
    pub app_metadata: Option<Metadata>,
    pub multifactor: Vec<String>,
    pub multifactor_last_modified: Option<u64>,
    /// The number of a made-up user, from which what belongs to it follows until it is touched.
    pub made_up: Option<u32>,
}

impl Profile {
    /// What the person can log in with.
    pub(crate) fn logins(&self) -> impl Iterator<Item = &str> {
        [&self.email, &self.username, &self.phone_number]
            .into_iter()
            .filter_map(|login| login.as_deref())
    }

    /// Adds the known properties to an object.
    pub(crate) fn write(&self, to: &mut Map<String, Value>) {
        let texts = [
            ("email", &self.email),
            ("username", &self.username),
            ("phone_number", &self.phone_number),
            ("name", &self.name),
            ("nickname", &self.nickname),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("picture", &self.picture),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                to.insert(name.into(), text.as_ref().into());
            }
        }
        for (name, flag) in [
            ("email_verified", self.email_verified),
            ("phone_verified", self.phone_verified),
        ] {
            if let Some(flag) = flag {
                to.insert(name.into(), flag.into());
            }
        }
    }
}

impl User {
    /// A user of whom nothing is known but one identity.
    pub(crate) fn new(identity: Identity, now: u64) -> Self {
        Self {
            user_id: identity.full_id().into(),
            profile: Profile::default(),
            identities: vec![identity],
            created_at: now,
            updated_at: now,
            last_login: None,
            last_ip: None,
            last_password_reset: None,
            logins_count: None,
            blocked: None,
            user_metadata: None,
            app_metadata: None,
            multifactor: Vec::new(),
            multifactor_last_modified: None,
            made_up: None,
        }
    }

    /// The profile of one of the identities.
    pub(crate) fn profile_of(&self, index: usize) -> &Profile {
        self.identities
            .get(index)
            .and_then(|identity| identity.profile.as_deref())
            .unwrap_or(&self.profile)
    }

    pub(crate) fn profile_of_mut(&mut self, index: usize) -> &mut Profile {
        match self
            .identities
            .get_mut(index)
            .and_then(|identity| identity.profile.as_deref_mut())
        {
            Some(profile) => profile,
            None => &mut self.profile,
        }
    }

    pub(crate) fn identities_json(&self, with_tokens: bool) -> Value {
        let linked = self.identities.len() > 1;
        let identities = self.identities.iter().enumerate().map(|(index, identity)| {
            let mut object = Map::new();
            object.insert("connection".into(), identity.connection.as_ref().into());
            object.insert("provider".into(), identity.provider.as_ref().into());
            object.insert("user_id".into(), identity.user_id.as_ref().into());
            object.insert("isSocial".into(), identity.is_social.into());
            if linked {
                let mut profile = Map::new();
                self.profile_of(index).write(&mut profile);
                object.insert("profileData".into(), profile.into());
            }
            if let Some(tokens) = identity.tokens.as_ref().filter(|_| with_tokens) {
                object.insert("access_token".into(), tokens.access_token.as_ref().into());
                if let Some(token) = &tokens.refresh_token {
                    object.insert("refresh_token".into(), token.as_ref().into());
                }
            }
            Value::Object(object)
        });
        Value::Array(identities.collect())
    }

    /// The user with only the properties that are known.
    pub(crate) fn to_json(&self, with_tokens: bool) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("user_id".into(), self.user_id.as_ref().into());
        self.profile.write(&mut object);
        object.insert("identities".into(), self.identities_json(with_tokens));
        for (name, time) in [
            ("created_at", Some(self.created_at)),
            ("updated_at", Some(self.updated_at)),
            ("last_login", self.last_login),
            ("last_password_reset", self.last_password_reset),
            ("multifactor_last_modified", self.multifactor_last_modified),
        ] {
            if let Some(time) = time {
                object.insert(name.into(), iso(time).into());
            }
        }
        for (name, metadata) in [
            ("user_metadata", &self.user_metadata),
            ("app_metadata", &self.app_metadata),
        ] {
            if let Some(metadata) = metadata {
                object.insert(name.into(), metadata.to_map().into());
            }
        }
        if let Some(ip) = &self.last_ip {
            object.insert("last_ip".into(), ip.as_ref().into());
        }
        if let Some(count) = self.logins_count {
            object.insert("logins_count".into(), count.into());
        }
        if let Some(blocked) = self.blocked {
            object.insert("blocked".into(), blocked.into());
        }
        if !self.multifactor.is_empty() {
            object.insert("multifactor".into(), json!(self.multifactor));
        }
        object
    }
}

/// How users of a connection come to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// Auth0's own store.
    Database,
    PasswordlessEmail,
    PasswordlessSms,
    Social,
    Enterprise,
}

#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub id: String,
    pub name: String,
    pub strategy: Strategy,
    /// What stands in front of the ids of its users.
    pub provider: String,
    pub enabled: bool,
    pub requires_username: bool,
    /// Whether the profile is read anew from the provider at each login, which makes it read-only here.
    pub syncs_profile: bool,
}

impl Connection {
    pub(crate) fn is_database(&self) -> bool {
        self.strategy == Strategy::Database
    }

    pub(crate) fn is_social(&self) -> bool {
        self.strategy == Strategy::Social
    }

    /// Whether name, nickname, given and family name and picture can be changed through the API.
    pub(crate) fn has_editable_profile(&self) -> bool {
        match self.strategy {
            Strategy::Database | Strategy::PasswordlessEmail | Strategy::PasswordlessSms => true,
            Strategy::Social | Strategy::Enterprise => !self.syncs_profile,
        }
    }

    /// Auth0's own store keeps addresses and user names in lower case; others keep what they were given.
    pub(crate) fn stored(&self, login: &str) -> Text {
        if self.is_database() {
            login.to_lowercase().into()
        } else {
            login.into()
        }
    }
}

kept!(Connection {
    id,
    name,
    strategy,
    provider,
    enabled,
    requires_username,
    syncs_profile
});

impl Kept for Strategy {
    fn write(&self) -> Value {
        let name = match self {
            Self::Database => "database",
            Self::PasswordlessEmail => "passwordless_email",
            Self::PasswordlessSms => "passwordless_sms",
            Self::Social => "social",
            Self::Enterprise => "enterprise",
        };
        name.into()
    }

    fn read(value: Value) -> Result<Self, String> {
        let all = [
            Self::Database,
            Self::PasswordlessEmail,
            Self::PasswordlessSms,
            Self::Social,
            Self::Enterprise,
        ];
        let mut named = all.into_iter().filter(|own| own.write() == value);
        named
            .next()
            .ok_or_else(|| "this kind of connection is unknown".to_owned())
    }
}
