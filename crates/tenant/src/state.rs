//! Everything a tenant remembers.

use std::collections::HashMap;

use crate::directory::Directory;
use crate::error::ApiError;
use crate::jobs::Jobs;
use crate::model::User;
use crate::related::Related;
use crate::store::Users;

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub users: Users,
    pub directory: Directory,
    /// Blocks by brute-force protection, which are no business of the `blocked` of a user.
    pub blocks: Vec<Block>,
    /// By user id.
    pub related: HashMap<String, Related>,
    pub jobs: Jobs,
}

/// A login that brute-force protection refuses.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub identifier: String,
    /// Missing where the account as a whole is locked.
    pub ip: Option<String>,
    pub connection: String,
}

impl State {
    pub(crate) fn user(&self, id: &str) -> Result<&User, ApiError> {
        self.users.get(id).ok_or_else(ApiError::no_user)
    }

    /// What belongs to a user that exists.
    pub(crate) fn related(&mut self, id: &str) -> Result<&mut Related, ApiError> {
        self.user(id)?;
        Ok(self.related.entry(id.to_owned()).or_default())
    }

    /// The same together with the directory it refers to.
    pub(crate) fn related_and_directory(
        &mut self,
        id: &str,
    ) -> Result<(&mut Related, &Directory), ApiError> {
        self.user(id)?;
        let related = self.related.entry(id.to_owned()).or_default();
        Ok((related, &self.directory))
    }

    /// Removes a user and all that hangs on it.
    pub(crate) fn remove_user(&mut self, id: &str) -> Option<User> {
        let user = self.users.remove(id)?;
        self.lift_blocks(&user);
        self.related.remove(id);
        Some(user)
    }

    /// Lifts what brute-force protection holds against any identity of a user.
    pub(crate) fn lift_blocks(&mut self, user: &User) {
        self.blocks.retain(|block| !block.concerns(user));
    }
}

impl Block {
    /// Whether it is held against an identity of this user.
    pub(crate) fn concerns(&self, user: &User) -> bool {
        user.identities.iter().enumerate().any(|(index, identity)| {
            let profile = user.profile_of(index);
            identity.connection == self.connection
                && [&profile.email, &profile.username, &profile.phone_number]
                    .into_iter()
                    .flatten()
                    .any(|login| *login == self.identifier)
        })
    }
}
