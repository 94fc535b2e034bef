//! Lists: one page after another, or all their items as a stream.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    vec,
};

use auth0_users_core::{
    Error,
    call::{Prepared, execute},
    engine,
    page::RawPage,
    request::Turn,
    settings::Settings,
};
use futures_core::{FusedStream, Stream};
use serde::de::DeserializeOwned;

use super::decode;

/// One page of a list, and the way to the next.
#[derive(Clone)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// How many there are in all, if the server said so. A search counts no further than 1,000.
    pub total: Option<u64>,
    settings: Rc<Settings>,
    prepared: Rc<Prepared>,
    next: Option<Turn>,
}

impl<T: DeserializeOwned> Page<T> {
    pub(super) async fn load(
        settings: Rc<Settings>,
        prepared: Rc<Prepared>,
        turn: Turn,
    ) -> Result<Self, Error> {
        let reply = execute(&settings, &prepared, &turn).await?;
        let RawPage {
            items,
            response,
            next,
        } = RawPage::read(&prepared.request, &turn, reply.data.clone());
        let total = engine::get(&response, "total")
            .as_f64()
            .map(|total| total as u64);
        let items = decode(prepared.request.operation, &reply, &items)?;
        Ok(Self {
            items,
            total,
            settings,
            prepared,
            next,
        })
    }

    /// May there be a page after this one?
    #[must_use]
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// The page after this one; `None` after the last. This page stays as it is, so that a failed
    /// load can be tried again.
    pub async fn next(&self) -> Result<Option<Self>, Error> {
        let Some(turn) = self.next.clone() else {
            return Ok(None);
        };
        let (settings, prepared) = (Rc::clone(&self.settings), Rc::clone(&self.prepared));
        Self::load(settings, prepared, turn).await.map(Some)
    }

    /// The items of this page and of all pages after it, each page loaded when its first item is asked
    /// for.
    ///
    /// `futures::TryStreamExt` and the like work on it. A failure is its last item, given after the
    /// items of the pages that were loaded. After an abort or the deadline no item is given, not even
    /// one that was loaded before. To try a page again, call [`next`](Self::next). A stream that is
    /// dropped loads nothing more.
    pub fn into_stream(self) -> Items<T> {
        Items {
            items: self.items.into_iter(),
            total: self.total,
            prepared: Rc::clone(&self.prepared),
            rest: match self.next {
                Some(turn) => Rest::At(self.settings, self.prepared, turn),
                None => Rest::Nothing,
            },
        }
    }
}

/// The items of a page and of all pages after it: what [`Page::into_stream`] gives.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct Items<T> {
    items: vec::IntoIter<T>,
    total: Option<u64>,
    prepared: Rc<Prepared>,
    rest: Rest<T>,
}

type Loading<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>>>>;

/// What comes after the items that are there.
enum Rest<T> {
    At(Rc<Settings>, Rc<Prepared>, Turn),
    Loading(Loading<T>),
    Nothing,
}

/// Nothing in it is pinned where it lies.
impl<T> Unpin for Items<T> {}

impl<T: DeserializeOwned + 'static> Items<T> {
    /// How many there are in all, if the server said so with the page that was loaded last.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The next item; `None` after the last. It is that of `futures::TryStreamExt`, for programs
    /// without it.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll(context)).await.transpose()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if self.items.len() > 0
                && let Err(error) = self.prepared.check()
            {
                // An abort or a deadline ends the stream, with the items that were read before it.
                self.items = Vec::new().into_iter();
                self.rest = Rest::Nothing;
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            self.rest = match std::mem::replace(&mut self.rest, Rest::Nothing) {
                Rest::Nothing => return Poll::Ready(None),
                Rest::At(settings, prepared, turn) => {
                    Rest::Loading(Box::pin(Page::load(settings, prepared, turn)))
                }
                Rest::Loading(mut loading) => {
                    let Poll::Ready(loaded) = loading.as_mut().poll(context) else {
                        self.rest = Rest::Loading(loading);
                        return Poll::Pending;
                    };
                    match loaded {
                        Err(error) => return Poll::Ready(Some(Err(error))),
                        Ok(page) => {
                            *self = page.into_stream();
                            continue;
                        }
                    }
                }
            };
        }
    }
}

impl<T: DeserializeOwned + 'static> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<T: DeserializeOwned + 'static> FusedStream for Items<T> {
    fn is_terminated(&self) -> bool {
        self.items.len() == 0 && matches!(self.rest, Rest::Nothing)
    }
}
