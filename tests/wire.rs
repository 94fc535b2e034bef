//! The types of requests and responses with arbitrary values.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails has to say where"
)]

use auth0_users::types::{
    AuthenticationMethod, EffectiveRole, Enrollment, Field, Group, Identity, Job, JobErrors, Log,
    Metadata, Organization, Role, Session, UpdateUser, User, UserPermission,
};
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
    fn users_keep_unknown_fields(given in user()) {
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
    fn users_keep_values_of_any_type(given in with_known(
        ["user_id", "email", "email_verified", "logins_count", "identities", "app_metadata", "blocked"]
            .map(|name| (name, json().boxed()))
            .into(),
    )) {
        let read: User = serde_json::from_value(Value::from(given.clone())).unwrap();
        let written = serde_json::to_value(&read).unwrap();
        for (name, value) in &given {
            let is_left_out = value.is_null() || (name == "user_id" && value == "");
            let is_kept = written.get(name) == Some(value) || is_left_out || name == "identities";
            prop_assert!(is_kept, "{}: {} in {}", name, value, written);
        }
    }

    #[test]
    fn absent_null_and_value_are_distinct(
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
fn unexpected_type_only_affects_its_field() {
    let page = json!([
        { "user_id": "auth0|1", "email_verified": "true", "email": "a@x", "logins_count": "3" },
        { "user_id": 7, "email": null, "blocked": true, "created_at": { "$date": 5 } },
        { "user_id": null, "multifactor": ["a", 1], "app_metadata": "text", "new": [1] },
        { "user_id": "auth0|2", "identities": [
            { "user_id": 583_231, "expires_in": "86400", "isSocial": "no", "provider": "github" },
            { "user_id": "x", "profileData": { "email_verified": 1, "name": "Ana" } },
        ] },
        { "user_id": "auth0|3", "identities": [null, { "user_id": "x" }] },
        { "user_id": "auth0|4", "logins_count": -1 },
        { "user_id": "auth0|5", "logins_count": 1.5 },
    ]);
    let users: Vec<User> = serde_json::from_value(page).unwrap();
    let [first, second, third, fourth, fifth, sixth, seventh] = users.as_slice() else {
        panic!("a page of seven");
    };
    assert_eq!(first.email.as_deref(), Some("a@x"));
    assert_eq!((first.email_verified, first.logins_count), (None, None));
    assert_eq!(first.extra["email_verified"], "true");
    assert_eq!(first.extra["logins_count"], "3");

    assert_eq!((second.user_id.as_str(), second.blocked), ("", Some(true)));
    assert_eq!(second.extra["user_id"], 7);
    assert_eq!(second.extra["created_at"], json!({ "$date": 5 }));
    assert!(!second.extra.contains_key("email"));

    assert_eq!(third.extra["user_id"], Value::Null);
    assert_eq!(third.extra["multifactor"], json!(["a", 1]));
    assert_eq!(third.extra["app_metadata"], "text");
    assert_eq!(third.extra["new"], json!([1]));

    let identities = fourth.identities.as_deref().unwrap();
    assert_eq!(identities[0].provider.as_deref(), Some("github"));
    assert_eq!(identities[0].user_id, 583_231);
    assert_eq!(identities[0].extra["expires_in"], "86400");
    assert_eq!(identities[0].extra["isSocial"], "no");
    let profile = identities[1].profile_data.as_ref().unwrap();
    assert_eq!(profile.name.as_deref(), Some("Ana"));
    assert_eq!(profile.extra["email_verified"], 1);

    assert_eq!(fifth.identities, None);
    assert_eq!(fifth.extra["identities"], json!([null, { "user_id": "x" }]));
    assert_eq!(sixth.extra["logins_count"], -1);
    assert_eq!(seventh.extra["logins_count"], 1.5);
}

#[test]
fn renamed_field_of_unexpected_type_keeps_its_name() {
    let log: Log = serde_json::from_value(json!({
        "log_id": "1", "type": 5, "isMobile": "yes", "user_id": 42, "scope": ["a"], "ip": "::1",
    }))
    .unwrap();
    assert_eq!((log.kind, log.is_mobile, log.user_id), (None, None, None));
    assert_eq!(log.ip.as_deref(), Some("::1"));
    assert_eq!(
        Value::from(log.extra),
        json!({ "type": 5, "isMobile": "yes", "user_id": 42, "scope": ["a"] })
    );
}

/// Reads a type of answers from an object each of whose fields has a type that it cannot have.
fn read_odd<T: serde::de::DeserializeOwned + serde::Serialize>(names: &[&str]) {
    for odd in [json!(null), json!(-0.5), json!([[]]), json!({ "": {} })] {
        let given: Metadata = names
            .iter()
            .map(|name| ((*name).to_owned(), odd.clone()))
            .collect();
        let read: T = serde_json::from_value(given.into()).unwrap();
        serde_json::to_value(&read).unwrap();
    }
}

#[test]
fn no_response_type_fails_for_unexpected_values() {
    read_odd::<User>(&[
        "user_id",
        "email",
        "identities",
        "logins_count",
        "app_metadata",
    ]);
    read_odd::<Log>(&[
        "log_id",
        "date",
        "type",
        "details",
        "security_context",
        "location_info",
    ]);
    read_odd::<Session>(&[
        "id",
        "device",
        "clients",
        "authentication",
        "cookie",
        "actor",
    ]);
    read_odd::<Job>(&["id", "type", "summary", "fields", "percentage_done"]);
    read_odd::<Role>(&["id", "name", "type"]);
    read_odd::<EffectiveRole>(&["id", "sources"]);
    read_odd::<Group>(&["id", "created_at"]);
    read_odd::<Organization>(&["id", "branding", "metadata", "token_quota", "client"]);
    read_odd::<UserPermission>(&["permission_name", "sources"]);
    read_odd::<AuthenticationMethod>(&["id", "type", "confirmed", "authentication_methods"]);
    read_odd::<Enrollment>(&["id", "status", "type", "auth_method"]);
    let errors = json!([{ "user": 1, "errors": [{ "code": 5, "message": "m" }] }]);
    let JobErrors::Users(errors) = serde_json::from_value(errors).unwrap() else {
        panic!("errors of users");
    };
    assert_eq!(errors[0].extra["user"], 1);
    assert_eq!(
        errors[0].errors.as_ref().unwrap()[0].message.as_deref(),
        Some("m")
    );
}

#[test]
fn account_ids_may_be_numbers() {
    let identity: Identity = serde_json::from_value(json!({ "user_id": 115_015 })).unwrap();
    assert_eq!(identity.user_id, 115_015);
    assert_eq!(identity.provider, None);
}
