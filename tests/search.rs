//! Queries, by the cases that the npm package is held to as well.

#![cfg(all(not(target_arch = "wasm32"), feature = "rust"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails has to say where"
)]

use std::ops::Bound;
use std::time::{Duration, UNIX_EPOCH};

use auth0_users::Error;
use auth0_users::search::{
    Query, QueryError, QueryPart, QueryValue, and, contains, eq, exists, not, or, prefix, range,
    template,
};
use auth0_users::types::ListUsers;
use proptest::prelude::*;
use serde_json::Value;

/// A query out of the table: a function and what it is given, in which queries are such lists again.
/// Nothing where the types have no way to ask for it.
fn build(tree: &Value) -> Option<Result<Query, QueryError>> {
    let [name, given @ ..] = tree.as_array().unwrap().as_slice() else {
        panic!("{tree} names no function");
    };
    let queries = || given.iter().map(|tree| build(tree).unwrap().unwrap());
    let text = |place: usize| given[place].as_str().unwrap();
    Some(match name.as_str().unwrap() {
        "eq" => eq(text(0), text(1)),
        "prefix" => prefix(text(0), text(1)),
        "contains" => contains(text(0), text(1)),
        "range" => {
            let limit = |name: &str| given[1].get(name).map(|value| value.as_str().unwrap());
            let bound = |strict, open| match (limit(strict), limit(open)) {
                (Some(_), Some(_)) => None,
                (Some(value), None) => Some(Bound::Excluded(value)),
                (None, Some(value)) => Some(Bound::Included(value)),
                (None, None) => Some(Bound::Unbounded),
            };
            range::<&str>(text(0), (bound("gt", "gte")?, bound("lt", "lte")?))
        }
        "exists" => exists(text(0)),
        "and" => and(queries()),
        "or" => or(queries()),
        "not" => Ok(not(build(&given[0])?.unwrap())),
        "parse" => text(0).parse(),
        other => panic!("{other} is no function"),
    })
}

#[test]
fn queries_are_those_of_the_table() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("admin/search.cases.json")).unwrap();
    let mut without_a_way = 0;
    for case in &cases {
        match build(&case["build"]) {
            None => without_a_way += 1,
            Some(Ok(query)) => assert_eq!(query.as_str(), case["query"], "{case}"),
            Some(Err(error)) => {
                let reason = case["refused"].as_str().unwrap_or("a query, not this");
                assert!(error.to_string().contains(reason), "{error}: {case}");
            }
        }
    }
    // Two limits on one side.
    assert_eq!(without_a_way, 2);
}

#[test]
fn values_are_what_they_are() -> Result<(), QueryError> {
    let time = UNIX_EPOCH + Duration::from_millis(1_735_689_599_007);
    for (query, expected) in [
        (eq("a", String::from("b"))?, "a:\"b\""),
        (eq("a", 'b')?, "a:\"b\""),
        (eq("a", true)?, "a:\"true\""),
        (eq("a", -5)?, "a:\"-5\""),
        (eq("a", u64::MAX)?, "a:\"18446744073709551615\""),
        (eq("a", -0.0)?, "a:\"0\""),
        (eq("a", 0.5)?, "a:\"0.5\""),
        (eq("a", time)?, "a:\"2024-12-31T23:59:59.007Z\""),
        (range("a", 5..)?, "a:[5 TO *]"),
        (range("a", ..5.5)?, "a:[* TO 5.5}"),
        (range("a", "2024"..="2025")?, "a:[2024 TO 2025]"),
        (
            range("a", QueryValue::from("2024")..time.into())?,
            "a:[2024 TO 2024-12-31T23:59:59.007Z}",
        ),
    ] {
        assert_eq!(query.as_str(), expected);
    }
    let value = QueryError::Value("value".to_owned());
    assert_eq!(eq("a", f64::NAN), Err(value.clone()));
    let far = UNIX_EPOCH + Duration::from_secs(1 << 40);
    assert_eq!(eq("a", far), Err(value));
    assert_eq!(
        range("a", f64::INFINITY..),
        Err(QueryError::Value("gte".to_owned()))
    );
    assert_eq!(range::<i32>("a", ..), Err(QueryError::NoLimits));
    Ok(())
}

#[test]
fn a_template_quotes_its_values_lists_them_and_puts_queries_into_brackets() -> Result<(), QueryError>
{
    let inner = template("name:{} OR name:{}", ["Ada".into(), "B\"ob".into()])?;
    let query = template(
        "app_metadata.plan:{} AND {}",
        [vec!["a", "5"].into(), inner.into()],
    )?;
    assert_eq!(
        query.as_str(),
        r#"app_metadata.plan:("a" OR "5") AND (name:"Ada" OR name:"B\"ob")"#
    );
    let query = template(
        "{} AND b:{} AND c:{5 TO 9}",
        [eq("a", true)?.into(), 7.into()],
    )?;
    assert_eq!(query.as_str(), r#"a:"true" AND b:"7" AND c:{5 TO 9}"#);
    Ok(())
}

#[test]
fn a_template_refuses_values_that_are_no_whole_term_and_parts_that_do_not_match() {
    let value = || QueryPart::from("x");
    for (text, given, error) in [
        ("name:\"{}\"", value(), QueryError::Unbalanced(1)),
        ("name:' {} '", value(), QueryError::Unbalanced(1)),
        ("age:[{} TO *]", value(), QueryError::Unbalanced(1)),
        ("name:\\{}", value(), QueryError::Unbalanced(1)),
        ("name:{} ]", value(), QueryError::Unbalanced(2)),
        ("name:{}*", value(), QueryError::NoTerm(1)),
        ("name:a{}", value(), QueryError::NoTerm(1)),
        ("(name:{}", value(), QueryError::NotClosed),
        (
            "name: ( {} )",
            eq("a", "b").unwrap().into(),
            QueryError::QueryAsValue(1),
        ),
        (
            "name:{}",
            Vec::<&str>::new().into(),
            QueryError::EmptyList(1),
        ),
        (
            "name:{}",
            f64::NAN.into(),
            QueryError::Value("value 1".to_owned()),
        ),
        (
            "user_metadata.a:dark* AND name:{}",
            value(),
            QueryError::UserMetadataWildcard("user_metadata.a".to_owned()),
        ),
        (
            "name:x",
            value(),
            QueryError::Places {
                places: 0,
                given: 1,
            },
        ),
    ] {
        assert_eq!(template(text, [given]), Err(error), "{text}");
    }
}

#[test]
fn a_list_of_users_takes_a_query_and_a_call_its_error() -> Result<(), Error> {
    let params = ListUsers {
        q: eq("name", "Ada")?.into(),
        ..ListUsers::default()
    };
    assert_eq!(params.q.as_deref(), Some("name:\"Ada\""));
    let Err(Error::Invalid(text)) = eq("a b", 1).map_err(Error::from) else {
        panic!("no field has a space in it");
    };
    assert!(text.starts_with("field must be a name"));
    Ok(())
}

#[test]
fn a_url_without_a_query_that_can_be_read_is_refused() {
    for (url, error) in [
        ("https://example.com/users", QueryError::NoParameter),
        ("?page=1#?q=a", QueryError::NoParameter),
        ("?q=%zz", QueryError::Encoding),
        ("?q=%ff", QueryError::Encoding),
        ("?q=(a", QueryError::NotClosed),
    ] {
        assert_eq!(Query::from_url(url), Err(error), "{url}");
    }
    let query = Query::from_url("/users?page=1&q=a:{1+TO%205}&q=b#c").unwrap();
    assert_eq!(query.as_str(), "a:{1 TO 5}");
}

proptest! {
    #[test]
    fn a_query_goes_through_a_url_unchanged(value: String, start in ".{3,}") {
        let query = and([
            eq("name", &value).unwrap(),
            not(prefix("email", &start).unwrap()),
            template("a:{} OR b:c", [value.into()]).unwrap(),
        ])
        .unwrap();
        let url = format!("https://example.com/users?page=2&{}#top", query.to_parameter());
        prop_assert_eq!(Query::from_url(&url), Ok(query));
    }

    #[test]
    fn no_text_makes_it_panic(text: String, pieces in prop::collection::vec("[\"\\\\()\\[\\]{}:'*? <a]", 0..12)) {
        let _ = text.parse::<Query>();
        let _ = pieces.concat().parse::<Query>();
        let _ = Query::from_url(&text);
    }
}
