//! The users of a tenant, with indexes by identity, by login and by the values of fields.

use std::collections::{BTreeMap, VecDeque};

use crate::state::field::{FieldPath, INDEXED, index_keys};
use crate::state::index::{Index, hash};
use crate::state::user::User;

/// Users in order of creation. A removed user leaves an empty slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users {
    slots: Vec<Option<Box<User>>>,
    count: usize,
    /// By the hash of the full ids of all identities, including linked ones.
    by_identity: Index,
    /// By the hash of the e-mail addresses, user names and phone numbers of all identities.
    by_login: Index,
    /// By the values of fields, one index for each of `INDEXED`.
    by_value: Vec<Index>,
    lag: SearchLag,
}

/// Changes that searches do not see yet.
#[derive(Clone, Debug, Default)]
struct SearchLag {
    /// When searches see the next changes; without it they see them at once.
    visible_at: Option<u64>,
    /// When searches see each change, with its slot.
    due: VecDeque<(u64, u32)>,
    /// The content of a slot before each of the changes that searches do not see yet.
    previous: BTreeMap<u32, VecDeque<Option<Box<User>>>>,
}

/// A position among the users.
pub(crate) type Slot = u32;

impl Users {
    /// Adds all users at once, which takes less time than one after the other.
    pub(crate) fn from_list(users: Vec<User>) -> Self {
        let slots: Vec<_> = users.into_iter().map(|user| Some(Box::new(user))).collect();
        let mut by_identity = Vec::with_capacity(slots.len());
        let mut by_login = Vec::with_capacity(slots.len());
        for (slot, user) in numbered(&slots) {
            by_identity.extend(identity_keys(user).map(|key| (key, slot)));
            by_login.extend(logins(user).map(|login| (hash(login), slot)));
        }
        let by_value = INDEXED.iter().map(|name| {
            let path = FieldPath::parse(name);
            let mut entries = Vec::with_capacity(slots.len());
            for (slot, user) in numbered(&slots) {
                index_keys(&path, user, &mut |key| entries.push((key, slot)));
            }
            Index::from_entries(entries)
        });
        Self {
            count: slots.len(),
            by_identity: Index::from_entries(by_identity),
            by_login: Index::from_entries(by_login),
            by_value: by_value.collect(),
            lag: SearchLag::default(),
            slots,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Returns all users, in order of creation.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.slots.iter().flatten().map(|user| &**user)
    }

    fn at(&self, slot: Slot) -> Option<&User> {
        self.slots.get(position(slot))?.as_deref()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&User> {
        self.by_identity(id).filter(|user| *user.user_id == *id)
    }

    /// Returns the user that has this identity, primary or linked.
    pub(crate) fn by_identity(&self, full_id: &str) -> Option<&User> {
        self.slot_of(full_id).and_then(|slot| self.at(slot))
    }

    fn slot_of(&self, full_id: &str) -> Option<Slot> {
        self.by_identity.at(hash(full_id)).find(|slot| {
            self.at(*slot).is_some_and(|user| {
                user.identities
                    .iter()
                    .any(|identity| identity.has_full_id(full_id))
            })
        })
    }

    /// Returns the users with an identity that has this address, user name or phone number.
    pub(crate) fn by_login(&self, login: &str) -> impl Iterator<Item = &User> {
        self.by_login
            .at(hash(login))
            .filter_map(|slot| self.at(slot))
            .filter(move |user| logins(user).any(|own| own == login))
    }

    /// Returns whether an identity of this connection has the login, other than the identity `except`.
    pub(crate) fn is_taken(&self, connection: &str, login: &str, except: &str) -> bool {
        self.by_login(login).any(|user| {
            user.identities.iter().enumerate().any(|(index, identity)| {
                *identity.connection == *connection
                    && user.profile_of(index).logins().any(|own| own == login)
                    && !identity.has_full_id(except)
            })
        })
    }

    pub(crate) fn insert(&mut self, user: User) {
        // The slots of 32 bits suffice for 4,000 million users.
        let slot = Slot::try_from(self.slots.len()).unwrap_or(Slot::MAX);
        self.lag.record(slot, || None);
        self.add_to_indexes(&user, slot);
        self.slots.push(Some(Box::new(user)));
        self.count = self.count.saturating_add(1);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<User> {
        let slot = self.slot_of(id).filter(|_| self.get(id).is_some())?;
        let user = self.slots.get_mut(position(slot))?.take()?;
        self.lag.record(slot, || Some(user.clone()));
        self.remove_from_indexes(&user, slot);
        self.count = self.count.saturating_sub(1);
        Some(*user)
    }

    /// Changes a user and updates the indexes.
    pub(crate) fn update<R>(&mut self, id: &str, change: impl FnOnce(&mut User) -> R) -> Option<R> {
        let slot = self.slot_of(id).filter(|_| self.get(id).is_some())?;
        let mut user = self.slots.get_mut(position(slot))?.take()?;
        self.lag.record(slot, || Some(user.clone()));
        self.remove_from_indexes(&user, slot);
        let result = change(&mut user);
        self.add_to_indexes(&user, slot);
        if let Some(content) = self.slots.get_mut(position(slot)) {
            *content = Some(user);
        }
        Some(result)
    }

    /// Makes due changes visible to searches, and later changes visible after `lag_ms`.
    pub(crate) fn set_search_time(&mut self, now: u64, lag_ms: u64) {
        self.lag.remove_due(now);
        self.lag.visible_at = (lag_ms > 0).then(|| now.saturating_add(lag_ms));
    }

    /// Returns the user in a slot, unless searches still see an older version, which `outdated` returns.
    pub(crate) fn current(&self, slot: Slot) -> Option<&User> {
        self.at(slot)
            .filter(|_| !self.lag.previous.contains_key(&slot))
    }

    /// Returns the users of which searches still see an older version, in that version.
    pub(crate) fn outdated(&self) -> impl Iterator<Item = (Slot, &User)> {
        let previous = self.lag.previous.iter();
        previous.filter_map(|(slot, changes)| Some((*slot, changes.front()?.as_deref()?)))
    }

    /// Returns all slots, including empty ones.
    pub(crate) fn slots(&self) -> std::ops::Range<Slot> {
        0..Slot::try_from(self.slots.len()).unwrap_or(Slot::MAX)
    }

    /// Returns the index of a field, by its position in `INDEXED`.
    pub(crate) fn values(&self, position: usize) -> Option<&Index> {
        self.by_value.get(position)
    }

    /// Returns the index by the hash of logins.
    pub(crate) fn logins(&self) -> &Index {
        &self.by_login
    }

    /// Returns the index by the hash of full ids.
    pub(crate) fn identities(&self) -> &Index {
        &self.by_identity
    }

    fn add_to_indexes(&mut self, user: &User, slot: Slot) {
        for key in identity_keys(user) {
            self.by_identity.add(key, slot);
        }
        for login in logins(user) {
            self.by_login.add(hash(login), slot);
        }
        self.by_value.resize(INDEXED.len(), Index::default());
        for (name, index) in INDEXED.iter().zip(&mut self.by_value) {
            index_keys(&FieldPath::parse(name), user, &mut |key| {
                index.add(key, slot)
            });
        }
    }

    fn remove_from_indexes(&mut self, user: &User, slot: Slot) {
        for key in identity_keys(user) {
            self.by_identity.remove(key, slot);
        }
        for login in logins(user) {
            self.by_login.remove(hash(login), slot);
        }
        for (name, index) in INDEXED.iter().zip(&mut self.by_value) {
            index_keys(&FieldPath::parse(name), user, &mut |key| {
                index.remove(key, slot)
            });
        }
    }
}

impl SearchLag {
    fn record(&mut self, slot: Slot, before: impl FnOnce() -> Option<Box<User>>) {
        if let Some(time) = self.visible_at {
            self.due.push_back((time, slot));
            self.previous.entry(slot).or_default().push_back(before());
        }
    }

    fn remove_due(&mut self, now: u64) {
        while let Some((time, slot)) = self.due.front().copied() {
            if time > now {
                break;
            }
            self.due.pop_front();
            if let Some(changes) = self.previous.get_mut(&slot) {
                changes.pop_front();
                if changes.is_empty() {
                    self.previous.remove(&slot);
                }
            }
        }
    }
}

fn position(slot: Slot) -> usize {
    usize::try_from(slot).unwrap_or(usize::MAX)
}

fn numbered(slots: &[Option<Box<User>>]) -> impl Iterator<Item = (Slot, &User)> {
    (0..)
        .zip(slots)
        .filter_map(|(slot, user)| Some((slot, user.as_deref()?)))
}

fn identity_keys(user: &User) -> impl Iterator<Item = u64> {
    user.identities
        .iter()
        .map(|identity| hash(&identity.full_id()))
}

fn logins(user: &User) -> impl Iterator<Item = &str> {
    (0..user.identities.len()).flat_map(|index| user.profile_of(index).logins())
}
