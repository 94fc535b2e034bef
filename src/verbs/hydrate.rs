//! Many users with what belongs to them.

use alloc::{boxed::Box, vec::Vec};

use super::{Bulk, ItemId, Task, everything, together};
use crate::{
    client::Client,
    error::Error,
    types::{
        AuthenticationMethod, Enrollment, Group, GroupsQuery, Organization, OrganizationsQuery,
        PageQuery, RefreshToken, Role, Session, SessionsQuery, User, UserPermission,
    },
    users::Users,
};

/// Makes the parts out of what reads each.
macro_rules! parts {
    ($users:ident, $id:ident: $($(#[$doc:meta])* $part:ident $name:ident: $type:ty = $read:expr,)*) => {
        /// What can be read of many users.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Part {
            $($(#[$doc])* $part,)*
        }

        /// What was asked for of a user: each part that was.
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct Hydrated {
            $($(#[$doc])* pub $name: Option<$type>,)*
        }

        async fn read(client: &Client, $id: &str, parts: &[Part]) -> Result<Hydrated, Error> {
            let $users = &client.users();
            let mut read = Hydrated::default();
            let mut tasks: Vec<Task<'_, Result<(), Error>>> = Vec::new();
            $(if parts.contains(&Part::$part) {
                let part = &mut read.$name;
                tasks.push(Box::pin(async move {
                    *part = Some($read?);
                    Ok(())
                }));
            })*
            together(tasks).await?;
            Ok(read)
        }
    };
}

parts! { users, id:
    /// What the user proves to be who they are with.
    AuthenticationMethods authentication_methods: Vec<AuthenticationMethod> =
        everything(users.authentication_methods().list(id, first!(PageQuery, per_page)).await?).await,
    /// Factors enrolled with Guardian.
    Enrollments enrollments: Vec<Enrollment> = users.enrollments().get(id).await,
    /// The groups.
    Groups groups: Vec<Group> = everything(users.groups().get(id, first!(GroupsQuery, take)).await?).await,
    /// The organizations.
    Organizations organizations: Vec<Organization> =
        everything(users.organizations().list(id, first!(OrganizationsQuery, take)).await?).await,
    /// The permissions that the user has directly or through roles.
    Permissions permissions: Vec<UserPermission> =
        everything(users.permissions().list(id, first!(PageQuery, per_page)).await?).await,
    /// The user.
    Profile profile: User = users.get(id).await,
    /// The refresh tokens.
    RefreshTokens refresh_tokens: Vec<RefreshToken> =
        everything(users.refresh_token().list(id, first!(SessionsQuery, take)).await?).await,
    /// The roles that the user has directly.
    Roles roles: Vec<Role> = everything(users.roles().list(id, first!(PageQuery, per_page)).await?).await,
    /// The sessions.
    Sessions sessions: Vec<Session> =
        everything(users.sessions().list(id, first!(SessionsQuery, take)).await?).await,
}

impl Users<'_> {
    /// Reads what belongs to many users: these parts, with all pages of each, as
    /// [`Client::bulk`] does it. A part that cannot be read fails its user, and ends the other parts.
    ///
    /// Without parts nothing is asked for.
    pub fn hydrate<'a, I>(&self, ids: I, parts: &[Part]) -> Bulk<'a, I::Item, Hydrated>
    where
        I: IntoIterator<Item: ItemId + 'a, IntoIter: 'a>,
    {
        let mut distinct = Vec::new();
        for part in parts {
            if !distinct.contains(part) {
                distinct.push(*part);
            }
        }
        let parts = distinct;
        let requests = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let read =
            async move |client: Client, item: &I::Item| read(&client, item.item_id(), &parts).await;
        self.0.bulk(ids, read).requests_per_item(requests)
    }
}
