//! Users cut into files that the server takes.

use alloc::{collections::VecDeque, string::ToString, vec::Vec};
use core::task::{Context, Poll};

use serde_json::Value;

use super::{ImportError, ImportOutcome};
use crate::{error::Error, verbs::results::Source};

/// The server takes files up to 500 kB.
const MAX_BYTES: usize = 500_000;

/// A user and its place.
pub(super) type Row = (u64, Value);

/// Rows that go together, or one that goes nowhere.
pub(super) enum File {
    Whole(Vec<Row>),
    Unfit(u64, Value, ImportOutcome),
}

/// Cuts files.
pub(super) struct Files<'a> {
    /// Nothing after its end: a stream may panic when it is asked for more.
    users: Option<Source<'a, Result<Value, Error>, ImportError>>,
    rows: Vec<Row>,
    /// How large the file with these rows is.
    bytes: usize,
    count: u64,
    ready: VecDeque<Result<File, ImportError>>,
}

impl<'a> Files<'a> {
    pub(super) fn of(
        users: Source<'a, Result<Value, Error>, ImportError>,
    ) -> Source<'a, File, ImportError> {
        let mut files = Self {
            users: Some(users),
            rows: Vec::new(),
            bytes: 2,
            count: 0,
            ready: VecDeque::new(),
        };
        Box::new(move |context| files.poll(context))
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<File, ImportError>>> {
        while self.ready.is_empty() {
            let Some(users) = &mut self.users else {
                return Poll::Ready(None);
            };
            match users(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(user))) => self.add(user),
                Poll::Ready(end) => {
                    self.users = None;
                    self.cut();
                    let failure = end.and_then(Result::err);
                    self.ready.extend(failure.map(Err));
                }
            }
        }
        Poll::Ready(self.ready.pop_front())
    }

    fn add(&mut self, user: Result<Value, Error>) {
        let row = self.count;
        self.count = row.saturating_add(1);
        let unfit = |user, outcome| Ok(File::Unfit(row, user, outcome));
        match user {
            Err(error) => {
                let unfit = unfit(Value::Null, ImportOutcome::Failed(error));
                self.ready.push_back(unfit);
            }
            Ok(user) => {
                let bytes = user.to_string().len().saturating_add(1);
                if bytes.saturating_add(2) > MAX_BYTES {
                    self.ready.push_back(unfit(user, ImportOutcome::TooLarge));
                    return;
                }
                if self.bytes.saturating_add(bytes) > MAX_BYTES {
                    self.cut();
                }
                self.rows.push((row, user));
                self.bytes = self.bytes.saturating_add(bytes);
            }
        }
    }

    fn cut(&mut self) {
        self.bytes = 2;
        let rows = core::mem::take(&mut self.rows);
        if !rows.is_empty() {
            self.ready.push_back(Ok(File::Whole(rows)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verbs::results::of_iterator;
    use serde_json::json;

    #[test]
    fn users_are_not_asked_for_behind_their_end() {
        let mut users = [Some(Ok(json!({ "n": 1 }))), None].into_iter();
        let source = move |_: &mut Context<'_>| {
            let next = users.next().expect("nobody asks behind the end");
            Poll::Ready(next.map(Ok))
        };
        let mut files = Files::of(Box::new(source));
        let mut context = Context::from_waker(core::task::Waker::noop());
        let file = files(&mut context);
        assert!(matches!(file, Poll::Ready(Some(Ok(File::Whole(rows)))) if rows.len() == 1));
        for _ in 0..2 {
            assert!(matches!(files(&mut context), Poll::Ready(None)));
        }
    }

    #[test]
    fn a_file_is_as_large_as_the_server_takes_and_no_larger() {
        let user = |size: usize| Ok(json!({ "n": "x".repeat(size) }));
        // The brackets, and for each the comma or one that it does not need, and {"n":""}.
        let half = MAX_BYTES / 2 - 1 - 1 - 8;
        let users = [user(half), user(half), user(1), user(MAX_BYTES), user(2)];
        let mut files = Files::of(of_iterator(users.into_iter()));
        let mut context = Context::from_waker(core::task::Waker::noop());
        let mut told = Vec::new();
        while let Poll::Ready(Some(file)) = files(&mut context) {
            told.push(match file.unwrap() {
                File::Whole(rows) => {
                    let users: Vec<_> = rows.iter().map(|(_, user)| user.clone()).collect();
                    assert!(Value::from(users).to_string().len() <= MAX_BYTES);
                    rows.into_iter().map(|(row, _)| row).collect::<Vec<_>>()
                }
                File::Unfit(row, _, outcome) => {
                    assert!(matches!(outcome, ImportOutcome::TooLarge));
                    vec![row]
                }
            });
        }
        assert_eq!(told, [vec![0, 1], vec![3], vec![2, 4]]);
    }
}
