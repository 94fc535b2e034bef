//! Offset paging, projection and sorting, which all lists share.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use crate::reply::Reply;

/// The typed parameters of a query string.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(pub Map<String, Value>);

impl Query {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        let number = self.0.get(name).and_then(Value::as_u64)?;
        Some(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// Page and size, 0 and 50 when not given.
    pub(crate) fn offset(&self) -> Offset {
        let limit = self.number("per_page").unwrap_or(50);
        let page = self.number("page").unwrap_or(0);
        Offset {
            start: page.saturating_mul(limit),
            limit,
            with_totals: self.flag("include_totals").unwrap_or(false),
        }
    }

    /// Keeps or drops the properties named in `fields`.
    pub(crate) fn project(&self, mut object: Map<String, Value>) -> Value {
        if let Some(fields) = self.text("fields").filter(|fields| !fields.is_empty()) {
            let keep = self.flag("include_fields").unwrap_or(true);
            object.retain(|name, _| fields.split(',').any(|field| field.trim() == name) == keep);
        }
        Value::Object(object)
    }

    /// The field to sort by and whether the order is descending.
    pub(crate) fn sort(&self) -> Option<(&str, bool)> {
        let (field, order) = self.text("sort")?.rsplit_once(':')?;
        Some((field, order == "-1"))
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offset {
    pub start: usize,
    pub limit: usize,
    pub with_totals: bool,
}

impl Offset {
    /// The wanted part of a list: bare, or in an envelope when totals were asked for.
    pub(crate) fn slice(self, items_name: &str, items: Vec<Value>) -> Reply {
        let total = items.len();
        self.envelope(items_name, self.part(items), total, false)
    }

    /// As `slice`, with the `length` that the envelopes of users and logs have.
    pub(crate) fn slice_with_length(self, items_name: &str, items: Vec<Value>) -> Reply {
        let total = items.len();
        self.envelope(items_name, self.part(items), total, true)
    }

    fn part(self, items: Vec<Value>) -> Vec<Value> {
        items
            .into_iter()
            .skip(self.start)
            .take(self.limit)
            .collect()
    }

    /// As `slice_with_length`, for a part that was cut out already.
    pub(crate) fn reply_with_length(
        self,
        items_name: &str,
        items: Vec<Value>,
        total: usize,
    ) -> Reply {
        self.envelope(items_name, items, total, true)
    }

    fn envelope(
        self,
        items_name: &str,
        items: Vec<Value>,
        total: usize,
        with_length: bool,
    ) -> Reply {
        if !self.with_totals {
            return Reply::json(200, Value::Array(items));
        }
        let mut envelope = json!({ "start": self.start, "limit": self.limit, "total": total });
        if let Some(envelope) = envelope.as_object_mut() {
            if with_length {
                envelope.insert("length".into(), items.len().into());
            }
            envelope.insert(items_name.into(), items.into());
        }
        Reply::json(200, envelope)
    }
}

/// Orders two optional values of one field; what lacks it comes last either way.
pub(crate) fn compare(one: Option<&Value>, other: Option<&Value>, descending: bool) -> Ordering {
    let (one, other) = match (one, other) {
        (None, None) => return Ordering::Equal,
        (None, Some(_)) => return Ordering::Greater,
        (Some(_), None) => return Ordering::Less,
        (Some(one), Some(other)) => (one, other),
    };
    let order = match (one, other) {
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        _ => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
    };
    if descending { order.reverse() } else { order }
}
