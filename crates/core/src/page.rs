//! Pages of lists.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::engine::own;
use crate::operations::{Operation, Output, USERS_LIST, USERS_LOGS_LIST, USERS_ORGANIZATIONS_LIST};
use crate::request::{Cursor, Request};

/// The default size of a page.
pub(crate) const PER_PAGE: u32 = 50;
/// Some lists end at this number of items, and their totals do too.
const CAP: f64 = 1_000.0;
/// The lists that end at the cap.
static CAPPED: [&Operation; 3] = [&USERS_LIST, &USERS_LOGS_LIST, &USERS_ORGANIZATIONS_LIST];

/// A page as the server sent it.
pub struct RawPage {
    /// Its items.
    pub items: Array,
    /// The whole body: an object with totals, or the array of items.
    pub response: JsValue,
    /// The position of the next page; `None` only if there is known to be none.
    pub next: Option<Cursor>,
}

impl RawPage {
    /// Reads the body of a page whose shape has been checked.
    pub fn read(request: &Request, cursor: &Cursor, response: JsValue) -> Self {
        let items = match request.operation.output.items() {
            Some(key) if !Array::is_array(&response) => own(&response, key),
            _ => response.clone(),
        };
        let items: Array = items.unchecked_into();
        let next = own(&response, "next");
        let is_last = next.is_undefined() || next.is_null() || next == "";
        let next = match next.as_string() {
            Some(checkpoint) if !is_last => Some(Cursor::Checkpoint(checkpoint)),
            // A checkpoint of another type cannot be sent.
            None if !is_last => Some(Cursor::Incomplete),
            _ => next_number(request, cursor, &items, &response),
        };
        // The same position again would never end.
        let next = match next {
            Some(next) if next == *cursor => Some(Cursor::Incomplete),
            next => next,
        };
        Self {
            items,
            response,
            next,
        }
    }
}

/// Returns the position of the next page with offset pagination.
fn next_number(
    request: &Request,
    cursor: &Cursor,
    items: &Array,
    response: &JsValue,
) -> Option<Cursor> {
    let (page, had_gap) = match cursor {
        Cursor::Page(page) => (*page, false),
        Cursor::AfterGap(page) => (*page, true),
        Cursor::First if matches!(request.operation.output, Output::Offset(_)) => (0, false),
        _ => return None,
    };
    // A limit below the number of items is wrong. Zero asks for the total alone.
    let is_plausible = |limit: &f64| *limit >= 1.0 || items.length() == 0;
    let limit = own(response, "limit").as_f64().filter(is_plausible);
    let limit = limit.map(|limit| limit as u32);
    let counts = Counts {
        page,
        items: items.length(),
        per_page: limit.or(request.per_page).unwrap_or(PER_PAGE),
        total: own(response, "total").as_f64(),
        has_cap: CAPPED.contains(&request.operation),
    };
    let following = page.saturating_add(1);
    match counts.following() {
        Following::Nothing if had_gap => Some(Cursor::Incomplete),
        Following::Nothing => None,
        Following::Page if had_gap => Some(Cursor::AfterGap(following)),
        Following::Page => Some(Cursor::Page(following)),
        Following::AfterGap => Some(Cursor::AfterGap(following)),
        Following::Incomplete => Some(Cursor::Incomplete),
    }
}

/// What follows a page.
#[derive(Debug, PartialEq, Eq)]
enum Following {
    /// Nothing: the total fits.
    Nothing,
    /// A page, or the error that the server responds with.
    Page,
    /// A page, although this one has fewer items than the total says.
    AfterGap,
    /// Items that no page has.
    Incomplete,
}

struct Counts {
    page: u32,
    items: u32,
    per_page: u32,
    total: Option<f64>,
    /// Whether the list ends at the [`CAP`].
    has_cap: bool,
}

impl Counts {
    /// Ignores totals that cannot be right: some lists report zero beside items. Without a total, a page that is not
    /// full is the last one, unless it ends at the cap.
    fn following(&self) -> Following {
        let (items, per_page) = (f64::from(self.items), f64::from(self.per_page));
        let start = f64::from(self.page) * per_page;
        let (end, read) = (start + per_page, start + items);
        let total = self.total.filter(|total| *total > 0.0 && *total >= items);
        match total.filter(|total| start >= *total || *total >= read) {
            _ if self.per_page == 0 => Following::Nothing,
            Some(total) if start >= total => {
                if self.has_cap && total >= CAP {
                    Following::Incomplete
                } else {
                    Following::Nothing
                }
            }
            Some(_) if self.items == 0 => Following::Incomplete,
            Some(total) => match (read < end.min(total), end < total || total >= CAP) {
                (false, true) => Following::Page,
                (false, false) => Following::Nothing,
                (true, true) => Following::AfterGap,
                (true, false) => Following::Incomplete,
            },
            None if self.items == 0 => Following::Nothing,
            None if items >= per_page || read == CAP => Following::Page,
            None => Following::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_ends_only_where_total_fits() {
        for (page, items, per_page, total, following) in [
            (0, 50, 50, None, Following::Page),
            (0, 49, 50, None, Following::Nothing),
            (3, 0, 50, None, Following::Nothing),
            (0, 50, 50, Some(50.0), Following::Nothing),
            (0, 50, 50, Some(51.0), Following::Page),
            (1, 50, 50, Some(100.0), Following::Nothing),
            (4, 20, 50, Some(220.0), Following::Nothing),
            // Totals that cannot be right.
            (0, 50, 50, Some(0.0), Following::Page),
            (0, 2, 50, Some(0.0), Following::Nothing),
            (0, 50, 50, Some(1.0), Following::Page),
            (1, 50, 50, Some(60.0), Following::Page),
            // Only the total, and a page behind the end.
            (0, 0, 0, Some(10.0), Following::Nothing),
            (7, 0, 50, Some(10.0), Following::Nothing),
            // A page lacks items.
            (0, 49, 50, Some(60.0), Following::AfterGap),
            (7, 99, 100, Some(1_000.0), Following::AfterGap),
            (1, 9, 50, Some(60.0), Following::Incomplete),
            (0, 0, 50, Some(60.0), Following::Incomplete),
            // The cap at the end of a page, inside of a page, and before an empty page.
            (9, 100, 100, Some(999.0), Following::Page),
            (9, 99, 100, Some(999.0), Following::Nothing),
            (9, 100, 100, Some(1_000.0), Following::Page),
            (16, 40, 60, Some(1_000.0), Following::Page),
            (16, 40, 60, Some(1_200.0), Following::AfterGap),
            (16, 40, 60, None, Following::Page),
            (10, 0, 100, Some(1_000.0), Following::Incomplete),
        ] {
            let counts = Counts {
                page,
                items,
                per_page,
                total,
                has_cap: true,
            };
            assert_eq!(
                counts.following(),
                following,
                "{page} {items} {per_page} {total:?}"
            );
        }
    }

    #[test]
    fn list_without_cap_may_end_at_thousand() {
        let counts = |page, items| Counts {
            page,
            items,
            per_page: 100,
            total: Some(1_000.0),
            has_cap: false,
        };
        assert_eq!(counts(9, 100).following(), Following::Page);
        assert_eq!(counts(10, 0).following(), Following::Nothing);
    }
}
