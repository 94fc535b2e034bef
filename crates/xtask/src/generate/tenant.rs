//! The rows of the local tenant: `crates/tenant/src/routes/rows.rs`.

use anyhow::Result;

use super::description::{Description, Needs, Parameter};

/// The file.
pub fn rows(description: &Description) -> Result<String> {
    let mut rows = String::new();
    for (name, operation) in &description.operations {
        let needs = match operation.needs {
            Needs::Any => "Any",
            Needs::All => "All",
        };
        let fields: String = description
            .query_of_server(operation)?
            .iter()
            .map(|(name, parameter)| field(description, name, parameter))
            .collect();
        rows.push_str(&format!(
            "Operation {{ name: {name:?}, method: {:?}, path: {:?}, scopes: Scopes::{needs}(&{:?}), query: &[{fields}] }},\n",
            operation.method(),
            operation.url(),
            operation.scopes,
        ));
    }
    let mut imports = vec!["Field", "Kind", "Operation", "Scopes"];
    for name in ["Format", "TEXT"] {
        if rows.contains(name) {
            imports.push(name);
        }
    }
    imports.sort_by_key(|name| (*name == "TEXT", *name));
    Ok(format!(
        "//! The operations of the API: names, methods, paths, scopes and query parameters. The\n\
         //! handlers are in `operations/`.\n\nuse super::row::{{{}}};\n\n\
         /// The operations, in the order of the official client.\npub static OPERATIONS: &[Operation] = &[\n{rows}];\n",
        imports.join(", ")
    ))
}

fn field(description: &Description, name: &str, parameter: &Parameter) -> String {
    let kind = parameter.kind.as_deref().unwrap_or_default();
    let bound = |value: Option<u64>, otherwise: &str| {
        value.map_or_else(|| otherwise.to_owned(), |value| value.to_string())
    };
    let kind = match (kind, parameter.format.as_deref()) {
        ("boolean", _) => "Kind::Bool".to_owned(),
        ("integer", _) => format!(
            "Kind::Int({}, {})",
            bound(parameter.min, "0"),
            bound(parameter.max, "i64::MAX")
        ),
        (kind, _)
            if description
                .find(kind)
                .is_some_and(|found| !found.values.is_empty()) =>
        {
            let values = description.find(kind).map(|found| found.values.as_slice());
            format!("Kind::Enum(&{:?})", values.unwrap_or_default())
        }
        (_, None) if parameter.min.is_none() && parameter.max.is_none() => "TEXT".to_owned(),
        (_, format) => format!(
            "Kind::Text({}, {}, Format::{})",
            bound(parameter.min, "0"),
            bound(parameter.max, "usize::MAX"),
            match format {
                Some("sort") => "Sort",
                _ => "Any",
            }
        ),
    };
    let required = if parameter.required {
        ".required()"
    } else {
        ""
    };
    format!("Field::new({name:?}, {kind}){required},")
}
