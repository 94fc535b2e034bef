//! Checkpoint pagination: `take` limits a page, and `from` continues after the cursor in `next`.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::operations::page::Query;
use crate::operations::reply::Reply;

/// How long a cursor is valid.
const VALID_MS: u64 = 86_400_000;

/// A list with checkpoint pagination.
pub(crate) struct Checkpoint<'a> {
    /// The property of the items in the envelope.
    pub name: &'a str,
    pub default_take: usize,
    /// Whether the list supports `include_totals`.
    pub has_totals: bool,
}

/// A position in a list: the key of the last item, and its number in case the item has been deleted.
struct Cursor {
    issued_at: u64,
    passed: usize,
    key: String,
}

impl Cursor {
    /// Encodes the cursor, so that callers treat it as opaque.
    fn encode(&self) -> String {
        let text = format!("{}.{}.{}", self.issued_at, self.passed, self.key);
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    fn decode(encoded: &str) -> Option<Self> {
        let digits: Vec<char> = encoded.chars().collect();
        let bytes: Option<Vec<u8>> = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok())
            .collect();
        let text = String::from_utf8(bytes?).ok()?;
        let mut parts = text.splitn(3, '.');
        Some(Self {
            issued_at: parts.next()?.parse().ok()?,
            passed: parts.next()?.parse().ok()?,
            key: parts.next()?.to_owned(),
        })
    }
}

impl Checkpoint<'_> {
    /// Returns the requested page, with `next` if there are more items.
    pub(crate) fn reply(
        &self,
        query: &Query,
        empty_last_page: bool,
        now: u64,
        items: Vec<(String, Value)>,
    ) -> Result<Reply, ApiError> {
        let total = items.len();
        let take = query.number("take").unwrap_or(self.default_take);
        let start = match query.text("from") {
            None => 0,
            Some(from) => Cursor::decode(from)
                .filter(|cursor| now <= cursor.issued_at.saturating_add(VALID_MS))
                .map(|cursor| {
                    items
                        .iter()
                        .position(|(key, _)| *key == cursor.key)
                        .map_or(cursor.passed, |index| index.saturating_add(1))
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
            .filter(|_| end < total || (end == total && empty_last_page))
            .map(|(key, _)| {
                let cursor = Cursor {
                    issued_at: now,
                    passed: end,
                    key: key.clone(),
                };
                cursor.encode()
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
        if self.has_totals && query.flag("include_totals").unwrap_or(false) {
            envelope.insert("total".into(), total.into());
        }
        Ok(Reply::json(200, Value::Object(envelope)))
    }
}
