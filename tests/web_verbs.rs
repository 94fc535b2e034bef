//! What takes several endpoints, typed, in WebAssembly against a local tenant.

#![cfg(all(target_arch = "wasm32", feature = "rust"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails has to say where"
)]

mod tenant;

use auth0_users::types::{CreateAuthenticationMethod, CreateUser, Metadata, UpdateUser};
use auth0_users::verbs::{
    EmailCase, FindBy, FindError, LinkAccounts, MatchRule, MfaReset, SignOut, StepStatus, Steps,
    Unblock,
};
use auth0_users::{CallOptions, Client, Code, Error};
use js_sys::Function;
use serde_json::{Value, json};
use tenant::{builder, client};
use wasm_bindgen_test::wasm_bindgen_test;

const CONNECTION: &str = "Username-Password-Authentication";

async fn new_user(client: &Client, user: CreateUser) -> Result<String, Error> {
    let user = CreateUser {
        connection: CONNECTION.to_owned(),
        password: Some("Correct-Horse-7-Battery".to_owned()),
        ..user
    };
    // The tenant is shared with other tests, and with what an earlier run left.
    if let Some(email) = &user.email {
        for user in client.users().list_users_by_email(email).await? {
            client.users().delete(&user.user_id).await?;
        }
    }
    Ok(client.users().create(&user).await?.user_id)
}

async fn with_email(client: &Client, email: &str) -> Result<String, Error> {
    let user = CreateUser {
        email: Some(email.to_owned()),
        ..CreateUser::default()
    };
    new_user(client, user).await
}

fn metadata(value: Value) -> Option<Metadata> {
    serde_json::from_value(value).expect("an object")
}

fn told(steps: &Steps) -> Vec<String> {
    let told = steps.all.iter().map(|step| {
        let status = match &step.status {
            StepStatus::Ok => "ok",
            StepStatus::Failed(_) => "failed",
            StepStatus::Skipped(_) => "skipped",
            StepStatus::Planned => "planned",
        };
        let name = step.name.split('|').next().expect("a name");
        format!("{name}: {status}")
    });
    told.collect()
}

fn is_nobody(error: &Error) -> bool {
    matches!(error, Error::Failed(failure) if failure.code == Code::NotFound)
}

#[wasm_bindgen_test]
async fn blocks_are_lifted_and_everything_is_signed_out() -> Result<(), Error> {
    let client = client();
    let users = client.users();
    let id = with_email(&client, "blocked@verbs.example").await?;
    let out = SignOut {
        block: true,
        ..SignOut::default()
    };
    let plan = SignOut {
        dry_run: true,
        ..out
    };
    let planned = users.sign_out_everywhere(&id, plan).await?;
    let names = ["block", "revokeAccess", "sessions", "refreshTokens"];
    assert_eq!(told(&planned.steps), names.map(|n| format!("{n}: planned")));
    assert!(!users.access(&id).await?.admin_blocked);

    let report = users.sign_out_everywhere(&id, out).await?;
    assert!(report.steps.is_ok());
    assert_eq!(report.steps.all.len(), 5);
    assert_eq!(report.remaining.expect("a look").sessions, 0);
    let again = users.sign_out_everywhere(&id, out).await?;
    assert_eq!(told(&again.steps)[0], "block: skipped");

    let access = users.access(&id).await?;
    assert!(access.admin_blocked && access.brute_force.is_empty());
    assert!(users.unblock(&id, Unblock::default()).await.is_err());
    let both = Unblock {
        admin: true,
        brute_force: true,
        dry_run: false,
    };
    let report = users.unblock(&id, both).await?;
    assert_eq!(told(&report.steps), ["admin: ok", "bruteForce: skipped"]);
    assert!(report.before.admin_blocked);
    assert!(!users.access(&id).await?.admin_blocked);
    let nobody = users.unblock("auth0|nobody", both).await;
    assert!(is_nobody(&nobody.expect_err("nobody")));
    Ok(())
}

#[wasm_bindgen_test]
async fn second_factors_are_read_and_reset() -> Result<(), Error> {
    let client = client();
    let (users, mfa) = (client.users(), client.users().mfa());
    let id = with_email(&client, "factors@verbs.example").await?;
    assert!(!mfa.status(&id).await?.enrolled);
    let totp = CreateAuthenticationMethod {
        kind: "totp".to_owned(),
        name: Some("app".to_owned()),
        totp_secret: Some("JBSWY3DPEHPK3PXP".to_owned()),
        ..CreateAuthenticationMethod::default()
    };
    let passkey = CreateAuthenticationMethod {
        kind: "passkey".to_owned(),
        key_id: Some("cGFzcw".to_owned()),
        public_key: Some("a2V5".to_owned()),
        relying_party_identifier: Some("example.com".to_owned()),
        ..CreateAuthenticationMethod::default()
    };
    for method in [totp, passkey] {
        users.authentication_methods().create(&id, &method).await?;
    }
    let status = mfa.status(&id).await?;
    assert!(status.enrolled && !status.has_recovery_code);
    assert_eq!(status.methods.len(), 2);

    let how = MfaReset {
        remove_passkeys: true,
        regenerate_recovery_code: true,
        ..MfaReset::default()
    };
    let plan = MfaReset {
        dry_run: true,
        ..how
    };
    let planned = mfa.reset(&id, plan).await?;
    let names = ["authenticators", "method passkey", "recoveryCode"];
    assert_eq!(told(&planned.steps), names.map(|n| format!("{n}: planned")));
    assert!(planned.recovery_code.is_none());
    let report = mfa.reset(&id, how).await?;
    assert!(report.steps.is_ok());
    assert_eq!(report.recovery_code.expect("a code").len(), 24);
    assert!(!mfa.status(&id).await?.enrolled);
    let again = mfa.reset(&id, MfaReset::default()).await?;
    assert_eq!(told(&again.steps)[0], "authenticators: skipped");
    Ok(())
}

/// A fetch that refuses the first request of this method.
fn refusing(method: &str) -> Function {
    let body = "if (init.method !== this.method) return fetch(url, init);
        delete this.method;
        const headers = { 'content-type': 'application/json' };
        return Promise.resolve(new Response('{}', { status: 403, headers }));";
    let this = js_sys::Object::new();
    js_sys::Reflect::set(&this, &"method".into(), &method.into()).expect("a property");
    Function::new_with_args("url, init", body).bind0(&this)
}

#[wasm_bindgen_test]
async fn a_step_that_fails_is_told_and_done_when_run_again() -> Result<(), Error> {
    let id = with_email(&client(), "refused@verbs.example").await?;
    let client = builder().fetch(refusing("PATCH")).build()?;
    let users = client.users();
    let out = SignOut {
        block: true,
        ..SignOut::default()
    };
    let report = users.sign_out_everywhere(&id, out).await?;
    assert!(!report.steps.is_ok());
    let block = &report.steps.all[0];
    let StepStatus::Failed(Error::Failed(failure)) = &block.status else {
        unreachable!("{block:?}");
    };
    assert_eq!(failure.code, Code::Forbidden);
    assert_eq!(
        told(&report.steps)[1..],
        [
            "revokeAccess: ok",
            "sessions: ok",
            "refreshTokens: ok",
            "verify: ok"
        ]
    );
    assert!(users.sign_out_everywhere(&id, out).await?.steps.is_ok());
    assert!(users.access(&id).await?.admin_blocked);
    Ok(())
}

#[wasm_bindgen_test]
async fn a_deadline_holds_for_all_steps_together() -> Result<(), Error> {
    let id = with_email(&client(), "late@verbs.example").await?;
    let slowly = "return new Promise((go) => setTimeout(go, 250)).then(() => fetch(url, init))";
    let slowly = Function::new_with_args("url, init", slowly);
    let options = CallOptions::new().deadline_in_seconds(0.9);
    let client = builder().fetch(slowly).build()?.with(options);
    let users = client.users();
    let mut report = users.sign_out_everywhere(&id, SignOut::default()).await?;
    let verify = report.steps.all.pop().expect("a step").status;
    let StepStatus::Failed(Error::Failed(failure)) = &verify else {
        unreachable!("{verify:?}");
    };
    assert_eq!(failure.code, Code::Deadline);
    Ok(())
}

#[wasm_bindgen_test]
async fn a_recovery_code_waits_for_what_failed() -> Result<(), Error> {
    let id = with_email(&client(), "code@verbs.example").await?;
    let totp = CreateAuthenticationMethod {
        kind: "totp".to_owned(),
        name: Some("app".to_owned()),
        totp_secret: Some("JBSWY3DPEHPK3PXP".to_owned()),
        ..CreateAuthenticationMethod::default()
    };
    let client = builder().fetch(refusing("DELETE")).build()?;
    let methods = client.users().authentication_methods();
    methods.create(&id, &totp).await?;
    let how = MfaReset {
        regenerate_recovery_code: true,
        ..MfaReset::default()
    };
    let report = client.users().mfa().reset(&id, how).await?;
    assert_eq!(
        told(&report.steps),
        ["authenticators: failed", "recoveryCode: skipped"]
    );
    assert!(report.recovery_code.is_none());
    let again = client.users().mfa().reset(&id, how).await?;
    assert_eq!(
        told(&again.steps),
        ["authenticators: ok", "recoveryCode: ok"]
    );
    assert!(again.recovery_code.is_some());
    Ok(())
}

#[wasm_bindgen_test]
async fn accounts_are_linked_with_what_is_lost() -> Result<(), Error> {
    let client = client();
    let (users, identities) = (client.users(), client.users().identities());
    let primary = CreateUser {
        email: Some("primary@verbs.example".to_owned()),
        user_metadata: metadata(json!({ "theme": "dark" })),
        ..CreateUser::default()
    };
    let primary = new_user(&client, primary).await?;
    let secondary = CreateUser {
        email: Some("secondary@verbs.example".to_owned()),
        user_metadata: metadata(json!({ "theme": "light", "language": "fr" })),
        app_metadata: metadata(json!({ "plan": "gold" })),
        ..CreateUser::default()
    };
    let secondary = new_user(&client, secondary).await?;
    let how = LinkAccounts {
        merge_user_metadata: true,
        ..LinkAccounts::default()
    };
    let plan = LinkAccounts {
        dry_run: true,
        ..how
    };
    let planned = identities.link_accounts(&primary, &secondary, plan).await?;
    assert_eq!(
        told(&planned.steps),
        ["mergeMetadata: planned", "link: planned"]
    );
    assert!(planned.identities.is_none());

    let report = identities.link_accounts(&primary, &secondary, how).await?;
    assert!(report.steps.is_ok());
    assert_eq!(
        Value::from(report.merged.user_metadata),
        json!({ "language": "fr" })
    );
    let loses = report.loses.expect("what is lost");
    assert_eq!(
        Value::from(loses.user_metadata),
        json!({ "theme": "light" })
    );
    assert_eq!(Value::from(loses.app_metadata), json!({ "plan": "gold" }));
    assert!(loses.roles?.is_empty());
    assert!(loses.authentication_methods?.is_empty());
    assert_eq!(report.identities.expect("identities").len(), 2);
    let user = users.get(&primary).await?;
    let expected = json!({ "theme": "dark", "language": "fr" });
    assert_eq!(user.user_metadata.map(Value::from), Some(expected));

    let again = identities.link_accounts(&primary, &secondary, how).await?;
    assert_eq!(told(&again.steps), ["link: skipped"]);
    for (one, other) in [
        ("ada", "auth0|1"),
        ("auth0|1", "ada|"),
        ("auth0|1", "auth0|1"),
    ] {
        let refused = identities.link_accounts(one, other, how).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{one} {other}");
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn users_are_found_by_what_is_unique() -> Result<(), FindError> {
    let client = client();
    let users = client.users();
    let id = with_email(&client, "found@verbs.example").await?;
    let by_id = users.find(FindBy::Id(&id)).await?;
    assert_eq!(by_id.expect("a user").user_id, id);
    let by_email = users.find(FindBy::Email("Found@Verbs.example")).await?;
    assert_eq!(by_email.expect("a user").user_id, id);
    assert!(users.find(FindBy::Id("auth0|nobody")).await?.is_none());
    assert!(
        users
            .find(FindBy::Phone("+999999999999999"))
            .await?
            .is_none()
    );
    let refused = users.find(FindBy::Phone("0202")).await;
    assert!(matches!(refused, Err(FindError::Call(Error::Invalid(_)))));

    let email = "FOUND@verbs.example";
    assert!(
        users
            .find_by_email(email, EmailCase::Exact)
            .await?
            .is_empty()
    );
    let matches = users.find_by_email(email, EmailCase::Smart).await?;
    assert_eq!(matches.len(), 1);
    assert_eq!(matches[0].rule, MatchRule::LowerCase);
    Ok(())
}

#[wasm_bindgen_test]
async fn a_user_is_waited_for_until_a_search_has_it() -> Result<(), Error> {
    let client = client();
    let users = client.users();
    let id = with_email(&client, "indexed@verbs.example").await?;
    let changes = UpdateUser {
        nickname: "new".into(),
        ..UpdateUser::default()
    };
    users.update(&id, &changes).await?;
    let user = users.wait_until_indexed(&id).await?;
    assert_eq!(user.nickname.as_deref(), Some("new"));
    let nobody = users.wait_until_indexed("auth0|nobody").await;
    assert!(is_nobody(&nobody.expect_err("nobody")));
    Ok(())
}
