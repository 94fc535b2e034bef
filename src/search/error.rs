//! What is refused in a query.

use alloc::string::String;
use core::fmt;

/// Why a query is refused. Its text names what is wrong, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryError {
    /// A field is not a name such as `app_metadata.plan`.
    Field,
    /// The value of this name is no finite number, or a time that is not in the years 0 to 9999.
    Value(String),
    /// The API does not search `user_metadata` with wildcards; this is the field.
    UserMetadataWildcard(String),
    /// The API does not search `user_metadata` with ranges.
    UserMetadataRange,
    /// The API wants at least 3 characters besides wildcards.
    ShortWildcard,
    /// The limit `gt`, `gte`, `lt` or `lte` has characters that would be syntax.
    Limit(&'static str),
    /// A range without limits.
    NoLimits,
    /// An `and` or `or` of no queries.
    NoQueries(&'static str),
    /// This character has no place there.
    Misplaced {
        /// Such as a quote that is not closed.
        character: char,
        /// How many bytes stand before it.
        at: usize,
    },
    /// A `)` closes nothing.
    NotOpened,
    /// A `(` is not closed.
    NotClosed,
    /// The part of this number, from 1, of a template has quotes or brackets that do not match.
    Unbalanced(usize),
    /// Something touches the place of the value of this number, from 1.
    NoTerm(usize),
    /// The value of this number is a query, and stands where a field has its value.
    QueryAsValue(usize),
    /// The value of this number is an empty list.
    EmptyList(usize),
    /// A template has places for more or for fewer values than are given.
    Places {
        /// How many `{}` it has.
        places: usize,
        /// How many values are given.
        given: usize,
    },
    /// A URL has no parameter `q`.
    NoParameter,
    /// The parameter `q` of a URL is not encoded as URLs are.
    Encoding,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field => f.write_str(
                "field must be a name such as app_metadata.plan: letters, digits, dots, hyphens and underscores",
            ),
            Self::Value(name) => write!(
                f,
                "{name} must be text, a finite number, a boolean, or a time in the years 0 to 9999"
            ),
            Self::UserMetadataWildcard(field) => write!(
                f,
                "user_metadata cannot be searched with wildcards: use _exists_:{field}, eq, or app_metadata"
            ),
            Self::UserMetadataRange => f.write_str(
                "user_metadata cannot be searched with ranges: use eq, or app_metadata",
            ),
            Self::ShortWildcard => {
                f.write_str("a term with a wildcard needs at least 3 other characters")
            }
            Self::Limit(name) => write!(
                f,
                "{name} must be a date, a number, or a text of letters, digits and .:+-_"
            ),
            Self::NoLimits => {
                f.write_str("limits must have a start or an end, such as \"2024-01-01\"..")
            }
            Self::NoQueries(name) => write!(f, "{name} needs queries: give at least one"),
            Self::Misplaced { character, at } => write!(
                f,
                "the query has a {character} that is unbalanced or out of place at {at}: put it into a value, or a backslash before it"
            ),
            Self::NotOpened => f.write_str("the query closes a bracket that it has not opened"),
            Self::NotClosed => f.write_str("the query opens a bracket that it does not close"),
            Self::Unbalanced(number) => write!(
                f,
                "part {number} of the query has unbalanced quotes or brackets"
            ),
            Self::NoTerm(number) => write!(
                f,
                "value {number} must be a whole term, without quotes or wildcards around it: see prefix, contains and range"
            ),
            Self::QueryAsValue(number) => write!(
                f,
                "value {number} is a query and cannot be the value of a field"
            ),
            Self::EmptyList(number) => write!(
                f,
                "value {number} must have an element: nobody matches one of none"
            ),
            Self::Places { places, given } => write!(
                f,
                "values must be one for each {{}}: {given} are given for {places}"
            ),
            Self::NoParameter => f.write_str("url must have the query as its parameter q"),
            Self::Encoding => {
                f.write_str("url must have the query encoded, as Query::to_parameter does")
            }
        }
    }
}

impl core::error::Error for QueryError {}
