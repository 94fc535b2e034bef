//! Changes of the state as lines of text that can be replayed, for callers that store the tenant in a file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use http::{Method, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::control::{self, Effect};
use super::{Changed, Tenant};
use crate::operations::reply::Reply;
use crate::state::ids::Ids;
use crate::state::snapshot::Snapshot;

/// A change. The same request at the same time with the same generator has the same result.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    /// A request that was performed.
    Request {
        now: u64,
        /// The generator before the request.
        ids: Value,
        method: String,
        uri: String,
        content_type: Option<String>,
        custom_domain: Option<String>,
        /// In Base64, because a body can be binary.
        body: String,
    },
    /// A token that was issued. Its request is not stored because it contains the secret of an application.
    Token {
        value: String,
        grant: Value,
        /// The generator after the request, so that no token is issued twice.
        ids: Value,
    },
}

impl Change {
    fn of_request(request: &Request<Vec<u8>>, now: u64, ids: &Ids) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        Self::Request {
            now,
            ids: ids.to_snapshot(),
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            content_type: header("content-type"),
            custom_domain: header("auth0-custom-domain"),
            body: BASE64_STANDARD_NO_PAD.encode(request.body()),
        }
    }

    /// Returns the change as a line without its end.
    fn to_line(&self) -> Option<Changed> {
        serde_json::to_vec(self).ok().map(Changed::Line)
    }
}

/// Restores the request of a change.
pub(super) fn request(
    method: &str,
    uri: &str,
    headers: [(&str, Option<String>); 2],
    body: &str,
) -> Option<Request<Vec<u8>>> {
    let body = BASE64_STANDARD_NO_PAD.decode(body).ok()?;
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    request.body(body).ok()
}

impl Tenant {
    /// Makes later outcomes contain the changes of the state.
    pub fn record_changes(&mut self) {
        self.records_changes = true;
    }

    /// Returns the change of a request of the API that was performed. `ids` is the generator before the request.
    pub(super) fn change_of_request(
        &self,
        request: &Request<Vec<u8>>,
        now: u64,
        ids: &Ids,
        operation: Option<&str>,
        reply: &Reply,
    ) -> Option<Changed> {
        if !self.records_changes {
            return None;
        }
        if operation.is_some() {
            // A poll can complete a job.
            let changes = request.method() != Method::GET || operation == Some("jobs.get");
            return changes
                .then(|| Change::of_request(request, now, ids))?
                .to_line();
        }
        let body: Value = serde_json::from_slice(&reply.body).ok()?;
        let value = body.get("access_token")?.as_str()?.to_owned();
        let grant = self.tokens.get(&value)?.to_snapshot();
        let ids = self.ids.to_snapshot();
        Change::Token { value, grant, ids }.to_line()
    }

    /// Returns the change of a control request. `ids` is the generator before the request.
    pub(super) fn change_of_control(
        &self,
        request: &Request<Vec<u8>>,
        now: u64,
        ids: &Ids,
        reply: &Reply,
    ) -> Option<Changed> {
        if !self.records_changes || reply.status >= 400 {
            return None;
        }
        match control::effect(request) {
            Effect::None => None,
            Effect::Partial => Change::of_request(request, now, ids).to_line(),
            Effect::Everything => Some(Changed::Everything),
        }
    }
}
