//! The users of a tenant, found by id, by identity and by what they log in with.

use std::collections::HashMap;

use crate::model::User;

/// Users in order of creation; removed ones leave a gap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users {
    slots: Vec<Option<User>>,
    by_id: HashMap<String, usize>,
    /// Full ids of all identities, also of those that are linked to another user.
    by_identity: HashMap<String, usize>,
    /// E-mail addresses, user names and phone numbers of all identities.
    by_login: HashMap<String, Vec<usize>>,
}

impl Users {
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Every user, in order of creation.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.slots.iter().flatten()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&User> {
        self.slots.get(*self.by_id.get(id)?)?.as_ref()
    }

    /// The user that has this identity, as primary or as linked one.
    pub(crate) fn by_identity(&self, full_id: &str) -> Option<&User> {
        self.slots.get(*self.by_identity.get(full_id)?)?.as_ref()
    }

    /// Users with an identity that logs in with this address, user name or phone number.
    pub(crate) fn by_login(&self, login: &str) -> impl Iterator<Item = &User> {
        self.by_login
            .get(login)
            .into_iter()
            .flatten()
            .filter_map(|slot| self.slots.get(*slot)?.as_ref())
    }

    /// Whether an identity of this connection, other than the one named, logs in with this.
    pub(crate) fn is_taken(&self, connection: &str, login: &str, except: &str) -> bool {
        self.by_login(login).any(|user| {
            user.identities.iter().enumerate().any(|(index, identity)| {
                let profile = user.profile_of(index);
                identity.connection == connection
                    && [&profile.email, &profile.username, &profile.phone_number]
                        .contains(&&Some(login.to_owned()))
                    && identity.full_id() != except
            })
        })
    }

    pub(crate) fn insert(&mut self, user: User) {
        let slot = self.slots.len();
        self.index(&user, slot);
        self.slots.push(Some(user));
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<User> {
        let slot = *self.by_id.get(id)?;
        let user = self.slots.get_mut(slot)?.take()?;
        self.unindex(&user, slot);
        Some(user)
    }

    /// Changes a user in place and keeps the indexes true.
    pub(crate) fn update<R>(&mut self, id: &str, change: impl FnOnce(&mut User) -> R) -> Option<R> {
        let slot = *self.by_id.get(id)?;
        let mut user = self.slots.get_mut(slot)?.take()?;
        self.unindex(&user, slot);
        let result = change(&mut user);
        self.index(&user, slot);
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(user);
        }
        Some(result)
    }

    fn index(&mut self, user: &User, slot: usize) {
        self.by_id.insert(user.user_id.clone(), slot);
        for identity in &user.identities {
            self.by_identity.insert(identity.full_id(), slot);
        }
        for login in logins(user) {
            let slots = self.by_login.entry(login.to_owned()).or_default();
            if let Err(place) = slots.binary_search(&slot) {
                slots.insert(place, slot);
            }
        }
    }

    fn unindex(&mut self, user: &User, slot: usize) {
        self.by_id.remove(&user.user_id);
        for identity in &user.identities {
            self.by_identity.remove(&identity.full_id());
        }
        for login in logins(user) {
            if let Some(slots) = self.by_login.get_mut(login) {
                slots.retain(|other| *other != slot);
                if slots.is_empty() {
                    self.by_login.remove(login);
                }
            }
        }
    }
}

fn logins(user: &User) -> impl Iterator<Item = &str> {
    (0..user.identities.len())
        .flat_map(|index| {
            let profile = user.profile_of(index);
            [&profile.email, &profile.username, &profile.phone_number]
        })
        .filter_map(|login| login.as_deref())
}
