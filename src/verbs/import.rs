//! Any number of users into a connection, in files that the server takes, and what became of each.

mod error;
mod files;

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    collections::BTreeMap,
    rc::Rc,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::task::Context;

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

pub use self::error::ImportError;
use self::files::{File, Files, Row};
use super::{
    calls::Calls,
    jobs::{Watch, watched},
    metadata::is_same,
    pool::pool,
    results::{Results, Source, of_iterator, of_stream},
};
use crate::{
    client::Client,
    engine::concat,
    error::{Code, Error},
    types::{ImportUsers, Job, JobErrors, UserError, UserErrors},
};

/// The server works on two at once.
const JOBS: usize = 2;
const NAME: &str = "importUsers";

/// What became of a user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ImportedRow {
    /// The place among the users, from 0; `None` if the server refused one that was not given.
    pub row: Option<u64>,
    /// The user, as it was sent.
    pub user: Value,
    /// What became of it.
    pub outcome: ImportOutcome,
}

/// What became of a user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ImportOutcome {
    /// The server took it.
    Ok,
    /// The server refused it, for these reasons.
    Refused(Vec<UserError>),
    /// It is larger than a file may be, and was not sent.
    TooLarge,
    /// The job of its file failed as a whole.
    JobFailed(Box<Job>),
    /// Its file was not taken, or it is no object and was not sent.
    Failed(Error),
    /// Nobody knows whether it was taken: its file may not have been, or it could not be read what
    /// became of that.
    Unknown(Error),
}

/// Users to import: what [`Client::import_users`] gives. Nothing happens before [`run`](Self::run).
#[must_use = "nothing happens before run()"]
pub struct Import<'a> {
    client: Client,
    users: Source<'a, Result<Value, Error>, ImportError>,
    what: ImportUsers,
    watch: Watch<'a>,
}

impl Client {
    /// Takes any number of users into the database connection with that id, such as `con_123`: cuts
    /// files of at most 500 kB, has two jobs work on them at a time (`POST /jobs/users-imports`,
    /// `GET /jobs/{id}` and `GET /jobs/{id}/errors`, scope `create:users`), and says of each user what
    /// became of it. The users are anything that is an object as JSON, with the fields that the API
    /// documents for the files of imports.
    ///
    /// The abort signal and the deadline of the client are those of all of it.
    pub fn import_users<'a, I>(&self, connection_id: &str, users: I) -> Import<'a>
    where
        I: IntoIterator<Item: Serialize, IntoIter: 'a>,
    {
        let users = users.into_iter().map(|user| to_value(&user));
        Import::new(self, connection_id, of_iterator(users))
    }

    /// The same for a stream, such as that of [`ndjson`](super::ndjson). Its failure, of whatever type,
    /// ends the import after the users before it, as [`ImportError::Source`].
    pub fn import_users_stream<'a, T: Serialize + 'a>(
        &self,
        connection_id: &str,
        users: impl Stream<Item = Result<T, impl Into<Box<dyn core::error::Error>>>> + 'a,
    ) -> Import<'a> {
        let mut users = of_stream(users, ImportError::Source);
        let users = move |context: &mut Context<'_>| users(context).map_ok(|user| to_value(&user));
        Import::new(self, connection_id, Box::new(users))
    }
}

fn to_value(user: &impl Serialize) -> Result<Value, Error> {
    let value = serde_json::to_value(user).map_err(|error| Error::Invalid(error.to_string()))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Error::invalid("users", "must each be an object"))
    }
}

watched!(Import);

impl<'a> Import<'a> {
    fn new(
        client: &Client,
        connection_id: &str,
        users: Source<'a, Result<Value, Error>, ImportError>,
    ) -> Self {
        Self {
            client: client.clone(),
            users,
            what: ImportUsers {
                connection_id: connection_id.to_owned(),
                send_completion_email: Some(false),
                ..ImportUsers::default()
            },
            watch: Watch::default(),
        }
    }

    /// Users with an email that is there already are changed; they are refused otherwise. Their
    /// metadata are replaced, not merged: what the new ones do not have is gone. To merge, use
    /// [`Client::bulk`] with [`Users::update`](crate::Users::update).
    pub fn upsert_replacing_metadata(mut self) -> Self {
        self.what.upsert = Some(true);
        self
    }

    /// A name of your own for the jobs.
    pub fn external_id(mut self, id: &str) -> Self {
        self.what.external_id = Some(id.to_owned());
        self
    }

    /// Sends the owners of the tenant a mail for each file.
    pub fn send_completion_email(mut self) -> Self {
        self.what.send_completion_email = Some(true);
        self
    }

    /// The stream that does it: what became of each user, file by file as they are done.
    pub fn run(self) -> Results<'a, ImportedRow, ImportError> {
        let run = Rc::new(Run {
            calls: Calls::new(&self.client),
            what: self.what,
            watch: self.watch,
        });
        let limit = Rc::clone(&run);
        let limit = Box::pin(async move {
            match limit.watch.check() {
                Ok(()) => limit.calls.over(NAME).await.into(),
                Err(error) => error.into(),
            }
        });
        let files = Files::of(self.users);
        pool(files, JOBS, limit, move |file| {
            let run = Rc::clone(&run);
            Box::pin(async move { (run.file(file).await, Ok(())) })
        })
    }
}

/// An import under way.
struct Run<'a> {
    calls: Calls,
    what: ImportUsers,
    watch: Watch<'a>,
}

impl Run<'_> {
    async fn file(&self, file: File) -> Vec<ImportedRow> {
        match file {
            File::Unfit(row, user, outcome) => vec![imported((row, user), outcome)],
            File::Whole(rows) => match self.import(&rows).await {
                Ok(refused) => outcomes(rows, refused),
                Err(outcome) => {
                    let rows = rows.into_iter();
                    rows.map(|row| imported(row, outcome.clone())).collect()
                }
            },
        }
    }

    /// Gives the users that were refused, or what became of all.
    async fn import(&self, rows: &[Row]) -> Result<Vec<UserErrors>, ImportOutcome> {
        let what = ImportUsers {
            users: rows.iter().map(|(_, user)| user.clone()).collect(),
            ..self.what.clone()
        };
        let jobs = self.calls.client();
        let job = jobs.jobs().users_imports().create(&what).await;
        let job = job.map_err(|error| {
            if self.calls.is_aborted() || error.code() == Some(Code::OutcomeUnknown) {
                ImportOutcome::Unknown(error)
            } else {
                ImportOutcome::Failed(error)
            }
        })?;
        self.outcome_of(job).await.map_err(ImportOutcome::Unknown)?
    }

    async fn outcome_of(&self, job: Job) -> Result<Result<Vec<UserErrors>, ImportOutcome>, Error> {
        let job = self.watch.finished(&self.calls, job).await?;
        let errors = self.calls.client().jobs().errors().get(&job.id).await?;
        Ok(match errors {
            Some(JobErrors::Users(refused)) => Ok(refused),
            _ if job.status.as_deref() == Some("completed") => Ok(Vec::new()),
            Some(JobErrors::Job(failed)) => Err(ImportOutcome::JobFailed(failed)),
            None => Err(ImportOutcome::JobFailed(Box::new(job))),
        })
    }
}

fn imported((row, user): Row, outcome: ImportOutcome) -> ImportedRow {
    ImportedRow {
        row: Some(row),
        user,
        outcome,
    }
}

/// By what the server tells users apart.
fn keys_of<'a>(get: impl Fn(&str) -> Option<&'a Value>) -> Vec<String> {
    let names = ["email", "user_id", "username", "phone_number"];
    let keys = names.into_iter().filter_map(|name| {
        let text = get(name)?.as_str().filter(|text| !text.is_empty())?;
        Some(concat(&[name, " ", &text.to_lowercase()]))
    });
    keys.collect()
}

/// What became of each row: the server names users, not rows, and of two of the same it refuses the
/// later one.
fn outcomes(rows: Vec<Row>, refused: Vec<UserErrors>) -> Vec<ImportedRow> {
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|row| imported(row, ImportOutcome::Ok))
        .collect();
    // The last of those with a key is the next to be refused for it.
    let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        for key in keys_of(|name| row.user.get(name)) {
            by_key.entry(key).or_default().push(place);
        }
    }
    let mut strangers = Vec::new();
    for UserErrors { user, errors, .. } in refused {
        let user = Value::from(user.unwrap_or_default());
        let outcome = ImportOutcome::Refused(errors.unwrap_or_default());
        let keys = keys_of(|name| user.get(name));
        let alike = || {
            let places = keys.iter().filter_map(|key| by_key.get(key));
            let places = places.flat_map(|places| places.iter().rev().copied());
            let rows = places.filter_map(|place| Some((place, rows.get(place)?)));
            rows.filter(|(_, row)| matches!(row.outcome, ImportOutcome::Ok))
        };
        let named = alike().find(|(_, row)| is_same(&row.user, &user));
        let place = named.or_else(|| alike().next()).map(|(place, _)| place);
        match place.and_then(|place| rows.get_mut(place)) {
            Some(row) => row.outcome = outcome,
            None => strangers.push(ImportedRow {
                row: None,
                user,
                outcome,
            }),
        }
    }
    rows.append(&mut strangers);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(users: Value) -> Vec<UserErrors> {
        let errors = users.as_array().unwrap().iter();
        let errors = errors.map(|user| json!({ "user": user, "errors": [{ "code": "X" }] }));
        serde_json::from_value(errors.collect()).unwrap()
    }

    fn told(rows: Value, refusals: Value) -> Vec<Option<u64>> {
        let rows = rows.as_array().unwrap().iter().cloned();
        let rows = rows.enumerate().map(|(row, user)| (row as u64, user));
        let mut told = outcomes(rows.collect(), refused(refusals));
        told.retain(|row| !matches!(row.outcome, ImportOutcome::Ok));
        told.into_iter().map(|row| row.row).collect()
    }

    #[test]
    fn a_refusal_is_of_the_row_that_it_names() {
        let (a, b) = (
            json!({ "email": "A@x.y", "n": 1 }),
            json!({ "user_id": "b", "n": 2 }),
        );
        let rows = json!([a, b, { "email": "c@x.y" }, { "username": "d" }]);
        assert_eq!(told(rows.clone(), json!([])), []);
        assert_eq!(told(rows.clone(), json!([{ "email": "a@x.y" }])), [Some(0)]);
        assert_eq!(
            told(rows.clone(), json!([b, { "username": "D" }])),
            [Some(1), Some(3)]
        );
    }

    #[test]
    fn of_two_alike_the_later_one_is_refused_first() {
        let rows = json!([{ "email": "a" }, { "email": "b" }, { "email": "a" }]);
        assert_eq!(told(rows.clone(), json!([{ "email": "a" }])), [Some(2)]);
        let both = json!([{ "email": "a" }, { "email": "a" }]);
        assert_eq!(told(rows, both), [Some(0), Some(2)]);
    }

    #[test]
    fn of_two_with_one_key_the_refused_one_is_found_whatever_its_numbers_are_written_like() {
        let rows = json!([{ "email": "a", "app_metadata": { "n": [1.0] } }, { "email": "a" }]);
        let refusal = json!([{ "email": "a", "app_metadata": { "n": [1] } }]);
        assert_eq!(told(rows, refusal), [Some(0)]);
    }

    #[test]
    fn a_refusal_of_nobody_that_was_given_is_told_all_the_same() {
        let rows = json!([{ "email": "a" }]);
        assert_eq!(
            told(rows.clone(), json!([{ "email": "b" }, {}])),
            [None, None]
        );
        assert_eq!(
            told(rows, json!([{ "email": "a" }, { "email": "a" }])),
            [Some(0), None]
        );
    }
}
