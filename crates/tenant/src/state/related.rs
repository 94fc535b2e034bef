//! The related resources of a user: sessions, roles, authentication methods, logs.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::state::ids::Ids;
use crate::state::snapshot::snapshot;

/// The related resources of one user.
#[derive(Clone, Debug, Default)]
pub(crate) struct RelatedResources {
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

/// The limit of refresh tokens for one user and application.
const MAX_TOKENS: usize = 200;

impl RelatedResources {
    /// Removes the oldest refresh tokens of each application that has more than the limit.
    pub(crate) fn remove_oldest_tokens(&mut self) {
        let mut newer: BTreeMap<String, usize> = BTreeMap::new();
        let mut remaining: Vec<RefreshToken> = Vec::new();
        for token in self.refresh_tokens.drain(..).rev() {
            let count = newer.entry(token.client_id.clone()).or_default();
            *count = count.saturating_add(1);
            if *count <= MAX_TOKENS {
                remaining.push(token);
            }
        }
        remaining.reverse();
        self.refresh_tokens = remaining;
    }

    /// Removes sessions and refresh tokens that have ended.
    pub(crate) fn remove_ended(&mut self, now: u64) {
        self.sessions.retain(|session| session.life.is_active(now));
        self.refresh_tokens
            .retain(|token| token.life.is_active(now));
    }
}

/// When a session or token began, and when it ends: some time after its deletion.
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

    pub(crate) fn is_active(self, now: u64) -> bool {
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
    /// Missing in a token that is not part of a session.
    pub session_id: Option<String>,
    pub rotating: bool,
}

/// An authentication method, such as a second factor.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    pub id: String,
    pub kind: String,
    pub created_at: u64,
    /// The other properties of the request that created it.
    pub fields: Map<String, Value>,
}

impl Method {
    /// Creates a method with a new id.
    pub(crate) fn new(kind: &str, fields: Map<String, Value>, now: u64, ids: &mut Ids) -> Self {
        Self {
            id: format!("{kind}|dev_{}", ids.alnum(16)),
            kind: kind.to_owned(),
            created_at: now,
            fields,
        }
    }

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
    /// Reads the items of a list that has been checked.
    pub(crate) fn read_list(items: &[Value]) -> Vec<Self> {
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

snapshot!(RelatedResources {
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

snapshot!(Life {
    created_at,
    ends_at
});

snapshot!(Session {
    id,
    life,
    client_id,
    ip
});

snapshot!(RefreshToken {
    id,
    life,
    client_id,
    session_id,
    rotating
});

snapshot!(Method {
    id,
    kind,
    created_at,
    fields
});

snapshot!(Permission {
    resource_server,
    name
});

snapshot!(ConnectedAccount {
    id,
    connection,
    created_at
});

snapshot!(Log { id, at, kind, ip });
