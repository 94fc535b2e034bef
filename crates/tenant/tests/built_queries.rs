//! Queries that the client builds find exactly whom they mean, whatever the values are.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use auth0_users::search::{Query, and, contains, eq, exists, not, or, prefix, template};
use common::{DATABASE, Talk};
use proptest::prelude::*;
use serde_json::json;

/// Pieces that mean something in the syntax, so that random values are not harmless.
const PIECES: &[&str] = &[
    "\"", "\\", "*", "?", "'", " ", "\n", "AND", "OR", "NOT", "TO", ":", "(", ")", "[", "]", "{",
    "}", "^2", "~1", "é", "日本", "😀", "e\u{301}", "\u{202e}", "\u{fdd0}", "a", "B", "-", "+",
    "!", "/", "||", "&&", "<5", "%2C", ",", "name:x",
];

fn value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// The values of the users that the query finds, in order.
fn found(talk: &mut Talk, query: &Query) -> Vec<String> {
    let answer = talk.search(query.as_str());
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    let users = answer.body.as_array().unwrap().iter();
    let mut values: Vec<String> = users
        .map(|user| user["app_metadata"]["value"].as_str().unwrap().to_owned())
        .collect();
    values.sort();
    values
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_value_is_a_query_matches_exactly_the_users_who_have_it(
        values in prop::collection::btree_set(value(), 2..12)
    ) {
        let mut talk = Talk::empty();
        for (number, value) in values.iter().enumerate() {
            talk.create(json!({
                "connection": DATABASE, "email": format!("u{number}@example.com"), "password": "Secret-123",
                "app_metadata": { "value": value }, "user_metadata": { "value": value },
            }));
        }
        talk.now += 86_400_000;
        for value in &values {
            let only = vec![value.clone()];
            for field in ["app_metadata.value", "user_metadata.value"] {
                let query = eq(field, value).unwrap();
                prop_assert_eq!(&found(&mut talk, &query), &only);
                let either = or([query, eq("name", "nobody").unwrap()]).unwrap();
                let parts = [either.into(), not(eq(field, "none").unwrap()).into()];
                prop_assert_eq!(&found(&mut talk, &template("{} AND {}", parts).unwrap()), &only);
                let others: Vec<_> = values.iter().filter(|other| *other != value).cloned().collect();
                let all_others = and([exists(field).unwrap(), not(eq(field, value).unwrap())]).unwrap();
                prop_assert_eq!(&found(&mut talk, &all_others), &others);
            }
            let first = template("app_metadata.value:{}", [vec![value, "none"].into()]).unwrap();
            prop_assert_eq!(&found(&mut talk, &first), &only);
            if let Ok(query) = prefix("app_metadata.value", value) {
                let begin: Vec<_> = values.iter().filter(|other| other.starts_with(value)).cloned().collect();
                prop_assert_eq!(&found(&mut talk, &query), &begin);
            }
            if let Ok(query) = contains("app_metadata.value", value) {
                let have: Vec<_> = values.iter().filter(|other| other.contains(value)).cloned().collect();
                prop_assert_eq!(&found(&mut talk, &query), &have);
            }
        }
    }
}
