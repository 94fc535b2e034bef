//! What belongs to a user but is not part of the profile.

use crate::kept::kept;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// One user's share of everything else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Related {
    pub sessions: Vec<Session>,
    pub refresh_tokens: Vec<RefreshToken>,
    pub methods: Vec<Method>,
    pub recovery_code: Option<String>,
    /// Ids of roles assigned directly.
    pub roles: Vec<String>,
    /// Permissions granted directly.
    pub permissions: Vec<Permission>,
    /// Ids of organizations.
    pub organizations: Vec<String>,
    /// Ids of groups with the time of joining.
    pub groups: Vec<(String, u64)>,
    pub connected_accounts: Vec<ConnectedAccount>,
    /// Oldest first.
    pub logs: Vec<Log>,
}

/// A user has no more refresh tokens for one application.
const MOST_TOKENS: usize = 200;

impl Related {
    /// Takes away the oldest refresh tokens where there are too many for an application.
    pub(crate) fn drop_oldest_tokens(&mut self) {
        let mut newer: BTreeMap<String, usize> = BTreeMap::new();
        let mut kept: Vec<RefreshToken> = Vec::new();
        for token in self.refresh_tokens.drain(..).rev() {
            let count = newer.entry(token.client_id.clone()).or_default();
            *count = count.saturating_add(1);
            if *count <= MOST_TOKENS {
                kept.push(token);
            }
        }
        kept.reverse();
        self.refresh_tokens = kept;
    }

    /// Takes ended sessions and tokens away for good.
    pub(crate) fn forget_ended(&mut self, now: u64) {
        self.sessions.retain(|session| session.life.is_on(now));
        self.refresh_tokens.retain(|token| token.life.is_on(now));
    }
}

/// Sessions and tokens are taken away some time after they are told to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub created_at: u64,
    pub ends_at: Option<u64>,
}

impl Life {
    pub(crate) fn since(created_at: u64) -> Self {
        Self {
            created_at,
            ends_at: None,
        }
    }

    pub(crate) fn is_on(self, now: u64) -> bool {
        self.ends_at.is_none_or(|end| end > now)
    }

    pub(crate) fn end(&mut self, at: u64) {
        self.ends_at = Some(self.ends_at.map_or(at, |end| end.min(at)));
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub id: String,
    pub life: Life,
    pub client_id: String,
    pub ip: String,
}

#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    pub id: String,
    pub life: Life,
    pub client_id: String,
    /// Tokens made before sessions had ids have none.
    pub session_id: Option<String>,
    pub rotating: bool,
}

/// An authentication method, such as a second factor.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    pub id: String,
    pub kind: String,
    pub created_at: u64,
    /// Everything else it was made with.
    pub fields: Map<String, Value>,
}

impl Method {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    pub resource_server: String,
    pub name: String,
}

impl Permission {
    /// Those in a list that was checked.
    pub(crate) fn list(items: &[Value]) -> Vec<Self> {
        let text = |item: &Value, name: &str| {
            let text = item.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let permissions = items.iter().map(|item| Self {
            resource_server: text(item, "resource_server_identifier"),
            name: text(item, "permission_name"),
        });
        permissions.collect()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ConnectedAccount {
    pub id: String,
    pub connection: String,
    pub created_at: u64,
}

/// An event in the log of a user.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub id: String,
    pub at: u64,
    /// A code such as `s` for a login.
    pub kind: String,
    pub ip: String,
}

kept!(Related {
    sessions,
    refresh_tokens,
    methods,
    recovery_code,
    roles,
    permissions,
    organizations,
    groups,
    connected_accounts,
    logs
});

kept!(Life {
    created_at,
    ends_at
});

kept!(Session {
    id,
    life,
    client_id,
    ip
});

kept!(RefreshToken {
    id,
    life,
    client_id,
    session_id,
    rotating
});

kept!(Method {
    id,
    kind,
    created_at,
    fields
});

kept!(Permission {
    resource_server,
    name
});

kept!(ConnectedAccount {
    id,
    connection,
    created_at
});

kept!(Log { id, at, kind, ip });
