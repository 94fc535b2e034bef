//! What a response means.

use js_sys::{Array, JsString, TypeError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response as HttpResponse;

use super::{AttemptError, Call, Response};
use crate::config::TokenSource;
use crate::engine::{self, own};
use crate::error::{Code, Error};
use crate::operations::Output;
use crate::rate_limit::read_retry_after;
use crate::retry::{self, ProxyOutcome};

impl Call<'_> {
    /// Returns the data of a complete response, or the error that it stands for.
    pub(super) fn interpret_response(
        &self,
        text: JsValue,
        http: HttpResponse,
    ) -> Result<Response, AttemptError> {
        let status = engine::status(&http);
        let parsed = match text.dyn_ref::<JsString>() {
            Some(empty) if empty.length() == 0 => Ok(JsValue::UNDEFINED),
            Some(text) => engine::parse_json(text),
            None => Err(TypeError::new("text() must resolve to a string").into()),
        };
        let (is_readable, body, cause) = match parsed {
            Ok(value) => (true, value, JsValue::UNDEFINED),
            Err(cause) => (false, text, cause),
        };
        let request = &self.prepared.request;
        let output = request.operation.output;
        let may_be_bare = !request.includes_totals();
        if (200..300).contains(&status) && is_readable && has_shape(&body, output, may_be_bare) {
            let data = if output == Output::Nothing {
                JsValue::UNDEFINED
            } else {
                body
            };
            return Ok(Response {
                data,
                http,
                attempts: self.attempts,
            });
        }
        let mut failure = self.failure(Code::BadResponse, cause, Some(http));
        failure.body = body;
        let is_api = failure.is_of_api();
        if is_api {
            failure.code = Code::of_status(status);
        }
        let mut proxy = None;
        if let Some(http) = &failure.response {
            if matches!(status, 429 | 503) {
                failure.retry_after_ms = read_retry_after(http);
            }
            // With its own token, the client talks to the API directly, so the header is not a proxy's.
            if matches!(self.config.token, TokenSource::Proxy) {
                proxy = read_proxy_outcome(http);
            }
        }
        let error_code = failure.error_code();
        let outcome = retry::classify(status, is_api, proxy, error_code.as_deref());
        let error = Error::Failed(failure);
        Err(AttemptError { outcome, error })
    }
}

/// Reads what a proxy says about the outcome of a change.
fn read_proxy_outcome(response: &HttpResponse) -> Option<ProxyOutcome> {
    let outcome = engine::header(response, "x-auth0-users-outcome");
    if outcome == "not_sent" {
        Some(ProxyOutcome::NotSent)
    } else {
        (outcome == "unknown").then_some(ProxyOutcome::Unknown)
    }
}

/// Returns whether a body has the status of an error. A gateway may send it with the status 200.
fn is_failure(body: &JsValue) -> bool {
    own(body, "statusCode")
        .as_f64()
        .is_some_and(|status| status >= 300.0)
}

/// Returns whether a body has the shape of its operation. A list without totals may be a bare array.
fn has_shape(body: &JsValue, output: Output, may_be_bare: bool) -> bool {
    match output {
        Output::Any => true,
        // The API sends nothing here, so a message comes from another server.
        Output::Nothing => {
            !is_failure(body)
                && ["error", "message"]
                    .iter()
                    .all(|name| own(body, name).is_undefined())
        }
        Output::Object => body.is_object() && !Array::is_array(body) && !is_failure(body),
        Output::Array => Array::is_array(body),
        Output::Offset(items) | Output::Checkpoint(items) => {
            may_be_bare && Array::is_array(body) || Array::is_array(&own(body, items))
        }
    }
}
