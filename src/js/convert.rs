//! From JavaScript's arguments to a request, and from an error to JavaScript's.

use alloc::{rc::Rc, string::String};

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response};

use crate::{
    call::Prepared,
    error::Error,
    limiter::Limiter,
    operations::{Operation, unlisted},
    request::{Request, Turn},
    settings::{CallOptions, Settings, checked_token},
};

#[wasm_bindgen(module = "/src/js/options.js")]
extern "C" {
    /// The options of the constructor, checked.
    type ClientOptions;
    #[wasm_bindgen(catch, js_name = clientOptions)]
    fn client_options(options: &JsValue, version: &str) -> Result<ClientOptions, JsValue>;
    #[wasm_bindgen(method, getter, js_name = baseUrl)]
    fn base_url(this: &ClientOptions) -> String;
    #[wasm_bindgen(method, getter)]
    fn fetch(this: &ClientOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn credentials(this: &ClientOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn csrf(this: &ClientOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = customDomain)]
    fn custom_domain(this: &ClientOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn observers(this: &ClientOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = requestsPerSecond)]
    fn requests_per_second(this: &ClientOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn call(this: &ClientOptions) -> CallArguments;
}

#[wasm_bindgen(module = "/src/js/arguments.js")]
extern "C" {
    /// The arguments of a call, checked.
    type CallArguments;
    #[wasm_bindgen(js_name = callArguments)]
    fn call_arguments(
        operation: &str,
        kind: &str,
        required: &str,
        optional: &str,
        input: &JsValue,
        options: &JsValue,
        default_headers: &JsValue,
    ) -> CallArguments;
    #[wasm_bindgen(js_name = unlistedArguments)]
    fn unlisted_arguments(
        what: &JsValue,
        options: &JsValue,
        default_headers: &JsValue,
    ) -> CallArguments;
    #[wasm_bindgen(method, getter)]
    fn refused(this: &CallArguments) -> bool;
    #[wasm_bindgen(method, getter)]
    fn reason(this: &CallArguments) -> JsValue;
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
}

#[wasm_bindgen(module = "/src/js/tokens.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = tokenOf)]
    fn token_of(options: &ClientOptions) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/js/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = invalidArgument)]
    fn invalid_argument(message: &str) -> JsValue;
    #[wasm_bindgen(js_name = callSite)]
    pub(super) fn call_site() -> JsValue;
    // What a caller's own fetch gave may throw when it is read.
    #[wasm_bindgen(catch)]
    fn failure(
        phrase: &str,
        code: &str,
        operation: &str,
        attempts: u32,
        retry_after_ms: Option<f64>,
        body: &JsValue,
        cause: &JsValue,
        response: Option<&Response>,
        aside: &JsValue,
        site: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

/// The error of a call from `site`, as JavaScript gets it.
pub(super) fn error(error: Error, aside: &JsValue, site: &JsValue) -> JsValue {
    match error {
        Error::Invalid(message) => invalid_argument(&message),
        Error::Caller(value) => value,
        Error::Failed(f) => {
            let (code, phrase) = f.code.describe();
            let response = f.response.as_ref();
            failure(
                phrase,
                code,
                f.operation,
                f.attempts,
                f.retry_after_ms,
                &f.body,
                &f.cause,
                response,
                aside,
                site,
            )
            .unwrap_or_else(|thrown| thrown)
        }
    }
}

/// Reads the options of the constructor.
pub(super) fn settings(options: &JsValue) -> Result<Settings, JsValue> {
    let options = client_options(options, env!("CARGO_PKG_VERSION"))?;
    let defaults = call_options(&options.call());
    let token = token_of(&options)?;
    if token.is_string() {
        let none = JsValue::UNDEFINED;
        checked_token("token", &token).map_err(|refusal| error(refusal, &none, &none))?;
    }
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
    })
}

/// Reads what a call of `operation` was given: identifiers, its input if it takes one, and options.
pub(super) fn prepare(
    settings: &Settings,
    operation: &'static Operation,
    given: &Array,
) -> Result<(Rc<Prepared>, Turn), Error> {
    let request = Request::new(operation, &mut |name| text(name, &given.shift()))?;
    let kind = operation.input.kind();
    let (required, optional) = operation.input.query();
    let input = if kind.is_empty() {
        JsValue::UNDEFINED
    } else {
        given.shift()
    };
    let (name, headers) = (operation.name, &settings.defaults.headers);
    let arguments = call_arguments(
        name,
        kind,
        required,
        optional,
        &input,
        &given.shift(),
        headers,
    );
    prepared(settings, request, arguments)
}

/// Reads what a call of an endpoint that is not in the table was given.
pub(super) fn prepare_unlisted(
    settings: &Settings,
    what: &JsValue,
    options: &JsValue,
) -> Result<(Rc<Prepared>, Turn), Error> {
    let arguments = unlisted_arguments(what, options, &settings.defaults.headers);
    if arguments.refused() {
        return Err(Error::Caller(arguments.reason()));
    }
    let operation = unlisted(&arguments.method())
        .ok_or_else(|| Error::invalid("method", "must be GET, POST, PUT, PATCH or DELETE"))?;
    let mut request = Request::new(operation, &mut |name| Ok(String::from(name)))?;
    let path = arguments.path();
    for place in 0..path.length() {
        request.push_segment("path", &text("path", &path.get(place))?)?;
    }
    prepared(settings, request, arguments)
}

/// The text of an identifier. A lone surrogate would come out as another character, and so as
/// another identifier.
fn text(name: &str, value: &JsValue) -> Result<String, Error> {
    let text = value
        .as_string()
        .filter(|text| JsValue::from_str(text) == *value);
    text.ok_or_else(|| Error::invalid(name, "must be a non-empty string"))
}

fn prepared(
    settings: &Settings,
    mut request: Request,
    arguments: CallArguments,
) -> Result<(Rc<Prepared>, Turn), Error> {
    if arguments.refused() {
        return Err(Error::Caller(arguments.reason()));
    }
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
        #[cfg(feature = "rust")]
        query: Default::default(),
    }
}
