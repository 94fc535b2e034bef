//! From a request to an answer.

mod keeping;

use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use serde_json::Value;

use crate::assertion::Assertion;
use crate::auth::{self, Grant, Tokens};
use crate::change::Change;
use crate::clock;
use crate::config::{Config, Token};
use crate::control::Effect;
use crate::cors;
use crate::error::{ApiError, reason};
use crate::faults::{FailNext, Fault, Faults, RandomFaults};
use crate::ids::Ids;
use crate::jobs::{LINK_MS, Work};
use crate::journal::{Entry, Journal};
use crate::mail::Mail;
use crate::operation::{Call, Context};
use crate::page::Query;
use crate::rate::{Bucket, Rate, Verdict};
use crate::reply::Reply;
use crate::routes::Route;
use crate::state::{Block, State};
use crate::{body, control, path, routes, seed, validate};

/// Where the API lives.
const BASE: &str = "/api/v2";
/// The API takes no longer query string.
const MOST_QUERY: usize = 8_192;
/// The API keeps so many characters of a correlation id.
const MOST_CORRELATION: usize = 64;

/// A tenant with its users and everything around them.
#[derive(Clone, Debug)]
pub struct Tenant {
    config: Config,
    state: State,
    tokens: Tokens,
    ids: Ids,
    /// For the ids that answers are traced by, which are no part of what is remembered.
    traces: Ids,
    bucket: Option<Bucket>,
    write_bucket: Option<Bucket>,
    faults: Faults,
    journal: Journal,
    latency_ms: u64,
    clock_ms: u64,
    tells_changes: bool,
    /// An assertion whose signature was checked elsewhere.
    vouched: Option<String>,
}

/// How many made-up things a user is given on top of what there is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Belongings {
    /// Sessions, each with a refresh token.
    pub sessions: usize,
    /// Memberships in new organizations.
    pub organizations: usize,
    /// Memberships in new groups.
    pub groups: usize,
    /// Events in the log.
    pub logs: usize,
    /// Connected accounts.
    pub connected_accounts: usize,
}

/// What a request changed, for whoever keeps the tenant in a file.
#[derive(Clone, Debug)]
pub enum Changed {
    /// Something that is done again with [`Tenant::redo`].
    Line(Vec<u8>),
    /// Everything; only a snapshot tells what there is now.
    Everything,
}

/// An answer, and what shall happen to it on its way.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The answer.
    pub response: Response<Vec<u8>>,
    /// How long to wait before sending it.
    pub delay_ms: u64,
    /// What happens to it on its way.
    pub fault: Fault,
    /// What the request changed; only after [`Tenant::tell_changes`].
    pub changed: Option<Changed>,
}

type Headers = Vec<(&'static str, String)>;

impl Tenant {
    /// A tenant as the configuration describes it; the same configuration gives the same tenant.
    pub fn new(config: Config) -> Self {
        let mut ids = Ids::new(config.seed);
        let state = seed::state(&config, &mut ids);
        Self {
            state,
            tokens: Tokens::new(&config.tokens),
            traces: ids.clone(),
            ids,
            bucket: config.rate.map(Bucket::new),
            write_bucket: config.write_rate.map(Bucket::new),
            faults: Faults::new(config.faults.clone()),
            journal: Journal::new(config.journal),
            latency_ms: config.latency_ms,
            clock_ms: 0,
            tells_changes: false,
            vouched: None,
            config,
        }
    }

    /// Answers a request at a time given in milliseconds since the epoch.
    pub fn handle(&mut self, request: &Request<Vec<u8>>, now_ms: u64) -> Response<Vec<u8>> {
        self.serve(request, now_ms).response
    }

    /// As [`Tenant::handle`], with the latency and the fault that were ordered for the request.
    pub fn serve(&mut self, request: &Request<Vec<u8>>, now_ms: u64) -> Outcome {
        let now = now_ms.saturating_add(self.clock_ms);
        let raw_path = request.uri().path();
        let is_preflight = request.method() == http::Method::OPTIONS;
        if raw_path.starts_with(control::BASE) && !is_preflight {
            let ids = self.ids.clone();
            let reply = control::answer(self, request, now);
            let changed = match control::effect(request) {
                _ if reply.status >= 400 => None,
                Effect::Passing => None,
                Effect::Lasting => self.told(true, || Change::of(request, now, &ids)),
                Effect::Everything => self.tells_changes.then_some(Changed::Everything),
            };
            return Outcome {
                changed,
                response: response(reply, cors::answer(request.headers())),
                delay_ms: 0,
                fault: Fault::None,
            };
        }
        let mut entry = Entry::new(request, now);
        let outcome = if is_preflight {
            let reply = Reply::empty(204);
            self.outcome(reply, cors::preflight(request.headers()), Fault::None)
        } else {
            self.answer(request, now, &mut entry)
        };
        entry.status = (outcome.fault != Fault::Reset).then(|| outcome.response.status().as_u16());
        self.journal.add(entry);
        outcome
    }

    /// Orders a fault for the next requests of the API.
    pub fn fail_next(&mut self, fault: FailNext) {
        self.faults.order(fault);
    }

    /// Lets faults strike by chance from now on, or no longer.
    pub fn set_faults(&mut self, faults: Option<RandomFaults>) {
        self.faults.set_random(faults);
    }

    /// Makes every later answer wait.
    pub fn set_latency(&mut self, ms: u64) {
        self.latency_ms = ms;
    }

    /// Puts a full token bucket in place, or takes it away.
    pub fn set_rate(&mut self, rate: Option<Rate>) {
        self.bucket = rate.map(Bucket::new);
    }

    /// Moves the clock forward against the time of the caller.
    pub fn advance_clock(&mut self, ms: u64) {
        self.clock_ms = self.clock_ms.saturating_add(ms);
    }

    /// The assertion in a token request, for a tenant without the feature `signatures`: whoever serves it checks the
    /// signature, and vouches for it.
    pub fn with_assertion<T>(
        &self,
        body: &[u8],
        now_ms: u64,
        look: impl FnOnce(Assertion<'_>) -> T,
    ) -> Option<T> {
        let text = auth::assertion_in(body)?;
        let now = now_ms.saturating_add(self.clock_ms);
        Assertion::read(&self.config, &text, now).map(look)
    }

    /// Takes the signature of the assertion in a token request as checked, for the next request only.
    pub fn vouch(&mut self, body: &[u8]) {
        self.vouched = auth::assertion_in(body);
    }

    /// The requests seen so far, oldest first.
    pub fn journal(&self) -> impl Iterator<Item = &Entry> {
        self.journal.iter()
    }

    /// Forgets the requests seen so far.
    pub fn clear_journal(&mut self) {
        self.journal.clear();
    }

    /// Starts over: users, tokens, limits, faults, clock and journal are as at the beginning.
    pub fn reset(&mut self) {
        *self = Self {
            tells_changes: self.tells_changes,
            ..Self::new(self.config.clone())
        };
    }

    /// How many users there are.
    pub fn user_count(&self) -> usize {
        self.state.users.len()
    }

    /// Names and ids of connections, roles, APIs, organizations and groups.
    pub fn directory(&self) -> Value {
        self.state.directory.to_json()
    }

    /// The mails that the tenant would have sent, oldest first.
    pub fn mails(&self) -> Value {
        Value::Array(self.state.mails.iter().map(Mail::to_json).collect())
    }

    /// Blocks a login as brute-force protection does.
    pub fn block(&mut self, identifier: &str, connection: &str, ip: Option<&str>) {
        self.state.blocks.push(Block {
            identifier: identifier.to_owned(),
            connection: connection.to_owned(),
            ip: ip.map(str::to_owned),
        });
    }

    /// Accepts one more token.
    pub fn add_token(&mut self, token: Token) {
        self.tokens.add(token);
    }

    /// Gives a user more of what can be listed; false when there is no such user.
    pub fn give(&mut self, user_id: &str, belongings: Belongings, now_ms: u64) -> bool {
        seed::give(&mut self.state, user_id, belongings, now_ms, &mut self.ids)
    }

    /// Adds to the users and the directory with one of the functions of `seeding`.
    pub(crate) fn seed<T>(&mut self, add: impl FnOnce(&mut State, &mut Ids) -> T) -> T {
        add(&mut self.state, &mut self.ids)
    }

    fn outcome(&self, reply: Reply, headers: Headers, fault: Fault) -> Outcome {
        Outcome {
            response: response(reply, headers),
            delay_ms: self.latency_ms,
            fault,
            changed: None,
        }
    }

    fn answer(&mut self, request: &Request<Vec<u8>>, now: u64, entry: &mut Entry) -> Outcome {
        let mut headers = cors::answer(request.headers());
        headers.push(("date", clock::http(now)));
        headers.push(("x-correlation-id", self.correlation(request)));
        let segments = path::segments(request.uri().path());
        let below = segments.as_deref().and_then(below_base);
        let found = below.and_then(|segments| routes::find(request.method().as_str(), segments));
        entry.operation = found.as_ref().map(|route| route.operation.name);
        let id = found.as_ref().and_then(|route| route.params.first());
        let fault = self
            .faults
            .meet(entry.operation, id.map(String::as_str), now);
        entry.fault = fault.as_ref().map(FailNext::name);
        let mut changed = None;
        let mut reply = if fault.as_ref().is_none_or(FailNext::commits) {
            let ids = self.ids.clone();
            let reply = self.reply(request, now, found, below.is_some(), &mut headers);
            entry.committed = reply.status < 400;
            if entry.committed {
                changed = self.change(request, now, ids, entry.operation, &reply);
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
        spoil(&mut reply, &fault);
        let mut outcome = self.outcome(reply, headers, fault.fault);
        outcome.changed = changed;
        for (name, value) in &fault.headers {
            if let (Ok(name), Ok(value)) =
                (name.parse::<HeaderName>(), HeaderValue::from_str(value))
            {
                outcome.response.headers_mut().insert(name, value);
            }
        }
        outcome
    }

    fn correlation(&mut self, request: &Request<Vec<u8>>) -> String {
        match cors::text(request.headers(), "x-correlation-id") {
            Some(given) => given.chars().take(MOST_CORRELATION).collect(),
            None => self.traces.hex(32),
        }
    }

    fn reply(
        &mut self,
        request: &Request<Vec<u8>>,
        now: u64,
        route: Option<Route>,
        in_api: bool,
        headers: &mut Headers,
    ) -> Reply {
        if request.method() == http::Method::POST && request.uri().path() == "/oauth/token" {
            return self.tokens.mint(
                &self.config,
                &routes::every_scope(),
                &mut self.ids,
                request.body(),
                self.vouched.take().as_deref(),
                now,
            );
        }
        if let Some(file) = request.uri().path().strip_prefix("/exports/") {
            return self.download(file, request, now);
        }
        if in_api && !self.takes_one_more(request, now, headers) {
            return ApiError::too_many_requests().to_reply();
        }
        let Some(route) = route else {
            return ApiError::plain(404, "Not Found").to_reply();
        };
        self.run(route, request, now)
            .unwrap_or_else(|error| error.to_reply())
    }

    /// Whether the limits let a request through; the headers are those of the limit that is nearest.
    fn takes_one_more(&mut self, request: &Request<Vec<u8>>, now: u64, to: &mut Headers) -> bool {
        let of_writes = (request.method() != http::Method::GET).then_some(&mut self.write_bucket);
        let buckets = [Some(&mut self.bucket), of_writes].into_iter().flatten();
        let verdicts = buckets.flatten().map(|bucket| bucket.take(now));
        let nearest = verdicts.min_by_key(|verdict| (verdict.allowed, verdict.remaining));
        if let Some(verdict) = &nearest {
            limit_headers(verdict, to);
        }
        nearest.is_none_or(|verdict| verdict.allowed)
    }

    /// The file of a finished export, for as long as its link works.
    fn download(&self, file: &str, request: &Request<Vec<u8>>, now: u64) -> Reply {
        let query = request.uri().query().unwrap_or_default();
        let expires = path::pairs(query)
            .into_iter()
            .flatten()
            .find(|(name, _)| name == "expires")
            .and_then(|(_, value)| value.parse::<u64>().ok());
        let works = expires.is_some_and(|end| (now..=now.saturating_add(LINK_MS)).contains(&end));
        let id = file.split('.').next().unwrap_or_default();
        let export = self.state.jobs.get(id).and_then(|job| match &job.work {
            Work::Export(export) if job.done => Some(export),
            _ => None,
        });
        match export
            .filter(|_| works)
            .and_then(|export| export.file(self.state.users.iter()))
        {
            Some(body) => Reply {
                status: 200,
                body,
                content_type: Some("application/gzip".into()),
            },
            None => ApiError::plain(403, "Request has expired").to_reply(),
        }
    }

    fn run(
        &mut self,
        route: Route,
        request: &Request<Vec<u8>>,
        now: u64,
    ) -> Result<Reply, ApiError> {
        let raw_query = request.uri().query().unwrap_or_default();
        if raw_query.len() > MOST_QUERY {
            return Err(ApiError::plain(414, reason(414)));
        }
        let authorization = cors::text(request.headers(), "authorization");
        let grant = self.tokens.grant(authorization.as_deref(), now)?;
        let id = route.params.first().map(String::as_str);
        grant.check(route.operation.scopes, id)?;
        self.carry_out(route, request, &grant, now)
    }

    fn carry_out(
        &mut self,
        route: Route,
        request: &Request<Vec<u8>>,
        grant: &Grant,
        now: u64,
    ) -> Result<Reply, ApiError> {
        let raw_query = request.uri().query().unwrap_or_default();
        let pairs = path::pairs(raw_query)
            .ok_or_else(|| ApiError::invalid_query("'The query string is not UTF-8'"))?;
        let lag = self.config.search_lag_ms;
        self.state.users.tell_time(now, lag);
        self.state.run_due_jobs(now);
        let query = Query(validate::query(route.operation.query, &pairs)?);
        let content_type = cors::text(request.headers(), "content-type").unwrap_or_default();
        let body = body::read(route.handler.body, &content_type, request.body())?;
        let call = Call {
            path: route.params,
            query,
            body,
            raw_body: request.body(),
            content_type: &content_type,
            custom_domain: cors::text(request.headers(), "auth0-custom-domain"),
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

fn below_base(segments: &[String]) -> Option<&[String]> {
    let mut rest = segments;
    for part in BASE.split('/').skip(1) {
        let (first, after) = rest.split_first()?;
        if first != part {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

fn limit_headers(verdict: &Verdict, headers: &mut Headers) {
    headers.push(("x-ratelimit-limit", verdict.limit.to_string()));
    headers.push(("x-ratelimit-remaining", verdict.remaining.to_string()));
    headers.push(("x-ratelimit-reset", verdict.reset.to_string()));
    if let Some(seconds) = verdict.retry_after {
        headers.push(("retry-after", seconds.to_string()));
    }
}

/// Replaces what the fault replaces.
fn spoil(reply: &mut Reply, fault: &FailNext) {
    match fault.status {
        Some(429) => *reply = ApiError::too_many_requests().to_reply(),
        Some(status) => *reply = ApiError::plain(status, reason(status)).to_reply(),
        None => {}
    }
    if let Some(body) = &fault.body {
        reply.body = body.clone().into_bytes();
    }
    if let Some(content_type) = &fault.content_type {
        if fault.body.is_none() && !content_type.contains("json") {
            reply.body = b"<!doctype html><title>Not the API</title>".to_vec();
        }
        reply.content_type = Some(content_type.clone().into());
    }
}

fn response(reply: Reply, headers: Headers) -> Response<Vec<u8>> {
    let mut response = Response::new(reply.body);
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = reply
        .content_type
        .map(|value| ("content-type", value.into_owned()));
    for (name, value) in content_type.into_iter().chain(headers) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    response
}
