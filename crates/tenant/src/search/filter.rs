//! Filters that users pass or fail.

use std::cmp::Ordering;

use crate::state::State;
use crate::state::clock::iso;
use crate::state::field::{self, FieldPath, FieldValue};
use crate::state::user::User;

/// A compiled query.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    All,
    /// All of `must`, none of `must_not`, and one of `should` unless `must` has some.
    Clause {
        must: Vec<Filter>,
        should: Vec<Filter>,
        must_not: Vec<Filter>,
    },
    Exists(FieldPath),
    Term(FieldPath, Term),
    Range(FieldPath, Bound, Bound),
    /// A term without a field.
    Word(Term),
}

/// A text to compare values with.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    Exact(String),
    /// The texts between wildcards: the first is a prefix, the last a suffix.
    Wildcard(Vec<String>),
}

#[derive(Clone, Debug)]
pub(crate) enum Bound {
    Open,
    Inclusive(String),
    Exclusive(String),
}

impl Filter {
    /// Returns a filter for users that pass both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::Clause {
            must: vec![self, other],
            should: Vec::new(),
            must_not: Vec::new(),
        }
    }

    /// Returns a filter for users with an identity in this connection.
    pub(crate) fn in_connection(name: &str) -> Self {
        let path = FieldPath::Identity("connection".to_owned());
        Self::Term(path, Term::Exact(name.to_owned()))
    }

    pub(crate) fn matches(&self, user: &User, state: &State) -> bool {
        match self {
            Self::All => true,
            Self::Clause {
                must,
                should,
                must_not,
            } => {
                must.iter().all(|filter| filter.matches(user, state))
                    && !must_not.iter().any(|filter| filter.matches(user, state))
                    && (!must.is_empty()
                        || should.is_empty()
                        || should.iter().any(|filter| filter.matches(user, state)))
            }
            Self::Exists(path) => any_value(path, user, state, &mut |_| true),
            Self::Term(path, term) => {
                let folds = path.ignores_case();
                any_value(path, user, state, &mut |value| term.matches(&value, folds))
            }
            Self::Range(path, low, high) => {
                let folds = path.ignores_case();
                any_value(path, user, state, &mut |value| {
                    low.is_below(&value, folds) && high.is_above(&value, folds)
                })
            }
            Self::Word(term) => field::any_text(user, &mut |text| term.is_in(text)),
        }
    }
}

/// Returns whether a value of the field passes the test, including values outside of the user itself.
fn any_value(
    path: &FieldPath,
    user: &User,
    state: &State,
    test: &mut dyn FnMut(FieldValue<'_>) -> bool,
) -> bool {
    match path {
        FieldPath::Organization => {
            let organizations = state.organizations(user);
            organizations.iter().any(|id| test(FieldValue::Text(id)))
        }
        _ => path.any(user, test),
    }
}

impl Term {
    fn matches(&self, value: &FieldValue<'_>, folds: bool) -> bool {
        match value {
            FieldValue::Text(text) if folds => self.matches_text(&text.to_lowercase(), true),
            FieldValue::Text(text) => self.matches_text(text, false),
            FieldValue::Number(number) => match self {
                Self::Exact(text) => text.parse::<f64>().is_ok_and(|wanted| wanted == *number),
                Self::Wildcard(_) => self.matches_text(&number.to_string(), false),
            },
            FieldValue::Flag(flag) => {
                self.matches_text(if *flag { "true" } else { "false" }, false)
            }
            // A shortened date stands for the whole day, month or hour.
            FieldValue::Date(time) => match self {
                Self::Exact(text) => !text.is_empty() && iso(*time).starts_with(text.as_str()),
                Self::Wildcard(_) => self.matches_text(&iso(*time), false),
            },
        }
    }

    fn matches_text(&self, text: &str, folds: bool) -> bool {
        match self {
            Self::Exact(wanted) if folds => wanted.to_lowercase() == text,
            Self::Exact(wanted) => wanted == text,
            Self::Wildcard(pieces) => {
                let pieces = pieces.iter().map(|piece| {
                    if folds {
                        piece.to_lowercase()
                    } else {
                        piece.clone()
                    }
                });
                matches_wildcard(&pieces.collect::<Vec<_>>(), text)
            }
        }
    }

    /// Returns whether the text contains the words of the term in sequence, ignoring case.
    fn is_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        if self.matches_text(&text, true) {
            return true;
        }
        let words = words(&text);
        match self {
            Self::Exact(wanted) => {
                let wanted = wanted.to_lowercase();
                let wanted = self::words(&wanted);
                !wanted.is_empty() && words.windows(wanted.len()).any(|run| run == wanted)
            }
            Self::Wildcard(_) => words.iter().any(|word| self.matches_text(word, true)),
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Returns whether the text consists of the pieces in this order, with anything between them.
fn matches_wildcard(pieces: &[String], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return false;
    };
    let Some(mut left) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    let Some((last, middle)) = rest.split_last() else {
        return left.is_empty();
    };
    for piece in middle {
        match left.split_once(piece.as_str()) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last.as_str())
}

impl Bound {
    /// Returns whether the value passes this lower bound.
    fn is_below(&self, value: &FieldValue<'_>, folds: bool) -> bool {
        match self {
            Self::Open => true,
            Self::Inclusive(bound) => order(value, bound, folds).is_some_and(|order| order.is_ge()),
            Self::Exclusive(bound) => order(value, bound, folds).is_some_and(|order| order.is_gt()),
        }
    }

    /// Returns whether the value passes this upper bound.
    fn is_above(&self, value: &FieldValue<'_>, folds: bool) -> bool {
        match self {
            Self::Open => true,
            Self::Inclusive(bound) => order(value, bound, folds).is_some_and(|order| order.is_le()),
            Self::Exclusive(bound) => order(value, bound, folds).is_some_and(|order| order.is_lt()),
        }
    }
}

/// Compares a value with a bound, if the two can be compared.
fn order(value: &FieldValue<'_>, bound: &str, folds: bool) -> Option<Ordering> {
    match value {
        FieldValue::Number(number) => number.partial_cmp(&bound.parse().ok()?),
        FieldValue::Text(text) if folds => Some(text.to_lowercase().cmp(&bound.to_lowercase())),
        FieldValue::Text(text) => Some((*text).cmp(bound)),
        // A bound without a time stands for the whole day, so only the date is compared.
        FieldValue::Date(time) => {
            let date = iso(*time);
            Some(date.get(..bound.len()).unwrap_or(&date).cmp(bound))
        }
        FieldValue::Flag(_) => None,
    }
}
