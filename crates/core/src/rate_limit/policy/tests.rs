use super::*;

const NO_HEADERS: RateLimitHeaders = RateLimitHeaders {
    limit: f64::NAN,
    remaining: f64::NAN,
    reset_ms: f64::NAN,
    is_refused: false,
    is_unreadable: false,
};
const REFUSED: RateLimitHeaders = RateLimitHeaders {
    is_refused: true,
    ..NO_HEADERS
};

fn headers(remaining: f64, reset_ms: f64) -> RateLimitHeaders {
    RateLimitHeaders {
        remaining,
        reset_ms,
        ..NO_HEADERS
    }
}

/// Responds to a request that was sent last.
fn respond(policy: &mut Policy, headers: RateLimitHeaders, now_ms: f64) {
    let sequence = policy.next_sequence();
    policy.on_response(headers, sequence, now_ms);
}

/// Sends requests until one is not admitted, and counts them.
fn admitted(policy: &mut Policy, now_ms: f64) -> u32 {
    (0..10_000)
        .take_while(|_| policy.admit(now_ms) == Admission::Now)
        .count() as u32
}

#[test]
fn first_response_says_how_many_requests_follow() {
    let mut policy = Policy::START;
    assert_eq!(admitted(&mut policy, 0.0), 1);
    assert_eq!(policy.admit(0.0), Admission::AfterResponse);
    respond(&mut policy, headers(9.0, 1_000.0), 10.0);
    assert_eq!(admitted(&mut policy, 10.0), 9);
    assert_eq!(policy.admit(10.0), Admission::AfterResponse);
}

#[test]
fn pauses_until_reset_when_nothing_remains() {
    let mut policy = Policy::START;
    admitted(&mut policy, 0.0);
    respond(&mut policy, headers(0.0, 2_000.0), 500.0);
    assert_eq!(policy.admit(500.0), Admission::In(1_500.0));
    assert_eq!(admitted(&mut policy, 2_000.0), 1);
    respond(&mut policy, headers(1.0, 3_000.0), 2_010.0);
    assert_eq!(admitted(&mut policy, 2_010.0), 1);
}

#[test]
fn overtaken_response_does_not_raise_remaining() {
    // The last response to arrive belongs to the first request.
    for late_ms in [0.0, 5_000.0] {
        let mut policy = Policy::START;
        policy.admit(0.0);
        respond(&mut policy, headers(4.0, 1_000.0), 0.0);
        assert_eq!(admitted(&mut policy, 0.0), 4);
        let [first, second, third, fourth] = [(); 4].map(|()| policy.next_sequence());
        for (sequence, remaining) in [(fourth, 0.0), (second, 2.0), (third, 1.0), (first, 3.0)] {
            policy.on_response(headers(remaining, 1_000.0), sequence, late_ms);
        }
        assert_eq!(admitted(&mut policy, late_ms.max(1_000.0)), 1);
    }
}

#[test]
fn later_reset_or_lone_response_raises_remaining() {
    let mut policy = Policy {
        in_flight: 3,
        ..Policy::START
    };
    respond(&mut policy, headers(7.0, 1_000.0), 0.0);
    assert_eq!(admitted(&mut policy, 0.0), 5);
    respond(&mut policy, headers(9.0, 1_000.0), 0.0);
    assert_eq!(admitted(&mut policy, 0.0), 0);
    respond(&mut policy, headers(8.0, 2_000.0), 1_000.0);
    assert_eq!(admitted(&mut policy, 1_000.0), 3);
    for _ in 0..7 {
        policy.release();
    }
    respond(&mut policy, headers(4.0, 2_000.0), 1_000.0);
    assert_eq!(admitted(&mut policy, 1_000.0), 4);
}

#[test]
fn requests_in_flight_count_against_remaining() {
    let mut policy = Policy {
        in_flight: 4,
        remaining: Some(0),
        reset_ms: 0.0,
        ..Policy::START
    };
    respond(&mut policy, headers(5.0, 1_000.0), 0.0);
    assert_eq!(admitted(&mut policy, 0.0), 2);
}

#[test]
fn request_without_response_blocks_none_after_reset() {
    for is_resumed in [false, true] {
        let mut policy = Policy::START;
        admitted(&mut policy, 0.0);
        respond(&mut policy, headers(2.0, 1_000.0), 0.0);
        assert_eq!(admitted(&mut policy, 0.0), 2);
        respond(&mut policy, headers(0.0, 2_000.0), 10.0);
        assert_eq!(policy.admit(1_999.0), Admission::In(1.0));
        let now_ms = if is_resumed {
            policy.resume();
            1_999.0
        } else {
            2_000.0
        };
        assert_eq!(admitted(&mut policy, now_ms), 1);
        respond(&mut policy, headers(5.0, 3_000.0), 2_010.0);
        assert_eq!(admitted(&mut policy, 2_010.0), 4);
    }
}

#[test]
fn clock_set_back_does_not_prolong_pause() {
    let mut policy = Policy::START;
    admitted(&mut policy, 1e9);
    respond(&mut policy, headers(0.0, 1e9 + 2_000.0), 1e9);
    assert_eq!(policy.admit(0.0), Admission::In(MAX_PAUSE_MS));
}

#[test]
fn refusal_pauses_all_requests_until_reset() {
    let mut policy = Policy {
        window: 8.0,
        in_flight: 8,
        ..Policy::START
    };
    let refused = RateLimitHeaders {
        reset_ms: 3_000.0,
        ..REFUSED
    };
    respond(&mut policy, refused, 0.0);
    assert_eq!(policy.admit(2_999.0), Admission::In(1.0));
    respond(&mut policy, NO_HEADERS, 100.0);
    assert_eq!(policy.admit(2_999.0), Admission::In(1.0));
}

#[test]
fn consecutive_refusals_lengthen_the_pause() {
    for (reset_ms, waits) in [
        (f64::NAN, [1e3, 2e3, 4e3, 8e3, 8e3]),
        (0.0, [0.0, 1e3, 2e3, 4e3, 4e3]),
        (1_500.0, [1.5e3, 1.5e3, 2e3, 4e3, 4e3]),
    ] {
        let mut policy = Policy::START;
        let mut now = 0.0;
        for wait in waits {
            assert_eq!(policy.admit(now), Admission::Now);
            let refused = RateLimitHeaders {
                reset_ms: now + reset_ms,
                ..REFUSED
            };
            respond(&mut policy, refused, now);
            now += wait;
            assert_eq!(policy.paused_until_ms, now);
        }
        policy.admit(now);
        respond(&mut policy, NO_HEADERS, now);
        policy.admit(now);
        respond(&mut policy, REFUSED, now);
        assert_eq!(policy.admit(now), Admission::In(FIRST_PAUSE_MS));
    }
}

#[test]
fn refusals_of_concurrent_requests_count_once() {
    let mut policy = Policy {
        window: 8.0,
        ..Policy::START
    };
    assert_eq!(admitted(&mut policy, 0.0), 8);
    let sequences = [(); 8].map(|()| policy.next_sequence());
    for sequence in sequences {
        policy.on_response(REFUSED, sequence, 0.0);
    }
    assert_eq!(policy.admit(0.0), Admission::In(FIRST_PAUSE_MS));
    assert_eq!(admitted(&mut policy, FIRST_PAUSE_MS), 4);
}

#[test]
fn server_cannot_pause_longer_than_a_minute() {
    let mut policy = Policy {
        in_flight: 1,
        ..Policy::START
    };
    respond(&mut policy, headers(0.0, 1e15), 0.0);
    assert_eq!(policy.admit(0.0), Admission::In(MAX_PAUSE_MS));
}

#[test]
fn window_doubles_per_round_trip_without_headers() {
    let mut policy = Policy::START;
    let mut window = 1;
    for _ in 0..10 {
        admitted(&mut policy, 0.0);
        assert_eq!(policy.in_flight, window);
        respond(&mut policy, NO_HEADERS, 0.0);
        window = (window * 2).min(64);
    }
    assert_eq!(window, 64);
}

#[test]
fn window_halves_on_refusal_then_grows_linearly() {
    let mut policy = Policy {
        window: 16.0,
        ..Policy::START
    };
    assert_eq!(admitted(&mut policy, 0.0), 16);
    respond(&mut policy, REFUSED, 0.0);
    for _ in 0..15 {
        policy.release();
    }
    let mut now = FIRST_PAUSE_MS;
    for window in [8, 9, 10] {
        assert_eq!(admitted(&mut policy, now), window);
        for _ in 0..=window {
            respond(&mut policy, NO_HEADERS, now);
        }
        now += 1.0;
    }
}

#[test]
fn at_most_64_requests_are_in_flight() {
    let mut policy = Policy::START;
    policy.admit(0.0);
    respond(&mut policy, headers(10_000.0, 1_000.0), 0.0);
    assert_eq!(admitted(&mut policy, 0.0), 64);
    assert_eq!(policy.admit(0.0), Admission::AfterResponse);
}

#[test]
fn token_bucket_adapts_where_headers_are_unreadable() {
    let unreadable = RateLimitHeaders {
        is_unreadable: true,
        ..NO_HEADERS
    };
    // Counts requests in ten seconds.
    let sent = |policy: &mut Policy, from_ms: f64, headers: RateLimitHeaders| {
        let mut sent = 0;
        for step in 0..1_000 {
            let now_ms = from_ms + f64::from(step) * 10.0;
            while policy.admit(now_ms) == Admission::Now {
                sent += 1;
                respond(policy, headers, now_ms);
            }
        }
        sent
    };
    let mut policy = Policy::START;
    // At least two per second, and more with each response.
    let first = sent(&mut policy, 0.0, unreadable);
    assert!((22..50).contains(&first), "{first}");
    let second = sent(&mut policy, 1e4, unreadable);
    assert!((first + 20..150).contains(&second), "{second}");
    policy.admit(2e4);
    let before = policy.bucket.unwrap().per_second();
    respond(
        &mut policy,
        RateLimitHeaders {
            is_refused: true,
            ..unreadable
        },
        2e4,
    );
    assert_eq!(policy.admit(2e4), Admission::In(FIRST_PAUSE_MS));
    assert_eq!(policy.bucket.unwrap().per_second(), before / 2.0);
    // Readable headers replace the bucket.
    policy.admit(1e5);
    respond(&mut policy, headers(9.0, 2e5), 1e5);
    assert_eq!(admitted(&mut policy, 1e5), 9);
}

#[test]
fn released_request_makes_room() {
    let mut policy = Policy::START;
    admitted(&mut policy, 0.0);
    policy.release();
    assert_eq!(admitted(&mut policy, 0.0), 1);
}

/// The server has a bucket of ten tokens that gains two per second.
#[test]
fn sixty_calls_on_small_bucket_are_not_refused() {
    let (mut policy, mut tokens, mut filled_ms) = (Policy::START, 10.0_f64, 0.0_f64);
    let (mut sent, mut answers, mut now_ms) = (0, Vec::<(f64, RateLimitHeaders)>::new(), 0.0_f64);
    while sent < 60 {
        while sent < 60 && policy.admit(now_ms) == Admission::Now {
            tokens = (tokens + (now_ms - filled_ms) * 2.0 / 1_000.0).min(10.0);
            filled_ms = now_ms;
            assert!(tokens >= 1.0, "refused at {now_ms} ms after {sent}");
            tokens -= 1.0;
            sent += 1;
            let reset_ms = (now_ms / 1_000.0).floor() * 1_000.0 + 1_000.0;
            answers.push((now_ms + 20.0, headers(tokens.floor(), reset_ms)));
        }
        now_ms += 1.0;
        while answers.first().is_some_and(|(at, _)| *at <= now_ms) {
            let (_, headers) = answers.remove(0);
            respond(&mut policy, headers, now_ms);
        }
    }
    let ideal_ms = (60.0 - 10.0) / 2.0 * 1_000.0;
    assert!(now_ms <= ideal_ms * 1.15, "{now_ms} ms");
}
