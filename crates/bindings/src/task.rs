//! Polls the future of a call and settles the promise that JavaScript made for it.
//!
//! A call only waits for promises, whose callbacks run when no other code does, so its future is polled right where it is
//! woken. The queue of `wasm-bindgen-futures` would be a tenth of the package.

#![allow(unsafe_code)]

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::task::Wake;
use core::cell::Cell;
use core::pin::Pin;
use core::task::{Context, Waker};

use js_sys::Function;
use wasm_bindgen::prelude::*;

struct Task(Cell<Option<Pin<Box<dyn Future<Output = ()>>>>>);

// SAFETY: there is only one thread.
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

/// The functions that settle a promise.
pub(super) struct Settle {
    pub(super) resolve: Function,
    pub(super) reject: Function,
}

/// Starts the work and settles the promise with its result.
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
