//! From JavaScript's arguments to a request, and from an error to JavaScript's.

use alloc::{rc::Rc, string::String};

use auth0_users_core::{
    Code, Error, Limiter,
    call::Prepared,
    engine,
    operations::{Operation, unlisted},
    request::{Request, Turn, push_number},
    settings::{CallOptions, Settings, Token},
    transport::{Signals, cache_mode},
};
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Response};

#[wasm_bindgen(raw_module = "../../client/client-options.ts")]
extern "C" {
    /// The options of the constructor, checked.
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
    #[wasm_bindgen(method, getter, js_name = requestsPerSecond)]
    fn requests_per_second(this: &ClientOptions) -> Option<f64>;
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
    fn locate(error: &JsValue, operation: &str, site: &JsValue) -> JsValue;
}

#[wasm_bindgen(raw_module = "../../client/errors.ts")]
extern "C" {
    fn failure(
        phrase: &str,
        code: &str,
        operation: &str,
        attempts: u32,
        retry_after_ms: Option<f64>,
        body: &JsValue,
        cause: &JsValue,
        response: Option<&Response>,
        request_id: &JsValue,
        aside: &JsValue,
        own_code: Option<&str>,
        until_ms: f64,
        site: &JsValue,
    ) -> JsValue;
}

#[wasm_bindgen(raw_module = "../../client/engine.ts")]
extern "C" {
    #[wasm_bindgen(catch, js_name = abortController)]
    fn abort_controller() -> Result<Option<AbortController>, JsValue>;
}

/// The error of a call of `operation` from `site`, as JavaScript gets it.
pub(super) fn error(
    error: Error,
    operation: &str,
    prepared: Option<&Prepared>,
    site: &JsValue,
) -> JsValue {
    let none = JsValue::UNDEFINED;
    match error {
        Error::Invalid(message) => locate(&invalid_argument(&message), operation, site),
        Error::Caller(value) => locate(&value, operation, site),
        Error::Failed(f) => {
            let (code, phrase) = (f.code.as_str(), f.phrase());
            let response = f.response.as_ref();
            let request_id = response.map_or(JsValue::UNDEFINED, engine::request_id);
            failure(
                phrase,
                code,
                f.operation,
                f.attempts,
                f.retry_after_ms,
                &f.body,
                &f.cause,
                response,
                &request_id,
                prepared.map_or(&none, |prepared| &prepared.aside),
                f.own_code.map(Code::as_str),
                prepared.map_or(f64::INFINITY, |prepared| prepared.until_ms),
                site,
            )
        }
        // There are no others; the enum may grow for its users in Rust.
        _ => none,
    }
}

/// Reads the options of the constructor.
pub(super) fn settings(options: &JsValue, forget: &JsValue) -> Result<Settings, JsValue> {
    let options =
        client_options(options, env!("CARGO_PKG_VERSION"), forget)?.ok_or(JsValue::UNDEFINED)?;
    let defaults = call_options(&options.call());
    let token = Token::new(token_of(&options)?.unwrap_or_default())
        .map_err(|refusal| error(refusal, "", None, &JsValue::UNDEFINED))?;
    Ok(Settings {
        base_url: options.base_url(),
        token,
        fetch: options.fetch(),
        credentials: options.credentials(),
        csrf: options.csrf(),
        custom_domain: options.custom_domain(),
        observers: options.observers(),
        defaults,
        limiter: Limiter::new(options.requests_per_second()),
        cache: cache_mode(),
        new_abort_controller: || abort_controller().ok().flatten(),
        signals: Signals::default(),
    })
}

/// What a call of `operation` was given: its identifiers, and the rest.
pub(super) fn prepare(
    settings: &Settings,
    operation: &'static Operation,
    given: &Array,
    arguments: CallArguments,
) -> Result<(Rc<Prepared>, Turn), Error> {
    let mut place = 0_u32;
    let request = Request::new(operation, &mut |name| {
        let value = given.get(place);
        // The id of an identity comes after that of its user.
        let id = if name == "user_id" && place > 0 {
            text_or_number(name, &value)
        } else {
            text(name, &value)
        };
        place = place.saturating_add(1);
        id
    })?;
    prepared(settings, request, arguments)
}

/// What a call of an endpoint that is not in the table was given.
pub(super) fn prepare_unlisted(
    settings: &Settings,
    arguments: CallArguments,
) -> Result<(Rc<Prepared>, Turn), Error> {
    let operation = unlisted(&arguments.method())
        .ok_or_else(|| Error::invalid("method", "must be GET, POST, PUT, PATCH or DELETE"))?;
    let mut request = Request::new(operation, &mut |name| Ok(String::from(name)))?;
    let path = arguments.path();
    for place in 0..path.length() {
        request.push_segment("path", &text_or_number("path", &path.get(place))?)?;
    }
    prepared(settings, request, arguments)
}

/// What a lone surrogate becomes in a text of Rust.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// The largest integer that is none other.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// The text of an identifier. A lone surrogate would come out as another character, and so as
/// another identifier.
fn text(name: &str, value: &JsValue) -> Result<String, Error> {
    let has_replacement = |text: &str| text.as_bytes().windows(3).any(|at| at == REPLACEMENT);
    let is_same = |text: &String| !has_replacement(text) || JsValue::from_str(text) == *value;
    let text = value.as_string().filter(is_same);
    text.ok_or_else(|| Error::invalid(name, "must be a non-empty string"))
}

/// The text of an identifier that the API itself gives as a number in places, as it does that of an identity.
fn text_or_number(name: &str, value: &JsValue) -> Result<String, Error> {
    match value.as_f64() {
        Some(number) if (0.0..=LARGEST).contains(&number) && number % 1.0 == 0.0 => {
            let mut digits = String::new();
            push_number(&mut digits, number as u64);
            Ok(digits)
        }
        Some(_) => Err(Error::invalid(
            name,
            "must be a non-empty string or a safe integer that is not negative",
        )),
        None => text(name, value),
    }
}

fn prepared(
    settings: &Settings,
    mut request: Request,
    arguments: CallArguments,
) -> Result<(Rc<Prepared>, Turn), Error> {
    request.add_encoded(&arguments.query());
    request.per_page = arguments.per_page();
    request.body = arguments.body();
    let turn = match (arguments.page(), arguments.from()) {
        (Some(page), _) => Turn::Page(page),
        (None, Some(place)) => Turn::From(place),
        (None, None) => Turn::First,
    };
    let mut prepared = Prepared::new(request, call_options(&arguments), settings);
    prepared.aside = arguments.into();
    Ok((Rc::new(prepared), turn))
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
