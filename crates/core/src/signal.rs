//! The abort signals of callers.

use js_sys::{Function, Map, Set};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::engine::{self, set};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = Reflect, js_name = apply)]
    static APPLY: JsValue;
    type Method;
    #[wasm_bindgen(method)]
    fn bind(this: &Method, context: &JsValue, first: &JsValue) -> Function;
}

/// The signals that calls of a client wait with, each with the functions that it calls when it is aborted.
///
/// A client adds one listener to a signal for all of its calls: Node.js warns about more than ten listeners, and goes
/// through all of them for each one that is added.
#[derive(Clone)]
pub struct Signals(Map);

impl Default for Signals {
    fn default() -> Self {
        Self(Map::new())
    }
}

/// The signal of a call. It may come from another realm, or be an object of the caller's own class.
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

    /// Calls a function when the signal is aborted, until it is unsubscribed.
    pub(crate) fn subscribe(&self, on_abort: &Function) -> Result<(), JsValue> {
        let Signals(all) = &self.all;
        let subscribers = all.get(&self.source);
        if !subscribers.is_undefined() {
            subscribers.unchecked_ref::<Set>().add(on_abort);
            return Ok(());
        }
        let subscribers = Set::new(&JsValue::UNDEFINED);
        // `subscribers.forEach(Reflect.apply)` calls each of its functions.
        let for_each: Method = engine::get(&subscribers, "forEach").unchecked_into();
        let listener = APPLY.with(|apply| for_each.bind(&subscribers, apply));
        self.source
            .add_event_listener_with_callback("abort", &listener)?;
        set(&subscribers, "listener", &listener);
        subscribers.add(on_abort);
        all.set(&self.source, &subscribers);
        Ok(())
    }

    pub(crate) fn unsubscribe(&self, on_abort: &Function) {
        let Signals(all) = &self.all;
        let subscribers: Set = all.get(&self.source).unchecked_into();
        subscribers.delete(on_abort);
        if subscribers.size() == 0 {
            all.delete(&self.source);
            let listener = engine::get(&subscribers, "listener").unchecked_into();
            // A signal of the caller's own class may fail here.
            let _ = self
                .source
                .remove_event_listener_with_callback("abort", &listener);
        }
    }
}
