//! The rate limit.

use auth0_users_tenant::{Config, Rate};
use serde_json::json;

use crate::client::{NOW, TestClient};

/// Rows 2.1, 2.2, 2.3, 2.4 and 2.6.
#[test]
fn the_bucket_is_refilled_at_the_start_of_a_second() {
    let mut client = TestClient::new(Config {
        rate: Some(Rate {
            burst: 2,
            per_second: 1.0,
            retry_after: false,
        }),
        ..Config::default()
    });
    client.now = NOW + 900;
    let answer = client.get("/users");
    assert_eq!(answer.header("x-ratelimit-limit"), "2");
    assert_eq!(answer.header("x-ratelimit-remaining"), "1");
    assert_eq!(
        answer.header("x-ratelimit-reset"),
        (NOW / 1000 + 1).to_string()
    );
    assert_eq!(client.get("/users").status, 200);
    let answer = client.get("/users");
    assert_eq!(
        answer.body,
        json!({
            "statusCode": 429,
            "error": "Too Many Requests",
            "message": "Global limit has been reached",
            "errorCode": "too_many_requests",
        })
    );
    assert_eq!(answer.header("x-ratelimit-remaining"), "0");
    assert_eq!(answer.header("retry-after"), "");
    client.now = NOW + 1000;
    assert_eq!(client.get("/users").status, 200);
    assert_eq!(client.get("/users").status, 429);
    client.tenant.set_rate(Some(Rate {
        burst: 1,
        per_second: 0.5,
        retry_after: true,
    }));
    client.get("/users");
    assert_eq!(client.get("/users").header("retry-after"), "2");
}

/// Row 2.5.
#[test]
fn buckets_have_the_sizes_of_the_plans() {
    for (burst, per_second) in [(2, 2.0), (50, 16.0), (10, 2.0), (50, 50.0)] {
        let rate = Rate {
            burst,
            per_second,
            retry_after: false,
        };
        let mut client = TestClient::new(Config {
            users: 0,
            rate: Some(rate),
            ..Config::default()
        });
        let mut passed = |seconds: u64| {
            client.now += seconds * 1000;
            (0..100)
                .filter(|_| client.get("/users").status == 200)
                .count()
        };
        assert_eq!(passed(0), burst as usize);
        assert_eq!(passed(1), per_second as usize);
        assert_eq!(passed(60), burst as usize);
    }
}

/// Row 2.7.
#[test]
fn writes_can_have_an_additional_limit() {
    let rate = |burst| {
        Some(Rate {
            burst,
            per_second: 0.0,
            retry_after: false,
        })
    };
    let mut client = TestClient::new(Config {
        users: 0,
        rate: rate(5),
        write_rate: rate(1),
        ..Config::default()
    });
    assert_eq!(client.get("/users").header("x-ratelimit-limit"), "5");
    let first = client.delete("/users/auth0%7Cx");
    assert_eq!(
        (first.status, first.header("x-ratelimit-limit")),
        (204, "1")
    );
    let second = client.delete("/users/auth0%7Cx");
    assert_eq!(second.error().1, "too_many_requests");
    assert_eq!(second.header("x-ratelimit-remaining"), "0");
    assert_eq!(client.get("/users").status, 200);
}
