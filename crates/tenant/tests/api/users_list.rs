//! Listing, reading and deleting users.

use auth0_users_tenant::Config;
use serde_json::json;

use crate::client::{TestClient, encode};

/// Rows 1.13, 1.14 and 3.3.
#[test]
fn a_list_is_an_array_without_include_totals() {
    let mut client = TestClient::new(Config::default());
    for query in ["", "?include_totals=false"] {
        let answer = client.get(&format!("/users{query}"));
        assert_eq!(
            answer.body.as_array().unwrap().len(),
            50,
            "50 without paging parameters"
        );
    }
    let answer = client.get("/users?include_totals=true&page=2&per_page=30");
    let body = answer.body;
    assert_eq!(
        (
            &body["start"],
            &body["limit"],
            &body["length"],
            &body["total"]
        ),
        (&json!(60), &json!(30), &json!(30), &json!(300))
    );
    assert_eq!(body["users"].as_array().unwrap().len(), 30);
}

/// Row 1.10.
#[test]
fn a_page_beyond_the_end_is_empty() {
    let mut client = TestClient::new(Config::default());
    let answer = client.get("/users?page=9&per_page=100");
    assert_eq!((answer.status, answer.body), (200, json!([])));
}

/// Rows 3.1 and 3.4.
#[test]
fn paging_and_total_end_at_1000_matches() {
    let mut client = TestClient::new(Config {
        users: 1050,
        ..Config::default()
    });
    let answer = client.get("/users?page=9&per_page=100&include_totals=true");
    assert_eq!(answer.body["total"], 1000);
    assert_eq!(answer.body["length"], 100);
    let answer = client.get("/users?page=33&per_page=30");
    assert_eq!(
        answer.body.as_array().unwrap().len(),
        10,
        "a page across the cap is cut"
    );
    for query in ["page=10&per_page=100", "page=20", "page=1000&per_page=1"] {
        let answer = client.get(&format!("/users?{query}"));
        assert_eq!(
            (answer.status, answer.error().1),
            (400, "invalid_paging"),
            "{query}"
        );
    }
}

/// Rows 1.6 and 3.2.
#[test]
fn invalid_query_parameters_are_refused() {
    let mut client = TestClient::new(Config::default());
    assert_eq!(client.get("/users?per_page=0").body, json!([]));
    assert_eq!(client.get("/users?per_page=100").status, 200);
    for (query, rule) in [
        (
            "per_page=101",
            "'Value 101 is greater than maximum 100' on property per_page",
        ),
        (
            "page=-1",
            "'Value -1 is less than minimum 0' on property page",
        ),
        (
            "page=x",
            "'Expected type integer but found type string' on property page",
        ),
        (
            "include_totals=yes",
            "'Expected type boolean but found type string' on property include_totals",
        ),
        (
            "sort=name",
            "'String does not match pattern ^(([a-zA-Z0-9_\\.]+))\\:(1|-1)$: name' on property sort",
        ),
        (
            "search_engine=v9",
            "'No enum match for: v9' on property search_engine",
        ),
        (
            "nonsense=1",
            "'Additional properties not allowed: nonsense'",
        ),
        (
            "page=1&page=2",
            "'Expected type integer but found type array' on property page",
        ),
    ] {
        let answer = client.get(&format!("/users?{query}"));
        assert_eq!(
            answer.error(),
            (
                400,
                "invalid_query_string",
                format!("Query validation error: {rule}.").as_str()
            ),
        );
    }
}

/// Row 3.8.
#[test]
fn fields_selects_or_excludes_properties() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let answer = client.get(&format!("/users/{}?fields=email,user_id", encode(&id)));
    assert_eq!(
        answer.body,
        json!({ "email": "a@example.com", "user_id": id })
    );
    let answer = client.get(&format!(
        "/users/{}?fields=picture,email,user_id&include_fields=false",
        encode(&id)
    ));
    let names: Vec<_> = answer.body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        names,
        [
            "created_at",
            "email_verified",
            "identities",
            "name",
            "nickname",
            "updated_at"
        ]
    );
    let answer =
        client.get("/users-by-email?email=a%40example.com&fields=user_id&include_fields=true");
    assert_eq!(answer.body, json!([{ "user_id": id }]));
}

/// Row 3.7.
#[test]
fn sort_orders_by_fields_but_not_by_metadata() {
    let mut client = TestClient::new(Config::default());
    let mut created = |order: &str| -> Vec<String> {
        let answer = client.get(&format!("/users?per_page=100&sort=created_at:{order}"));
        let users = answer.body;
        let times = users
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["created_at"].as_str().unwrap().to_owned());
        times.collect()
    };
    assert!(created("1").is_sorted());
    assert!(created("-1").is_sorted_by(|one, other| one >= other));
    let answer = client.get("/users?per_page=100&sort=logins_count:-1");
    assert!(answer.body[0]["logins_count"].as_u64().unwrap() > 190);
    assert_eq!(client.get("/users?sort=user_metadata.theme:1").status, 400);
}

/// Row 3.7.
#[test]
fn lists_have_a_stable_order() {
    let mut client = TestClient::new(Config::default());
    let all = client.get("/users?per_page=100").body;
    assert_eq!(
        client.get("/users?per_page=100&primary_order=true").body,
        all
    );
    assert_eq!(client.get("/users?primary_order=1").status, 400);
}

/// Row 3.9.
#[test]
fn newer_search_engines_ignore_connection() {
    let mut client = TestClient::new(Config::default());
    let mut count = |query: &str| {
        let answer = client.get(&format!("/users?include_totals=true&connection=sms{query}"));
        answer.body["total"].as_u64().unwrap()
    };
    assert!((1..60).contains(&count("")));
    assert_eq!(count("&search_engine=v3"), 300);
    assert_eq!(client.get("/users?search_engine=v2").error().0, 400);
}

/// Row 3.11.
#[test]
fn lookup_by_email_is_exact_and_case_sensitive() {
    let mut client = TestClient::empty();
    let id = client.database_user("Mixed.Case@Example.com");
    assert_eq!(
        client
            .get("/users-by-email?email=Mixed.Case%40Example.com")
            .body,
        json!([])
    );
    let answer = client.get("/users-by-email?email=mixed.case%40example.com");
    assert_eq!(answer.body[0]["user_id"], id.as_str());
    assert_eq!(
        client.get("/users-by-email").error().2,
        "Query validation error: 'Missing required property: email'."
    );
}

/// Rows 3.12 and 5.15.
#[test]
fn an_unknown_user_is_404() {
    let mut client = TestClient::empty();
    assert_eq!(
        client.user("auth0|nobody").body,
        json!({
            "statusCode": 404,
            "error": "Not Found",
            "message": "The user does not exist.",
            "errorCode": "inexistent_user",
        })
    );
    assert_eq!(
        client
            .patch("auth0|nobody", json!({ "blocked": true }))
            .error()
            .1,
        "inexistent_user"
    );
}

/// Row 6.1.
#[test]
fn deleting_an_unknown_user_is_204() {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    for _ in 0..2 {
        let answer = client.delete(&path);
        assert_eq!((answer.status, answer.response.body().len()), (204, 0));
    }
    assert_eq!(client.user(&id).status, 404);
    assert_eq!(client.get("/users").body, json!([]));
    assert_eq!(
        client.get("/users-by-email?email=a%40example.com").body,
        json!([])
    );
    client.database_user("a@example.com");
}
