//! Mails that the tenant would have sent.

use serde_json::{Value, json};

use crate::state::clock::iso;
use crate::state::snapshot::snapshot;

/// A mail that asks the owner of an address to verify it.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub to: String,
    pub user_id: String,
    pub at: u64,
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

snapshot!(Mail { to, user_id, at });
