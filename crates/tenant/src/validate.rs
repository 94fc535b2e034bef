//! Schemas of bodies and query strings as data, and the messages with which the API refuses what does not fit.

use serde_json::{Map, Value};

use crate::clock;
use crate::error::ApiError;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Text with a length in characters and a format.
    Text(usize, usize, Format),
    /// One of these words.
    Word(&'static [&'static str]),
    Bool,
    /// An integer between two bounds.
    Int(i64, i64),
    /// A number from 0 to 1.
    Share,
    /// An instant as `2024-01-31T09:08:07.006Z`, or in milliseconds since the epoch.
    Time,
    /// An object with keys of the caller's choice.
    Map,
    /// A list with at least so many items.
    List(usize, &'static Kind),
    Object(&'static [Field]),
    /// The bare id of an identity: text, or a number for some providers.
    BareId,
}

/// What a text must look like.
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

/// Text of any length and form.
pub(crate) const TEXT: Kind = Kind::Text(0, usize::MAX, Format::Any);
/// Text with at least one character.
pub(crate) const FILLED: Kind = Kind::Text(1, usize::MAX, Format::Any);

/// A connection by its id.
pub(crate) const CONNECTION_ID: Kind = Kind::Text(0, usize::MAX, Format::ConnectionId);
/// A user by the full id.
pub(crate) const USER_ID: Kind = Kind::Text(0, usize::MAX, Format::UserId);
pub(crate) const CLIENT_ID: Kind = Kind::Text(0, usize::MAX, Format::ClientId);
pub(crate) const ORGANIZATION_ID: Kind = Kind::Text(0, usize::MAX, Format::OrganizationId);
pub(crate) const EMAIL: Kind = Kind::Text(0, usize::MAX, Format::Email);
pub(crate) const PHONE: Kind = Kind::Text(0, usize::MAX, Format::Phone);
pub(crate) const URI: Kind = Kind::Text(0, usize::MAX, Format::Uri);
/// At least one, without an upper bound.
pub(crate) const POSITIVE: Kind = Kind::Int(1, i64::MAX);
/// A rule that a value breaks, with the code that import errors show for it.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub code: &'static str,
    pub message: String,
    /// The property it is broken on, when it is not the whole.
    pub property: Option<String>,
}

impl Broken {
    pub(crate) fn new(code: &'static str, message: String) -> Self {
        Self {
            code,
            message,
            property: None,
        }
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::new(
            "OBJECT_REQUIRED",
            format!("Missing required property: {name}"),
        )
    }

    pub(crate) fn on(mut self, name: &str) -> Self {
        self.property.get_or_insert_with(|| name.to_owned());
        self
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "'{}'", self.message)?;
        match &self.property {
            Some(name) => write!(f, " on property {name}"),
            None => Ok(()),
        }
    }
}

/// Checks a body, or a part of one, against its kind.
pub(crate) fn body(kind: &Kind, value: &Value) -> Result<(), ApiError> {
    check(kind, value).map_err(ApiError::invalid_body)
}

/// Checks a parameter of the path.
pub(crate) fn path(name: &str, kind: &Kind, text: &str) -> Result<(), ApiError> {
    check(kind, &text.into()).map_err(|broken| {
        let rule = broken.on(name);
        ApiError::new(
            400,
            "invalid_uri",
            format!("Path validation error: {rule}."),
        )
    })
}

/// Checks a query string and gives its parameters their types.
pub(crate) fn query(
    schema: &[Field],
    pairs: &[(String, String)],
) -> Result<Map<String, Value>, ApiError> {
    let mut typed = Map::new();
    for (name, text) in pairs {
        let Some(field) = schema.iter().find(|field| field.name == name) else {
            return Err(ApiError::invalid_query(additional(name)));
        };
        if typed.contains_key(name) {
            let wanted = type_name(&field.kind);
            let message = format!("Expected type {wanted} but found type array");
            return Err(ApiError::invalid_query(
                Broken::new("INVALID_TYPE", message).on(name),
            ));
        }
        let value = coerce(&field.kind, text);
        check(&field.kind, &value).map_err(|broken| ApiError::invalid_query(broken.on(name)))?;
        typed.insert(name.clone(), value);
    }
    match missing(schema, &typed) {
        Some(name) => Err(ApiError::invalid_query(Broken::missing(name))),
        None => Ok(typed),
    }
}

fn additional(name: &str) -> Broken {
    Broken::new(
        "OBJECT_ADDITIONAL_PROPERTIES",
        format!("Additional properties not allowed: {name}"),
    )
}

/// A form body as the object that the same JSON body would be.
pub(crate) fn form(kind: &Kind, pairs: Vec<(String, String)>) -> Value {
    let schema: &[Field] = match kind {
        Kind::Object(schema) => schema,
        _ => &[],
    };
    let typed = pairs.into_iter().map(|(name, text)| {
        let value = match schema.iter().find(|field| field.name == name) {
            Some(field) => coerce(&field.kind, &text),
            None => Value::String(text),
        };
        (name, value)
    });
    Value::Object(typed.collect())
}

/// Text of a query or a form as the type that the schema wants, or as it is when it cannot be that.
fn coerce(kind: &Kind, text: &str) -> Value {
    let as_is = || Value::String(text.to_owned());
    match kind {
        Kind::Bool => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => as_is(),
        },
        Kind::Int(..) => text.parse::<i64>().map_or_else(|_| as_is(), Value::from),
        Kind::Map | Kind::List(..) | Kind::Object(_) => {
            serde_json::from_str(text).unwrap_or_else(|_| as_is())
        }
        Kind::Text(..) | Kind::Word(_) | Kind::BareId | Kind::Share | Kind::Time => as_is(),
    }
}

fn missing<'a>(schema: &'a [Field], object: &Map<String, Value>) -> Option<&'a str> {
    schema
        .iter()
        .find(|field| field.required && !object.contains_key(field.name))
        .map(|field| field.name)
}

/// The rule that a value breaks.
pub(crate) fn check(kind: &Kind, value: &Value) -> Result<(), Broken> {
    let mismatch = || {
        let (wanted, found) = (type_name(kind), found(value));
        Err(Broken::new(
            "INVALID_TYPE",
            format!("Expected type {wanted} but found type {found}"),
        ))
    };
    match (kind, value) {
        (Kind::Bool, Value::Bool(_)) | (Kind::Map, Value::Object(_)) => Ok(()),
        (Kind::BareId, Value::String(_) | Value::Number(_)) => Ok(()),
        (Kind::Text(least, most, format), Value::String(text)) => {
            check_text(*least, *most, *format, text)
        }
        (Kind::Word(words), Value::String(text)) if words.contains(&text.as_str()) => Ok(()),
        (Kind::Word(_), Value::String(text)) => Err(Broken::new(
            "ENUM_MISMATCH",
            format!("No enum match for: {text}"),
        )),
        (Kind::Int(least, most), Value::Number(number)) => match number.as_i64() {
            Some(value) if value < *least => Err(Broken::new(
                "MINIMUM",
                format!("Value {value} is less than minimum {least}"),
            )),
            Some(value) if value > *most => Err(Broken::new(
                "MAXIMUM",
                format!("Value {value} is greater than maximum {most}"),
            )),
            Some(_) => Ok(()),
            None => mismatch(),
        },
        (Kind::Share, Value::Number(number)) => match number.as_f64() {
            Some(value) if (0.0..=1.0).contains(&value) => Ok(()),
            _ => Err(Broken::new(
                "MAXIMUM",
                format!("Value {number} is not between 0 and 1"),
            )),
        },
        (Kind::Time, Value::String(_) | Value::Number(_)) => match clock::read(value) {
            Some(_) => Ok(()),
            None => Err(Broken::new(
                "FORMAT",
                format!("Object didn't pass validation for format date-time: {value}"),
            )),
        },
        (Kind::List(least, item), Value::Array(items)) => {
            let length = items.len();
            if length < *least {
                return Err(Broken::new(
                    "ARRAY_LENGTH_SHORT",
                    format!("Array is too short ({length}), minimum {least}"),
                ));
            }
            items.iter().try_for_each(|value| check(item, value))
        }
        (Kind::Object(schema), Value::Object(given)) => check_object(schema, given),
        _ => mismatch(),
    }
}

fn check_object(schema: &[Field], given: &Map<String, Value>) -> Result<(), Broken> {
    if let Some(name) = missing(schema, given) {
        return Err(Broken::missing(name));
    }
    given.iter().try_for_each(|(name, value)| {
        let Some(field) = schema.iter().find(|field| field.name == name) else {
            return Err(additional(name));
        };
        if value.is_null() && field.nullable {
            return Ok(());
        }
        check(&field.kind, value).map_err(|broken| broken.on(name))
    })
}

fn check_text(least: usize, most: usize, format: Format, text: &str) -> Result<(), Broken> {
    let length = text.chars().count();
    if length < least {
        return Err(Broken::new(
            "MIN_LENGTH",
            format!("String is too short ({length} chars), minimum {least}"),
        ));
    }
    if length > most {
        return Err(Broken::new(
            "MAX_LENGTH",
            format!("String is too long ({length} chars), maximum {most}"),
        ));
    }
    if format.accepts(text) {
        return Ok(());
    }
    Err(match format.rule() {
        Rule::Named(name) => Broken::new(
            "FORMAT",
            format!("Object didn't pass validation for format {name}: {text}"),
        ),
        Rule::Pattern(pattern) => Broken::new(
            "PATTERN",
            format!("String does not match pattern {pattern}: {text}"),
        ),
    })
}

enum Rule {
    Named(&'static str),
    Pattern(&'static str),
}

impl Format {
    fn rule(self) -> Rule {
        match self {
            Self::Any => Rule::Named("any"),
            Self::Email => Rule::Named("email"),
            Self::Uri => Rule::Named("strict-uri"),
            Self::Phone => Rule::Pattern(r"^\+[0-9]{1,15}$"),
            Self::NoSpace => Rule::Pattern(r"^\S*$"),
            Self::ConnectionId => Rule::Pattern("^con_[A-Za-z0-9]{16}$"),
            Self::ConnectionName => Rule::Pattern("^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$"),
            Self::UserId => Rule::Named("user-id"),
            Self::ClientId => Rule::Named("client-id"),
            Self::OrganizationId => Rule::Named("organization-id"),
            Self::Sort => Rule::Pattern(r"^(([a-zA-Z0-9_\.]+))\:(1|-1)$"),
        }
    }

    fn accepts(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Email => is_email(text),
            Self::Uri => is_uri(text),
            Self::Phone => text.strip_prefix('+').is_some_and(|digits| {
                (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
            }),
            Self::NoSpace => !text.contains(char::is_whitespace),
            Self::ConnectionId => is_id(text, "con_"),
            Self::ConnectionName => {
                !text.is_empty()
                    && !text.ends_with('-')
                    && text.split('-').all(|part| {
                        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                    })
            }
            Self::UserId => text
                .split_once('|')
                .is_some_and(|(provider, id)| !provider.is_empty() && !id.is_empty()),
            Self::ClientId => {
                (1..=64).contains(&text.len())
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            }
            Self::OrganizationId => is_id(text, "org_"),
            Self::Sort => text.rsplit_once(':').is_some_and(|(field, order)| {
                matches!(order, "1" | "-1")
                    && !field.is_empty()
                    && field
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
            }),
        }
    }
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// An address with a local part of at most 64 characters, a host, and at most 254 characters in all.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    plain(local)
        && plain(host)
        && local.chars().count() <= 64
        && text.chars().count() <= 254
        && host.split('.').all(|label| !label.is_empty())
}

fn is_uri(text: &str) -> bool {
    text.parse::<http::Uri>()
        .is_ok_and(|uri| uri.scheme().is_some() && uri.authority().is_some())
}

fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(..) | Kind::Word(_) | Kind::BareId | Kind::Time => "string",
        Kind::Bool => "boolean",
        Kind::Int(..) => "integer",
        Kind::Share => "number",
        Kind::Map | Kind::Object(_) => "object",
        Kind::List(..) => "array",
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
