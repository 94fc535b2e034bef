//! What comes of work on many things, one after another.

use alloc::{boxed::Box, rc::Rc, vec, vec::Vec};
use core::{
    cell::RefCell,
    error::Error,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::{FusedStream, Stream};

/// Something that is waited for.
pub(super) type Task<'a, T = ()> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What gives one thing after another, as [`Stream::poll_next`] does.
pub(super) type Source<'a, T, E> =
    Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Result<T, E>>> + 'a>;

/// The items of an iterator.
pub(super) fn of_iterator<'a, T, E>(items: impl Iterator<Item = T> + 'a) -> Source<'a, T, E> {
    let mut items = items;
    Box::new(move |_| Poll::Ready(items.next().map(Ok)))
}

/// The items of a stream that may fail with anything, which `failed` keeps as it is.
pub(super) fn of_stream<'a, T, F: Into<Box<dyn Error>>, E: 'a>(
    stream: impl Stream<Item = Result<T, F>> + 'a,
    failed: fn(Rc<dyn Error>) -> E,
) -> Source<'a, T, E> {
    let mut stream = Box::pin(stream);
    Box::new(move |context| {
        let next = stream.as_mut().poll_next(context);
        next.map_err(|error| failed(Rc::from(error.into())))
    })
}

/// What `step` gives each time that it is called with the state of the time before; nothing ends it.
pub(super) fn of_steps<'a, S: 'a, T: 'a, E: 'a>(
    state: S,
    step: impl Fn(S) -> Task<'a, (S, Vec<Result<T, E>>)> + 'a,
) -> Source<'a, T, E> {
    let mut ready = vec::IntoIter::default();
    let mut task = step(state);
    Box::new(move |context| {
        if let Some(item) = ready.next() {
            return Poll::Ready(Some(item));
        }
        let Poll::Ready((state, items)) = task.as_mut().poll(context) else {
            return Poll::Pending;
        };
        task = step(state);
        ready = items.into_iter();
        Poll::Ready(ready.next())
    })
}

/// What comes of a method that works on many things: a `Stream`. A failure is its last item; it is
/// given after all others, so that nobody takes a part for the whole. A stream that is dropped ends
/// what is under way.
#[must_use = "a stream does nothing until it is asked for an item"]
pub struct Results<'a, T, E>(Option<Source<'a, T, E>>);

impl<'a, T, E> Results<'a, T, E> {
    pub(super) fn new(source: Source<'a, T, E>) -> Self {
        Self(Some(source))
    }

    /// The next item; `None` after the last. It is that of `futures::TryStreamExt`, for programs
    /// without it.
    pub async fn try_next(&mut self) -> Result<Option<T>, E> {
        poll_fn(|context| self.poll(context)).await.transpose()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        let Some(source) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let next = source(context);
        if let Poll::Ready(None | Some(Err(_))) = next {
            self.0 = None;
        }
        next
    }
}

impl<T, E> Stream for Results<'_, T, E> {
    type Item = Result<T, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<T, E> FusedStream for Results<'_, T, E> {
    fn is_terminated(&self) -> bool {
        self.0.is_none()
    }
}

/// A function of the caller's that is told how far something is, if there is one.
pub(super) struct Observer<'a, T>(Option<RefCell<Told<'a, T>>>);

type Told<'a, T> = Box<dyn FnMut(&T) + 'a>;

impl<T> Default for Observer<'_, T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'a, T> Observer<'a, T> {
    pub(super) fn new(observer: impl FnMut(&T) + 'a) -> Self {
        Self(Some(RefCell::new(Box::new(observer))))
    }

    pub(super) fn tell(&self, state: &T) {
        // It cannot be under way already: it has no way back to here.
        if let Some(Ok(mut observer)) = self.0.as_ref().map(RefCell::try_borrow_mut) {
            observer(state);
        }
    }
}
