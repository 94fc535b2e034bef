//! What stands in a query where its syntax has a place for a value.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Query, QueryError, push_phrase};

/// A value of a query: text, a number, a boolean, or a time, which is its ISO text in UTC.
#[derive(Clone, Debug)]
pub struct QueryValue(Option<String>);

impl QueryValue {
    pub(super) fn text(self, name: &str) -> Result<String, QueryError> {
        self.0.ok_or_else(|| QueryError::Value(name.to_owned()))
    }
}

macro_rules! from_what_is_text {
    ($($type:ty)*) => {
        $(impl From<$type> for QueryValue {
            fn from(value: $type) -> Self {
                Self(Some(value.to_string()))
            }
        })*
    };
}

from_what_is_text! { &str &String String char bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

/// A query refuses what is infinite or no number.
impl From<f64> for QueryValue {
    fn from(value: f64) -> Self {
        // Zero has no sign in a query.
        Self(value.is_finite().then(|| (value + 0.0).to_string()))
    }
}

/// A query refuses what is not in the years 0 to 9999.
impl From<SystemTime> for QueryValue {
    fn from(time: SystemTime) -> Self {
        let ms = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_millis() as f64,
            Err(before) => -(before.duration().as_millis() as f64),
        };
        Self(iso(ms))
    }
}

/// The time in UTC, as JavaScript writes it.
fn iso(ms: f64) -> Option<String> {
    // Proleptic Gregorian: 400 years have 146,097 days. These years begin in March, so that a leap
    // day is the last day of one.
    let days = (ms / 86_400_000.0).floor() + 719_468.0;
    let cycle = (days / 146_097.0).floor();
    let day = days - cycle * 146_097.0;
    let year = ((day - (day / 1_460.0).floor() + (day / 36_524.0).floor()
        - (day / 146_096.0).floor())
        / 365.0)
        .floor();
    let day = day - (365.0 * year + (year / 4.0).floor() - (year / 100.0).floor());
    let month = ((5.0 * day + 2.0) / 153.0).floor();
    let day = day - ((153.0 * month + 2.0) / 5.0).floor() + 1.0;
    let (month, next) = if month < 10.0 {
        (month + 3.0, 0.0)
    } else {
        (month - 9.0, 1.0)
    };
    let year = cycle * 400.0 + year + next;
    let [hours, minutes, seconds] =
        [3_600_000.0, 60_000.0, 1_000.0].map(|unit| (ms / unit).floor());
    let (hour, minute, second) = (
        hours.rem_euclid(24.0),
        minutes.rem_euclid(60.0),
        seconds.rem_euclid(60.0),
    );
    let ms = ms.floor().rem_euclid(1_000.0);
    if !(0.0..=9_999.0).contains(&year) {
        return None;
    }
    let [year, month, day, hour, minute, second, ms] =
        [year, month, day, hour, minute, second, ms].map(|number| number as u16);
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z"
    ))
}

/// What a place of a [`template`](super::template) is filled with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum QueryPart {
    /// This value.
    Value(QueryValue),
    /// Any of these values.
    AnyOf(Vec<QueryValue>),
    /// A query, in brackets if it needs them.
    Query(Query),
}

impl<T: Into<QueryValue>> From<T> for QueryPart {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl<T: Into<QueryValue>> From<Vec<T>> for QueryPart {
    fn from(values: Vec<T>) -> Self {
        Self::AnyOf(values.into_iter().map(T::into).collect())
    }
}

impl From<Query> for QueryPart {
    fn from(query: Query) -> Self {
        Self::Query(query)
    }
}

impl QueryPart {
    /// Writes it behind what stands before it, as the value of this number.
    pub(super) fn place(
        self,
        query: &mut String,
        number: usize,
        after: &str,
    ) -> Result<(), QueryError> {
        let is_space = char::is_whitespace;
        let begins = query.is_empty() || query.ends_with(|c| is_space(c) || "(:".contains(c));
        let ends = after.is_empty() || after.starts_with(|c| is_space(c) || c == ')');
        if !(begins && ends) {
            return Err(QueryError::NoTerm(number));
        }
        let name = || format!("value {number}");
        match self {
            Self::Query(inner) => {
                let before = query.trim_end().trim_end_matches('(').trim_end();
                if before.ends_with(':') {
                    return Err(QueryError::QueryAsValue(number));
                }
                inner.push_inside(query);
            }
            Self::Value(value) => push_phrase(query, &value.text(&name())?),
            Self::AnyOf(values) => {
                if values.is_empty() {
                    return Err(QueryError::EmptyList(number));
                }
                let mut opening = "(";
                for value in values {
                    query.push_str(opening);
                    push_phrase(query, &value.text(&name())?);
                    opening = " OR ";
                }
                query.push(')');
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_javascript_does() {
        for (ms, expected) in [
            (0.0, "1970-01-01T00:00:00.000Z"),
            (-1.0, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000.0, "2000-02-29T00:00:00.000Z"),
            (951_868_799_999.0, "2000-02-29T23:59:59.999Z"),
            (4_107_542_400_000.0, "2100-03-01T00:00:00.000Z"),
            (1_735_689_599_007.0, "2024-12-31T23:59:59.007Z"),
            (-62_167_219_200_000.0, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999.0, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(ms).unwrap(), expected);
        }
        assert_eq!(iso(-62_167_219_200_001.0), None);
        assert_eq!(iso(253_402_300_800_000.0), None);
    }
}
