//! What the TypeScript files have in common: types as text, and imports.

use std::collections::{BTreeMap, BTreeSet};

use super::description::Description;

/// The modules of types that are written by hand, and what generated files use of them.
const BY_HAND: [(&str, &[&str]); 5] = [
    ("common", &["Metadata", "Open"]),
    ("responses", &["HttpResponsePromise"]),
    ("options", &["RequestOptions"]),
    (
        "lists",
        &[
            "CheckpointParameters",
            "FieldList",
            "FieldNames",
            "FieldsParameters",
            "Flag",
            "Listed",
            "OffsetParameters",
            "Page",
            "Projected",
            "SortOrder",
        ],
    ),
    ("uploads", &["Uploadable"]),
];

/// A type of the description in TypeScript.
pub fn type_text(kind: &str, is_readonly: bool) -> String {
    let parts: Vec<_> = kind
        .split(" | ")
        .map(|part| {
            let readonly = if is_readonly && part.ends_with("[]") {
                "readonly "
            } else {
                ""
            };
            let name = part.trim_end_matches("[]");
            let name = match name {
                "integer" => "number",
                "map" => "Record<string, any>",
                name => name,
            };
            let array = if part.ends_with("[]") { "[]" } else { "" };
            format!("{readonly}{name}{array}")
        })
        .collect();
    parts.join(" | ")
}

/// `Open<"a" | "b">`
pub fn enum_text(values: &[String]) -> String {
    let values: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
    format!("Open<{}>", values.join(" | "))
}

/// The names that a piece of TypeScript mentions. Comments are left out.
fn mentioned(code: &str) -> BTreeSet<&str> {
    let lines = code.lines().filter(|line| {
        let line = line.trim_start();
        !(line.starts_with('*') || line.starts_with("/**"))
    });
    lines
        .flat_map(|line| {
            // What stands in quotes is no name.
            line.split('"').step_by(2)
        })
        .flat_map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect()
}

/// The imports of types for a file in which this code is, with that path to the folder of types.
pub fn imports(
    description: &Description,
    code: &str,
    types: &str,
    own_module: Option<&str>,
) -> String {
    let mut from: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in mentioned(code) {
        let by_hand = BY_HAND
            .iter()
            .find(|(_, names)| names.contains(&name))
            .map(|(module, _)| *module);
        let module = description.module_of(name).or(by_hand);
        if let Some(module) = module
            && Some(module) != own_module
        {
            from.entry(module).or_default().push(name);
        }
    }
    from.iter()
        .map(|(module, names)| {
            format!(
                "import type {{ {} }} from \"{types}{module}.ts\";\n",
                names.join(", ")
            )
        })
        .collect()
}
