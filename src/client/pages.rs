//! Lists, page by page or as a stream of items.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::vec;

use auth0_users_core::call::{PreparedRequest, execute};
use auth0_users_core::config::ClientConfig;
use auth0_users_core::page::RawPage;
use auth0_users_core::request::Cursor;
use auth0_users_core::{Error, engine};
use futures_core::{FusedStream, Stream};
use serde::de::DeserializeOwned;

use super::decode;

/// A page of a list.
#[derive(Clone)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The number of all items, if the server says so. A search counts at most 1,000.
    pub total: Option<u64>,
    config: Rc<ClientConfig>,
    prepared: Rc<PreparedRequest>,
    next: Option<Cursor>,
}

impl<T: DeserializeOwned> Page<T> {
    pub(super) async fn load(
        config: Rc<ClientConfig>,
        prepared: Rc<PreparedRequest>,
        cursor: Cursor,
    ) -> Result<Self, Error> {
        let loaded = execute(&config, &prepared, &cursor).await?;
        let RawPage {
            items,
            response,
            next,
        } = RawPage::read(&prepared.request, &cursor, loaded.data.clone());
        let total = engine::get(&response, "total")
            .as_f64()
            .map(|total| total as u64);
        let items = decode(prepared.request.operation, &loaded, &items)?;
        Ok(Self {
            items,
            total,
            config,
            prepared,
            next,
        })
    }

    /// Returns whether there may be a next page.
    #[must_use]
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// Loads the next page; `None` after the last. This page does not change, so a failed load can be retried.
    pub async fn next(&self) -> Result<Option<Self>, Error> {
        let Some(cursor) = self.next.clone() else {
            return Ok(None);
        };
        let (config, prepared) = (Rc::clone(&self.config), Rc::clone(&self.prepared));
        Self::load(config, prepared, cursor).await.map(Some)
    }

    /// Returns a stream of the items of this page and all following ones. It loads a page when its first item is polled.
    ///
    /// `futures::TryStreamExt` works with it. An error is its last item, after the items of the pages that were loaded.
    /// After an abort or the deadline it returns no further item, even if that was loaded before. To retry a page, call
    /// [`next`](Self::next). A dropped stream loads nothing.
    pub fn into_stream(self) -> Items<T> {
        Items {
            items: self.items.into_iter(),
            total: self.total,
            prepared: Rc::clone(&self.prepared),
            rest: match self.next {
                Some(cursor) => Rest::At(self.config, self.prepared, cursor),
                None => Rest::Nothing,
            },
        }
    }
}

/// A stream of the items of a page and all following ones, returned by [`Page::into_stream`].
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<T> {
    items: vec::IntoIter<T>,
    total: Option<u64>,
    prepared: Rc<PreparedRequest>,
    rest: Rest<T>,
}

type Loading<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>>>>;

/// What follows the loaded items.
enum Rest<T> {
    At(Rc<ClientConfig>, Rc<PreparedRequest>, Cursor),
    Loading(Loading<T>),
    Nothing,
}

/// Nothing in it relies on being pinned.
impl<T> Unpin for Items<T> {}

impl<T: DeserializeOwned + 'static> Items<T> {
    /// Returns the number of all items, if the last page that was loaded has it.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the next item; `None` after the last. It works as in `futures::TryStreamExt`, for programs without it.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll(context)).await.transpose()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if self.items.len() > 0
                && let Err(error) = self.prepared.check()
            {
                // An abort or the deadline also ends the items that were loaded before it.
                self.items = Vec::new().into_iter();
                self.rest = Rest::Nothing;
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            self.rest = match std::mem::replace(&mut self.rest, Rest::Nothing) {
                Rest::Nothing => return Poll::Ready(None),
                Rest::At(config, prepared, cursor) => {
                    Rest::Loading(Box::pin(Page::load(config, prepared, cursor)))
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
