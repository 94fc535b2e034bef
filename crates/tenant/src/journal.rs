//! The requests a tenant has seen.

use std::collections::VecDeque;

use http::HeaderMap;
use serde_json::{Map, Value, json};

/// How many requests are remembered; the oldest are forgotten first.
const MOST: usize = 10_000;

/// A request and how it ended.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The HTTP method.
    pub method: String,
    /// The path as it came, still encoded.
    pub path: String,
    /// The query as it came, still encoded, without the question mark.
    pub query: Option<String>,
    /// Header names in lower case; the credentials of `authorization` are left out.
    pub headers: Vec<(String, String)>,
    /// The body as text; that of a token request is left out.
    pub body: String,
    /// The status of the answer.
    pub status: u16,
    /// The operation that answered.
    pub operation: Option<&'static str>,
    /// When it came, in milliseconds since the epoch.
    pub at_ms: u64,
}

const HIDDEN: &str = "[hidden]";

impl Entry {
    pub(crate) fn new(request: &http::Request<Vec<u8>>, at_ms: u64) -> Self {
        let path = request.uri().path().to_owned();
        let body = if path == "/oauth/token" {
            HIDDEN.to_owned()
        } else {
            String::from_utf8_lossy(request.body()).into_owned()
        };
        Self {
            method: request.method().to_string(),
            path,
            query: request.uri().query().map(str::to_owned),
            headers: headers(request.headers()),
            body,
            status: 0,
            operation: None,
            at_ms,
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        json!({
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": headers,
            "body": self.body,
            "status": self.status,
            "operation": self.operation,
            "at_ms": self.at_ms,
        })
    }
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    map.keys()
        .map(|name| {
            let values: Vec<_> = map
                .get_all(name)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .collect();
            let value = match name.as_str() {
                "authorization" | "cookie" => HIDDEN.to_owned(),
                _ => values.join(", "),
            };
            (name.as_str().to_owned(), value)
        })
        .collect()
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
}

impl Journal {
    pub(crate) fn add(&mut self, entry: Entry) {
        if self.entries.len() >= MOST {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
