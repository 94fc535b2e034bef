//! What a tenant is made of, chosen by whoever starts it.

use crate::faults::RandomFaults;
use crate::rate::Rate;

/// Everything that shapes a tenant; the same values give the same tenant.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many users to make up.
    pub users: usize,
    /// Decides every made-up value and every later identifier.
    pub seed: u64,
    /// Where links in answers lead, such as tickets and downloads.
    pub origin: String,
    /// Tokens that are accepted from the start.
    pub tokens: Vec<Token>,
    /// Applications that can ask `/oauth/token` for a token.
    pub clients: Vec<Client>,
    /// A token bucket over all requests of the API; without one nothing is limited.
    pub rate: Option<Rate>,
    /// A second token bucket, over all requests that are not `GET`.
    pub write_rate: Option<Rate>,
    /// The custom domains of the tenant: with several of them, whoever creates a user has to name one.
    pub custom_domains: Vec<String>,
    /// Whether a full last page has a `next` as well, which leads to an empty page.
    pub empty_last_page: bool,
    /// How many matches a search can reach; `None` lifts the cap.
    pub search_cap: Option<usize>,
    /// How long searches do not know of a change.
    pub search_lag_ms: u64,
    /// The values of `search_engine` that this tenant accepts.
    pub search_engines: Vec<String>,
    /// Whether a recovery code is given to a user without any enrollment, or refused with 404.
    pub recovery_code_without_enrollment: bool,
    /// How long a job takes, unless it is looked at often enough before.
    pub job_ms: u64,
    /// The look at which a job is done, however early it comes.
    pub job_polls: u32,
    /// How long deleted sessions and tokens can still be seen.
    pub deletion_delay_ms: u64,
    /// Whether brute-force protection is on.
    pub brute_force_protection: bool,
    /// How long every answer takes at least.
    pub latency_ms: u64,
    /// Faults that strike by chance from the start.
    pub faults: Option<RandomFaults>,
    /// How many requests the journal remembers.
    pub journal: usize,
}

/// A bearer token and what it may do.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text after `Bearer `.
    pub value: String,
    /// Scopes it carries; `None` means every scope.
    pub scopes: Option<Vec<String>>,
    /// The user it was issued to: `*current_user*` scopes reach this user only.
    pub subject: Option<String>,
    /// When it expires, in milliseconds since the epoch.
    pub expires_at_ms: Option<u64>,
}

impl Token {
    /// A token with every scope that never expires.
    pub fn with_every_scope(value: impl Into<String>) -> Self {
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
    /// Its `client_id`.
    pub id: String,
    /// Its `client_secret`; an empty one lets nobody in.
    pub secret: String,
    /// The public half of its RSA key as PEM, with which its assertions are checked.
    pub public_key_pem: Option<String>,
    /// Scopes it was granted; `None` means every scope.
    pub scopes: Option<Vec<String>>,
    /// How long its tokens live, in seconds.
    pub token_seconds: u64,
}

impl Client {
    /// The application that a tenant has unless it is told otherwise.
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
            tokens: vec![Token::with_every_scope("tenant-demo-token")],
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
