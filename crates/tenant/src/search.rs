//! The `q` parameter: Lucene syntax, understood as the API documents it.

mod compile;
mod field;
mod find;

use serde_json::Value;

use crate::clock::iso;
use crate::model::User;
use crate::state::State;

pub(crate) use compile::compile;
use field::Found;
pub(crate) use field::{INDEXED, Path, keys};
pub(crate) use find::{Order, find};

/// A query, ready to be asked of a user.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    Everybody,
    /// Every one of `must`, none of `must_not`, and one of `should` unless `must` has some.
    Clause {
        must: Vec<Filter>,
        should: Vec<Filter>,
        must_not: Vec<Filter>,
    },
    Exists(Path),
    Term(Path, Term),
    Range(Path, Bound, Bound),
    /// A word without a field.
    Word(Term),
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    Exact(String),
    /// The text between asterisks: the first piece is a start, the last one an end.
    Wild(Vec<String>),
}

#[derive(Clone, Debug)]
pub(crate) enum Bound {
    Open,
    Inclusive(String),
    Exclusive(String),
}

impl Filter {
    /// Whoever passes both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::Clause {
            must: vec![self, other],
            should: Vec::new(),
            must_not: Vec::new(),
        }
    }

    /// Whoever has an identity in this connection.
    pub(crate) fn in_connection(name: &str) -> Self {
        let path = Path::Identity("connection".to_owned());
        Self::Term(path, Term::Exact(name.to_owned()))
    }

    pub(crate) fn matches(&self, user: &User, state: &State) -> bool {
        match self {
            Self::Everybody => true,
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
            Self::Exists(path) => path.any(user, Some(state), &mut |_| true),
            Self::Term(path, term) => {
                let folds = path.ignores_case();
                path.any(user, Some(state), &mut |found| term.is(&found, folds))
            }
            Self::Range(path, low, high) => {
                let folds = path.ignores_case();
                path.any(user, Some(state), &mut |found| {
                    low.is_below(&found, folds) && high.is_above(&found, folds)
                })
            }
            Self::Word(term) => field::any_word(user, &mut |text| term.is_in(text)),
        }
    }
}

impl Term {
    fn is(&self, found: &Found<'_>, folds: bool) -> bool {
        match found {
            Found::Text(text) if folds => self.is_text(&text.to_lowercase(), true),
            Found::Text(text) => self.is_text(text, false),
            Found::Number(number) => match self {
                Self::Exact(text) => text.parse::<f64>().is_ok_and(|wanted| wanted == *number),
                Self::Wild(_) => self.is_text(&number.to_string(), false),
            },
            Found::Flag(flag) => self.is_text(if *flag { "true" } else { "false" }, false),
            // A shorter date means the whole of that day, month or hour.
            Found::Date(time) => match self {
                Self::Exact(text) => !text.is_empty() && iso(*time).starts_with(text.as_str()),
                Self::Wild(_) => self.is_text(&iso(*time), false),
            },
        }
    }

    fn is_text(&self, text: &str, folds: bool) -> bool {
        match self {
            Self::Exact(wanted) if folds => wanted.to_lowercase() == text,
            Self::Exact(wanted) => wanted == text,
            Self::Wild(pieces) => {
                let pieces = pieces.iter().map(|piece| {
                    if folds {
                        piece.to_lowercase()
                    } else {
                        piece.clone()
                    }
                });
                wild(&pieces.collect::<Vec<_>>(), text)
            }
        }
    }

    /// Whether the text has the word, or the words one after the other, whatever their case.
    fn is_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        if self.is_text(&text, true) {
            return true;
        }
        let words = words(&text);
        match self {
            Self::Exact(wanted) => {
                let wanted = wanted.to_lowercase();
                let wanted = self::words(&wanted);
                !wanted.is_empty() && words.windows(wanted.len()).any(|run| run == wanted)
            }
            Self::Wild(_) => words.iter().any(|word| self.is_text(word, true)),
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether the pieces stand in the text in this order, the first at its start and the last at its end.
fn wild(pieces: &[String], text: &str) -> bool {
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
    /// Whether this lower bound lets the value through.
    fn is_below(&self, found: &Found<'_>, folds: bool) -> bool {
        match self {
            Self::Open => true,
            Self::Inclusive(bound) => found.order(bound, folds).is_some_and(|order| order.is_ge()),
            Self::Exclusive(bound) => found.order(bound, folds).is_some_and(|order| order.is_gt()),
        }
    }

    /// Whether this upper bound lets the value through.
    fn is_above(&self, found: &Found<'_>, folds: bool) -> bool {
        match self {
            Self::Open => true,
            Self::Inclusive(bound) => found.order(bound, folds).is_some_and(|order| order.is_le()),
            Self::Exclusive(bound) => found.order(bound, folds).is_some_and(|order| order.is_lt()),
        }
    }
}

impl Found<'_> {
    /// How the value stands to a bound, when the two can be compared.
    fn order(&self, bound: &str, folds: bool) -> Option<std::cmp::Ordering> {
        match self {
            Self::Number(number) => number.partial_cmp(&bound.parse().ok()?),
            Self::Text(text) if folds => Some(text.to_lowercase().cmp(&bound.to_lowercase())),
            Self::Text(text) => Some((*text).cmp(bound)),
            // A bound that names a day means the whole day, so only that much of the date is compared.
            Self::Date(time) => {
                let date = iso(*time);
                Some(date.get(..bound.len()).unwrap_or(&date).cmp(bound))
            }
            Self::Flag(_) => None,
        }
    }
}

/// The value of a JSON scalar, as the index has it.
fn scalar(value: &Value) -> Option<Found<'_>> {
    match value {
        Value::String(text) => Some(Found::Text(text)),
        Value::Bool(flag) => Some(Found::Flag(*flag)),
        Value::Number(number) => number.as_f64().map(Found::Number),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
