//! Waiting for a promise, with a time limit and the caller's signal.

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::signal::Signal;
use crate::transport::{Deferred, NewAbortController, clear_timeout, promised, set_timeout};

/// The longest delay of an engine's timer, in milliseconds. A longer one would end at once.
const MAX_DELAY_MS: f64 = 2_147_483_647.0;

/// A time limit with the caller's signal. Dropping it clears the timer and aborts a request that is not complete.
pub(crate) struct Timeout<'a> {
    signal: Option<&'a Signal>,
    /// Resolves with `timed_out` after the time, and with undefined when the signal is aborted.
    end: Deferred,
    timed_out: JsValue,
    timer: JsValue,
    controller: Option<AbortController>,
}

/// Why waiting failed.
pub(crate) enum WaitError {
    /// The caller's signal was aborted with this reason.
    Aborted(JsValue),
    /// The time is up.
    TimedOut,
    /// The promise rejected with this value.
    Rejected(JsValue),
}

impl<'a> Timeout<'a> {
    /// Starts the timer; fails if the signal is aborted already.
    pub(crate) fn new(ms: f64, signal: Option<&'a Signal>) -> Result<Self, WaitError> {
        let end = Deferred::new();
        if let Some(signal) = signal {
            if signal.is_aborted() {
                return Err(WaitError::Aborted(signal.reason()));
            }
            signal.subscribe(&end.resolve).map_err(WaitError::Aborted)?;
        }
        let timed_out = JsValue::from(Array::new());
        let timer = set_timeout(&end.resolve, ms.clamp(0.0, MAX_DELAY_MS), &timed_out);
        Ok(Self {
            signal,
            end,
            timed_out,
            timer,
            controller: None,
        })
    }

    /// Returns a signal for `fetch` that is aborted when the time is up or the caller aborts; undefined where there is
    /// no controller.
    pub(crate) fn request_signal(&mut self, new_controller: NewAbortController) -> JsValue {
        self.controller = new_controller();
        let signal = self.controller.as_ref().map(AbortController::signal);
        signal.map_or(JsValue::UNDEFINED, JsValue::from)
    }

    /// Marks the request as complete, so that it is not aborted.
    pub(crate) fn complete(&mut self) {
        self.controller = None;
    }

    /// Waits for a promise until the time is up or the caller aborts.
    pub(crate) async fn race(&self, work: Result<JsValue, JsValue>) -> Result<JsValue, WaitError> {
        let first = Promise::race(&Array::of2(&promised(work), &self.end.promise));
        let result = JsFuture::from(first).await;
        // An abort resolves with undefined. It takes precedence over a rejection at the same time.
        if let Some(signal) = self.signal
            && !result.as_ref().is_ok_and(|value| !value.is_undefined())
            && signal.is_aborted()
        {
            return Err(WaitError::Aborted(signal.reason()));
        }
        match result {
            Ok(value) if value == self.timed_out => Err(WaitError::TimedOut),
            Ok(value) => Ok(value),
            Err(thrown) => Err(WaitError::Rejected(thrown)),
        }
    }

    /// Waits until the time is up; fails if the caller aborts.
    pub(crate) async fn sleep(self) -> Result<(), WaitError> {
        match self.race(Ok(self.end.promise.clone().into())).await {
            Err(WaitError::TimedOut) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Timeout<'_> {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        if let Some(signal) = self.signal {
            signal.unsubscribe(&self.end.resolve);
        }
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}
