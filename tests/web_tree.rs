//! What belongs to users, and the neighbours of users, typed, in WebAssembly against a local tenant.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that fails has to say where")]

mod tenant;

use auth0_users::types::{
    BlocksByIdentifierQuery, BlocksQuery, ChangePasswordTicket, CheckpointQuery, ClearAssessors,
    CreateAuthenticationMethod, CreateUser, EffectivePermissionsQuery, ExportField, ExportUsers,
    GroupsQuery, ImportUsers, LinkAccount, LinkIdentity, ListUsers, LogsQuery, OrganizationsQuery,
    PageQuery, Permission, PermissionSourceQuery, RoleSourceQuery, SessionsQuery,
    SetAuthenticationMethod, UpdateAuthenticationMethod, VerificationEmail, VerifyEmailTicket,
};
use auth0_users::{Client, Error};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::tenant::client;

async fn new_user(client: &Client, email: &str) -> Result<String, Error> {
    let user = CreateUser {
        connection: "Username-Password-Authentication".to_owned(),
        email: Some(email.to_owned()),
        password: Some("Correct-Horse-7-Battery".to_owned()),
        ..CreateUser::default()
    };
    Ok(client.users().create(&user).await?.user_id)
}

/// A role and a permission that somebody has.
async fn something_to_give(client: &Client) -> Result<(String, Permission), Error> {
    let (users, page) = (client.users(), PageQuery::default());
    let (mut role, mut permission) = (None, None);
    for user in users.list(&ListUsers::default()).await?.items {
        let id = &user.user_id;
        role = role.or(users.roles().list(id, &page).await?.items.pop());
        permission = permission.or(users.permissions().list(id, &page).await?.items.pop());
        if let (Some(role), Some(permission)) = (&role, &permission) {
            let api = permission.resource_server_identifier.clone();
            let permission = Permission {
                resource_server_identifier: api.expect("an API"),
                permission_name: permission.permission_name.clone().expect("a permission"),
            };
            return Ok((role.id.clone(), permission));
        }
    }
    unreachable!("the tenant has some of each")
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[wasm_bindgen_test]
async fn related_resources_are_read() -> Result<(), Error> {
    let client = client();
    let users = client.users();
    let query = ListUsers {
        per_page: Some(100),
        ..ListUsers::default()
    };
    let (page, by_checkpoint) = (PageQuery::default(), CheckpointQuery::default());
    let sessions = SessionsQuery::default();
    let mut seen = [false; 12];
    for user in users.list(&query).await?.items {
        let id = user.user_id.as_str();
        let roles = users.effective_roles().list(id, &by_checkpoint).await?;
        for role in &roles.items {
            let query = RoleSourceQuery {
                role_id: role.id.clone(),
                ..RoleSourceQuery::default()
            };
            let groups = users.effective_roles().sources().groups();
            assert!(groups.list(id, &query).await?.items.len() < 10);
        }
        let permissions = users.permissions().list(id, &page).await?;
        for permission in &permissions.items {
            let resource_server_identifier = permission
                .resource_server_identifier
                .clone()
                .expect("an API");
            let query = EffectivePermissionsQuery {
                resource_server_identifier: resource_server_identifier.clone(),
                ..EffectivePermissionsQuery::default()
            };
            let effective = users.effective_permissions().list(id, &query).await?;
            assert!(!effective.items.is_empty());
            let query = PermissionSourceQuery {
                resource_server_identifier,
                permission_name: permission.permission_name.clone().expect("a permission"),
                ..PermissionSourceQuery::default()
            };
            let sources = users.effective_permissions().sources().roles();
            seen[0] |= !sources.list(id, &query).await?.items.is_empty();
        }
        let methods = users.authentication_methods();
        let all = methods.list(id, &page).await?.items;
        for method in &all {
            assert_eq!(methods.get(id, &method.id).await?.kind, method.kind);
        }
        let lengths = [
            all.len(),
            roles.items.len(),
            permissions.items.len(),
            users.roles().list(id, &page).await?.items.len(),
            users.enrollments().get(id).await?.len(),
            users
                .groups()
                .get(id, &GroupsQuery::default())
                .await?
                .items
                .len(),
            users
                .logs()
                .list(id, &LogsQuery::default())
                .await?
                .items
                .len(),
            users
                .organizations()
                .list(id, &OrganizationsQuery::default())
                .await?
                .items
                .len(),
            users
                .connected_accounts()
                .list(id, &by_checkpoint)
                .await?
                .items
                .len(),
            users.sessions().list(id, &sessions).await?.items.len(),
            users.refresh_token().list(id, &sessions).await?.items.len(),
        ];
        for (seen, length) in seen.iter_mut().skip(1).zip(lengths) {
            *seen |= length > 0;
        }
        client
            .user_blocks()
            .list(id, &BlocksQuery::default())
            .await?;
    }
    assert!(
        !seen.contains(&false),
        "the tenant has some of each: {seen:?}"
    );
    Ok(())
}

#[wasm_bindgen_test]
async fn related_resources_are_changed() -> Result<(), Error> {
    let client = client();
    let users = client.users();
    let id = &new_user(&client, "belongings@example.com").await?;

    let methods = users.authentication_methods();
    let phone = SetAuthenticationMethod {
        kind: "phone".to_owned(),
        phone_number: some("+4712345678"),
        ..SetAuthenticationMethod::default()
    };
    assert_eq!(methods.set(id, &[phone]).await?.len(), 1);
    let email = CreateAuthenticationMethod {
        kind: "email".to_owned(),
        email: some("second@example.com"),
        ..CreateAuthenticationMethod::default()
    };
    let email = methods.create(id, &email).await?;
    let name = UpdateAuthenticationMethod {
        name: some("second"),
        ..UpdateAuthenticationMethod::default()
    };
    let renamed = methods.update(id, &email.id, &name).await?;
    assert_eq!(renamed.name.as_deref(), Some("second"));
    methods.delete(id, &email.id).await?;
    methods.delete_all(id).await?;
    assert!(
        methods
            .list(id, &PageQuery::default())
            .await?
            .items
            .is_empty()
    );

    users.authenticators().delete_all(id).await?;
    users.multifactor().invalidate_remember_browser(id).await?;
    users.multifactor().delete_provider(id, "duo").await?;
    let what = ClearAssessors {
        connection: "Username-Password-Authentication".to_owned(),
        assessors: vec!["new-device".to_owned()],
    };
    users.risk_assessments().clear(id, &what).await?;
    users.sessions().delete(id).await?;
    users.refresh_token().delete(id).await?;

    let (role, permission) = something_to_give(&client).await?;
    let page = PageQuery::default();
    users.roles().assign(id, &[&role]).await?;
    assert_eq!(users.roles().list(id, &page).await?.items.len(), 1);
    users.roles().delete(id, &[&role]).await?;
    assert!(users.roles().list(id, &page).await?.items.is_empty());
    let permissions = users.permissions();
    let permission = [permission];
    permissions.create(id, &permission).await?;
    assert_eq!(permissions.list(id, &page).await?.items.len(), 1);
    permissions.delete(id, &permission).await?;
    assert!(permissions.list(id, &page).await?.items.is_empty());

    let other = new_user(&client, "to-link@example.com").await?;
    let account = LinkIdentity::Account(LinkAccount {
        provider: "auth0".to_owned(),
        user_id: other.clone(),
        connection_id: None,
    });
    assert_eq!(users.identities().link(id, &account).await?.len(), 2);
    let bare = other.trim_start_matches("auth0|");
    assert_eq!(users.identities().delete(id, "auth0", bare).await?.len(), 1);
    users.delete(&other).await?;
    users.delete(id).await
}

#[wasm_bindgen_test]
async fn blocks_jobs_and_tickets_work() -> Result<(), Error> {
    let client = client();
    let id = &new_user(&client, "neighbours@example.com").await?;
    let email = "neighbours@example.com";

    let blocks = client.user_blocks();
    let query = BlocksByIdentifierQuery {
        identifier: email.to_owned(),
        ..BlocksByIdentifierQuery::default()
    };
    let found = blocks.list_by_identifier(&query).await?;
    assert_eq!(found.blocked_for.map(|blocks| blocks.len()), Some(0));
    blocks.delete_by_identifier(email).await?;
    blocks.delete(id).await?;

    let tickets = client.tickets();
    let ticket = VerifyEmailTicket {
        user_id: id.clone(),
        ..VerifyEmailTicket::default()
    };
    assert!(
        tickets
            .verify_email(&ticket)
            .await?
            .ticket
            .starts_with("http")
    );
    let ticket = ChangePasswordTicket {
        user_id: Some(id.clone()),
        ttl_sec: Some(0),
        ..ChangePasswordTicket::default()
    };
    assert!(
        tickets
            .change_password(&ticket)
            .await?
            .ticket
            .starts_with("http")
    );

    let jobs = client.jobs();
    let mail = VerificationEmail {
        user_id: id.clone(),
        ..VerificationEmail::default()
    };
    let job = jobs.verification_email().create(&mail).await?;
    assert_eq!(jobs.get(&job.id).await?.kind, job.kind);
    assert_eq!(jobs.errors().get(&job.id).await?, None);
    let export = ExportUsers {
        format: some("json"),
        fields: vec![ExportField {
            name: "user_id".to_owned(),
            export_as: some("id"),
        }],
        ..ExportUsers::default()
    };
    let job = jobs.users_exports().create(&export).await?;
    assert_eq!(job.fields, Some(export.fields));

    // The form is read as far as its connection, which nobody has.
    let import = ImportUsers {
        users: vec![json!({ "email": "imported@example.com" })],
        connection_id: "con_0000000000000000".to_owned(),
        ..ImportUsers::default()
    };
    let refused = match jobs.users_imports().create(&import).await {
        Err(Error::Failed(failure)) => failure.error_code(),
        _ => None,
    };
    assert_eq!(refused.as_deref(), Some("inexistent_connection"));

    client.users().delete(id).await
}
