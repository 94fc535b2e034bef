//! Which pages to read, so that a search gives everybody although it counts and reaches no further than its cap.
//!
//! A search in order of a field is read in windows: the users from a value of the field on. Pages of a window overlap
//! by one user or more. Two pages with a user in common have nobody between them, whatever was deleted while they were
//! read; two without may have.

use alloc::{string::String, vec::Vec};

use crate::{engine::concat, search::push_phrase};

/// A search reaches, and counts, no further than this.
pub(super) const CAP: u32 = 1_000;
const PAGE: u32 = 100;
/// How many pages of a window are read before the next one begins. More would overlap more.
pub(super) const PAGES: usize = 5;

/// Where a page lies in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) page: u32,
    pub(super) size: u32,
}

impl Slot {
    pub(super) const FIRST: Self = Self {
        page: 0,
        size: PAGE,
    };

    /// How many users of the window it and those before it hold.
    pub(super) fn end(self) -> u32 {
        self.page.saturating_add(1).saturating_mul(self.size)
    }

    /// The page that reaches furthest behind the first `known` users, and begins no later than with the last one.
    pub(super) fn behind(known: u32) -> Option<Self> {
        let Some(last) = known.checked_sub(1) else {
            return Some(Self::FIRST);
        };
        let slots = (1..=PAGE).filter_map(|size| {
            let page = last.checked_div(size)?;
            Some(Self { page, size })
        });
        slots
            .filter(|slot| slot.end() > known && slot.end() <= CAP)
            .max_by_key(|slot| slot.end())
    }

    /// The pages after it until the total is reached, or there are `most` with it.
    pub(super) fn after(self, total: u32, most: usize) -> Vec<Self> {
        let next = |slot: &Self| {
            let is_open = slot.end() < total;
            is_open.then(|| Self::behind(slot.end())).flatten()
        };
        core::iter::successors(Some(self), next)
            .take(most)
            .skip(1)
            .collect()
    }
}

fn quoted(value: &str) -> String {
    let mut phrase = String::new();
    push_phrase(&mut phrase, value);
    phrase
}

/// A value as a bound of a range. Quotes are for what would end it or mean something else.
fn bound(value: &str) -> String {
    let is_special = |c: char| c.is_whitespace() || r#"\"*[]{}()"#.contains(c);
    if value.is_empty() || value.contains(is_special) {
        quoted(value)
    } else {
        value.into()
    }
}

/// Those whose field is this value or behind it, or only behind it.
pub(super) fn from(field: &str, value: &str, is_down: bool, is_behind: bool) -> String {
    let (open, close) = if is_behind { ("{", "}") } else { ("[", "]") };
    let value = bound(value);
    if is_down {
        concat(&[field, ":[* TO ", &value, close])
    } else {
        concat(&[field, ":", open, &value, " TO *]"])
    }
}

/// Those whose field is this value.
pub(super) fn exactly(field: &str, value: &str) -> String {
    concat(&[field, ":", &quoted(value)])
}

/// Those whom a query, if there is one, finds among others.
pub(super) fn both(q: Option<&str>, range: String) -> String {
    match q {
        Some(q) => concat(&["(", q, ") AND ", &range]),
        None => range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_overlap_and_stay_below_the_cap() {
        for known in 0..CAP {
            let slot = Slot::behind(known).unwrap();
            assert!(slot.page * slot.size <= known.saturating_sub(1), "{known}");
            assert!(slot.end() > known && slot.end() <= CAP, "{known}");
        }
        assert_eq!(Slot::behind(CAP), None);
        let ends = |total, most| {
            let slots = Slot::FIRST.after(total, most);
            slots.into_iter().map(Slot::end).collect::<Vec<_>>()
        };
        assert_eq!(ends(CAP, PAGES), [198, 294, 388, 480]);
        assert_eq!(ends(199, PAGES), [198, 294]);
        assert!(ends(100, PAGES).is_empty());
        assert_eq!(ends(CAP, usize::MAX).last(), Some(&CAP));
    }

    #[test]
    fn bounds_are_quoted_where_they_would_end() {
        let at = "2015-01-01T00:00:00.000Z";
        assert_eq!(
            from("created_at", at, false, false),
            "created_at:[2015-01-01T00:00:00.000Z TO *]"
        );
        assert_eq!(
            from("created_at", at, true, true),
            "created_at:[* TO 2015-01-01T00:00:00.000Z}"
        );
        assert_eq!(
            from("user_id", "a|b c]", false, true),
            r#"user_id:{"a|b c]" TO *]"#
        );
        assert_eq!(
            both(Some("a OR b"), exactly("x", "\"")),
            r#"(a OR b) AND x:"\"""#
        );
    }
}
