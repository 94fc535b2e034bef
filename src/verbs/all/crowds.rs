//! Which users of one instant are so many that windows do not reach behind them.

use alloc::string::String;

use super::read::{Read, Reader};
use crate::verbs::AllError;

/// From so many on it takes fewer requests to read them by id than along with those after them.
const MANY: u32 = 850;
/// So many at the end of a page are a reason to suspect more.
const SUSPECT: usize = 60;
/// After a crowd was met, so many suspicions in a row may be wrong before it takes more to suspect another.
const PATIENCE: u8 = 2;

/// Many users of one instant, and the first page of them by their ids.
pub(super) struct Crowd {
    pub(super) at: String,
    pub(super) first: Read,
}

/// Asks for the size of a crowd where it is worth a request: pages among its users would be read in vain.
pub(super) struct Crowds {
    /// How many suspicions are left where windows begin with a crowd.
    first: u8,
    /// The same where they end with one.
    last: u8,
    /// The instant that was last found to be a small one.
    small: Option<String>,
}

#[derive(Clone, Copy)]
enum From {
    First,
    Last,
}

impl Crowds {
    pub(super) fn new() -> Self {
        Self {
            first: 1,
            last: 0,
            small: None,
        }
    }

    /// The crowd that a window ends among. `known` is the instant of those who are known, and `read_last` reads the
    /// last page of the window.
    pub(super) async fn at(
        &mut self,
        reader: &Reader,
        known: Option<&str>,
        first: &Read,
        read_last: impl AsyncFnOnce() -> Result<Option<String>, AllError>,
    ) -> Result<Option<Crowd>, AllError> {
        let at = end(first);
        let begin = known.or_else(|| first.users.first()?.created_at.as_deref());
        let is_begin = at.is_some() && at.as_deref() == begin;
        // Had the window before been looked at to its end, this would have been seen there.
        let from = if is_begin && at.as_deref() != known {
            From::First
        } else {
            From::Last
        };
        if *self.patience(from) > 0
            && let Some(crowd) = self.sized(reader, at.clone(), from).await?
        {
            return Ok(Some(crowd));
        }
        let is_suspect = is_begin && at != self.small;
        if !is_suspect && self.last == 0 {
            return Ok(None);
        }
        let end = read_last().await?;
        if is_suspect && end == at {
            return self.sized(reader, at, from).await;
        }
        if self.last == 0 {
            return Ok(None);
        }
        self.sized(reader, end, From::Last).await
    }

    fn patience(&mut self, from: From) -> &mut u8 {
        match from {
            From::First => &mut self.first,
            From::Last => &mut self.last,
        }
    }

    async fn sized(
        &mut self,
        reader: &Reader,
        at: Option<String>,
        from: From,
    ) -> Result<Option<Crowd>, AllError> {
        let Some(at) = at.filter(|at| self.small.as_ref() != Some(at)) else {
            return Ok(None);
        };
        let crowd = reader.crowd(at).await?;
        let patience = self.patience(from);
        if crowd.first.total >= MANY {
            *patience = PATIENCE;
            return Ok(Some(crowd));
        }
        *patience = patience.saturating_sub(1);
        self.small = Some(crowd.at);
        Ok(None)
    }
}

/// The instant that a page ends with many users of.
pub(super) fn end(page: &Read) -> Option<String> {
    let at = page.users.last()?.created_at.as_ref()?;
    let suspect = page.users.iter().rev().nth(SUSPECT.saturating_sub(1))?;
    (suspect.created_at.as_ref() == Some(at)).then(|| at.clone())
}
