//! What every part needs of the engine: properties, numbers, JSON and headers.

use alloc::string::String;

use js_sys::{Object, Reflect, SyntaxError};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::Response;

// What may throw gives an `Option`: for a plain value that never came, wasm-bindgen keeps a place in its table of
// references for ever.
#[wasm_bindgen]
extern "C" {
    /// Takes the text as the engine holds it, where `js_sys::JSON::parse` would copy it into wasm.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(text: &JsValue) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn reflect_get(object: &JsValue, name: &str) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = hasOwn)]
    fn has_own(object: &JsValue, name: &str) -> Result<bool, JsValue>;
    #[wasm_bindgen(js_name = parseFloat)]
    pub(crate) fn parse_number(text: &JsValue) -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    pub(crate) fn parse_date(text: &JsValue) -> f64;
    // These do not throw for the objects that they are given here.
    #[wasm_bindgen(js_namespace = Object)]
    fn entries(object: &Object) -> JsValue;
    #[wasm_bindgen(js_namespace = Object, js_name = fromEntries)]
    fn from_entries(entries: &JsValue) -> Object;

    type Foreign;
    #[wasm_bindgen(method, catch, js_name = call)]
    fn call_with(
        this: &Foreign,
        context: &JsValue,
        first: &JsValue,
        second: &JsValue,
    ) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = text)]
    fn read_text(this: &Foreign) -> Result<Option<JsValue>, JsValue>;
    /// Gives a value as the engine holds it, where `web_sys::Headers` would copy it.
    #[wasm_bindgen(method, catch, js_name = get)]
    fn get_header(this: &Foreign, name: &str) -> Result<Option<JsValue>, JsValue>;
}

/// Calls a function of the caller's. One that gives null gives undefined.
pub fn call(function: &JsValue, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    let function: &Foreign = function.unchecked_ref();
    let given = function.call_with(&JsValue::UNDEFINED, first, second)?;
    Ok(given.unwrap_or_default())
}

/// The value of a JSON text. The engine's own error would quote the text, which may hold personal data.
pub(crate) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue> {
    match parse(text) {
        Ok(value) => Ok(value.unwrap_or(JsValue::NULL)),
        Err(_) => Err(SyntaxError::new("the body is not JSON").into()),
    }
}

/// Reads a property; undefined where there is none, where it is null, or where reading it throws.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    // Of what is no object, `Reflect.get` throws.
    reflect_get(object, name).ok().flatten().unwrap_or_default()
}

/// Reads a property that may be null as well.
pub(crate) fn get_or_null(object: &JsValue, name: &str) -> JsValue {
    match reflect_get(object, name) {
        Ok(Some(value)) => value,
        // It did not throw, so it can be read in the way that keeps a place if it does.
        Ok(None) => Reflect::get(object, &name.into()).unwrap_or_default(),
        Err(_) => JsValue::UNDEFINED,
    }
}

/// A property of the object itself. `Object.prototype` may have one of the name, and then every
/// object that was parsed from JSON would.
pub(crate) fn own(object: &JsValue, name: &str) -> JsValue {
    if has_own(object, name).unwrap_or(false) {
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
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// A header of an answer as a number; NaN if it is none.
pub(crate) fn number(response: &Response, name: &str) -> f64 {
    parse_number(&header(response, name))
}

/// Can it be read as a `Response`? A caller's own fetch may give anything.
pub(crate) fn is_response(value: &JsValue) -> bool {
    get(value, "status").as_f64().is_some_and(is_status)
        && get(&get(value, "headers"), "get").is_function()
        && get(value, "text").is_function()
}

fn is_status(status: f64) -> bool {
    (0.0..1_000.0).contains(&status)
}

/// The status of an answer. The engine gives a redirect that it did not follow the status 0.
pub(crate) fn status(response: &Response) -> u16 {
    let status = get(response, "status").as_f64();
    status.filter(|status| is_status(*status)).unwrap_or(0.0) as u16
}

/// The body of an answer as text, or a promise of it.
pub(crate) fn text(response: &Response) -> Result<JsValue, JsValue> {
    let text = response.unchecked_ref::<Foreign>().read_text()?;
    Ok(text.unwrap_or_default())
}

/// A header of an answer, or undefined.
pub(crate) fn header(response: &Response, name: &str) -> JsValue {
    let headers = get(response, "headers");
    let value = headers.unchecked_ref::<Foreign>().get_header(name);
    // What is no text could throw where it is made one.
    let text = value.ok().flatten().filter(JsValue::is_string);
    text.unwrap_or_default()
}

/// The server's id of a request, or undefined.
pub fn request_id(response: &Response) -> JsValue {
    let own = header(response, "x-auth0-requestid");
    if own.is_undefined() {
        header(response, "x-correlation-id")
    } else {
        own
    }
}

/// One text out of several, without the weight of `format!`.
pub fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    append(&mut text, parts);
    text
}

/// Appends several texts. Crates that share this have the code that grows a text once.
pub fn append(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}
