//! Jobs as the tenant stores them and as the API shows them.

use serde_json::{Map, Value};

use crate::state::clock::iso;
use crate::state::ids::Ids;
use crate::state::snapshot::{Snapshot, snapshot};

/// How long the tenant stores a job.
const LIFETIME_MS: u64 = 86_400_000;
/// How long the link to an export works.
pub(crate) const LINK_MS: u64 = 60_000;
/// How many imports run at the same time.
const MAX_IMPORTS: usize = 2;

#[derive(Clone, Debug, Default)]
pub(crate) struct Jobs {
    pub list: Vec<Job>,
}

#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub id: String,
    pub created_at: u64,
    /// When the job is done, unless enough polls complete it earlier.
    due_at: u64,
    /// A generator of its own, so that the result does not depend on when the job is found to be due.
    pub ids: Ids,
    pub work: Work,
    pub done: bool,
    /// The errors of an import, one entry for each user that it refused.
    pub errors: Vec<Value>,
    pub summary: Option<Value>,
    pub polls: u32,
    /// The properties of responses besides id, type, status and time.
    fields: Map<String, Value>,
}

/// The identity whose address a mail verifies.
#[derive(Clone, Debug)]
pub(crate) struct Verification {
    pub user_id: String,
    /// The position among the identities of the user.
    pub identity: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportFormat {
    Json,
    Csv,
}

impl ExportFormat {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Export {
    /// The name of the connection to export; all connections without one.
    pub connection: Option<String>,
    pub format: ExportFormat,
    pub limit: Option<usize>,
    /// Paths of properties with their names in the file.
    pub columns: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Import {
    /// The name of the connection.
    pub connection: String,
    pub users: Vec<Value>,
    pub upsert: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Work {
    VerificationEmail(Verification),
    Export(Export),
    Import(Import),
}

impl Job {
    pub(crate) fn new(
        work: Work,
        fields: Map<String, Value>,
        duration_ms: u64,
        now: u64,
        ids: &mut Ids,
    ) -> Self {
        Self {
            id: format!("job_{}", ids.alnum(16)),
            created_at: now,
            due_at: now.saturating_add(duration_ms),
            ids: ids.fork(),
            work,
            done: false,
            errors: Vec::new(),
            summary: None,
            polls: 0,
            fields,
        }
    }

    /// Returns the job as the response to its creation shows it.
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

    /// Returns the job as `jobs.get` shows it, with links below `origin`.
    pub(crate) fn to_json_with_progress(&self, origin: &str, now: u64) -> Value {
        let mut object = self.to_json();
        if let Work::Export(export) = &self.work {
            let percentage = if self.done { 100 } else { 0 };
            object.insert("percentage_done".into(), percentage.into());
            if self.done {
                let until = now.saturating_add(LINK_MS);
                let location = format!(
                    "{origin}/exports/{}.{}.gz?expires={until}",
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

    /// Returns whether another import can run.
    pub(crate) fn accepts_import(&self) -> bool {
        let running = self
            .list
            .iter()
            .filter(|job| !job.done && matches!(job.work, Work::Import(_)));
        running.count() < MAX_IMPORTS
    }

    pub(crate) fn remove_expired(&mut self, now: u64) {
        self.list
            .retain(|job| now <= job.created_at.saturating_add(LIFETIME_MS));
    }

    /// Returns the jobs that are due, with the time at which each is, earliest first.
    pub(crate) fn due(&self, now: u64) -> Vec<(u64, usize)> {
        let mut due: Vec<(u64, usize)> = self
            .list
            .iter()
            .enumerate()
            .filter(|(_, job)| !job.done && now >= job.due_at)
            .map(|(index, job)| (job.due_at, index))
            .collect();
        due.sort_unstable();
        due
    }
}

impl Work {
    /// Returns the name in the API.
    fn kind(&self) -> &'static str {
        match self {
            Self::VerificationEmail(_) => "verification_email",
            Self::Export(_) => "users_export",
            Self::Import(_) => "users_import",
        }
    }
}

snapshot!(Jobs { list });

snapshot!(Job {
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

snapshot!(Verification { user_id, identity });

snapshot!(Export {
    connection,
    format,
    limit,
    columns
});

snapshot!(Import {
    connection,
    users,
    upsert
});

impl Snapshot for ExportFormat {
    fn to_snapshot(&self) -> Value {
        self.extension().into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        match value.as_str() {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            _ => Err("unknown format of an export".to_owned()),
        }
    }
}

impl Snapshot for Work {
    fn to_snapshot(&self) -> Value {
        let work = match self {
            Self::VerificationEmail(work) => work.to_snapshot(),
            Self::Export(work) => work.to_snapshot(),
            Self::Import(work) => work.to_snapshot(),
        };
        (self.kind().to_owned(), work).to_snapshot()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        let (kind, work) = <(String, Value)>::from_snapshot(value)?;
        match kind.as_str() {
            "verification_email" => Snapshot::from_snapshot(work).map(Self::VerificationEmail),
            "users_export" => Snapshot::from_snapshot(work).map(Self::Export),
            "users_import" => Snapshot::from_snapshot(work).map(Self::Import),
            _ => Err("unknown kind of job".to_owned()),
        }
    }
}
