//! Roles of a user, assigned directly.

use serde_json::Value;

use crate::error::ApiError;
use crate::operation::{Answer, Call, Context};
use crate::reply::Reply;
use crate::validate::{FILLED, Field, Kind};

pub(crate) const BODY: Kind =
    Kind::Object(&[Field::new("roles", Kind::List(1, &FILLED)).required()]);

/// No user can have more.
const MOST: usize = 50;

pub(crate) fn list(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let roles = related
        .roles
        .iter()
        .filter_map(|id| directory.role(id))
        .map(|role| Value::Object(role.to_json()))
        .collect();
    Ok(call.query.offset().slice("roles", roles))
}

fn ids<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a str> {
    call.list("roles").iter().filter_map(Value::as_str)
}

pub(crate) fn assign(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let mut roles = related.roles.clone();
    for id in ids(call) {
        if directory.role(id).is_none() {
            return Err(ApiError::plain(
                404,
                format!("The role {id} does not exist."),
            ));
        }
        if !roles.iter().any(|own| own == id) {
            roles.push(id.to_owned());
        }
    }
    if roles.len() > MOST {
        return Err(ApiError::plain(
            400,
            format!("A user cannot have more than {MOST} roles."),
        ));
    }
    related.roles = roles;
    Ok(Reply::empty(204))
}

pub(crate) fn delete(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let related = context.state.related(call.param(0))?;
    related.roles.retain(|own| !ids(call).any(|id| id == own));
    Ok(Reply::empty(204))
}
