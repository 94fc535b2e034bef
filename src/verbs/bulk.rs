//! One operation for many users: as many at once as the client's pace lets through, each told about,
//! none done twice.

mod error;
mod progress;

use alloc::{borrow::ToOwned, boxed::Box, collections::BTreeSet, rc::Rc, string::String, vec::Vec};
use core::{
    cell::RefCell,
    task::{Context, Poll},
};

use futures_core::Stream;

use self::progress::Progress;
pub use self::{error::BulkError, progress::BulkProgress};
use super::{
    calls::Calls,
    journal::{Journal, Status, Store, Written},
    pool::pool,
    results::{Observer, Results, Source, Task, of_iterator, of_stream},
};
use crate::{
    client::Client,
    error::{Code, Error},
    types::User,
};

/// As many as a client ever sends at once; more would only wait for their turn.
const AUTO: usize = 64;
const NAME: &str = "bulk";

/// What has an id, by which it is known in results and the journal.
pub trait ItemId {
    /// The id, which is not empty.
    fn item_id(&self) -> &str;
}

impl ItemId for str {
    fn item_id(&self) -> &str {
        self
    }
}

impl ItemId for String {
    fn item_id(&self) -> &str {
        self
    }
}

impl ItemId for User {
    fn item_id(&self) -> &str {
        &self.user_id
    }
}

impl<I: ItemId + ?Sized> ItemId for &I {
    fn item_id(&self) -> &str {
        (**self).item_id()
    }
}

/// The id of something, and the thing.
impl<I: ItemId, T> ItemId for (I, T) {
    fn item_id(&self) -> &str {
        self.0.item_id()
    }
}

/// How it ended for one item.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BulkItem<T, D> {
    /// The id of the item.
    pub id: String,
    /// The item.
    pub item: T,
    /// How it ended.
    pub outcome: Outcome<D>,
}

/// How it ended for an item.
#[derive(Clone, Debug)]
pub enum Outcome<D> {
    /// It is done; this came of it.
    Ok(D),
    /// It failed.
    Failed(Error),
    /// It came before in this run, or was done before by what the journal says.
    Skipped,
    /// Nobody knows whether it was done: by its error, or without one because the run before ended
    /// while it was under way.
    Unknown(Option<Error>),
    /// It would be done; in a dry run only.
    Planned,
}

/// One operation for many items: what [`Client::bulk`] and [`Users::hydrate`](crate::Users::hydrate)
/// give. Nothing happens before [`run`](Self::run).
#[must_use = "nothing happens before run()"]
pub struct Bulk<'a, T, D> {
    client: Client,
    source: Source<'a, T, BulkError>,
    operation: Operation<'a, T, D>,
    journal: Option<Box<dyn Store + 'a>>,
    how: How<'a>,
}

type Operation<'a, T, D> = Box<dyn Fn(Client, T) -> Task<'a, (T, Result<D, Error>)> + 'a>;

struct How<'a> {
    total: Option<u64>,
    concurrency: usize,
    is_dry: bool,
    repeat_unknown: bool,
    stop_after_errors: Option<u64>,
    requests_per_item: u32,
    requests_per_second: Option<f64>,
    on_progress: Observer<'a, BulkProgress>,
}

impl Client {
    /// Calls `operation` for each item, as many at once as the client's pace lets through.
    ///
    /// `operation` is given a client for its calls, which has the signal of this client and the time
    /// that is left until its deadline: both are those of the whole run. What is under way when the
    /// signal is aborted has an unknown outcome. A failure does not end the run.
    ///
    /// An iterator is read no faster than its items are done, and an item whose id came before in the
    /// run is skipped.
    pub fn bulk<'a, I, D>(
        &self,
        items: I,
        operation: impl AsyncFn(Client, &I::Item) -> Result<D, Error> + 'a,
    ) -> Bulk<'a, I::Item, D>
    where
        I: IntoIterator<Item: ItemId + 'a, IntoIter: 'a>,
        D: 'a,
    {
        let items = items.into_iter();
        let total = match items.size_hint() {
            (least, Some(most)) if least == most => Some(least as u64),
            _ => None,
        };
        Bulk::new(self, of_iterator(items), total, operation)
    }

    /// The same for a stream, such as the one of a list, of [`Users::all`](crate::Users::all), of
    /// [`export_users`](Self::export_users) or of [`ndjson`](super::ndjson). Its failure, of whatever
    /// type, ends the run after what is under way, as [`BulkError::Source`].
    pub fn bulk_stream<'a, T: ItemId + 'a, D: 'a>(
        &self,
        items: impl Stream<Item = Result<T, impl Into<Box<dyn core::error::Error>>>> + 'a,
        operation: impl AsyncFn(Client, &T) -> Result<D, Error> + 'a,
    ) -> Bulk<'a, T, D> {
        Bulk::new(self, of_stream(items, BulkError::Source), None, operation)
    }
}

impl<'a, T: ItemId + 'a, D: 'a> Bulk<'a, T, D> {
    fn new(
        client: &Client,
        source: Source<'a, T, BulkError>,
        total: Option<u64>,
        operation: impl AsyncFn(Client, &T) -> Result<D, Error> + 'a,
    ) -> Self {
        let operation = Rc::new(operation);
        let operation = move |client, item| -> Task<'a, _> {
            let operation = Rc::clone(&operation);
            Box::pin(async move {
                let result = operation(client, &item).await;
                (item, result)
            })
        };
        Self {
            client: client.clone(),
            source,
            operation: Box::new(operation),
            journal: None,
            how: How {
                total,
                concurrency: AUTO,
                is_dry: false,
                repeat_unknown: false,
                stop_after_errors: None,
                requests_per_item: 1,
                requests_per_second: None,
                on_progress: Observer::default(),
            },
        }
    }

    /// How many are under way at once; at first as many as the client sends at once.
    pub fn concurrency(mut self, items: usize) -> Self {
        self.how.concurrency = items;
        self
    }

    /// Where it is written down what has begun and ended. The next run with the same journal skips
    /// what is done, tries again what failed, and does not repeat what was under way when the run
    /// ended, whose outcome is unknown.
    pub fn journal(mut self, journal: impl Journal + 'a) -> Self {
        self.journal = Some(Box::new(journal));
        self
    }

    /// Calls again what was under way when an earlier run ended, where that does no harm.
    pub fn repeat_unknown(mut self) -> Self {
        self.how.repeat_unknown = true;
        self
    }

    /// Calls nothing; what would be called is [`Outcome::Planned`], and the progress tells how many
    /// requests it takes and how long.
    pub fn dry_run(mut self) -> Self {
        self.how.is_dry = true;
        self
    }

    /// Begins no more after so many failures; the run then ends with [`BulkError::TooManyErrors`].
    pub fn stop_after_errors(mut self, errors: u64) -> Self {
        self.how.stop_after_errors = Some(errors);
        self
    }

    /// How many requests an item takes, for the estimates; 1 at first.
    pub fn requests_per_item(mut self, requests: u32) -> Self {
        self.how.requests_per_item = requests;
        self
    }

    /// How many requests the tenant takes in a second, for the estimates before anything has ended; at
    /// first what the client goes by where it cannot read the limit. What the tenant takes at once, as
    /// its last answer said, is counted besides.
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.how.requests_per_second = Some(requests);
        self
    }

    /// Called after each item.
    pub fn on_progress(mut self, progress: impl FnMut(&BulkProgress) + 'a) -> Self {
        self.how.on_progress = Observer::new(progress);
        self
    }

    /// Reads the journal, and gives the stream that does the rest: how each item ended, as it ends.
    ///
    /// Dropping the stream drops the calls that are under way, which may be carried out all the same:
    /// in the journal they have begun and not ended. Fails if the journal cannot be read, also where
    /// the signal or the deadline ends that, or where a number must be above 0 and is not.
    pub async fn run(self) -> Result<Results<'a, BulkItem<T, D>, BulkError>, Error> {
        let how = self.how;
        let width = how.concurrency;
        if width == 0 {
            return Err(Error::invalid("concurrency", "must be above 0"));
        }
        if how
            .requests_per_second
            .is_some_and(|rate| rate.is_nan() || rate <= 0.0)
        {
            return Err(Error::invalid("requests_per_second", "must be above 0"));
        }
        let calls = Calls::new(&self.client);
        let journal = calls.in_time(NAME, Written::read(self.journal)).await?;
        let run = Rc::new(Run {
            calls,
            operation: self.operation,
            journal,
            seen: RefCell::default(),
            progress: RefCell::new(Progress::new(how.total)),
            how,
        });
        let limit = Rc::clone(&run);
        let limit = Box::pin(async move { limit.calls.over(NAME).await.into() });
        let (mut items, so_far) = (self.source, Rc::clone(&run));
        let source = move |context: &mut Context<'_>| match so_far.too_many_errors() {
            Some(end) => Poll::Ready(Some(Err(end))),
            None => items(context),
        };
        Ok(pool(Box::new(source), width, limit, move |item| {
            let run = Rc::clone(&run);
            Box::pin(async move {
                let mut results = Vec::new();
                let end = run.item(item, &mut results).await;
                (results, end.map_err(BulkError::from))
            })
        }))
    }
}

/// A run under way.
struct Run<'a, T, D> {
    calls: Calls,
    operation: Operation<'a, T, D>,
    journal: Written<'a>,
    seen: RefCell<BTreeSet<String>>,
    progress: RefCell<Progress>,
    how: How<'a>,
}

impl<T: ItemId, D> Run<'_, T, D> {
    fn too_many_errors(&self) -> Option<BulkError> {
        let most = self.how.stop_after_errors?;
        let failed = self.progress.borrow().counts.failed;
        (failed >= most).then_some(BulkError::TooManyErrors(failed))
    }

    /// Adds how it ended for an item. Fails where that ends the run.
    async fn item(&self, item: T, results: &mut Vec<BulkItem<T, D>>) -> Result<(), Error> {
        let id = item.item_id().to_owned();
        if id.is_empty() {
            return Err(Error::invalid("items", "must each have an id"));
        }
        let before = self.journal.status_of(&id);
        let is_open = matches!(before, Some(Status::Started | Status::Unknown));
        let is_done = before == Some(Status::Ok) || !self.seen.borrow_mut().insert(id.clone());
        let mut written = Ok(());
        let (item, outcome) = if is_done {
            (item, Outcome::Skipped)
        } else if is_open && !self.how.repeat_unknown {
            (item, Outcome::Unknown(None))
        } else if self.how.is_dry {
            (item, Outcome::Planned)
        } else {
            self.journal.write(&id, Status::Started).await?;
            let (item, result) = (self.operation)(self.calls.client(), item).await;
            self.progress.borrow_mut().called();
            let (status, outcome) = self.outcome_of(result);
            // It is done, whether or not that can be written down.
            written = self.journal.write(&id, status).await;
            (item, outcome)
        };
        self.count(&outcome);
        results.push(BulkItem { id, item, outcome });
        written
    }

    fn outcome_of(&self, result: Result<D, Error>) -> (Status, Outcome<D>) {
        match result {
            Ok(data) => (Status::Ok, Outcome::Ok(data)),
            // What was under way when its signal was aborted may have been carried out.
            Err(error) if self.calls.is_aborted() || error.code() == Some(Code::OutcomeUnknown) => {
                (Status::Unknown, Outcome::Unknown(Some(error)))
            }
            Err(error) => (Status::Failed, Outcome::Failed(error)),
        }
    }

    fn count(&self, outcome: &Outcome<D>) {
        let client = self.calls.client();
        let state = self
            .progress
            .borrow_mut()
            .count(outcome, &self.how, &client);
        self.how.on_progress.tell(&state);
    }
}
