//! Serves requests: from the HTTP request to the response.

use http::{Method, Request, Response};
use serde_json::json;

use super::{Outcome, Tenant, control};
use crate::auth::grant::Grant;
use crate::auth::tokens::{TokenError, TokenRequest};
use crate::error::{ApiError, reason};
use crate::faults::{FailNext, Fault};
use crate::http::journal::Entry;
use crate::http::response::{Headers, add_fault_headers, add_limit_headers, apply_fault, response};
use crate::http::{body, cors, header, url};
use crate::jobs;
use crate::operations::call::{Call, Context};
use crate::operations::page::Query;
use crate::operations::reply::Reply;
use crate::routes::{self, Route};
use crate::schema::request::read_query;
use crate::state::clock;
use crate::state::jobs::{LINK_MS, Work};

/// The path of the API.
const BASE: &str = "/api/v2";
/// The limit of the API for query strings, in bytes.
const MAX_QUERY: usize = 8_192;
/// The API returns this many characters of a correlation id.
const MAX_CORRELATION_ID: usize = 64;

impl Tenant {
    /// Responds to a request at a time in milliseconds since the epoch.
    pub fn handle(&mut self, request: &Request<Vec<u8>>, now_ms: u64) -> Response<Vec<u8>> {
        self.serve(request, now_ms).response
    }

    /// Like [`Tenant::handle`], with the latency and the fault that the caller has to apply.
    pub fn serve(&mut self, request: &Request<Vec<u8>>, now_ms: u64) -> Outcome {
        let now = now_ms.saturating_add(self.clock_ms);
        let is_preflight = request.method() == Method::OPTIONS;
        if request.uri().path().starts_with(control::BASE) && !is_preflight {
            let ids = self.ids.clone();
            let reply = control::respond(self, request, now);
            return Outcome {
                changed: self.change_of_control(request, now, &ids, &reply),
                response: response(reply, cors::response_headers(request.headers())),
                delay_ms: 0,
                fault: Fault::None,
            };
        }
        let mut entry = Entry::new(request, now);
        let outcome = if is_preflight {
            let headers = cors::preflight_headers(request.headers());
            self.outcome(Reply::empty(204), headers, Fault::None)
        } else {
            self.respond(request, now, &mut entry)
        };
        entry.status = (outcome.fault != Fault::Reset).then(|| outcome.response.status().as_u16());
        self.journal.add(entry);
        outcome
    }

    fn outcome(&self, reply: Reply, headers: Headers, fault: Fault) -> Outcome {
        Outcome {
            response: response(reply, headers),
            delay_ms: self.latency_ms,
            fault,
            changed: None,
        }
    }

    fn respond(&mut self, request: &Request<Vec<u8>>, now: u64, entry: &mut Entry) -> Outcome {
        let mut headers = cors::response_headers(request.headers());
        headers.push(("date", clock::http(now)));
        headers.push(("x-correlation-id", self.correlation_id(request)));
        let target = target(request);
        let route = target.as_ref().and_then(|target| target.route.as_ref());
        entry.operation = route.map(|route| route.operation.name);
        let id = route.and_then(|route| route.params.first());
        let id = id.map(String::as_str);
        let fault = self.faults.next_for(entry.operation, id, now);
        entry.fault = fault.as_ref().map(FailNext::name);
        let mut changed = None;
        let mut reply = if fault.as_ref().is_none_or(FailNext::commits) {
            let ids = self.ids.clone();
            let reply = self.reply(request, now, target, &mut headers);
            entry.committed = reply.status < 400;
            if entry.committed {
                changed = self.change_of_request(request, now, &ids, entry.operation, &reply);
            }
            reply
        } else {
            Reply::empty(200)
        };
        let Some(fault) = fault else {
            return Outcome {
                changed,
                ..self.outcome(reply, headers, Fault::None)
            };
        };
        apply_fault(&mut reply, &fault);
        let mut outcome = self.outcome(reply, headers, fault.fault);
        outcome.changed = changed;
        add_fault_headers(&mut outcome.response, &fault);
        outcome
    }

    fn correlation_id(&mut self, request: &Request<Vec<u8>>) -> String {
        match header::text(request.headers(), "x-correlation-id") {
            Some(given) => given.chars().take(MAX_CORRELATION_ID).collect(),
            None => self.correlation_ids.hex(32),
        }
    }

    fn reply(
        &mut self,
        request: &Request<Vec<u8>>,
        now: u64,
        target: Option<Target>,
        headers: &mut Headers,
    ) -> Reply {
        if request.method() == Method::POST && request.uri().path() == "/oauth/token" {
            return self.issue_token(request.body(), now);
        }
        if let Some(file) = request.uri().path().strip_prefix("/exports/") {
            return self.download(file, request, now);
        }
        if target.is_some() && !self.take_token(request, now, headers) {
            return ApiError::too_many_requests().into();
        }
        let Some(route) = target.and_then(|target| target.route) else {
            return ApiError::without_code(404, "Not Found").into();
        };
        self.call(route, request, now).unwrap_or_else(Reply::from)
    }

    fn issue_token(&mut self, body: &[u8], now: u64) -> Reply {
        let verified_assertion = self.verified_assertion.take();
        let request = TokenRequest {
            parameters: body::token_parameters(body),
            verified_assertion: verified_assertion.as_deref(),
            all_scopes: &routes::all_scopes(),
            now,
        };
        match self.tokens.issue(&self.config, &mut self.ids, &request) {
            Ok(body) => Reply::json(200, body),
            Err(TokenError {
                status,
                error,
                description,
            }) => Reply::json(
                status,
                json!({ "error": error, "error_description": description }),
            ),
        }
    }

    /// Takes a token from the buckets, and returns whether the request is allowed. The headers are those of the bucket
    /// with the fewest tokens.
    fn take_token(&mut self, request: &Request<Vec<u8>>, now: u64, headers: &mut Headers) -> bool {
        let of_writes = (request.method() != Method::GET).then_some(&mut self.write_bucket);
        let buckets = [Some(&mut self.bucket), of_writes].into_iter().flatten();
        let decisions = buckets.flatten().map(|bucket| bucket.take(now));
        let strictest = decisions.min_by_key(|decision| (decision.allowed, decision.remaining));
        if let Some(decision) = &strictest {
            add_limit_headers(headers, decision);
        }
        strictest.is_none_or(|decision| decision.allowed)
    }

    /// Returns the file of a completed export until its link expires.
    fn download(&self, file: &str, request: &Request<Vec<u8>>, now: u64) -> Reply {
        let query = request.uri().query().unwrap_or_default();
        let expires = url::pairs(query)
            .into_iter()
            .flatten()
            .find(|(name, _)| name == "expires")
            .and_then(|(_, value)| value.parse::<u64>().ok());
        let is_valid =
            expires.is_some_and(|end| (now..=now.saturating_add(LINK_MS)).contains(&end));
        let id = file.split('.').next().unwrap_or_default();
        let export = self.state.jobs.get(id).and_then(|job| match &job.work {
            Work::Export(export) if job.done => Some(export),
            _ => None,
        });
        match export
            .filter(|_| is_valid)
            .and_then(|export| jobs::export::file(export, self.state.users.iter()))
        {
            Some(body) => Reply {
                status: 200,
                body,
                content_type: Some("application/gzip".into()),
            },
            None => ApiError::without_code(403, "Request has expired").into(),
        }
    }

    /// Authorizes and performs the operation of a route.
    fn call(
        &mut self,
        route: Route,
        request: &Request<Vec<u8>>,
        now: u64,
    ) -> Result<Reply, ApiError> {
        let raw_query = request.uri().query().unwrap_or_default();
        if raw_query.len() > MAX_QUERY {
            return Err(ApiError::without_code(414, reason(414)));
        }
        let authorization = header::text(request.headers(), "authorization");
        let grant = self.tokens.authorize(authorization.as_deref(), now)?;
        let id = route.params.first().map(String::as_str);
        grant.check(route.operation.scopes, id)?;
        self.perform(route, request, &grant, now)
    }

    /// Performs the operation of a route.
    pub(super) fn perform(
        &mut self,
        route: Route,
        request: &Request<Vec<u8>>,
        grant: &Grant,
        now: u64,
    ) -> Result<Reply, ApiError> {
        let raw_query = request.uri().query().unwrap_or_default();
        let pairs = url::pairs(raw_query)
            .ok_or_else(|| ApiError::invalid_query("'The query string is not UTF-8'"))?;
        let lag = self.config.search_lag_ms;
        self.state.users.set_search_time(now, lag);
        jobs::run_due(&mut self.state, now);
        let query = Query(read_query(route.operation.query, &pairs)?);
        let content_type = header::text(request.headers(), "content-type").unwrap_or_default();
        let body = body::read(route.handler.body, &content_type, request.body())?;
        let call = Call {
            path: route.params,
            query,
            body,
            raw_body: request.body(),
            content_type: &content_type,
            custom_domain: header::text(request.headers(), "auth0-custom-domain"),
        };
        let mut context = Context {
            state: &mut self.state,
            config: &self.config,
            ids: &mut self.ids,
            grant,
            now,
        };
        (route.handler.run)(&mut context, &call)
    }
}

/// A request for a path of the API.
pub(super) struct Target {
    /// The operation; missing if the path or the method is unknown.
    pub route: Option<Route>,
}

/// Returns the target of a request, or `None` if its path is outside of the API.
pub(super) fn target(request: &Request<Vec<u8>>) -> Option<Target> {
    let segments = url::segments(request.uri().path())?;
    let mut rest = segments.as_slice();
    for part in BASE.split('/').skip(1) {
        let (first, after) = rest.split_first()?;
        if first != part {
            return None;
        }
        rest = after;
    }
    Some(Target {
        route: routes::find(request.method().as_str(), rest),
    })
}
