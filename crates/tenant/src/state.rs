//! Everything a tenant remembers.

use std::collections::HashMap;

use crate::error::ApiError;
use crate::model::{Connection, User};
use crate::store::Users;

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub users: Users,
    pub connections: Vec<Connection>,
    /// Blocks by brute-force protection, which are no business of the `blocked` of a user.
    pub blocks: Vec<Block>,
    /// What belongs to a user but is not part of the profile.
    pub related: HashMap<String, Related>,
}

/// A login that brute-force protection refuses.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub identifier: String,
    /// Missing where the account as a whole is locked.
    pub ip: Option<String>,
    pub connection: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Related {
    pub sessions: Vec<Session>,
    pub refresh_tokens: Vec<RefreshToken>,
    pub methods: Vec<Method>,
    pub recovery_code: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub id: String,
}

#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    /// Tokens made before sessions had ids have none.
    pub session_id: Option<String>,
}

/// An authentication method for a second factor.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    pub kind: String,
}

impl State {
    pub(crate) fn user(&self, id: &str) -> Result<&User, ApiError> {
        self.users.get(id).ok_or_else(ApiError::no_user)
    }

    pub(crate) fn connection(&self, name: &str) -> Option<&Connection> {
        self.connections
            .iter()
            .find(|connection| connection.name == name)
    }

    /// Removes a user and all that hangs on it.
    pub(crate) fn remove_user(&mut self, id: &str) {
        if let Some(user) = self.users.remove(id) {
            self.lift_blocks(&user);
            self.related.remove(id);
        }
    }

    /// Lifts what brute-force protection holds against any identity of a user.
    pub(crate) fn lift_blocks(&mut self, user: &User) {
        self.blocks.retain(|block| !blocks(block, user));
    }
}

/// Whether a block concerns an identity of this user.
pub(crate) fn blocks(block: &Block, user: &User) -> bool {
    user.identities.iter().enumerate().any(|(index, identity)| {
        let profile = user.profile_of(index);
        identity.connection == block.connection
            && [&profile.email, &profile.username, &profile.phone_number]
                .into_iter()
                .flatten()
                .any(|login| *login == block.identifier)
    })
}
