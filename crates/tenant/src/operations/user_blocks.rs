//! Blocks of brute-force protection, by login or by user.

use serde_json::{Map, Value, json};

use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::state::Block;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("userBlocks.listByIdentifier", run(list_by_identifier)),
    ("userBlocks.deleteByIdentifier", run(delete_by_identifier)),
    ("userBlocks.list", run(list)),
    ("userBlocks.delete", run(delete)),
];

/// Returns the blocks that `applies` selects.
fn list_blocks(context: &Context<'_>, call: &Call<'_>, applies: impl Fn(&Block) -> bool) -> Reply {
    // While the protection is off, its blocks have no effect.
    let idle = call.query.flag("consider_brute_force_enablement") == Some(true)
        && !context.config.brute_force_protection;
    let blocks: Vec<Value> = context
        .state
        .blocks
        .iter()
        .filter(|block| !idle && applies(block))
        .map(|block| {
            let mut item = Map::new();
            item.insert("identifier".into(), block.identifier.clone().into());
            item.insert("connection".into(), block.connection.clone().into());
            if let Some(ip) = &block.ip {
                item.insert("ip".into(), ip.clone().into());
            }
            Value::Object(item)
        })
        .collect();
    Reply::json(200, json!({ "blocked_for": blocks }))
}

fn list_by_identifier(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let identifier = call.query.text("identifier").unwrap_or_default();
    Ok(list_blocks(context, call, |block| {
        block.identifier == identifier
    }))
}

fn delete_by_identifier(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let identifier = call.query.text("identifier").unwrap_or_default();
    context
        .state
        .blocks
        .retain(|block| block.identifier != identifier);
    Ok(Reply::empty(204))
}

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let user = context.state.user(call.param(0))?;
    Ok(list_blocks(context, call, |block| block.applies_to(user)))
}

fn delete(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let user = context.state.user(call.param(0))?.clone();
    context.state.lift_blocks(&user);
    Ok(Reply::empty(204))
}
