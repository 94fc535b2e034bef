//! The requests a tenant has seen.

use std::collections::VecDeque;

use http::HeaderMap;
use serde_json::{Map, Value, json};

/// How much of all requests is remembered, in bytes, however few they are.
const MOST_BYTES: usize = 256 << 20;

/// A request and how it ended.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Counts all requests from 1 on, also those that are no longer remembered.
    pub number: u64,
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
    /// The status of the answer; none when the connection ended without one.
    pub status: Option<u16>,
    /// Whether the request was carried out, whatever its answer said; one that was refused was not.
    pub committed: bool,
    /// The fault that it met.
    pub fault: Option<&'static str>,
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

    /// Roughly what remembering it takes.
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

#[derive(Clone, Debug)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    /// How many are remembered; the oldest are forgotten first.
    most: usize,
    bytes: usize,
    added: u64,
}

impl Journal {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            most,
            bytes: 0,
            added: 0,
        }
    }

    pub(crate) fn add(&mut self, mut entry: Entry) {
        self.added = self.added.saturating_add(1);
        entry.number = self.added;
        self.bytes = self.bytes.saturating_add(entry.bytes());
        self.entries.push_back(entry);
        while self.entries.len() > self.most || self.bytes > MOST_BYTES {
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
