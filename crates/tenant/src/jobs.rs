//! Jobs: asked for now, done a little later, forgotten after a day.

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::config::Config;
use crate::export::Export;
use crate::ids::Ids;
use crate::import;
use crate::kept::{Kept, kept};
use crate::state::State;

/// How long a job is remembered.
const KEPT_MS: u64 = 86_400_000;
/// How long the link to an export works.
pub(crate) const LINK_MS: u64 = 60_000;
/// How many imports run at once.
const MOST_IMPORTS: usize = 2;

#[derive(Clone, Debug, Default)]
pub(crate) struct Jobs {
    list: Vec<Job>,
}

#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub id: String,
    pub created_at: u64,
    /// When it is done, unless it is looked at often enough before.
    due_at: u64,
    /// What it makes up does not depend on when somebody notices that it is due.
    ids: Ids,
    pub work: Work,
    pub done: bool,
    /// What an import has to say about each user it did not take.
    pub errors: Vec<Value>,
    summary: Option<Value>,
    polls: u32,
    /// What the answers show besides id, type, status and time.
    fields: Map<String, Value>,
}

/// Whose address is to be verified.
#[derive(Clone, Debug)]
pub(crate) struct Verification {
    pub user_id: String,
    /// Its place among the identities.
    pub identity: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Work {
    VerificationEmail(Verification),
    Export(Export),
    Import(import::Import),
}

impl Job {
    pub(crate) fn new(
        work: Work,
        fields: Map<String, Value>,
        config: &Config,
        now: u64,
        ids: &mut Ids,
    ) -> Self {
        Self {
            id: format!("job_{}", ids.alnum(16)),
            created_at: now,
            due_at: now.saturating_add(config.job_ms),
            ids: ids.fork(),
            work,
            done: false,
            errors: Vec::new(),
            summary: None,
            polls: 0,
            fields,
        }
    }

    /// The job as the answer to making it shows it.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut object = self.fields.clone();
        let kind = self.work.kind();
        object.insert("id".into(), self.id.clone().into());
        object.insert("type".into(), kind.into());
        object.insert("created_at".into(), iso(self.created_at).into());
        let status = if self.done { "completed" } else { "pending" };
        object.insert("status".into(), status.into());
        object
    }

    /// The job as looking at it shows it.
    pub(crate) fn to_json_now(&self, config: &Config, now: u64) -> Value {
        let mut object = self.to_json();
        if let Work::Export(export) = &self.work {
            let percentage = if self.done { 100 } else { 0 };
            object.insert("percentage_done".into(), percentage.into());
            if self.done {
                let until = now.saturating_add(LINK_MS);
                let location = format!(
                    "{}/exports/{}.{}.gz?expires={until}",
                    config.origin,
                    self.id,
                    export.format.extension()
                );
                object.insert("location".into(), location.into());
            }
        }
        if let Some(summary) = &self.summary {
            object.insert("summary".into(), summary.clone());
        }
        Value::Object(object)
    }
}

impl Jobs {
    pub(crate) fn get(&self, id: &str) -> Option<&Job> {
        self.list.iter().find(|job| job.id == id)
    }

    pub(crate) fn add(&mut self, job: Job) {
        self.list.push(job);
    }

    /// Whether one more import can run.
    pub(crate) fn takes_import(&self) -> bool {
        let running = self
            .list
            .iter()
            .filter(|job| !job.done && matches!(job.work, Work::Import(_)));
        running.count() < MOST_IMPORTS
    }
}

impl State {
    /// Does the work of the jobs whose time has come.
    pub(crate) fn run_due_jobs(&mut self, now: u64) {
        self.jobs
            .list
            .retain(|job| now <= job.created_at.saturating_add(KEPT_MS));
        let mut due: Vec<(u64, usize)> = self
            .jobs
            .list
            .iter()
            .enumerate()
            .filter(|(_, job)| !job.done && now >= job.due_at)
            .map(|(index, job)| (job.due_at, index))
            .collect();
        due.sort_unstable();
        for (time, index) in due {
            self.finish(index, time);
        }
    }

    /// Looks at a job, which hurries it along.
    pub(crate) fn poll(&mut self, id: &str, config: &Config, now: u64) -> Option<&Job> {
        let index = self.jobs.list.iter().position(|job| job.id == id)?;
        let job = self.jobs.list.get_mut(index)?;
        job.polls = job.polls.saturating_add(1);
        if !job.done && job.polls >= config.job_polls {
            self.finish(index, now);
        }
        self.jobs.list.get(index)
    }

    fn finish(&mut self, index: usize, now: u64) {
        let Some(job) = self.jobs.list.get_mut(index) else {
            return;
        };
        job.done = true;
        let mut ids = job.ids.clone();
        let work = match job.work.clone() {
            Work::Import(work) => work,
            Work::Export(_) => return,
            Work::VerificationEmail(of) => {
                return self.send_verification(&of.user_id, of.identity, now);
            }
        };
        let result = import::run(self, &work, now, &mut ids);
        if let Some(job) = self.jobs.list.get_mut(index) {
            job.summary = Some(json!({
                "failed": result.errors.len(),
                "updated": result.updated,
                "inserted": result.inserted,
                "total": work.users.len(),
            }));
            job.errors = result.errors;
        }
    }
}

kept!(Jobs { list });

kept!(Job {
    id,
    created_at,
    due_at,
    ids,
    work,
    done,
    errors,
    summary,
    polls,
    fields
});

kept!(Verification { user_id, identity });

impl Work {
    /// What the API calls it.
    fn kind(&self) -> &'static str {
        match self {
            Self::VerificationEmail(_) => "verification_email",
            Self::Export(_) => "users_export",
            Self::Import(_) => "users_import",
        }
    }
}

impl Kept for Work {
    fn write(&self) -> Value {
        let what = match self {
            Self::VerificationEmail(what) => what.write(),
            Self::Export(what) => what.write(),
            Self::Import(what) => what.write(),
        };
        (self.kind().to_owned(), what).write()
    }

    fn read(value: Value) -> Result<Self, String> {
        let (kind, what) = <(String, Value)>::read(value)?;
        match kind.as_str() {
            "verification_email" => Kept::read(what).map(Self::VerificationEmail),
            "users_export" => Kept::read(what).map(Self::Export),
            "users_import" => Kept::read(what).map(Self::Import),
            _ => Err("this kind of job is unknown".to_owned()),
        }
    }
}
