//! Searching with `q`.

use auth0_users_tenant::Config;
use serde_json::json;

use crate::client::{DATABASE, TestClient, encode};

/// Creates three users that the queries distinguish.
fn three_users() -> TestClient {
    let mut client = TestClient::empty();
    for (bare, email, name, user, app) in [
        (
            "one",
            "jane@example.com",
            "Jane Smith",
            json!({ "theme": "Dark", "addresses": [{ "city": "Paris" }, { "city": "Oslo" }], "none": null, "list": [] }),
            json!({ "plan": { "name": "gold" }, "seats": 5, "beta": true }),
        ),
        (
            "two",
            "bob+tag@example.org",
            "Bob Jones",
            json!({ "theme": "dark", "note": "wanderer" }),
            json!({ "plan": { "name": "silver" }, "seats": 12, "beta": false }),
        ),
        (
            "three",
            "zoe-x@mail.example.com",
            "Zoe Smithson",
            json!({}),
            json!({ "tag": "a:b" }),
        ),
    ] {
        client.create(json!({
            "connection": DATABASE, "email": email, "name": name, "password": "Secret-123", "user_id": bare,
            "user_metadata": user, "app_metadata": app,
        }));
        client.now += 86_400_000;
    }
    client.patch("auth0|two", json!({ "blocked": true }));
    client
}

/// Row 3.10.
#[test]
fn queries_match_the_expected_users() {
    let mut client = three_users();
    for (q, expected) in [
        ("", "one two three"),
        ("*", "one two three"),
        // fields and phrases
        ("user_id:\"auth0|one\"", "one"),
        ("user_id:auth0|one", "one"),
        ("user_id:(\"auth0|one\" OR \"auth0|two\")", "one two"),
        ("email:jane@example.com", "one"),
        ("email:bob+tag@example.org", "two"),
        ("email:zoe-x@mail.example.com", "three"),
        ("name:\"jane smith\"", "one"),
        ("name:jane", ""),
        ("email.domain:\"example.com\"", "one"),
        ("email.domain:mail.example.com", "three"),
        (
            "identities.connection:\"Username-Password-Authentication\"",
            "one two three",
        ),
        ("identities.connection:sms", ""),
        ("identities.provider:auth0", "one two three"),
        ("blocked:true", "two"),
        ("email_verified:false", "one two three"),
        ("nonsense:x", ""),
        // case
        ("email:JANE@EXAMPLE.COM", "one"),
        ("name:\"BOB JONES\"", "two"),
        ("nickname:JANE", "one"),
        ("user_id:\"AUTH0|one\"", ""),
        ("user_metadata.theme:dark", "two"),
        ("user_metadata.theme:Dark", "one"),
        // operators
        ("name:\"jane smith\" OR name:\"bob jones\"", "one two"),
        ("name:\"jane smith\" name:\"bob jones\"", "one two"),
        ("email.domain:example.com AND name:\"bob jones\"", ""),
        ("NOT blocked:true", "one three"),
        ("-blocked:true", "one three"),
        ("email.domain:example.com AND NOT blocked:true", "one"),
        ("(name:jane* OR name:bob*) AND app_metadata.seats:12", "two"),
        ("NOT name:jane* OR name:jane*", "one two three"),
        // exists
        ("_exists_:email", "one two three"),
        ("_exists_:blocked", "two"),
        ("NOT _exists_:blocked", "one three"),
        ("_exists_:user_metadata.note", "two"),
        ("_exists_:user_metadata.none", ""),
        ("_exists_:user_metadata.list", ""),
        ("_exists_:user_metadata", "one two"),
        ("_exists_:app_metadata.plan", "one two"),
        // metadata, through objects and arrays
        ("app_metadata.plan.name:\"gold\"", "one"),
        ("user_metadata.addresses.city:\"Paris\"", "one"),
        ("user_metadata.addresses.city:Oslo", "one"),
        ("app_metadata.seats:5", "one"),
        ("app_metadata.beta:true", "one"),
        ("app_metadata.tag:\"a:b\"", "three"),
        // ranges
        ("created_at:[2026-01-01 TO 2026-01-02]", "one two"),
        ("created_at:{2026-01-01 TO 2026-01-03}", "two"),
        ("created_at:[\"2026-01-01\" TO \"2026-01-02\"]", "one two"),
        (
            "created_at:{\"2026-01-01T00:00:00.000Z\" TO *]",
            "two three",
        ),
        (
            "created_at:[2026-01-01 TO \"2026-01-02\"} AND name:\"Jane Smith\"",
            "one",
        ),
        ("created_at:[2026-01-02 TO *]", "two three"),
        (
            "created_at:[2026-01-01T00:00:00.000Z TO 2026-01-01T00:00:00.000Z]",
            "one",
        ),
        ("created_at:2026-01-02", "two"),
        ("app_metadata.seats:[5 TO 12]", "one two"),
        ("app_metadata.seats:[5 TO 12}", "one"),
        ("app_metadata.seats:{5 TO *]", "two"),
        ("app_metadata.seats:>5", "two"),
        ("name:[a TO c]", "two"),
        ("name:[\"bob jones\" TO \"jane smith\"]", "one two"),
        ("name:{\"bob jones\" TO \"jane smith\"]", "one"),
        ("name:[\"\" TO \"bz\"]", "two"),
        ("app_metadata.tag:[\"a:]\\\"\" TO \"a:b}\"]", "three"),
        ("app_metadata.tag:[\"a:\\b\" TO \"a:b}\"]", "three"),
        ("app_metadata.tag:[\"*\" TO \"TO\"]", ""),
        // wildcards
        ("name:j*", "one"),
        ("name:*son", "three"),
        ("name:*smith*", "one three"),
        ("name:j*th", "one"),
        ("name:*", "one two three"),
        ("email:*@example.com", "one"),
        ("name:\"jane*\"", ""),
        ("name:jane\\*", ""),
        ("app_metadata.plan.name:go*", "one"),
        // bare terms
        ("jane", "one"),
        ("SMITH", "one"),
        ("\"bob jones\"", "two"),
        ("smith*", "one three"),
        ("gold", "one"),
        ("wanderer", ""),
    ] {
        let answer = client.search(q);
        assert_eq!(answer.status, 200, "{q}: {}", answer.body);
        let found: Vec<_> = answer
            .body
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["identities"][0]["user_id"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), expected, "{q}");
    }
}

/// Row 3.10.
#[test]
fn escapes_are_resolved_once() {
    let mut client = TestClient::empty();
    for (bare, text) in [
        ("one", r"a\*b"),
        ("two", r"a*b"),
        ("four", r"c\d"),
        ("five", r"c*d"),
        ("six", r"c\xyd"),
        ("three", "a\u{fdd0}b"),
    ] {
        client.create(json!({
            "connection": DATABASE, "email": format!("{bare}@example.com"), "password": "Secret-123", "user_id": bare,
            "app_metadata": { "text": text, r"k\y*": bare },
        }));
    }
    for (q, expected) in [
        (r"app_metadata.text:a\\\*b", "auth0|one"),
        (r"app_metadata.text:a\\\**", "auth0|one"),
        (r"app_metadata.text:a\*b", "auth0|two"),
        (r"app_metadata.text:c\\d", "auth0|four"),
        (r"app_metadata.text:c\\x*", "auth0|six"),
        (r"app_metadata.text:c\\*yd", "auth0|six"),
        (r"app_metadata.text:c\*d", "auth0|five"),
        ("app_metadata.text:a\u{fdd0}b", "auth0|three"),
        (r#"app_metadata.text:"a\\\*b""#, "auth0|one"),
        (r"app_metadata.k\\y\*:two", "auth0|two"),
    ] {
        let answer = client.search(q);
        assert_eq!(answer.body[0]["user_id"], expected, "{q}");
        assert_eq!(answer.body[1]["user_id"], json!(null), "{q}");
    }
}

/// Row 3.10.
#[test]
fn unsupported_queries_are_refused() {
    let mut client = three_users();
    for q in [
        "name:",
        "(name:a",
        "name:\"a",
        "AND",
        "name:a AND",
        "a:b:c",
        "name:/a/",
        "name: IN [a b]",
        "name:*on",
        "*on",
        "user_metadata.note:wander*",
        "user_metadata.seats:[1 TO 2]",
        "user_metadata.seats:[\"1\" TO \"2\"]",
        "created_at:[\"2026-01-01 TO 2026-01-02]",
        "created_at:[\"2026-01-01\" \"2026-01-02\"]",
        "created_at:[\"2026-01-01\" TO \"2026-01-02\"",
        "user_metadata.note:*",
        "((((((((((((((((((a))))))))))))))))))",
        "NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT a",
    ] {
        let answer = client.search(q);
        assert_eq!(
            (answer.status, answer.error().1),
            (400, "invalid_query_string"),
            "{q}"
        );
    }
}

#[test]
fn blocks_of_brute_force_protection_are_not_searched() {
    let mut client = three_users();
    client.patch("auth0|two", json!({ "blocked": false }));
    assert_eq!(client.search("blocked:true").body, json!([]));
}

/// Row 3.6.
#[test]
fn a_query_string_that_is_too_long_is_414() {
    let mut client = three_users();
    assert_eq!(client.search(&"a".repeat(9000)).status, 414);
}

/// Row 3.5.
#[test]
fn searches_see_a_change_later_than_other_reads() {
    let mut client = TestClient::new(Config {
        users: 0,
        search_lag_ms: 500,
        ..Config::default()
    });
    let found = |client: &mut TestClient, q: &str| client.search(q).body.as_array().unwrap().len();
    let id = client.database_user("a@example.com");
    assert_eq!(found(&mut client, "email:a@example.com"), 0);
    assert_eq!(client.user(&id).status, 200);
    let by_email = client.get("/users-by-email?email=a%40example.com");
    assert_eq!(by_email.body.as_array().unwrap().len(), 1);
    client.now += 499;
    assert_eq!(found(&mut client, ""), 0);
    client.now += 1;
    assert_eq!(found(&mut client, ""), 1);

    client.patch(&id, json!({ "name": "New" }));
    assert_eq!(found(&mut client, "name:New"), 0);
    assert_eq!(found(&mut client, "name:a@example.com"), 1);
    assert_eq!(client.user(&id).body["name"], "New");
    client.now += 500;
    assert_eq!(found(&mut client, "name:New"), 1);

    client.delete(&format!("/users/{}", encode(&id)));
    assert_eq!(found(&mut client, "name:New"), 1);
    assert_eq!(client.user(&id).status, 404);
    client.now += 500;
    assert_eq!(found(&mut client, ""), 0);
}
