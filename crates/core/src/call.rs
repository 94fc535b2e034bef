//! A call from its request to its response: the only code that performs IO.

mod attempt;
mod prepared;
mod response;

use alloc::boxed::Box;
use core::cell::Cell;

use js_sys::{Date, Math, Object, TypeError};
use wasm_bindgen::JsValue;

pub use self::prepared::{PreparedRequest, Response};
use crate::config::{ClientConfig, TokenSource};
use crate::engine::{self, set};
use crate::error::{Code, Error, Failure};
use crate::observe;
use crate::operations::Method;
use crate::request::Cursor;
use crate::retry::{self, AttemptOutcome};
use crate::timeout::{Timeout, WaitError};

const MAX_RETRIES: u32 = 2;
/// How long a call without a deadline retries after its first 429 in a row, in milliseconds.
const MAX_RATE_LIMIT_WAIT_MS: f64 = 300_000.0;

/// Why an attempt failed.
struct AttemptError {
    outcome: AttemptOutcome,
    error: Error,
}

impl From<Error> for AttemptError {
    fn from(error: Error) -> Self {
        let outcome = AttemptOutcome::Final;
        Self { outcome, error }
    }
}

/// The state of a call.
struct Call<'a> {
    config: &'a ClientConfig,
    prepared: &'a PreparedRequest,
    cursor: &'a Cursor,
    attempts: u32,
    /// How many retries followed a failure; those after a 429 do not count.
    retries: u32,
    /// When the first of the consecutive 429 responses came.
    refused_at_ms: Option<f64>,
    /// Whether the server may have applied the change in an attempt.
    may_be_applied: bool,
    /// Whether the server may still apply the change.
    may_still_be_applied: bool,
    /// When the last attempt was sent; NaN before that.
    sent_at_ms: Cell<f64>,
    /// A function that `beforeRequest` returned. It is called before a retry.
    before_retry: Cell<JsValue>,
    last_failure: Option<Box<Failure>>,
    /// The token of the last attempt.
    token: Cell<JsValue>,
    /// The token that the server refused.
    refused_token: JsValue,
    csrf: Option<JsValue>,
    /// The CSRF token that the proxy refused.
    refused_csrf: JsValue,
    /// The text of JSON, or `{ bytes, type }` of a form.
    body: Option<JsValue>,
}

/// Executes a call, with all its retries.
pub async fn execute(
    config: &ClientConfig,
    prepared: &PreparedRequest,
    cursor: &Cursor,
) -> Result<Response, Error> {
    let mut call = Call {
        config,
        prepared,
        cursor,
        attempts: 0,
        retries: 0,
        refused_at_ms: None,
        may_be_applied: false,
        may_still_be_applied: false,
        sent_at_ms: Cell::default(),
        before_retry: Cell::default(),
        last_failure: None,
        token: Cell::default(),
        refused_token: JsValue::UNDEFINED,
        csrf: None,
        refused_csrf: JsValue::UNDEFINED,
        body: None,
    };
    if *cursor == Cursor::Incomplete {
        let failure = call.failure(Code::Incomplete, JsValue::UNDEFINED, None);
        return Err(Error::Failed(failure));
    }
    if let Some(body) = &prepared.request.body {
        call.body = Some(call.read_body(body).await?);
    }
    loop {
        if let Err(error) = call.read_csrf().await {
            return Err(call.final_error(error));
        }
        let permit = config.limiter.permit(prepared.left_ms(), prepared.signal());
        let permit = match permit.await {
            Ok(permit) => permit,
            Err(error) => return Err(call.wait_failed(error, Code::Deadline)),
        };
        call.attempts = call.attempts.saturating_add(1);
        call.sent_at_ms.set(f64::NAN);
        let result = call.attempt(permit).await;
        call.notify_response(&result);
        match result {
            Ok(response) => return Ok(response),
            Err(error) => call.before_retry(error).await?,
        }
    }
}

impl Call<'_> {
    fn is_write(&self) -> bool {
        self.prepared.request.operation.method != Method::Get
    }

    /// Reads a file to its end, once for all attempts and before the call waits for a permit.
    async fn read_body(&mut self, body: &JsValue) -> Result<JsValue, Error> {
        if !body.is_function() {
            return Ok(body.clone());
        }
        let (ms, timeout_code) = self.prepared.time_limit();
        let mut timeout = Timeout::new(ms, self.prepared.signal())
            .map_err(|error| self.wait_failed(error, timeout_code))?;
        let signal = timeout.request_signal(self.config.new_abort_controller);
        let read = resolve(body, &signal, &JsValue::UNDEFINED)?;
        let read = timeout.race(Ok(read)).await;
        if read.is_ok() {
            timeout.complete();
        }
        drop(timeout);
        read.map_err(|error| self.wait_failed(error, timeout_code))
    }

    /// Reads the CSRF token before the call waits for a permit, since the caller's function may make a call itself.
    async fn read_csrf(&mut self) -> Result<(), Error> {
        let Some(source) = &self.config.csrf else {
            return Ok(());
        };
        if self.csrf.is_some() || !self.is_write() {
            return Ok(());
        }
        let csrf = resolve(source, &self.refused_csrf, &JsValue::UNDEFINED)?;
        if csrf.is_string() {
            self.csrf = Some(csrf);
            return Ok(());
        }
        let (ms, timeout_code) = self.prepared.time_limit();
        let csrf = match Timeout::new(ms, self.prepared.signal()) {
            Ok(timeout) => timeout.race(Ok(csrf)).await,
            Err(error) => Err(error),
        };
        self.csrf = Some(csrf.map_err(|error| self.wait_failed(error, timeout_code))?);
        Ok(())
    }

    /// Waits until the call may be retried; fails if it must not be.
    async fn before_retry(
        &mut self,
        AttemptError { outcome, error }: AttemptError,
    ) -> Result<(), Error> {
        self.may_be_applied |= retry::may_be_applied(outcome);
        self.may_still_be_applied |= retry::may_still_be_applied(outcome);
        let retry_after_ms = match &error {
            Error::Failed(failure) => failure.retry_after_ms,
            Error::Caller(thrown) => engine::own(thrown, "retryAfterMs").as_f64(),
            Error::Invalid(_) => None,
        };
        let Some(wait_ms) = self.retry_in_ms(outcome, retry_after_ms) else {
            return Err(self.final_error(error));
        };
        let before_retry = self.before_retry.take();
        if before_retry.is_function() {
            // Its exceptions are ignored, as those of observers are.
            let may_be_applied = self.may_be_applied.into();
            let _ = engine::call(&before_retry, &may_be_applied, &JsValue::UNDEFINED);
        }
        self.notify("onRetry", &|event| {
            set(event, "waitMs", &wait_ms.into());
            observe::add_error(event, &error);
        });
        if let Error::Failed(failure) = error {
            self.last_failure = Some(failure);
        }
        // After a 429, the rate limiter pauses all calls together.
        if outcome == AttemptOutcome::ApiError(429) || wait_ms == 0.0 {
            return Ok(());
        }
        let slept = match Timeout::new(wait_ms, self.prepared.signal()) {
            Ok(timeout) => timeout.sleep().await,
            Err(error) => Err(error),
        };
        slept.map_err(|error| self.wait_failed(error, Code::Deadline))
    }

    /// Returns in how many milliseconds the call may be retried, if it may be.
    fn retry_in_ms(&mut self, outcome: AttemptOutcome, retry_after_ms: Option<f64>) -> Option<f64> {
        // A function is called for another token, once.
        let is_function = matches!(self.config.token, TokenSource::Function(_));
        if outcome == AttemptOutcome::ApiError(401)
            && is_function
            && self.refused_token.is_undefined()
        {
            self.refused_token = self.token.take();
            return Some(0.0);
        }
        let may_ask = |csrf: &JsValue| csrf.is_function() && self.refused_csrf.is_undefined();
        if outcome == AttemptOutcome::CsrfRefused && self.config.csrf.as_ref().is_some_and(may_ask)
        {
            self.refused_csrf = self.csrf.take().unwrap_or_default();
            return Some(0.0);
        }
        let max_retries = self.prepared.options.max_retries.unwrap_or(MAX_RETRIES);
        let wait_ms = if outcome == AttemptOutcome::ApiError(429) {
            let now_ms = Date::now();
            let since_ms = *self.refused_at_ms.get_or_insert(now_ms);
            let has_deadline = self.prepared.until_ms != f64::INFINITY;
            if max_retries == 0 || !has_deadline && now_ms - since_ms >= MAX_RATE_LIMIT_WAIT_MS {
                return None;
            }
            retry_after_ms.unwrap_or(0.0)
        } else {
            let idempotency = self.prepared.request.operation.idempotency;
            if self.retries >= max_retries || !retry::may_retry(idempotency, outcome) {
                return None;
            }
            self.refused_at_ms = None;
            self.retries = self.retries.saturating_add(1);
            retry::backoff_ms(self.retries, retry_after_ms, Math::random())
        };
        // A wait that would end after the deadline is not started.
        (wait_ms < self.prepared.left_ms()).then_some(wait_ms)
    }

    /// Returns the error that the call fails with: if a write may have been applied, its outcome is unknown, whatever
    /// the last attempt failed with.
    fn final_error(&self, error: Error) -> Error {
        let unknown = |mut failure: Box<Failure>| {
            failure.settled_code = (!self.may_still_be_applied).then_some(failure.code);
            failure.code = Code::OutcomeUnknown;
            Error::Failed(failure)
        };
        let with_cause = |cause| unknown(self.failure(Code::Server, cause, None));
        match error {
            _ if !self.is_write() || !self.may_be_applied => error,
            Error::Failed(failure) => unknown(failure),
            // After an abort, the caller no longer wants to know.
            Error::Caller(_) if self.prepared.is_aborted() => error,
            Error::Caller(cause) => with_cause(cause),
            Error::Invalid(fault) => with_cause(TypeError::new(&fault).into()),
        }
    }

    /// Returns the error of a call whose wait outside of an attempt failed.
    fn wait_failed(&mut self, error: WaitError, timeout_code: Code) -> Error {
        match error {
            WaitError::Aborted(reason) | WaitError::Rejected(reason) => Error::Caller(reason),
            WaitError::TimedOut => {
                let last = self.last_failure.take();
                let mut failure =
                    last.unwrap_or_else(|| self.failure(timeout_code, JsValue::UNDEFINED, None));
                failure.code = timeout_code;
                self.final_error(Error::Failed(failure))
            }
        }
    }

    fn failure(
        &self,
        code: Code,
        cause: JsValue,
        response: Option<web_sys::Response>,
    ) -> Box<Failure> {
        let operation = self.prepared.request.operation;
        Failure::new(code, operation, self.attempts, cause, response)
    }

    /// Notifies an observer of the attempt.
    fn notify(&self, observer: &str, fill: &dyn Fn(&Object)) {
        observe::attempt(self.config, observer, self.prepared, self.attempts, fill);
    }

    fn notify_response(&self, result: &Result<Response, AttemptError>) {
        let sent_at_ms = self.sent_at_ms.get();
        if !sent_at_ms.is_nan() {
            self.notify("onResponse", &|event| {
                set(event, "durationMs", &(Date::now() - sent_at_ms).into());
                match result {
                    Ok(response) => observe::add_response(event, &response.http),
                    Err(failed) => observe::add_error(event, &failed.error),
                }
            });
        }
    }
}

/// Returns a value of the configuration; calls it if it is a function.
fn resolve(source: &JsValue, argument: &JsValue, signal: &JsValue) -> Result<JsValue, Error> {
    if source.is_function() {
        engine::call(source, argument, signal).map_err(Error::Caller)
    } else {
        Ok(source.clone())
    }
}
