//! What a user can do all in all: directly, by roles, and by the roles of groups.

use serde_json::{Value, json};

use crate::checkpoint::Checkpoint;
use crate::directory::{Directory, Role};
use crate::error::ApiError;
use crate::operation::{Answer, Call, Context};
use crate::related::{Permission, Related};

fn checkpoint(name: &str) -> Checkpoint<'_> {
    Checkpoint {
        name,
        default_take: 50,
        counts: false,
    }
}

/// Every role of the user once, with how it comes to it.
fn effective_roles<'a>(
    related: &Related,
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

pub(crate) fn permissions(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
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
    checkpoint("permissions").reply(&call.query, context.config, context.now, items)
}

pub(crate) fn permission_roles(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
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
    checkpoint("roles").reply(&call.query, context.config, context.now, items)
}

pub(crate) fn roles(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let items = effective_roles(related, directory)
        .into_iter()
        .map(|(role, sources)| {
            let mut item = role.to_json();
            item.insert("sources".into(), json!(sources));
            (role.id.clone(), Value::Object(item))
        })
        .collect();
    checkpoint("roles").reply(&call.query, context.config, context.now, items)
}

pub(crate) fn role_groups(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let role = call.query.text("role_id").unwrap_or_default();
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    if directory.role(role).is_none() {
        return Err(ApiError::plain(
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
    checkpoint("groups").reply(&call.query, context.config, context.now, items)
}
