//! The roles of a user.

use serde_json::Value;

use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::{Field, Kind, NON_EMPTY};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("users.roles.list", run(list)),
    ("users.roles.assign", run(assign).body(&BODY)),
    ("users.roles.delete", run(delete).body(&BODY)),
];

const BODY: Kind = Kind::Object(&[Field::new("roles", Kind::List(1, &NON_EMPTY)).required()]);

/// The limit of roles for a user.
const MAX: usize = 50;

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let roles = related
        .roles
        .iter()
        .filter_map(|id| directory.role(id))
        .map(|role| Value::Object(role.to_json()))
        .collect();
    Ok(call.query.offset().slice("roles", roles))
}

/// Returns the ids in the body.
fn ids<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a str> {
    call.list("roles").iter().filter_map(Value::as_str)
}

fn assign(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let mut roles = related.roles.clone();
    for id in ids(call) {
        if directory.role(id).is_none() {
            return Err(ApiError::without_code(
                404,
                format!("The role {id} does not exist."),
            ));
        }
        if !roles.iter().any(|own| own == id) {
            roles.push(id.to_owned());
        }
    }
    if roles.len() > MAX {
        return Err(ApiError::without_code(
            400,
            format!("A user cannot have more than {MAX} roles."),
        ));
    }
    related.roles = roles;
    Ok(Reply::empty(204))
}

fn delete(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let related = context.state.related(call.param(0))?;
    related.roles.retain(|own| !ids(call).any(|id| id == own));
    Ok(Reply::empty(204))
}
