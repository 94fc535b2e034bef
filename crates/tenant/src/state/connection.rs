//! Connections: where users come from, and what that allows.

use serde_json::Value;

use crate::state::profile::Text;
use crate::state::snapshot::{Snapshot, snapshot};

/// The database connection that every tenant starts with.
pub(crate) const DATABASE: &str = "Username-Password-Authentication";

/// The kind of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// The Auth0 store.
    Database,
    PasswordlessEmail,
    PasswordlessSms,
    Social,
    Enterprise,
}

#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub id: String,
    pub name: String,
    pub strategy: Strategy,
    /// The prefix of the ids of its users.
    pub provider: String,
    pub enabled: bool,
    pub requires_username: bool,
    /// Whether each login reads the profile from the provider again, which makes it read-only in the API.
    pub syncs_profile: bool,
}

impl Connection {
    pub(crate) fn is_database(&self) -> bool {
        self.strategy == Strategy::Database
    }

    pub(crate) fn is_social(&self) -> bool {
        self.strategy == Strategy::Social
    }

    /// Returns whether the API can change name, nickname, given and family name, and picture.
    pub(crate) fn has_editable_profile(&self) -> bool {
        match self.strategy {
            Strategy::Database | Strategy::PasswordlessEmail | Strategy::PasswordlessSms => true,
            Strategy::Social | Strategy::Enterprise => !self.syncs_profile,
        }
    }

    /// Converts an address or user name to its stored form: lower case in a database, unchanged elsewhere.
    pub(crate) fn stored(&self, login: &str) -> Text {
        if self.is_database() {
            login.to_lowercase().into()
        } else {
            login.into()
        }
    }
}

snapshot!(Connection {
    id,
    name,
    strategy,
    provider,
    enabled,
    requires_username,
    syncs_profile
});

impl Snapshot for Strategy {
    fn to_snapshot(&self) -> Value {
        let name = match self {
            Self::Database => "database",
            Self::PasswordlessEmail => "passwordless_email",
            Self::PasswordlessSms => "passwordless_sms",
            Self::Social => "social",
            Self::Enterprise => "enterprise",
        };
        name.into()
    }

    fn from_snapshot(value: Value) -> Result<Self, String> {
        let all = [
            Self::Database,
            Self::PasswordlessEmail,
            Self::PasswordlessSms,
            Self::Social,
            Self::Enterprise,
        ];
        let mut named = all.into_iter().filter(|own| own.to_snapshot() == value);
        named
            .next()
            .ok_or_else(|| "unknown kind of connection".to_owned())
    }
}
