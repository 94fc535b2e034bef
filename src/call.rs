//! One call from its request to its answer: the only place that performs IO.

use alloc::boxed::Box;
use core::cell::Cell;

use js_sys::{Array, Date, Function, JsString, Math, Object, Promise, TypeError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, RequestInit, RequestRedirect, Response};

use crate::{
    engine::{self, concat, set},
    error::{Code, Error, Failure},
    limiter::Permit,
    observe,
    operations::{Method, Output},
    pace::Told,
    request::{Request, Turn},
    retry::{self, Ending},
    settings::{CallOptions, Settings, checked_token},
    transport::{self, Broken, Guard},
};

const TIMEOUT_MS: f64 = 60_000.0;
const MAX_RETRIES: u32 = 2;
/// How long a call without a deadline goes on after its first refusal, in milliseconds.
const PATIENCE_MS: f64 = 300_000.0;

/// An answer that is one of success.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) data: JsValue,
    pub(crate) response: Response,
    #[cfg_attr(not(feature = "rust"), expect(dead_code))]
    pub(crate) attempts: u32,
}

/// Why an attempt did not succeed.
struct Setback {
    ending: Ending,
    error: Error,
}

impl From<Error> for Setback {
    fn from(error: Error) -> Self {
        let ending = Ending::Over;
        Self { ending, error }
    }
}

/// What a call was given, read and checked.
pub(crate) struct Prepared {
    pub(crate) request: Request,
    options: CallOptions,
    /// When the call has to be over, with all its pages, in milliseconds like the clock's.
    until_ms: f64,
    /// What the JavaScript face wants back if nobody knows what became of the call.
    #[cfg(feature = "js")]
    pub(crate) aside: JsValue,
}

impl Prepared {
    /// The time of the call begins to run.
    pub(crate) fn new(request: Request, options: CallOptions, settings: &Settings) -> Self {
        let options = options.over(&settings.defaults);
        let deadline_ms = options.deadline_ms.unwrap_or(f64::INFINITY);
        Self {
            request,
            options,
            until_ms: Date::now() + deadline_ms,
            #[cfg(feature = "js")]
            aside: JsValue::UNDEFINED,
        }
    }

    fn signal(&self) -> Option<&AbortSignal> {
        self.options.signal.as_ref()
    }

    fn left_ms(&self) -> f64 {
        self.until_ms - Date::now()
    }
}

/// One call under way.
struct Call<'a> {
    settings: &'a Settings,
    prepared: &'a Prepared,
    turn: &'a Turn,
    attempts: u32,
    /// How often it failed and was sent again.
    retries: u32,
    /// When it was first refused of the times in a row.
    refused_at_ms: Option<f64>,
    /// May the server have carried it out in one of the attempts?
    may_be_done: bool,
    /// When the last attempt was handed to fetch; NaN before that.
    sent_at_ms: Cell<f64>,
    /// The last failure.
    last: Option<Box<Failure>>,
    /// The token of the last attempt.
    token: Cell<JsValue>,
    /// A token that the server refused.
    rejected: JsValue,
    /// What proves to a proxy that a change comes from a page of the caller's own.
    csrf: JsValue,
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
        retries: 0,
        refused_at_ms: None,
        may_be_done: false,
        sent_at_ms: Cell::default(),
        last: None,
        token: Cell::default(),
        rejected: JsValue::UNDEFINED,
        csrf: JsValue::UNDEFINED,
    };
    if prepared.request.operation.method != Method::Get {
        call.ask_csrf().await?;
    }
    loop {
        let turn = settings
            .limiter
            .permit(prepared.left_ms(), prepared.signal());
        let permit = match turn.await {
            Ok(permit) => permit,
            Err(broken) => return Err(call.interrupted(broken)),
        };
        call.attempts = call.attempts.saturating_add(1);
        call.sent_at_ms.set(f64::NAN);
        let outcome = call.attempt(permit).await;
        call.tell_outcome(&outcome);
        match outcome {
            Ok(reply) => return Ok(reply),
            Err(setback) => call.recover(setback).await?,
        }
    }
}

impl Call<'_> {
    /// Before the call waits for its turn: whoever gives the value may make a call to get it.
    async fn ask_csrf(&mut self) -> Result<(), Error> {
        let none = JsValue::UNDEFINED;
        let csrf = ask(&self.settings.csrf, &none, &none)?;
        if !csrf.has_type::<Promise>() {
            self.csrf = csrf;
            return Ok(());
        }
        let given = match Guard::new(self.prepared.left_ms(), self.prepared.signal()) {
            Ok(guard) => guard.race(Ok(csrf)).await,
            Err(broken) => Err(broken),
        };
        self.csrf = given.map_err(|broken| self.interrupted(broken))?;
        Ok(())
    }

    /// Waits until the call may be made again; fails if it may not be.
    async fn recover(&mut self, Setback { ending, error }: Setback) -> Result<(), Error> {
        self.may_be_done |= retry::may_have_acted(ending);
        let hint_ms = match &error {
            Error::Failed(failure) => failure.retry_after_ms,
            Error::Caller(thrown) => engine::get(thrown, "retryAfterMs").as_f64(),
            Error::Invalid(_) => None,
        };
        let Some(wait_ms) = self.wait_ms(ending, hint_ms) else {
            return Err(self.conclude(ending, error));
        };
        self.tell_retry(&error, wait_ms);
        if let Error::Failed(failure) = error {
            self.last = Some(failure);
        }
        // After a refusal the limiter waits, for all calls together.
        if ending == Ending::Answered(429) || wait_ms == 0.0 {
            return Ok(());
        }
        let slept = match Guard::new(wait_ms, self.prepared.signal()) {
            Ok(guard) => guard.sleep().await,
            Err(broken) => Err(broken),
        };
        slept.map_err(|broken| self.interrupted(broken))
    }

    /// In how many milliseconds the call may be made again, if it may.
    fn wait_ms(&mut self, ending: Ending, hint_ms: Option<f64>) -> Option<f64> {
        // Whoever supplies tokens is asked for another one, once.
        let is_supplied = self.settings.token.is_function();
        if ending == Ending::Answered(401) && is_supplied && self.rejected.is_undefined() {
            self.rejected = self.token.take();
            return Some(0.0);
        }
        let max_retries = self.prepared.options.max_retries.unwrap_or(MAX_RETRIES);
        let wait_ms = if ending == Ending::Answered(429) {
            let now_ms = Date::now();
            let since_ms = *self.refused_at_ms.get_or_insert(now_ms);
            let is_endless = self.prepared.until_ms == f64::INFINITY;
            if max_retries == 0 || is_endless && now_ms - since_ms >= PATIENCE_MS {
                return None;
            }
            hint_ms.unwrap_or(0.0)
        } else {
            let repeat = self.prepared.request.operation.repeat;
            if self.retries >= max_retries || !retry::may_repeat(repeat, ending) {
                return None;
            }
            self.refused_at_ms = None;
            self.retries = self.retries.saturating_add(1);
            retry::wait_ms(self.retries, hint_ms, Math::random())
        };
        // What cannot end in time is not begun.
        (wait_ms < self.prepared.left_ms()).then_some(wait_ms)
    }

    /// The error that a call ends with. Whoever asked for a change has to know if it may have been
    /// made, whatever the last attempt ended with.
    fn conclude(&self, ending: Ending, error: Error) -> Error {
        let is_change = self.prepared.request.operation.method != Method::Get;
        match error {
            _ if !is_change || !self.may_be_done || ending == Ending::Over => error,
            Error::Failed(mut failure) => {
                failure.code = Code::OutcomeUnknown;
                Error::Failed(failure)
            }
            Error::Caller(cause) => Error::Failed(self.failure(Code::OutcomeUnknown, cause, None)),
            Error::Invalid(_) => error,
        }
    }

    /// The error of a call that was ended while it waited between attempts.
    fn interrupted(&mut self, broken: Broken) -> Error {
        match broken {
            Broken::Aborted(reason) | Broken::Failed(reason) => Error::Caller(reason),
            Broken::Late => {
                let last = self.last.take();
                let mut failure =
                    last.unwrap_or_else(|| self.failure(Code::Deadline, JsValue::UNDEFINED, None));
                failure.code = Code::Deadline;
                self.conclude(Ending::Unsent, Error::Failed(failure))
            }
        }
    }

    /// Sends the request once.
    async fn attempt(&self, permit: Permit<'_>) -> Result<Reply, Setback> {
        let options = &self.prepared.options;
        let limit_ms = options.timeout_ms.unwrap_or(TIMEOUT_MS);
        let left_ms = self.prepared.left_ms();
        let late = if left_ms <= limit_ms {
            Code::Deadline
        } else {
            Code::Timeout
        };
        let broken = |broken, response| self.broken(broken, late, response);
        let mut guard = Guard::new(limit_ms.min(left_ms), self.prepared.signal())
            .map_err(|fault| broken(fault, None))?;
        let signal = guard.engine_signal().map_err(|fault| broken(fault, None))?;
        let mut given = Array::of2(
            &ask(&options.headers, &JsValue::UNDEFINED, &signal)?,
            &ask(&self.settings.token, &self.rejected, &signal)?,
        );
        if given.get(0).has_type::<Promise>() || given.get(1).has_type::<Promise>() {
            given = match guard.race(Ok(Promise::all(&given).into())).await {
                Ok(given) => given.unchecked_into(),
                Err(Broken::Failed(thrown)) => return Err(refused_token(thrown)),
                Err(fault) => return Err(broken(fault, None)),
            };
        }
        self.token.set(given.get(1));
        let sent = self.send(&signal, &given.get(0), &given.get(1))?;
        let response = guard.race(sent).await;
        let response = response.map_err(|fault| broken(fault, None))?;
        if !engine::is_response(&response) {
            let cause = TypeError::new("fetch must resolve to a Response").into();
            // It may have been sent all the same.
            return Err(Setback {
                ending: Ending::Answered(200),
                error: Error::Failed(self.failure(Code::BadResponse, cause, None)),
            });
        }
        let response: Response = response.unchecked_into();
        permit.answered(told(&response));
        observe::rate_limit(self.settings);
        match guard.race(response.text().map(JsValue::from)).await {
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
        signal: &AbortSignal,
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
        if request.operation.heeds_custom_domain() && !self.settings.custom_domain.is_undefined() {
            set(
                &headers,
                "auth0-custom-domain",
                &self.settings.custom_domain,
            );
        }
        Object::assign(&headers, own_headers.unchecked_ref());
        if !self.settings.token.is_undefined() {
            let token = concat(&["Bearer ", &checked_token("token", token)?]);
            set(&headers, "authorization", &token.into());
        }
        if !self.csrf.is_undefined() {
            let csrf = checked_token("csrf", &self.csrf)?;
            set(&headers, "x-csrf-token", &csrf.into());
        }
        if !self.settings.credentials.is_undefined() {
            set(&init, "credentials", &self.settings.credentials);
        }
        init.set_method(request.operation.method.as_str());
        init.set_headers(&headers);
        init.set_signal(Some(signal));
        // A redirect could carry the token to another host. Not "error": some runtimes lack it.
        init.set_redirect(RequestRedirect::Manual);
        let url = request.url(&self.settings.base_url, self.turn);
        self.tell_request();
        self.sent_at_ms.set(Date::now());
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
        let mut failure = self.failure(code, cause, Some(response));
        if let (429 | 503, Some(response)) = (status, &failure.response) {
            failure.retry_after_ms = hint_ms(response);
        }
        failure.body = body;
        Err(Setback {
            ending: Ending::Answered(status),
            error: Error::Failed(failure),
        })
    }

    /// What a failed wait means for the attempt; `late` is what it means that time is up.
    fn broken(&self, broken: Broken, late: Code, response: Option<Response>) -> Setback {
        let (ending, code, cause) = match broken {
            Broken::Aborted(reason) => return Error::Caller(reason).into(),
            Broken::Late if self.sent_at_ms.get().is_nan() => {
                (Ending::Over, late, JsValue::UNDEFINED)
            }
            Broken::Late => (Ending::Late, late, JsValue::UNDEFINED),
            Broken::Failed(rejection) if never_connected(&rejection) => {
                (Ending::Unsent, Code::Network, rejection)
            }
            Broken::Failed(rejection) => (Ending::Lost, Code::Network, rejection),
        };
        let error = Error::Failed(self.failure(code, cause, response));
        Setback { ending, error }
    }

    fn failure(&self, code: Code, cause: JsValue, response: Option<Response>) -> Box<Failure> {
        let operation = self.prepared.request.operation.name;
        Failure::new(code, operation, self.attempts, cause, response)
    }

    fn tell_request(&self) {
        observe::attempt(
            self.settings,
            "onRequest",
            self.prepared,
            self.attempts,
            &|_| {},
        );
    }

    fn tell_outcome(&self, outcome: &Result<Reply, Setback>) {
        let sent_at_ms = self.sent_at_ms.get();
        if sent_at_ms.is_nan() {
            return;
        }
        let name = "onResponse";
        observe::attempt(
            self.settings,
            name,
            self.prepared,
            self.attempts,
            &|event| {
                set(event, "durationMs", &(Date::now() - sent_at_ms).into());
                match outcome {
                    Ok(reply) => observe::response(event, &reply.response),
                    Err(setback) => observe::error(event, &setback.error),
                }
            },
        );
    }

    fn tell_retry(&self, error: &Error, wait_ms: f64) {
        let name = "onRetry";
        observe::attempt(
            self.settings,
            name,
            self.prepared,
            self.attempts,
            &|event| {
                set(event, "waitMs", &wait_ms.into());
                observe::error(event, error);
            },
        );
    }
}

/// What the caller's own function throws is passed on as it is. A token that the tenant failed to
/// give may be asked for again: nothing was sent.
fn refused_token(thrown: JsValue) -> Setback {
    let is_passing = engine::get(&thrown, "isPassing").is_truthy();
    Setback {
        ending: if is_passing {
            Ending::Unsent
        } else {
            Ending::Over
        },
        error: Error::Caller(thrown),
    }
}

/// The value of a setting, asked for where it is a function.
pub(crate) fn ask(
    source: &JsValue,
    argument: &JsValue,
    signal: &JsValue,
) -> Result<JsValue, Error> {
    match source.dyn_ref::<Function>() {
        Some(function) => function
            .call2(&JsValue::UNDEFINED, argument, signal)
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
    let remaining = engine::number(response, "x-ratelimit-remaining");
    let between_origins = || engine::get(response, "type") == "cors";
    Told {
        limit: engine::number(response, "x-ratelimit-limit"),
        remaining,
        reset_ms: match hint_ms(response) {
            Some(ms) => Date::now() + ms,
            None => f64::NAN,
        },
        refused: response.status() == 429,
        unreadable: remaining.is_nan() && between_origins(),
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
