//! The table of operations for the client in TypeScript.

use std::fmt::Write as _;

use anyhow::Result;

use super::description::{Description, Needs, Operation};
use super::resources::input_kind;

/// The names of the required and of the optional query parameters, with spaces between.
fn query_names(description: &Description, operation: &Operation) -> Result<[String; 2]> {
    let parameters = description.query_of(operation)?;
    let names = |is_required: bool| {
        let names = parameters
            .iter()
            .filter(|(_, parameter)| parameter.required == is_required);
        let names: Vec<_> = names.map(|(name, _)| name.as_str()).collect();
        names.join(" ")
    };
    Ok([names(true), names(false)])
}

/// The table of the client.
pub fn typescript(description: &Description) -> Result<String> {
    let names: Vec<_> = description
        .operations
        .keys()
        .map(|name| format!("\n  | {name:?}"))
        .collect();
    let mut lines = String::new();
    for (name, operation) in &description.operations {
        let list = if operation.is_list() { "*" } else { "" };
        let all = if operation.needs == Needs::All {
            "+"
        } else {
            ""
        };
        let ids = "i".repeat(operation.ids().len());
        let kind = input_kind(operation);
        let [required, optional] = query_names(description, operation)?;
        let scopes = operation.scopes.join(" ");
        writeln!(
            lines,
            "{name},{list}{all}{ids},{kind},{required},{optional},{scopes}"
        )?;
    }
    Ok(format!(
        "/** The operations, named as the methods of `ManagementClient` are. */\n\
         export type OperationName ={};\n\n\
         /**\n * The operations, in the order of the module's own table, a line each with commas between: the name; a star for a\n \
         * list, a plus if all scopes are needed, an `i` for each path parameter; the kind of the input; the query parameters\n \
         * that are required, and the optional ones; the scopes.\n */\n\
         export const OPERATIONS = `\n{lines}`;\n",
        names.concat(),
    ))
}
