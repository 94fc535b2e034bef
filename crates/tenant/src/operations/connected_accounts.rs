//! The connected accounts of a user at other services.

use serde_json::json;

use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::checkpoint::Checkpoint;
use crate::operations::handler::{Handler, run};
use crate::state::clock::iso;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[("users.connectedAccounts.list", run(list))];

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
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
        has_totals: false,
    };
    checkpoint.reply(
        &call.query,
        context.config.empty_last_page,
        context.now,
        items,
    )
}
