//! The directory of a new tenant: connections, roles, APIs, organizations and groups.

use super::person::FIRST;
use crate::state::connection::{Connection, DATABASE, Strategy};
use crate::state::directory::{Directory, Group, Organization, ResourceServer, Role};
use crate::state::generated::{
    INITIAL_GROUPS, INITIAL_ORGANIZATIONS, INITIAL_RESOURCE_SERVERS, INITIAL_ROLES,
};
use crate::state::ids::Ids;
use crate::state::related::Permission;

const ITEMS: &str = "https://items.example.com/";
const BILLING: &str = "https://billing.example.com/";

/// Generates the directory.
pub(super) fn directory(ids: &mut Ids) -> Directory {
    let connections = connections(ids);
    let roles = roles(ids);
    let organizations: [Organization; INITIAL_ORGANIZATIONS] = [
        ("acme", "Acme"),
        ("globex", "Globex"),
        ("initech", "Initech"),
    ]
    .map(|(name, display_name)| organization(name, display_name, ids));
    let enterprise = connections
        .iter()
        .find(|connection| connection.strategy == Strategy::Enterprise);
    let groups: [Group; INITIAL_GROUPS] = [
        ("Engineering", "editor"),
        ("Finance", "accountant"),
        ("Everybody", ""),
    ]
    .map(|(name, role)| Group {
        id: group_id(ids),
        name: name.to_owned(),
        created_at: FIRST,
        connection_id: enterprise.map_or_else(String::new, |own| own.id.clone()),
        roles: roles
            .iter()
            .filter(|own| own.name == role)
            .map(|own| own.id.clone())
            .collect(),
    });
    Directory {
        connections,
        roles: roles.into(),
        resource_servers: resource_servers().into(),
        organizations: organizations.into(),
        groups: groups.into(),
    }
}

/// Generates a group id, which has no characters that look alike.
pub(super) fn group_id(ids: &mut Ids) -> String {
    let plain = ids.alnum(64);
    let clear = plain.chars().filter(|c| !"0OIl".contains(*c)).take(22);
    format!("grp_{}", clear.collect::<String>())
}

pub(super) fn organization(name: &str, display_name: &str, ids: &mut Ids) -> Organization {
    Organization {
        id: format!("org_{}", ids.alnum(16)),
        name: name.to_owned(),
        display_name: display_name.to_owned(),
    }
}

fn connections(ids: &mut Ids) -> Vec<Connection> {
    let mut connection = |name: &str, strategy, provider, requires_username| Connection {
        id: format!("con_{}", ids.alnum(16)),
        name: name.to_owned(),
        strategy,
        provider: String::from(provider),
        enabled: true,
        requires_username,
        syncs_profile: matches!(strategy, Strategy::Social | Strategy::Enterprise),
    };
    let mut list = vec![
        connection(DATABASE, Strategy::Database, "auth0", false),
        connection("Members", Strategy::Database, "auth0", true),
        connection("Archive", Strategy::Database, "auth0", false),
        connection("email", Strategy::PasswordlessEmail, "email", false),
        connection("sms", Strategy::PasswordlessSms, "sms", false),
        connection("google-oauth2", Strategy::Social, "google-oauth2", false),
        connection("github", Strategy::Social, "github", false),
        connection("acme-saml", Strategy::Enterprise, "samlp", false),
    ];
    for connection in &mut list {
        match connection.name.as_str() {
            "Archive" => connection.enabled = false,
            // One social connection has profiles that the API can change.
            "github" => connection.syncs_profile = false,
            _ => {}
        }
    }
    list
}

fn permission(resource_server: &str, name: &str) -> Permission {
    Permission {
        resource_server: resource_server.to_owned(),
        name: name.to_owned(),
    }
}

fn roles(ids: &mut Ids) -> [Role; INITIAL_ROLES] {
    let mut role = |name: &str, description: &str, permissions: &[(&str, &str)]| Role {
        id: format!("rol_{}", ids.alnum(16)),
        name: name.to_owned(),
        description: description.to_owned(),
        permissions: permissions
            .iter()
            .map(|(server, name)| permission(server, name))
            .collect(),
    };
    [
        role(
            "admin",
            "May do everything",
            &[
                (ITEMS, "read:items"),
                (ITEMS, "write:items"),
                (ITEMS, "delete:items"),
                (BILLING, "read:invoices"),
                (BILLING, "pay:invoices"),
            ],
        ),
        role(
            "editor",
            "Changes items",
            &[(ITEMS, "read:items"), (ITEMS, "write:items")],
        ),
        role("viewer", "Looks at items", &[(ITEMS, "read:items")]),
        role(
            "accountant",
            "Pays invoices",
            &[(BILLING, "read:invoices"), (BILLING, "pay:invoices")],
        ),
    ]
}

fn resource_servers() -> [ResourceServer; INITIAL_RESOURCE_SERVERS] {
    let server = |identifier: &str, name: &str, permissions: &[(&str, &str)]| ResourceServer {
        identifier: identifier.to_owned(),
        name: name.to_owned(),
        permissions: permissions
            .iter()
            .map(|(name, description)| (String::from(*name), String::from(*description)))
            .collect(),
    };
    [
        server(
            ITEMS,
            "Items",
            &[
                ("read:items", "Read items"),
                ("write:items", "Change items"),
                ("delete:items", "Delete items"),
            ],
        ),
        server(
            BILLING,
            "Billing",
            &[
                ("read:invoices", "Read invoices"),
                ("pay:invoices", "Pay invoices"),
            ],
        ),
    ]
}
