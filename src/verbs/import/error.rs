//! What ends an import.

use alloc::rc::Rc;
use core::{error, fmt};

use crate::error::Error;

/// Why an import ended before all was done. It comes after what became of each user in a file that was
/// sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// The caller aborted, or time ran out, or an argument was refused.
    Call(Error),
    /// Its stream failed. `downcast_ref` gives back what the stream said.
    Source(Rc<dyn error::Error>),
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Source(error) => error.fmt(f),
        }
    }
}

impl error::Error for ImportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Call(_) => None,
            Self::Source(error) => error.source(),
        }
    }
}
