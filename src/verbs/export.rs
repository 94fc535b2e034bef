//! All users from the file of an export, one by one.

use alloc::{boxed::Box, string::ToString, vec, vec::Vec};
use core::fmt;

use js_sys::{Function, TypeError};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStreamDefaultReader, RequestInit, Response};

use super::{
    calls::Calls,
    jobs::{Watch, watched},
    lines::Lines,
    results::{Results, of_steps},
};
use crate::{
    client::Client,
    engine,
    error::{Code, Error, Failure},
    transport::{self, Broken},
    types::{ExportUsers, Job},
};

/// How often a file is asked for, whose link is good for a minute only.
const TRIES: u32 = 3;
/// How long nothing may come, in milliseconds.
const SILENCE_MS: f64 = 60_000.0;
const NAME: &str = "exportUsers";

/// Why an export ended before the last user.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExportError {
    /// A call failed, or the download; [`Code::BadResponse`] with the status where the link gives no
    /// file.
    Call(Error),
    /// The job ended without a file.
    Job(Box<Job>),
    /// A line of the file is not what was asked for.
    #[non_exhaustive]
    Line {
        /// Which line, from 1.
        number: u64,
        /// What is wrong with it, which may hold a part of it.
        cause: serde_json::Error,
    },
}

impl From<Error> for ExportError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Job(job) => {
                f.write_str("the export has no file: ")?;
                let details = job.status_details.as_ref().or(job.status.as_ref());
                f.write_str(details.map_or("the job has no status", |text| text))
            }
            Self::Line { number, .. } => {
                f.write_str("the file of the export cannot be read at line ")?;
                f.write_str(&number.to_string())
            }
        }
    }
}

impl core::error::Error for ExportError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Call(_) | Self::Job(_) => None,
            Self::Line { cause, .. } => Some(cause),
        }
    }
}

/// Users to read from the file of an export: what [`Client::export_users`] gives. Nothing happens
/// before [`run`](Self::run).
#[must_use = "nothing happens before run()"]
pub struct Export<'a> {
    client: Client,
    what: ExportUsers,
    fetch: JsValue,
    watch: Watch<'a>,
}

impl Client {
    /// Reads users from the file of an export, one by one, however many there are: starts a job with
    /// `POST /jobs/users-exports` (scope `read:users`), asks for it until it is done with
    /// `GET /jobs/{id}`, and reads the file as it comes in.
    ///
    /// The file is somewhere else, and gets no token; its link is good for a minute, so a download
    /// that breaks off is gone on with by a new link, up to twice. An export is what the tenant was at
    /// one time, and has no cap. The abort signal and the deadline of the client are those of all of
    /// it.
    pub fn export_users<'a>(&self, what: ExportUsers) -> Export<'a> {
        Export {
            client: self.clone(),
            what,
            fetch: JsValue::UNDEFINED,
            watch: Watch::default(),
        }
    }
}

watched!(Export);

impl<'a> Export<'a> {
    /// A JavaScript function that reads the file, in place of the global `fetch`. That of the client
    /// is not used, since it may add what is meant for the API alone.
    pub fn fetch(mut self, fetch: Function) -> Self {
        self.fetch = fetch.into();
        self
    }

    /// Waits until the job is done, and gives the stream of what is in its file: a
    /// [`User`](crate::types::User), or a type of your own where fields have names of your own.
    pub async fn run<T: DeserializeOwned + 'a>(
        self,
    ) -> Result<Results<'a, T, ExportError>, ExportError> {
        let calls = Calls::new(&self.client);
        let mut what = self.what;
        if what.format.get_or_insert("json".into()) != "json" {
            return Err(Error::invalid("format", "must be json, or nothing").into());
        }
        self.watch.check()?;
        let job = calls.client().jobs().users_exports().create(&what).await?;
        let job = self.watch.finished(&calls, job).await?;
        if job.location.is_none() {
            return Err(ExportError::Job(Box::new(job)));
        }
        let download = Download {
            calls,
            job,
            fetch: self.fetch,
            lines: None,
            given: 0,
            to_skip: 0,
            tries: 0,
        };
        Ok(Results::new(of_steps(download, |mut download| {
            Box::pin(async move {
                let items = download.items().await;
                (download, items.unwrap_or_else(|error| vec![Err(error)]))
            })
        })))
    }
}

/// A file that is being read.
struct Download {
    calls: Calls,
    job: Job,
    fetch: JsValue,
    lines: Option<Lines>,
    /// How many of its lines have been given,
    given: u64,
    /// and how many of those come again.
    to_skip: u64,
    tries: u32,
}

impl Download {
    /// What is in the next lines; nothing at the end.
    async fn items<T: DeserializeOwned>(
        &mut self,
    ) -> Result<Vec<Result<T, ExportError>>, ExportError> {
        loop {
            match self.read().await {
                // What comes from the way there is worth another try.
                Err(ExportError::Call(Error::Failed(failure)))
                    if failure.code != Code::Deadline && self.tries < TRIES => {}
                items => return items,
            }
            self.lines = None;
            self.job = self.calls.client().jobs().get(&self.job.id).await?;
        }
    }

    async fn read<T: DeserializeOwned>(
        &mut self,
    ) -> Result<Vec<Result<T, ExportError>>, ExportError> {
        if self.lines.is_none() {
            self.tries = self.tries.saturating_add(1);
            self.to_skip = self.given;
            self.lines = Some(self.open().await?);
        }
        let mut items = Vec::new();
        while let (Some(lines), true) = (&mut self.lines, items.is_empty()) {
            let read = async |reader: &ReadableStreamDefaultReader| {
                let guard = self.calls.guard(SILENCE_MS)?;
                guard.race(Ok(reader.read().into())).await
            };
            let read = lines.next(read).await;
            let read = read.map_err(|broken| self.broken(broken))?;
            if read.is_empty() {
                break;
            }
            for (number, line) in read {
                if self.to_skip > 0 {
                    self.to_skip = self.to_skip.saturating_sub(1);
                    continue;
                }
                self.given = self.given.saturating_add(1);
                let item = serde_json::from_slice(&line);
                items.push(item.map_err(|cause| ExportError::Line { number, cause }));
            }
        }
        Ok(items)
    }

    async fn open(&self) -> Result<Lines, ExportError> {
        let Some(location) = &self.job.location else {
            return Err(ExportError::Job(Box::new(self.job.clone())));
        };
        let opened = async {
            let mut guard = self.calls.guard(SILENCE_MS)?;
            let init = RequestInit::new();
            init.set_signal(Some(&guard.engine_signal()?));
            // Behind a link that says who may read it: the token stays here.
            let response = transport::fetch(&self.fetch, location, &init);
            let response = guard.race(response).await?;
            if !engine::is_response(&response) {
                let cause = TypeError::new("fetch must resolve to a Response");
                return Err(Broken::Failed(cause.into()));
            }
            let response: Response = response.unchecked_into();
            let body = response
                .body()
                .filter(|body| response.ok() && !body.locked());
            let Some(body) = body else {
                return Ok(Err(response));
            };
            let lines = Lines::of(&body)?;
            guard.complete();
            Ok(Ok(lines))
        };
        match opened.await {
            Ok(Ok(lines)) => Ok(lines),
            Ok(Err(response)) => {
                Err(self.failed(Code::BadResponse, JsValue::UNDEFINED, Some(response)))
            }
            Err(broken) => Err(self.broken(broken)),
        }
    }

    fn broken(&self, broken: Broken) -> ExportError {
        match broken {
            Broken::Aborted(reason) => Error::Caller(reason).into(),
            Broken::Late if self.calls.left_ms() <= 0.0 => {
                self.failed(Code::Deadline, JsValue::UNDEFINED, None)
            }
            Broken::Late => self.failed(Code::Timeout, JsValue::UNDEFINED, None),
            Broken::Failed(cause) => self.failed(Code::Network, cause, None),
        }
    }

    fn failed(&self, code: Code, cause: JsValue, response: Option<Response>) -> ExportError {
        Error::Failed(Failure::new(code, NAME, self.tries, cause, response)).into()
    }
}
