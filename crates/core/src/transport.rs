//! `fetch`, timers and promises.

use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestInit};

use crate::engine;

#[wasm_bindgen]
extern "C" {
    // An `Option` for the reason given in engine.rs.
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &Function, delay_ms: f64, argument: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn clear_timeout(id: &JsValue);

    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Option<JsValue>;
}

/// Makes a controller whose signal the engine's `fetch` accepts; `None` where there is none.
pub type NewAbortController = fn() -> Option<AbortController>;

/// Returns the cache mode of requests: cached responses would be outdated. Cloudflare Workers have no cache there, and
/// older versions refuse the option.
pub fn cache_mode() -> Option<JsValue> {
    let navigator = NAVIGATOR.with(Clone::clone).unwrap_or_default();
    let is_workerd = engine::get(&navigator, "userAgent") == "Cloudflare-Workers";
    (!is_workerd).then(|| "no-store".into())
}

/// Calls the caller's `fetch`, or the global one if there is none.
pub(crate) fn fetch(own: &JsValue, url: &str, init: &RequestInit) -> Result<JsValue, JsValue> {
    if own.is_function() {
        engine::call(own, &JsValue::from_str(url), init)
    } else {
        Ok(global_fetch(url, init)?.unwrap_or_default())
    }
}

/// Turns an exception into a rejected promise, so that an abort at the same time leaves no rejection unhandled.
pub(crate) fn promised(result: Result<JsValue, JsValue>) -> JsValue {
    result.unwrap_or_else(|thrown| Promise::reject(&thrown).into())
}

/// A promise and the function that resolves it.
pub(crate) struct Deferred {
    pub(crate) promise: Promise,
    pub(crate) resolve: Function,
}

impl Deferred {
    pub(crate) fn new() -> Self {
        let mut resolve_it = JsValue::UNDEFINED;
        // The engine calls the closure at once.
        let promise = Promise::new(&mut |resolve, _| resolve_it = resolve.into());
        Self {
            promise,
            resolve: resolve_it.unchecked_into(),
        }
    }
}
