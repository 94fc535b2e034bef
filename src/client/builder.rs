//! The builder of the client.

use std::rc::Rc;

use auth0_users_core::config::{ClientConfig, TokenSource};
use auth0_users_core::engine::{self, concat};
use auth0_users_core::transport::cache_mode;
use auth0_users_core::{Error, RateLimiter, Signals};
use js_sys::{Function, Object};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Url};

use super::Client;
use crate::call_options::CallOptions;

/// Builds a [`Client`].
#[derive(Clone, Default)]
pub struct ClientBuilder {
    domain: Option<String>,
    base_url: Option<String>,
    token: Option<String>,
    token_source: Option<Function>,
    fetch: Option<Function>,
    observers: Object,
    fallback_requests_per_second: Option<f64>,
    credentials: Option<String>,
    csrf: Option<Function>,
    dangerously_allow_http: bool,
    options: CallOptions,
}

impl ClientBuilder {
    /// Sets the domain of the tenant, such as `tenant.eu.auth0.com`.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        self.domain = Some(domain.to_owned());
        self
    }

    /// Sets the base URL instead of the domain, such as `https://host/api/v2`. In a web page it may be relative.
    #[must_use]
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Some(url.to_owned());
        self
    }

    /// Sets the access token. Without one, a proxy behind the base URL has to add it.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Sets a JavaScript function that returns an access token, or a promise of one, for each request. If the server
    /// refuses a token, the function is called with that token once more. Its second argument is a signal that is
    /// aborted when the call no longer waits for the token.
    #[must_use]
    pub fn token_source(mut self, source: Function) -> Self {
        self.token_source = Some(source);
        self
    }

    /// Replaces the global `fetch` with a JavaScript function.
    #[must_use]
    pub fn fetch(mut self, fetch: Function) -> Self {
        self.fetch = Some(fetch);
        self
    }

    /// Sets the credentials mode of requests: `omit`, `same-origin` (the default of `fetch`), or `include`, which a proxy
    /// on another origin requires.
    #[must_use]
    pub fn credentials(mut self, credentials: &str) -> Self {
        self.credentials = Some(credentials.to_owned());
        self
    }

    /// Sets a JavaScript function that returns the CSRF token for a proxy, or a promise of it. The client sends it as
    /// `x-csrf-token` with each write. After a refusal with `invalid_csrf_token`, the function is called once more with
    /// the token that was refused.
    #[must_use]
    pub fn csrf(mut self, csrf: Function) -> Self {
        self.csrf = Some(csrf);
        self
    }

    /// Allows tokens over plain `http` to any host. By default only loopback is allowed: `localhost` and its subdomains,
    /// `127.0.0.0/8` and `[::1]`. On a network, others can read the token.
    #[must_use]
    pub fn dangerously_allow_http(mut self, allow: bool) -> Self {
        self.dangerously_allow_http = allow;
        self
    }

    /// Sets the initial rate, in requests per second, where the rate-limit headers cannot be read, such as from a page
    /// on another origin; 2 by default. Each response raises it a little, and a refusal halves it.
    #[must_use]
    pub fn fallback_requests_per_second(mut self, rate: f64) -> Self {
        self.fallback_requests_per_second = Some(rate);
        self
    }

    /// Sets an observer by its name: `onRequest`, `onResponse`, `onRetry` or `onRateLimit`. The JavaScript function is
    /// called with an event that has no personal data.
    #[must_use]
    pub fn observer(mut self, name: &str, observer: &Function) -> Self {
        // A copy, since a clone of the builder may share the object.
        self.observers = Object::assign(&Object::new(), &self.observers);
        engine::set(&self.observers, name, observer);
        self
    }

    /// Sets the default options of calls.
    #[must_use]
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Builds the client; fails with [`Error::Invalid`] if something is missing or malformed.
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
            (Some(token), _) => TokenSource::new(token.into())?,
            (None, Some(source)) => TokenSource::Function(source),
            (None, None) => TokenSource::Proxy,
        };
        if !matches!(token, TokenSource::Proxy)
            && !self.dangerously_allow_http
            && is_plain(&base_url)
        {
            let fault = "must be https, since a token is sent there; http is only for loopback, or with \
                         dangerously_allow_http(true)";
            return Err(Error::invalid("base_url", fault));
        }
        let fetch = self.fetch.map_or(JsValue::UNDEFINED, JsValue::from);
        let options = Rc::new(self.options.clone());
        let config = ClientConfig {
            base_url,
            token,
            fetch,
            credentials: self.credentials.map(JsValue::from),
            csrf: self.csrf.map(JsValue::from),
            custom_domain: None,
            observers: Some(self.observers.into()),
            defaults: self.options.shared,
            limiter: RateLimiter::new(self.fallback_requests_per_second),
            cache: cache_mode(),
            operation_name: |operation| operation.name().into(),
            new_abort_controller: || AbortController::new().ok(),
            signals: Signals::default(),
        };
        Ok(Client {
            config: Rc::new(config),
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

/// Resolves a base URL against the address of the page, if there is one.
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

/// Returns whether a token that is sent to this URL would cross a network as plain text. The engine has parsed the URL.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_over_http_to_loopback_only() {
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
    fn domain_is_a_host_name() {
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
