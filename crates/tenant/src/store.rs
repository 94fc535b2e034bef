//! The users of a tenant, found by id, by identity, by what they log in with and by what is searched for.

use std::collections::{BTreeMap, VecDeque};

use crate::index::{Index, hash};
use crate::model::User;
use crate::search::{INDEXED, Path, keys};

/// Users in order of creation; removed ones leave a gap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users {
    slots: Vec<Option<Box<User>>>,
    count: usize,
    /// By the hash of the full ids of all identities, also of those that are linked to another user.
    by_identity: Index,
    /// By the hash of the e-mail addresses, user names and phone numbers of all identities.
    by_login: Index,
    /// By the values that searches ask for, one index for each of the `INDEXED`.
    by_value: Vec<Index>,
    lag: Lag,
}

/// What searches do not know yet: changes are seen some time after they were made.
#[derive(Clone, Debug, Default)]
struct Lag {
    /// What the next changes have to wait until.
    seen_at: Option<u64>,
    /// When each change is seen, with its place.
    due: VecDeque<(u64, u32)>,
    /// What was in a place before each of the changes that are not seen yet.
    before: BTreeMap<u32, VecDeque<Option<Box<User>>>>,
}

/// A place among the users.
pub(crate) type Slot = u32;

impl Users {
    /// Takes in many at once, which costs less than one after the other.
    pub(crate) fn of(users: Vec<User>) -> Self {
        let slots: Vec<_> = users.into_iter().map(|user| Some(Box::new(user))).collect();
        let mut by_identity = Vec::with_capacity(slots.len());
        let mut by_login = Vec::with_capacity(slots.len());
        for (slot, user) in numbered(&slots) {
            by_identity.extend(identity_keys(user).map(|key| (key, slot)));
            by_login.extend(logins(user).map(|login| (hash(login), slot)));
        }
        let by_value = INDEXED.iter().map(|name| {
            let path = Path::parse(name);
            let mut entries = Vec::with_capacity(slots.len());
            for (slot, user) in numbered(&slots) {
                keys(&path, user, &mut |key| entries.push((key, slot)));
            }
            Index::of(entries)
        });
        Self {
            count: slots.len(),
            by_identity: Index::of(by_identity),
            by_login: Index::of(by_login),
            by_value: by_value.collect(),
            lag: Lag::default(),
            slots,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Every user, in order of creation.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.slots.iter().flatten().map(|user| &**user)
    }

    fn at(&self, slot: Slot) -> Option<&User> {
        self.slots.get(place(slot))?.as_deref()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&User> {
        self.by_identity(id).filter(|user| *user.user_id == *id)
    }

    /// The user that has this identity, as primary or as linked one.
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

    /// Users with an identity that logs in with this address, user name or phone number.
    pub(crate) fn by_login(&self, login: &str) -> impl Iterator<Item = &User> {
        self.by_login
            .at(hash(login))
            .filter_map(|slot| self.at(slot))
            .filter(move |user| logins(user).any(|own| own == login))
    }

    /// Whether an identity of this connection, other than the one named, logs in with this.
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
        // A place for each of four thousand million users is enough.
        let slot = Slot::try_from(self.slots.len()).unwrap_or(Slot::MAX);
        self.lag.note(slot, || None);
        self.index(&user, slot);
        self.slots.push(Some(Box::new(user)));
        self.count = self.count.saturating_add(1);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<User> {
        let slot = self.slot_of(id).filter(|_| self.get(id).is_some())?;
        let user = self.slots.get_mut(place(slot))?.take()?;
        self.lag.note(slot, || Some(user.clone()));
        self.unindex(&user, slot);
        self.count = self.count.saturating_sub(1);
        Some(*user)
    }

    /// Changes a user in place and keeps the indexes true.
    pub(crate) fn update<R>(&mut self, id: &str, change: impl FnOnce(&mut User) -> R) -> Option<R> {
        let slot = self.slot_of(id).filter(|_| self.get(id).is_some())?;
        let mut user = self.slots.get_mut(place(slot))?.take()?;
        self.lag.note(slot, || Some(user.clone()));
        self.unindex(&user, slot);
        let result = change(&mut user);
        self.index(&user, slot);
        if let Some(place) = self.slots.get_mut(place(slot)) {
            *place = Some(user);
        }
        Some(result)
    }

    /// Lets searches see what is due at this time, and the changes to come `lag_ms` later.
    pub(crate) fn tell_time(&mut self, now: u64, lag_ms: u64) {
        self.lag.settle(now);
        self.lag.seen_at = (lag_ms > 0).then(|| now.saturating_add(lag_ms));
    }

    /// The user of a place as searches see it, unless `unseen` has it.
    pub(crate) fn seen(&self, slot: Slot) -> Option<&User> {
        self.at(slot)
            .filter(|_| !self.lag.before.contains_key(&slot))
    }

    /// The users that searches see as they were before their last change.
    pub(crate) fn unseen(&self) -> impl Iterator<Item = (Slot, &User)> {
        let before = self.lag.before.iter();
        before.filter_map(|(slot, changes)| Some((*slot, changes.front()?.as_deref()?)))
    }

    /// Every place there is.
    pub(crate) fn places(&self) -> std::ops::Range<Slot> {
        0..Slot::try_from(self.slots.len()).unwrap_or(Slot::MAX)
    }

    /// The index of one of the `INDEXED`, by its position there.
    pub(crate) fn values(&self, position: usize) -> Option<&Index> {
        self.by_value.get(position)
    }

    /// The index of logins, by their hash.
    pub(crate) fn logins(&self) -> &Index {
        &self.by_login
    }

    /// The index of full ids, by their hash.
    pub(crate) fn identities(&self) -> &Index {
        &self.by_identity
    }

    fn index(&mut self, user: &User, slot: Slot) {
        for key in identity_keys(user) {
            self.by_identity.add(key, slot);
        }
        for login in logins(user) {
            self.by_login.add(hash(login), slot);
        }
        self.by_value.resize(INDEXED.len(), Index::default());
        for (name, index) in INDEXED.iter().zip(&mut self.by_value) {
            keys(&Path::parse(name), user, &mut |key| index.add(key, slot));
        }
    }

    fn unindex(&mut self, user: &User, slot: Slot) {
        for key in identity_keys(user) {
            self.by_identity.remove(key, slot);
        }
        for login in logins(user) {
            self.by_login.remove(hash(login), slot);
        }
        for (name, index) in INDEXED.iter().zip(&mut self.by_value) {
            keys(&Path::parse(name), user, &mut |key| index.remove(key, slot));
        }
    }
}

impl Lag {
    fn note(&mut self, slot: Slot, before: impl FnOnce() -> Option<Box<User>>) {
        if let Some(time) = self.seen_at {
            self.due.push_back((time, slot));
            self.before.entry(slot).or_default().push_back(before());
        }
    }

    fn settle(&mut self, now: u64) {
        while let Some((time, slot)) = self.due.front().copied() {
            if time > now {
                break;
            }
            self.due.pop_front();
            if let Some(changes) = self.before.get_mut(&slot) {
                changes.pop_front();
                if changes.is_empty() {
                    self.before.remove(&slot);
                }
            }
        }
    }
}

fn place(slot: Slot) -> usize {
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
