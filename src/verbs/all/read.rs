//! The requests of a run: one deadline, and a count.

use alloc::{borrow::ToOwned, boxed::Box, rc::Rc, string::String, vec::Vec};
use core::cell::OnceCell;

use super::{
    super::calls::Calls,
    AllError, Kept, PageCap, Shared,
    crowds::Crowd,
    windows::{CAP, Slot, both, exactly, from},
};
use crate::{
    client::Client,
    engine::concat,
    error::{Code, Error},
    types::{ListUsers, User},
};

/// The order that users are given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Up,
    Down,
    /// By another field, in which there is no way past the cap.
    Other,
}

impl Order {
    pub(super) fn of(sort: &str) -> Self {
        match sort {
            "created_at:1" => Self::Up,
            "created_at:-1" => Self::Down,
            _ => Self::Other,
        }
    }

    pub(super) fn is_by_time(self) -> bool {
        self != Self::Other
    }
}

/// What a window is of.
#[derive(Clone)]
pub(super) enum Kind {
    /// The search as it was asked for.
    Whole,
    /// All users of an instant, by their ids.
    Instant(String),
}

/// Users of a page, and how many the search counts.
pub(super) struct Read {
    pub(super) slot: Slot,
    pub(super) users: Vec<User>,
    pub(super) total: u32,
}

impl Read {
    /// Was nobody behind this page when it was read?
    pub(super) fn is_last(&self) -> bool {
        let is_short = self.users.len() < self.slot.size as usize;
        is_short || (self.total < CAP && self.slot.end() >= self.total)
    }
}

/// Reads pages of users.
pub(super) struct Reader {
    client: Client,
    calls: OnceCell<Calls>,
    kept: Kept,
    pub(super) order: Order,
    pub(super) shared: Rc<Shared>,
}

impl Reader {
    pub(super) fn new(client: Client, kept: Kept, order: Order, shared: Rc<Shared>) -> Self {
        Self {
            client,
            calls: OnceCell::new(),
            kept,
            order,
            shared,
        }
    }

    /// What a window that begins at the place asks for.
    pub(super) fn query(&self, kind: &Kind) -> ListUsers {
        let place = self.shared.place.borrow();
        let q = self.kept.q.as_deref();
        let (q, sort) = match (kind, &place.at) {
            (Kind::Instant(at), _) => {
                let there = both(q, exactly("created_at", at));
                let behind = place
                    .id
                    .as_deref()
                    .map(|id| from("user_id", id, false, true));
                let q = match behind {
                    Some(behind) => both(Some(&there), behind),
                    None => there,
                };
                (Some(q), "user_id:1")
            }
            (Kind::Whole, Some(at)) if self.order.is_by_time() => {
                let is_down = self.order == Order::Down;
                let range = from("created_at", at, is_down, place.is_behind);
                (Some(both(q, range)), self.sort())
            }
            (Kind::Whole, _) => (q.map(str::to_owned), self.sort()),
        };
        let mut fields = self.kept.fields.clone().unwrap_or_default();
        // What they are told apart and ordered by is needed, whoever asked for it.
        for needed in ["user_id", "created_at"] {
            if !fields.is_empty() && !fields.iter().any(|field| field == needed) {
                fields.push(needed.to_owned());
            }
        }
        ListUsers {
            q,
            sort: Some(sort.to_owned()),
            fields,
            include_totals: Some(true),
            ..ListUsers::default()
        }
    }

    pub(super) fn sort(&self) -> &str {
        &self.kept.sort
    }

    /// Reads a page of a window.
    pub(super) async fn read(
        &self,
        kind: &Kind,
        query: &ListUsers,
        slot: Slot,
    ) -> Result<Read, AllError> {
        let calls = self.calls.get_or_init(|| Calls::new(&self.client));
        let query = ListUsers {
            page: Some(slot.page),
            per_page: Some(slot.size),
            ..query.clone()
        };
        let requests = &self.shared.requests;
        requests.set(requests.get().saturating_add(1));
        let page = calls.client().users().list(&query).await;
        let page = page.map_err(|error| match kind {
            Kind::Instant(_) if error.code() == Some(Code::BadRequest) => self.capped(
                kind,
                "the server does not read them by user_id",
                CAP,
                Some(error),
            ),
            _ => error.into(),
        })?;
        let on_progress = self.shared.on_progress.borrow();
        on_progress.tell(&self.shared.progress());
        let total = page.total.and_then(|total| u32::try_from(total).ok());
        Ok(Read {
            slot,
            users: page.items,
            total: total.unwrap_or(CAP),
        })
    }

    /// All users of an instant, whom nobody has been given by id yet.
    pub(super) async fn crowd(&self, at: String) -> Result<Crowd, AllError> {
        let kind = Kind::Instant(at.clone());
        let first = self.read(&kind, &self.query(&kind), Slot::FIRST).await?;
        Ok(Crowd { at, first })
    }

    pub(super) fn capped(
        &self,
        kind: &Kind,
        reason: &str,
        total: u32,
        cause: Option<Error>,
    ) -> AllError {
        let (from, to) = match kind {
            Kind::Instant(at) => (Some(at.clone()), Some(at.clone())),
            Kind::Whole => (self.shared.place.borrow().at.clone(), None),
        };
        AllError::PageCap(Box::new(PageCap {
            reason: reason.to_owned(),
            total: total.into(),
            cap: CAP.into(),
            from,
            to,
            cause,
        }))
    }

    /// There is no way past the cap in the order that was asked for.
    pub(super) fn capped_by_order(&self, total: u32) -> AllError {
        let most = CAP.saturating_sub(1);
        let reason = concat(&[
            "a search in the order of ",
            self.sort(),
            " reaches ",
            &most.to_string(),
            " of them",
        ]);
        self.capped(&Kind::Whole, &reason, total, None)
    }
}
