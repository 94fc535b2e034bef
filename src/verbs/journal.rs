//! What a run has begun and ended, kept where its caller wants it, so that the next run goes on after
//! it.

use alloc::{borrow::Cow, boxed::Box, collections::BTreeMap, string::String};

use serde::{Deserialize, Serialize};

use super::results::Task;
use crate::error::Error;

/// Keeps lines of text for [`Bulk::journal`](super::Bulk::journal). What fails in it ends the run,
/// after the results of what was done; give it as [`Error::Caller`] with what your store says.
#[allow(
    async_fn_in_trait,
    reason = "a program in WebAssembly has one thread, and nothing is sent to another"
)]
pub trait Journal {
    /// Keeps one line, which is to be there, with a line end, when it returns. Several may be under
    /// way at once.
    async fn append(&self, line: &str) -> Result<(), Error>;

    /// The lines so far, with their ends; empty at first.
    async fn read(&self) -> Result<String, Error>;
}

impl<J: Journal + ?Sized> Journal for &J {
    async fn append(&self, line: &str) -> Result<(), Error> {
        (**self).append(line).await
    }

    async fn read(&self) -> Result<String, Error> {
        (**self).read().await
    }
}

/// A journal of any type.
pub(super) trait Store {
    fn append<'a>(&'a self, line: &'a str) -> Task<'a, Result<(), Error>>;
    fn read(&self) -> Task<'_, Result<String, Error>>;
}

impl<J: Journal> Store for J {
    fn append<'a>(&'a self, line: &'a str) -> Task<'a, Result<(), Error>> {
        Box::pin(Journal::append(self, line))
    }

    fn read(&self) -> Task<'_, Result<String, Error>> {
        Box::pin(Journal::read(self))
    }
}

/// How far an item has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Started,
    Ok,
    Failed,
    Unknown,
}

/// A line.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    id: Cow<'a, str>,
    status: Status,
}

/// What was done in the runs before, and the way to write down what this one does.
pub(super) struct Written<'a> {
    /// Without one nothing outlives the run.
    store: Option<Box<dyn Store + 'a>>,
    statuses: BTreeMap<String, Status>,
}

impl<'a> Written<'a> {
    pub(super) async fn read(store: Option<Box<dyn Store + 'a>>) -> Result<Self, Error> {
        let mut statuses = BTreeMap::new();
        if let Some(store) = &store {
            let text = store.read().await?;
            // What is not a line of ours is left alone.
            for Entry { id, status } in text.lines().flat_map(serde_json::from_str) {
                statuses.insert(id.into_owned(), status);
            }
            // A run that was killed may have left a line without its end, which the next one must not be
            // glued to.
            if !text.is_empty() && !text.ends_with('\n') {
                store.append("").await?;
            }
        }
        Ok(Self { store, statuses })
    }

    /// How far an item came before; nothing if no run came to it.
    pub(super) fn status_of(&self, id: &str) -> Option<Status> {
        self.statuses.get(id).copied()
    }

    pub(super) async fn write(&self, id: &str, status: Status) -> Result<(), Error> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        let entry = Entry {
            id: id.into(),
            status,
        };
        // Text always becomes JSON.
        let line = serde_json::to_string(&entry).unwrap_or_default();
        store.append(&line).await
    }
}
