//! Converts options and arguments from JavaScript, and errors to JavaScript.

use alloc::rc::Rc;
use alloc::string::String;

use auth0_users_core::call::PreparedRequest;
use auth0_users_core::config::{CallOptions, ClientConfig, TokenSource};
use auth0_users_core::operations::{Operation, unlisted};
use auth0_users_core::request::{Cursor, Request, push_number};
use auth0_users_core::transport::cache_mode;
use auth0_users_core::{Code, Error, RateLimiter, Signals, engine};
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Response};

#[wasm_bindgen(raw_module = "../../client/client-options.ts")]
extern "C" {
    /// The checked options of the constructor.
    type ClientOptions;
    #[wasm_bindgen(catch, js_name = clientOptions)]
    fn client_options(
        options: &JsValue,
        version: &str,
        forget: &JsValue,
    ) -> Result<Option<ClientOptions>, JsValue>;
    #[wasm_bindgen(method, getter, js_name = baseUrl)]
    fn base_url(this: &ClientOptions) -> String;
    #[wasm_bindgen(method, getter)]
    fn fetch(this: &ClientOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn credentials(this: &ClientOptions) -> Option<JsValue>;
    #[wasm_bindgen(method, getter)]
    fn csrf(this: &ClientOptions) -> Option<JsValue>;
    #[wasm_bindgen(method, getter, js_name = customDomain)]
    fn custom_domain(this: &ClientOptions) -> Option<JsValue>;
    #[wasm_bindgen(method, getter)]
    fn observers(this: &ClientOptions) -> Option<JsValue>;
    #[wasm_bindgen(method, getter, js_name = fallbackRequestsPerSecond)]
    fn fallback_requests_per_second(this: &ClientOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn call(this: &ClientOptions) -> CallArguments;
}

#[wasm_bindgen]
extern "C" {
    /// The arguments of a call, checked by `arguments.js`.
    pub type CallArguments;
    #[wasm_bindgen(method, getter)]
    fn method(this: &CallArguments) -> String;
    #[wasm_bindgen(method, getter)]
    fn path(this: &CallArguments) -> Array;
    #[wasm_bindgen(method, getter)]
    fn query(this: &CallArguments) -> String;
    #[wasm_bindgen(method, getter)]
    fn from(this: &CallArguments) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn page(this: &CallArguments) -> Option<u32>;
    #[wasm_bindgen(method, getter, js_name = perPage)]
    fn per_page(this: &CallArguments) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn body(this: &CallArguments) -> Option<JsValue>;
    #[wasm_bindgen(method, getter, js_name = timeoutMs)]
    fn timeout_ms(this: &CallArguments) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = deadlineMs)]
    fn deadline_ms(this: &CallArguments) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = maxRetries)]
    fn max_retries(this: &CallArguments) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &CallArguments) -> Option<AbortSignal>;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &CallArguments) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = beforeRequest)]
    fn before_request(this: &CallArguments) -> Option<Function>;
}

#[wasm_bindgen(raw_module = "../../client/tokens.ts")]
extern "C" {
    #[wasm_bindgen(catch, js_name = tokenOf)]
    fn token_of(options: &ClientOptions) -> Result<Option<JsValue>, JsValue>;
}

#[wasm_bindgen(raw_module = "../../client/argument-errors.ts")]
extern "C" {
    #[wasm_bindgen(js_name = invalidArgument)]
    fn invalid_argument(message: &str) -> JsValue;
    fn locate(error: &JsValue, operation: &JsValue, call_site: &JsValue) -> JsValue;
}

#[wasm_bindgen(raw_module = "../../client/operation-names.ts")]
extern "C" {
    /// Returns the name of an operation by its index in the table.
    #[wasm_bindgen(js_name = operationName)]
    pub(super) fn operation_name(index: usize) -> JsValue;
}

#[wasm_bindgen(raw_module = "../../client/errors.ts")]
extern "C" {
    fn failure(
        phrase: &str,
        code: &str,
        operation: &JsValue,
        attempts: u32,
        retry_after_ms: Option<f64>,
        body: &JsValue,
        cause: &JsValue,
        response: Option<&Response>,
        request_id: &JsValue,
        js_context: &JsValue,
        settled_code: Option<&str>,
        until_ms: f64,
        call_site: &JsValue,
    ) -> JsValue;
}

#[wasm_bindgen(raw_module = "../../client/engine.ts")]
extern "C" {
    #[wasm_bindgen(catch, js_name = abortController)]
    fn abort_controller() -> Result<Option<AbortController>, JsValue>;
}

/// Converts the error of a call. `call_site` is an `Error` made by the method that was called.
pub(super) fn error(
    error: Error,
    operation: &JsValue,
    prepared: Option<&PreparedRequest>,
    call_site: &JsValue,
) -> JsValue {
    let none = JsValue::UNDEFINED;
    match error {
        Error::Invalid(message) => locate(&invalid_argument(&message), operation, call_site),
        Error::Caller(value) => locate(&value, operation, call_site),
        Error::Failed(f) => {
            let (code, phrase) = (f.code.as_str(), f.phrase());
            let response = f.response.as_ref();
            let request_id = response.map_or(JsValue::UNDEFINED, engine::request_id);
            failure(
                phrase,
                code,
                operation,
                f.attempts,
                f.retry_after_ms,
                &f.body,
                &f.cause,
                response,
                &request_id,
                prepared.map_or(&none, |prepared| &prepared.js_context),
                f.settled_code.map(Code::as_str),
                prepared.map_or(f64::INFINITY, |prepared| prepared.until_ms),
                call_site,
            )
        }
        // There are no others. The enum is non-exhaustive for Rust programs.
        _ => none,
    }
}

/// Reads the options of the constructor.
pub(super) fn config(options: &JsValue, forget: &JsValue) -> Result<ClientConfig, JsValue> {
    let options =
        client_options(options, env!("CARGO_PKG_VERSION"), forget)?.ok_or(JsValue::UNDEFINED)?;
    let defaults = call_options(&options.call());
    let token = TokenSource::new(token_of(&options)?.unwrap_or_default())
        .map_err(|refusal| error(refusal, &JsValue::UNDEFINED, None, &JsValue::UNDEFINED))?;
    Ok(ClientConfig {
        base_url: options.base_url(),
        token,
        fetch: options.fetch(),
        credentials: options.credentials(),
        csrf: options.csrf(),
        custom_domain: options.custom_domain(),
        observers: options.observers(),
        defaults,
        limiter: RateLimiter::new(options.fallback_requests_per_second()),
        cache: cache_mode(),
        operation_name: |operation| operation_name(operation.index()),
        new_abort_controller: || abort_controller().ok().flatten(),
        signals: Signals::default(),
    })
}

/// Prepares a call of an operation.
pub(super) fn prepare(
    config: &ClientConfig,
    operation: &'static Operation,
    ids: &Array,
    arguments: CallArguments,
) -> Result<(Rc<PreparedRequest>, Cursor), Error> {
    let mut index = 0_u32;
    let request = Request::new(operation, &mut |name| {
        let id = ids.get(index);
        // The id of an identity comes after that of its user.
        let id = if name == "user_id" && index > 0 {
            string_or_integer_id(name, &id)
        } else {
            string_id(name, &id)
        };
        index = index.saturating_add(1);
        id
    })?;
    prepared(config, request, arguments)
}

/// Prepares a call of an endpoint that the table does not list.
pub(super) fn prepare_unlisted(
    config: &ClientConfig,
    arguments: CallArguments,
) -> Result<(Rc<PreparedRequest>, Cursor), Error> {
    let operation = unlisted(&arguments.method())
        .ok_or_else(|| Error::invalid("method", "must be GET, POST, PUT, PATCH or DELETE"))?;
    let mut request = Request::new(operation, &mut |name| Ok(String::from(name)))?;
    let path = arguments.path();
    for index in 0..path.length() {
        request.push_segment("path", &string_or_integer_id("path", &path.get(index))?)?;
    }
    prepared(config, request, arguments)
}

/// What a lone surrogate becomes in a Rust string.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// The largest safe integer.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Returns an id. A lone surrogate is refused: it would become another character, and so another id.
fn string_id(name: &str, id: &JsValue) -> Result<String, Error> {
    let has_replacement = |text: &str| text.as_bytes().windows(3).any(|at| at == REPLACEMENT);
    let is_same = |text: &String| !has_replacement(text) || JsValue::from_str(text) == *id;
    let text = id.as_string().filter(is_same);
    text.ok_or_else(|| Error::invalid(name, "must be a non-empty string"))
}

/// Returns an id that may be an integer, as the API returns some ids of identities.
fn string_or_integer_id(name: &str, id: &JsValue) -> Result<String, Error> {
    match id.as_f64() {
        Some(number) if (0.0..=MAX_SAFE_INTEGER).contains(&number) && number % 1.0 == 0.0 => {
            let mut digits = String::new();
            push_number(&mut digits, number as u64);
            Ok(digits)
        }
        Some(_) => Err(Error::invalid(
            name,
            "must be a non-empty string or a safe integer that is not negative",
        )),
        None => string_id(name, id),
    }
}

fn prepared(
    config: &ClientConfig,
    mut request: Request,
    arguments: CallArguments,
) -> Result<(Rc<PreparedRequest>, Cursor), Error> {
    request.add_encoded(&arguments.query());
    request.per_page = arguments.per_page();
    request.body = arguments.body();
    let cursor = match (arguments.page(), arguments.from()) {
        (Some(page), _) => Cursor::Page(page),
        (None, Some(checkpoint)) => Cursor::Checkpoint(checkpoint),
        (None, None) => Cursor::First,
    };
    let mut prepared = PreparedRequest::new(request, call_options(&arguments), config);
    prepared.js_context = arguments.into();
    Ok((Rc::new(prepared), cursor))
}

fn call_options(arguments: &CallArguments) -> CallOptions {
    CallOptions {
        timeout_ms: arguments.timeout_ms(),
        deadline_ms: arguments.deadline_ms(),
        max_retries: arguments.max_retries(),
        signal: arguments.signal(),
        headers: arguments.headers(),
        before_request: arguments.before_request(),
    }
}
