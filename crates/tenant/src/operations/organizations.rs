//! The organizations of a user.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::checkpoint::Checkpoint;
use crate::operations::handler::{Handler, run};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[("users.organizations.list", run(list))];

/// The limit of offset pagination; checkpoint pagination has none.
const MAX_BY_PAGE: usize = 1000;

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let query = &call.query;
    let (related, directory) = context.state.related_and_directory(call.param(0))?;
    let items: Vec<(String, Value)> = related
        .organizations
        .iter()
        .filter_map(|id| directory.organization(id))
        .map(|organization| {
            let item = json!({
                "id": organization.id,
                "name": organization.name,
                "display_name": organization.display_name,
            });
            (organization.id.clone(), item)
        })
        .collect();
    if query.has("from") || query.has("take") {
        let checkpoint = Checkpoint {
            name: "organizations",
            default_take: 50,
            has_totals: false,
        };
        return checkpoint.reply(query, context.config.empty_last_page, context.now, items);
    }
    let offset = query.offset();
    if offset.start >= MAX_BY_PAGE {
        let page = query.number("page").unwrap_or(0);
        return Err(ApiError::new(
            400,
            "invalid_paging",
            format!(
                "Requesting page {page} exceeds the allowed maximum of {MAX_BY_PAGE} records. \
                 To fetch results beyond {MAX_BY_PAGE}, use the checkpoint pagination method"
            ),
        ));
    }
    let items = items.into_iter().map(|(_, item)| item).collect();
    Ok(offset.slice("organizations", items))
}
