//! Lists that come in pages.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

#[cfg(feature = "rust")]
use crate::operations::{Input, Operation};
use crate::{
    engine::own,
    operations::Output,
    request::{Request, Turn},
};

/// The size of a page where none is asked for.
pub(crate) const PER_PAGE: u32 = 50;
/// The server reaches, and counts, no further than this in a search.
const CAP: f64 = 1_000.0;

/// What a list is asked for where its caller gives nothing else. A list that knows both ways of
/// paging goes by checkpoint, which reaches the end, until it is asked for an offset.
#[cfg(feature = "rust")]
pub(crate) fn defaults<'a>(
    operation: &Operation,
    given: &'a dyn Fn(&str) -> bool,
) -> impl Iterator<Item = (&'static str, &'static str)> + use<'a> {
    let known = match operation.input {
        Input::Query(required, optional) => [required, optional],
        _ => ["", ""],
    };
    let knows = move |name: &str| {
        known
            .iter()
            .any(|names| names.split(' ').any(|n| n == name))
    };
    let all = [
        ("page", "0"),
        ("per_page", "50"),
        ("include_totals", "true"),
        ("take", "50"),
    ];
    let is_both = knows("page") && knows("take");
    let by_offset = ["page", "per_page", "include_totals"]
        .into_iter()
        .any(given);
    all.into_iter().filter(move |(name, _)| {
        let fits = !is_both || (*name == "take") != by_offset;
        knows(name) && fits && !given(name)
    })
}

/// One page as the server sent it.
pub(crate) struct RawPage {
    /// The items.
    pub(crate) items: Array,
    /// The whole answer: an envelope with totals, or the bare items.
    pub(crate) response: JsValue,
    /// Where the page after this one is, if there may be one.
    pub(crate) next: Option<Turn>,
}

impl RawPage {
    /// Reads the answer to `request` for that page, whose shape has been checked.
    pub(crate) fn read(request: &Request, turn: &Turn, response: JsValue) -> Self {
        let items = match request.operation.output.items() {
            Some(key) if !Array::is_array(&response) => own(&response, key),
            _ => response.clone(),
        };
        let items: Array = items.unchecked_into();
        let next = match own(&response, "next")
            .as_string()
            .filter(|place| !place.is_empty())
        {
            Some(place) => Some(Turn::From(place)),
            None => next_number(request, turn, &items, &response).map(Turn::Page),
        };
        // A server that gives the same place again would be asked for it for ever.
        let next = next.filter(|next| next != turn);
        Self {
            items,
            response,
            next,
        }
    }
}

/// The page after this one of an offset list.
fn next_number(request: &Request, turn: &Turn, items: &Array, response: &JsValue) -> Option<u32> {
    let page = match turn {
        Turn::Page(page) => *page,
        Turn::First if matches!(request.operation.output, Output::Offset(_)) => 0,
        _ => return None,
    };
    let limit = own(response, "limit").as_f64().map(|limit| limit as u32);
    let counts = Counts {
        page,
        items: items.length(),
        per_page: limit.or(request.per_page).unwrap_or(PER_PAGE),
        total: own(response, "total").as_f64(),
    };
    counts.more().then_some(page.saturating_add(1))
}

struct Counts {
    page: u32,
    items: u32,
    per_page: u32,
    total: Option<f64>,
}

impl Counts {
    /// May there be a page after this one?
    ///
    /// A total is believed only when it can be true: some lists report zero beside items, and a
    /// search never reports more than its cap. At the cap the server itself says what is beyond.
    fn more(&self) -> bool {
        let end = (f64::from(self.page) + 1.0) * f64::from(self.per_page);
        let is_last = self
            .total
            .is_some_and(|total| total > 0.0 && total < CAP && end >= total);
        self.items > 0 && self.items >= self.per_page && !is_last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_next_page_only_while_pages_are_full_and_the_total_allows() {
        for (page, items, per_page, total, more) in [
            (0, 50, 50, None, true),
            (0, 49, 50, None, false),
            (3, 0, 50, None, false),
            (0, 50, 50, Some(50.0), false),
            (0, 50, 50, Some(51.0), true),
            (1, 50, 50, Some(100.0), false),
            (0, 50, 50, Some(0.0), true),
            (9, 100, 100, Some(1_000.0), true),
            (9, 100, 100, Some(999.0), false),
            (0, 0, 0, Some(10.0), false),
        ] {
            let counts = Counts {
                page,
                items,
                per_page,
                total,
            };
            assert_eq!(counts.more(), more, "{page} {items} {per_page} {total:?}");
        }
    }
}
