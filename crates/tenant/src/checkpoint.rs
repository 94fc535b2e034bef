//! Checkpoint paging: `take` so many, then go on `from` the place that `next` names.

use serde_json::{Map, Value};

use crate::config::Config;
use crate::error::ApiError;
use crate::page::Query;
use crate::reply::Reply;

/// How long a place stays good.
const VALID_MS: u64 = 86_400_000;

/// A list whose items have keys to go on from.
pub(crate) struct Checkpoint<'a> {
    pub name: &'a str,
    pub default_take: usize,
    /// Whether `include_totals` adds a total.
    pub counts: bool,
}

/// A place in a list: after which item, and how many came before in case that item is gone.
struct Place {
    issued: u64,
    passed: usize,
    key: String,
}

impl Place {
    /// Opaque to callers, so that nobody takes it apart.
    fn seal(&self) -> String {
        let text = format!("{}.{}.{}", self.issued, self.passed, self.key);
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    fn open(sealed: &str) -> Option<Self> {
        let digits: Vec<char> = sealed.chars().collect();
        let bytes: Option<Vec<u8>> = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok())
            .collect();
        let text = String::from_utf8(bytes?).ok()?;
        let mut parts = text.splitn(3, '.');
        Some(Self {
            issued: parts.next()?.parse().ok()?,
            passed: parts.next()?.parse().ok()?,
            key: parts.next()?.to_owned(),
        })
    }
}

impl Checkpoint<'_> {
    /// The part of a list that the query asks for, with `next` while there is more.
    pub(crate) fn reply(
        &self,
        query: &Query,
        config: &Config,
        now: u64,
        items: Vec<(String, Value)>,
    ) -> Result<Reply, ApiError> {
        let total = items.len();
        let take = query.number("take").unwrap_or(self.default_take);
        let start = match query.text("from") {
            None => 0,
            Some(from) => Place::open(from)
                .filter(|place| now <= place.issued.saturating_add(VALID_MS))
                .map(|place| {
                    items
                        .iter()
                        .position(|(key, _)| *key == place.key)
                        .map_or(place.passed, |index| index.saturating_add(1))
                })
                .ok_or_else(|| {
                    ApiError::invalid_query(
                        "'The checkpoint is not valid or has expired' on property from",
                    )
                })?,
        };
        let end = start.saturating_add(take);
        let next = items
            .get(end.saturating_sub(1))
            .filter(|_| end < total || (end == total && config.empty_last_page))
            .map(|(key, _)| {
                let place = Place {
                    issued: now,
                    passed: end,
                    key: key.clone(),
                };
                place.seal()
            });
        let part: Vec<Value> = items
            .into_iter()
            .skip(start)
            .take(take)
            .map(|(_, item)| item)
            .collect();
        let mut envelope = Map::new();
        envelope.insert(self.name.to_owned(), part.into());
        if let Some(next) = next {
            envelope.insert("next".into(), next.into());
        }
        if self.counts && query.flag("include_totals").unwrap_or(false) {
            envelope.insert("total".into(), total.into());
        }
        Ok(Reply::json(200, Value::Object(envelope)))
    }
}
