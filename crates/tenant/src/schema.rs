//! Schemas of bodies and query strings, and the violations that refusals report.

pub(crate) mod check;
mod format;
pub(crate) mod request;

/// The values that a field accepts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A string with its least and greatest length in characters, and its format.
    Text(usize, usize, Format),
    /// One of these strings.
    Enum(&'static [&'static str]),
    Bool,
    /// An integer between two inclusive bounds.
    Int(i64, i64),
    /// A number from 0 to 1.
    Fraction,
    /// A time such as `2024-01-31T09:08:07.006Z`, or in milliseconds since the epoch.
    Time,
    /// An object with any keys.
    Map,
    /// An array with its least length and the kind of its items.
    List(usize, &'static Kind),
    Object(&'static [Field]),
    /// The id of an identity without its provider: a string, or a number for some providers.
    BareId,
}

/// The format of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Any,
    Email,
    Phone,
    Uri,
    NoSpace,
    ConnectionId,
    ConnectionName,
    Sort,
    UserId,
    ClientId,
    OrganizationId,
}

/// One property of an object, or one parameter of a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub nullable: bool,
}

impl Field {
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: false,
            nullable: false,
        }
    }

    pub(crate) const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    pub(crate) const fn nullable(self) -> Self {
        Self {
            nullable: true,
            ..self
        }
    }
}

/// Any string.
pub(crate) const TEXT: Kind = Kind::Text(0, usize::MAX, Format::Any);
/// Any string but the empty one.
pub(crate) const NON_EMPTY: Kind = Kind::Text(1, usize::MAX, Format::Any);

pub(crate) const CONNECTION_ID: Kind = Kind::Text(0, usize::MAX, Format::ConnectionId);
pub(crate) const USER_ID: Kind = Kind::Text(0, usize::MAX, Format::UserId);
pub(crate) const CLIENT_ID: Kind = Kind::Text(0, usize::MAX, Format::ClientId);
pub(crate) const ORGANIZATION_ID: Kind = Kind::Text(0, usize::MAX, Format::OrganizationId);
pub(crate) const EMAIL: Kind = Kind::Text(0, usize::MAX, Format::Email);
pub(crate) const PHONE: Kind = Kind::Text(0, usize::MAX, Format::Phone);
pub(crate) const URI: Kind = Kind::Text(0, usize::MAX, Format::Uri);
/// An integer of at least 1.
pub(crate) const POSITIVE: Kind = Kind::Int(1, i64::MAX);
/// A violation of a schema, with the code that import errors show.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub code: &'static str,
    pub message: String,
    /// The property with the violation; missing if it is the whole value.
    pub property: Option<String>,
}

impl Violation {
    pub(crate) fn new(code: &'static str, message: String) -> Self {
        Self {
            code,
            message,
            property: None,
        }
    }

    /// The violation of a required property that is missing.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new(
            "OBJECT_REQUIRED",
            format!("Missing required property: {name}"),
        )
    }

    /// Sets the property, unless a nested one is set.
    pub(crate) fn on(mut self, name: &str) -> Self {
        self.property.get_or_insert_with(|| name.to_owned());
        self
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "'{}'", self.message)?;
        match &self.property {
            Some(name) => write!(f, " on property {name}"),
            None => Ok(()),
        }
    }
}
