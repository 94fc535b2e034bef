//! The engine underneath: fetch, timers, promises and JSON.

use alloc::string::String;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit};

use crate::error::Error;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: f64, argument: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
    /// Takes the text as the engine holds it, where `js_sys::JSON::parse` would copy it into wasm.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(crate) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;
    /// Its base may be undefined, which `web_sys::Url` has no constructor for.
    #[wasm_bindgen(js_name = URL)]
    type Url;
    #[wasm_bindgen(constructor, catch, js_class = "URL")]
    fn new(url: &str, base: &JsValue) -> Result<Url, JsValue>;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn href(this: &Url) -> String;
}

/// The value as JSON text, which stays with the engine.
pub(crate) fn stringify_json(value: &JsValue) -> Result<JsValue, Error> {
    match js_sys::JSON::stringify(value) {
        Ok(text) if text.is_string() => Ok(text.into()),
        _ => Err(Error::invalid("request", "cannot be written as JSON")),
    }
}

/// The base URL, resolved against the page's own address where there is one.
pub(crate) fn absolute_base(url: &str) -> Result<String, Error> {
    let page = Reflect::get(&js_sys::global(), &"location".into()).unwrap_or_default();
    let page = Reflect::get(&page, &"href".into()).unwrap_or_default();
    let Ok(parsed) = Url::new(url, &page) else {
        return Err(Error::invalid(
            "baseUrl",
            "must be an absolute URL outside a web page",
        ));
    };
    let mut base = parsed.href();
    if !base.starts_with("http") || base.bytes().any(|byte| b"?#@".contains(&byte)) {
        let fault = "must be an http or https URL without a query, a fragment or a user name";
        return Err(Error::invalid("baseUrl", fault));
    }
    while base.ends_with('/') {
        base.pop();
    }
    Ok(base)
}

/// Calls `fetch(url, init)`: the caller's own, or the global one.
pub(crate) fn fetch(
    own: Option<&Function>,
    url: &str,
    init: &RequestInit,
) -> Result<JsValue, JsValue> {
    match own {
        Some(own) => own.call2(&JsValue::UNDEFINED, &JsValue::from_str(url), init),
        None => global_fetch(url, init),
    }
}

/// The longest delay an engine's timer can hold, in milliseconds; a longer one would fire at once.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// A promise and what settles it from outside.
pub(crate) struct Deferred {
    pub(crate) promise: Promise,
    pub(crate) resolve: Function,
    pub(crate) reject: Function,
}

impl Deferred {
    pub(crate) fn new() -> Self {
        let mut ends = (JsValue::UNDEFINED, JsValue::UNDEFINED);
        // The engine calls the closure at once.
        let promise = Promise::new(&mut |resolve, reject| ends = (resolve.into(), reject.into()));
        Self {
            promise,
            resolve: ends.0.unchecked_into(),
            reject: ends.1.unchecked_into(),
        }
    }
}

/// A promise that settles after a while, and whose timer ends with it.
pub(crate) struct Timer {
    promise: Promise,
    id: JsValue,
    mark: JsValue,
}

impl Timer {
    /// Rejects after `ms` with a value that only [`Timer::fired`] knows.
    pub(crate) fn limit(ms: f64) -> Self {
        let Deferred {
            promise, reject, ..
        } = Deferred::new();
        Self::start(promise, &reject, ms)
    }

    fn start(promise: Promise, settle: &Function, ms: f64) -> Self {
        let mark = JsValue::from(Array::new());
        let id = if ms > LONGEST_TIMER_MS {
            JsValue::UNDEFINED
        } else {
            set_timeout(settle, ms, &mark)
        };
        Self { promise, id, mark }
    }

    /// Did this timer cause that rejection?
    pub(crate) fn fired(&self, rejection: &JsValue) -> bool {
        *rejection == self.mark
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}

/// The caller's way to end a call: an `AbortSignal` that ends every wait at once.
pub(crate) struct Abort {
    signal: Option<AbortSignal>,
    promise: Promise,
    reject: Function,
}

impl Abort {
    /// Listens to `signal`; fails with its reason if it is aborted already.
    pub(crate) fn listen(signal: Option<&AbortSignal>) -> Result<Self, JsValue> {
        let Deferred {
            promise, reject, ..
        } = Deferred::new();
        if let Some(signal) = signal {
            if signal.aborted() {
                return Err(signal.reason());
            }
            signal.add_event_listener_with_callback("abort", &reject)?;
        }
        Ok(Self {
            signal: signal.cloned(),
            promise,
            reject,
        })
    }

    /// The reason, once the caller has aborted.
    pub(crate) fn reason(&self) -> Option<JsValue> {
        self.signal
            .as_ref()
            .filter(|signal| signal.aborted())
            .map(AbortSignal::reason)
    }

    /// Waits for `work`, but no longer than the caller and `limit` allow.
    pub(crate) fn race(&self, work: &JsValue, limit: Option<&Timer>) -> JsFuture {
        let racers = Array::of2(work, &self.promise);
        if let Some(limit) = limit {
            racers.push(&limit.promise);
        }
        JsFuture::from(Promise::race(&racers))
    }

    /// Sleeps; fails when the caller aborts.
    pub(crate) async fn sleep(&self, ms: f64) -> Result<(), Error> {
        let Deferred {
            promise, resolve, ..
        } = Deferred::new();
        let timer = Timer::start(promise, &resolve, ms);
        self.race(&timer.promise, None)
            .await
            .map(drop)
            .map_err(|rejection| self.caller(rejection))
    }

    /// What to pass on when code of the caller's rejects: the reason of an abort comes first.
    pub(crate) fn caller(&self, rejection: JsValue) -> Error {
        Error::Caller(self.reason().unwrap_or(rejection))
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(signal) = &self.signal {
            // A signal that took the listener also removes it.
            let _ = signal.remove_event_listener_with_callback("abort", &self.reject);
        }
    }
}
