//! Several things at once, and no more of them read than are worked on.

use alloc::{boxed::Box, collections::VecDeque, vec::Vec};
use core::task::{Context, Poll};

use super::results::{Results, Source, Task};

/// What a pool does with each thing: it gives what comes of it, and fails where the whole has to end.
type Work<'a, I, T, E> = Box<dyn Fn(I) -> Task<'a, Worked<T, E>> + 'a>;

pub(super) type Worked<T, E> = (Vec<T>, Result<(), E>);

/// Works on what a source gives.
struct Pool<'a, I, T, E> {
    /// How many at once.
    width: usize,
    work: Work<'a, I, T, E>,
    /// What there is to do.
    rest: Option<Source<'a, I, E>>,
    /// What ends with the reason why no more may begin.
    limit: Task<'a, E>,
    running: Vec<Task<'a, Worked<T, E>>>,
    ready: VecDeque<T>,
    failure: Option<E>,
}

/// Works on what a source gives, so many at once, and gives what comes of each as it comes. When
/// `limit` ends before all is done, or with the first failure, no more is begun; what is under way is
/// waited for, and then the reason is given.
pub(super) fn pool<'a, I: 'a, T: 'a, E: 'a>(
    source: Source<'a, I, E>,
    width: usize,
    limit: Task<'a, E>,
    work: impl Fn(I) -> Task<'a, Worked<T, E>> + 'a,
) -> Results<'a, T, E> {
    let mut pool = Pool {
        width,
        work: Box::new(work),
        rest: Some(source),
        limit,
        running: Vec::new(),
        ready: VecDeque::new(),
        failure: None,
    };
    Results::new(Box::new(move |context| pool.poll(context)))
}

impl<I, T, E> Pool<'_, I, T, E> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        loop {
            self.begin(context);
            let has_gone_on = self.go_on(context);
            if let Some(result) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(result)));
            }
            if self.running.is_empty() && self.rest.is_none() {
                return Poll::Ready(self.failure.take().map(Err));
            }
            if !has_gone_on {
                return Poll::Pending;
            }
        }
    }

    /// Begins as many as there is room for.
    fn begin(&mut self, context: &mut Context<'_>) {
        while self.running.len().max(self.ready.len()) < self.width {
            if self.rest.is_some() {
                self.heed_limit(context);
            }
            let Some(source) = &mut self.rest else {
                return;
            };
            match source(context) {
                Poll::Pending => return,
                Poll::Ready(Some(Ok(item))) => self.running.push((self.work)(item)),
                Poll::Ready(Some(Err(failure))) => self.end(Some(failure)),
                Poll::Ready(None) => self.end(None),
            }
        }
    }

    /// Begins no more if that is so.
    fn heed_limit(&mut self, context: &mut Context<'_>) {
        if self.failure.is_none()
            && let Poll::Ready(reason) = self.limit.as_mut().poll(context)
        {
            self.end(Some(reason));
        }
    }

    /// Goes on with what is under way; tells whether something has ended.
    fn go_on(&mut self, context: &mut Context<'_>) -> bool {
        let before = self.running.len();
        let mut failure = None;
        self.running
            .retain_mut(|task| match task.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready((results, end)) => {
                    self.ready.extend(results);
                    failure = failure.take().or(end.err());
                    false
                }
            });
        if failure.is_some() {
            self.end(failure);
        }
        // Also where it was reached while the last of them ended.
        if before > 0 {
            self.heed_limit(context);
        }
        self.running.len() < before
    }

    /// Begins no more.
    fn end(&mut self, failure: Option<E>) {
        self.rest = None;
        if self.failure.is_none() {
            self.failure = failure;
        }
    }
}
