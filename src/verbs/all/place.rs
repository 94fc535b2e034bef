//! How far a run over all users has come.

use alloc::{borrow::ToOwned, collections::BTreeSet, string::String};

use serde::{Deserialize, Serialize};

use super::read::Order;
use crate::types::User;

/// A place in the order of users, and who has been given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Place {
    /// When the last who was given was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<String>,
    /// Who was given of that time; where there is no way past the cap, everybody.
    pub(super) ids: BTreeSet<String>,
    /// Where those of that time are read by their ids: the last of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// Whether everybody of that time was given.
    pub(super) is_behind: bool,
    /// How many were given.
    pub(super) read: u64,
}

impl Place {
    /// Takes in a user who is given.
    pub(super) fn pass(&mut self, user: &User, order: Order) {
        self.read = self.read.saturating_add(1);
        let at = user.created_at.as_ref().filter(|_| order.is_by_time());
        if at == self.at.as_ref() {
            self.ids.insert(user.user_id.clone());
            return;
        }
        // Who appears late, before the place, does not move it back.
        let is_further = match (&self.at, at) {
            (Some(own), Some(at)) if order == Order::Down => at < own,
            (own, at) => at > own.as_ref(),
        };
        if is_further {
            self.begin(at.cloned());
            self.ids.insert(user.user_id.clone());
        }
    }

    /// Takes in a user who is given by id.
    pub(super) fn pass_by_id(&mut self, user: &User) {
        self.read = self.read.saturating_add(1);
        self.skip_by_id(user);
    }

    /// Those up to a user have been given, by whatever order.
    pub(super) fn skip_by_id(&mut self, user: &User) {
        self.id = Some(user.user_id.clone());
    }

    /// Everybody of a time has been given.
    pub(super) fn finish(&mut self, at: &str) {
        self.begin(Some(at.to_owned()));
        self.is_behind = true;
    }

    fn begin(&mut self, at: Option<String>) {
        *self = Self {
            at,
            read: self.read,
            ..Self::default()
        };
    }
}
