//! Queries for [`ListUsers::q`](crate::types::ListUsers::q) whose values cannot become syntax.
//!
//! ```
//! use auth0_users::search::{and, eq, not, range};
//! use auth0_users::types::ListUsers;
//!
//! # fn main() -> Result<(), auth0_users::search::QueryError> {
//! let plan = "gold\" OR email:\"*";
//! let query = and([
//!     eq("app_metadata.plan", plan)?,
//!     range("created_at", "2024-01-01".."2025-01-01")?,
//!     not(eq("blocked", true)?),
//! ])?;
//! let params = ListUsers {
//!     q: query.into(),
//!     ..ListUsers::default()
//! };
//! # assert_eq!(params.q.unwrap(), r#"(app_metadata.plan:"gold\" OR email:\"*" AND created_at:[2024-01-01 TO 2025-01-01} AND (user_id:* AND NOT blocked:"true"))"#);
//! # Ok(())
//! # }
//! ```

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, ops, str::FromStr};

use crate::{error::Error, percent, request::push_encoded};

mod error;
mod syntax;
mod value;

pub use error::QueryError;
pub use value::{QueryPart, QueryValue};

/// A query that the API can read.
///
/// It is what the functions of this module make, or text that is [parsed](str::parse).
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    /// Does it need no brackets inside of another one?
    is_whole: bool,
}

impl Query {
    fn whole(text: String) -> Self {
        let is_whole = true;
        Self { text, is_whole }
    }

    /// The query as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The query as the parameter `q` of a URL, such as `q=name%3A%22Ada%22`.
    #[must_use]
    pub fn to_parameter(&self) -> String {
        let mut parameter = "q=".to_owned();
        push_encoded(&mut parameter, &self.text);
        parameter
    }

    /// Reads a query from the parameter `q` of a URL, or of what follows its path, from the `?` on.
    /// Fails as [`parse`](str::parse) does, and if there is no such parameter.
    pub fn from_url(url: &str) -> Result<Self, QueryError> {
        let url = url.split('#').next().unwrap_or_default();
        let pairs = url.split_once('?').map(|(_, query)| query.split('&'));
        let value = pairs.into_iter().flatten().find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            (name == "q").then_some(value)
        });
        let value = value.ok_or(QueryError::NoParameter)?;
        let text = percent::decode(value, true).ok_or(QueryError::Encoding)?;
        text.parse()
    }

    /// The query as it stands inside of another one.
    fn push_inside(&self, text: &mut String) {
        if self.is_whole {
            text.push_str(&self.text);
        } else {
            text.push('(');
            text.push_str(&self.text);
            text.push(')');
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Two queries are the same if their texts are.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Query {}

/// Reads a query in the syntax of the API. Fails for what the API refuses: wildcards and ranges on
/// `user_metadata`, a wildcard with fewer than 3 other characters, quotes and brackets that do not
/// match.
impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        syntax::inspect(text)?;
        Ok(Self {
            text: text.to_owned(),
            is_whole: false,
        })
    }
}

impl From<Query> for String {
    fn from(query: Query) -> Self {
        query.text
    }
}

/// For [`ListUsers::q`](crate::types::ListUsers::q).
impl From<Query> for Option<String> {
    fn from(query: Query) -> Self {
        Some(query.text)
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Error::Invalid(error.to_string())
    }
}

fn checked_field(field: &str) -> Result<&str, QueryError> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let fits = |c: char| is_letter(c) || c == '.' || c == '-';
    if field.starts_with(is_letter) && field.chars().all(fits) {
        Ok(field)
    } else {
        Err(QueryError::Field)
    }
}

pub(crate) fn push_phrase(query: &mut String, text: &str) {
    query.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            query.push('\\');
        }
        query.push(character);
    }
    query.push('"');
}

/// Users whose field has exactly this value. Email, name, given_name, family_name and nickname
/// ignore case.
pub fn eq(field: &str, value: impl Into<QueryValue>) -> Result<Query, QueryError> {
    let mut query = format!("{}:", checked_field(field)?);
    push_phrase(&mut query, &value.into().text("value")?);
    Ok(Query::whole(query))
}

/// Users whose field begins with this text of at least 3 characters; not for `user_metadata`.
pub fn prefix(field: &str, value: impl Into<QueryValue>) -> Result<Query, QueryError> {
    wildcard(field, value.into(), "")
}

/// Users whose field has this text of at least 3 characters anywhere; not for `user_metadata`.
pub fn contains(field: &str, value: impl Into<QueryValue>) -> Result<Query, QueryError> {
    wildcard(field, value.into(), "*")
}

fn wildcard(field: &str, value: QueryValue, before: &str) -> Result<Query, QueryError> {
    let part = value.text("value")?;
    let mut query = format!("{}:{before}", checked_field(field)?);
    syntax::refuse_wildcard(field, part.chars().count())?;
    for character in part.chars() {
        if !(character.is_alphanumeric() || character == '_') {
            query.push('\\');
        }
        query.push(character);
    }
    query.push('*');
    Ok(Query::whole(query))
}

fn limit(name: &'static str, value: impl Into<QueryValue>) -> Result<String, QueryError> {
    let limit = value.into().text(name)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.:+-".contains(c);
    if limit.is_empty() || limit == "TO" || !limit.chars().all(fits) {
        return Err(QueryError::Limit(name));
    }
    Ok(limit)
}

/// Users whose field lies between limits, such as `"2024-01-01".."2025-01-01"` or `5..`; not for
/// `user_metadata`. [`Bound`](ops::Bound)s are limits too: `(Bound::Excluded(5), Bound::Unbounded)`.
pub fn range<T: Clone + Into<QueryValue>>(
    field: &str,
    limits: impl ops::RangeBounds<T>,
) -> Result<Query, QueryError> {
    use ops::Bound::{Excluded, Included, Unbounded};
    syntax::refuse_range(checked_field(field)?)?;
    let low = match limits.start_bound() {
        Included(value) => format!("[{}", limit("gte", value.clone())?),
        Excluded(value) => format!("{{{}", limit("gt", value.clone())?),
        Unbounded => "[*".to_owned(),
    };
    let high = match limits.end_bound() {
        Included(value) => format!("{}]", limit("lte", value.clone())?),
        Excluded(value) => format!("{}}}", limit("lt", value.clone())?),
        Unbounded if low == "[*" => return Err(QueryError::NoLimits),
        Unbounded => "*]".to_owned(),
    };
    Ok(Query::whole(format!("{field}:{low} TO {high}")))
}

/// Users who have a value in this field.
pub fn exists(field: &str) -> Result<Query, QueryError> {
    Ok(Query::whole(format!("_exists_:{}", checked_field(field)?)))
}

fn joined(
    name: &'static str,
    operator: &str,
    queries: impl IntoIterator<Item = Query>,
) -> Result<Query, QueryError> {
    let mut queries: Vec<_> = queries.into_iter().collect();
    if queries.len() < 2 {
        return queries.pop().ok_or(QueryError::NoQueries(name));
    }
    let mut text = "(".to_owned();
    for query in &queries {
        if text.len() > 1 {
            text.push_str(operator);
        }
        query.push_inside(&mut text);
    }
    text.push(')');
    Ok(Query::whole(text))
}

/// Users whom all of the queries match. Fails if there is none.
pub fn and(queries: impl IntoIterator<Item = Query>) -> Result<Query, QueryError> {
    joined("and", " AND ", queries)
}

/// Users whom one of the queries matches. Fails if there is none.
pub fn or(queries: impl IntoIterator<Item = Query>) -> Result<Query, QueryError> {
    joined("or", " OR ", queries)
}

/// Users whom the query does not match.
#[must_use]
pub fn not(query: Query) -> Query {
    // A query of nothing but NOT matches nobody, so it begins with everybody.
    let mut text = "(user_id:* AND NOT ".to_owned();
    query.push_inside(&mut text);
    text.push(')');
    Query::whole(text)
}

/// A query in the syntax of the API, with `{}` where values stand. Each is a quoted phrase whatever
/// is in it; several in a `Vec` are any of them, and a query is put into brackets.
///
/// Fails for what the API refuses, as parsing does, and for a value that is no whole term.
///
/// ```
/// use auth0_users::search::{QueryError, template};
///
/// let (email, plans) = ("ada@example.com", vec!["gold", "silver"]);
/// let query = template(
///     "email:{} AND app_metadata.plan:{}",
///     [email.into(), plans.into()],
/// )?;
/// assert_eq!(
///     query.as_str(),
///     r#"email:"ada@example.com" AND app_metadata.plan:("gold" OR "silver")"#
/// );
/// # Ok::<(), QueryError>(())
/// ```
pub fn template(
    text: &'static str,
    values: impl IntoIterator<Item = QueryPart>,
) -> Result<Query, QueryError> {
    let mut parts = text.split("{}");
    // A value must not stand in a phrase or a range, so none may be open before it.
    for (number, part) in (1..).zip(parts.clone()) {
        if !syntax::is_balanced(part) {
            return Err(QueryError::Unbalanced(number));
        }
    }
    let values: Vec<_> = values.into_iter().collect();
    let (places, given) = (text.matches("{}").count(), values.len());
    if places != given {
        return Err(QueryError::Places { places, given });
    }
    let mut query = parts.next().unwrap_or_default().to_owned();
    for ((number, value), after) in (1..).zip(values).zip(parts) {
        value.place(&mut query, number, after)?;
        query.push_str(after);
    }
    query.parse()
}
