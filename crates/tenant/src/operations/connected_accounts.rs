//! Accounts at other services that a user has connected.

use serde_json::json;

use crate::checkpoint::Checkpoint;
use crate::clock::iso;
use crate::operation::{Answer, Call, Context};

pub(crate) fn list(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let items = related
        .connected_accounts
        .iter()
        .filter_map(|account| {
            let connection = directory.connection(&account.connection)?;
            let item = json!({
                "id": account.id,
                "connection": connection.name,
                "connection_id": connection.id,
                "strategy": connection.provider,
                "access_type": "offline",
                "scopes": ["openid", "profile", "offline_access"],
                "created_at": iso(account.created_at),
            });
            Some((account.id.clone(), item))
        })
        .collect();
    let checkpoint = Checkpoint {
        name: "connected_accounts",
        default_take: 10,
        counts: false,
    };
    checkpoint.reply(&call.query, context.config, context.now, items)
}
