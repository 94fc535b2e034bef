//! Runs a call, and settles the promise that JavaScript made for it.
//!
//! A call waits for nothing but promises, and those come back when no other code runs, so a task can
//! go on right where it is woken. The queue of `wasm-bindgen-futures` would be a tenth of the
//! package.

#![allow(unsafe_code)]

use alloc::{boxed::Box, sync::Arc, task::Wake};
use core::{
    cell::Cell,
    pin::Pin,
    task::{Context, Waker},
};

use js_sys::Function;
use wasm_bindgen::prelude::*;

struct Task(Cell<Option<Pin<Box<dyn Future<Output = ()>>>>>);

// SAFETY: without threads there is no other one to send to or to share with.
unsafe impl Send for Task {}
unsafe impl Sync for Task {}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if let Some(mut work) = self.0.take() {
            let waker = Waker::from(Arc::clone(&self));
            if work
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
            {
                self.0.set(Some(work));
            }
        }
    }
}

/// What settles a promise.
pub(super) struct Settle {
    pub(super) resolve: Function,
    pub(super) reject: Function,
}

/// Starts the work at once; the promise settles when it is done.
pub(super) fn start(
    work: impl Future<Output = Result<JsValue, JsValue>> + 'static,
    promise: Settle,
) {
    let work = async move {
        let (settle, value) = match work.await {
            Ok(value) => (promise.resolve, value),
            Err(error) => (promise.reject, error),
        };
        // Settling a promise cannot throw.
        let _ = settle.call1(&JsValue::UNDEFINED, &value);
    };
    Arc::new(Task(Cell::new(Some(Box::pin(work))))).wake();
}
