//! An attempt of a call: token, headers and `fetch`.

use js_sys::{Array, Date, Object, Promise, TypeError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestInit, RequestRedirect, Response as HttpResponse};

use super::{AttemptError, Call, Response, resolve};
use crate::config::{TokenSource, bearer, checked_token};
use crate::engine::{self, own, plain, record, set};
use crate::error::{Code, Error};
use crate::observe;
use crate::rate_limit::{Permit, read_rate_limit};
use crate::retry::AttemptOutcome;
use crate::timeout::{Timeout, WaitError};
use crate::transport::{self, promised};

impl Call<'_> {
    /// Sends the request once.
    pub(super) async fn attempt(&self, permit: Permit<'_>) -> Result<Response, AttemptError> {
        let options = &self.prepared.options;
        let (ms, timeout_code) = self.prepared.time_limit();
        let failed = |error, response| self.attempt_failed(error, timeout_code, response);
        let mut timeout =
            Timeout::new(ms, self.prepared.signal()).map_err(|error| failed(error, None))?;
        let signal = timeout.request_signal(self.config.new_abort_controller);
        let none = JsValue::UNDEFINED;
        let mut headers = options.headers.clone();
        let (mut authorization, requested) = match &self.config.token {
            TokenSource::Proxy => (None, None),
            TokenSource::Fixed { header, .. } => (Some(header.clone()), None),
            TokenSource::Function(function) => {
                let token = engine::call(function, &self.refused_token, &signal);
                (None, Some(promised(token)))
            }
        };
        if requested.is_some() || headers.is_function() {
            let token = requested.as_ref().unwrap_or(&none);
            let both = Array::of2(&resolve(&headers, &none, &signal)?, token);
            let both: Array = match timeout.race(Ok(Promise::all(&both).into())).await {
                Ok(both) => both.unchecked_into(),
                Err(WaitError::Rejected(thrown)) => return Err(caller_failed(thrown)),
                Err(error) => return Err(failed(error, None)),
            };
            headers = both.get(0);
            if requested.is_some() {
                self.token.set(both.get(1));
                authorization = Some(bearer(&both.get(1))?);
            }
        }
        if let Some(hook) = &options.before_request {
            let event = observe::event(self.config, self.prepared, self.attempts);
            match timeout.race(engine::call(hook, &event, &none)).await {
                Ok(before_retry) => self.before_retry.set(before_retry),
                Err(WaitError::Rejected(thrown)) => return Err(Error::Caller(thrown).into()),
                Err(error) => return Err(failed(error, None)),
            }
        }
        let sent = self.send(&signal, &headers, authorization)?;
        let response = timeout.race(sent).await;
        let response = response.map_err(|error| failed(error, None))?;
        if !engine::is_response(&response) {
            let cause = TypeError::new("fetch must resolve to a Response").into();
            // The request may have been sent.
            return Err(AttemptError {
                outcome: AttemptOutcome::ConnectionLost,
                error: Error::Failed(self.failure(Code::BadResponse, cause, None)),
            });
        }
        let response: HttpResponse = response.unchecked_into();
        permit.end(read_rate_limit(&response));
        observe::rate_limit(self.config);
        match timeout.race(engine::text(&response)).await {
            Ok(text) => {
                timeout.complete();
                self.interpret_response(text, response)
            }
            Err(error) => Err(failed(error, Some(response))),
        }
    }

    /// Calls `fetch`. The inner error is what `fetch` throws.
    fn send(
        &self,
        signal: &JsValue,
        own_headers: &JsValue,
        authorization: Option<JsValue>,
    ) -> Result<Result<JsValue, JsValue>, Error> {
        let request = &self.prepared.request;
        let init: RequestInit = record().unchecked_into();
        let headers = record();
        let is_json = self.body.as_ref().is_some_and(JsValue::is_string);
        if let Some(body) = &self.body {
            if is_json {
                set(&headers, "content-type", &"application/json".into());
                init.set_body(body);
            } else {
                init.set_body(&engine::get(body, "bytes"));
            }
        }
        if let Some(domain) = &self.config.custom_domain
            && request.operation.supports_custom_domain()
        {
            set(&headers, "auth0-custom-domain", domain);
        }
        Object::assign(&headers, own_headers.unchecked_ref());
        if let Some(form) = &self.body
            && !is_json
        {
            set(&headers, "content-type", &engine::get(form, "type"));
        }
        if let Some(authorization) = &authorization {
            set(&headers, "authorization", authorization);
        }
        if let Some(csrf) = &self.csrf {
            let csrf = checked_token("csrf", csrf)?;
            set(&headers, "x-csrf-token", &csrf.into());
        }
        if let Some(credentials) = &self.config.credentials {
            set(&init, "credentials", credentials);
        }
        if let Some(cache) = &self.config.cache {
            set(&init, "cache", cache);
        }
        init.set_method(request.operation.method.as_str());
        // A plain object: the caller's `fetch` may call methods of `Object.prototype`.
        init.set_headers(&plain(&headers));
        set(&init, "signal", signal);
        // A redirect could carry the token to another host. Some runtimes lack the mode "error".
        init.set_redirect(RequestRedirect::Manual);
        let url = request.url(&self.config.base_url, self.cursor);
        self.notify("onRequest", &|_| {});
        // The time is only for observers.
        self.sent_at_ms.set(match self.config.observers {
            Some(_) => Date::now(),
            None => 0.0,
        });
        // The observer may have aborted, or code that ran since the last wait.
        if self.prepared.is_aborted() {
            return Ok(Err(JsValue::UNDEFINED));
        }
        Ok(transport::fetch(&self.config.fetch, &url, &init))
    }

    /// Returns the error of an attempt whose wait failed; a response is there if only its body is missing.
    fn attempt_failed(
        &self,
        error: WaitError,
        timeout_code: Code,
        response: Option<HttpResponse>,
    ) -> AttemptError {
        let (outcome, code, cause) = match error {
            WaitError::Aborted(reason) => return Error::Caller(reason).into(),
            WaitError::TimedOut if self.sent_at_ms.get().is_nan() => {
                (AttemptOutcome::Final, timeout_code, JsValue::UNDEFINED)
            }
            WaitError::TimedOut => (AttemptOutcome::TimedOut, timeout_code, JsValue::UNDEFINED),
            WaitError::Rejected(cause) if response.is_none() && never_connected(&cause) => {
                (AttemptOutcome::NotSent, Code::Network, cause)
            }
            WaitError::Rejected(cause) => (AttemptOutcome::ConnectionLost, Code::Network, cause),
        };
        let error = Error::Failed(self.failure(code, cause, response));
        AttemptError { outcome, error }
    }
}

/// Returns the error for an exception of the caller's function. Nothing was sent, so a token request that failed
/// temporarily is retried.
fn caller_failed(thrown: JsValue) -> AttemptError {
    let is_temporary = own(&thrown, "isPassing").is_truthy();
    AttemptError {
        outcome: if is_temporary {
            AttemptOutcome::NotSent
        } else {
            AttemptOutcome::Final
        },
        error: Error::Caller(thrown),
    }
}

/// Returns whether `fetch` failed before it had a connection. Only some runtimes say so.
fn never_connected(rejection: &JsValue) -> bool {
    let text = |name| own(&own(rejection, "cause"), name).as_string();
    // An open connection may break with the same codes.
    if matches!(text("syscall").as_deref(), Some("read" | "write")) {
        return false;
    }
    let code = text("code").unwrap_or_default();
    let unreached = [
        "ECONNREFUSED",
        "ENOTFOUND",
        "EAI_AGAIN",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "UND_ERR_CONNECT_TIMEOUT",
    ];
    unreached.contains(&code.as_str())
}
