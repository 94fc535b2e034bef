//! Sessions, factors, roles and whatever else belongs to a user.

use serde_json::{Map, Value, json};

use super::ip;
use crate::directory::Directory;
use crate::ids::Ids;
use crate::model::User;
use crate::operations::authentication_methods;
use crate::related::{ConnectedAccount, Life, Log, Permission, RefreshToken, Related, Session};

const CLIENT: &str = "TenantDemoConsole";

pub(super) fn belongings(user: &mut User, directory: &Directory, ids: &mut Ids) -> Related {
    let mut related = Related::default();
    if let Some(login) = user.last_login {
        for _ in 0..ids.below(4) {
            let session = session(login, ids);
            related
                .refresh_tokens
                .push(refresh_token(Some(session.id.clone()), login, ids));
            related.sessions.push(session);
        }
        if ids.chance(10) {
            related.refresh_tokens.push(refresh_token(None, login, ids));
        }
        related.logs.push(log("s", login, ids));
        if ids.chance(15) {
            related
                .logs
                .push(log("f", login.saturating_add(60_000), ids));
        }
    }
    factors(user, &mut related, ids);
    if ids.chance(35)
        && let Some(role) = ids.pick(&directory.roles)
    {
        related.roles.push(role.id.clone());
    }
    if ids.chance(10)
        && let Some(server) = ids.pick(&directory.resource_servers)
        && let Some((name, _)) = server.permissions.first()
    {
        related.permissions.push(Permission {
            resource_server: server.identifier.clone(),
            name: name.clone(),
        });
    }
    if ids.chance(40)
        && let Some(organization) = ids.pick(&directory.organizations)
    {
        related.organizations.push(organization.id.clone());
    }
    let provider = user.identities.first().map(|own| own.provider.as_str());
    if provider == Some("samlp") {
        let member = directory.groups.iter().filter(|_| ids.chance(60));
        let member: Vec<String> = member.map(|group| group.id.clone()).collect();
        related
            .groups
            .extend(member.into_iter().map(|id| (id, user.created_at)));
    }
    if provider == Some("google-oauth2") && ids.chance(30) {
        related
            .connected_accounts
            .push(connected_account(user.created_at, ids));
    }
    related
}

fn factors(user: &mut User, related: &mut Related, ids: &mut Ids) {
    let is_database = user.identities.iter().any(|own| own.provider == "auth0");
    if !is_database || !ids.chance(30) {
        return;
    }
    let time = user.updated_at;
    let fields = |value: Value| match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    if ids.chance(60) {
        let secret = json!({ "name": "Phone app", "totp_secret": "JBSWY3DPEHPK3PXP" });
        related.methods.push(authentication_methods::make(
            "totp",
            fields(secret),
            time,
            ids,
        ));
        user.multifactor = vec!["google-authenticator".to_owned()];
        user.multifactor_last_modified = Some(time);
    } else {
        let number = format!("+1202555{:04}", ids.below(10_000));
        let phone = json!({ "name": "Own phone", "phone_number": number });
        related.methods.push(authentication_methods::make(
            "phone",
            fields(phone),
            time,
            ids,
        ));
    }
}

pub(crate) fn session(created_at: u64, ids: &mut Ids) -> Session {
    Session {
        id: ids.alnum(32),
        life: Life::since(created_at),
        client_id: CLIENT.to_owned(),
        ip: ip(ids),
    }
}

pub(crate) fn refresh_token(
    session_id: Option<String>,
    created_at: u64,
    ids: &mut Ids,
) -> RefreshToken {
    RefreshToken {
        id: ids.alnum(18),
        life: Life::since(created_at),
        client_id: CLIENT.to_owned(),
        session_id,
        rotating: true,
    }
}

pub(crate) fn log(kind: &'static str, at: u64, ids: &mut Ids) -> Log {
    Log {
        id: format!("9002026{}", ids.digits(48)),
        at,
        kind,
        ip: ip(ids),
    }
}

pub(crate) fn connected_account(created_at: u64, ids: &mut Ids) -> ConnectedAccount {
    ConnectedAccount {
        id: format!("cac_{}", ids.alnum(22)),
        connection: "google-oauth2".to_owned(),
        created_at,
    }
}
