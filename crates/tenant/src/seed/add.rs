//! Adds the users, connections, roles and organizations that a test describes.

use serde_json::{Map, Value, json};

use super::user::read_described;
use crate::error::ApiError;
use crate::schema::request::check_body;
use crate::schema::{Field, Kind, NON_EMPTY, TEXT, Violation};
use crate::state::State;
use crate::state::connection::{Connection, Strategy};
use crate::state::directory::{Organization, Role};
use crate::state::ids::Ids;
use crate::state::related::Permission;

const PERMISSION: Kind = Kind::Object(&[
    Field::new("resource_server_identifier", NON_EMPTY).required(),
    Field::new("permission_name", NON_EMPTY).required(),
]);

/// The properties of a described user that are not stored in the user itself.
const RELATED: &[Field] = &[
    Field::new("connection", NON_EMPTY),
    // Accepted so that the body of `users.create` works here, and ignored.
    Field::new("password", TEXT),
    Field::new("verify_email", Kind::Bool),
    Field::new("roles", Kind::List(0, &NON_EMPTY)),
    Field::new("organizations", Kind::List(0, &NON_EMPTY)),
    Field::new("permissions", Kind::List(0, &PERMISSION)),
];

const CONNECTION: Kind = Kind::Object(&[
    Field::new("name", NON_EMPTY).required(),
    Field::new("id", NON_EMPTY),
    Field::new("strategy", NON_EMPTY),
    Field::new("enabled", Kind::Bool),
    Field::new("requires_username", Kind::Bool),
    Field::new("syncs_profile", Kind::Bool),
]);

const ROLE: Kind = Kind::Object(&[
    Field::new("name", NON_EMPTY).required(),
    Field::new("id", NON_EMPTY),
    Field::new("description", TEXT),
    Field::new("permissions", Kind::List(0, &PERMISSION)),
]);

const ORGANIZATION: Kind = Kind::Object(&[
    Field::new("name", NON_EMPTY).required(),
    Field::new("id", NON_EMPTY),
    Field::new("display_name", TEXT),
]);

/// The strategies of enterprise connections.
const ENTERPRISE: &[&str] = &[
    "ad",
    "adfs",
    "google-apps",
    "ip",
    "office365",
    "oidc",
    "okta",
    "pingfederate",
    "samlp",
    "sharepoint",
    "waad",
];

type Added = Result<Value, ApiError>;

/// Adds a user, and returns it as the API shows it.
pub(crate) fn user(state: &mut State, given: &Value, now: u64, ids: &mut Ids) -> Added {
    check_body(&Kind::Map, given)?;
    let mut stored = given.as_object().cloned().unwrap_or_default();
    let mut related = Map::new();
    for field in RELATED {
        related.extend(stored.remove_entry(field.name));
    }
    let given = Value::Object(related);
    check_body(&Kind::Object(RELATED), &given)?;
    let connection = given.get("connection").and_then(Value::as_str);
    let user = read_described(&stored, connection, &state.directory, now, ids)
        .map_err(ApiError::invalid_body)?;
    for (index, identity) in user.identities.iter().enumerate() {
        let full_id = identity.full_id();
        let mut logins = user.profile_of(index).logins();
        let taken = logins.find(|login| state.users.is_taken(&identity.connection, login, ""));
        if let Some(what) = taken {
            return Err(exists(&format!("{what} of {}", identity.connection)));
        }
        if state.users.by_identity(&full_id).is_some() {
            return Err(exists(&full_id));
        }
    }
    let roles = resolved(&given, "roles", |name| {
        let mut roles = state.directory.roles.iter();
        let found = roles.find(|own| own.id == name || own.name == name);
        found.map(|own| own.id.clone())
    })?;
    let organizations = resolved(&given, "organizations", |name| {
        let mut organizations = state.directory.organizations.iter();
        let found = organizations.find(|own| own.id == name || own.name == name);
        found.map(|own| own.id.clone())
    })?;
    let permissions = permissions(&given);
    state.directory.add_permissions(&permissions);
    let answer = Value::Object(user.to_json(true));
    let id = user.user_id.clone();
    state.users.insert(user);
    let related = state.related(&id)?;
    related.roles = roles;
    related.organizations = organizations;
    related.permissions = permissions;
    Ok(answer)
}

fn exists(what: &str) -> ApiError {
    ApiError::without_code(409, format!("A user with {what} already exists."))
}

/// Returns the ids for a list of ids and names.
fn resolved(
    given: &Value,
    property: &str,
    find: impl Fn(&str) -> Option<String>,
) -> Result<Vec<String>, ApiError> {
    let names = given.get(property).and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names
        .map(|name| {
            find(name).ok_or_else(|| {
                let message = format!("{name} does not exist; add it first");
                ApiError::invalid_body(Violation::new("INVALID_FORMAT", message).on(property))
            })
        })
        .collect()
}

fn permissions(given: &Value) -> Vec<Permission> {
    let list = given.get("permissions").and_then(Value::as_array);
    list.map_or_else(Vec::new, |list| Permission::read_list(list))
}

/// Returns a property that is a string.
fn text(given: &Value, name: &str) -> Option<String> {
    given.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Returns the id and the name of a new entry, or fails if an existing one has either.
fn new_names<'a>(
    given: &Value,
    prefix: &str,
    known: impl Iterator<Item = (&'a String, &'a String)>,
    ids: &mut Ids,
) -> Result<(String, String), ApiError> {
    let name = text(given, "name").unwrap_or_default();
    let id = text(given, "id").unwrap_or_else(|| format!("{prefix}{}", ids.alnum(16)));
    for (own_id, own_name) in known {
        if *own_id == id || *own_name == name {
            let message = format!("{own_name} ({own_id}) already exists.");
            return Err(ApiError::without_code(409, message));
        }
    }
    Ok((id, name))
}

/// Adds a connection; by default a database.
pub(crate) fn connection(state: &mut State, given: &Value, ids: &mut Ids) -> Added {
    check_body(&CONNECTION, given)?;
    let connections = &mut state.directory.connections;
    let known = connections.iter().map(|own| (&own.id, &own.name));
    let (id, name) = new_names(given, "con_", known, ids)?;
    let provider = text(given, "strategy").unwrap_or_else(|| "auth0".to_owned());
    let strategy = match provider.as_str() {
        "auth0" => Strategy::Database,
        "email" => Strategy::PasswordlessEmail,
        "sms" => Strategy::PasswordlessSms,
        other if ENTERPRISE.contains(&other) => Strategy::Enterprise,
        _ => Strategy::Social,
    };
    let flag = |name: &str| given.get(name).and_then(Value::as_bool);
    let answer = json!({ "id": id, "name": name, "strategy": provider });
    connections.push(Connection {
        id,
        name,
        strategy,
        provider,
        enabled: flag("enabled").unwrap_or(true),
        requires_username: flag("requires_username").unwrap_or(false),
        syncs_profile: flag("syncs_profile")
            .unwrap_or(matches!(strategy, Strategy::Social | Strategy::Enterprise)),
    });
    Ok(answer)
}

/// Adds a role, and those of its permissions that are new.
pub(crate) fn role(state: &mut State, given: &Value, ids: &mut Ids) -> Added {
    check_body(&ROLE, given)?;
    let roles = &state.directory.roles;
    let known = roles.iter().map(|own| (&own.id, &own.name));
    let (id, name) = new_names(given, "rol_", known, ids)?;
    let role = Role {
        id,
        name,
        description: text(given, "description").unwrap_or_default(),
        permissions: permissions(given),
    };
    state.directory.add_permissions(&role.permissions);
    let answer = Value::Object(role.to_json());
    state.directory.roles.push(role);
    Ok(answer)
}

/// Adds an organization. Users become members when they are added.
pub(crate) fn organization(state: &mut State, given: &Value, ids: &mut Ids) -> Added {
    check_body(&ORGANIZATION, given)?;
    let organizations = &mut state.directory.organizations;
    let known = organizations.iter().map(|own| (&own.id, &own.name));
    let (id, name) = new_names(given, "org_", known, ids)?;
    let display_name = text(given, "display_name").unwrap_or_else(|| name.clone());
    let answer = json!({ "id": id, "name": name, "display_name": display_name });
    organizations.push(Organization {
        id,
        name,
        display_name,
    });
    Ok(answer)
}
