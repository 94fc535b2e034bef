//! Lists that come in pages.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    engine::own,
    operations::Output,
    request::{Request, Turn},
};

/// The size of a page where none is asked for.
pub(crate) const PER_PAGE: u32 = 50;
/// The server counts and reaches no further than this in some lists,
const CAP: f64 = 1_000.0;
/// which are these.
const CAPPED: [&str; 3] = ["users.list", "users.logs.list", "users.organizations.list"];

/// One page as the server sent it.
pub struct RawPage {
    /// The items.
    pub items: Array,
    /// The whole answer: an envelope with totals, or the bare items.
    pub response: JsValue,
    /// Where the page after this one is; `None` only where it is known that there is none.
    pub next: Option<Turn>,
}

impl RawPage {
    /// Reads the answer to `request` for that page, whose shape has been checked.
    pub fn read(request: &Request, turn: &Turn, response: JsValue) -> Self {
        let items = match request.operation.output.items() {
            Some(key) if !Array::is_array(&response) => own(&response, key),
            _ => response.clone(),
        };
        let items: Array = items.unchecked_into();
        let place = own(&response, "next");
        let is_nothing = place.is_undefined() || place.is_null() || place == "";
        let next = match place.as_string() {
            Some(place) if !is_nothing => Some(Turn::From(place)),
            // A place of another type leads nowhere.
            None if !is_nothing => Some(Turn::Missing),
            _ => next_number(request, turn, &items, &response),
        };
        // A server that gives the same place again would be asked for it for ever.
        let next = match next {
            Some(next) if next == *turn => Some(Turn::Missing),
            next => next,
        };
        Self {
            items,
            response,
            next,
        }
    }
}

/// Returns the page after this one of an offset list.
fn next_number(request: &Request, turn: &Turn, items: &Array, response: &JsValue) -> Option<Turn> {
    let (page, had_gap) = match turn {
        Turn::Page(page) => (*page, false),
        Turn::AfterGap(page) => (*page, true),
        Turn::First if matches!(request.operation.output, Output::Offset(_)) => (0, false),
        _ => return None,
    };
    // A limit below the items that came with it cannot be true. Zero asks for the total alone.
    let is_true = |limit: &f64| *limit >= 1.0 || items.length() == 0;
    let limit = own(response, "limit").as_f64().filter(is_true);
    let limit = limit.map(|limit| limit as u32);
    let counts = Counts {
        page,
        items: items.length(),
        per_page: limit.or(request.per_page).unwrap_or(PER_PAGE),
        total: own(response, "total").as_f64(),
        has_cap: CAPPED.contains(&request.operation.name),
    };
    let following = page.saturating_add(1);
    match counts.rest() {
        Rest::Nothing if had_gap => Some(Turn::Missing),
        Rest::Nothing => None,
        Rest::Page if had_gap => Some(Turn::AfterGap(following)),
        Rest::Page => Some(Turn::Page(following)),
        Rest::AfterGap => Some(Turn::AfterGap(following)),
        Rest::Missing => Some(Turn::Missing),
    }
}

/// What there is after a page.
#[derive(Debug, PartialEq, Eq)]
enum Rest {
    /// The total fits: this was the last page.
    Nothing,
    /// A page, or the server's refusal to give it.
    Page,
    /// A page, though this one had fewer items than the total says.
    AfterGap,
    /// Items that no page gave.
    Missing,
}

struct Counts {
    page: u32,
    items: u32,
    per_page: u32,
    total: Option<f64>,
    /// Does the server count and reach no further than [`CAP`]?
    has_cap: bool,
}

impl Counts {
    /// A total counts only if it can be true: some lists report zero beside items. Without one, a page that is not full
    /// is the last, unless it ends at the cap.
    fn rest(&self) -> Rest {
        let (items, per_page) = (f64::from(self.items), f64::from(self.per_page));
        let start = f64::from(self.page) * per_page;
        let (end, read) = (start + per_page, start + items);
        let total = self.total.filter(|total| *total > 0.0 && *total >= items);
        match total.filter(|total| start >= *total || *total >= read) {
            _ if self.per_page == 0 => Rest::Nothing,
            Some(total) if start >= total => {
                if self.has_cap && total >= CAP {
                    Rest::Missing
                } else {
                    Rest::Nothing
                }
            }
            Some(_) if self.items == 0 => Rest::Missing,
            Some(total) => match (read < end.min(total), end < total || total >= CAP) {
                (false, true) => Rest::Page,
                (false, false) => Rest::Nothing,
                (true, true) => Rest::AfterGap,
                (true, false) => Rest::Missing,
            },
            None if self.items == 0 => Rest::Nothing,
            None if items >= per_page || read == CAP => Rest::Page,
            None => Rest::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_only_where_its_total_fits() {
        for (page, items, per_page, total, rest) in [
            (0, 50, 50, None, Rest::Page),
            (0, 49, 50, None, Rest::Nothing),
            (3, 0, 50, None, Rest::Nothing),
            (0, 50, 50, Some(50.0), Rest::Nothing),
            (0, 50, 50, Some(51.0), Rest::Page),
            (1, 50, 50, Some(100.0), Rest::Nothing),
            (4, 20, 50, Some(220.0), Rest::Nothing),
            // Totals that cannot be true.
            (0, 50, 50, Some(0.0), Rest::Page),
            (0, 2, 50, Some(0.0), Rest::Nothing),
            (0, 50, 50, Some(1.0), Rest::Page),
            (1, 50, 50, Some(60.0), Rest::Page),
            // Only the total was asked for, or a page behind the end.
            (0, 0, 0, Some(10.0), Rest::Nothing),
            (7, 0, 50, Some(10.0), Rest::Nothing),
            // A page lacks items.
            (0, 49, 50, Some(60.0), Rest::AfterGap),
            (7, 99, 100, Some(1_000.0), Rest::AfterGap),
            (1, 9, 50, Some(60.0), Rest::Missing),
            (0, 0, 50, Some(60.0), Rest::Missing),
            // The cap, at the end of a page and inside of one, and an empty page behind it.
            (9, 100, 100, Some(999.0), Rest::Page),
            (9, 99, 100, Some(999.0), Rest::Nothing),
            (9, 100, 100, Some(1_000.0), Rest::Page),
            (16, 40, 60, Some(1_000.0), Rest::Page),
            (16, 40, 60, Some(1_200.0), Rest::AfterGap),
            (16, 40, 60, None, Rest::Page),
            (10, 0, 100, Some(1_000.0), Rest::Missing),
        ] {
            let counts = Counts {
                page,
                items,
                per_page,
                total,
                has_cap: true,
            };
            assert_eq!(counts.rest(), rest, "{page} {items} {per_page} {total:?}");
        }
    }

    #[test]
    fn a_list_without_a_cap_may_end_at_its_number() {
        let counts = |page, items| Counts {
            page,
            items,
            per_page: 100,
            total: Some(1_000.0),
            has_cap: false,
        };
        assert_eq!(counts(9, 100).rest(), Rest::Page);
        assert_eq!(counts(10, 0).rest(), Rest::Nothing);
    }
}
