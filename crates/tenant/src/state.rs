//! Everything a tenant remembers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::directory::Directory;
use crate::error::ApiError;
use crate::jobs::Jobs;
use crate::kept::{self, Kept, Wide, kept};
use crate::mail::Mail;
use crate::model::User;
use crate::related::Related;
use crate::seed::belongings;
use crate::store::Users;

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub users: Users,
    pub directory: Directory,
    /// Blocks by brute-force protection, which are no business of the `blocked` of a user.
    pub blocks: Vec<Block>,
    /// By user id; that of a made-up user is made up when it is first needed.
    related: BTreeMap<String, Related>,
    /// What is made up follows from it.
    pub seed: u64,
    pub jobs: Jobs,
    /// Oldest first.
    pub mails: Vec<Mail>,
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
        self.related_and_directory(id).map(|(related, _)| related)
    }

    /// The same together with the directory it refers to.
    pub(crate) fn related_and_directory(
        &mut self,
        id: &str,
    ) -> Result<(&mut Related, &Directory), ApiError> {
        let user = self.users.get(id).ok_or_else(ApiError::no_user)?;
        let related = self
            .related
            .entry(id.to_owned())
            .or_insert_with(|| made_up(user, &self.directory, self.seed));
        Ok((related, &self.directory))
    }

    /// The ids of the organizations that a user is a member of.
    pub(crate) fn organizations(&self, user: &User) -> Cow<'_, [String]> {
        match self.related.get(&*user.user_id) {
            Some(related) => Cow::Borrowed(&related.organizations),
            None => Cow::Owned(made_up(user, &self.directory, self.seed).organizations),
        }
    }

    /// Removes a user and all that hangs on it.
    pub(crate) fn remove_user(&mut self, id: &str) -> Option<User> {
        let user = self.detach_user(id)?;
        self.lift_blocks(&user);
        Some(user)
    }

    /// Removes a user and what belongs to it, but not what is held against its logins.
    pub(crate) fn detach_user(&mut self, id: &str) -> Option<User> {
        let user = self.users.remove(id)?;
        self.related.remove(id);
        Some(user)
    }

    /// Lifts what brute-force protection holds against any identity of a user.
    pub(crate) fn lift_blocks(&mut self, user: &User) {
        self.blocks.retain(|block| !block.concerns(user));
    }
}

/// What belongs to a user of whom nothing was touched yet.
fn made_up(user: &User, directory: &Directory, seed: u64) -> Related {
    match user.made_up {
        Some(number) => belongings::belongings(user, number, directory, seed),
        None => Related::default(),
    }
}

impl Block {
    /// Whether it is held against an identity of this user.
    pub(crate) fn concerns(&self, user: &User) -> bool {
        user.identities.iter().enumerate().any(|(index, identity)| {
            let profile = user.profile_of(index);
            *identity.connection == *self.connection
                && [&profile.email, &profile.username, &profile.phone_number]
                    .into_iter()
                    .flatten()
                    .any(|login| **login == *self.identifier)
        })
    }
}

kept!(Block {
    identifier,
    ip,
    connection
});

impl State {
    /// Everything but the users, of whom there are too many to hold them as JSON at once.
    pub(crate) fn write_rest(&self) -> Map<String, Value> {
        let mut rest = Map::new();
        rest.insert("seed".into(), Wide(self.seed).write());
        rest.insert("directory".into(), self.directory.write());
        rest.insert("blocks".into(), self.blocks.write());
        rest.insert("related".into(), self.related.write());
        rest.insert("jobs".into(), self.jobs.write());
        rest.insert("mails".into(), self.mails.write());
        rest
    }

    /// The opposite.
    pub(crate) fn read(mut rest: Map<String, Value>, users: Users) -> Result<Self, String> {
        let seed: Wide = kept::field(&mut rest, "seed")?;
        Ok(Self {
            users,
            seed: seed.0,
            directory: kept::field(&mut rest, "directory")?,
            blocks: kept::field(&mut rest, "blocks")?,
            related: kept::field(&mut rest, "related")?,
            jobs: kept::field(&mut rest, "jobs")?,
            mails: kept::field(&mut rest, "mails")?,
        })
    }
}
