//! The mails that a tenant would have sent.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::kept::kept;
use crate::state::State;

/// How many are remembered.
const MOST: usize = 10_000;

/// A mail that asks for the verification of an address.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    to: String,
    user_id: String,
    at: u64,
}

impl Mail {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "type": "verification_email",
            "to": self.to,
            "user_id": self.user_id,
            "at": iso(self.at),
        })
    }
}

impl State {
    /// Asks for the verification of the address of one of the identities of a user.
    pub(crate) fn send_verification(&mut self, user_id: &str, identity: usize, now: u64) {
        let email = self.users.get(user_id).and_then(|user| {
            let email = user.profile_of(identity).email.as_deref();
            email.map(str::to_owned)
        });
        if let Some(to) = email {
            let first = self.mails.len().saturating_sub(MOST.saturating_sub(1));
            self.mails.drain(..first);
            self.mails.push(Mail {
                to,
                user_id: user_id.to_owned(),
                at: now,
            });
        }
    }
}

kept!(Mail { to, user_id, at });
