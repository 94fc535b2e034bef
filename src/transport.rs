//! What takes time: fetch, timers and promises, and the limits of waiting for them.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestInit};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn schedule(callback: &Function, delay_ms: f64, argument: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn cancel(id: &JsValue);
}

/// Calls `fetch(url, init)`: the caller's own, or the global one.
pub(crate) fn fetch(own: &JsValue, url: &str, init: &RequestInit) -> Result<JsValue, JsValue> {
    match own.dyn_ref::<Function>() {
        Some(own) => own.call2(&JsValue::UNDEFINED, &JsValue::from_str(url), init),
        None => global_fetch(url, init),
    }
}

/// What throws is a promise that rejects: an abort at the same time then has somebody who waits for it.
pub(crate) fn promised(result: Result<JsValue, JsValue>) -> JsValue {
    result.unwrap_or_else(|thrown| Promise::reject(&thrown).into())
}

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

/// The longest delay an engine's timer can hold, in milliseconds; a longer one would fire at once.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// The limits of one wait: time, and the caller's signal. Both end with it, and so does a request
/// that it was to guard.
pub(crate) struct Guard<'a> {
    signal: Option<&'a AbortSignal>,
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
    pub(crate) fn new(ms: f64, signal: Option<&'a AbortSignal>) -> Result<Self, Broken> {
        let over = Deferred::new();
        if let Some(signal) = signal {
            if signal.aborted() {
                return Err(Broken::Aborted(signal.reason()));
            }
            let listening = signal.add_event_listener_with_callback("abort", &over.reject);
            listening.map_err(Broken::Aborted)?;
        }
        let mark = JsValue::from(Array::new());
        let timer = schedule(&over.reject, ms.min(LONGEST_TIMER_MS), &mark);
        Ok(Self {
            signal,
            over,
            mark,
            timer,
            controller: None,
        })
    }

    /// A signal for the engine, which tells it to let go of a request that nobody waits for.
    pub(crate) fn engine_signal(&mut self) -> Result<AbortSignal, Broken> {
        let controller = AbortController::new().map_err(Broken::Failed)?;
        let signal = controller.signal();
        self.controller = Some(controller);
        Ok(signal)
    }

    /// The request that was guarded is complete.
    pub(crate) fn complete(&mut self) {
        self.controller = None;
    }

    /// Waits for a promise, but no longer than the limits allow.
    pub(crate) async fn race(&self, work: Result<JsValue, JsValue>) -> Result<JsValue, Broken> {
        let first = Promise::race(&Array::of2(&promised(work), &self.over.promise));
        JsFuture::from(first)
            .await
            .map_err(|rejection| match self.signal {
                Some(signal) if signal.aborted() => Broken::Aborted(signal.reason()),
                _ if rejection == self.mark => Broken::Late,
                _ => Broken::Failed(rejection),
            })
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
            // A signal that took the listener also removes it.
            let _ = signal.remove_event_listener_with_callback("abort", &self.over.reject);
        }
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}
