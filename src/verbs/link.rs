//! Linking two accounts, with what is lost by it.

use alloc::{string::String, vec::Vec};

use super::{Steps, Work};
use crate::{
    client::{Client, Page},
    error::Error,
    types::{
        AuthenticationMethod, Identity, LinkAccount, LinkIdentity, Metadata, Organization,
        PageQuery, Role, UpdateUser, User, UserPermission,
    },
    users::Identities,
};

/// How accounts are linked.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkAccounts {
    /// Gives the primary account, before the linking, the first-level keys of `user_metadata` that it
    /// lacks and the secondary one has.
    pub merge_user_metadata: bool,
    /// The same for `app_metadata`.
    pub merge_app_metadata: bool,
    /// Only reads, and tells which steps would be done.
    pub dry_run: bool,
}

/// What is gone when the secondary account is no user of its own any more.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LinkLosses {
    /// What is not merged.
    pub user_metadata: Metadata,
    /// What is not merged.
    pub app_metadata: Metadata,
    /// The first page of its roles, or why they could not be read.
    pub roles: Result<Vec<Role>, Error>,
    /// The first page of its permissions.
    pub permissions: Result<Vec<UserPermission>, Error>,
    /// The first page of its organizations.
    pub organizations: Result<Vec<Organization>, Error>,
    /// The first page of what it proves to be who it is with.
    pub authentication_methods: Result<Vec<AuthenticationMethod>, Error>,
}

/// The exact changes of the step `mergeMetadata`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MergedMetadata {
    /// What the primary account gets.
    pub user_metadata: Metadata,
    /// What the primary account gets.
    pub app_metadata: Metadata,
}

/// What [`Identities::link_accounts`] did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LinkReport {
    /// The steps `mergeMetadata` and `link`.
    pub steps: Steps,
    /// What the secondary account loses, or would lose; nothing if they were linked already.
    pub loses: Option<LinkLosses>,
    /// What the primary account gets before.
    pub merged: MergedMetadata,
    /// All accounts, the primary one first, if they are linked.
    pub identities: Option<Vec<Identity>>,
}

/// The provider of an id, and the rest.
fn split<'a>(argument: &str, id: &'a str) -> Result<(&'a str, &'a str), Error> {
    let parts = id.split_once('|');
    let parts = parts.filter(|(provider, rest)| !provider.is_empty() && !rest.is_empty());
    let fault = "must be an id with its provider, such as \"auth0|123\"";
    parts.ok_or_else(|| Error::invalid(argument, fault))
}

/// Is it this account of the user? Its id is a text or a number.
fn is_account(identity: &Identity, provider: &str, id: &str) -> bool {
    let own = match identity.user_id.as_str() {
        Some(text) => String::from(text),
        None => identity.user_id.to_string(),
    };
    identity.provider.as_deref() == Some(provider) && own == id
}

/// The keys of `from` that `to` lacks, and what else `to` has otherwise.
fn merge(to: Option<&Metadata>, from: Metadata, is_asked: bool) -> (Metadata, Metadata) {
    let (mut added, mut lost) = (Metadata::new(), Metadata::new());
    for (key, value) in from {
        match to.and_then(|to| to.get(&key)) {
            _ if !is_asked => lost.insert(key, value),
            None => added.insert(key, value),
            Some(own) if *own == value => None,
            Some(_) => lost.insert(key, value),
        };
    }
    (added, lost)
}

/// The items of a page, or why it could not be read. Fails only if the caller aborts.
fn listed<T>(work: &Work, page: Result<Page<T>, Error>) -> Result<Result<Vec<T>, Error>, Error> {
    match page {
        Err(error) if work.is_aborted() => Err(error),
        page => Ok(page.map(|page| page.items)),
    }
}

async fn losses(work: &Work, secondary: &User) -> Result<LinkLosses, Error> {
    let client = work.client();
    let (users, id) = (client.users(), secondary.user_id.as_str());
    let query = PageQuery {
        per_page: Some(100),
        ..PageQuery::default()
    };
    let roles = listed(work, users.roles().list(id, &query).await)?;
    let permissions = listed(work, users.permissions().list(id, &query).await)?;
    let organizations = users.organizations().list(id, &Default::default()).await;
    let organizations = listed(work, organizations)?;
    let methods = users.authentication_methods().list(id, &query).await;
    let authentication_methods = listed(work, methods)?;
    Ok(LinkLosses {
        user_metadata: Metadata::new(),
        app_metadata: Metadata::new(),
        roles,
        permissions,
        organizations,
        authentication_methods,
    })
}

impl Identities<'_> {
    /// Links an account to another by their whole ids (`POST /users/{id}/identities`, after
    /// `PATCH /users/{id}` where metadata is merged), and tells what the secondary one loses.
    ///
    /// Skips what is done if the accounts are linked already. If metadata cannot be merged, nothing
    /// is linked. What both have stays as the primary account has it. Fails with status 404 if there
    /// is no such user, and if the caller aborts.
    pub async fn link_accounts(
        &self,
        primary: &str,
        secondary: &str,
        how: LinkAccounts,
    ) -> Result<LinkReport, Error> {
        split("primary", primary)?;
        let (provider, user_id) = split("secondary", secondary)?;
        if primary == secondary {
            return Err(Error::invalid("secondary", "must be another account"));
        }
        let mut work = Work::new(self.0, how.dry_run);
        let user = work.client().users().get(primary).await?;
        let own = user.identities.as_deref().unwrap_or_default();
        if own.iter().any(|one| is_account(one, provider, user_id)) {
            let reason = Some("the accounts are linked already");
            work.step("link", reason, async |_| Ok(())).await?;
            return Ok(LinkReport {
                steps: work.steps,
                loses: None,
                merged: MergedMetadata::default(),
                identities: user.identities,
            });
        }

        let mut other = work.client().users().get(secondary).await?;
        let mut loses = losses(&work, &other).await?;
        let mut merged = MergedMetadata::default();
        let from = other.user_metadata.take().unwrap_or_default();
        let to = user.user_metadata.as_ref();
        (merged.user_metadata, loses.user_metadata) = merge(to, from, how.merge_user_metadata);
        let from = other.app_metadata.take().unwrap_or_default();
        let to = user.app_metadata.as_ref();
        (merged.app_metadata, loses.app_metadata) = merge(to, from, how.merge_app_metadata);

        if how.merge_user_metadata || how.merge_app_metadata {
            let is_same = merged == MergedMetadata::default();
            let reason = is_same.then_some("there is nothing that the primary account lacks");
            // An empty object would remove what there is.
            let given = |metadata: &Metadata| (!metadata.is_empty()).then(|| metadata.clone());
            let changes = UpdateUser {
                user_metadata: given(&merged.user_metadata),
                app_metadata: given(&merged.app_metadata),
                ..UpdateUser::default()
            };
            let run = async |client: Client| {
                let update = client.users();
                update.update(primary, &changes).await.map(drop)
            };
            work.step("mergeMetadata", reason, run).await?;
        }
        let reason = work.steps.first_failed().map(|_| "mergeMetadata failed");
        let account = LinkIdentity::Account(LinkAccount {
            provider: String::from(provider),
            user_id: String::from(user_id),
            connection_id: None,
        });
        let mut identities = None;
        let run = async |client: Client| {
            let own = client.users().identities();
            identities = Some(own.link(primary, &account).await?);
            Ok(())
        };
        work.step("link", reason, run).await?;
        Ok(LinkReport {
            steps: work.steps,
            loses: Some(loses),
            merged,
            identities,
        })
    }
}
