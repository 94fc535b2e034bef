//! The related resources of generated users. They follow from the seed and the number of the user, so the tenant
//! generates them at the first access and needs no memory for them before.

use serde_json::{Map, Value, json};

use crate::state::directory::Directory;
use crate::state::ids::Ids;
use crate::state::related::{
    ConnectedAccount, Life, Log, Method, Permission, RefreshToken, RelatedResources, Session,
};
use crate::state::user::User;

const CLIENT: &str = "TenantDemoConsole";

// The entries of each kind that the directory of a new tenant has.
pub(crate) const INITIAL_ORGANIZATIONS: usize = 3;
pub(crate) const INITIAL_ROLES: usize = 4;
pub(crate) const INITIAL_RESOURCE_SERVERS: usize = 2;
pub(crate) const INITIAL_GROUPS: usize = 3;

/// Returns the initial entries of a list: entries that a test adds must not change what is generated.
fn initial<T>(list: &[T], count: usize) -> &[T] {
    list.get(..count).unwrap_or(list)
}

/// Returns the generator for one user.
fn ids_of(number: u32, seed: u64) -> Ids {
    // The multiplication spreads neighbouring numbers over all bits.
    Ids::new((seed ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Returns the second factor of a generated user.
pub(crate) fn factor(user: &User, number: u32, seed: u64) -> Option<&'static str> {
    choose_factor(user, &mut ids_of(number, seed))
}

fn choose_factor(user: &User, ids: &mut Ids) -> Option<&'static str> {
    if !ids.chance(30) || provider(user) != Some("auth0") {
        return None;
    }
    Some(if ids.chance(60) { "totp" } else { "phone" })
}

fn provider(user: &User) -> Option<&str> {
    user.identities.first().map(|own| &*own.provider)
}

/// Generates the related resources of a user; the same ones for each call.
pub(crate) fn related(
    user: &User,
    number: u32,
    directory: &Directory,
    seed: u64,
) -> RelatedResources {
    let ids = &mut ids_of(number, seed);
    let mut related = RelatedResources::default();
    if let Some(kind) = choose_factor(user, ids) {
        let fields = match kind {
            "totp" => json!({ "name": "Phone app", "totp_secret": "JBSWY3DPEHPK3PXP" }),
            _ => {
                let number = format!("+1202555{:04}", ids.below(10_000));
                json!({ "name": "Own phone", "phone_number": number })
            }
        };
        let fields = match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let method = Method::new(kind, fields, user.created_at, ids);
        related.methods.push(method);
    }
    if ids.chance(40)
        && let Some(organization) =
            ids.pick(initial(&directory.organizations, INITIAL_ORGANIZATIONS))
    {
        related.organizations.push(organization.id.clone());
    }
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
    if ids.chance(35)
        && let Some(role) = ids.pick(initial(&directory.roles, INITIAL_ROLES))
    {
        related.roles.push(role.id.clone());
    }
    if ids.chance(10)
        && let Some(server) = ids.pick(initial(
            &directory.resource_servers,
            INITIAL_RESOURCE_SERVERS,
        ))
        && let Some((name, _)) = server.permissions.first()
    {
        related.permissions.push(Permission {
            resource_server: server.identifier.clone(),
            name: name.clone(),
        });
    }
    if provider(user) == Some("samlp") {
        let groups = initial(&directory.groups, INITIAL_GROUPS).iter();
        let member = groups.filter(|_| ids.chance(60));
        let member: Vec<String> = member.map(|group| group.id.clone()).collect();
        related
            .groups
            .extend(member.into_iter().map(|id| (id, user.created_at)));
    }
    if provider(user) == Some("google-oauth2") && ids.chance(30) {
        related
            .connected_accounts
            .push(connected_account(user.created_at, ids));
    }
    related
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

pub(crate) fn log(kind: &str, at: u64, ids: &mut Ids) -> Log {
    Log {
        id: format!("9002026{}", ids.digits(48)),
        at,
        kind: kind.to_owned(),
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

/// Returns an address in a range that is reserved for documentation.
pub(crate) fn ip(ids: &mut Ids) -> String {
    format!("203.0.113.{}", ids.below(254).saturating_add(1))
}
