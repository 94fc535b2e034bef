//! Query parameters that lists share: offset pagination, projection and sorting.

use serde_json::{Map, Value, json};

use crate::operations::reply::Reply;

/// The parameters of a query string, with the types of the schema.
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

    /// Returns the requested page; by default the first one with 50 items.
    pub(crate) fn offset(&self) -> Offset {
        let limit = self.number("per_page").unwrap_or(50);
        let page = self.number("page").unwrap_or(0);
        Offset {
            start: page.saturating_mul(limit),
            limit,
            with_totals: self.flag("include_totals").unwrap_or(false),
        }
    }

    /// Applies `fields` and `include_fields` to an object.
    pub(crate) fn project(&self, mut object: Map<String, Value>) -> Value {
        if let Some(fields) = self.text("fields").filter(|fields| !fields.is_empty()) {
            let keep = self.flag("include_fields").unwrap_or(true);
            object.retain(|name, _| fields.split(',').any(|field| field.trim() == name) == keep);
        }
        Value::Object(object)
    }

    /// Returns the field to sort by, and whether the order is descending.
    pub(crate) fn sort(&self) -> Option<(&str, bool)> {
        let (field, order) = self.text("sort")?.rsplit_once(':')?;
        Some((field, order == "-1"))
    }
}

/// The requested part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offset {
    pub start: usize,
    pub limit: usize,
    pub with_totals: bool,
}

impl Offset {
    /// Returns the requested part of a list: an array, or an envelope with `include_totals`.
    pub(crate) fn slice(self, items_name: &str, items: Vec<Value>) -> Reply {
        let total = items.len();
        self.envelope(items_name, self.part(items), total, false)
    }

    /// Like `slice`, with `length` in the envelope, as for users and logs.
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

    /// Like `slice_with_length`, for items that are the requested part.
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
