//! The state of a tenant: everything that requests can read and change.

pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod directory;
pub(crate) mod field;
pub(crate) mod generated;
pub(crate) mod ids;
pub(crate) mod index;
pub(crate) mod jobs;
pub(crate) mod mail;
pub(crate) mod metadata;
pub(crate) mod profile;
pub(crate) mod related;
pub(crate) mod snapshot;
pub(crate) mod store;
pub(crate) mod user;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::directory::Directory;
use self::jobs::Jobs;
use self::mail::Mail;
use self::related::RelatedResources;
use self::snapshot::{Snapshot, U64Text, snapshot};
use self::store::Users;
use self::user::User;
use crate::error::ApiError;

/// How many mails are stored.
const MAX_MAILS: usize = 10_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub users: Users,
    pub directory: Directory,
    /// Blocks of brute-force protection, which do not depend on the `blocked` of a user.
    pub blocks: Vec<Block>,
    /// The related resources by user id. Those of a generated user are generated at the first access.
    related: BTreeMap<String, RelatedResources>,
    /// The seed of generated data.
    pub seed: u64,
    pub jobs: Jobs,
    /// Oldest first.
    pub mails: Vec<Mail>,
}

/// A login that brute-force protection refuses.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub identifier: String,
    /// Missing if the block applies to all addresses.
    pub ip: Option<String>,
    pub connection: String,
}

impl State {
    /// Returns a user, or fails with 404.
    pub(crate) fn user(&self, id: &str) -> Result<&User, ApiError> {
        self.users.get(id).ok_or_else(ApiError::user_not_found)
    }

    /// Returns the related resources of a user, or fails with 404.
    pub(crate) fn related(&mut self, id: &str) -> Result<&mut RelatedResources, ApiError> {
        self.related_and_directory(id).map(|(related, _)| related)
    }

    /// Returns the related resources of a user and the directory that they refer to, or fails with 404.
    pub(crate) fn related_and_directory(
        &mut self,
        id: &str,
    ) -> Result<(&mut RelatedResources, &Directory), ApiError> {
        let user = self.users.get(id).ok_or_else(ApiError::user_not_found)?;
        let related = self
            .related
            .entry(id.to_owned())
            .or_insert_with(|| initial_related(user, &self.directory, self.seed));
        Ok((related, &self.directory))
    }

    /// Returns the ids of the organizations of a user.
    pub(crate) fn organizations(&self, user: &User) -> Cow<'_, [String]> {
        match self.related.get(&*user.user_id) {
            Some(related) => Cow::Borrowed(&related.organizations),
            None => Cow::Owned(initial_related(user, &self.directory, self.seed).organizations),
        }
    }

    /// Removes a user with its related resources and blocks.
    pub(crate) fn remove_user(&mut self, id: &str) -> Option<User> {
        let user = self.detach_user(id)?;
        self.lift_blocks(&user);
        Some(user)
    }

    /// Removes a user with its related resources, but not its blocks.
    pub(crate) fn detach_user(&mut self, id: &str) -> Option<User> {
        let user = self.users.remove(id)?;
        self.related.remove(id);
        Some(user)
    }

    /// Removes the blocks of all identities of a user.
    pub(crate) fn lift_blocks(&mut self, user: &User) {
        self.blocks.retain(|block| !block.applies_to(user));
    }

    /// Stores a mail that asks for the verification of the address of an identity.
    pub(crate) fn send_verification(&mut self, user_id: &str, identity: usize, now: u64) {
        let email = self.users.get(user_id).and_then(|user| {
            let email = user.profile_of(identity).email.as_deref();
            email.map(str::to_owned)
        });
        if let Some(to) = email {
            let surplus = self.mails.len().saturating_sub(MAX_MAILS.saturating_sub(1));
            self.mails.drain(..surplus);
            self.mails.push(Mail {
                to,
                user_id: user_id.to_owned(),
                at: now,
            });
        }
    }

    /// Writes everything but the users, which can be too many for one JSON value.
    pub(crate) fn snapshot_without_users(&self) -> Map<String, Value> {
        let mut rest = Map::new();
        rest.insert("seed".into(), U64Text(self.seed).to_snapshot());
        rest.insert("directory".into(), self.directory.to_snapshot());
        rest.insert("blocks".into(), self.blocks.to_snapshot());
        rest.insert("related".into(), self.related.to_snapshot());
        rest.insert("jobs".into(), self.jobs.to_snapshot());
        rest.insert("mails".into(), self.mails.to_snapshot());
        rest
    }

    /// Reads what `snapshot_without_users` writes.
    pub(crate) fn from_snapshot(
        mut rest: Map<String, Value>,
        users: Users,
    ) -> Result<Self, String> {
        let seed: U64Text = snapshot::field(&mut rest, "seed")?;
        Ok(Self {
            users,
            seed: seed.0,
            directory: snapshot::field(&mut rest, "directory")?,
            blocks: snapshot::field(&mut rest, "blocks")?,
            related: snapshot::field(&mut rest, "related")?,
            jobs: snapshot::field(&mut rest, "jobs")?,
            mails: snapshot::field(&mut rest, "mails")?,
        })
    }
}

/// Returns the related resources that a user has before the first change.
fn initial_related(user: &User, directory: &Directory, seed: u64) -> RelatedResources {
    match user.generated {
        Some(number) => generated::related(user, number, directory, seed),
        None => RelatedResources::default(),
    }
}

impl Block {
    /// Returns whether the block applies to an identity of the user.
    pub(crate) fn applies_to(&self, user: &User) -> bool {
        user.identities.iter().enumerate().any(|(index, identity)| {
            let mut logins = user.profile_of(index).logins();
            *identity.connection == *self.connection && logins.any(|login| login == self.identifier)
        })
    }
}

snapshot!(Block {
    identifier,
    ip,
    connection
});
