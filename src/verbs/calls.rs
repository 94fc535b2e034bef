//! Several calls that end together: at one deadline, and by one signal.

use core::{
    future::{Future, pending, poll_fn},
    pin::pin,
    task::Poll,
};

use js_sys::Date;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::{
    client::Client,
    error::{Code, Error, Failure},
    transport::{Broken, Guard},
};

/// What several calls share. Their time begins to run when it is made.
pub(super) struct Calls {
    client: Client,
    until_ms: f64,
}

impl Calls {
    pub(super) fn new(client: &Client) -> Self {
        Self::until(client, client.until_ms())
    }

    /// The same, but for a deadline where the caller gave none.
    pub(super) fn at_most(client: &Client, deadline_ms: f64) -> Self {
        let own = Some(client.until_ms()).filter(|until_ms| until_ms.is_finite());
        Self::until(client, own.unwrap_or_else(|| Date::now() + deadline_ms))
    }

    fn until(client: &Client, until_ms: f64) -> Self {
        Self {
            client: client.until(until_ms),
            until_ms,
        }
    }

    /// The client for them. What it is asked for after the deadline fails, and is not sent.
    pub(super) fn client(&self) -> Client {
        self.client.clone()
    }

    pub(super) fn left_ms(&self) -> f64 {
        self.until_ms - Date::now()
    }

    fn signal(&self) -> Option<&AbortSignal> {
        self.client.options().signal.as_ref()
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.signal().is_some_and(AbortSignal::aborted)
    }

    /// The limits of one wait that takes no longer than so many milliseconds.
    pub(super) fn guard(&self, ms: f64) -> Result<Guard<'_>, Broken> {
        Guard::new(ms.min(self.left_ms()).max(0.0), self.signal())
    }

    /// Does nothing for so many milliseconds, or until the deadline. Fails if the caller aborts.
    pub(super) async fn pause(&self, ms: f64) -> Result<(), Error> {
        let slept = match self.guard(ms) {
            Ok(guard) => guard.sleep().await,
            Err(broken) => Err(broken),
        };
        match slept {
            Err(Broken::Aborted(reason) | Broken::Failed(reason)) => Err(Error::Caller(reason)),
            _ => Ok(()),
        }
    }

    /// Waits until the caller aborts, or until the deadline, and gives the error that it is. Never ends
    /// where there is neither.
    pub(super) async fn over(&self, operation: &'static str) -> Error {
        if !self.until_ms.is_finite() && self.signal().is_none() {
            return pending().await;
        }
        loop {
            let mut pause = pin!(self.pause(f64::INFINITY));
            // An event comes when all that can go on has gone on; who asks in the meantime has to know.
            let end = poll_fn(|context| match self.end(operation) {
                None => pause.as_mut().poll(context).map(|_| None),
                end => Poll::Ready(end),
            });
            if let Some(error) = end.await {
                return error;
            }
        }
    }

    /// What a task of the caller's gives, unless these calls are over before.
    pub(super) async fn in_time<T>(
        &self,
        operation: &'static str,
        task: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let (mut task, mut over) = (pin!(task), pin!(self.over(operation)));
        poll_fn(|context| match task.as_mut().poll(context) {
            Poll::Pending => over.as_mut().poll(context).map(Err),
            result => result,
        })
        .await
    }

    /// Why no more calls may begin, if that is so.
    fn end(&self, operation: &'static str) -> Option<Error> {
        match self.signal() {
            Some(signal) if signal.aborted() => Some(Error::Caller(signal.reason())),
            _ => (self.left_ms() <= 0.0).then(|| self.late(operation, 0)),
        }
    }

    /// The error of what was not done by the deadline, in so many attempts.
    pub(super) fn late(&self, operation: &'static str, attempts: u32) -> Error {
        let cause = JsValue::UNDEFINED;
        Error::Failed(Failure::new(
            Code::Deadline,
            operation,
            attempts,
            cause,
            None,
        ))
    }
}
