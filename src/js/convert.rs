//! From JavaScript's arguments to a request, and from an error to JavaScript's.

use alloc::{string::String, vec::Vec};
use js_sys::{Array, Function, JsString, Reflect};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{AbortSignal, Response};

use crate::{
    error::Error,
    input::{self, entries, scalar, unknown},
    operations::Operation,
    request::Request,
    settings::{CallOptions, Settings, Token, checked_token, header_name},
    transport,
};

#[wasm_bindgen(module = "/src/js/face.js")]
extern "C" {
    #[wasm_bindgen(js_name = invalidArgument)]
    fn invalid_argument(message: &str) -> JsValue;
    #[allow(clippy::too_many_arguments)]
    fn failure(
        message: &str,
        code: &str,
        operation: &str,
        attempts: u32,
        status: Option<u16>,
        error_code: Option<String>,
        request_id: Option<String>,
        retry_after_ms: Option<f64>,
        body: &JsValue,
        cause: &JsValue,
        response: Option<&Response>,
    ) -> JsValue;
}

/// The error as JavaScript gets it.
pub(super) fn error(error: Error) -> JsValue {
    match error {
        Error::Invalid(message) => invalid_argument(&message),
        Error::Caller(value) => value,
        Error::Failed(f) => failure(
            &f.message(),
            f.code.as_str(),
            f.operation,
            f.attempts,
            f.status,
            f.error_code,
            f.request_id,
            f.retry_after_ms,
            &f.body,
            &f.cause,
            f.response.as_ref(),
        ),
    }
}

/// Reads what a call of `operation` was given.
pub(super) fn request(
    operation: &'static Operation,
    ids: &[&JsValue],
    input: &JsValue,
    options: &JsValue,
) -> Result<(Request, CallOptions), Error> {
    let names = operation.path.split(['{', '}']).skip(1).step_by(2);
    let ids = names
        .zip(ids)
        .map(|(name, id)| text(name, id))
        .collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut request = Request::new(operation, &ids)?;
    input::fill(&mut request, input)?;
    let options = call_options(options)?;
    request.add_query(&options.query);
    Ok((request, options))
}

fn text(name: &str, value: &JsValue) -> Result<String, Error> {
    let string = value
        .dyn_ref::<JsString>()
        .filter(|string| string.is_valid_utf16());
    string
        .map(String::from)
        .ok_or_else(|| Error::invalid(name, "must be a non-empty string"))
}

const CALL_OPTIONS: [&str; 5] = [
    "timeoutInSeconds",
    "maxRetries",
    "abortSignal",
    "headers",
    "queryParams",
];

fn call_options(value: &JsValue) -> Result<CallOptions, Error> {
    let mut options = CallOptions::default();
    for (name, value) in entries("requestOptions", value)? {
        if value.is_undefined() {
            continue;
        }
        match name.as_str() {
            "abortSignal" if value.is_null() => {}
            "abortSignal" => options.signal = Some(signal(&value)?),
            "queryParams" => options.query = query_params(&value)?,
            _ if shared_option(&mut options, &name, &value)? => {}
            _ => return Err(unknown(&name, "requestOptions", CALL_OPTIONS.iter())),
        }
    }
    Ok(options)
}

/// The options that a client and a call have in common.
fn shared_option(options: &mut CallOptions, name: &str, value: &JsValue) -> Result<bool, Error> {
    match name {
        "timeoutInSeconds" => match value.as_f64() {
            Some(seconds) if seconds > 0.0 => options.timeout_ms = Some(seconds * 1_000.0),
            _ => return Err(Error::invalid(name, "must be a positive number of seconds")),
        },
        "maxRetries" => match value.as_f64() {
            Some(n) if n >= 0.0 && f64::from(n as u32) == n => options.max_retries = Some(n as u32),
            _ => return Err(Error::invalid(name, "must be a whole number, 0 or more")),
        },
        "headers" => options.headers = headers(value)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn signal(value: &JsValue) -> Result<AbortSignal, Error> {
    let has = |name: &str| Reflect::get(value, &name.into()).unwrap_or_default();
    if value.is_object()
        && has("aborted").as_bool().is_some()
        && has("addEventListener").is_function()
    {
        Ok(value.clone().unchecked_into())
    } else {
        Err(Error::invalid("abortSignal", "must be an AbortSignal"))
    }
}

fn query_params(value: &JsValue) -> Result<Vec<(String, String)>, Error> {
    let mut pairs = Vec::new();
    for (name, value) in entries("queryParams", value)? {
        if Array::is_array(&value) {
            for item in value.unchecked_ref::<Array>().iter() {
                pairs.push((name.clone(), scalar(&name, &item)?));
            }
        } else if !value.is_undefined() && !value.is_null() {
            let text = scalar(&name, &value)?;
            pairs.push((name, text));
        }
    }
    Ok(pairs)
}

fn headers(value: &JsValue) -> Result<Vec<(String, JsValue)>, Error> {
    let mut headers = entries("headers", value)?;
    for (name, _) in &mut headers {
        *name = header_name(name)?;
    }
    Ok(headers)
}

const CLIENT_OPTIONS: [&str; 7] = [
    "domain",
    "baseUrl",
    "token",
    "headers",
    "fetch",
    "timeoutInSeconds",
    "maxRetries",
];

/// Reads the options of the constructor.
pub(super) fn settings(value: &JsValue) -> Result<Settings, Error> {
    let (mut domain, mut base_url) = (None, None);
    let mut settings = Settings {
        base_url: String::new(),
        token: Token::Absent,
        fetch: None,
        call: CallOptions::default(),
    };
    for (name, value) in entries("options", value)? {
        if value.is_undefined() {
            continue;
        }
        match name.as_str() {
            "domain" => domain = Some(text("domain", &value)?),
            "baseUrl" => base_url = Some(text("baseUrl", &value)?),
            "token" => settings.token = token(&value)?,
            "fetch" => match value.dyn_into::<Function>() {
                Ok(function) => settings.fetch = Some(function),
                Err(_) => return Err(Error::invalid("fetch", "must be a function")),
            },
            _ if shared_option(&mut settings.call, &name, &value)? => {}
            _ => return Err(unknown(&name, "ManagementClient", CLIENT_OPTIONS.iter())),
        }
    }
    settings.base_url = Settings::base(
        base_url.as_deref(),
        domain.as_deref(),
        transport::absolute_base,
    )?;
    Ok(settings)
}

fn token(value: &JsValue) -> Result<Token, Error> {
    match value.as_string() {
        Some(token) => checked_token(token).map(Token::Fixed),
        None if value.is_object() || value.is_function() => Ok(Token::Supplied(value.clone())),
        None => Err(Error::invalid(
            "token",
            "must be a string, or a function that gives one",
        )),
    }
}
