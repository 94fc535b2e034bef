//! Metadata changed by what is meant, by the cases that the npm package is held to as well, in
//! WebAssembly against a local tenant.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails has to say where"
)]

mod tenant;

use auth0_users::types::{CreateUser, Metadata, UpdateUser, User};
use auth0_users::verbs::{MetadataChange, MetadataError, MetadataPath, MetadataVerbs};
use auth0_users::{Client, Code, Error};
use js_sys::{Function, Math, Object, Reflect};
use serde_json::{Value, json};
use tenant::{builder, client};
use wasm_bindgen_test::wasm_bindgen_test;

/// A user with this metadata, twice.
async fn new_user(client: &Client, metadata: Value) -> Result<User, Error> {
    let metadata: Metadata = serde_json::from_value(metadata).expect("an object");
    let user = CreateUser {
        connection: "Username-Password-Authentication".to_owned(),
        email: Some(format!("{}@metadata.example", Math::random())),
        password: Some("Correct-Horse-7-Battery".to_owned()),
        user_metadata: Some(metadata.clone()),
        app_metadata: Some(metadata),
        ..CreateUser::default()
    };
    client.users().create(&user).await
}

/// A client whose changes are kept in an object: how many there were, and the last one.
fn kept() -> Result<(Client, Object), Error> {
    let this = Object::new();
    let body = "if (init.method === 'PATCH') {
          this.count = (this.count ?? 0) + 1;
          this.body = init.body;
        }
        return fetch(url, init);";
    let fetch = Function::new_with_args("url, init", body).bind0(&this);
    Ok((builder().fetch(fetch).build()?, this))
}

fn count(kept: &Object) -> f64 {
    let count = Reflect::get(kept, &"count".into()).expect("a property");
    count.as_f64().unwrap_or_default()
}

fn body(kept: &Object) -> Option<Value> {
    let body = Reflect::get(kept, &"body".into()).expect("a property");
    let text = body.as_string()?;
    Some(serde_json::from_str(&text).expect("JSON"))
}

fn path(value: &Value) -> MetadataPath {
    match value {
        Value::Array(keys) => {
            let keys = keys.iter().map(|key| key.as_str().expect("a key"));
            keys.collect::<Vec<_>>().into()
        }
        text => text.as_str().expect("a path").into(),
    }
}

async fn act(verbs: MetadataVerbs<'_>, case: &Value) -> Result<MetadataChange, MetadataError> {
    let given = &case["given"];
    match case["verb"].as_str().expect("a verb") {
        "merge" => verbs.merge(&given[0]).await,
        "replace" => verbs.replace(&given[0]).await,
        "set" => verbs.set(path(&given[0]), &given[1]).await,
        "remove" => verbs.remove(path(&given[0])).await,
        "clear" => verbs.clear().await,
        other => unreachable!("{other} is no verb"),
    }
}

#[wasm_bindgen_test]
async fn metadata_is_changed_as_the_table_says() -> Result<(), MetadataError> {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("admin/metadata.cases.json")).expect("cases");
    assert!(!cases.is_empty());
    for case in &cases {
        let user = new_user(&client(), case["before"].clone()).await?;
        let id = user.user_id;
        for name in ["user_metadata", "app_metadata"] {
            let (client, kept) = kept()?;
            let metadata = client.users().metadata(&id);
            let verbs = match name {
                "user_metadata" => metadata.user(),
                _ => metadata.app(),
            };
            if let Some(reason) = case["refused"].as_str() {
                let refused = act(verbs, case).await;
                let Err(MetadataError::Call(Error::Invalid(text))) = &refused else {
                    unreachable!("{case}: {refused:?}");
                };
                assert!(text.contains(reason), "{text}: {case}");
                assert_eq!(count(&kept), 0.0, "{case}");
                continue;
            }
            let planned = act(verbs.dry_run(), case).await?;
            assert_eq!(count(&kept), 0.0, "{case}");
            let mut done = act(verbs, case).await?;
            let patch = case.get("patch").map(|patch| json!({ name: patch }));
            assert_eq!(done.patch.clone().map(Value::from), patch, "{case}");
            assert_eq!(body(&kept), patch, "{case}");
            assert_eq!(json!(done.diff), case["diff"], "{case}");
            assert_eq!(json!(done.before), case["before"], "{case}");
            assert_eq!(done.sent, patch.is_some(), "{case}");
            assert_eq!(count(&kept), f64::from(u8::from(done.sent)), "{case}");
            // The server has what was foretold.
            let user = client.users().get(&id).await?;
            let own = match name {
                "user_metadata" => user.user_metadata,
                _ => user.app_metadata,
            };
            assert_eq!(own.unwrap_or_default(), done.after, "{case}");
            done.sent = false;
            assert!(planned == done, "{case}");
        }
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn what_has_changed_since_it_was_looked_at_is_not_changed() -> Result<(), MetadataError> {
    let (client, kept) = kept()?;
    let seen = new_user(&client, json!({ "a": 1 })).await?;
    let verbs = client.users().metadata(&seen.user_id).user();
    let updated_at = seen.updated_at.expect("a time");
    // The same moment, written otherwise.
    let same = updated_at.replace('Z', "+00:00");
    verbs.expect_updated_at(&same).set("a", 2).await?;
    let before = "2020-01-01T00:00:00.000Z";
    let refused = verbs.expect_updated_at(before).set("a", 3).await;
    let Err(MetadataError::Conflict { expected, .. }) = &refused else {
        unreachable!("{refused:?}");
    };
    assert_eq!(expected, before);
    let refused = verbs.expect_updated_at("soon").clear().await;
    assert!(matches!(
        refused,
        Err(MetadataError::Call(Error::Invalid(_)))
    ));
    assert_eq!(count(&kept), 1.0);
    let nobody = client.users().metadata("auth0|nobody").app().clear().await;
    let Err(MetadataError::Call(error)) = nobody else {
        unreachable!("there is nobody");
    };
    assert_eq!(error.code(), Some(Code::NotFound));
    Ok(())
}

#[wasm_bindgen_test]
async fn a_plain_update_does_not_take_away_metadata_by_accident() -> Result<(), Error> {
    let (client, kept) = kept()?;
    let id = new_user(&client, json!({ "a": 1 })).await?.user_id;
    for changes in [
        UpdateUser {
            user_metadata: Some(Metadata::new()),
            ..UpdateUser::default()
        },
        UpdateUser {
            name: "Ada".into(),
            app_metadata: Some(Metadata::new()),
            ..UpdateUser::default()
        },
    ] {
        let refused = client.users().update(&id, &changes).await;
        assert!(matches!(refused, Err(Error::Invalid(text)) if text.contains("clear")));
    }
    assert_eq!(count(&kept), 0.0);
    Ok(())
}
