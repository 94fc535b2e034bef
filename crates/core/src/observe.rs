//! Tells the caller's observers what happens. They see what a call is and how it fares; ids, query
//! values and bodies they do not, since those may be personal data.

use js_sys::Object;
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::{
    call::Prepared,
    engine::{self, set},
    error::{Error, Failure},
    settings::Settings,
};

/// Calls an observer, if there is one, with what `fill` says about an attempt of a call.
pub(crate) fn attempt(
    settings: &Settings,
    name: &str,
    prepared: &Prepared,
    attempts: u32,
    fill: &dyn Fn(&Object),
) {
    tell(settings, name, &|| {
        let event = event(prepared, attempts);
        fill(&event);
        event
    });
}

/// Describes an attempt of a call: its operation, method and path, without ids or values.
pub(crate) fn event(prepared: &Prepared, attempts: u32) -> Object {
    let event = Object::new();
    let operation = prepared.request.operation;
    set(&event, "operation", &operation.name.into());
    set(&event, "method", &operation.method.as_str().into());
    if !operation.path.is_empty() {
        set(&event, "path", &operation.path.into());
    }
    set(&event, "attempt", &attempts.into());
    event
}

/// What is told of an answer.
pub(crate) fn response(event: &Object, response: &Response) {
    let status = engine::status(response);
    if status != 0 {
        set(event, "status", &status.into());
    }
    let id = engine::request_id(response);
    if !id.is_undefined() {
        set(event, "requestId", &id);
    }
}

/// What is told of a failure.
pub(crate) fn error(event: &Object, error: &Error) {
    if let Error::Failed(failure) = error {
        let Failure {
            code,
            response: ref answer,
            ..
        } = **failure;
        set(event, "code", &code.describe().0.into());
        if let Some(answer) = answer {
            response(event, answer);
        }
    }
}

/// Tells how the limit stands.
pub(crate) fn rate_limit(settings: &Settings) {
    tell(settings, "onRateLimit", &|| {
        let event = Object::new();
        settings.limiter.state().write(&event);
        event
    });
}

fn tell(settings: &Settings, name: &str, event: &dyn Fn() -> Object) {
    let Some(observers) = &settings.observers else {
        return;
    };
    let observer = engine::get(observers, name);
    if observer.is_function() {
        // A call does not fail with its observer.
        let _ = engine::call(&observer, &event(), &JsValue::UNDEFINED);
    }
}
