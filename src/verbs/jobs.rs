//! Waiting for what the server works on.

use super::{calls::Calls, results::Observer};
use crate::{error::Error, types::Job};

/// How a job is looked at until it is over.
pub(super) struct Watch<'a> {
    pub(super) poll_seconds: f64,
    pub(super) on_progress: Observer<'a, Job>,
}

/// How the callers of what waits for jobs say it.
macro_rules! watched {
    ($builder:ident) => {
        impl<'a> $builder<'a> {
            /// How long to wait before a job is looked at, in seconds; 1 at first. Each further wait is
            /// twice as long, up to eight times. What is not above 0 is refused, and nothing is sent.
            pub fn poll_seconds(mut self, seconds: f64) -> Self {
                self.watch.poll_seconds = seconds;
                self
            }

            /// Given a job each time that it was looked at.
            pub fn on_progress(mut self, progress: impl FnMut(&crate::types::Job) + 'a) -> Self {
                self.watch.on_progress = crate::verbs::results::Observer::new(progress);
                self
            }
        }
    };
}
pub(super) use watched;

impl Default for Watch<'_> {
    fn default() -> Self {
        Self {
            poll_seconds: 1.0,
            on_progress: Observer::default(),
        }
    }
}

impl Watch<'_> {
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.poll_seconds > 0.0 {
            return Ok(());
        }
        Err(Error::invalid("poll_seconds", "must be above 0"))
    }

    /// Asks for a job until it is over, twice as seldom each time, up to eight times as seldom as at
    /// first.
    pub(super) async fn finished(&self, calls: &Calls, mut job: Job) -> Result<Job, Error> {
        let mut pause_ms = self.poll_seconds * 1_000.0;
        let longest_ms = pause_ms * 8.0;
        while let Some("pending" | "processing") = job.status.as_deref() {
            calls.pause(pause_ms).await?;
            job = calls.client().jobs().get(&job.id).await?;
            self.on_progress.tell(&job);
            pause_ms = (pause_ms * 2.0).min(longest_ms);
        }
        Ok(job)
    }
}
