//! Keeping a tenant: as a snapshot, and as a line for each change.

use http::Request;
use serde::Deserialize;
use serde_json::Value;

use super::{Changed, Tenant, below_base};
use crate::auth::Grant;
use crate::change::{self, Change};
use crate::ids::Ids;
use crate::kept::Kept;
use crate::reply::Reply;
use crate::snapshot::{Read, Written};
use crate::{control, path, routes};

impl Tenant {
    /// Everything that requests have made of the tenant, as JSON. Limits, faults and the journal are no part of it.
    pub fn snapshot(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.write_snapshot(&mut text)?;
        Ok(text)
    }

    /// As [`Tenant::snapshot`], without holding all of it in memory.
    pub fn write_snapshot(&self, to: impl std::io::Write) -> serde_json::Result<()> {
        let written = Written::new(&self.ids, self.clock_ms, &self.tokens, &self.state);
        serde_json::to_writer(to, &written)
    }

    /// Becomes what the tenant was at a snapshot; where it cannot be read, everything stays as it is.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), String> {
        self.take_over(serde_json::from_slice(snapshot))
    }

    fn take_over(&mut self, read: serde_json::Result<Read>) -> Result<(), String> {
        let snapshot = read.map_err(|error| error.to_string())?.snapshot()?;
        self.state = snapshot.state;
        self.tokens = snapshot.tokens;
        self.ids = snapshot.ids;
        self.clock_ms = snapshot.clock_ms;
        Ok(())
    }

    /// As [`Tenant::restore`], without holding the text in memory; reads no further than the end of the snapshot.
    pub fn read_snapshot(&mut self, from: impl std::io::Read) -> Result<(), String> {
        let mut from = serde_json::Deserializer::from_reader(from);
        self.take_over(Read::deserialize(&mut from))
    }

    /// Tells with each later answer what its request changed.
    pub fn tell_changes(&mut self) {
        self.tells_changes = true;
    }

    /// Does again what a line of [`Changed`] tells; false when it cannot be read or done.
    pub fn redo(&mut self, line: &[u8]) -> bool {
        match serde_json::from_slice(line) {
            Ok(Change::Token { value, grant, ids }) => match (Grant::read(grant), Ids::read(ids)) {
                (Ok(grant), Ok(ids)) => {
                    self.tokens.keep(value, grant);
                    self.ids = ids;
                    true
                }
                _ => false,
            },
            Ok(Change::Request {
                now,
                ids,
                method,
                uri,
                content_type,
                custom_domain,
                body,
            }) => {
                let headers = [
                    ("content-type", content_type),
                    ("auth0-custom-domain", custom_domain),
                ];
                let request = change::request(&method, &uri, headers, &body);
                let (Some(request), Ok(ids)) = (request, Ids::read(ids)) else {
                    return false;
                };
                self.ids = ids;
                self.redo_request(&request, now)
            }
            Err(_) => false,
        }
    }

    fn redo_request(&mut self, request: &Request<Vec<u8>>, now: u64) -> bool {
        let raw_path = request.uri().path();
        if raw_path.starts_with(control::BASE) {
            return control::answer(self, request, now).status < 400;
        }
        let segments = path::segments(raw_path);
        let below = segments.as_deref().and_then(below_base);
        let found = below.and_then(|segments| routes::find(request.method().as_str(), segments));
        found.is_some_and(|route| {
            // It was allowed then.
            let grant = Grant::of_everything();
            self.carry_out(route, request, &grant, now).is_ok()
        })
    }

    pub(super) fn told(&self, changes: bool, change: impl FnOnce() -> Change) -> Option<Changed> {
        if self.tells_changes && changes {
            change().to_line().map(Changed::Line)
        } else {
            None
        }
    }

    /// What a request that was carried out changed.
    pub(super) fn change(
        &self,
        request: &Request<Vec<u8>>,
        now: u64,
        ids: Ids,
        operation: Option<&str>,
        reply: &Reply,
    ) -> Option<Changed> {
        if operation.is_some() {
            // Looking at a job hurries it along.
            let changes = request.method() != http::Method::GET || operation == Some("jobs.get");
            return self.told(changes, || Change::of(request, now, &ids));
        }
        let answer: Value = serde_json::from_slice(&reply.body).ok()?;
        let value = answer.get("access_token")?.as_str()?.to_owned();
        let grant = self.tokens.known(&value)?.write();
        let ids = self.ids.write();
        self.told(true, || Change::Token { value, grant, ids })
    }
}
