//! The handler of an operation: the function that performs it, and the schema of its body.

use crate::operations::call::Run;
use crate::schema::Kind;

/// The part of an operation that is written by hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler {
    pub run: Run,
    pub body: Body,
}

/// What an operation reads from the body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// Nothing: the body is ignored.
    None,
    Required(&'static Kind),
    /// As `Required`, but an empty body means an empty object.
    Optional(&'static Kind),
    /// The bytes: the operation parses them itself.
    Raw,
}

/// Returns a handler that reads no body.
pub(super) const fn run(run: Run) -> Handler {
    Handler {
        run,
        body: Body::None,
    }
}

impl Handler {
    pub(super) const fn body(self, kind: &'static Kind) -> Self {
        Self {
            body: Body::Required(kind),
            ..self
        }
    }

    pub(super) const fn optional_body(self, kind: &'static Kind) -> Self {
        Self {
            body: Body::Optional(kind),
            ..self
        }
    }

    pub(super) const fn raw_body(self) -> Self {
        Self {
            body: Body::Raw,
            ..self
        }
    }
}
