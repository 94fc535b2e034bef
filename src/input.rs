//! From what a caller passes to a query or a body, with the same rules for both faces.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use js_sys::{Array, JsString, Reflect};
use wasm_bindgen::{JsCast, prelude::*};

use crate::{
    error::Error,
    operations::{Input, Operation, Output},
    page,
    request::Request,
    transport,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn js_string(value: &JsValue) -> JsString;
}

/// Adds to `request` what its operation takes besides identifiers.
pub(crate) fn fill(request: &mut Request, input: &JsValue) -> Result<(), Error> {
    match request.operation.input {
        Input::Nothing => Ok(()),
        Input::Query(required, optional) => query(request, input, required, optional),
        Input::Body | Input::OptionalBody => {
            request.body = Some(body(request.operation, input)?);
            Ok(())
        }
    }
}

/// The own properties of an argument that is an object or left out.
pub(crate) fn entries(name: &str, value: &JsValue) -> Result<Vec<(String, JsValue)>, Error> {
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
pub(crate) fn scalar(name: &str, value: &JsValue) -> Result<String, Error> {
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

pub(crate) fn unknown<'a>(name: &str, of: &str, known: impl Iterator<Item = &'a &'a str>) -> Error {
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
