//! Finds and sorts the users that a filter matches, with the help of indexes.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::filter::{Bound, Filter, Term};
use crate::state::field::{FieldPath, compare, sort_key};
use crate::state::index::{self, Index, hash};
use crate::state::store::{Slot, Users};
use crate::state::user::User;
use crate::state::{State, clock};

/// With more candidates it is faster to test all users in order until enough match.
const MAX_CANDIDATES: usize = 100_000;

/// A field to sort by.
pub(crate) struct Order<'a> {
    pub field: &'a str,
    pub descending: bool,
}

/// Returns the first users that a filter matches, at limit `limit`.
pub(crate) fn find<'a>(
    state: &'a State,
    filter: &Filter,
    order: Option<&Order<'_>>,
    limit: usize,
) -> Vec<&'a User> {
    let users = &state.users;
    let matches = |slot: Slot| {
        let user = users.current(slot)?;
        filter.matches(user, state).then_some((slot, user))
    };
    let mut found: Vec<(Slot, &User)> = match (candidates(users, filter), order) {
        (Some(slots), None) => slots.into_iter().filter_map(matches).take(limit).collect(),
        (Some(slots), Some(_)) => slots.into_iter().filter_map(matches).collect(),
        (None, None) => users.slots().filter_map(matches).take(limit).collect(),
        (None, Some(order)) => in_order(users, order, limit, &matches),
    };
    let outdated = users.outdated();
    found.extend(outdated.filter(|(_, user)| filter.matches(user, state)));
    found.sort_unstable_by_key(|(slot, _)| *slot);
    let mut found: Vec<&User> = found.into_iter().map(|(_, user)| user).collect();
    if let Some(order) = order {
        found = sorted(found, order);
    }
    found.truncate(limit);
    found
}

fn sorted<'a>(found: Vec<&'a User>, order: &Order<'_>) -> Vec<&'a User> {
    let key = |user| sort_key(user, order.field);
    let mut keyed: Vec<(Option<Value>, &User)> =
        found.into_iter().map(|user| (key(user), user)).collect();
    keyed.sort_by(|(one, _), (other, _)| compare(one.as_ref(), other.as_ref(), order.descending));
    keyed.into_iter().map(|(_, user)| user).collect()
}

/// Returns at least the first `limit` users that match and those equal to the last; all users if there is no index.
fn in_order<'a>(
    users: &'a Users,
    order: &Order<'_>,
    limit: usize,
    matches: &dyn Fn(Slot) -> Option<(Slot, &'a User)>,
) -> Vec<(Slot, &'a User)> {
    let path = FieldPath::parse(order.field);
    let Some(index) = path.index().and_then(|position| users.values(position)) else {
        return users.slots().filter_map(matches).collect();
    };
    let mut found: Vec<(Slot, &User)> = Vec::new();
    let mut last = None;
    let mut take = |entries: &mut dyn Iterator<Item = (u64, Slot)>| {
        for (key, slot) in entries {
            if found.len() >= limit && last != Some(key) {
                return;
            }
            last = Some(key);
            found.extend(matches(slot));
        }
    };
    if order.descending {
        take(&mut index.in_order().rev());
    } else {
        take(&mut index.in_order());
    }
    if found.len() < limit {
        // Users without the field come last, and have no entry in the index.
        let lacking = users.slots().filter_map(matches);
        found.extend(lacking.filter(|(_, user)| sort_key(user, order.field).is_none()));
    }
    found
}

/// Returns the slots of all users that can match, in order, if an index narrows them down.
fn candidates(users: &Users, filter: &Filter) -> Option<Vec<Slot>> {
    let mut slots = match filter {
        Filter::All | Filter::Word(_) | Filter::Exists(_) => return None,
        Filter::Clause { must, should, .. } => {
            let fewest = must
                .iter()
                .filter_map(|filter| candidates(users, filter))
                .min_by_key(Vec::len);
            if must.is_empty() && !should.is_empty() {
                let all: Option<Vec<_>> = should
                    .iter()
                    .map(|filter| candidates(users, filter))
                    .collect();
                all?.concat()
            } else {
                fewest?
            }
        }
        Filter::Term(path, term) => of_term(users, path, term)?,
        Filter::Range(path, low, high) => {
            let index = users.values(path.index()?)?;
            let low = bound_key(path, low, 0).unwrap_or(u64::MIN);
            let high = bound_key(path, high, 0xff).unwrap_or(u64::MAX);
            limited(index, low..=high)?
        }
    };
    slots.sort_unstable();
    slots.dedup();
    Some(slots)
}

fn limited(index: &Index, keys: RangeInclusive<u64>) -> Option<Vec<Slot>> {
    let slots: Vec<Slot> = index
        .within(keys)
        .take(MAX_CANDIDATES.saturating_add(1))
        .collect();
    (slots.len() <= MAX_CANDIDATES).then_some(slots)
}

fn of_term(users: &Users, path: &FieldPath, term: &Term) -> Option<Vec<Slot>> {
    if let (FieldPath::Root(name), Term::Exact(text)) = (path, term) {
        let hashed = match name.as_str() {
            "user_id" => Some(users.identities()),
            "username" | "phone_number" => Some(users.logins()),
            _ => None,
        };
        if let Some(index) = hashed {
            return limited(index, hash(text)..=hash(text));
        }
    }
    let index = users.values(path.index()?)?;
    let folded = |text: &str| match path.ignores_case() {
        true => text.to_lowercase(),
        false => text.to_owned(),
    };
    let keys = match (path, term) {
        (_, Term::Exact(text)) => {
            let bound = Bound::Inclusive(text.clone());
            match kind(path) {
                Kind::Text => {
                    let key = index::prefix(&folded(text), 0);
                    key..=key
                }
                Kind::Flag => {
                    let key = u64::from(text == "true");
                    key..=key
                }
                Kind::Number | Kind::Date => {
                    bound_key(path, &bound, 0)?..=bound_key(path, &bound, 0xff)?
                }
            }
        }
        (_, Term::Wildcard(pieces)) => {
            let start = pieces.first().filter(|start| !start.is_empty())?;
            if kind(path) != Kind::Text {
                return None;
            }
            let start = folded(start);
            index::prefix(&start, 0)..=index::prefix(&start, 0xff)
        }
    };
    limited(index, keys)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Date,
    Flag,
}

/// Returns the kind of the values of an indexed field.
fn kind(path: &FieldPath) -> Kind {
    match path {
        FieldPath::Root(name) => match name.as_str() {
            "created_at" | "updated_at" | "last_login" => Kind::Date,
            "logins_count" => Kind::Number,
            "blocked" => Kind::Flag,
            _ => Kind::Text,
        },
        _ => Kind::Text,
    }
}

/// Returns the key of a bound. `fill` is 0 for a lower bound and 0xff for an upper one.
fn bound_key(path: &FieldPath, bound: &Bound, fill: u8) -> Option<u64> {
    let (Bound::Inclusive(text) | Bound::Exclusive(text)) = bound else {
        return None;
    };
    match kind(path) {
        Kind::Text if path.ignores_case() => Some(index::prefix(&text.to_lowercase(), fill)),
        Kind::Text => Some(index::prefix(text, fill)),
        Kind::Number => text.parse().ok().map(index::number),
        Kind::Date => date(text, fill),
        Kind::Flag => None,
    }
}

/// Returns the first (`fill` 0) or last instant of a date that can be shortened.
fn date(text: &str, fill: u8) -> Option<u64> {
    let (template, slack) = match fill {
        0 => ("1970-01-01T00:00:00.000Z", 0),
        // Each month has at least 28 days, and at most three more.
        _ => ("9999-12-28T23:59:59.999Z", 345_600_000),
    };
    let whole = format!("{text}{}", template.get(text.len()..)?);
    Some(clock::parse(&whole)?.saturating_add(slack))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::compile::compile;
    use crate::seed::generate::generate;
    use crate::state::ids::Ids;

    const QUERIES: &[&str] = &[
        "",
        "email:ada*",
        "email.domain:example.org",
        "name:\"Ada Abbott\"",
        "name:a* AND blocked:true",
        "nickname:ADA.ABBOTT3 OR given_name:zoe",
        "NOT identities.connection:sms",
        "identities.connection:sms AND created_at:[2022-01 TO 2023-02-28]",
        "created_at:[2024-06-01 TO *]",
        "created_at:{2022-02-28 TO 2022-03-31}",
        "last_login:2023-05",
        "updated_at:[* TO 2022]",
        "logins_count:[190 TO *]",
        "logins_count:7",
        "logins_count:>198 family_name:yil*",
        "app_metadata.plan:team AND family_name:chen",
        "_exists_:phone_number",
        "blocked:true AND NOT email_verified:true",
        "family_name:[x TO y]",
        "phone_number:\"+1202555000009\" OR username:ada8",
        "(given_name:uma OR given_name:wei) AND email.domain:example.net",
        "lena",
    ];

    const ORDERS: &[&str] = &[
        "created_at",
        "last_login",
        "email",
        "name",
        "logins_count",
        "username",
        "blocked",
    ];

    proptest! {
        /// Compares the results with those of testing each user.
        #[test]
        fn indexes_do_not_change_results(
            seed in 0..8_u64,
            query in prop::sample::select(QUERIES),
            order in prop::option::of((prop::sample::select(ORDERS), any::<bool>())),
            limit in prop_oneof![Just(5_usize), Just(1000)],
            changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8), 0..40),
            lag in prop_oneof![Just(0_u64), Just(1000)],
        ) {
                        let mut state = generate(250, seed, &mut Ids::new(seed));
            for (time, (who, change)) in (0..).step_by(50).zip(changes) {
                state.users.set_search_time(time, lag);
                let ids: Vec<_> = state.users.iter().map(|user| user.user_id.clone()).collect();
                let Some(id) = ids.get(who.index(ids.len().max(1))) else { continue };
                match change {
                    0 => drop(state.remove_user(id)),
                    1 => drop(state.users.update(id, |user| user.profile.name = Some("Ada Zed".into()))),
                    2 => drop(state.users.update(id, |user| user.profile.name = None)),
                    _ => drop(state.users.update(id, |user| user.last_login = Some(1_700_000_000_000))),
                }
            }
            let filter = compile(query).unwrap();
            let order = order.map(|(field, descending)| Order { field, descending });
            let found = find(&state, &filter, order.as_ref(), limit);

            let users = &state.users;
            let mut all: Vec<(Slot, &User)> = users.slots()
                .filter_map(|slot| Some((slot, users.current(slot)?)))
                .chain(users.outdated())
                .filter(|(_, user)| filter.matches(user, &state))
                .collect();
            all.sort_by_key(|(slot, _)| *slot);
            if let Some(order) = &order {
                let key = |user| sort_key(user, order.field);
                all.sort_by(|(_, one), (_, other)| compare(key(one).as_ref(), key(other).as_ref(), order.descending));
            }
            let wanted: Vec<_> = all.into_iter().take(limit).map(|(_, user)| &user.user_id).collect();
            let found: Vec<_> = found.into_iter().map(|user| &user.user_id).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
