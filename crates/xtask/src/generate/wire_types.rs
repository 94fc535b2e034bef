//! The TypeScript types of the wire: `pkg-template/src/types/`.

use std::collections::BTreeSet;

use anyhow::Result;

use super::description::{
    Description, Field, Module, Operation, Parameter, Query, Type, bare, resource_of,
};
use super::text::{jsdoc, wrap};
use super::typescript::{enum_text, imports, type_text};

/// How wide the text of a comment is.
const WIDTH: usize = 112;

/// The files, each with its name.
pub fn files(description: &Description) -> Result<Vec<(String, String)>> {
    let requests = description.sent_types();
    let mut files = Vec::new();
    for (name, module) in &description.types {
        let code = module_code(description, name, module, &requests)?;
        let imports = imports(description, &code, "./", Some(name));
        files.push((format!("{name}.ts"), format!("{imports}\n{code}")));
    }
    files.push(("wire.ts".to_owned(), re_exports(description)));
    Ok(files)
}

fn module_code(
    description: &Description,
    name: &str,
    module: &Module,
    requests: &BTreeSet<&str>,
) -> Result<String> {
    let mut code = String::new();
    for (name, declared) in &module.types {
        code.push_str(&type_code(name, declared, requests.contains(name.as_str())));
    }
    for (operation_name, operation) in &description.operations {
        let resource = description.resources.get(resource_of(operation_name));
        if let Some(query) = &operation.query
            && resource.is_some_and(|resource| resource.module == name)
        {
            code.push_str(&query_code(description, operation, query)?);
        }
    }
    Ok(code)
}

fn type_code(name: &str, declared: &Type, is_request: bool) -> String {
    let doc = jsdoc(&wrap(&declared.doc, WIDTH), 0);
    let generics = declared
        .generics
        .as_ref()
        .map_or_else(String::new, |generics| format!("<{generics}>"));
    if let Some(alias) = &declared.alias {
        let alias = type_text(alias, is_request);
        return format!("{doc}export type {name}{generics} = {alias};\n\n");
    }
    let Some(fields) = &declared.fields else {
        let values = enum_text(&declared.values);
        return format!("{doc}export type {name}{generics} = {values};\n\n");
    };
    let extends = if declared.extends.is_empty() {
        String::new()
    } else {
        format!(" extends {}", declared.extends.join(", "))
    };
    let fields: String = fields
        .iter()
        .map(|(name, field)| field_code(name, field, is_request))
        .collect();
    format!("{doc}export interface {name}{generics}{extends} {{\n{fields}}}\n\n")
}

fn field_code(name: &str, field: &Field, is_request: bool) -> String {
    let doc = jsdoc(&wrap(&field.doc, WIDTH), 2);
    let mark = if field.required { "" } else { "?" };
    let kind = match &field.ts {
        Some(ts) => ts.clone(),
        None if field.values.is_empty() => type_text(&field.kind, is_request),
        None => enum_text(&field.values),
    };
    let null = if field.nullable { " | null" } else { "" };
    format!("{doc}  {name}{mark}: {kind}{null};\n")
}

/// What several parameters that come together are declared by.
pub struct Groups {
    /// `page`, `per_page` and `include_totals`.
    pub offset: bool,
    /// `from` and `take`.
    pub checkpoint: bool,
    /// `fields` and `include_fields`.
    pub fields: bool,
}

impl Groups {
    /// Those among these parameters.
    pub fn of(parameters: &[(String, Parameter)]) -> Self {
        let has = |name: &str| parameters.iter().any(|(other, _)| other == name);
        Self {
            offset: has("page"),
            checkpoint: has("from"),
            fields: has("fields"),
        }
    }

    fn contain(&self, name: &str) -> bool {
        match name {
            "page" | "per_page" => true,
            "include_totals" => self.offset,
            "from" | "take" => true,
            "fields" | "include_fields" => true,
            _ => false,
        }
    }
}

fn query_code(description: &Description, operation: &Operation, query: &Query) -> Result<String> {
    let parameters = description.query_of(operation)?;
    let groups = Groups::of(&parameters);
    let item = operation
        .response
        .as_ref()
        .map_or("", |response| bare(&response.name));
    let mut generics = Vec::new();
    let mut extends = Vec::new();
    if groups.fields {
        generics.push(format!("F extends FieldNames = FieldList<{item}>"));
        generics.push("I extends Flag = Flag".to_owned());
    }
    if groups.offset {
        generics.push("T extends Flag = Flag".to_owned());
        extends.push("OffsetParameters<T>");
    }
    if groups.checkpoint {
        extends.push("CheckpointParameters");
    }
    if groups.fields {
        extends.push("FieldsParameters<F, I>");
    }
    let list = |start: &str, items: &str, end: &str| {
        if items.is_empty() {
            String::new()
        } else {
            format!("{start}{items}{end}")
        }
    };
    let generics = list("<", &generics.join(", "), ">");
    let extends = list(" extends ", &extends.join(", "), "");
    let mut fields = String::new();
    for (name, parameter) in parameters.iter().filter(|(name, _)| !groups.contain(name)) {
        fields.push_str(&jsdoc(&wrap(&parameter.doc, WIDTH), 2));
        let (mark, null) = if parameter.required {
            ("", "")
        } else {
            ("?", " | null")
        };
        let kind = match (&parameter.ts, parameter.format.as_deref()) {
            (Some(ts), _) => ts.clone(),
            (None, Some("sort")) => "SortOrder".to_owned(),
            _ => type_text(parameter.kind.as_deref().unwrap_or_default(), true),
        };
        fields.push_str(&format!("  {name}{mark}: {kind}{null};\n"));
    }
    let doc = jsdoc(&wrap(&query.doc, WIDTH), 0);
    let name = &query.name;
    Ok(format!(
        "{doc}export interface {name}{generics}{extends} {{\n{fields}}}\n\n"
    ))
}

/// The names that a module exports to users of the package.
fn public_names<'a>(description: &'a Description, module: &'a str) -> Vec<&'a str> {
    let declared = description.types.get(module).into_iter();
    let declared = declared
        .flat_map(|module| &module.types)
        .filter(|(_, declared)| !declared.internal)
        .map(|(name, _)| name.as_str());
    let queries = description.operations.values().filter_map(|operation| {
        let name = &operation.query.as_ref()?.name;
        (description.module_of(name) == Some(module)).then_some(name.as_str())
    });
    let mut names: Vec<_> = declared.chain(queries).collect();
    names.sort_unstable();
    names
}

/// All types of the wire, under the names that they have in the official SDK.
fn re_exports(description: &Description) -> String {
    let modules = description.types.keys();
    modules
        .map(|module| {
            let names = public_names(description, module).join(", ");
            format!("export type {{ {names} }} from \"./{module}.ts\";\n")
        })
        .collect()
}
