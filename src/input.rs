//! From what a caller passes to a query or a body, with the same rules for both faces.

use alloc::string::String;
use js_sys::{Array, JsString, Reflect};
use wasm_bindgen::{JsCast, prelude::*};

use crate::{
    error::Error,
    operations::{Input, Output},
    page,
    request::{Request, concat, number},
    transport,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn js_string(value: &JsValue) -> JsString;
}

/// Adds to `request` what its operation takes besides identifiers, and `extra` query parameters,
/// which take the place of the operation's own.
pub(crate) fn fill(request: &mut Request, input: &JsValue, extra: &JsValue) -> Result<(), Error> {
    match request.operation.input {
        Input::Nothing => {}
        Input::Query(required, optional) => query(request, input, extra, required, optional)?,
        Input::OptionalBody if input.is_undefined() => request.body = Some("{}".into()),
        Input::Body | Input::OptionalBody => {
            if !input.is_object() || Array::is_array(input) {
                return Err(Error::invalid("request", "must be an object"));
            }
            request.body = Some(transport::stringify_json(input)?);
        }
    }
    each("queryParams", extra, &mut |name, value| {
        push(request, name, &value, false)
    })
}

/// Visits the own properties of an argument that is an object or left out.
pub(crate) fn each(
    argument: &str,
    value: &JsValue,
    visit: &mut dyn FnMut(&str, JsValue) -> Result<(), Error>,
) -> Result<(), Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(());
    }
    if !value.is_object() || Array::is_array(value) {
        return Err(Error::invalid(argument, "must be an object"));
    }
    let keys = Reflect::own_keys(value).map_err(Error::Caller)?;
    for index in 0..keys.length() {
        let key = keys.get(index);
        if let Some(name) = key.as_string() {
            visit(&name, Reflect::get(value, &key).map_err(Error::Caller)?)?;
        }
    }
    Ok(())
}

fn query(
    request: &mut Request,
    input: &JsValue,
    extra: &JsValue,
    required: &[&str],
    optional: &[&str],
) -> Result<(), Error> {
    each("request", input, &mut |name, value| {
        if !required.contains(&name) && !optional.contains(&name) {
            return Err(unknown(name, request.operation.name, &[required, optional]));
        }
        if is_set(extra, name) {
            Ok(())
        } else {
            push(request, name, &value, true)
        }
    })?;
    if let Output::Offset(_) = request.operation.output {
        let absent = |name: &str| page::get(input, name).is_undefined() && !is_set(extra, name);
        if absent("page") {
            request.page = Some(0);
        }
        if absent("per_page") {
            push(request, "per_page", &JsValue::from(page::PER_PAGE), true)?;
        }
        if absent("include_totals") {
            request.push_query("include_totals", "true");
        }
    }
    for name in required {
        if !is_set(input, name) && !is_set(extra, name) {
            return Err(Error::invalid(name, "is required"));
        }
    }
    Ok(())
}

fn is_set(object: &JsValue, name: &str) -> bool {
    let value = page::get(object, name);
    !value.is_undefined() && !value.is_null()
}

/// Adds a query parameter. The values of an array are joined with commas, or repeat the parameter.
fn push(request: &mut Request, name: &str, value: &JsValue, join: bool) -> Result<(), Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(());
    }
    if !Array::is_array(value) {
        let text = scalar(name, value)?;
        match name {
            "page" if number(&text).is_some() => request.page = number(&text),
            _ => request.push_query(name, &text),
        }
        if name == "per_page" {
            request.per_page = number(&text);
        }
        return Ok(());
    }
    let values: &Array = value.unchecked_ref();
    let mut joined = String::new();
    for index in 0..values.length() {
        let text = scalar(name, &values.get(index))?;
        if !join {
            request.push_query(name, &text);
        } else if index > 0 {
            joined.push(',');
        }
        joined.push_str(&text);
    }
    if join {
        request.push_query(name, &joined);
    }
    Ok(())
}

/// A query value as text.
fn scalar(name: &str, value: &JsValue) -> Result<String, Error> {
    let is_plain = value.as_string().is_some()
        || value.as_bool().is_some()
        || value.as_f64().is_some_and(f64::is_finite)
        || value.is_bigint();
    match is_plain.then(|| well_formed(&js_string(value))).flatten() {
        Some(text) => Ok(text),
        None => Err(Error::invalid(
            name,
            "must be a string, a number, a boolean, or an array of those",
        )),
    }
}

/// The text, unless it has half a character, which would reach the server as another one.
pub(crate) fn well_formed(text: &JsValue) -> Option<String> {
    text.as_string()
        .filter(|copy| *text == JsValue::from_str(copy))
}

pub(crate) fn unknown(name: &str, of: &str, known: &[&[&str]]) -> Error {
    let mut fault = concat(&["is not a parameter of ", of, ", which takes"]);
    for name in known.iter().flat_map(|names| names.iter()) {
        fault.push(' ');
        fault.push_str(name);
    }
    Error::invalid(name, &fault)
}
