//! One call from its request to its answer: the only place that performs IO.

use alloc::boxed::Box;
use core::cell::Cell;

use js_sys::{Array, Date, Function, JsString, Math, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, RequestInit, RequestRedirect, Response};

use crate::{
    error::{Code, Error, Failure},
    input::each,
    operations::Output,
    page,
    request::{Request, concat},
    retry::{self, Ending},
    settings::{CallOptions, Settings, Token, checked_token, header_name, header_value, set},
    transport::{self, Abort, Timer},
};

const TIMEOUT_MS: f64 = 60_000.0;
const MAX_RETRIES: u32 = 2;

/// An answer that is one of success.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) data: JsValue,
    pub(crate) response: Response,
    #[cfg_attr(not(feature = "rust"), expect(dead_code))]
    pub(crate) attempts: u32,
}

/// Why an attempt did not succeed.
enum Setback {
    /// The call is over.
    Final(Error),
    /// The call may be made again, if its operation allows.
    Failed(Ending, Box<Failure>),
}

impl From<Error> for Setback {
    fn from(error: Error) -> Self {
        Setback::Final(error)
    }
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
    settings: &Settings,
    request: &Request,
    options: &CallOptions,
) -> Result<Reply, Error> {
    let abort = Abort::listen(options.signal.as_ref()).map_err(Error::Caller)?;
    let mut call = Call {
        settings,
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
        let (ending, failure) = match call.attempt().await {
            Ok(reply) => return Ok(reply),
            Err(Setback::Final(error)) => return Err(error),
            Err(Setback::Failed(ending, failure)) => (ending, failure),
        };
        if call.attempts > max_retries || !retry::may_repeat(request.operation.repeat, ending) {
            return Err(Error::Failed(failure));
        }
        let wait = retry::wait_ms(call.attempts, failure.retry_after_ms, Math::random());
        call.abort.sleep(wait).await?;
    }
}

impl Call<'_> {
    /// Sends the request once.
    async fn attempt(&self) -> Result<Reply, Setback> {
        let headers = self.headers().await?;
        let timeout = self.options.timeout_ms.or(self.settings.call.timeout_ms);
        let limit = Timer::limit(timeout.unwrap_or(TIMEOUT_MS));
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
        let response = fetched.map_err(|rejection| self.broken(rejection, &limit, None))?;
        let Some(status) = page::get(&response, "status").as_f64() else {
            let cause = js_sys::TypeError::new("fetch must resolve to a Response").into();
            return Err(self.failed(Code::BadResponse, Ending::Unclear, cause, None));
        };
        let response: Response = response.unchecked_into();
        let text = match response.text() {
            Ok(promise) => self.abort.race(&promise, Some(&limit)).await,
            Err(thrown) => Err(thrown),
        };
        match text {
            Ok(text) => {
                exchange.open.set(false);
                self.judge(status as u16, text, response)
            }
            Err(rejection) => Err(self.broken(rejection, &limit, Some(response))),
        }
    }

    /// What a complete answer means.
    fn judge(&self, status: u16, text: JsValue, response: Response) -> Result<Reply, Setback> {
        let parsed = match text.unchecked_ref::<JsString>().length() {
            0 => Ok(JsValue::UNDEFINED),
            _ => transport::parse_json(&text),
        };
        let (readable, body, cause) = match parsed {
            Ok(value) => (true, value, JsValue::UNDEFINED),
            Err(cause) => (false, text, cause),
        };
        let output = self.request.operation.output;
        let code = if !(200..300).contains(&status) {
            // What is below is a redirect, which is never followed.
            if status < 400 {
                Code::BadResponse
            } else {
                Code::of_status(status)
            }
        } else if output == Output::Nothing || readable && has_shape(&body, output) {
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
        } else {
            Code::BadResponse
        };
        let mut setback = self.failed(code, Ending::Answered(status), cause, Some(response));
        if let Setback::Failed(_, failure) = &mut setback {
            failure.body = body;
        }
        Err(setback)
    }

    /// What a rejection means: the caller aborted, time ran out, or the connection broke.
    fn broken(&self, rejection: JsValue, limit: &Timer, response: Option<Response>) -> Setback {
        if let Some(reason) = self.abort.reason() {
            Setback::Final(Error::Caller(reason))
        } else if limit.fired(&rejection) {
            self.failed(Code::Timeout, Ending::Unclear, JsValue::UNDEFINED, response)
        } else {
            let ending = if never_connected(&rejection) {
                Ending::Unsent
            } else {
                Ending::Lost
            };
            self.failed(Code::Network, ending, rejection, response)
        }
    }

    fn failed(
        &self,
        code: Code,
        ending: Ending,
        cause: JsValue,
        response: Option<Response>,
    ) -> Setback {
        let operation = self.request.operation.name;
        let mut failure = Failure::new(code, operation, self.attempts, cause, response);
        if matches!(ending, Ending::Answered(429 | 503)) {
            failure.retry_after_ms = retry::hint_ms(
                failure.header("retry-after").as_deref(),
                failure.header("x-ratelimit-reset").as_deref(),
                Date::now(),
                &Date::parse,
            );
        }
        Setback::Failed(ending, failure)
    }

    /// The headers of one attempt, as a plain object with lower-case names.
    async fn headers(&self) -> Result<Object, Error> {
        let (names, mut values) = (Array::new(), Array::new());
        let mut later = false;
        let mut add = |name: &str, source: &JsValue| {
            let value = match source.dyn_ref::<Function>() {
                Some(function) => function.call0(&JsValue::UNDEFINED).map_err(Error::Caller)?,
                None => source.clone(),
            };
            later |= value.is_object();
            names.push(&name.into());
            values.push(&value);
            Ok(())
        };
        match &self.settings.token {
            Token::Absent => {}
            Token::Fixed(token) => add("authorization", &token.as_str().into())?,
            Token::Supplied(source) => add("authorization", source)?,
        }
        for own in [&self.settings.call.headers, &self.options.headers] {
            each("headers", own, &mut |name, value| {
                add(&header_name(name)?, &value)
            })?;
        }
        if later {
            let all = self.abort.race(&Promise::all(&values), None).await;
            values = all
                .map_err(|rejection| self.abort.caller(rejection))?
                .unchecked_into();
        }
        let headers = Object::new();
        if self.request.body.is_some() {
            set(&headers, "content-type", &"application/json".into());
        }
        for index in 0..names.length() {
            let (name, value) = (names.get(index), values.get(index));
            if name.as_string().as_deref() == Some("authorization") {
                let token = checked_token(value.as_string().unwrap_or_default())?;
                set(
                    &headers,
                    "authorization",
                    &concat(&["Bearer ", &token]).into(),
                );
            } else if value.is_null() || value.is_undefined() {
                // Deleting from a plain object cannot fail.
                let _ = Reflect::delete_property(&headers, &name);
            } else {
                let _ = Reflect::set(&headers, &name, &header_value(&value)?.into());
            }
        }
        Ok(headers)
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
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if self.open.get() {
            self.controller.abort();
        }
    }
}

fn has_shape(data: &JsValue, output: Output) -> bool {
    match output {
        Output::Nothing => true,
        Output::Object => data.is_object() && !Array::is_array(data),
        Output::Array => Array::is_array(data),
        Output::Offset(items) => Array::is_array(data) || Array::is_array(&page::get(data, items)),
    }
}

/// Did the engine say that it never reached the server? Only some runtimes tell.
fn never_connected(rejection: &JsValue) -> bool {
    let code = page::get(&page::get(rejection, "cause"), "code").as_string();
    let code = code.unwrap_or_default();
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
