//! One call from its request to its answer: the only place that performs IO.

use alloc::boxed::Box;
use core::cell::Cell;

use js_sys::{Array, Date, Function, JsString, Math, Object, Promise, TypeError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestInit, RequestRedirect, Response};

use crate::{
    engine::{self, concat, set},
    error::{Code, Error, Failure},
    limiter::{Permit, Told},
    operations::Output,
    request::{Request, Turn},
    retry::{self, Ending},
    settings::{CallOptions, Settings, checked_token},
    transport::{self, Broken, Guard},
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
    prepared: &'a Prepared,
    turn: &'a Turn,
    attempts: u32,
    /// The token of the last attempt.
    token: Cell<JsValue>,
    /// A token that the server refused.
    rejected: JsValue,
}

/// What a call was given, read and checked.
pub(crate) struct Prepared {
    pub(crate) request: Request,
    pub(crate) options: CallOptions,
}

/// Performs a request: the only function that does.
pub(crate) async fn execute(
    settings: &Settings,
    prepared: &Prepared,
    turn: &Turn,
) -> Result<Reply, Error> {
    let mut call = Call {
        settings,
        prepared,
        turn,
        attempts: 0,
        token: Cell::default(),
        rejected: JsValue::UNDEFINED,
    };
    let max_retries = prepared
        .options
        .max_retries
        .or(settings.defaults.max_retries);
    let signal = prepared.options.signal.as_ref();
    loop {
        let permit = settings.limiter.permit(signal).await?;
        call.attempts = call.attempts.saturating_add(1);
        let (ending, failure) = match call.attempt(permit).await {
            Ok(reply) => return Ok(reply),
            Err(Setback::Final(error)) => return Err(error),
            Err(Setback::Failed(ending, failure)) => (ending, failure),
        };
        // Whoever supplies tokens is asked for another one, once.
        let is_supplied = settings.token.is_function();
        if ending == Ending::Answered(401) && is_supplied && call.rejected.is_undefined() {
            call.rejected = call.token.take();
            continue;
        }
        let is_last = call.attempts > max_retries.unwrap_or(MAX_RETRIES);
        if is_last || !retry::may_repeat(prepared.request.operation.repeat, ending) {
            return Err(Error::Failed(failure));
        }
        // After a refusal the limiter waits, for all calls together.
        if ending != Ending::Answered(429) {
            let wait = retry::wait_ms(call.attempts, failure.retry_after_ms, Math::random());
            Guard::new(wait, signal)?.sleep().await?;
        }
    }
}

impl Call<'_> {
    /// Sends the request once.
    async fn attempt(&self, permit: Permit<'_>) -> Result<Reply, Setback> {
        let options = &self.prepared.options;
        let limit_ms = options.timeout_ms.or(self.settings.defaults.timeout_ms);
        let mut guard = Guard::new(limit_ms.unwrap_or(TIMEOUT_MS), options.signal.as_ref())?;
        let mut given = Array::of2(
            &ask(&options.headers, &JsValue::UNDEFINED)?,
            &ask(&self.settings.token, &self.rejected)?,
        );
        if given.get(0).has_type::<Promise>() || given.get(1).has_type::<Promise>() {
            given = match guard.race(Ok(Promise::all(&given).into())).await {
                Ok(given) => given.unchecked_into(),
                // What the caller's own function throws is passed on as it is.
                Err(Broken::Failed(thrown)) => return Err(Error::Caller(thrown).into()),
                Err(broken) => return Err(self.broken(broken, None)),
            };
        }
        self.token.set(given.get(1));
        let sent = self.send(&mut guard, &given.get(0), &given.get(1))?;
        let response = guard.race(sent).await;
        let response = response.map_err(|broken| self.broken(broken, None))?;
        if !engine::is_response(&response) {
            let cause = TypeError::new("fetch must resolve to a Response").into();
            return Err(self.failed(Code::BadResponse, Ending::Unclear, cause, None));
        }
        let response: Response = response.unchecked_into();
        permit.answered(told(&response));
        match guard.race(response.text().map(JsValue::from)).await {
            Ok(text) => {
                guard.complete();
                self.judge(text, response)
            }
            Err(broken) => Err(self.broken(broken, Some(response))),
        }
    }

    /// Hands the request to fetch. The inner error is what fetch throws.
    fn send(
        &self,
        guard: &mut Guard<'_>,
        own_headers: &JsValue,
        token: &JsValue,
    ) -> Result<Result<JsValue, JsValue>, Error> {
        let request = &self.prepared.request;
        let init = RequestInit::new();
        let headers = Object::new();
        if let Some(body) = &request.body {
            init.set_body(body);
            // The engine itself says what a form is, and where its parts end.
            if body.is_string() {
                set(&headers, "content-type", &"application/json".into());
            }
        }
        Object::assign(&headers, own_headers.unchecked_ref());
        if !self.settings.token.is_undefined() {
            let token = concat(&["Bearer ", &checked_token(token)?]);
            set(&headers, "authorization", &token.into());
        }
        init.set_method(request.operation.method.as_str());
        init.set_headers(&headers);
        init.set_signal(Some(&guard.engine_signal()?));
        // A redirect could carry the token to another host. Not "error": some runtimes lack it.
        init.set_redirect(RequestRedirect::Manual);
        let url = request.url(&self.settings.base_url, self.turn);
        Ok(transport::fetch(&self.settings.fetch, &url, &init))
    }

    /// What a complete answer means.
    fn judge(&self, text: JsValue, response: Response) -> Result<Reply, Setback> {
        let status = response.status();
        let parsed = match text.dyn_ref::<JsString>() {
            Some(empty) if empty.length() == 0 => Ok(JsValue::UNDEFINED),
            Some(text) => engine::parse_json(text),
            None => Err(TypeError::new("text() must resolve to a string").into()),
        };
        let (readable, body, cause) = match parsed {
            Ok(value) => (true, value, JsValue::UNDEFINED),
            Err(cause) => (false, text, cause),
        };
        let output = self.prepared.request.operation.output;
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

    /// What a failed wait means for the call.
    fn broken(&self, broken: Broken, response: Option<Response>) -> Setback {
        match broken {
            Broken::Aborted(reason) => Setback::Final(Error::Caller(reason)),
            Broken::Late => {
                self.failed(Code::Timeout, Ending::Unclear, JsValue::UNDEFINED, response)
            }
            Broken::Failed(rejection) => {
                let ending = if never_connected(&rejection) {
                    Ending::Unsent
                } else {
                    Ending::Lost
                };
                self.failed(Code::Network, ending, rejection, response)
            }
        }
    }

    fn failed(
        &self,
        code: Code,
        ending: Ending,
        cause: JsValue,
        response: Option<Response>,
    ) -> Setback {
        let operation = self.prepared.request.operation.name;
        let mut failure = Failure::new(code, operation, self.attempts, cause, response);
        if let (Ending::Answered(429 | 503), Some(response)) = (ending, &failure.response) {
            failure.retry_after_ms = hint_ms(response);
        }
        Setback::Failed(ending, failure)
    }
}

/// The value of a setting, asked for where it is a function.
fn ask(source: &JsValue, argument: &JsValue) -> Result<JsValue, Error> {
    match source.dyn_ref::<Function>() {
        Some(function) => function
            .call1(&JsValue::UNDEFINED, argument)
            .map_err(Error::Caller),
        None => Ok(source.clone()),
    }
}

/// How long the server asks to wait, in milliseconds.
fn hint_ms(response: &Response) -> Option<f64> {
    let after = engine::header(response, "retry-after");
    let reset = engine::number(response, "x-ratelimit-reset") * 1_000.0;
    let moments = [engine::parse_date(&after), reset];
    retry::hint_ms(engine::parse_number(&after), moments, Date::now())
}

/// What the answer tells the limiter.
fn told(response: &Response) -> Told {
    let refused = response.status() == 429;
    Told {
        remaining: engine::number(response, "x-ratelimit-remaining"),
        reset_ms: match hint_ms(response) {
            Some(ms) => Date::now() + ms,
            None => f64::NAN,
        },
        refused,
    }
}

fn has_shape(data: &JsValue, output: Output) -> bool {
    match output {
        Output::Nothing | Output::Any => true,
        Output::Object => data.is_object() && !Array::is_array(data),
        Output::Array => Array::is_array(data),
        Output::Offset(items) | Output::Checkpoint(items) => {
            Array::is_array(data) || Array::is_array(&engine::get(data, items))
        }
    }
}

/// Did the engine say that it never reached the server? Only some runtimes tell.
fn never_connected(rejection: &JsValue) -> bool {
    let code = engine::get(&engine::get(rejection, "cause"), "code").as_string();
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
