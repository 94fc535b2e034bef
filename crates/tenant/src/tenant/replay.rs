//! Replays changes that were stored in a file.

use http::Request;

use super::change::{self, Change};
use super::serve::target;
use super::{Tenant, control};
use crate::auth::grant::Grant;
use crate::state::ids::Ids;
use crate::state::snapshot::Snapshot;

impl Tenant {
    /// Repeats the change of a [`Changed::Line`](super::Changed::Line), and returns whether that succeeded.
    pub fn replay(&mut self, line: &[u8]) -> bool {
        match serde_json::from_slice(line) {
            Ok(Change::Token { value, grant, ids }) => {
                match (Grant::from_snapshot(grant), Ids::from_snapshot(ids)) {
                    (Ok(grant), Ok(ids)) => {
                        self.tokens.insert(value, grant);
                        self.ids = ids;
                        true
                    }
                    _ => false,
                }
            }
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
                let (Some(request), Ok(ids)) = (request, Ids::from_snapshot(ids)) else {
                    return false;
                };
                self.ids = ids;
                self.replay_request(&request, now)
            }
            Err(_) => false,
        }
    }

    fn replay_request(&mut self, request: &Request<Vec<u8>>, now: u64) -> bool {
        if request.uri().path().starts_with(control::BASE) {
            return control::respond(self, request, now).status < 400;
        }
        let route = target(request).and_then(|target| target.route);
        route.is_some_and(|route| {
            // The request was authorized when it was first performed.
            self.perform(route, request, &Grant::full(), now).is_ok()
        })
    }
}
