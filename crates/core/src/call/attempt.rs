//! One attempt of a call: what is sent, and what its answer means.

use js_sys::{Array, Date, JsString, Object, Promise, TypeError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestInit, RequestRedirect, Response};

use super::{Call, Reply, Setback, ask};
use crate::{
    engine::{self, own, plain, record, set},
    error::{Code, Error},
    limiter::Permit,
    observe,
    operations::Output,
    pace::Told,
    retry::{self, Ending, Outcome},
    settings::{Token, bearer, checked_token},
    transport::{self, Broken, Guard, promised},
};

impl Call<'_> {
    /// Sends the request once.
    pub(super) async fn attempt(&self, permit: Permit<'_>) -> Result<Reply, Setback> {
        let options = &self.prepared.options;
        let (ms, late) = self.prepared.limit();
        let broken = |broken, response| self.broken(broken, late, response);
        let mut guard =
            Guard::new(ms, self.prepared.signal()).map_err(|fault| broken(fault, None))?;
        let signal = guard.engine_signal(self.settings.new_abort_controller);
        let none = JsValue::UNDEFINED;
        let mut headers = options.headers.clone();
        let (mut authorization, supplied) = match &self.settings.token {
            Token::Elsewhere => (None, None),
            Token::Fixed { header, .. } => (Some(header.clone()), None),
            Token::Supplied(supplier) => {
                let token = engine::call(supplier, &self.rejected, &signal);
                (None, Some(promised(token)))
            }
        };
        if supplied.is_some() || headers.is_function() {
            let token = supplied.as_ref().unwrap_or(&none);
            let given = Array::of2(&ask(&headers, &none, &signal)?, token);
            let given: Array = match guard.race(Ok(Promise::all(&given).into())).await {
                Ok(given) => given.unchecked_into(),
                Err(Broken::Failed(thrown)) => return Err(refused_token(thrown)),
                Err(fault) => return Err(broken(fault, None)),
            };
            headers = given.get(0);
            if supplied.is_some() {
                self.token.set(given.get(1));
                authorization = Some(bearer(&given.get(1))?);
            }
        }
        if let Some(hook) = &options.before_request {
            let event = observe::event(self.prepared, self.attempts);
            match guard.race(engine::call(hook, &event, &none)).await {
                Ok(before_retry) => self.before_retry.set(before_retry),
                Err(Broken::Failed(thrown)) => return Err(Error::Caller(thrown).into()),
                Err(fault) => return Err(broken(fault, None)),
            }
        }
        let sent = self.send(&signal, &headers, authorization)?;
        let response = guard.race(sent).await;
        let response = response.map_err(|fault| broken(fault, None))?;
        if !engine::is_response(&response) {
            let cause = TypeError::new("fetch must resolve to a Response").into();
            // It may have been sent all the same.
            return Err(Setback {
                ending: Ending::Lost,
                error: Error::Failed(self.failure(Code::BadResponse, cause, None)),
            });
        }
        let response: Response = response.unchecked_into();
        permit.answered(told(&response));
        observe::rate_limit(self.settings);
        match guard.race(engine::text(&response)).await {
            Ok(text) => {
                guard.complete();
                self.judge(text, response)
            }
            Err(fault) => Err(broken(fault, Some(response))),
        }
    }

    /// Hands the request to fetch. The inner error is what fetch throws.
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
        if let Some(domain) = &self.settings.custom_domain
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
        if let Some(credentials) = &self.settings.credentials {
            set(&init, "credentials", credentials);
        }
        if let Some(cache) = &self.settings.cache {
            set(&init, "cache", cache);
        }
        init.set_method(request.operation.method.as_str());
        // A plain object, since a caller's own fetch may have use for its methods.
        init.set_headers(&plain(&headers));
        set(&init, "signal", signal);
        // A redirect could carry the token to another host. Not "error": some runtimes lack it.
        init.set_redirect(RequestRedirect::Manual);
        let url = request.url(&self.settings.base_url, self.turn);
        self.tell("onRequest", &|_| {});
        // Only observers want to know when.
        self.sent_at_ms.set(match self.settings.observers {
            Some(_) => Date::now(),
            None => 0.0,
        });
        // An observer may have aborted, or what ran since the last wait.
        if self.prepared.is_aborted() {
            return Ok(Err(JsValue::UNDEFINED));
        }
        Ok(transport::fetch(&self.settings.fetch, &url, &init))
    }

    /// What a complete answer means.
    fn judge(&self, text: JsValue, response: Response) -> Result<Reply, Setback> {
        let status = engine::status(&response);
        let parsed = match text.dyn_ref::<JsString>() {
            Some(empty) if empty.length() == 0 => Ok(JsValue::UNDEFINED),
            Some(text) => engine::parse_json(text),
            None => Err(TypeError::new("text() must resolve to a string").into()),
        };
        let (readable, body, cause) = match parsed {
            Ok(value) => (true, value, JsValue::UNDEFINED),
            Err(cause) => (false, text, cause),
        };
        let request = &self.prepared.request;
        let output = request.operation.output;
        let is_bare = !request.asks_totals();
        if (200..300).contains(&status) && readable && has_shape(&body, output, is_bare) {
            let data = if output == Output::Nothing {
                JsValue::UNDEFINED
            } else {
                body
            };
            return Ok(Reply {
                data,
                response,
                attempts: self.attempts,
            });
        }
        let mut failure = self.failure(Code::BadResponse, cause, Some(response));
        failure.body = body;
        let is_api = failure.is_of_api();
        if is_api {
            failure.code = Code::of_status(status);
        }
        let mut outcome = None;
        if let Some(response) = &failure.response {
            if matches!(status, 429 | 503) {
                failure.retry_after_ms = hint_ms(response);
            }
            // With a token of its own, the client talks to the API, and no proxy has a say.
            if matches!(self.settings.token, Token::Elsewhere) {
                outcome = outcome_of(response);
            }
        }
        let error_code = failure.error_code();
        let ending = retry::answered(status, is_api, outcome, error_code.as_deref());
        let error = Error::Failed(failure);
        Err(Setback { ending, error })
    }

    /// What a failed wait means for the attempt; `late` is what it means that time is up.
    fn broken(&self, broken: Broken, late: Code, response: Option<Response>) -> Setback {
        let (ending, code, cause) = match broken {
            Broken::Aborted(reason) => return Error::Caller(reason).into(),
            Broken::Late if self.sent_at_ms.get().is_nan() => {
                (Ending::Over, late, JsValue::UNDEFINED)
            }
            Broken::Late => (Ending::Late, late, JsValue::UNDEFINED),
            Broken::Failed(rejection) if response.is_none() && never_connected(&rejection) => {
                (Ending::Unsent, Code::Network, rejection)
            }
            Broken::Failed(rejection) => (Ending::Lost, Code::Network, rejection),
        };
        let error = Error::Failed(self.failure(code, cause, response));
        Setback { ending, error }
    }
}

/// What the caller's own function throws is passed on as it is. A token that the tenant failed to
/// give may be asked for again: nothing was sent.
fn refused_token(thrown: JsValue) -> Setback {
    let is_passing = own(&thrown, "isPassing").is_truthy();
    Setback {
        ending: if is_passing {
            Ending::Unsent
        } else {
            Ending::Over
        },
        error: Error::Caller(thrown),
    }
}

/// How long the server asks to wait, in milliseconds.
fn hint_ms(response: &Response) -> Option<f64> {
    let after = engine::header(response, "retry-after");
    let reset = engine::number(response, "x-ratelimit-reset") * 1_000.0;
    let moments = [engine::parse_date(&after), reset];
    retry::hint_ms(engine::parse_number(&after), moments, Date::now())
}

/// What a proxy says about the outcome of the change.
fn outcome_of(response: &Response) -> Option<Outcome> {
    let outcome = engine::header(response, "x-auth0-users-outcome");
    if outcome == "not_sent" {
        Some(Outcome::NotSent)
    } else {
        (outcome == "unknown").then_some(Outcome::Unknown)
    }
}

/// What the answer tells the limiter.
fn told(response: &Response) -> Told {
    let refused = engine::status(response) == 429;
    let remaining = engine::number(response, "x-ratelimit-remaining");
    let between_origins = || engine::get(response, "type") == "cors";
    Told {
        limit: engine::number(response, "x-ratelimit-limit"),
        remaining,
        reset_ms: if refused {
            hint_ms(response).map_or(f64::NAN, |ms| Date::now() + ms)
        } else {
            // It may have gone by; it still tells which answers are from the same time.
            engine::number(response, "x-ratelimit-reset") * 1_000.0
        },
        refused,
        unreadable: remaining.is_nan() && between_origins(),
    }
}

/// A gateway may answer 200 and write another status into the body.
fn is_failure(data: &JsValue) -> bool {
    own(data, "statusCode")
        .as_f64()
        .is_some_and(|status| status >= 300.0)
}

/// Is it what the operation gives? A list that is asked for without totals is a bare array.
fn has_shape(data: &JsValue, output: Output, is_bare: bool) -> bool {
    match output {
        Output::Any => true,
        // The API has nothing to say; what has a message is from somewhere else.
        Output::Nothing => {
            !is_failure(data)
                && ["error", "message"]
                    .iter()
                    .all(|name| own(data, name).is_undefined())
        }
        Output::Object => data.is_object() && !Array::is_array(data) && !is_failure(data),
        Output::Array => Array::is_array(data),
        Output::Offset(items) | Output::Checkpoint(items) => {
            is_bare && Array::is_array(data) || Array::is_array(&own(data, items))
        }
    }
}

/// Did the engine say that it never reached the server? Only some runtimes tell.
fn never_connected(rejection: &JsValue) -> bool {
    let told = |name| own(&own(rejection, "cause"), name).as_string();
    // A connection that was made may break with the same codes.
    if matches!(told("syscall").as_deref(), Some("read" | "write")) {
        return false;
    }
    let code = told("code").unwrap_or_default();
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
