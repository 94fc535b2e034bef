//! How far a run over many items is, and how long the rest of it takes.

use js_sys::Date;

use super::{How, Outcome};
use crate::client::Client;

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkProgress {
    /// How many items are done.
    pub ok: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were done before.
    pub skipped: u64,
    /// Of how many nobody knows whether they are done.
    pub unknown: u64,
    /// How many would be done.
    pub planned: u64,
    /// How many items there are, if their iterator knows.
    pub total: Option<u64>,
    /// How many requests the run takes, as far as its items are known.
    pub requests: u64,
    /// How long the rest takes, in seconds, if the rest is known: at the pace so far; before anything
    /// has ended, at the pace that the client knows of.
    pub eta_seconds: Option<u64>,
}

/// What has been done and what is left.
pub(super) struct Progress {
    started_at_ms: f64,
    /// For how many items the operation has been called, and has ended.
    calls: u64,
    pub(super) counts: BulkProgress,
}

impl Progress {
    pub(super) fn new(total: Option<u64>) -> Self {
        Self {
            started_at_ms: Date::now(),
            calls: 0,
            counts: BulkProgress {
                total,
                ..BulkProgress::default()
            },
        }
    }

    pub(super) fn called(&mut self) {
        self.calls = self.calls.saturating_add(1);
    }

    pub(super) fn count<D>(
        &mut self,
        outcome: &Outcome<D>,
        how: &How<'_>,
        client: &Client,
    ) -> BulkProgress {
        let counts = &mut self.counts;
        let place = match outcome {
            Outcome::Ok(_) => &mut counts.ok,
            Outcome::Failed(_) => &mut counts.failed,
            Outcome::Skipped => &mut counts.skipped,
            Outcome::Unknown(_) => &mut counts.unknown,
            Outcome::Planned => &mut counts.planned,
        };
        *place = place.saturating_add(1);
        let ended = [counts.ok, counts.failed, counts.skipped, counts.unknown];
        let ended = ended.into_iter().fold(0, u64::saturating_add);
        let left = match counts.total {
            Some(total) => Some(total.saturating_sub(ended)),
            None => how.is_dry.then_some(counts.planned),
        };
        let per_item = u64::from(how.requests_per_item);
        let items = self.calls.saturating_add(left.unwrap_or(0));
        counts.requests = items.saturating_mul(per_item);
        counts.eta_seconds = left.map(|left| {
            let seconds = if self.calls > 0 {
                let passed_ms = Date::now() - self.started_at_ms;
                left as f64 * passed_ms / self.calls as f64 / 1_000.0
            } else {
                let per_second = how.requests_per_second;
                seconds_for(left.saturating_mul(per_item), per_second, client)
            };
            seconds.ceil() as u64
        });
        *counts
    }
}

/// How long so many requests take, in seconds, by what the client knows of the limit.
fn seconds_for(requests: u64, per_second: Option<f64>, client: &Client) -> f64 {
    let limit = client.rate_limit();
    let paused_ms = limit.paused_until_ms.unwrap_or_default() - Date::now();
    let at_once = u64::from(limit.remaining.unwrap_or_default());
    let later = requests.saturating_sub(at_once) as f64;
    let per_second = per_second.unwrap_or_else(|| client.requests_per_second());
    paused_ms.max(0.0) / 1_000.0 + later / per_second
}
