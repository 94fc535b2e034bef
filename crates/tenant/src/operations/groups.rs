//! Groups that a user is a member of.

use serde_json::Value;

use crate::checkpoint::Checkpoint;
use crate::clock::iso;
use crate::operation::{Answer, Call, Context};

pub(crate) fn list(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
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
            counts: true,
        };
        return checkpoint.reply(query, context.config, context.now, items);
    }
    let items = items.into_iter().map(|(_, item)| item).collect();
    Ok(query.offset().slice("groups", items))
}
