//! The directory of a tenant: connections, roles, APIs with their permissions, organizations and groups.

use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::state::clock::iso;
use crate::state::connection::Connection;
use crate::state::related::Permission;
use crate::state::snapshot::snapshot;

#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    pub connections: Vec<Connection>,
    pub roles: Vec<Role>,
    pub resource_servers: Vec<ResourceServer>,
    pub organizations: Vec<Organization>,
    pub groups: Vec<Group>,
}

#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub id: String,
    pub name: String,
    pub description: String,
    pub permissions: Vec<Permission>,
}

impl Role {
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("id".into(), self.id.clone().into());
        object.insert("name".into(), self.name.clone().into());
        object.insert("description".into(), self.description.clone().into());
        object
    }
}

/// An API with its permissions.
#[derive(Clone, Debug)]
pub(crate) struct ResourceServer {
    pub identifier: String,
    pub name: String,
    /// Names with descriptions.
    pub permissions: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Organization {
    pub id: String,
    pub name: String,
    pub display_name: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub id: String,
    pub name: String,
    pub created_at: u64,
    pub connection_id: String,
    /// Ids of the roles that its members inherit.
    pub roles: Vec<String>,
}

impl Group {
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("id".into(), self.id.clone().into());
        object.insert("name".into(), self.name.clone().into());
        object.insert("connection_id".into(), self.connection_id.clone().into());
        object.insert("created_at".into(), iso(self.created_at).into());
        object.insert("updated_at".into(), iso(self.created_at).into());
        object
    }
}

impl Directory {
    pub(crate) fn connection(&self, name: &str) -> Option<&Connection> {
        self.connections.iter().find(|own| own.name == name)
    }

    pub(crate) fn connection_by_id(&self, id: &str) -> Result<&Connection, ApiError> {
        let found = self.connections.iter().find(|own| own.id == id);
        found.ok_or_else(connection_not_found)
    }

    pub(crate) fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    pub(crate) fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    pub(crate) fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.iter().find(|own| own.id == id)
    }

    /// Returns the API and the description of a permission.
    pub(crate) fn permission(&self, wanted: &Permission) -> Option<(&ResourceServer, &str)> {
        let server = self
            .resource_servers
            .iter()
            .find(|server| server.identifier == wanted.resource_server)?;
        let (_, description) = server
            .permissions
            .iter()
            .find(|(name, _)| *name == wanted.name)?;
        Some((server, description))
    }

    /// Adds the APIs and permissions that are missing.
    pub(crate) fn add_permissions(&mut self, permissions: &[Permission]) {
        for permission in permissions {
            let identifier = &permission.resource_server;
            let servers = &mut self.resource_servers;
            if !servers.iter().any(|own| own.identifier == *identifier) {
                servers.push(ResourceServer {
                    identifier: identifier.clone(),
                    name: identifier.clone(),
                    permissions: Vec::new(),
                });
            }
            let server = servers.iter_mut().find(|own| own.identifier == *identifier);
            if let Some(server) = server
                && !server
                    .permissions
                    .iter()
                    .any(|(name, _)| *name == permission.name)
            {
                server
                    .permissions
                    .push((permission.name.clone(), String::new()));
            }
        }
    }

    /// Returns names and ids, for tests that refer to generated entries.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "connections": self.connections.iter().map(|own| json!({
                "id": own.id,
                "name": own.name,
                "strategy": own.provider,
                "enabled": own.enabled,
                "requires_username": own.requires_username,
            })).collect::<Vec<_>>(),
            "roles": self.roles.iter().map(|own| json!({
                "id": own.id,
                "name": own.name,
                "permissions": permissions(&own.permissions),
            })).collect::<Vec<_>>(),
            "resource_servers": self.resource_servers.iter().map(|own| json!({
                "identifier": own.identifier,
                "name": own.name,
                "permissions": own.permissions.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "organizations": self.organizations.iter().map(|own| json!({
                "id": own.id,
                "name": own.name,
            })).collect::<Vec<_>>(),
            "groups": self.groups.iter().map(|own| json!({
                "id": own.id,
                "name": own.name,
                "roles": own.roles,
            })).collect::<Vec<_>>(),
        })
    }
}

fn permissions(list: &[Permission]) -> Value {
    let items = list.iter().map(|own| {
        json!({
            "resource_server_identifier": own.resource_server,
            "permission_name": own.name,
        })
    });
    Value::Array(items.collect())
}

/// The refusal of a connection that does not exist.
pub(crate) fn connection_not_found() -> ApiError {
    ApiError::new(
        400,
        "inexistent_connection",
        "The connection does not exist.",
    )
}

snapshot!(Directory {
    connections,
    roles,
    resource_servers,
    organizations,
    groups
});

snapshot!(Role {
    id,
    name,
    description,
    permissions
});

snapshot!(ResourceServer {
    identifier,
    name,
    permissions
});

snapshot!(Organization {
    id,
    name,
    display_name
});

snapshot!(Group {
    id,
    name,
    created_at,
    connection_id,
    roles
});
