//! Running jobs: an import or a mail is done when the job is due, or after enough polls.

pub(crate) mod export;
mod import;

use serde_json::json;

use crate::state::State;
use crate::state::jobs::{Job, Work};

/// Completes the jobs that are due, and removes those that have expired.
pub(crate) fn run_due(state: &mut State, now: u64) {
    state.jobs.remove_expired(now);
    for (time, index) in state.jobs.due(now) {
        complete(state, index, time);
    }
}

/// Returns a job. The poll number `polls_to_complete` completes it, even if the job is not yet due.
pub(crate) fn poll<'a>(
    state: &'a mut State,
    id: &str,
    polls_to_complete: u32,
    now: u64,
) -> Option<&'a Job> {
    let index = state.jobs.list.iter().position(|job| job.id == id)?;
    let job = state.jobs.list.get_mut(index)?;
    job.polls = job.polls.saturating_add(1);
    if !job.done && job.polls >= polls_to_complete {
        complete(state, index, now);
    }
    state.jobs.list.get(index)
}

fn complete(state: &mut State, index: usize, now: u64) {
    let Some(job) = state.jobs.list.get_mut(index) else {
        return;
    };
    job.done = true;
    let mut ids = job.ids.clone();
    let import = match job.work.clone() {
        Work::Import(import) => import,
        // The download writes the file.
        Work::Export(_) => return,
        Work::VerificationEmail(of) => {
            return state.send_verification(&of.user_id, of.identity, now);
        }
    };
    let result = import::run(state, &import, now, &mut ids);
    if let Some(job) = state.jobs.list.get_mut(index) {
        job.summary = Some(json!({
            "failed": result.errors.len(),
            "updated": result.updated,
            "inserted": result.inserted,
            "total": import.users.len(),
        }));
        job.errors = result.errors;
    }
}
