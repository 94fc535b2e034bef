//! Profiles of identities, and the defaults that a new user gets.

use md5::{Digest, Md5};
use serde_json::{Map, Value};

/// Text that each user has; a box takes no more memory than the text needs.
pub(crate) type Text = Box<str>;

/// The attributes of a person, as one identity has them.
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

impl Profile {
    /// Reads the attributes that an object has.
    pub(crate) fn read(object: &Value) -> Self {
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(Text::from);
        let mut profile = Self {
            email: text("email"),
            username: text("username"),
            phone_number: text("phone_number"),
            name: text("name"),
            nickname: text("nickname"),
            given_name: text("given_name"),
            family_name: text("family_name"),
            picture: text("picture"),
            ..Self::default()
        };
        profile.set_flags(object);
        profile
    }

    /// Sets the flags that an object has.
    pub(crate) fn set_flags(&mut self, object: &Value) {
        for (name, own) in [
            ("email_verified", &mut self.email_verified),
            ("phone_verified", &mut self.phone_verified),
        ] {
            *own = object.get(name).and_then(Value::as_bool).or(*own);
        }
    }

    /// Returns the identifiers that the person can log in with.
    pub(crate) fn logins(&self) -> impl Iterator<Item = &str> {
        [&self.email, &self.username, &self.phone_number]
            .into_iter()
            .filter_map(|login| login.as_deref())
    }

    /// Adds the attributes that have a value to an object.
    pub(crate) fn write_to(&self, object: &mut Map<String, Value>) {
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
                object.insert(name.into(), text.as_ref().into());
            }
        }
        for (name, flag) in [
            ("email_verified", self.email_verified),
            ("phone_verified", self.phone_verified),
        ] {
            if let Some(flag) = flag {
                object.insert(name.into(), flag.into());
            }
        }
    }

    /// Sets name, nickname and picture where they are missing.
    pub(crate) fn fill_defaults(&mut self) {
        let login = [&self.email, &self.username, &self.phone_number]
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default();
        let local = login.rsplit_once('@').map(|(local, _)| local.to_owned());
        let nickname = match (&local, &self.username) {
            (Some(local), _) => local.as_str().into(),
            (None, Some(name)) => name.clone(),
            // A phone number does not become a nickname.
            (None, None) => Text::default(),
        };
        self.name.get_or_insert_with(|| login.clone());
        self.nickname.get_or_insert(nickname);
        self.picture.get_or_insert_with(|| gravatar(&login).into());
    }
}

/// Returns the Gravatar URL of an address, with its first two letters as the fallback picture.
fn gravatar(login: &str) -> String {
    let digest = Md5::digest(login.trim().to_lowercase().as_bytes());
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let initials: String = login
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(2)
        .collect();
    format!(
        "https://s.gravatar.com/avatar/{hash}?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2F{}.png",
        initials.to_ascii_lowercase()
    )
}
