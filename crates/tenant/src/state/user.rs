//! Users and their identities as the tenant stores them, and users as the API shows them.

use serde_json::{Map, Value, json};

use crate::state::clock::iso;
use crate::state::metadata::Metadata;
use crate::state::profile::{Profile, Text};

/// Tokens of an identity provider, shown only with the scope `read:user_idp_tokens`.
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
    /// The id without the provider.
    pub user_id: Text,
    pub is_social: bool,
    /// The profile of a secondary identity; the profile of the primary identity is `User::profile`.
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

    /// Returns the id with its provider, such as `auth0|x`.
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
    /// Never empty; the first is the primary identity.
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
    /// The number of a generated user: its related resources are generated from it at the first access.
    pub generated: Option<u32>,
}

impl User {
    /// Creates a user that has only an identity.
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
            generated: None,
        }
    }

    /// Returns the profile of an identity by its position.
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
                self.profile_of(index).write_to(&mut profile);
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

    /// Returns the user as the API shows it, with only the properties that have a value.
    pub(crate) fn to_json(&self, with_tokens: bool) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("user_id".into(), self.user_id.as_ref().into());
        self.profile.write_to(&mut object);
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
