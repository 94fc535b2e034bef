//! The log of a user, newest event first.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::state::clock::iso;
use crate::state::field::compare;
use crate::state::related::Log;
use crate::state::user::User;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[("users.logs.list", run(list))];

/// The limit of events that can be paged through.
const MAX: usize = 1000;

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let offset = call.query.offset();
    if offset.start >= MAX {
        return Err(ApiError::new(
            400,
            "invalid_paging",
            format!("You can only page through the first {MAX} records."),
        ));
    }
    let id = call.param(0);
    // The API returns an empty log for an unknown user.
    let logs = context
        .state
        .related(id)
        .map(|related| related.logs.clone());
    let user = context.state.users.get(id);
    let mut items: Vec<Value> = logs
        .into_iter()
        .flatten()
        .rev()
        .filter_map(|log| Some(describe(&log, user?)))
        .collect();
    if let Some((field, descending)) = call.query.sort() {
        items.sort_by(|one, other| compare(one.get(field), other.get(field), descending));
    }
    items.truncate(MAX);
    Ok(offset.slice_with_length("logs", items))
}

fn describe(log: &Log, user: &User) -> Value {
    let identity = user.identities.first();
    json!({
        "date": iso(log.at),
        "type": log.kind,
        "description": if log.kind == "f" { "Wrong email or password." } else { "" },
        "connection": identity.map(|own| &own.connection),
        "strategy": identity.map(|own| &own.provider),
        "client_id": "TenantDemoConsole",
        "client_name": "Demo console",
        "ip": log.ip,
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Demo/1.0",
        "user_id": user.user_id,
        "user_name": user.profile.email.as_ref().or(user.profile.name.as_ref()),
        "log_id": log.id,
        "isMobile": false,
        "details": {},
    })
}
