//! What every part needs of the engine: properties, numbers, JSON and headers.

use alloc::string::String;

use js_sys::{JsString, Object, Reflect, SyntaxError};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::Response;

#[wasm_bindgen]
extern "C" {
    /// Takes the text as the engine holds it, where `js_sys::JSON::parse` would copy it into wasm.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = parseFloat)]
    pub(crate) fn parse_number(text: &JsValue) -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    pub(crate) fn parse_date(text: &JsValue) -> f64;
    // These do not throw for the objects that they are given here.
    #[wasm_bindgen(js_namespace = Object)]
    fn entries(object: &Object) -> JsValue;
    #[wasm_bindgen(js_namespace = Object, js_name = fromEntries)]
    fn from_entries(entries: &JsValue) -> Object;
    /// Gives a value as the engine holds it, where `web_sys::Headers` would copy it.
    type HeaderMap;
    #[wasm_bindgen(method, catch)]
    fn get(this: &HeaderMap, name: &str) -> Result<JsValue, JsValue>;
}

/// The value of a JSON text. What cannot be JSON by its looks is not given to the engine, for the
/// reason told at [`get`].
pub(crate) fn parse_json(text: &JsString) -> Result<JsValue, JsValue> {
    let text = text.trim();
    let at = |place: u32| char::from_u32(text.char_code_at(place) as u32);
    let fits = match (at(0), at(text.length().saturating_sub(1))) {
        (Some('{'), last) => last == Some('}'),
        (Some('['), last) => last == Some(']'),
        (Some('"'), last) => last == Some('"'),
        (Some('-' | '0'..='9'), _) => true,
        _ => ["null", "true", "false"].iter().any(|word| text == *word),
    };
    if fits {
        parse(&text)
    } else {
        Err(SyntaxError::new("the body is not JSON").into())
    }
}

/// A property; undefined where there is none, or nothing that could have one.
///
/// What throws in the engine costs wasm-bindgen a place in its table of references for ever, so
/// what would throw is not asked for.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() || object.is_function() {
        Reflect::get(object, &name.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// A property of the object itself. `Object.prototype` may have one of the name, and then every
/// object that was parsed from JSON would.
pub(crate) fn own(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() && Object::has_own(object.unchecked_ref::<Object>(), &name.into()) {
        get(object, name)
    } else {
        JsValue::UNDEFINED
    }
}

/// An object without a prototype, so that it has the properties that it was given and no others.
pub(crate) fn record() -> Object {
    Object::create(JsValue::NULL.unchecked_ref())
}

/// Copies such an object into one with the usual prototype, without calling a setter that this may have.
pub(crate) fn plain(record: &Object) -> Object {
    from_entries(&entries(record))
}

/// Sets a property of a plain object of our own, which cannot fail.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// A header of an answer as a number; NaN if it is none.
pub(crate) fn number(response: &Response, name: &str) -> f64 {
    parse_number(&header(response, name))
}

/// Can it be read as a `Response`? A caller's own fetch may give anything.
pub(crate) fn is_response(value: &JsValue) -> bool {
    value.has_type::<Response>() || looks_like_one(value)
}

fn looks_like_one(value: &JsValue) -> bool {
    get(value, "status")
        .as_f64()
        .is_some_and(|status| (0.0..1_000.0).contains(&status))
        && get(&get(value, "headers"), "get").is_function()
        && get(value, "text").is_function()
}

/// A header of an answer, or null.
pub(crate) fn header(response: &Response, name: &str) -> JsValue {
    response
        .headers()
        .unchecked_ref::<HeaderMap>()
        .get(name)
        .unwrap_or_default()
}

/// The server's id of a request, or null.
pub(crate) fn request_id(response: &Response) -> JsValue {
    let own = header(response, "x-auth0-requestid");
    if own.is_null() {
        header(response, "x-correlation-id")
    } else {
        own
    }
}

/// One text out of several, without the weight of `format!`.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}
