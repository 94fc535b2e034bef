//! What takes administrators several calls: methods of [`Users`](crate::Users) that report each, and,
//! for many users, of [`Client`].

use alloc::{string::String, vec::Vec};
use core::{future::poll_fn, task::Poll};

use crate::{
    client::{Client, Page},
    error::{Code, Error},
};

/// Asks for the first page of a list, as large as the API gives one.
macro_rules! first {
    ($query:ident, $size:ident) => {
        &$query {
            $size: Some(100),
            ..$query::default()
        }
    };
}

mod access;
mod all;
mod bulk;
mod calls;
mod export;
mod find;
mod hydrate;
mod import;
mod jobs;
mod journal;
mod lines;
mod link;
mod metadata;
mod mfa;
mod ndjson;
mod overview;
mod pool;
mod results;
mod wait;

use calls::Calls;
use results::Task;

pub use access::{Access, SignOut, SignOutReport, SignedIn, Unblock, UnblockReport};
pub use all::{AllError, AllProgress, AllUsers, Everyone, PageCap};
pub use bulk::{Bulk, BulkError, BulkItem, BulkProgress, ItemId, Outcome};
pub use export::{Export, ExportError};
pub use find::{EmailCase, EmailMatch, FindBy, FindError, MatchRule};
pub use hydrate::{Hydrated, Part};
pub use import::{Import, ImportError, ImportOutcome, ImportedRow};
pub use journal::Journal;
pub use link::{LinkAccounts, LinkLosses, LinkReport, MergedMetadata};
pub use metadata::{
    MetadataChange, MetadataDifference, MetadataError, MetadataOf, MetadataPath, MetadataVerbs,
};
pub use mfa::{Mfa, MfaReset, MfaResetReport, MfaStatus};
pub use ndjson::ndjson;
pub use overview::{Listed, Overview};
pub use results::Results;

/// What became of one step of a method that makes several calls.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step {
    /// Which step.
    pub name: String,
    /// What became of it.
    pub status: StepStatus,
}

/// What became of a step.
#[derive(Clone, Debug)]
pub enum StepStatus {
    /// It is done.
    Ok,
    /// It failed. With [`Code::OutcomeUnknown`] it may still have been carried out.
    Failed(Error),
    /// It was not done, for this reason.
    Skipped(String),
    /// It would be done; in a dry run only.
    Planned,
}

/// The steps of a method, in order. A step that fails does not make the method fail. To go on after
/// a failure, call the method again: what is done already is then skipped, or does no harm.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Steps {
    /// Each step.
    pub all: Vec<Step>,
}

impl Steps {
    /// Did no step fail?
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.first_failed().is_none()
    }

    fn first_failed(&self) -> Option<&Step> {
        let is_failed = |step: &&Step| matches!(step.status, StepStatus::Failed(_));
        self.all.iter().find(is_failed)
    }
}

/// Several calls that end together, and what became of each step.
struct Work {
    calls: Calls,
    is_dry: bool,
    steps: Steps,
}

impl Work {
    fn new(client: &Client, is_dry: bool) -> Self {
        Self {
            calls: Calls::new(client),
            is_dry,
            steps: Steps::default(),
        }
    }

    /// The client for the next call, with the time that is left.
    fn client(&self) -> Client {
        self.calls.client()
    }

    /// Does a step, unless there is a reason not to, and notes what became of it. Fails only if the
    /// caller aborts.
    async fn step(
        &mut self,
        name: impl Into<String>,
        reason: Option<&str>,
        run: impl AsyncFnOnce(Client) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let status = match reason {
            Some(reason) => StepStatus::Skipped(reason.into()),
            None if self.is_dry => StepStatus::Planned,
            None => match run(self.client()).await {
                Ok(()) => StepStatus::Ok,
                Err(error) if self.is_aborted() => return Err(error),
                Err(error) => StepStatus::Failed(error),
            },
        };
        let name = name.into();
        self.steps.all.push(Step { name, status });
        Ok(())
    }

    fn is_aborted(&self) -> bool {
        self.calls.is_aborted()
    }
}

/// What a call gives, or nothing where the server has nothing.
fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Failed(failure)) if failure.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// All items of a list.
async fn everything<T: serde::de::DeserializeOwned + 'static>(
    page: Page<T>,
) -> Result<Vec<T>, Error> {
    let mut stream = page.into_stream();
    let mut items = Vec::new();
    while let Some(item) = stream.try_next().await? {
        items.push(item);
    }
    Ok(items)
}

/// Waits for all of them, at the same time, or for the first that fails: the others are dropped then.
async fn together<E>(mut tasks: Vec<Task<'_, Result<(), E>>>) -> Result<(), E> {
    poll_fn(|context| {
        let mut result = Ok(());
        tasks.retain_mut(|task| {
            if result.is_err() {
                return true;
            }
            match task.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready(end) => {
                    result = end;
                    false
                }
            }
        });
        if result.is_err() || tasks.is_empty() {
            Poll::Ready(result)
        } else {
            Poll::Pending
        }
    })
    .await
}
