//! Metadata changed by what is meant. The API merges the first level only, null takes a key away,
//! and `{}` takes all.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::Serialize;
use serde_json::Value;

pub(super) use self::change::is_same;
use self::change::{Change, differences, patch};
use super::Work;
use crate::{
    client::Client,
    engine::{concat, parse_date},
    error::Error,
    operations as op,
    types::{Metadata, User},
    users::Users,
};

mod change;

/// `client.users().metadata(id)`
#[derive(Clone, Copy)]
pub struct MetadataOf<'a> {
    client: &'a Client,
    id: &'a str,
}

/// One kind of metadata of a user. Each method reads the user, sends only the keys of the first
/// level that differ, and nothing where none does.
///
/// Each fails with [`Error::Invalid`] for what it cannot make of what it is given, and with status
/// 404 if there is no such user.
///
/// `GET /users/{id}` and `PATCH /users/{id}` · `read:users` and `update:users` · immediate ·
/// idempotent
#[derive(Clone, Copy)]
pub struct MetadataVerbs<'a> {
    of: MetadataOf<'a>,
    kind: &'static str,
    is_dry: bool,
    expect_updated_at: Option<&'a str>,
}

/// What a change of metadata did, or what it would do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetadataChange {
    /// The body of `PATCH /users/{id}`; nothing where nothing differs.
    pub patch: Option<Metadata>,
    /// Each value that differs; an array is one value.
    pub diff: Vec<MetadataDifference>,
    /// What there was.
    pub before: Metadata,
    /// What there is, or would be.
    pub after: Metadata,
    /// Was it sent?
    pub sent: bool,
}

/// A value in metadata before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetadataDifference {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// What it was, if it was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it is, if it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Why metadata was not changed.
#[derive(Clone, Debug)]
pub enum MetadataError {
    /// The user has changed since it was looked at; nothing was sent.
    Conflict {
        /// What was expected.
        expected: String,
        /// When the user was last changed.
        updated_at: Option<String>,
    },
    /// A call failed, or an argument was refused.
    Call(Error),
}

impl From<Error> for MetadataError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { .. } => f.write_str(
                "the user has changed since it was looked at: read it again and decide anew",
            ),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for MetadataError {}

/// The keys that lead to a value, such as `"address.city"` or `["address", "city"]`. No key has a
/// dot or a dollar sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataPath(Vec<String>);

impl From<&str> for MetadataPath {
    fn from(path: &str) -> Self {
        Self(path.split('.').map(str::to_owned).collect())
    }
}

impl From<&String> for MetadataPath {
    fn from(path: &String) -> Self {
        path.as_str().into()
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for MetadataPath {
    fn from(keys: [T; N]) -> Self {
        Self(keys.map(T::into).into())
    }
}

impl<T: Into<String>> From<Vec<T>> for MetadataPath {
    fn from(keys: Vec<T>) -> Self {
        Self(keys.into_iter().map(T::into).collect())
    }
}

impl MetadataPath {
    fn checked(self) -> Result<Vec<String>, Error> {
        let fits = |key: &String| !key.is_empty() && !key.contains(['.', '$']);
        if self.0.is_empty() || !self.0.iter().all(fits) {
            let fault = r#"must be keys, such as "address.city" or ["address", "city"]"#;
            return Err(Error::invalid("path", fault));
        }
        Ok(self.0)
    }
}

fn json(name: &str, value: impl Serialize) -> Result<Value, Error> {
    let value = serde_json::to_value(value);
    value.map_err(|error| Error::Invalid(concat(&[name, " is not JSON: ", &error.to_string()])))
}

fn object(name: &str, value: impl Serialize) -> Result<Metadata, Error> {
    match json(name, value)? {
        Value::Object(object) => Ok(object),
        _ => Err(Error::invalid(
            name,
            "must be an object such as { \"theme\": \"dark\" }",
        )),
    }
}

/// The moment of an ISO text; NaN if it is none.
fn instant(text: &str) -> f64 {
    parse_date(&text.into())
}

/// What is read of the user.
#[derive(Serialize)]
struct Wanted {
    fields: [&'static str; 2],
    include_fields: bool,
}

impl<'a> Users<'a> {
    /// The metadata of a user, by what is meant.
    #[must_use]
    pub fn metadata(&self, id: &'a str) -> MetadataOf<'a> {
        let client = self.0;
        MetadataOf { client, id }
    }
}

impl<'a> MetadataOf<'a> {
    /// What the user may read and change.
    #[must_use]
    pub fn user(self) -> MetadataVerbs<'a> {
        self.kind("user_metadata")
    }

    /// What only the application may change.
    #[must_use]
    pub fn app(self) -> MetadataVerbs<'a> {
        self.kind("app_metadata")
    }

    fn kind(self, kind: &'static str) -> MetadataVerbs<'a> {
        MetadataVerbs {
            of: self,
            kind,
            is_dry: false,
            expect_updated_at: None,
        }
    }
}

impl<'a> MetadataVerbs<'a> {
    /// Tells what would be sent, and sends nothing but the read.
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.is_dry = true;
        self
    }

    /// Fails with [`MetadataError::Conflict`] if the user has changed since it was looked at, which
    /// is when its `updated_at` is not this ISO text, and sends nothing. A change between the read
    /// and the write is not noticed: the API has no condition for a `PATCH`.
    #[must_use]
    pub fn expect_updated_at(mut self, updated_at: &'a str) -> Self {
        self.expect_updated_at = Some(updated_at);
        self
    }

    /// Merges objects at every level. Null takes a key away, and an array is replaced whole.
    pub async fn merge(self, changes: impl Serialize) -> Result<MetadataChange, MetadataError> {
        let changes = object("changes", changes)?;
        self.change(&Change::Merge(changes)).await
    }

    /// Makes the metadata this value, and takes away the keys it does not have.
    pub async fn replace(self, value: impl Serialize) -> Result<MetadataChange, MetadataError> {
        let value = object("value", value)?;
        self.change(&Change::Replace(value)).await
    }

    /// Sets one value, and makes the objects that lead to it.
    pub async fn set(
        self,
        path: impl Into<MetadataPath>,
        value: impl Serialize,
    ) -> Result<MetadataChange, MetadataError> {
        let path = path.into().checked()?;
        let value = json("value", value)?;
        self.change(&Change::Set(path, value)).await
    }

    /// Takes away one value.
    pub async fn remove(
        self,
        path: impl Into<MetadataPath>,
    ) -> Result<MetadataChange, MetadataError> {
        let path = path.into().checked()?;
        self.change(&Change::Remove(path)).await
    }

    /// Takes away all of it.
    pub async fn clear(self) -> Result<MetadataChange, MetadataError> {
        self.change(&Change::Clear).await
    }

    async fn change(self, change: &Change) -> Result<MetadataChange, MetadataError> {
        let expected = self.expect_updated_at.map(|text| (text, instant(text)));
        if expected.is_some_and(|(_, time)| time.is_nan()) {
            let fault = "must be the updated_at of the user, such as 2024-01-01T00:00:00.000Z";
            return Err(Error::invalid("expect_updated_at", fault).into());
        }
        let MetadataOf { client, id } = self.of;
        let work = Work::new(client, self.is_dry);
        let wanted = Wanted {
            fields: ["updated_at", self.kind],
            include_fields: true,
        };
        let user: User = work.client().call(&op::USERS_GET, &[id], &wanted).await?;
        let updated_at = user.updated_at;
        let current = updated_at.as_deref().map_or(f64::NAN, instant);
        if let Some((text, _)) = expected.filter(|(_, time)| *time != current) {
            let expected = text.to_owned();
            return Err(MetadataError::Conflict {
                expected,
                updated_at,
            });
        }

        let own = match self.kind {
            "user_metadata" => user.user_metadata,
            _ => user.app_metadata,
        };
        let before = own.unwrap_or_default();
        let after = change.apply(&before)?;
        let diff = differences(&before, &after);
        let patch = (!diff.is_empty()).then(|| {
            let patch = patch(change, &after, &diff);
            Metadata::from_iter([(self.kind.to_owned(), patch.into())])
        });
        let sent = patch.as_ref().filter(|_| !work.is_dry);
        if let Some(patch) = sent {
            let call = work.client();
            let _: User = call.call(&op::USERS_UPDATE, &[id], patch).await?;
        }
        let sent = sent.is_some();
        Ok(MetadataChange {
            patch,
            diff,
            before,
            after,
            sent,
        })
    }
}
