//! What the types of the wire keep, whatever they are given.

#![cfg(all(not(target_arch = "wasm32"), feature = "rust"))]

use auth0_users::types::{Field, Identity, Metadata, UpdateUser, User};
use proptest::collection::{hash_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

fn text() -> impl Strategy<Value = String> {
    any::<String>()
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner).prop_map(Value::from),
        ]
    })
}

fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Metadata> {
    hash_map(text(), values, 0..4).prop_map(|entries| entries.into_iter().collect())
}

/// An object that has some of the known fields, each of its kind or null, and others.
fn with_known(known: Vec<(&'static str, BoxedStrategy<Value>)>) -> impl Strategy<Value = Metadata> {
    let known: Vec<_> = known
        .into_iter()
        .map(|(name, values)| {
            let values = prop_oneof![4 => values, 1 => Just(Value::Null)];
            option::of(values).prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect();
    (object(json()), known).prop_map(|(mut object, known)| {
        object.extend(known.into_iter().flatten());
        object
    })
}

fn identity() -> impl Strategy<Value = Value> {
    with_known(vec![
        ("connection", text().prop_map(Value::from).boxed()),
        (
            "user_id",
            prop_oneof![
                text().prop_map(Value::from),
                any::<u32>().prop_map(Value::from)
            ]
            .boxed(),
        ),
        ("isSocial", any::<bool>().prop_map(Value::from).boxed()),
    ])
    .prop_map(Value::from)
}

fn user() -> impl Strategy<Value = Metadata> {
    let id = text().prop_filter("an id is not empty", |id| !id.is_empty());
    let known = with_known(vec![
        ("email", text().prop_map(Value::from).boxed()),
        (
            "email_verified",
            any::<bool>().prop_map(Value::from).boxed(),
        ),
        ("logins_count", any::<u64>().prop_map(Value::from).boxed()),
        (
            "multifactor",
            vec(text(), 0..3).prop_map(Value::from).boxed(),
        ),
        (
            "identities",
            vec(identity(), 0..3).prop_map(Value::from).boxed(),
        ),
        ("app_metadata", object(json()).prop_map(Value::from).boxed()),
    ]);
    (id, known).prop_map(|(id, mut user)| {
        user.insert("user_id".to_owned(), id.into());
        user
    })
}

/// Drops the known fields that are null, which stand for nothing.
fn without_nulls(object: &mut Metadata, known: &[&str]) {
    object.retain(|name, value| !(value.is_null() && known.contains(&name.as_str())));
}

const KNOWN_OF_USER: &[&str] = &[
    "email",
    "email_verified",
    "logins_count",
    "multifactor",
    "identities",
    "app_metadata",
];
const KNOWN_OF_IDENTITY: &[&str] = &["connection", "user_id", "isSocial"];

fn field() -> impl Strategy<Value = Field<String>> {
    prop_oneof![
        Just(Field::Absent),
        Just(Field::Null),
        text().prop_map(Field::Value)
    ]
}

fn sent(field: &Field<String>) -> Option<Value> {
    match field {
        Field::Absent => None,
        Field::Null => Some(Value::Null),
        Field::Value(text) => Some(json!(text)),
    }
}

proptest! {
    #[test]
    fn a_user_keeps_what_it_does_not_know(given in user()) {
        let read: User = serde_json::from_value(Value::from(given.clone())).unwrap();
        let written = serde_json::to_value(&read).unwrap();

        let mut expected = given;
        without_nulls(&mut expected, KNOWN_OF_USER);
        if let Some(Value::Array(identities)) = expected.get_mut("identities") {
            for identity in identities.iter_mut().filter_map(Value::as_object_mut) {
                without_nulls(identity, KNOWN_OF_IDENTITY);
            }
        }
        prop_assert_eq!(&written, &Value::from(expected));

        let again: User = serde_json::from_value(written).unwrap();
        prop_assert_eq!(again, read);
    }

    #[test]
    fn a_change_keeps_absent_null_and_value_apart(
        name in field(),
        nickname in field(),
        blocked in option::of(any::<bool>()),
        user_metadata in option::of(object(json())),
    ) {
        let changes = UpdateUser {
            name: name.clone(),
            nickname: nickname.clone(),
            blocked,
            user_metadata: user_metadata.clone(),
            ..UpdateUser::default()
        };
        let written = serde_json::to_value(&changes).unwrap();
        prop_assert_eq!(written.get("name").cloned(), sent(&name));
        prop_assert_eq!(written.get("nickname").cloned(), sent(&nickname));
        prop_assert_eq!(written.get("blocked").cloned(), blocked.map(Value::from));
        prop_assert_eq!(written.get("user_metadata").cloned(), user_metadata.map(Value::from));
        prop_assert_eq!(written.get("email"), None);
    }
}

#[test]
fn an_id_of_an_account_may_be_a_number() {
    let identity: Identity = serde_json::from_value(json!({ "user_id": 115_015 })).unwrap();
    assert_eq!(identity.user_id, 115_015);
    assert_eq!(identity.provider, None);
}
