//! Organizations, groups, connected accounts, and checkpoint pagination.

use auth0_users_tenant::{Config, RelatedCounts};
use serde_json::json;

use crate::client::{NOW, TestClient, all_pages, encode, with_user};

#[test]
fn related_resources_of_an_unknown_user_are_404() {
    let mut client = TestClient::empty();
    for path in [
        "roles",
        "permissions",
        "organizations",
        "groups",
        "sessions",
        "refresh-tokens",
        "enrollments",
        "authentication-methods",
        "connected-accounts",
        "effective-roles",
        "effective-permissions?resource_server_identifier=x",
    ] {
        let answer = client.get(&format!("/users/auth0%7Cnobody/{path}"));
        assert_eq!(answer.error().1, "inexistent_user", "{path}");
    }
    assert_eq!(client.get("/users/auth0%7Cnobody/logs").body, json!([]));
    assert_eq!(client.get("/user-blocks/auth0%7Cnobody").status, 404);
}

/// Row 12.1.
#[test]
fn checkpoint_pagination_returns_more_than_1000_organizations() {
    let (mut client, id, path) = with_user();
    let organizations = format!("{path}/organizations");
    assert_eq!(client.get(&organizations).body, json!([]));
    let counts = RelatedCounts {
        organizations: 1005,
        ..RelatedCounts::default()
    };
    assert!(client.tenant.attach(&id, counts, NOW));
    let answer = client.get(&format!("{organizations}?include_totals=true&per_page=2"));
    assert_eq!(answer.body["organizations"].as_array().unwrap().len(), 2);
    assert_eq!(
        client
            .get(&format!("{organizations}?page=10&per_page=100"))
            .error()
            .1,
        "invalid_paging"
    );
    assert_eq!(
        client.get(&format!("{organizations}?page=1001")).error().1,
        "invalid_query_string"
    );
    let (items, requests) = all_pages(&mut client, &organizations, "take=100", "organizations");
    assert_eq!((items.len(), requests), (1005, 11));
    let found = items[7]["id"].as_str().unwrap();
    assert_eq!(
        client.search(&format!("organization_id:{found}")).body[0]["user_id"],
        id.as_str()
    );
}

/// Row 1.12.
#[test]
fn a_full_last_page_can_lead_to_an_empty_one() {
    for (empty_last_page, parts) in [(false, vec![2, 2]), (true, vec![2, 2, 0])] {
        let mut client = TestClient::new(Config {
            users: 0,
            empty_last_page,
            ..Config::default()
        });
        let id = client.database_user("a@example.com");
        let organizations = RelatedCounts {
            organizations: 4,
            ..RelatedCounts::default()
        };
        assert!(client.tenant.attach(&id, organizations, NOW));
        let path = format!("/users/{}/organizations?take=2", encode(&id));
        let (mut lengths, mut from) = (Vec::new(), String::new());
        loop {
            let body = client.get(&format!("{path}{from}")).body;
            lengths.push(body["organizations"].as_array().unwrap().len());
            match body["next"].as_str() {
                Some(next) if lengths.len() < 9 => from = format!("&from={next}"),
                _ => break,
            }
        }
        assert_eq!(lengths, parts);
    }
}

/// Row 1.11.
#[test]
fn a_cursor_is_valid_for_a_day() {
    let (mut client, id, path) = with_user();
    let counts = RelatedCounts {
        groups: 5,
        ..RelatedCounts::default()
    };
    client.tenant.attach(&id, counts, NOW);
    let answer = client.get(&format!("{path}/groups?take=2&include_totals=true"));
    assert_eq!(answer.body["total"], 5);
    assert!(answer.body["groups"][0]["membership_created_at"].is_string());
    let next = answer.body["next"].as_str().unwrap().to_owned();
    client.now += 86_400_000;
    assert_eq!(
        client
            .get(&format!("{path}/groups?take=3&from={next}"))
            .status,
        200
    );
    client.now += 1;
    assert_eq!(
        client
            .get(&format!("{path}/groups?take=3&from={next}"))
            .status,
        400
    );
    assert_eq!(client.get(&format!("{path}/groups?from=zz")).status, 400);
    assert!(
        client
            .get(&format!("{path}/groups?take=5"))
            .body
            .get("next")
            .is_none()
    );
    assert_eq!(
        client
            .get(&format!("{path}/groups"))
            .body
            .as_array()
            .unwrap()
            .len(),
        5
    );
    let answer = client.get(&format!("{path}/groups?fields=id"));
    assert_eq!(answer.body[0].as_object().unwrap().len(), 1);
}

/// Row 12.4.
#[test]
fn groups_have_the_time_of_joining() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    client.tenant.attach(
        &id,
        RelatedCounts {
            groups: 3,
            ..RelatedCounts::default()
        },
        NOW,
    );
    let path = format!("/users/{}/groups", encode(&id));
    let groups = client.get(&path).body;
    assert_eq!(groups.as_array().unwrap().len(), 3);
    assert_eq!(
        groups[0]["membership_created_at"],
        "2026-01-01T00:00:00.000Z"
    );
    let part = client.get(&format!("{path}?take=2")).body;
    assert_eq!(part["groups"].as_array().unwrap().len(), 2);
    assert!(part["next"].is_string());
}

/// Row 12.3.
#[test]
fn connected_accounts_have_pages_of_10() {
    let (mut client, id, path) = with_user();
    let counts = RelatedCounts {
        connected_accounts: 12,
        ..RelatedCounts::default()
    };
    client.tenant.attach(&id, counts, NOW);
    let accounts = format!("{path}/connected-accounts");
    let (items, requests) = all_pages(&mut client, &accounts, "", "connected_accounts");
    assert_eq!((items.len(), requests), (12, 2));
    assert!(items[0]["id"].as_str().unwrap().starts_with("cac_"));
    assert_eq!(items[0]["access_type"], "offline");
    let (_, requests) = all_pages(&mut client, &accounts, "take=50", "connected_accounts");
    assert_eq!(requests, 1);
}
