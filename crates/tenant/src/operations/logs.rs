//! What happened to a user, newest first.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::error::ApiError;
use crate::model::User;
use crate::operation::{Answer, Call, Context};
use crate::page::compare;
use crate::related::Log;

/// Pages reach no further.
const MOST: usize = 1000;

pub(crate) fn list(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let offset = call.query.offset();
    if offset.start >= MOST {
        return Err(ApiError::new(
            400,
            "invalid_paging",
            format!("You can only page through the first {MOST} records."),
        ));
    }
    let id = call.param(0);
    // The log of nobody is empty.
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
    items.truncate(MOST);
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
