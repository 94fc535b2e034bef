//! From JavaScript's arguments to a request, and from an error to JavaScript's.

use js_sys::{Array, Function, JsString, Reflect};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{AbortSignal, Response};

use crate::{
    client::{CallOptions, Settings, Token, checked_token},
    error::Error,
    operations::{Input, Operation, Output},
    page,
    request::Request,
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
    match operation.input {
        Input::Nothing => {}
        Input::Query(required, optional) => query(&mut request, input, required, optional)?,
        Input::Body | Input::OptionalBody => request.body = Some(body(operation, input)?),
    }
    let options = call_options(options)?;
    request
        .query
        .retain(|(name, _)| !options.query.iter().any(|(other, _)| name == other));
    request.query.extend_from_slice(&options.query);
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

/// The own properties of an argument that is an object or left out.
fn entries(name: &str, value: &JsValue) -> Result<Vec<(String, JsValue)>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(Vec::new());
    }
    if !value.is_object() || Array::is_array(value) {
        return Err(Error::invalid(name, "must be an object"));
    }
    let mut entries = Vec::new();
    for key in Reflect::own_keys(value)
        .map_err(Error::Caller)?
        .iter()
        .filter(JsValue::is_string)
    {
        let value = Reflect::get(value, &key).map_err(Error::Caller)?;
        entries.push((key.as_string().unwrap_or_default(), value));
    }
    Ok(entries)
}

fn query(
    request: &mut Request,
    input: &JsValue,
    required: &[&str],
    optional: &[&str],
) -> Result<(), Error> {
    if let Output::Offset(_) = request.operation.output {
        for (name, value) in page::DEFAULTS {
            request.set_query(name, value.to_owned());
        }
    }
    for (name, value) in entries("request", input)? {
        if !required.iter().chain(optional).any(|known| *known == name) {
            return Err(unknown(
                &name,
                request.operation.name,
                required.iter().chain(optional),
            ));
        }
        if value.is_null() {
            request.query.retain(|(known, _)| *known != name);
        } else if Array::is_array(&value) {
            let values = value
                .unchecked_ref::<Array>()
                .iter()
                .map(|item| scalar(&name, &item));
            request.set_query(&name, values.collect::<Result<Vec<_>, _>>()?.join(","));
        } else if !value.is_undefined() {
            request.set_query(&name, scalar(&name, &value)?);
        }
    }
    match required.iter().find(|name| request.query(name).is_none()) {
        Some(missing) => Err(Error::invalid(missing, "is required")),
        None => Ok(()),
    }
}

/// A query value as text.
fn scalar(name: &str, value: &JsValue) -> Result<String, Error> {
    let finite = value.as_f64().is_none_or(f64::is_finite);
    if value.is_string()
        || value.is_bigint()
        || value.as_bool().is_some()
        || (value.as_f64().is_some() && finite)
    {
        let text: JsString = js_string(value);
        if text.is_valid_utf16() {
            return Ok(text.into());
        }
    }
    Err(Error::invalid(
        name,
        "must be a string, a number, a boolean, or an array of those",
    ))
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn js_string(value: &JsValue) -> JsString;
}

fn unknown<'a>(name: &str, of: &str, known: impl Iterator<Item = &'a &'a str>) -> Error {
    let mut fault = String::from("is not a parameter of ");
    fault.push_str(of);
    fault.push_str(", which takes ");
    fault.push_str(&known.copied().collect::<Vec<_>>().join(", "));
    Error::invalid(name, &fault)
}

fn body(operation: &Operation, input: &JsValue) -> Result<JsValue, Error> {
    if input.is_undefined() && operation.input == Input::OptionalBody {
        return Ok("{}".into());
    }
    if !input.is_object() || Array::is_array(input) {
        return Err(Error::invalid("request", "must be an object"));
    }
    transport::stringify_json(input)
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
            Some(n) if n >= 0.0 && n.fract() == 0.0 => options.max_retries = Some(n as u32),
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
        name.make_ascii_lowercase();
        if name == "authorization" {
            return Err(Error::invalid(
                "headers.authorization",
                "is made from token; leave it out",
            ));
        }
        if name.is_empty()
            || !name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
        {
            return Err(Error::invalid(
                "headers",
                "has a name that no HTTP header can have",
            ));
        }
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
    settings.base_url = match (base_url, domain) {
        (Some(url), _) => transport::absolute_base(&url)?,
        (None, Some(domain)) => Settings::base_of_domain(&domain)?,
        (None, None) => {
            return Err(Error::invalid(
                "domain",
                "is required, or baseUrl in its place",
            ));
        }
    };
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
