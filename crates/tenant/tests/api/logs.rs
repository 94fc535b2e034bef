//! The log of a user.

use auth0_users_tenant::RelatedCounts;
use serde_json::json;

use crate::client::{NOW, with_user};

/// Row 12.2.
#[test]
fn logs_are_newest_first_and_end_at_1000() {
    let (mut client, id, path) = with_user();
    for hour in 0..3 {
        let counts = RelatedCounts {
            logs: 400,
            ..RelatedCounts::default()
        };
        client.tenant.attach(&id, counts, NOW + hour * 3_600_000);
    }
    let logs = format!("{path}/logs");
    let answer = client.get(&format!("{logs}?include_totals=true&per_page=2"));
    assert_eq!(answer.body["logs"][0]["date"], "2026-01-01T02:00:00.000Z");
    assert_eq!(
        (
            &answer.body["length"],
            &answer.body["total"],
            &answer.body["limit"]
        ),
        (&json!(2), &json!(1000), &json!(2))
    );
    let answer = client.get(&format!("{logs}?sort=date:1&per_page=1"));
    assert!(answer.body[0]["date"].as_str().unwrap() < "2026-01-01T02");
    assert_eq!(
        client
            .get(&format!("{logs}?page=10&per_page=100"))
            .error()
            .1,
        "invalid_paging"
    );
    assert_eq!(client.get(&format!("{logs}?per_page=101")).status, 400);
}
