//! Notifies the caller's observers. Events have no ids, query values or bodies, since those may be personal data.

use js_sys::Object;
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::call::PreparedRequest;
use crate::config::ClientConfig;
use crate::engine::{self, set};
use crate::error::{Error, Failure};

/// Notifies an observer of an attempt; `fill` adds to the event.
pub(crate) fn attempt(
    config: &ClientConfig,
    name: &str,
    prepared: &PreparedRequest,
    attempts: u32,
    fill: &dyn Fn(&Object),
) {
    notify(config, name, &|| {
        let event = event(config, prepared, attempts);
        fill(&event);
        event
    });
}

/// Returns the event of an attempt: operation, method, path template and number.
pub(crate) fn event(config: &ClientConfig, prepared: &PreparedRequest, attempts: u32) -> Object {
    let event = Object::new();
    let operation = prepared.request.operation;
    set(&event, "operation", &(config.operation_name)(operation));
    set(&event, "method", &operation.method.as_str().into());
    if !operation.path.is_empty() {
        set(&event, "path", &operation.path.into());
    }
    set(&event, "attempt", &attempts.into());
    event
}

/// Adds the status and the request id of a response.
pub(crate) fn add_response(event: &Object, response: &Response) {
    let status = engine::status(response);
    if status != 0 {
        set(event, "status", &status.into());
    }
    let id = engine::request_id(response);
    if !id.is_undefined() {
        set(event, "requestId", &id);
    }
}

/// Adds the code and the response of a failure.
pub(crate) fn add_error(event: &Object, error: &Error) {
    if let Error::Failed(failure) = error {
        let Failure {
            code, ref response, ..
        } = **failure;
        set(event, "code", &code.describe().0.into());
        if let Some(response) = response {
            add_response(event, response);
        }
    }
}

/// Notifies the observer of the rate limit.
pub(crate) fn rate_limit(config: &ClientConfig) {
    notify(config, "onRateLimit", &|| {
        let event = Object::new();
        config.limiter.state().write(&event);
        event
    });
}

fn notify(config: &ClientConfig, name: &str, event: &dyn Fn() -> Object) {
    let Some(observers) = &config.observers else {
        return;
    };
    let observer = engine::get(observers, name);
    if observer.is_function() {
        // An exception of an observer does not fail the call.
        let _ = engine::call(&observer, &event(), &JsValue::UNDEFINED);
    }
}
