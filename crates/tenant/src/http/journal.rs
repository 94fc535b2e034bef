//! The journal: the requests that a tenant has received.

use std::collections::VecDeque;

use http::HeaderMap;
use serde_json::{Map, Value, json};

/// The limit of the memory for entries, in bytes.
const MAX_BYTES: usize = 256 << 20;

/// A request and its result.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Counts all requests from 1, including those that the journal has removed.
    pub number: u64,
    /// The HTTP method.
    pub method: String,
    /// The path, still encoded.
    pub path: String,
    /// The query without the question mark, still encoded.
    pub query: Option<String>,
    /// Headers with names in lower case. Credentials are replaced by `[hidden]`.
    pub headers: Vec<(String, String)>,
    /// The body as text. The body of a token request is replaced by `[hidden]`.
    pub body: String,
    /// The status of the response; missing if the connection was reset.
    pub status: Option<u16>,
    /// Whether the operation was performed, even if a fault replaced the response.
    pub committed: bool,
    /// The fault that was injected.
    pub fault: Option<&'static str>,
    /// The operation that the request called.
    pub operation: Option<&'static str>,
    /// When the request was received, in milliseconds since the epoch.
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
            number: 0,
            method: request.method().to_string(),
            path,
            query: request.uri().query().map(str::to_owned),
            headers: headers(request.headers()),
            body,
            status: None,
            committed: false,
            fault: None,
            operation: None,
            at_ms,
        }
    }

    /// Returns the approximate memory of the entry.
    fn bytes(&self) -> usize {
        let headers = self.headers.iter();
        let texts = headers
            .map(|(name, value)| name.len().saturating_add(value.len()))
            .chain([self.path.len(), self.body.len()])
            .chain(self.query.as_ref().map(String::len));
        texts.fold(size_of::<Self>(), usize::saturating_add)
    }

    pub(crate) fn to_json(&self) -> Value {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        json!({
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": headers,
            "body": self.body,
            "status": self.status,
            "committed": self.committed,
            "fault": self.fault,
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

/// The most recent requests.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    /// The limit of the number of entries.
    max_entries: usize,
    bytes: usize,
    added: u64,
}

impl Journal {
    pub(crate) fn new(max_entries: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            max_entries,
            bytes: 0,
            added: 0,
        }
    }

    /// Adds an entry, and removes the oldest ones beyond the limits.
    pub(crate) fn add(&mut self, mut entry: Entry) {
        self.added = self.added.saturating_add(1);
        entry.number = self.added;
        self.bytes = self.bytes.saturating_add(entry.bytes());
        self.entries.push_back(entry);
        while self.entries.len() > self.max_entries || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(oldest.bytes());
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }
}
