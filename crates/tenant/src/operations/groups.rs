//! The groups of a user.

use serde_json::Value;

use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::checkpoint::Checkpoint;
use crate::operations::handler::{Handler, run};
use crate::state::clock::iso;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[("users.groups.get", run(list))];

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let query = &call.query;
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let items: Vec<(String, Value)> = related
        .groups
        .iter()
        .filter_map(|(id, joined)| Some((directory.group(id)?, joined)))
        .map(|(group, joined)| {
            let mut item = group.to_json();
            item.insert("membership_created_at".into(), iso(*joined).into());
            (group.id.clone(), query.project(item))
        })
        .collect();
    if query.has("from") || query.has("take") {
        let checkpoint = Checkpoint {
            name: "groups",
            default_take: 50,
            has_totals: true,
        };
        return checkpoint.reply(query, context.config.empty_last_page, context.now, items);
    }
    let items = items.into_iter().map(|(_, item)| item).collect();
    Ok(query.offset().slice("groups", items))
}
