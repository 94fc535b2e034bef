//! One call from its request to its answer: the only place that performs IO.

mod attempt;

use alloc::boxed::Box;
use core::cell::Cell;

use js_sys::{Date, Math, Object, TypeError};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;
use web_sys::Response;

use crate::{
    engine::{self, set},
    error::{Code, Error, Failure},
    observe,
    operations::Method,
    request::{Request, Turn},
    retry::{self, Ending},
    settings::{CallOptions, Settings, Token, until_ms},
    transport::{Broken, Guard, Signal},
};

const MAX_RETRIES: u32 = 2;
/// How long an attempt may take unless the caller says otherwise, in milliseconds.
const TIMEOUT_MS: f64 = 60_000.0;
/// How long a call without a deadline goes on after its first refusal, in milliseconds.
const PATIENCE_MS: f64 = 300_000.0;

/// An answer that is one of success.
#[derive(Debug)]
pub struct Reply {
    pub data: JsValue,
    pub response: Response,
    pub attempts: u32,
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
pub struct Prepared {
    pub request: Request,
    options: CallOptions,
    signal: Option<Signal>,
    /// When the call has to be over, with all its pages, in milliseconds like the clock's.
    pub until_ms: f64,
    /// What the JavaScript face wants back if nobody knows what became of the call.
    pub aside: JsValue,
}

impl Prepared {
    /// The time of the call begins to run.
    pub fn new(request: Request, options: CallOptions, settings: &Settings) -> Self {
        let options = options.over(&settings.defaults);
        let signal = options.signal.clone();
        Self {
            request,
            signal: signal.map(|source| Signal::new(source, &settings.signals)),
            until_ms: until_ms(options.deadline_ms),
            options,
            aside: JsValue::UNDEFINED,
        }
    }

    fn signal(&self) -> Option<&Signal> {
        self.signal.as_ref()
    }

    /// The signal as the caller gave it.
    pub fn own_signal(&self) -> Option<&AbortSignal> {
        self.options.signal.as_ref()
    }

    /// Fails once the call was aborted or its deadline has passed: what was read before is not given then.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(signal) = self.signal().filter(|signal| signal.is_aborted()) {
            return Err(Error::Caller(signal.reason()));
        }
        if self.left_ms() > 0.0 {
            return Ok(());
        }
        let (operation, none) = (self.request.operation.name, JsValue::UNDEFINED);
        let failure = Failure::new(Code::Deadline, operation, 0, none, None);
        Err(Error::Failed(failure))
    }

    fn is_aborted(&self) -> bool {
        self.signal().is_some_and(Signal::is_aborted)
    }

    /// How long an attempt may take from now on, in milliseconds, and what it means that this time is up.
    fn limit(&self) -> (f64, Code) {
        let limit_ms = self.options.timeout_ms.unwrap_or(TIMEOUT_MS);
        let left_ms = self.left_ms();
        if left_ms <= limit_ms {
            (left_ms, Code::Deadline)
        } else {
            (limit_ms, Code::Timeout)
        }
    }

    fn left_ms(&self) -> f64 {
        // The engine is not asked for the time where it makes no difference.
        if self.until_ms.is_finite() {
            self.until_ms - Date::now()
        } else {
            f64::INFINITY
        }
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
    /// May it still carry one of them out?
    is_open: bool,
    /// When the last attempt was handed to fetch; NaN before that.
    sent_at_ms: Cell<f64>,
    /// What `beforeRequest` gave: a function that is called before the call waits to be repeated.
    before_retry: Cell<JsValue>,
    /// The last failure.
    last: Option<Box<Failure>>,
    /// The token of the last attempt.
    token: Cell<JsValue>,
    /// A token that the server refused.
    rejected: JsValue,
    /// What proves to a proxy that a change comes from a page of the caller's own.
    csrf: Option<JsValue>,
    /// One that the proxy refused.
    refused_csrf: JsValue,
    /// What is sent: the text of JSON, or `{ bytes, type }` of a form.
    body: Option<JsValue>,
}

/// Performs a request: the only function that does.
pub async fn execute(
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
        is_open: false,
        sent_at_ms: Cell::default(),
        before_retry: Cell::default(),
        last: None,
        token: Cell::default(),
        rejected: JsValue::UNDEFINED,
        csrf: None,
        refused_csrf: JsValue::UNDEFINED,
        body: None,
    };
    if *turn == Turn::Missing {
        let failure = call.failure(Code::Incomplete, JsValue::UNDEFINED, None);
        return Err(Error::Failed(failure));
    }
    if let Some(body) = &prepared.request.body {
        call.body = Some(call.read_body(body).await?);
    }
    loop {
        if let Err(error) = call.ask_csrf().await {
            return Err(call.conclude(error));
        }
        let turn = settings
            .limiter
            .permit(prepared.left_ms(), prepared.signal());
        let permit = match turn.await {
            Ok(permit) => permit,
            Err(broken) => return Err(call.interrupted(broken, Code::Deadline)),
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
    fn is_change(&self) -> bool {
        self.prepared.request.operation.method != Method::Get
    }

    /// Reads a file to its end: once for all attempts, and before the call takes a place in the queue.
    async fn read_body(&mut self, body: &JsValue) -> Result<JsValue, Error> {
        if !body.is_function() {
            return Ok(body.clone());
        }
        let (ms, late) = self.prepared.limit();
        let mut guard = Guard::new(ms, self.prepared.signal())
            .map_err(|broken| self.interrupted(broken, late))?;
        let read = ask(
            body,
            &guard.engine_signal(self.settings.new_abort_controller),
            &JsValue::UNDEFINED,
        )?;
        let read = guard.race(Ok(read)).await;
        if read.is_ok() {
            guard.complete();
        }
        drop(guard);
        read.map_err(|broken| self.interrupted(broken, late))
    }

    /// Before the call waits for its turn: whoever gives the value may make a call to get it.
    async fn ask_csrf(&mut self) -> Result<(), Error> {
        let Some(source) = &self.settings.csrf else {
            return Ok(());
        };
        if self.csrf.is_some() || !self.is_change() {
            return Ok(());
        }
        let csrf = ask(source, &self.refused_csrf, &JsValue::UNDEFINED)?;
        if csrf.is_string() {
            self.csrf = Some(csrf);
            return Ok(());
        }
        let (ms, late) = self.prepared.limit();
        let given = match Guard::new(ms, self.prepared.signal()) {
            Ok(guard) => guard.race(Ok(csrf)).await,
            Err(broken) => Err(broken),
        };
        self.csrf = Some(given.map_err(|broken| self.interrupted(broken, late))?);
        Ok(())
    }

    /// Waits until the call may be made again; fails if it may not be.
    async fn recover(&mut self, Setback { ending, error }: Setback) -> Result<(), Error> {
        self.may_be_done |= retry::may_have_acted(ending);
        self.is_open |= retry::may_still_act(ending);
        let hint_ms = match &error {
            Error::Failed(failure) => failure.retry_after_ms,
            Error::Caller(thrown) => engine::own(thrown, "retryAfterMs").as_f64(),
            Error::Invalid(_) => None,
        };
        let Some(wait_ms) = self.wait_ms(ending, hint_ms) else {
            return Err(self.conclude(error));
        };
        let before_retry = self.before_retry.take();
        if before_retry.is_function() {
            // What it throws is its own, as with an observer.
            let may_be_done = self.may_be_done.into();
            let _ = engine::call(&before_retry, &may_be_done, &JsValue::UNDEFINED);
        }
        self.tell("onRetry", &|event| {
            set(event, "waitMs", &wait_ms.into());
            observe::error(event, &error);
        });
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
        slept.map_err(|broken| self.interrupted(broken, Code::Deadline))
    }

    /// In how many milliseconds the call may be made again, if it may.
    fn wait_ms(&mut self, ending: Ending, hint_ms: Option<f64>) -> Option<f64> {
        // Whoever supplies tokens is asked for another one, once.
        let is_supplied = matches!(self.settings.token, Token::Supplied(_));
        if ending == Ending::Answered(401) && is_supplied && self.rejected.is_undefined() {
            self.rejected = self.token.take();
            return Some(0.0);
        }
        let is_asked = |csrf: &JsValue| csrf.is_function() && self.refused_csrf.is_undefined();
        if ending == Ending::CsrfRefused && self.settings.csrf.as_ref().is_some_and(is_asked) {
            self.refused_csrf = self.csrf.take().unwrap_or_default();
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
            let idempotency = self.prepared.request.operation.idempotency;
            if self.retries >= max_retries || !retry::may_repeat(idempotency, ending) {
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
    fn conclude(&self, error: Error) -> Error {
        let unknown = |mut failure: Box<Failure>| {
            failure.own_code = (!self.is_open).then_some(failure.code);
            failure.code = Code::OutcomeUnknown;
            Error::Failed(failure)
        };
        let thrown = |cause| unknown(self.failure(Code::Server, cause, None));
        match error {
            _ if !self.is_change() || !self.may_be_done => error,
            Error::Failed(failure) => unknown(failure),
            // Who aborts does not ask any more.
            Error::Caller(_) if self.prepared.is_aborted() => error,
            Error::Caller(cause) => thrown(cause),
            Error::Invalid(fault) => thrown(TypeError::new(&fault).into()),
        }
    }

    /// The error of a call that was ended while it waited outside of an attempt; `late` is what it means that time is up.
    fn interrupted(&mut self, broken: Broken, late: Code) -> Error {
        match broken {
            Broken::Aborted(reason) | Broken::Failed(reason) => Error::Caller(reason),
            Broken::Late => {
                let last = self.last.take();
                let mut failure =
                    last.unwrap_or_else(|| self.failure(late, JsValue::UNDEFINED, None));
                failure.code = late;
                self.conclude(Error::Failed(failure))
            }
        }
    }

    fn failure(&self, code: Code, cause: JsValue, response: Option<Response>) -> Box<Failure> {
        let operation = self.prepared.request.operation.name;
        Failure::new(code, operation, self.attempts, cause, response)
    }

    /// Tells an observer about the attempt.
    fn tell(&self, observer: &str, fill: &dyn Fn(&Object)) {
        observe::attempt(self.settings, observer, self.prepared, self.attempts, fill);
    }

    fn tell_outcome(&self, outcome: &Result<Reply, Setback>) {
        let sent_at_ms = self.sent_at_ms.get();
        if !sent_at_ms.is_nan() {
            self.tell("onResponse", &|event| {
                set(event, "durationMs", &(Date::now() - sent_at_ms).into());
                match outcome {
                    Ok(reply) => observe::response(event, &reply.response),
                    Err(setback) => observe::error(event, &setback.error),
                }
            });
        }
    }
}

/// The value of a setting, asked for where it is a function.
pub(crate) fn ask(
    source: &JsValue,
    argument: &JsValue,
    signal: &JsValue,
) -> Result<JsValue, Error> {
    if source.is_function() {
        engine::call(source, argument, signal).map_err(Error::Caller)
    } else {
        Ok(source.clone())
    }
}
