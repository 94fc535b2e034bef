//! One call from its request to its answer: the only place that performs IO.

use alloc::{boxed::Box, rc::Rc, string::String};
use core::cell::Cell;
use js_sys::{Date, Function, JsString, Math, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, RequestInit, RequestRedirect, Response};

use crate::{
    error::{Code, Error, Failure},
    operations::Output,
    request::{Request, concat},
    retry::{self, Ending},
    settings::{CallOptions, Settings, Token, checked_token, header_name, header_value},
    transport::{self, Abort, Timer},
};

const TIMEOUT_MS: f64 = 60_000.0;
const MAX_RETRIES: u32 = 2;

/// An answer that is one of success.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) data: JsValue,
    pub(crate) response: Response,
    operation: &'static str,
    attempts: u32,
}

impl Reply {
    /// The answer was one of success, but what it holds is not what the operation gives.
    pub(crate) fn undecodable(&self, cause: JsValue) -> Error {
        // Not `.clone()`, which would be the engine's.
        let response = Some(Clone::clone(&self.response));
        let mut failure = Failure::new(
            Code::BadResponse,
            self.operation,
            self.attempts,
            cause,
            response,
        );
        failure.body = self.data.clone();
        Error::Failed(Box::new(failure))
    }
}

/// What one attempt came to, short of success.
struct Setback {
    ending: Ending,
    failure: Failure,
}

/// One call under way.
struct Call<'a> {
    settings: &'a Settings,
    options: &'a CallOptions,
    request: &'a Request,
    abort: Abort,
    attempts: u32,
}

/// Performs a request: the only function that does.
pub(crate) async fn execute(
    settings: Rc<Settings>,
    request: &Request,
    options: &CallOptions,
) -> Result<Reply, Error> {
    let abort = Abort::listen(options.signal.as_ref()).map_err(Error::Caller)?;
    let mut call = Call {
        settings: &settings,
        options,
        request,
        abort,
        attempts: 0,
    };
    let max_retries = options
        .max_retries
        .or(settings.call.max_retries)
        .unwrap_or(MAX_RETRIES);
    loop {
        call.attempts = call.attempts.saturating_add(1);
        let setback = match call.attempt().await? {
            Ok(reply) => return Ok(reply),
            Err(setback) => setback,
        };
        if call.attempts > max_retries
            || !retry::may_repeat(request.operation.repeat, setback.ending)
        {
            return Err(Error::Failed(Box::new(setback.failure)));
        }
        let wait = retry::wait_ms(
            call.attempts,
            setback.failure.retry_after_ms,
            Math::random(),
        );
        call.abort.sleep(wait).await?;
    }
}

impl Call<'_> {
    /// Sends the request once. The outer error ends the call at once.
    async fn attempt(&self) -> Result<Result<Reply, Setback>, Error> {
        let headers = self.headers().await?;
        let limit = Timer::limit(
            self.options
                .timeout_ms
                .or(self.settings.call.timeout_ms)
                .unwrap_or(TIMEOUT_MS),
        );
        let exchange = Exchange::new().map_err(Error::Caller)?;
        let init = RequestInit::new();
        init.set_method(self.request.operation.method.as_str());
        init.set_headers(&headers);
        init.set_signal(Some(&exchange.controller.signal()));
        // A redirect could carry the token to another host. Not "error": some runtimes lack it.
        init.set_redirect(RequestRedirect::Manual);
        if let Some(body) = &self.request.body {
            init.set_body(body);
        }
        let url = self.request.url(&self.settings.base_url);
        let fetched = match transport::fetch(self.settings.fetch.as_ref(), &url, &init) {
            Ok(promise) => self.abort.race(&promise, Some(&limit)).await,
            Err(thrown) => Err(thrown),
        };
        let response = match fetched {
            Ok(value) => value,
            Err(rejection) => return self.broken(rejection, &limit, None),
        };
        let Some(status) = read_status(&response) else {
            let cause = js_sys::TypeError::new("fetch must resolve to a Response").into();
            return Ok(Err(self.setback(
                Code::BadResponse,
                Ending::Answered(0),
                cause,
                None,
            )));
        };
        let response: Response = response.unchecked_into();
        let text = match response.text() {
            Ok(promise) => self.abort.race(&promise, Some(&limit)).await,
            Err(thrown) => Err(thrown),
        };
        let text = match text {
            Ok(text) => text,
            Err(rejection) => return self.broken(rejection, &limit, Some(response)),
        };
        exchange.done();
        Ok(self.judge(status, text, response))
    }

    /// What a complete answer means.
    fn judge(&self, status: u16, text: JsValue, response: Response) -> Result<Reply, Setback> {
        let empty = text.unchecked_ref::<JsString>().length() == 0;
        let parsed = if empty {
            Ok(JsValue::UNDEFINED)
        } else {
            transport::parse_json(&text)
        };
        if !(200..300).contains(&status) {
            let redirect = status < 400;
            let code = if redirect {
                Code::BadResponse
            } else {
                Code::of_status(status)
            };
            let mut setback = self.setback(
                code,
                Ending::Answered(status),
                JsValue::UNDEFINED,
                Some(response),
            );
            setback.failure.error_code = parsed
                .as_ref()
                .ok()
                .and_then(|body| string_at(body, "errorCode"));
            setback.failure.body = parsed.unwrap_or(text);
            return Err(setback);
        }
        let output = self.request.operation.output;
        let (data, wrong) = match parsed {
            _ if output == Output::Nothing => (JsValue::UNDEFINED, None),
            Ok(data) if has_shape(&data, output) => (data, None),
            Ok(data) => (data, Some(JsValue::UNDEFINED)),
            Err(cause) => (text, Some(cause)),
        };
        let Some(cause) = wrong else {
            let (operation, attempts) = (self.request.operation.name, self.attempts);
            return Ok(Reply {
                data,
                response,
                operation,
                attempts,
            });
        };
        let ending = Ending::Answered(status);
        let mut setback = self.setback(Code::BadResponse, ending, cause, Some(response));
        setback.failure.body = data;
        Err(setback)
    }

    /// What a rejection means: the caller aborted, time ran out, or the connection broke.
    fn broken(
        &self,
        rejection: JsValue,
        limit: &Timer,
        response: Option<Response>,
    ) -> Result<Result<Reply, Setback>, Error> {
        if let Some(reason) = self.abort.reason() {
            return Err(Error::Caller(reason));
        }
        if limit.fired(&rejection) {
            let setback = self.setback(
                Code::Timeout,
                Ending::Answered(0),
                JsValue::UNDEFINED,
                response,
            );
            return Err(Error::Failed(Box::new(setback.failure)));
        }
        let ending = if never_connected(&rejection) {
            Ending::Unsent
        } else {
            Ending::Lost
        };
        Ok(Err(self.setback(
            Code::Network,
            ending,
            rejection,
            response,
        )))
    }

    fn setback(
        &self,
        code: Code,
        ending: Ending,
        cause: JsValue,
        response: Option<Response>,
    ) -> Setback {
        let mut failure = Failure::new(
            code,
            self.request.operation.name,
            self.attempts,
            cause,
            response,
        );
        if matches!(ending, Ending::Answered(429 | 503)) {
            let header = |name: &str| failure.header(name);
            failure.retry_after_ms = retry::hint_ms(
                header("retry-after").as_deref(),
                header("x-ratelimit-reset").as_deref(),
                Date::now(),
                Date::parse,
            );
        }
        Setback { ending, failure }
    }

    /// The headers of one attempt, as a plain object with lower-case names.
    async fn headers(&self) -> Result<Object, Error> {
        let headers = Object::new();
        if let Some(token) = self.token().await? {
            set(
                &headers,
                "authorization",
                &JsValue::from_str(&concat(&["Bearer ", &token])),
            );
        }
        if self.request.body.is_some() {
            set(&headers, "content-type", &"application/json".into());
        }
        for (name, value) in self
            .settings
            .call
            .headers
            .iter()
            .chain(&self.options.headers)
        {
            let (name, value) = (header_name(name)?, self.supplied(value).await?);
            if value.is_null() || value.is_undefined() {
                // Deleting from a plain object cannot fail.
                let _ = Reflect::delete_property(&headers, &name.into());
            } else {
                set(&headers, &name, &header_value(&value)?.into());
            }
        }
        Ok(headers)
    }

    async fn token(&self) -> Result<Option<String>, Error> {
        match &self.settings.token {
            Token::Absent => Ok(None),
            Token::Fixed(token) => Ok(Some(token.clone())),
            Token::Supplied(source) => {
                checked_token(self.supplied(source).await?.as_string().unwrap_or_default())
                    .map(Some)
            }
        }
    }

    /// The value of a setting that may be a function or a promise.
    async fn supplied(&self, source: &JsValue) -> Result<JsValue, Error> {
        let value = match source.dyn_ref::<Function>() {
            Some(function) => function.call0(&JsValue::UNDEFINED).map_err(Error::Caller)?,
            None => source.clone(),
        };
        if !value.is_object() {
            return Ok(value);
        }
        self.abort
            .race(&Promise::resolve(&value), None)
            .await
            .map_err(|rejection| self.abort.caller(rejection))
    }
}

/// Tells the engine to let go of a request whose call is over before its answer is.
struct Exchange {
    controller: AbortController,
    open: Cell<bool>,
}

impl Exchange {
    fn new() -> Result<Self, JsValue> {
        Ok(Self {
            controller: AbortController::new()?,
            open: Cell::new(true),
        })
    }

    fn done(&self) {
        self.open.set(false);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if self.open.get() {
            self.controller.abort();
        }
    }
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting on a plain object of our own cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

/// The property of that name, if it is a string.
fn string_at(value: &JsValue, name: &str) -> Option<String> {
    Reflect::get(value, &name.into()).ok()?.as_string()
}

fn read_status(response: &JsValue) -> Option<u16> {
    let status = Reflect::get(response, &"status".into()).ok()?.as_f64()?;
    (0.0..1_000.0).contains(&status).then_some(status as u16)
}

fn has_shape(data: &JsValue, output: Output) -> bool {
    let is_array = js_sys::Array::is_array(data);
    match output {
        Output::Nothing => true,
        Output::Object => data.is_object() && !is_array,
        Output::Array => is_array,
        Output::Offset(items) => {
            is_array
                || Reflect::get(data, &items.into())
                    .is_ok_and(|items| js_sys::Array::is_array(&items))
        }
    }
}

/// Did the engine say that it never reached the server? Only some runtimes tell.
fn never_connected(rejection: &JsValue) -> bool {
    let cause = Reflect::get(rejection, &"cause".into()).unwrap_or_default();
    let code = string_at(&cause, "code").unwrap_or_default();
    [
        "ECONNREFUSED",
        "ENOTFOUND",
        "EAI_AGAIN",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "UND_ERR_CONNECT_TIMEOUT",
    ]
    .contains(&code.as_str())
}
