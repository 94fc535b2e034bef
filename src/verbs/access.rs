//! May a user sign in, and what is signed in.

use alloc::vec::Vec;

use super::{Steps, Work, everything};
use crate::{
    client::Client,
    error::Error,
    types::{Block, BlocksQuery, RevokeAccess, SessionsQuery, UpdateUser},
    users::Users,
};

/// What keeps a user from signing in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Access {
    /// Has an administrator blocked the user?
    pub admin_blocked: bool,
    /// What is blocked after failed logins: from an address, or from everywhere where it has none.
    pub brute_force: Vec<Block>,
}

/// Which blocks to lift.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unblock {
    /// That of an administrator.
    pub admin: bool,
    /// Those after failed logins.
    pub brute_force: bool,
    /// Only reads, and tells which steps would be done.
    pub dry_run: bool,
}

/// What [`Users::unblock`] did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnblockReport {
    /// The steps `admin` and `bruteForce`.
    pub steps: Steps,
    /// What there was before.
    pub before: Access,
}

/// How to end everything that is signed in.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOut {
    /// Blocks the user first, so that nobody signs in again.
    pub block: bool,
    /// Only reads, and tells which steps would be done.
    pub dry_run: bool,
}

/// What [`Users::sign_out_everywhere`] did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignOutReport {
    /// The steps `block`, `revokeAccess`, `sessions`, `refreshTokens` and `verify`.
    pub steps: Steps,
    /// What was still signed in when `verify` looked, or what is signed in for a dry run; nothing if
    /// `verify` failed. The server ends sessions some time after it says so.
    pub remaining: Option<SignedIn>,
}

/// How much is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedIn {
    /// How many sessions.
    pub sessions: usize,
    /// How many refresh tokens.
    pub refresh_tokens: usize,
}

async fn access(client: &Client, id: &str) -> Result<Access, Error> {
    let user = client.users().get(id).await?;
    let query = BlocksQuery::default();
    let blocks = client.user_blocks().list(id, &query).await?;
    Ok(Access {
        admin_blocked: user.blocked == Some(true),
        brute_force: blocks.blocked_for.unwrap_or_default(),
    })
}

async fn set_blocked(client: &Client, id: &str, blocked: bool) -> Result<(), Error> {
    let changes = UpdateUser {
        blocked: Some(blocked),
        ..UpdateUser::default()
    };
    client.users().update(id, &changes).await.map(drop)
}

async fn signed_in(client: &Client, id: &str) -> Result<SignedIn, Error> {
    let query = SessionsQuery {
        take: Some(100),
        ..SessionsQuery::default()
    };
    let sessions = client.users().sessions().list(id, &query).await?;
    let refresh_tokens = client.users().refresh_token().list(id, &query).await?;
    Ok(SignedIn {
        sessions: everything(sessions).await?.len(),
        refresh_tokens: everything(refresh_tokens).await?.len(),
    })
}

impl Users<'_> {
    /// Reads both kinds of block (`GET /users/{id}` and `GET /user-blocks/{id}`). Fails with status
    /// 404 if there is no such user.
    pub async fn access(&self, id: &str) -> Result<Access, Error> {
        access(&Work::new(self.0, false).client(), id).await
    }

    /// Lifts the blocks that are named (`PATCH /users/{id}` and `DELETE /user-blocks/{id}`). Skips
    /// what is not there. Fails if the blocks cannot be read.
    pub async fn unblock(&self, id: &str, what: Unblock) -> Result<UnblockReport, Error> {
        if !(what.admin || what.brute_force) {
            let fault = "must say which block to lift: admin, brute_force, or both";
            return Err(Error::invalid("what", fault));
        }
        let mut work = Work::new(self.0, what.dry_run);
        let before = access(&work.client(), id).await?;
        if what.admin {
            let reason = (!before.admin_blocked).then_some("no administrator has blocked the user");
            let run = async |client: Client| set_blocked(&client, id, false).await;
            work.step("admin", reason, run).await?;
        }
        if what.brute_force {
            let is_free = before.brute_force.is_empty();
            let reason = is_free.then_some("nothing is blocked after failed logins");
            let run = async |client: Client| client.user_blocks().delete(id).await;
            work.step("bruteForce", reason, run).await?;
        }
        let steps = work.steps;
        Ok(UnblockReport { steps, before })
    }

    /// Ends everything that is signed in (`POST /users/{id}/revoke-access`,
    /// `DELETE /users/{user_id}/sessions`, `DELETE /users/{user_id}/refresh-tokens`), then looks what
    /// is left. Access tokens that are out stay valid until they expire. Fails with status 404 if
    /// there is no such user.
    pub async fn sign_out_everywhere(
        &self,
        id: &str,
        how: SignOut,
    ) -> Result<SignOutReport, Error> {
        let mut work = Work::new(self.0, how.dry_run);
        let user = work.client().users().get(id).await?;
        if how.block {
            let is_blocked = user.blocked == Some(true);
            let reason = is_blocked.then_some("the user is blocked already");
            let run = async |client: Client| set_blocked(&client, id, true).await;
            work.step("block", reason, run).await?;
        }
        let everything = RevokeAccess::default();
        let run = async |client: Client| client.users().revoke_access(id, &everything).await;
        work.step("revokeAccess", None, run).await?;
        let run = async |client: Client| client.users().sessions().delete(id).await;
        work.step("sessions", None, run).await?;
        let run = async |client: Client| client.users().refresh_token().delete(id).await;
        work.step("refreshTokens", None, run).await?;
        let mut remaining = None;
        if how.dry_run {
            remaining = Some(signed_in(&work.client(), id).await?);
        } else {
            let look = async |client: Client| {
                remaining = Some(signed_in(&client, id).await?);
                Ok(())
            };
            work.step("verify", None, look).await?;
        }
        let steps = work.steps;
        Ok(SignOutReport { steps, remaining })
    }
}
