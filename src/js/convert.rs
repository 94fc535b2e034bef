//! From JavaScript's arguments to a request, and from an error to JavaScript's.

use alloc::string::String;

use js_sys::Object;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{AbortSignal, Response};

use crate::{
    error::Error,
    input::{self, each, unknown, well_formed},
    operations::Operation,
    page,
    request::Request,
    settings::{CallOptions, Settings, Token, checked_token, header_name},
    transport,
};

#[wasm_bindgen(module = "/src/js/face.js")]
extern "C" {
    #[wasm_bindgen(js_name = invalidArgument)]
    fn invalid_argument(message: &str) -> JsValue;
    fn failure(
        phrase: &str,
        code: &str,
        operation: &str,
        attempts: u32,
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
            )
        }
    }
}

/// Reads what a call of `operation` was given.
pub(super) fn request(
    operation: &'static Operation,
    ids: &[&JsValue],
    input: &JsValue,
    options: &JsValue,
) -> Result<(Request, CallOptions), Error> {
    let mut ids = ids.iter();
    let mut request = Request::new(operation, &mut |name| {
        text(name, ids.next().unwrap_or(&&JsValue::UNDEFINED))
    })?;
    let options = call_options(options)?;
    input::fill(&mut request, input, &options.query)?;
    Ok((request, options))
}

fn text(name: &str, value: &JsValue) -> Result<String, Error> {
    well_formed(value).ok_or_else(|| Error::invalid(name, "must be a non-empty string"))
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
    each("requestOptions", value, &mut |name, value| {
        match name {
            "abortSignal" if value.is_null() => {}
            _ if value.is_undefined() => {}
            "abortSignal" => options.signal = Some(signal(value)?),
            "queryParams" => options.query = copy(name, &value)?,
            _ if shared_option(&mut options, name, &value)? => {}
            _ => return Err(unknown(name, "requestOptions", &[&CALL_OPTIONS])),
        }
        Ok(())
    })?;
    Ok(options)
}

/// A copy that stays as it is whatever becomes of the caller's object.
fn copy(name: &str, value: &JsValue) -> Result<JsValue, Error> {
    let copy = Object::new();
    each(name, value, &mut |name, value| {
        crate::settings::set(&copy, name, &value);
        Ok(())
    })?;
    Ok(copy.into())
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
        "headers" => {
            each(name, value, &mut |name, _| header_name(name).map(drop))?;
            options.headers = copy(name, value)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn signal(value: JsValue) -> Result<AbortSignal, Error> {
    if page::get(&value, "aborted").as_bool().is_some()
        && page::get(&value, "addEventListener").is_function()
    {
        Ok(value.unchecked_into())
    } else {
        Err(Error::invalid("abortSignal", "must be an AbortSignal"))
    }
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
    each("options", value, &mut |name, value| {
        match name {
            _ if value.is_undefined() => {}
            "domain" => domain = Some(text(name, &value)?),
            "baseUrl" => base_url = Some(text(name, &value)?),
            "token" => settings.token = token(value)?,
            "fetch" if value.is_function() => settings.fetch = Some(value.unchecked_into()),
            "fetch" => return Err(Error::invalid(name, "must be a function")),
            _ if shared_option(&mut settings.call, name, &value)? => {}
            _ => return Err(unknown(name, "ManagementClient", &[&CLIENT_OPTIONS])),
        }
        Ok(())
    })?;
    settings.base_url = Settings::base(
        base_url.as_deref(),
        domain.as_deref(),
        transport::absolute_base,
    )?;
    Ok(settings)
}

fn token(value: JsValue) -> Result<Token, Error> {
    match value.as_string() {
        Some(token) => checked_token(token).map(Token::Fixed),
        None if value.is_object() || value.is_function() => Ok(Token::Supplied(value)),
        None => Err(Error::invalid(
            "token",
            "must be a string, or a function that gives one",
        )),
    }
}
