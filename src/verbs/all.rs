//! Everybody, past the cap of a search. The same as `src/js/admin/all.js`, which reads a cursor of this one and the
//! other way round.

mod crowds;
mod place;
mod read;
mod scan;
mod windows;

use alloc::{borrow::ToOwned, boxed::Box, rc::Rc, string::String, vec, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::{FusedStream, Stream};
use serde::{Deserialize, Serialize};

use self::{
    place::Place,
    read::{Order, Reader},
    scan::{Found, Run},
};
use super::results::{Observer, Results, of_steps};
use crate::{error::Error, types::User, users::Users};

/// Whom [`Users::all`] gives, and how.
#[derive(Clone, Debug, Default)]
pub struct AllUsers {
    /// The query, in Lucene syntax; everybody by default.
    pub q: Option<String>,
    /// The fields to give, besides `user_id` and `created_at`; all by default.
    pub fields: Vec<String>,
    /// `created_at:1`, which is the default, or `created_at:-1`. By another field no more than 999 users
    /// can be read: if there are more, the first item is an error.
    pub sort: Option<String>,
    /// Where to go on: an [`Everyone::cursor`] of a run before. It holds the others as well.
    pub cursor: Option<String>,
}

/// How far a run is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AllProgress {
    /// How many users were given, those before the cursor included.
    pub read: u64,
    /// How many requests this run has made.
    pub requests: u64,
    /// When the users who are being read were created, in ISO 8601; `None` at the beginning.
    pub from: Option<String>,
}

/// Why a run ended before the last user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AllError {
    /// A call failed, or an argument was refused.
    Call(Error),
    /// There are users that a search cannot reach. Those before were given; none was left out in silence.
    PageCap(Box<PageCap>),
}

/// Which users a search cannot reach, and why.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PageCap {
    /// Why there is no way on.
    pub reason: String,
    /// How many users the search counts, which is no more than the cap.
    pub total: u64,
    /// How many users a search reaches.
    pub cap: u64,
    /// When the first of those who cannot be reached were created, in ISO 8601, where that is known.
    pub from: Option<String>,
    /// When the last of them were, where that is known.
    pub to: Option<String>,
    /// What the server refused, if it did.
    pub cause: Option<Error>,
}

impl From<Error> for AllError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for AllError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::PageCap(capped) => {
                f.write_str("not everybody can be reached: ")?;
                f.write_str(&capped.reason)
            }
        }
    }
}

impl core::error::Error for AllError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Call(_) => None,
            Self::PageCap(capped) => capped.cause.as_ref().map(|cause| cause as _),
        }
    }
}

/// What a cursor holds, as JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    q: Option<String>,
    #[serde(default = "default_sort")]
    sort: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<String>>,
    place: Place,
}

const VERSION: u32 = 1;

fn default_sort() -> String {
    "created_at:1".to_owned()
}

/// What both a run and whoever looks at it know.
#[derive(Default)]
struct Shared {
    place: RefCell<Place>,
    requests: Cell<u64>,
    on_progress: RefCell<Observer<'static, AllProgress>>,
}

impl Shared {
    fn progress(&self) -> AllProgress {
        let place = self.place.borrow();
        AllProgress {
            read: place.read,
            requests: self.requests.get(),
            from: place.at.clone(),
        }
    }
}

/// All users, one after the other: what [`Users::all`] gives.
///
/// `futures::TryStreamExt` and the like work on it. A failure is its last item; [`cursor`](Self::cursor) still
/// leads on. A stream that is dropped reads nothing more.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct Everyone {
    kept: Kept,
    order: Order,
    shared: Rc<Shared>,
    found: Results<'static, Found, AllError>,
}

impl Everyone {
    /// How far the run is.
    #[must_use]
    pub fn progress(&self) -> AllProgress {
        self.shared.progress()
    }

    /// Called after each page that was read, with how far the run is.
    pub fn on_progress(self, progress: impl FnMut(&AllProgress) + 'static) -> Self {
        self.shared.on_progress.replace(Observer::new(progress));
        self
    }

    /// The place behind the user who was given last, as text. With it as [`AllUsers::cursor`] a run goes on there:
    /// when it was kept after each user was dealt with, none is lost and none comes twice. It holds the query and
    /// some ids.
    #[must_use]
    pub fn cursor(&self) -> String {
        let kept = Kept {
            place: self.shared.place.borrow().clone(),
            ..self.kept.clone()
        };
        // Texts and numbers always have a JSON.
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// The next user; `None` after the last. It is that of `futures::TryStreamExt`, for programs without it.
    pub async fn try_next(&mut self) -> Result<Option<User>, AllError> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }
}

impl Stream for Everyone {
    type Item = Result<User, AllError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let found = match Pin::new(&mut self.found).poll_next(context) {
                Poll::Ready(Some(Ok(found))) => found,
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            };
            let Found {
                user,
                is_new,
                is_by_id,
            } = found;
            let mut place = self.shared.place.borrow_mut();
            match (is_new, is_by_id) {
                (true, true) => place.pass_by_id(&user),
                (true, false) => place.pass(&user, self.order),
                (false, true) => place.skip_by_id(&user),
                (false, false) => {}
            }
            if is_new {
                return Poll::Ready(Some(Ok(user)));
            }
        }
    }
}

impl FusedStream for Everyone {
    fn is_terminated(&self) -> bool {
        self.found.is_terminated()
    }
}

/// What was asked for, or what a cursor was made of.
fn kept(parameters: AllUsers) -> Result<Kept, Error> {
    // Empty is as good as absent.
    let q = parameters.q.filter(|text| !text.is_empty());
    let sort = parameters.sort.filter(|text| !text.is_empty());
    let fields = Some(parameters.fields).filter(|fields| !fields.is_empty());
    let Some(cursor) = parameters.cursor else {
        return Ok(Kept {
            version: VERSION,
            q,
            sort: sort.unwrap_or_else(default_sort),
            fields,
            ..Kept::default()
        });
    };
    let kept: Kept = serde_json::from_str(&cursor)
        .ok()
        .filter(|kept: &Kept| kept.version == VERSION)
        .ok_or_else(|| Error::invalid("cursor", "must be one that Users::all gave"))?;
    let fault = "must be what it was when cursor was made, or be left out";
    for (name, given, kept) in [
        ("q", &q, kept.q.as_ref()),
        ("sort", &sort, Some(&kept.sort)),
    ] {
        if given.is_some() && given.as_ref() != kept {
            return Err(Error::invalid(name, fault));
        }
    }
    let fields = fields.or_else(|| kept.fields.clone());
    Ok(Kept { fields, ..kept })
}

impl Users<'_> {
    /// Gives all users, or all that a query finds, one after the other, past the 1,000 that a search reaches: about
    /// one request per 95 users, sent as users are asked for, up to four at once, at the pace of the client. The
    /// deadline and the signal of its options are for all of them together.
    ///
    /// Whoever is there from beginning to end is given exactly once. Who is created meanwhile comes at the end, if
    /// searches see them by then (with `created_at:-1` not at all); who is deleted meanwhile may be given or not.
    ///
    /// Fails at once with [`Error::Invalid`] for a cursor that is not valid. The stream fails with what
    /// [`list`](Self::list) fails with, and with [`AllError::PageCap`] where there are users that it cannot reach.
    ///
    /// `GET /users` · `read:users` · eventual · idempotent
    pub fn all(&self, parameters: AllUsers) -> Result<Everyone, Error> {
        let kept = kept(parameters)?;
        let order = Order::of(&kept.sort);
        let shared = Rc::new(Shared {
            place: RefCell::new(kept.place.clone()),
            ..Shared::default()
        });
        let reader = Reader::new(self.0.clone(), kept.clone(), order, Rc::clone(&shared));
        let found = of_steps(Run::new(reader), |mut run| {
            Box::pin(async move {
                let found = run.next().await;
                let found = found.map_or_else(
                    |error| vec![Err(error)],
                    |found| found.into_iter().map(Ok).collect(),
                );
                (run, found)
            })
        });
        Ok(Everyone {
            kept,
            order,
            shared,
            found: Results::new(found),
        })
    }
}
