//! Attaches generated related resources to a user.

use super::directory::{group_id, organization};
use crate::state::State;
use crate::state::directory::Group;
use crate::state::generated::{connected_account, log, refresh_token, session};
use crate::state::ids::Ids;

/// How many related resources to attach to a user.
#[derive(Clone, Copy, Debug, Default)]
pub struct RelatedCounts {
    /// Sessions, each with a refresh token.
    pub sessions: usize,
    /// Memberships in new organizations.
    pub organizations: usize,
    /// Memberships in new groups.
    pub groups: usize,
    /// Events in the log.
    pub logs: usize,
    /// Connected accounts.
    pub connected_accounts: usize,
}

/// Attaches related resources to a user, and returns whether the user exists.
pub(crate) fn attach(
    state: &mut State,
    user_id: &str,
    counts: RelatedCounts,
    now: u64,
    ids: &mut Ids,
) -> bool {
    let mut organizations = Vec::new();
    let mut groups = Vec::new();
    let Ok(related) = state.related(user_id) else {
        return false;
    };
    for _ in 0..counts.sessions {
        let session = session(now, ids);
        let token = refresh_token(Some(session.id.clone()), now, ids);
        related.sessions.push(session);
        related.refresh_tokens.push(token);
    }
    related.remove_oldest_tokens();
    for _ in 0..counts.logs {
        related.logs.push(log("s", now, ids));
    }
    for _ in 0..counts.connected_accounts {
        related.connected_accounts.push(connected_account(now, ids));
    }
    for number in 0..counts.organizations {
        let name = format!("organization-{number}-{}", ids.hex(6));
        let organization = organization(&name, &name, ids);
        related.organizations.push(organization.id.clone());
        organizations.push(organization);
    }
    for number in 0..counts.groups {
        let group = Group {
            id: group_id(ids),
            name: format!("Group {number}"),
            created_at: now,
            connection_id: String::new(),
            roles: Vec::new(),
        };
        related.groups.push((group.id.clone(), now));
        groups.push(group);
    }
    state.directory.organizations.extend(organizations);
    state.directory.groups.extend(groups);
    true
}
