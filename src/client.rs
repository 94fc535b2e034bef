//! The client for Rust programs.

mod pages;

use std::rc::Rc;

use auth0_users_core::{
    Code, Error, Failure, Limiter, RateLimit,
    call::{Prepared, Reply, execute},
    engine::{self, concat},
    operations::{Method, Operation, unlisted},
    request::{Request, Turn},
    settings::{Settings, Token},
    transport::{Signals, cache_mode},
};
use js_sys::{Function, Object};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Url};

use crate::{CallOptions, input};

pub use pages::{Items, Page};

/// The Auth0 Management API, typed. Cheap to clone; clones share everything. Two are equal if they are
/// clones of one another; one of [`with`](Self::with) is not.
#[derive(Clone)]
pub struct Client {
    settings: Rc<Settings>,
    options: Rc<CallOptions>,
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.settings, &other.settings) && Rc::ptr_eq(&self.options, &other.options)
    }
}

impl Eq for Client {}

/// Collects what a [`Client`] needs.
#[derive(Clone, Default)]
pub struct ClientBuilder {
    domain: Option<String>,
    base_url: Option<String>,
    token: Option<String>,
    token_source: Option<Function>,
    fetch: Option<Function>,
    observers: Object,
    requests_per_second: Option<f64>,
    credentials: Option<String>,
    csrf: Option<Function>,
    dangerously_allow_http: bool,
    options: CallOptions,
}

impl ClientBuilder {
    /// The tenant, such as `tenant.eu.auth0.com`.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        self.domain = Some(domain.to_owned());
        self
    }

    /// The whole base in place of a domain, such as `https://host/api/v2`; in a web page it may be
    /// relative to it.
    #[must_use]
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Some(url.to_owned());
        self
    }

    /// The access token. Without one, whoever stands behind the base URL has to add it.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// A JavaScript function that gives an access token, or a promise of one, for each request. It
    /// is called with the token that the server refused, if it did, and once more for that call; and
    /// with a signal that is aborted when the call no longer waits for the token.
    #[must_use]
    pub fn token_source(mut self, source: Function) -> Self {
        self.token_source = Some(source);
        self
    }

    /// A JavaScript function in place of the global `fetch`.
    #[must_use]
    pub fn fetch(mut self, fetch: Function) -> Self {
        self.fetch = Some(fetch);
        self
    }

    /// How a page treats cookies: `omit`, `same-origin` as fetch does by default, or `include`, which
    /// a proxy on another origin needs.
    #[must_use]
    pub fn credentials(mut self, credentials: &str) -> Self {
        self.credentials = Some(credentials.to_owned());
        self
    }

    /// A JavaScript function that gives what a proxy wants to see with each change, or a promise of
    /// it; sent as `x-csrf-token`. It is asked once more, with what was refused, after a refusal with
    /// `invalid_csrf_token`.
    #[must_use]
    pub fn csrf(mut self, csrf: Function) -> Self {
        self.csrf = Some(csrf);
        self
    }

    /// Sends a token over plain `http` to any host. Without it only loopback is accepted: `localhost` and
    /// names below it, `127.0.0.0/8` and `[::1]`. On a network, the token can be read on its way.
    #[must_use]
    pub fn dangerously_allow_http(mut self, allow: bool) -> Self {
        self.dangerously_allow_http = allow;
        self
    }

    /// How many requests per second to begin with where the server's limit cannot be read, as from a
    /// page to another origin; 2 by default. Each answer makes it a little more, a refusal halves it.
    #[must_use]
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// A JavaScript function that is told what happens: as `onRequest`, `onResponse`, `onRetry` or
    /// `onRateLimit`, each with an object that says what it is about, without personal data.
    #[must_use]
    pub fn observer(mut self, name: &str, observer: &Function) -> Self {
        // Not written: a clone may have it too.
        self.observers = Object::assign(&Object::new(), &self.observers);
        engine::set(&self.observers, name, observer);
        self
    }

    /// What every call does where it does not say otherwise.
    #[must_use]
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The client; fails with [`Error::Invalid`] when something is missing or malformed.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = match (&self.base_url, &self.domain) {
            (Some(url), _) => base_of_url(url)?,
            (None, Some(domain)) => base_of_domain(domain)?,
            (None, None) => {
                return Err(Error::invalid(
                    "domain",
                    "is required, or base_url in its place",
                ));
            }
        };
        let token = match (self.token, self.token_source) {
            (Some(token), _) => Token::new(token.into())?,
            (None, Some(source)) => Token::Supplied(source),
            (None, None) => Token::Elsewhere,
        };
        if !matches!(token, Token::Elsewhere) && !self.dangerously_allow_http && is_plain(&base_url)
        {
            let fault = "must be https, since a token is sent there; http is only for loopback, or with \
                         dangerously_allow_http(true)";
            return Err(Error::invalid("base_url", fault));
        }
        let fetch = self.fetch.map_or(JsValue::UNDEFINED, JsValue::from);
        let options = Rc::new(self.options.clone());
        let settings = Settings {
            base_url,
            token,
            fetch,
            credentials: self.credentials.map(JsValue::from),
            csrf: self.csrf.map(JsValue::from),
            custom_domain: None,
            observers: Some(self.observers.into()),
            defaults: self.options.shared,
            limiter: Limiter::new(self.requests_per_second),
            cache: cache_mode(),
            new_abort_controller: || AbortController::new().ok(),
            signals: Signals::default(),
        };
        Ok(Client {
            settings: Rc::new(settings),
            options,
        })
    }
}

fn base_of_domain(domain: &str) -> Result<String, Error> {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
    if domain.is_empty() || !domain.bytes().all(is_host) {
        let fault =
            "must be a host name such as \"tenant.eu.auth0.com\", without a scheme or a path";
        return Err(Error::invalid("domain", fault));
    }
    Ok(concat(&["https://", domain, "/api/v2"]))
}

/// The base URL, resolved against the page's own address where there is one.
fn base_of_url(url: &str) -> Result<String, Error> {
    let page = engine::get(&engine::get(&js_sys::global(), "location"), "href").as_string();
    let url = match page {
        Some(page) => Url::new_with_base(url, &page),
        None => Url::new(url),
    };
    let url =
        url.map_err(|_| Error::invalid("base_url", "must be an absolute URL outside a web page"))?;
    let base = url.href();
    if !base.starts_with("http") || base.contains(['?', '#', '@']) {
        let fault = "must be an http or https URL without a query, a fragment or a user name";
        return Err(Error::invalid("base_url", fault));
    }
    Ok(base.trim_end_matches('/').to_owned())
}

/// Would a token that is sent to this URL, as the engine writes URLs, cross a network as plain text?
fn is_plain(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let is_ipv4 = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_loopback = host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || (is_ipv4 && host.starts_with("127."));
    !is_loopback
}

impl Client {
    /// Starts with nothing set.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The same client, whose calls go by these options.
    #[must_use]
    pub fn with(&self, options: CallOptions) -> Self {
        Self {
            settings: Rc::clone(&self.settings),
            options: Rc::new(options.with_headers_of(&self.settings.defaults)),
        }
    }

    /// What is known about the server's limit.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.settings.limiter.state()
    }

    /// What a call of `operation` is given, and the page that it asks for.
    pub(crate) fn prepare<I: Serialize + ?Sized>(
        &self,
        operation: &'static Operation,
        ids: &[&str],
        input: &I,
    ) -> Result<(Prepared, Turn), Error> {
        let mut ids = ids.iter();
        let mut request = Request::new(operation, &mut |_| {
            Ok(ids.next().copied().unwrap_or_default().to_owned())
        })?;
        let turn = input::fill(&mut request, input, &self.options.query)?;
        Ok((self.prepared(request), turn))
    }

    fn prepared(&self, request: Request) -> Prepared {
        Prepared::new(request, self.options.shared.clone(), &self.settings)
    }

    /// Makes a call and decodes its answer.
    pub(crate) async fn call<I: Serialize + ?Sized, O: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        ids: &[&str],
        input: &I,
    ) -> Result<O, Error> {
        let (prepared, turn) = self.prepare(operation, ids, input)?;
        let reply = execute(&self.settings, &prepared, &turn).await?;
        decode(operation, &reply, &reply.data)
    }

    /// Calls an endpoint that is not modelled yet, below the base URL and nowhere else: the same
    /// token, limits, errors and path rules. `POST` and `PATCH` are sent once.
    pub async fn request<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> Result<T, Error> {
        let operation = unlisted(method.as_str())
            .ok_or_else(|| Error::invalid("method", "is not one that the API has"))?;
        let mut request = Request::new(operation, &mut |_| Ok(String::new()))?;
        for segment in path {
            request.push_segment("path", segment)?;
        }
        for (name, value) in &self.options.query {
            request.push_query(name, value);
        }
        request.body = body.map(|body| body.to_string().into());
        let prepared = self.prepared(request);
        let reply = execute(&self.settings, &prepared, &Turn::First).await?;
        decode(operation, &reply, &reply.data)
    }

    /// Loads the first page of a list that a call of `operation` gives.
    pub(crate) async fn list<I: Serialize + ?Sized, T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        ids: &[&str],
        input: &I,
    ) -> Result<Page<T>, Error> {
        let (prepared, turn) = self.prepare(operation, ids, input)?;
        Page::load(Rc::clone(&self.settings), Rc::new(prepared), turn).await
    }
}

/// Decodes a value out of an answer.
fn decode<T: DeserializeOwned>(
    operation: &Operation,
    reply: &Reply,
    value: &JsValue,
) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value.clone()).map_err(|error| {
        // Not `.clone()`, which would be the engine's.
        let response = Some(Clone::clone(&reply.response));
        let mut failure = Failure::new(
            Code::Undecoded,
            operation.name,
            reply.attempts,
            error.into(),
            response,
        );
        failure.body = reply.data.clone();
        Error::Failed(failure)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_over_http_to_loopback_only() {
        for url in [
            "https://host/api/v2",
            "http://localhost/api/v2",
            "http://localhost:3000/api/v2",
            "http://a.localhost:80",
            "http://127.0.0.1:8787/api/v2",
            "http://127.255.0.9",
            "http://[::1]/x",
            "http://[::1]:80/x",
        ] {
            assert!(!is_plain(url), "{url}");
        }
        for url in [
            "http://host/api/v2",
            "http://localhost.evil.example/",
            "http://evil.example/.localhost",
            "http://evil.example:80/localhost",
            "http://127.0.0.1.evil.example",
            "http://127.evil.example",
            "http://128.0.0.1",
            "http://0.0.0.0",
            "http://[::2]:80",
            "http://notlocalhost",
        ] {
            assert!(is_plain(url), "{url}");
        }
    }

    #[test]
    fn a_domain_is_a_host_and_nothing_else() {
        let expected = "https://tenant.eu.auth0.com/api/v2";
        assert_eq!(base_of_domain("tenant.eu.auth0.com").unwrap(), expected);
        for wrong in [
            "",
            "https://t.auth0.com",
            "t.auth0.com/",
            "t.auth0.com?x",
            "a#b",
            "u@host",
            "a b",
            "t\n",
        ] {
            assert!(base_of_domain(wrong).is_err(), "{wrong:?}");
        }
    }
}
