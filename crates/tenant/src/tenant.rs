//! A tenant, and the methods with which a test controls it.

mod change;
mod control;
mod replay;
mod serve;
mod snapshot;

use http::Response;
use serde_json::Value;

use crate::auth::assertion::Assertion;
use crate::auth::tokens::Tokens;
use crate::config::{Config, Token};
use crate::faults::{FailNext, Fault, Faults, RandomFaults};
use crate::http::body;
use crate::http::journal::{Entry, Journal};
use crate::rate_limit::{Rate, TokenBucket};
use crate::seed::attach::{RelatedCounts, attach};
use crate::seed::generate::generate;
use crate::state::ids::Ids;
use crate::state::mail::Mail;
use crate::state::{Block, State};

/// A local tenant.
#[derive(Clone, Debug)]
pub struct Tenant {
    config: Config,
    state: State,
    tokens: Tokens,
    ids: Ids,
    /// For correlation ids, which are not part of a snapshot.
    correlation_ids: Ids,
    bucket: Option<TokenBucket>,
    write_bucket: Option<TokenBucket>,
    faults: Faults,
    journal: Journal,
    latency_ms: u64,
    clock_ms: u64,
    records_changes: bool,
    /// The assertion whose signature the caller has verified, for the next request.
    verified_assertion: Option<String>,
}

/// A change of the state, for callers that store the tenant in a file.
#[derive(Clone, Debug)]
pub enum Changed {
    /// A change that [`Tenant::replay`] repeats.
    Line(Vec<u8>),
    /// The whole state was replaced: only a snapshot contains it.
    Everything,
}

/// A response, and what the caller has to do with it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The response.
    pub response: Response<Vec<u8>>,
    /// How long to wait before sending the response.
    pub delay_ms: u64,
    /// The fault of the connection.
    pub fault: Fault,
    /// The change of the state, if [`Tenant::record_changes`] has been called.
    pub changed: Option<Changed>,
}

impl Tenant {
    /// Creates a tenant. The same configuration gives the same tenant.
    pub fn new(config: Config) -> Self {
        let mut ids = Ids::new(config.seed);
        let state = generate(config.users, config.seed, &mut ids);
        Self {
            state,
            tokens: Tokens::new(&config.tokens),
            correlation_ids: ids.clone(),
            ids,
            bucket: config.rate.map(TokenBucket::new),
            write_bucket: config.write_rate.map(TokenBucket::new),
            faults: Faults::new(config.faults.clone()),
            journal: Journal::new(config.journal),
            latency_ms: config.latency_ms,
            clock_ms: 0,
            records_changes: false,
            verified_assertion: None,
            config,
        }
    }

    /// Injects a fault into the next requests of the API.
    pub fn fail_next(&mut self, fault: FailNext) {
        self.faults.schedule(fault);
    }

    /// Sets the faults that are injected at random, or removes them.
    pub fn set_faults(&mut self, faults: Option<RandomFaults>) {
        self.faults.set_random(faults);
    }

    /// Sets the latency of all later responses.
    pub fn set_latency(&mut self, ms: u64) {
        self.latency_ms = ms;
    }

    /// Sets the rate limit, with a full token bucket, or removes it.
    pub fn set_rate(&mut self, rate: Option<Rate>) {
        self.bucket = rate.map(TokenBucket::new);
    }

    /// Advances the clock of the tenant.
    pub fn advance_clock(&mut self, ms: u64) {
        self.clock_ms = self.clock_ms.saturating_add(ms);
    }

    /// Calls `verify` with the assertion in the parameters of a token request, unless the tenant refuses the assertion
    /// in any case. For callers without the feature `signatures`, which verify the signature themselves.
    pub fn with_assertion<T>(
        &self,
        body: &[u8],
        now_ms: u64,
        verify: impl FnOnce(Assertion<'_>) -> T,
    ) -> Option<T> {
        let text = assertion_in(body)?;
        let now = now_ms.saturating_add(self.clock_ms);
        Assertion::read(&self.config, &text, now).map(verify)
    }

    /// Treats the signature of the assertion in a token request as verified, for the next request only.
    pub fn mark_verified(&mut self, body: &[u8]) {
        self.verified_assertion = assertion_in(body);
    }

    /// Returns the requests so far, oldest first.
    pub fn journal(&self) -> impl Iterator<Item = &Entry> {
        self.journal.iter()
    }

    /// Removes all requests from the journal.
    pub fn clear_journal(&mut self) {
        self.journal.clear();
    }

    /// Resets users, tokens, limits, faults, clock and journal to their initial state.
    pub fn reset(&mut self) {
        *self = Self {
            records_changes: self.records_changes,
            ..Self::new(self.config.clone())
        };
    }

    /// Returns the number of users.
    pub fn user_count(&self) -> usize {
        self.state.users.len()
    }

    /// Returns the names and ids of connections, roles, APIs, organizations and groups.
    pub fn directory(&self) -> Value {
        self.state.directory.to_json()
    }

    /// Returns the mails that the tenant would have sent, oldest first.
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

    /// Accepts another token.
    pub fn add_token(&mut self, token: Token) {
        self.tokens.add(token);
    }

    /// Attaches generated related resources to a user, and returns whether the user exists.
    pub fn attach(&mut self, user_id: &str, counts: RelatedCounts, now_ms: u64) -> bool {
        attach(&mut self.state, user_id, counts, now_ms, &mut self.ids)
    }

    /// Calls one of the functions of `seed::add`.
    pub(crate) fn seed<T>(&mut self, add: impl FnOnce(&mut State, &mut Ids) -> T) -> T {
        add(&mut self.state, &mut self.ids)
    }
}

/// Returns the assertion in the body of a token request.
fn assertion_in(body: &[u8]) -> Option<String> {
    match body::token_parameters(body)?
        .get_mut("client_assertion")?
        .take()
    {
        Value::String(text) => Some(text),
        _ => None,
    }
}
