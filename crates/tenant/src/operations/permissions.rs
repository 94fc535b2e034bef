//! The permissions of a user, granted directly or by its roles.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::{Field, Kind, TEXT};
use crate::state::directory::Directory;
use crate::state::related::{Permission, RelatedResources};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("users.permissions.list", run(list)),
    ("users.permissions.create", run(create).body(&BODY)),
    ("users.permissions.delete", run(delete).body(&BODY)),
];

const ITEM: Kind = Kind::Object(&[
    Field::new("resource_server_identifier", TEXT).required(),
    Field::new("permission_name", TEXT).required(),
]);

const BODY: Kind = Kind::Object(&[Field::new("permissions", Kind::List(1, &ITEM)).required()]);

/// The limit of permissions for a user.
const MAX: usize = 1000;

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let permissions = with_sources(related, directory)
        .into_iter()
        .filter_map(|(permission, sources)| describe(directory, &permission, sources))
        .collect();
    Ok(call.query.offset().slice("permissions", permissions))
}

/// Returns each permission once, with its sources.
fn with_sources(
    related: &RelatedResources,
    directory: &Directory,
) -> Vec<(Permission, Vec<Value>)> {
    let direct = json!({ "source_id": "", "source_name": "", "source_type": "DIRECT" });
    let mut found: Vec<(Permission, Vec<Value>)> = related
        .permissions
        .iter()
        .map(|permission| (permission.clone(), vec![direct.clone()]))
        .collect();
    for role in related.roles.iter().filter_map(|id| directory.role(id)) {
        let source = json!({
            "source_id": role.id,
            "source_name": role.name,
            "source_type": "ROLE",
        });
        for permission in &role.permissions {
            match found.iter_mut().find(|(own, _)| own == permission) {
                Some((_, sources)) => sources.push(source.clone()),
                None => found.push((permission.clone(), vec![source.clone()])),
            }
        }
    }
    found
}

fn describe(directory: &Directory, permission: &Permission, sources: Vec<Value>) -> Option<Value> {
    let (server, description) = directory.permission(permission)?;
    Some(json!({
        "resource_server_identifier": server.identifier,
        "permission_name": permission.name,
        "resource_server_name": server.name,
        "description": description,
        "sources": sources,
    }))
}

/// Returns the permissions in the body.
fn requested(call: &Call<'_>) -> Vec<Permission> {
    Permission::read_list(call.list("permissions"))
}

fn create(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let mut permissions = related.permissions.clone();
    for permission in requested(call) {
        if directory.permission(&permission).is_none() {
            return Err(ApiError::new(
                404,
                "inexistent_resource_server_permission",
                format!(
                    "The permission {} of the API {} does not exist.",
                    permission.name, permission.resource_server
                ),
            ));
        }
        if !permissions.contains(&permission) {
            permissions.push(permission);
        }
    }
    if permissions.len() > MAX {
        return Err(ApiError::without_code(
            400,
            format!("A user cannot have more than {MAX} permissions."),
        ));
    }
    related.permissions = permissions;
    Ok(Reply::json(201, json!({})))
}

fn delete(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let requested = requested(call);
    let related = context.state.related(call.param(0))?;
    related.permissions.retain(|own| !requested.contains(own));
    Ok(Reply::empty(204))
}
