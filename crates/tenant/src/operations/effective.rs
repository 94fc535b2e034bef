//! Effective roles and permissions: those of the user, of its roles, and of the roles of its groups.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::checkpoint::Checkpoint;
use crate::operations::handler::{Handler, run};
use crate::state::directory::{Directory, Role};
use crate::state::related::{Permission, RelatedResources};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("users.effectivePermissions.list", run(permissions)),
    (
        "users.effectivePermissions.sources.roles.list",
        run(permission_roles),
    ),
    ("users.effectiveRoles.list", run(roles)),
    ("users.effectiveRoles.sources.groups.list", run(role_groups)),
];

fn checkpoint(name: &str) -> Checkpoint<'_> {
    Checkpoint {
        name,
        default_take: 50,
        has_totals: false,
    }
}

/// Returns each role of the user once, with its sources.
fn effective_roles<'a>(
    related: &RelatedResources,
    directory: &'a Directory,
) -> Vec<(&'a Role, Vec<&'static str>)> {
    let of_groups: Vec<&String> = related
        .groups
        .iter()
        .filter_map(|(id, _)| directory.group(id))
        .flat_map(|group| &group.roles)
        .collect();
    directory
        .roles
        .iter()
        .filter_map(|role| {
            let mut sources = Vec::new();
            if related.roles.contains(&role.id) {
                sources.push("direct");
            }
            if of_groups.contains(&&role.id) {
                sources.push("groups");
            }
            (!sources.is_empty()).then_some((role, sources))
        })
        .collect()
}

fn permissions(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let identifier = call
        .query
        .text("resource_server_identifier")
        .unwrap_or_default();
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let roles = effective_roles(related, directory);
    let server = directory
        .resource_servers
        .iter()
        .find(|server| server.identifier == identifier);
    let mut items = Vec::new();
    for (name, description) in server.into_iter().flat_map(|server| &server.permissions) {
        let permission = Permission {
            resource_server: identifier.to_owned(),
            name: name.clone(),
        };
        let mut sources = Vec::new();
        if related.permissions.contains(&permission) {
            sources.push("direct");
        }
        if roles
            .iter()
            .any(|(role, _)| role.permissions.contains(&permission))
        {
            sources.push("roles");
        }
        if !sources.is_empty() {
            let item = json!({
                "resource_server_identifier": identifier,
                "permission_name": name,
                "resource_server_name": server.map(|server| &server.name),
                "description": description,
                "sources": sources,
            });
            items.push((name.clone(), item));
        }
    }
    checkpoint("permissions").reply(
        &call.query,
        context.config.empty_last_page,
        context.now,
        items,
    )
}

fn permission_roles(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let text = |name: &str| call.query.text(name).unwrap_or_default().to_owned();
    let permission = Permission {
        resource_server: text("resource_server_identifier"),
        name: text("permission_name"),
    };
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let items = effective_roles(related, directory)
        .into_iter()
        .filter(|(role, _)| role.permissions.contains(&permission))
        .map(|(role, sources)| {
            let mut item = role.to_json();
            item.insert("type".into(), "tenant".into());
            item.insert("sources".into(), json!(sources));
            (role.id.clone(), Value::Object(item))
        })
        .collect();
    checkpoint("roles").reply(
        &call.query,
        context.config.empty_last_page,
        context.now,
        items,
    )
}

fn roles(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let items = effective_roles(related, directory)
        .into_iter()
        .map(|(role, sources)| {
            let mut item = role.to_json();
            item.insert("sources".into(), json!(sources));
            (role.id.clone(), Value::Object(item))
        })
        .collect();
    checkpoint("roles").reply(
        &call.query,
        context.config.empty_last_page,
        context.now,
        items,
    )
}

fn role_groups(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let role = call.query.text("role_id").unwrap_or_default();
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    if directory.role(role).is_none() {
        return Err(ApiError::without_code(
            404,
            format!("The role {role} does not exist."),
        ));
    }
    let items = related
        .groups
        .iter()
        .filter_map(|(id, _)| directory.group(id))
        .filter(|group| group.roles.iter().any(|own| own == role))
        .map(|group| (group.id.clone(), Value::Object(group.to_json())))
        .collect();
    checkpoint("groups").reply(
        &call.query,
        context.config.empty_last_page,
        context.now,
        items,
    )
}
