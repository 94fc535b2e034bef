//! The table of operations for the client in TypeScript.

use std::fmt::Write as _;

use anyhow::Result;

use super::description::{Description, Needs};
use super::resources::input_kind;

/// The declaration of a row.
const ROW: &str = "/** What a call of an operation takes, and what its token needs. */
export interface Operation {
  /** What the call takes besides identifiers and options. */
  readonly input?: \"query\" | \"body\" | \"optional body\" | \"items\" | \"form\";
  /** The query parameters that are required, with spaces between. */
  readonly required?: string;
  readonly optional?: string;
  /** The scopes of which a token needs one, or all, with spaces between; the preferred one is first. */
  readonly scopes: string;
  readonly needsAllScopes?: true;
}
";

/// The table of the client.
pub fn typescript(description: &Description) -> Result<String> {
    let names: Vec<_> = description
        .operations
        .keys()
        .map(|name| format!("\n  | {name:?}"))
        .collect();
    let mut rows = String::new();
    for (name, operation) in &description.operations {
        write!(rows, "  {name:?}: {{ ")?;
        let kind = input_kind(operation);
        if !kind.is_empty() {
            write!(rows, "input: {kind:?}, ")?;
        }
        let parameters = description.query_of(operation)?;
        for (field, is_required) in [("required", true), ("optional", false)] {
            let names = parameters
                .iter()
                .filter(|(_, parameter)| parameter.required == is_required);
            let names: Vec<_> = names.map(|(name, _)| name.as_str()).collect();
            if !names.is_empty() {
                write!(rows, "{field}: {:?}, ", names.join(" "))?;
            }
        }
        write!(rows, "scopes: {:?}", operation.scopes.join(" "))?;
        if operation.needs == Needs::All {
            rows.push_str(", needsAllScopes: true");
        }
        rows.push_str(" },\n");
    }
    Ok(format!(
        "/** The operations, named as the methods of `ManagementClient` are. */\n\
         export type OperationName ={};\n\n{ROW}\n\
         /** Every operation, in the order of the module's own table. */\n\
         export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {{\n{rows}}};\n",
        names.concat(),
    ))
}
