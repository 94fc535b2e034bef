//! The configuration of a tenant.

pub(crate) mod json;

use crate::faults::RandomFaults;
use crate::rate_limit::Rate;

/// The configuration of a tenant. The same values give the same tenant.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many users to generate.
    pub users: usize,
    /// The seed of generated data and of later identifiers.
    pub seed: u64,
    /// The origin of links in responses, such as tickets and downloads.
    pub origin: String,
    /// The tokens that the tenant accepts initially.
    pub tokens: Vec<Token>,
    /// The applications that can request tokens at `/oauth/token`.
    pub clients: Vec<Client>,
    /// The rate limit of all requests of the API.
    pub rate: Option<Rate>,
    /// An additional rate limit of requests other than `GET`.
    pub write_rate: Option<Rate>,
    /// The custom domains of the tenant. With several, `users.create` has to name one.
    pub custom_domains: Vec<String>,
    /// Whether a full last page has a `next` too, which leads to an empty page.
    pub empty_last_page: bool,
    /// How many matches of a search can be paged through; `None` removes the limit.
    pub search_cap: Option<usize>,
    /// How long it takes until searches see a change.
    pub search_lag_ms: u64,
    /// The values of `search_engine` that the tenant accepts.
    pub search_engines: Vec<String>,
    /// Whether a user without an enrollment gets a recovery code, or a 404.
    pub recovery_code_without_enrollment: bool,
    /// How long a job takes, unless enough polls complete it earlier.
    pub job_ms: u64,
    /// The number of the poll that completes a job.
    pub job_polls: u32,
    /// How long deleted sessions and refresh tokens remain visible.
    pub deletion_delay_ms: u64,
    /// Whether brute-force protection is on.
    pub brute_force_protection: bool,
    /// The latency of all responses.
    pub latency_ms: u64,
    /// The faults that are injected at random.
    pub faults: Option<RandomFaults>,
    /// The limit of the number of requests in the journal.
    pub journal: usize,
}

/// A bearer token and its scopes.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text after `Bearer `.
    pub value: String,
    /// The scopes of the token; `None` means all scopes.
    pub scopes: Option<Vec<String>>,
    /// The user that the token was issued to. `*current_user*` scopes apply to this user only.
    pub subject: Option<String>,
    /// When the token expires, in milliseconds since the epoch.
    pub expires_at_ms: Option<u64>,
}

impl Token {
    /// Creates a token with all scopes that does not expire.
    pub fn with_all_scopes(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            scopes: None,
            subject: None,
            expires_at_ms: None,
        }
    }
}

/// A machine-to-machine application.
#[derive(Clone, Debug)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// The `client_secret`. An empty one is never accepted.
    pub secret: String,
    /// The RSA public key as PEM, for assertions.
    pub public_key_pem: Option<String>,
    /// The scopes of the application; `None` means all scopes.
    pub scopes: Option<Vec<String>>,
    /// The lifetime of its tokens, in seconds.
    pub token_seconds: u64,
}

impl Client {
    /// Returns the application of the default configuration.
    pub fn demo() -> Self {
        Self {
            id: "tenant-demo-client".into(),
            secret: "tenant-demo-secret".into(),
            public_key_pem: None,
            scopes: None,
            token_seconds: 86_400,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            users: 300,
            seed: 1,
            origin: "https://tenant.example.com".into(),
            tokens: vec![Token::with_all_scopes("tenant-demo-token")],
            clients: vec![Client::demo()],
            rate: None,
            write_rate: None,
            custom_domains: Vec::new(),
            empty_last_page: false,
            search_cap: Some(1000),
            search_lag_ms: 0,
            search_engines: vec!["v3".into()],
            recovery_code_without_enrollment: true,
            job_ms: 1000,
            job_polls: 3,
            deletion_delay_ms: 0,
            brute_force_protection: true,
            latency_ms: 0,
            faults: None,
            journal: 100_000,
        }
    }
}
