//! Access to the JavaScript engine: properties, numbers, JSON and headers.

use alloc::string::String;

use js_sys::{Object, Reflect, SyntaxError};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::Response;

// Functions that may throw return an `Option`: when a function with a plain value throws, wasm-bindgen leaks an entry of
// its table of references.
#[wasm_bindgen]
extern "C" {
    /// Takes the text as a value of the engine; `js_sys::JSON::parse` would copy it into wasm.
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
    // These do not throw for the objects that are passed here.
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
    /// Returns a value of the engine; `web_sys::Headers` would copy it.
    #[wasm_bindgen(method, catch, js_name = get)]
    fn get_header(this: &Foreign, name: &str) -> Result<Option<JsValue>, JsValue>;
}

/// Calls a function of the caller. Returns undefined for null.
pub fn call(function: &JsValue, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    let function: &Foreign = function.unchecked_ref();
    let given = function.call_with(&JsValue::UNDEFINED, first, second)?;
    Ok(given.unwrap_or_default())
}

/// Parses JSON. The engine's own error would quote the text, which may hold personal data.
pub(crate) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue> {
    match parse(text) {
        Ok(value) => Ok(value.unwrap_or(JsValue::NULL)),
        Err(_) => Err(SyntaxError::new("the body is not JSON").into()),
    }
}

/// Reads a property. Returns undefined if it is absent or null, or if reading it throws.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    // `Reflect.get` throws for values that are not objects.
    reflect_get(object, name).ok().flatten().unwrap_or_default()
}

/// Reads a property that may be null.
pub(crate) fn get_or_null(object: &JsValue, name: &str) -> JsValue {
    match reflect_get(object, name) {
        Ok(Some(value)) => value,
        // It did not throw, so the function that leaks when it throws is safe.
        Ok(None) => Reflect::get(object, &name.into()).unwrap_or_default(),
        Err(_) => JsValue::UNDEFINED,
    }
}

/// Reads a property of the object itself, and none of `Object.prototype`.
pub(crate) fn own(object: &JsValue, name: &str) -> JsValue {
    if has_own(object, name).unwrap_or(false) {
        get(object, name)
    } else {
        JsValue::UNDEFINED
    }
}

/// Makes an object without a prototype, so that it has no inherited properties.
pub(crate) fn record() -> Object {
    Object::create(JsValue::NULL.unchecked_ref())
}

/// Copies such an object into one with the usual prototype, without calling its setters.
pub(crate) fn plain(record: &Object) -> Object {
    from_entries(&entries(record))
}

/// Sets a property of a plain object, which cannot fail.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Reads a header as a number; NaN if it is none.
pub(crate) fn number(response: &Response, name: &str) -> f64 {
    parse_number(&header(response, name))
}

/// Returns whether a value can be read as a `Response`: the caller's `fetch` may resolve to anything.
pub(crate) fn is_response(value: &JsValue) -> bool {
    get(value, "status").as_f64().is_some_and(is_status)
        && get(&get(value, "headers"), "get").is_function()
        && get(value, "text").is_function()
}

fn is_status(status: f64) -> bool {
    (0.0..1_000.0).contains(&status)
}

/// Reads the status. It is 0 for a redirect that the engine did not follow.
pub(crate) fn status(response: &Response) -> u16 {
    let status = get(response, "status").as_f64();
    status.filter(|status| is_status(*status)).unwrap_or(0.0) as u16
}

/// Returns the text of the body, or a promise of it.
pub(crate) fn text(response: &Response) -> Result<JsValue, JsValue> {
    let text = response.unchecked_ref::<Foreign>().read_text()?;
    Ok(text.unwrap_or_default())
}

/// Reads a header, or undefined.
pub(crate) fn header(response: &Response, name: &str) -> JsValue {
    let headers = get(response, "headers");
    let value = headers.unchecked_ref::<Foreign>().get_header(name);
    // Converting another value to text could throw.
    let text = value.ok().flatten().filter(JsValue::is_string);
    text.unwrap_or_default()
}

/// Reads the server's id of the request, or undefined.
pub fn request_id(response: &Response) -> JsValue {
    let own = header(response, "x-auth0-requestid");
    if own.is_undefined() {
        header(response, "x-correlation-id")
    } else {
        own
    }
}

/// Joins texts. `format!` would add 1.6 kB to the module.
pub fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}
