//! The client.

mod builder;
mod pages;

use std::rc::Rc;

use auth0_users_core::call::{PreparedRequest, Response, execute};
use auth0_users_core::config::ClientConfig;
use auth0_users_core::operations::{Method, Operation, unlisted};
use auth0_users_core::request::{Cursor, Request};
use auth0_users_core::{Code, Error, Failure, RateLimit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::JsValue;

pub use self::builder::ClientBuilder;
pub use self::pages::{Items, Page};
use crate::call_options::CallOptions;
use crate::input;

/// A typed client of the Auth0 Management API. Clones are cheap and share all state. Two clients are equal if one is a
/// clone of the other; [`with`](Self::with) returns another client.
#[derive(Clone)]
pub struct Client {
    config: Rc<ClientConfig>,
    options: Rc<CallOptions>,
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.config, &other.config) && Rc::ptr_eq(&self.options, &other.options)
    }
}

impl Eq for Client {}

impl Client {
    /// Returns a builder without any setting.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns a client with the same state and other options of calls.
    #[must_use]
    pub fn with(&self, options: CallOptions) -> Self {
        Self {
            config: Rc::clone(&self.config),
            options: Rc::new(options.with_headers_of(&self.config.defaults)),
        }
    }

    /// Returns the state of the rate limiter.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.config.limiter.state()
    }

    /// Prepares a call.
    pub(crate) fn prepare<I: Serialize + ?Sized>(
        &self,
        operation: &'static Operation,
        ids: &[&str],
        input: &I,
    ) -> Result<(PreparedRequest, Cursor), Error> {
        let mut ids = ids.iter();
        let mut request = Request::new(operation, &mut |_| {
            Ok(ids.next().copied().unwrap_or_default().to_owned())
        })?;
        let cursor = input::fill(&mut request, input, &self.options.query)?;
        Ok((self.prepared(request), cursor))
    }

    fn prepared(&self, request: Request) -> PreparedRequest {
        PreparedRequest::new(request, self.options.shared.clone(), &self.config)
    }

    /// Makes a call and decodes its response.
    pub(crate) async fn call<I: Serialize + ?Sized, O: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        ids: &[&str],
        input: &I,
    ) -> Result<O, Error> {
        let (prepared, cursor) = self.prepare(operation, ids, input)?;
        let response = execute(&self.config, &prepared, &cursor).await?;
        decode(operation, &response, &response.data)
    }

    /// Calls an endpoint below the base URL that this crate has no method for. Tokens, limits, errors and path rules are
    /// the same. `POST` and `PATCH` are not idempotent.
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
        let response = execute(&self.config, &prepared, &Cursor::First).await?;
        decode(operation, &response, &response.data)
    }

    /// Loads the first page of a list.
    pub(crate) async fn list<I: Serialize + ?Sized, T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        ids: &[&str],
        input: &I,
    ) -> Result<Page<T>, Error> {
        let (prepared, cursor) = self.prepare(operation, ids, input)?;
        Page::load(Rc::clone(&self.config), Rc::new(prepared), cursor).await
    }
}

/// Decodes a value of a response.
fn decode<T: DeserializeOwned>(
    operation: &'static Operation,
    response: &Response,
    value: &JsValue,
) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value.clone()).map_err(|error| {
        // `http.clone()` would be the engine's method.
        let http = Some(Clone::clone(&response.http));
        let mut failure = Failure::new(
            Code::Undecoded,
            operation,
            response.attempts,
            error.into(),
            http,
        );
        failure.body = response.data.clone();
        Error::Failed(failure)
    })
}
