//! How many requests may be sent, and when: what the answers tell about the server's limit. Pure:
//! the clock is given.

use core::cmp::Ordering;

/// The most calls that are under way at once.
const WIDEST: f64 = 64.0;
/// How long the gate stays closed after a refusal that does not say how long, in milliseconds. Each
/// further one in a row doubles it, up to eight seconds.
const REFUSED_MS: f64 = 1_000.0;
/// The longest that a server may close the gate for, in milliseconds.
const LONGEST_MS: f64 = 60_000.0;

/// What an answer tells about the limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// How many requests the server takes at once; NaN if it does not say.
    pub(crate) limit: f64,
    /// How many more requests the server takes now; NaN if it does not say.
    pub(crate) remaining: f64,
    /// When it takes more, in milliseconds like the clock's; NaN if it does not say.
    pub(crate) reset_ms: f64,
    /// Was this one refused?
    pub(crate) refused: bool,
    /// Does the engine keep the server's headers from us, as between two origins?
    pub(crate) unreadable: bool,
}

/// May one more request be sent?
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Admission {
    /// Yes, and it counts as sent.
    Now,
    /// In so many milliseconds.
    In(f64),
    /// When another one is answered.
    AfterAnswer,
}

/// When a request was sent, as far as it matters to what its answer tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    /// Which of the times between two refusals it was.
    round: u32,
    /// How many were sent before it.
    number: u32,
    /// Were all of those answered?
    is_alone: bool,
}

/// What is known about the limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Sent and not answered yet.
    pub(crate) under_way: u32,
    /// How many more the server takes, if it said so.
    pub(crate) budget: Option<u32>,
    /// What the server told last; NaN where it did not.
    pub(crate) limit: f64,
    /// When the server takes more, as it told last.
    pub(crate) reset_ms: f64,
    /// Nothing is sent before this time.
    pub(crate) closed_until_ms: f64,
    /// How many may be under way at once while nothing is known.
    width: f64,
    /// Has the server never refused? The width doubles until it does.
    is_starting: bool,
    /// How often in a row the server has refused.
    refusals: u32,
    /// How often it has refused at all. Those that were under way at the time do not count again.
    round: u32,
    /// How many were sent at all.
    sent: u32,
    /// The latest sent of those that were answered.
    newest: Option<u32>,
    /// How many requests per second to begin with where the limit cannot be read. As a default the
    /// limit of the smallest plan of Auth0, which takes two at once, and two in each second.
    per_second: f64,
    /// The rate to go by where the limit cannot be read.
    drip: Option<Drip>,
}

impl Pace {
    const START: Self = Self {
        under_way: 0,
        budget: None,
        limit: f64::NAN,
        reset_ms: f64::NAN,
        closed_until_ms: 0.0,
        width: 1.0,
        is_starting: true,
        refusals: 0,
        round: 0,
        sent: 0,
        newest: None,
        per_second: 2.0,
        drip: None,
    };

    pub(crate) fn new(per_second: Option<f64>) -> Self {
        Self {
            per_second: per_second.unwrap_or(Self::START.per_second),
            ..Self::START
        }
    }

    pub(crate) fn admit(&mut self, now_ms: f64) -> Admission {
        if now_ms < self.closed_until_ms {
            // The clock may have been set back since.
            return Admission::In((self.closed_until_ms - now_ms).min(LONGEST_MS));
        }
        if self.closed_until_ms > 0.0 {
            self.reopen();
        }
        let under_way = f64::from(self.under_way);
        match self.budget {
            // What is known is old: one request finds out.
            Some(0) if self.under_way > 0 => return Admission::AfterAnswer,
            Some(_) if under_way >= WIDEST => return Admission::AfterAnswer,
            None if under_way + 1.0 > self.width => return Admission::AfterAnswer,
            _ => {}
        }
        if let Some(drip) = &mut self.drip
            && let Some(wait_ms) = drip.take(now_ms)
        {
            return Admission::In(wait_ms);
        }
        self.budget = self.budget.map(|left| left.saturating_sub(1));
        self.under_way = self.under_way.saturating_add(1);
        Admission::Now
    }

    /// One that was admitted is sent.
    pub(crate) fn ticket(&mut self) -> Ticket {
        let number = self.sent;
        self.sent = number.wrapping_add(1);
        Ticket {
            round: self.round,
            number,
            is_alone: self.under_way <= 1,
        }
    }

    /// A request was answered.
    pub(crate) fn answered(&mut self, told: Told, ticket: Ticket, now_ms: f64) {
        self.lost();
        let is_overtaken = self.newest.is_some_and(|newest| ticket.number < newest);
        self.newest = self.newest.max(Some(ticket.number));
        let reset_ms = (told.reset_ms - now_ms).clamp(0.0, LONGEST_MS);
        // Requests overtake each other, and so do answers: one that was not sent alone may tell of
        // more than there is, unless the server has taken more since.
        let is_sure = ticket.is_alone && !is_overtaken;
        let is_later = told.reset_ms.partial_cmp(&self.reset_ms) == Some(Ordering::Greater);
        let may_be_old = !is_sure && !is_later;
        self.limit = told.limit;
        let latest_ms = self.reset_ms.max(told.reset_ms);
        self.reset_ms = latest_ms.clamp(0.0, now_ms + LONGEST_MS);
        if told.unreadable {
            self.drip.get_or_insert(Drip {
                per_second: self.per_second,
                burst: self.per_second.max(1.0),
                level: self.per_second.max(1.0),
                at_ms: now_ms,
            });
        } else if told.remaining >= 0.0 {
            self.drip = None;
        }
        if told.refused {
            self.budget = self.budget.and(Some(0));
            if ticket.round == self.round {
                self.refused(reset_ms, now_ms);
            }
            return;
        }
        self.refusals = 0;
        if told.remaining >= 0.0 {
            // Those under way may not be counted yet.
            let told_left = (told.remaining as u32).saturating_sub(self.under_way);
            let left = match self.budget {
                Some(known) if may_be_old => told_left.min(known),
                _ => told_left,
            };
            self.budget = Some(left);
            if left == 0 && reset_ms > 0.0 {
                self.closed_until_ms = now_ms + reset_ms;
            }
            return;
        }
        self.budget = None;
        let more = if self.is_starting {
            self.width
        } else {
            1.0 / self.width
        };
        self.width = (self.width + more).min(WIDEST);
        if let Some(drip) = &mut self.drip {
            drip.grow();
        }
    }

    /// Closes the gate: for as long as the server says, and for longer the more often it refuses.
    fn refused(&mut self, reset_ms: f64, now_ms: f64) {
        let again = f64::from(1_u32 << self.refusals.min(3));
        let untold_ms = REFUSED_MS * again;
        let wait_ms = if reset_ms.is_nan() {
            untold_ms
        } else if self.refusals == 0 {
            reset_ms
        } else {
            reset_ms.max(untold_ms / 2.0)
        };
        self.closed_until_ms = self.closed_until_ms.max(now_ms + wait_ms);
        self.refusals = self.refusals.saturating_add(1);
        self.round = self.round.wrapping_add(1);
        self.width = (self.width / 2.0).max(1.0);
        self.is_starting = false;
        if let Some(drip) = &mut self.drip {
            drip.shrink();
        }
    }

    /// One more may be sent at once, whatever the clock says.
    pub(crate) fn open(&mut self) {
        self.reopen();
        if let Some(drip) = &mut self.drip {
            drip.level = drip.level.max(1.0);
        }
    }

    /// The server takes more: one finds out how many, though others got no answer yet.
    fn reopen(&mut self) {
        self.closed_until_ms = 0.0;
        self.budget = self.budget.map(|left| left.max(1));
    }

    /// One of those under way came to an end without an answer.
    pub(crate) fn lost(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }
}

/// A rate that is felt for: up a little with each answer, down by half with each refusal.
#[derive(Clone, Copy, Debug)]
struct Drip {
    per_second: f64,
    /// How many may be sent at once.
    burst: f64,
    /// How many may be sent at this moment.
    level: f64,
    at_ms: f64,
}

impl Drip {
    const LEAST: f64 = 1.0;
    /// Whoever begins with more keeps that.
    const MOST: f64 = 50.0;

    /// Takes one, or tells in how many milliseconds there is one.
    fn take(&mut self, now_ms: f64) -> Option<f64> {
        let passed_ms = (now_ms - self.at_ms).max(0.0);
        self.at_ms = now_ms;
        self.level = (self.level + passed_ms * self.per_second / 1_000.0).min(self.burst);
        if self.level < 1.0 {
            return Some((1.0 - self.level) / self.per_second * 1_000.0);
        }
        self.level -= 1.0;
        None
    }

    fn grow(&mut self) {
        if self.per_second < Self::MOST {
            self.per_second += 0.1;
        }
    }

    fn shrink(&mut self) {
        self.per_second = (self.per_second / 2.0).max(Self::LEAST);
        self.level = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTOLD: Told = Told {
        limit: f64::NAN,
        remaining: f64::NAN,
        reset_ms: f64::NAN,
        refused: false,
        unreadable: false,
    };
    const REFUSED: Told = Told {
        refused: true,
        ..UNTOLD
    };

    fn told(remaining: f64, reset_ms: f64) -> Told {
        Told {
            remaining,
            reset_ms,
            ..UNTOLD
        }
    }

    /// A request that was sent last is answered.
    fn answer(pace: &mut Pace, told: Told, now_ms: f64) {
        let ticket = pace.ticket();
        pace.answered(told, ticket, now_ms);
    }

    /// Sends as many as are admitted.
    fn admitted(pace: &mut Pace, now_ms: f64) -> u32 {
        (0..10_000)
            .take_while(|_| pace.admit(now_ms) == Admission::Now)
            .count() as u32
    }

    #[test]
    fn one_request_goes_first_and_its_answer_tells_how_many_follow() {
        let mut pace = Pace::START;
        assert_eq!(admitted(&mut pace, 0.0), 1);
        assert_eq!(pace.admit(0.0), Admission::AfterAnswer);
        answer(&mut pace, told(9.0, 1_000.0), 10.0);
        assert_eq!(admitted(&mut pace, 10.0), 9);
        assert_eq!(pace.admit(10.0), Admission::AfterAnswer);
    }

    #[test]
    fn an_empty_budget_closes_the_gate_until_the_reset_and_then_one_finds_out() {
        let mut pace = Pace::START;
        admitted(&mut pace, 0.0);
        answer(&mut pace, told(0.0, 2_000.0), 500.0);
        assert_eq!(pace.admit(500.0), Admission::In(1_500.0));
        assert_eq!(admitted(&mut pace, 2_000.0), 1);
        answer(&mut pace, told(1.0, 3_000.0), 2_010.0);
        assert_eq!(admitted(&mut pace, 2_010.0), 1);
    }

    #[test]
    fn an_answer_that_was_overtaken_does_not_raise_what_remains() {
        // The last to arrive tells of what was before all others, soon or long after.
        for late_ms in [0.0, 5_000.0] {
            let mut pace = Pace::START;
            pace.admit(0.0);
            answer(&mut pace, told(4.0, 1_000.0), 0.0);
            assert_eq!(admitted(&mut pace, 0.0), 4);
            let [first, second, third, fourth] = [(); 4].map(|()| pace.ticket());
            for (ticket, remaining) in [(fourth, 0.0), (second, 2.0), (third, 1.0), (first, 3.0)] {
                pace.answered(told(remaining, 1_000.0), ticket, late_ms);
            }
            assert_eq!(admitted(&mut pace, late_ms.max(1_000.0)), 1);
        }
    }

    #[test]
    fn what_the_server_takes_more_of_counts_and_so_does_what_a_lone_answer_tells() {
        let mut pace = Pace {
            under_way: 3,
            ..Pace::START
        };
        answer(&mut pace, told(7.0, 1_000.0), 0.0);
        assert_eq!(admitted(&mut pace, 0.0), 5);
        answer(&mut pace, told(9.0, 1_000.0), 0.0);
        assert_eq!(admitted(&mut pace, 0.0), 0);
        answer(&mut pace, told(8.0, 2_000.0), 1_000.0);
        assert_eq!(admitted(&mut pace, 1_000.0), 3);
        for _ in 0..7 {
            pace.lost();
        }
        answer(&mut pace, told(4.0, 2_000.0), 1_000.0);
        assert_eq!(admitted(&mut pace, 1_000.0), 4);
    }

    #[test]
    fn what_is_under_way_counts_against_what_remains() {
        let mut pace = Pace {
            under_way: 4,
            budget: Some(0),
            reset_ms: 0.0,
            ..Pace::START
        };
        answer(&mut pace, told(5.0, 1_000.0), 0.0);
        assert_eq!(admitted(&mut pace, 0.0), 2);
    }

    #[test]
    fn a_request_that_gets_no_answer_holds_nobody_back_once_the_server_takes_more() {
        for is_opened in [false, true] {
            let mut pace = Pace::START;
            admitted(&mut pace, 0.0);
            answer(&mut pace, told(2.0, 1_000.0), 0.0);
            assert_eq!(admitted(&mut pace, 0.0), 2);
            answer(&mut pace, told(0.0, 2_000.0), 10.0);
            assert_eq!(pace.admit(1_999.0), Admission::In(1.0));
            let now_ms = if is_opened {
                pace.open();
                1_999.0
            } else {
                2_000.0
            };
            assert_eq!(admitted(&mut pace, now_ms), 1);
            answer(&mut pace, told(5.0, 3_000.0), 2_010.0);
            assert_eq!(admitted(&mut pace, 2_010.0), 4);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_keep_the_gate_closed() {
        let mut pace = Pace::START;
        admitted(&mut pace, 1e9);
        answer(&mut pace, told(0.0, 1e9 + 2_000.0), 1e9);
        assert_eq!(pace.admit(0.0), Admission::In(LONGEST_MS));
    }

    #[test]
    fn a_refusal_closes_the_gate_for_all_until_the_server_takes_more() {
        let mut pace = Pace {
            width: 8.0,
            under_way: 8,
            ..Pace::START
        };
        let refused = Told {
            reset_ms: 3_000.0,
            ..REFUSED
        };
        answer(&mut pace, refused, 0.0);
        assert_eq!(pace.admit(2_999.0), Admission::In(1.0));
        answer(&mut pace, UNTOLD, 100.0);
        assert_eq!(pace.admit(2_999.0), Admission::In(1.0));
    }

    #[test]
    fn each_further_refusal_in_a_row_keeps_the_gate_closed_for_longer() {
        for (reset_ms, waits) in [
            (f64::NAN, [1e3, 2e3, 4e3, 8e3, 8e3]),
            (0.0, [0.0, 1e3, 2e3, 4e3, 4e3]),
            (1_500.0, [1.5e3, 1.5e3, 2e3, 4e3, 4e3]),
        ] {
            let mut pace = Pace::START;
            let mut now = 0.0;
            for wait in waits {
                assert_eq!(pace.admit(now), Admission::Now);
                let refused = Told {
                    reset_ms: now + reset_ms,
                    ..REFUSED
                };
                answer(&mut pace, refused, now);
                now += wait;
                assert_eq!(pace.closed_until_ms, now);
            }
            pace.admit(now);
            answer(&mut pace, UNTOLD, now);
            pace.admit(now);
            answer(&mut pace, REFUSED, now);
            assert_eq!(pace.admit(now), Admission::In(REFUSED_MS));
        }
    }

    #[test]
    fn calls_that_were_under_way_together_are_refused_once() {
        let mut pace = Pace {
            width: 8.0,
            ..Pace::START
        };
        assert_eq!(admitted(&mut pace, 0.0), 8);
        let tickets = [(); 8].map(|()| pace.ticket());
        for ticket in tickets {
            pace.answered(REFUSED, ticket, 0.0);
        }
        assert_eq!(pace.admit(0.0), Admission::In(REFUSED_MS));
        assert_eq!(admitted(&mut pace, REFUSED_MS), 4);
    }

    #[test]
    fn a_server_cannot_close_the_gate_for_ever() {
        let mut pace = Pace {
            under_way: 1,
            ..Pace::START
        };
        answer(&mut pace, told(0.0, 1e15), 0.0);
        assert_eq!(pace.admit(0.0), Admission::In(LONGEST_MS));
    }

    #[test]
    fn without_headers_twice_as_many_go_after_each_answer_up_to_a_width() {
        let mut pace = Pace::START;
        let mut width = 1;
        for _ in 0..10 {
            admitted(&mut pace, 0.0);
            assert_eq!(pace.under_way, width);
            answer(&mut pace, UNTOLD, 0.0);
            width = (width * 2).min(64);
        }
        assert_eq!(width, 64);
    }

    #[test]
    fn after_a_refusal_the_width_halves_and_then_grows_by_one_in_each_round_trip() {
        let mut pace = Pace {
            width: 16.0,
            ..Pace::START
        };
        assert_eq!(admitted(&mut pace, 0.0), 16);
        answer(&mut pace, REFUSED, 0.0);
        for _ in 0..15 {
            pace.lost();
        }
        let mut now = REFUSED_MS;
        for width in [8, 9, 10] {
            assert_eq!(admitted(&mut pace, now), width);
            for _ in 0..=width {
                answer(&mut pace, UNTOLD, now);
            }
            now += 1.0;
        }
    }

    #[test]
    fn no_more_are_under_way_than_connections_make_sense() {
        let mut pace = Pace::START;
        pace.admit(0.0);
        answer(&mut pace, told(10_000.0, 1_000.0), 0.0);
        assert_eq!(admitted(&mut pace, 0.0), 64);
        assert_eq!(pace.admit(0.0), Admission::AfterAnswer);
    }

    #[test]
    fn a_limit_that_cannot_be_read_is_felt_for() {
        let unreadable = Told {
            unreadable: true,
            ..UNTOLD
        };
        // How many are sent in ten seconds, by a page whose server is on another origin.
        let sent = |pace: &mut Pace, from_ms: f64, told: Told| {
            let mut sent = 0;
            for step in 0..1_000 {
                let now_ms = from_ms + f64::from(step) * 10.0;
                while pace.admit(now_ms) == Admission::Now {
                    sent += 1;
                    answer(pace, told, now_ms);
                }
            }
            sent
        };
        let mut pace = Pace::START;
        // Two a second at least, and more with each answer.
        let first = sent(&mut pace, 0.0, unreadable);
        assert!((22..50).contains(&first), "{first}");
        let second = sent(&mut pace, 1e4, unreadable);
        assert!((first + 20..150).contains(&second), "{second}");
        pace.admit(2e4);
        let before = pace.drip.unwrap().per_second;
        answer(
            &mut pace,
            Told {
                refused: true,
                ..unreadable
            },
            2e4,
        );
        assert_eq!(pace.admit(2e4), Admission::In(REFUSED_MS));
        assert_eq!(pace.drip.unwrap().per_second, before / 2.0);
        // Headers that can be read count again.
        pace.admit(1e5);
        answer(&mut pace, told(9.0, 2e5), 1e5);
        assert_eq!(admitted(&mut pace, 1e5), 9);
    }

    #[test]
    fn a_request_without_an_answer_makes_room() {
        let mut pace = Pace::START;
        admitted(&mut pace, 0.0);
        pace.lost();
        assert_eq!(admitted(&mut pace, 0.0), 1);
    }

    /// A server that takes `burst` requests, and two more in each second, and tells so.
    #[test]
    fn sixty_calls_on_a_bucket_of_ten_are_never_refused_and_take_little_more_than_they_must() {
        let (mut pace, mut tokens, mut filled_ms) = (Pace::START, 10.0_f64, 0.0_f64);
        let (mut sent, mut answers, mut now_ms) = (0, Vec::<(f64, Told)>::new(), 0.0_f64);
        while sent < 60 {
            while sent < 60 && pace.admit(now_ms) == Admission::Now {
                tokens = (tokens + (now_ms - filled_ms) * 2.0 / 1_000.0).min(10.0);
                filled_ms = now_ms;
                assert!(tokens >= 1.0, "refused at {now_ms} ms after {sent}");
                tokens -= 1.0;
                sent += 1;
                let reset_ms = (now_ms / 1_000.0).floor() * 1_000.0 + 1_000.0;
                answers.push((now_ms + 20.0, told(tokens.floor(), reset_ms)));
            }
            now_ms += 1.0;
            while answers.first().is_some_and(|(at, _)| *at <= now_ms) {
                let (_, told) = answers.remove(0);
                answer(&mut pace, told, now_ms);
            }
        }
        let ideal_ms = (60.0 - 10.0) / 2.0 * 1_000.0;
        assert!(now_ms <= ideal_ms * 1.15, "{now_ms} ms");
    }
}
