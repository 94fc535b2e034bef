//! What a page about one user shows, in one call.

use alloc::{boxed::Box, vec, vec::Vec};

use super::{Calls, Task, together};
use crate::{
    client::Page,
    error::{Code, Error},
    types::{
        AuthenticationMethod, Block, BlocksQuery, CheckpointQuery, ConnectedAccount, Enrollment,
        Group, GroupsQuery, Log, LogsQuery, Organization, OrganizationsQuery, PageQuery,
        RefreshToken, Role, Session, SessionsQuery, User, UserPermission,
    },
    users::Users,
};

/// The first page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Listed<T> {
    /// The items of the page.
    pub items: Vec<T>,
    /// May there be another page?
    pub has_more: bool,
}

impl<T: serde::de::DeserializeOwned> From<Page<T>> for Listed<T> {
    fn from(page: Page<T>) -> Self {
        Self {
            has_more: page.has_next(),
            items: page.items,
        }
    }
}

/// Makes the parts of an overview out of what reads each.
macro_rules! overview {
    ($users:ident, $client:ident, $id:ident: $($(#[$doc:meta])* $name:ident: $type:ty = $read:expr,)*) => {
        /// What there is to see of a user: each part, or why it could not be read.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct Overview {
            $($(#[$doc])* pub $name: Result<$type, Error>,)*
        }

        async fn read(calls: &Calls, $id: &str) -> Result<Overview, Error> {
            let $client = &calls.client();
            let $users = &$client.users();
            // What a part holds until its task has ended.
            $(let mut $name: Result<$type, Error> = Err(Error::invalid("id", "was not asked for"));)*
            let tasks: Vec<Task<'_, Result<(), Error>>> = vec![
                $(Box::pin(async {
                    $name = $read.await.map(<$type>::from);
                    goes_on(calls, stringify!($name), &$name)
                }),)*
            ];
            together(tasks).await?;
            Ok(Overview { $($name,)* })
        }
    };
}

/// Fails where what a part failed with is the end of the whole.
fn goes_on<T>(calls: &Calls, name: &str, part: &Result<T, Error>) -> Result<(), Error> {
    let Err(error) = part else { return Ok(()) };
    let is_nobody = name == "user" && error.code() == Some(Code::NotFound);
    if is_nobody || calls.is_aborted() || matches!(error, Error::Invalid(_)) {
        return Err(error.clone());
    }
    Ok(())
}

fn latest() -> LogsQuery {
    LogsQuery {
        per_page: Some(100),
        sort: Some("date:-1".into()),
        ..LogsQuery::default()
    }
}

overview! { users, client, id:
    /// The user.
    user: User = users.get(id),
    /// Blocks after failed logins.
    blocks: Vec<Block> = async {
        let blocks = client.user_blocks().list(id, &BlocksQuery::default()).await;
        blocks.map(|blocks| blocks.blocked_for.unwrap_or_default())
    },
    /// What the user proves to be who they are with.
    authentication_methods: Listed<AuthenticationMethod> = users.authentication_methods().list(id, first!(PageQuery, per_page)),
    /// Factors enrolled with Guardian.
    enrollments: Vec<Enrollment> = users.enrollments().get(id),
    /// The roles that the user has directly.
    roles: Listed<Role> = users.roles().list(id, first!(PageQuery, per_page)),
    /// The permissions that the user has directly or through roles.
    permissions: Listed<UserPermission> = users.permissions().list(id, first!(PageQuery, per_page)),
    /// The organizations.
    organizations: Listed<Organization> = users.organizations().list(id, first!(OrganizationsQuery, take)),
    /// The groups.
    groups: Listed<Group> = users.groups().get(id, first!(GroupsQuery, take)),
    /// The sessions.
    sessions: Listed<Session> = users.sessions().list(id, first!(SessionsQuery, take)),
    /// The refresh tokens.
    refresh_tokens: Listed<RefreshToken> = users.refresh_token().list(id, first!(SessionsQuery, take)),
    /// Accounts elsewhere whose tokens Auth0 keeps.
    connected_accounts: Listed<ConnectedAccount> = users.connected_accounts().list(id, &CheckpointQuery::default()),
    /// What the log of the tenant holds, the latest first.
    logs: Listed<Log> = users.logs().list(id, &latest()),
}

impl Users<'_> {
    /// Reads what a page about one user shows, one request for each part, at the same time. A part
    /// that fails has its error, and the others are there.
    ///
    /// Fails with status 404 as soon as it is known that there is no such user, and if the caller aborts;
    /// what is under way then is dropped.
    pub async fn overview(&self, id: &str) -> Result<Overview, Error> {
        read(&Calls::new(self.0), id).await
    }
}
