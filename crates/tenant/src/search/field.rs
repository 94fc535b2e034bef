//! Where a search finds the values of a field in a user.

use serde_json::{Map, Value};

use super::scalar;
use crate::clock::iso;
use crate::index;
use crate::metadata::Metadata;
use crate::model::{Profile, User};
use crate::state::State;

/// The fields that have an index. Each takes sixteen bytes and more for every user.
pub(crate) const INDEXED: [&str; 12] = [
    "email",
    "name",
    "nickname",
    "given_name",
    "family_name",
    "email.domain",
    "identities.connection",
    "created_at",
    "updated_at",
    "last_login",
    "logins_count",
    "blocked",
];

/// The numbers under which an index has the values that a user has in a field.
pub(crate) fn keys(path: &Path, user: &User, add: &mut dyn FnMut(u64)) {
    let folds = path.ignores_case();
    path.any(user, None, &mut |found| {
        add(match found {
            Found::Text(text) if folds => index::prefix(&text.to_lowercase(), 0),
            Found::Text(text) => index::prefix(text, 0),
            Found::Number(value) => index::number(value),
            Found::Flag(flag) => u64::from(flag),
            Found::Date(time) => time,
        });
        false
    });
}

/// A field of a query.
#[derive(Clone, Debug)]
pub(crate) enum Path {
    Root(String),
    EmailDomain,
    /// Organizations that the user is a member of.
    Organization,
    Identity(String),
    /// A property of the profile of an identity.
    ProfileData(String),
    UserMetadata(Vec<String>),
    AppMetadata(Vec<String>),
}

/// A value that a user has in a field.
#[derive(Clone, Debug)]
pub(crate) enum Found<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
    /// Milliseconds since the epoch.
    Date(u64),
}

impl Path {
    pub(crate) fn parse(name: &str) -> Self {
        let parts = |rest: &str| rest.split('.').map(str::to_owned).collect();
        if let Some(rest) = name.strip_prefix("user_metadata.") {
            Self::UserMetadata(parts(rest))
        } else if let Some(rest) = name.strip_prefix("app_metadata.") {
            Self::AppMetadata(parts(rest))
        } else if let Some(rest) = name.strip_prefix("identities.profileData.") {
            Self::ProfileData(rest.to_owned())
        } else if let Some(rest) = name.strip_prefix("identities.") {
            Self::Identity(rest.to_owned())
        } else {
            match name {
                "email.domain" => Self::EmailDomain,
                "organization_id" => Self::Organization,
                "user_metadata" => Self::UserMetadata(Vec::new()),
                "app_metadata" => Self::AppMetadata(Vec::new()),
                _ => Self::Root(name.to_owned()),
            }
        }
    }

    pub(crate) fn is_user_metadata(&self) -> bool {
        matches!(self, Self::UserMetadata(_))
    }

    /// Only these five are searched whatever the case.
    pub(crate) fn ignores_case(&self) -> bool {
        match self {
            Self::Root(name) => matches!(
                name.as_str(),
                "email" | "name" | "given_name" | "family_name" | "nickname"
            ),
            Self::EmailDomain => true,
            _ => false,
        }
    }

    /// Which of the indexes has the values of the field.
    pub(super) fn index(&self) -> Option<usize> {
        let name = match self {
            Self::Root(name) => name.as_str(),
            Self::EmailDomain => "email.domain",
            Self::Identity(name) if name == "connection" => "identities.connection",
            _ => return None,
        };
        INDEXED.iter().position(|own| *own == name)
    }

    /// Whether some value of the field passes the test.
    pub(crate) fn any(
        &self,
        user: &User,
        state: Option<&State>,
        test: &mut dyn FnMut(Found<'_>) -> bool,
    ) -> bool {
        match self {
            Self::Root(name) => {
                root(user, name).is_some_and(&mut *test)
                    || (name == "multifactor"
                        && user.multifactor.iter().any(|name| test(Found::Text(name))))
            }
            Self::EmailDomain => user
                .profile
                .email
                .as_deref()
                .and_then(|email| email.rsplit_once('@'))
                .is_some_and(|(_, domain)| test(Found::Text(domain))),
            Self::Organization => state.is_some_and(|state| {
                let organizations = state.organizations(user);
                organizations.iter().any(|id| test(Found::Text(id)))
            }),
            Self::Identity(name) => user.identities.iter().any(|identity| {
                let found = match name.as_str() {
                    "connection" => Found::Text(&identity.connection),
                    "provider" => Found::Text(&identity.provider),
                    "user_id" => Found::Text(&identity.user_id),
                    "isSocial" => Found::Flag(identity.is_social),
                    _ => return false,
                };
                test(found)
            }),
            Self::ProfileData(name) => (0..user.identities.len())
                .filter(|_| user.identities.len() > 1)
                .any(|index| profile(user.profile_of(index), name).is_some_and(&mut *test)),
            Self::UserMetadata(path) => in_metadata(user.user_metadata.as_ref(), path, test),
            Self::AppMetadata(path) => in_metadata(user.app_metadata.as_ref(), path, test),
        }
    }
}

fn root<'a>(user: &'a User, name: &str) -> Option<Found<'a>> {
    match name {
        "user_id" => Some(Found::Text(&user.user_id)),
        "created_at" => Some(Found::Date(user.created_at)),
        "updated_at" => Some(Found::Date(user.updated_at)),
        "last_login" => user.last_login.map(Found::Date),
        "last_password_reset" => user.last_password_reset.map(Found::Date),
        "multifactor_last_modified" => user.multifactor_last_modified.map(Found::Date),
        "last_ip" => user.last_ip.as_deref().map(Found::Text),
        "logins_count" => user.logins_count.map(|count| Found::Number(count as f64)),
        "blocked" => user.blocked.map(Found::Flag),
        _ => profile(&user.profile, name),
    }
}

fn profile<'a>(profile: &'a Profile, name: &str) -> Option<Found<'a>> {
    let text = match name {
        "email" => &profile.email,
        "username" => &profile.username,
        "phone_number" => &profile.phone_number,
        "name" => &profile.name,
        "nickname" => &profile.nickname,
        "given_name" => &profile.given_name,
        "family_name" => &profile.family_name,
        "picture" => &profile.picture,
        "email_verified" => return profile.email_verified.map(Found::Flag),
        "phone_verified" => return profile.phone_verified.map(Found::Flag),
        _ => return None,
    };
    text.as_deref().map(Found::Text)
}

fn in_metadata(
    metadata: Option<&Metadata>,
    path: &[String],
    test: &mut dyn FnMut(Found<'_>) -> bool,
) -> bool {
    metadata.is_some_and(|metadata| in_object(&metadata.to_map(), path, test))
}

fn in_object(
    object: &Map<String, Value>,
    path: &[String],
    test: &mut dyn FnMut(Found<'_>) -> bool,
) -> bool {
    match path.split_first() {
        Some((name, rest)) => object
            .get(name)
            .is_some_and(|value| in_value(value, rest, test)),
        // The path ends at an object: it exists when something in it can be searched.
        None => object.values().any(|value| in_value(value, &[], test)),
    }
}

/// Lists are no level of the path: what is in them counts as if it stood in their place.
fn in_value(value: &Value, path: &[String], test: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
    match value {
        Value::Object(object) => in_object(object, path, test),
        Value::Array(items) => items.iter().any(|item| in_value(item, path, test)),
        _ if path.is_empty() => scalar(value).is_some_and(test),
        _ => false,
    }
}

/// Whether some text of the user outside of `user_metadata` passes the test.
pub(super) fn any_word(user: &User, test: &mut dyn FnMut(&str) -> bool) -> bool {
    let profile = &user.profile;
    let texts = [
        Some(&user.user_id),
        profile.email.as_ref(),
        profile.username.as_ref(),
        profile.phone_number.as_ref(),
        profile.name.as_ref(),
        profile.nickname.as_ref(),
        profile.given_name.as_ref(),
        profile.family_name.as_ref(),
    ];
    texts.into_iter().flatten().any(|text| test(text))
        || in_metadata(user.app_metadata.as_ref(), &[], &mut |found| match found {
            Found::Text(text) => test(text),
            _ => false,
        })
}

/// What a user is sorted by.
pub(crate) fn sort_key(user: &User, name: &str) -> Option<Value> {
    let mut key = None;
    let path = Path::parse(name);
    path.any(user, None, &mut |found| {
        key = Some(match found {
            Found::Text(text) if path.ignores_case() => text.to_lowercase().into(),
            Found::Text(text) => text.into(),
            Found::Number(number) => number.into(),
            Found::Flag(flag) => flag.into(),
            Found::Date(time) => iso(time).into(),
        });
        true
    });
    key
}
