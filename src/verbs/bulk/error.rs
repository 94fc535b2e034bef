//! What ends a run over many items.

use alloc::{rc::Rc, string::ToString};
use core::{error, fmt};

use crate::error::Error;

/// Why a run ended before all was done. It comes after what became of each item that was begun.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BulkError {
    /// Its journal failed, an item has no id, the caller aborted, or time ran out.
    Call(Error),
    /// Its stream failed. `downcast_ref` gives back what the stream said, such as an
    /// [`AllError`](super::super::AllError) where it is that of [`Users::all`](crate::Users::all).
    Source(Rc<dyn error::Error>),
    /// So many items failed, which is as many as
    /// [`Bulk::stop_after_errors`](super::Bulk::stop_after_errors) allows.
    TooManyErrors(u64),
}

impl From<Error> for BulkError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for BulkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Source(error) => error.fmt(f),
            Self::TooManyErrors(count) => {
                f.write_str("stopped after ")?;
                f.write_str(&count.to_string())?;
                f.write_str(" errors")
            }
        }
    }
}

impl error::Error for BulkError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Source(error) => error.source(),
            Self::Call(_) | Self::TooManyErrors(_) => None,
        }
    }
}
