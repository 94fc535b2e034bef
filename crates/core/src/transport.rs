//! What takes time: fetch, timers and promises, and the limits of waiting for them.

use js_sys::{Array, Function, Map, Promise, Set};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestInit};

use crate::engine::{self, set};

#[wasm_bindgen]
extern "C" {
    // An `Option` for the reason told in engine.rs.
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn schedule(callback: &Function, delay_ms: f64, argument: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn cancel(id: &JsValue);

    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Option<JsValue>;
    #[wasm_bindgen(thread_local_v2, js_namespace = Reflect, js_name = apply)]
    static APPLY: JsValue;
    type Method;
    #[wasm_bindgen(method)]
    fn bind(this: &Method, context: &JsValue, first: &JsValue) -> Function;
}

/// Makes a controller whose signal the engine's `fetch` accepts; `None` where there is none.
pub type NewAbortController = fn() -> Option<AbortController>;

/// How requests treat the engine's cache: its answers would be as old as the first of them. Cloudflare's runtime has no
/// cache there, and in older versions refuses to be asked for none.
pub fn cache_mode() -> Option<JsValue> {
    let navigator = NAVIGATOR.with(Clone::clone).unwrap_or_default();
    let is_workerd = engine::get(&navigator, "userAgent") == "Cloudflare-Workers";
    (!is_workerd).then(|| "no-store".into())
}

/// Calls `fetch(url, init)`: the caller's own, or the global one.
pub(crate) fn fetch(own: &JsValue, url: &str, init: &RequestInit) -> Result<JsValue, JsValue> {
    if own.is_function() {
        engine::call(own, &JsValue::from_str(url), init)
    } else {
        Ok(global_fetch(url, init)?.unwrap_or_default())
    }
}

/// What throws is a promise that rejects: an abort at the same time then has somebody who waits for it.
pub(crate) fn promised(result: Result<JsValue, JsValue>) -> JsValue {
    result.unwrap_or_else(|thrown| Promise::reject(&thrown).into())
}

/// A promise and what resolves it from outside.
pub(crate) struct Deferred {
    pub(crate) promise: Promise,
    pub(crate) resolve: Function,
}

impl Deferred {
    pub(crate) fn new() -> Self {
        let mut end = JsValue::UNDEFINED;
        // The engine calls the closure at once.
        let promise = Promise::new(&mut |resolve, _| end = resolve.into());
        Self {
            promise,
            resolve: end.unchecked_into(),
        }
    }
}

/// The signals of callers that calls of a client wait under, each with the set of functions that end a wait.
///
/// A client listens to a signal once for all of its calls: Node.js warns of more than ten listeners, and looks through
/// all of them for each one that is added.
#[derive(Clone)]
pub struct Signals(Map);

impl Default for Signals {
    fn default() -> Self {
        Self(Map::new())
    }
}

/// A caller's signal, which may be of another realm, or of a class of the caller's own.
pub(crate) struct Signal {
    source: AbortSignal,
    all: Signals,
}

impl Signal {
    pub(crate) fn new(source: AbortSignal, all: &Signals) -> Self {
        let all = all.clone();
        Self { source, all }
    }

    pub(crate) fn is_aborted(&self) -> bool {
        engine::get(&self.source, "aborted").is_truthy()
    }

    pub(crate) fn reason(&self) -> JsValue {
        engine::get_or_null(&self.source, "reason")
    }

    /// An abort calls `end`, until it leaves.
    fn join(&self, end: &Function) -> Result<(), JsValue> {
        let Signals(all) = &self.all;
        let waiting = all.get(&self.source);
        if !waiting.is_undefined() {
            waiting.unchecked_ref::<Set>().add(end);
            return Ok(());
        }
        let waiting = Set::new(&JsValue::UNDEFINED);
        // `waiting.forEach(Reflect.apply)` calls each of its functions.
        let each: Method = engine::get(&waiting, "forEach").unchecked_into();
        let listener = APPLY.with(|apply| each.bind(&waiting, apply));
        self.source
            .add_event_listener_with_callback("abort", &listener)?;
        set(&waiting, "listener", &listener);
        waiting.add(end);
        all.set(&self.source, &waiting);
        Ok(())
    }

    fn leave(&self, end: &Function) {
        let Signals(all) = &self.all;
        let waiting: Set = all.get(&self.source).unchecked_into();
        waiting.delete(end);
        if waiting.size() == 0 {
            all.delete(&self.source);
            let listener = engine::get(&waiting, "listener").unchecked_into();
            // A signal that does not let go of the listener is the caller's own.
            let _ = self
                .source
                .remove_event_listener_with_callback("abort", &listener);
        }
    }
}

/// The longest delay an engine's timer can hold, in milliseconds; a longer one would fire at once.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// The limits of one wait: time, and the caller's signal. Both end with it, and so does a request
/// that it was to guard.
pub(crate) struct Guard<'a> {
    signal: Option<&'a Signal>,
    over: Deferred,
    mark: JsValue,
    timer: JsValue,
    controller: Option<AbortController>,
}

/// Why a wait failed.
pub(crate) enum Broken {
    /// The caller aborted, for this reason.
    Aborted(JsValue),
    /// Time ran out.
    Late,
    /// What was waited for failed.
    Failed(JsValue),
}

impl<'a> Guard<'a> {
    /// Starts the time; fails at once if the signal is aborted already.
    pub(crate) fn new(ms: f64, signal: Option<&'a Signal>) -> Result<Self, Broken> {
        let over = Deferred::new();
        if let Some(signal) = signal {
            if signal.is_aborted() {
                return Err(Broken::Aborted(signal.reason()));
            }
            signal.join(&over.resolve).map_err(Broken::Aborted)?;
        }
        let mark = JsValue::from(Array::new());
        let timer = schedule(&over.resolve, ms.min(LONGEST_TIMER_MS), &mark);
        Ok(Self {
            signal,
            over,
            mark,
            timer,
            controller: None,
        })
    }

    /// A signal for the engine, which ends a request that no call waits for any more; undefined where there is none.
    pub(crate) fn engine_signal(&mut self, new_controller: NewAbortController) -> JsValue {
        self.controller = new_controller();
        let signal = self.controller.as_ref().map(AbortController::signal);
        signal.map_or(JsValue::UNDEFINED, JsValue::from)
    }

    /// The request that was guarded is complete.
    pub(crate) fn complete(&mut self) {
        self.controller = None;
    }

    /// Waits for a promise, but no longer than the limits allow.
    pub(crate) async fn race(&self, work: Result<JsValue, JsValue>) -> Result<JsValue, Broken> {
        let first = Promise::race(&Array::of2(&promised(work), &self.over.promise));
        let result = JsFuture::from(first).await;
        // An abort gives undefined, and counts before a failure that came with it.
        if let Some(signal) = self.signal
            && !result.as_ref().is_ok_and(|value| !value.is_undefined())
            && signal.is_aborted()
        {
            return Err(Broken::Aborted(signal.reason()));
        }
        match result {
            Ok(value) if value == self.mark => Err(Broken::Late),
            Ok(value) => Ok(value),
            Err(thrown) => Err(Broken::Failed(thrown)),
        }
    }

    /// Waits until time runs out.
    pub(crate) async fn sleep(self) -> Result<(), Broken> {
        match self.race(Ok(self.over.promise.clone().into())).await {
            Err(Broken::Late) | Ok(_) => Ok(()),
            Err(broken) => Err(broken),
        }
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        cancel(&self.timer);
        if let Some(signal) = self.signal {
            signal.leave(&self.over.resolve);
        }
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}
