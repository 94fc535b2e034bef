//! Fields of users by the names that searches use, and their keys in indexes.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::state::clock::iso;
use crate::state::index;
use crate::state::metadata::Metadata;
use crate::state::profile::Profile;
use crate::state::user::User;

/// The fields that have an index. Each takes 16 bytes and more for every user.
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

/// Calls `add` with the index key of each value that a user has in a field.
pub(crate) fn index_keys(path: &FieldPath, user: &User, add: &mut dyn FnMut(u64)) {
    let folds = path.ignores_case();
    path.any(user, &mut |value| {
        add(match value {
            FieldValue::Text(text) if folds => index::prefix(&text.to_lowercase(), 0),
            FieldValue::Text(text) => index::prefix(text, 0),
            FieldValue::Number(value) => index::number(value),
            FieldValue::Flag(flag) => u64::from(flag),
            FieldValue::Date(time) => time,
        });
        false
    });
}

/// The name of a field, parsed.
#[derive(Clone, Debug)]
pub(crate) enum FieldPath {
    Root(String),
    EmailDomain,
    /// The ids of the organizations of the user. They are related resources, so `any` does not find them.
    Organization,
    Identity(String),
    /// A property of the profile of an identity.
    ProfileData(String),
    UserMetadata(Vec<String>),
    AppMetadata(Vec<String>),
}

/// A value of a field.
#[derive(Clone, Debug)]
pub(crate) enum FieldValue<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
    /// Milliseconds since the epoch.
    Date(u64),
}

impl FieldPath {
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

    /// Returns whether searches ignore case in this field.
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

    /// Returns the position in `INDEXED` of the index of the field.
    pub(crate) fn index(&self) -> Option<usize> {
        let name = match self {
            Self::Root(name) => name.as_str(),
            Self::EmailDomain => "email.domain",
            Self::Identity(name) if name == "connection" => "identities.connection",
            _ => return None,
        };
        INDEXED.iter().position(|own| *own == name)
    }

    /// Returns whether a value of the field passes the test.
    pub(crate) fn any(&self, user: &User, test: &mut dyn FnMut(FieldValue<'_>) -> bool) -> bool {
        match self {
            Self::Root(name) => {
                root(user, name).is_some_and(&mut *test)
                    || (name == "multifactor"
                        && user
                            .multifactor
                            .iter()
                            .any(|name| test(FieldValue::Text(name))))
            }
            Self::EmailDomain => user
                .profile
                .email
                .as_deref()
                .and_then(|email| email.rsplit_once('@'))
                .is_some_and(|(_, domain)| test(FieldValue::Text(domain))),
            Self::Organization => false,
            Self::Identity(name) => user.identities.iter().any(|identity| {
                let value = match name.as_str() {
                    "connection" => FieldValue::Text(&identity.connection),
                    "provider" => FieldValue::Text(&identity.provider),
                    "user_id" => FieldValue::Text(&identity.user_id),
                    "isSocial" => FieldValue::Flag(identity.is_social),
                    _ => return false,
                };
                test(value)
            }),
            Self::ProfileData(name) => (0..user.identities.len())
                .filter(|_| user.identities.len() > 1)
                .any(|index| profile(user.profile_of(index), name).is_some_and(&mut *test)),
            Self::UserMetadata(path) => in_metadata(user.user_metadata.as_ref(), path, test),
            Self::AppMetadata(path) => in_metadata(user.app_metadata.as_ref(), path, test),
        }
    }
}

fn root<'a>(user: &'a User, name: &str) -> Option<FieldValue<'a>> {
    match name {
        "user_id" => Some(FieldValue::Text(&user.user_id)),
        "created_at" => Some(FieldValue::Date(user.created_at)),
        "updated_at" => Some(FieldValue::Date(user.updated_at)),
        "last_login" => user.last_login.map(FieldValue::Date),
        "last_password_reset" => user.last_password_reset.map(FieldValue::Date),
        "multifactor_last_modified" => user.multifactor_last_modified.map(FieldValue::Date),
        "last_ip" => user.last_ip.as_deref().map(FieldValue::Text),
        "logins_count" => user
            .logins_count
            .map(|count| FieldValue::Number(count as f64)),
        "blocked" => user.blocked.map(FieldValue::Flag),
        _ => profile(&user.profile, name),
    }
}

fn profile<'a>(profile: &'a Profile, name: &str) -> Option<FieldValue<'a>> {
    let text = match name {
        "email" => &profile.email,
        "username" => &profile.username,
        "phone_number" => &profile.phone_number,
        "name" => &profile.name,
        "nickname" => &profile.nickname,
        "given_name" => &profile.given_name,
        "family_name" => &profile.family_name,
        "picture" => &profile.picture,
        "email_verified" => return profile.email_verified.map(FieldValue::Flag),
        "phone_verified" => return profile.phone_verified.map(FieldValue::Flag),
        _ => return None,
    };
    text.as_deref().map(FieldValue::Text)
}

fn in_metadata(
    metadata: Option<&Metadata>,
    path: &[String],
    test: &mut dyn FnMut(FieldValue<'_>) -> bool,
) -> bool {
    metadata.is_some_and(|metadata| in_object(&metadata.to_map(), path, test))
}

fn in_object(
    object: &Map<String, Value>,
    path: &[String],
    test: &mut dyn FnMut(FieldValue<'_>) -> bool,
) -> bool {
    match path.split_first() {
        Some((name, rest)) => object
            .get(name)
            .is_some_and(|value| in_value(value, rest, test)),
        // A path that ends at an object has the values of all its properties.
        None => object.values().any(|value| in_value(value, &[], test)),
    }
}

/// Tests a value of metadata. An array is no level of the path: its items are values of the same field.
fn in_value(value: &Value, path: &[String], test: &mut dyn FnMut(FieldValue<'_>) -> bool) -> bool {
    match value {
        Value::Object(object) => in_object(object, path, test),
        Value::Array(items) => items.iter().any(|item| in_value(item, path, test)),
        _ if path.is_empty() => scalar(value).is_some_and(test),
        _ => false,
    }
}

fn scalar(value: &Value) -> Option<FieldValue<'_>> {
    match value {
        Value::String(text) => Some(FieldValue::Text(text)),
        Value::Bool(flag) => Some(FieldValue::Flag(*flag)),
        Value::Number(number) => number.as_f64().map(FieldValue::Number),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns whether a text of the user outside of `user_metadata` passes the test.
pub(crate) fn any_text(user: &User, test: &mut dyn FnMut(&str) -> bool) -> bool {
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
        || in_metadata(user.app_metadata.as_ref(), &[], &mut |value| match value {
            FieldValue::Text(text) => test(text),
            _ => false,
        })
}

/// Returns the value that a user is sorted by.
pub(crate) fn sort_key(user: &User, name: &str) -> Option<Value> {
    let mut key = None;
    let path = FieldPath::parse(name);
    path.any(user, &mut |value| {
        key = Some(match value {
            FieldValue::Text(text) if path.ignores_case() => text.to_lowercase().into(),
            FieldValue::Text(text) => text.into(),
            FieldValue::Number(number) => number.into(),
            FieldValue::Flag(flag) => flag.into(),
            FieldValue::Date(time) => iso(time).into(),
        });
        true
    });
    key
}

/// Orders two values of a field. A missing value comes last in both directions.
pub(crate) fn compare(one: Option<&Value>, other: Option<&Value>, descending: bool) -> Ordering {
    let (one, other) = match (one, other) {
        (None, None) => return Ordering::Equal,
        (None, Some(_)) => return Ordering::Greater,
        (Some(_), None) => return Ordering::Less,
        (Some(one), Some(other)) => (one, other),
    };
    let order = match (one, other) {
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        _ => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
    };
    if descending { order.reverse() } else { order }
}
