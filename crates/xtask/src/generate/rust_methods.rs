//! The Rust methods: `src/users.rs` and its like, a file for each root resource, and one for each module below it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::description::{Body, Description, Operation, Query, Resource, ResponseKind, Text};
use super::resources::{footer, with_failures};
use super::rust::{doc_comment, struct_of, type_of};
use super::rust_table::constant;
use super::rust_types::borrowed_type;
use super::text::split_words;

/// The files, each with its path below `src/`.
pub fn files(description: &Description) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for (root, resource) in &description.resources {
        if root.contains('.') {
            continue;
        }
        let mut modules: BTreeMap<&str, String> = BTreeMap::new();
        for (path, part) in below(description, root) {
            let code = impl_code(description, path)?;
            if !code.is_empty() {
                modules.entry(&part.module).or_default().push_str(&code);
            }
        }
        let own = modules.remove(resource.module.as_str());
        let file = split_words(root, '_');
        let code = root_code(
            description,
            root,
            resource,
            modules.keys(),
            own.unwrap_or_default(),
        );
        files.push((format!("{file}.rs"), code));
        for (module, code) in modules {
            let doc = description
                .types
                .get(module)
                .map(|module| module.doc.lines().join(" "));
            let name = module.replace('-', "_");
            let header = format!("//! {}\n\n", doc.unwrap_or_default());
            let code = format!("{header}{}{code}", imports(&code, false));
            files.push((format!("{file}/{name}.rs"), code));
        }
    }
    Ok(files)
}

/// A resource and all below it.
fn below<'a>(
    description: &'a Description,
    root: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Resource)> {
    let resources = description.resources.iter();
    resources
        .filter(move |(path, _)| path.split('.').next() == Some(root))
        .map(|(path, part)| (path.as_str(), part))
}

/// What a file imports, by what its code mentions.
fn imports(code: &str, is_root: bool) -> String {
    let mut lines = String::new();
    let core: Vec<_> = [("Error", "Error>"), ("operations as op", "op::")]
        .iter()
        .filter(|(_, mention)| code.contains(mention))
        .map(|(name, _)| *name)
        .collect();
    if !core.is_empty() {
        lines.push_str(&format!(
            "use auth0_users_core::{{{}}};\n\n",
            core.join(", ")
        ));
    }
    if !is_root {
        lines.push_str("use super::*;\n");
    }
    let mut own = Vec::new();
    match (is_root, code.contains("Page<")) {
        (true, true) => own.push("client::{Client, Page}"),
        (true, false) => own.push("client::Client"),
        (false, true) => own.push("client::Page"),
        (false, false) => {}
    }
    if code.contains("tree! {") {
        own.push("tree::tree");
    }
    if code.contains("types::") {
        own.push("types");
    }
    for path in own {
        lines.push_str(&format!("use crate::{path};\n"));
    }
    lines + "\n"
}

fn root_code<'a>(
    description: &Description,
    root: &str,
    resource: &Resource,
    modules: impl Iterator<Item = &'a &'a str>,
    methods: String,
) -> String {
    let name = struct_of(root);
    let method = split_words(root, '_');
    let doc = doc_comment(description, &resource.doc, 4);
    let mods: String = modules
        .map(|module| format!("mod {};\n", module.replace('-', "_")))
        .collect();
    let mut code = format!(
        "{mods}\n/// `client.{method}()`\n#[derive(Clone, Copy)]\npub struct {name}<'a>(pub(crate) &'a Client);\n\n\
         impl Client {{\n{doc}    #[must_use]\n    pub fn {method}(&self) -> {name}<'_> {{\n        {name}(self)\n    }}\n}}\n\n"
    );
    for (path, _) in below(description, root) {
        let parts = description.parts_of(path).map(|(part, child)| {
            let doc = doc_comment(description, &child.doc, 4);
            let owner = struct_of(&format!("{path}.{part}"));
            format!("{doc}    {} => {owner},\n", split_words(part, '_'))
        });
        let parts: String = parts.collect();
        if !parts.is_empty() {
            code.push_str(&format!("tree! {{ {}:\n{parts}}}\n\n", struct_of(path)));
        }
    }
    code.push_str(&methods);
    let header = resource.doc.lines().join(" ");
    format!("//! {header}\n\n{}{code}", imports(&code, true))
}

/// The methods of a resource; empty if it has none.
fn impl_code(description: &Description, resource: &str) -> Result<String> {
    let methods: Vec<_> = description
        .operations_of(resource)
        .map(|(method, operation)| {
            method_code(description, &format!("{resource}.{method}"), operation)
                .with_context(|| format!("{resource}.{method}"))
        })
        .collect::<Result<_>>()?;
    if methods.is_empty() {
        return Ok(String::new());
    }
    let owner = struct_of(resource);
    Ok(format!("impl {owner}<'_> {{\n{}}}\n\n", methods.join("\n")))
}

fn method_code(description: &Description, name: &str, operation: &Operation) -> Result<String> {
    let method = split_words(name.rsplit('.').next().unwrap_or_default(), '_');
    let ids = operation.ids();
    let mut arguments: Vec<_> = ids.iter().map(|id| format!("{id}: &str")).collect();
    let input = match (&operation.query, &operation.body) {
        (Some(query), _) => query_input(description, operation, query)?,
        (None, Some(body)) => body_input(description, body)?,
        (None, None) => Input::default(),
    };
    arguments.extend(input.arguments);
    let result = result_type(description, operation)?;
    let helper = if operation.is_list() { "list" } else { "call" };
    let doc = documentation(description, operation);
    Ok(format!(
        "{doc}    pub async fn {method}(&self, {}) -> Result<{result}, Error> {{\n{}\
         let operation = &op::{};\nself.0.{helper}(operation, &[{}], {}).await\n}}\n",
        arguments.join(", "),
        input.before,
        constant(name),
        ids.join(", "),
        input.value,
    ))
}

/// What a method takes besides identifiers.
struct Input {
    arguments: Vec<String>,
    /// Statements before the call.
    before: String,
    /// What the call is given.
    value: &'static str,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            arguments: Vec::new(),
            before: String::new(),
            value: "&()",
        }
    }
}

impl Input {
    /// A struct of references to these arguments.
    fn borrowed(name: &str, value: &'static str, fields: Vec<(String, String)>) -> Self {
        let names: Vec<_> = fields.iter().map(|(field, _)| field.as_str()).collect();
        let before = format!(
            "let {} = types::{name} {{ {} }};\n",
            value.trim_start_matches('&'),
            names.join(", ")
        );
        let arguments = fields.iter().map(|(field, kind)| {
            let kind = kind.replace("'a ", "");
            format!("{field}: {}", qualified(&kind))
        });
        Self {
            arguments: arguments.collect(),
            before,
            value,
        }
    }
}

fn query_input(description: &Description, operation: &Operation, query: &Query) -> Result<Input> {
    let Some(name) = &query.rust else {
        return Ok(Input::default());
    };
    if query.borrowed {
        let parameters = description.query_of(operation)?.into_iter();
        let required = parameters.filter(|(_, parameter)| parameter.required);
        let fields = required
            .map(|(name, parameter)| {
                let kind = parameter.kind.unwrap_or_default();
                Some((name, borrowed_type(description, &kind)?))
            })
            .collect::<Option<_>>()
            .context("a parameter has no Rust type")?;
        return Ok(Input::borrowed(name, "&query", fields));
    }
    Ok(Input {
        arguments: vec![format!("query: &types::{name}")],
        value: "query",
        ..Input::default()
    })
}

fn body_input(description: &Description, body: &Body) -> Result<Input> {
    let declared = description.find(&body.name);
    if let Some(declared) = declared.filter(|declared| declared.borrowed) {
        let name = declared.rust.as_deref().unwrap_or_default();
        let fields = description.fields_of(declared).into_iter();
        let fields = fields
            .map(|(name, field)| Some((name.clone(), borrowed_type(description, &field.kind)?)))
            .collect::<Option<_>>()
            .context("a field has no Rust type")?;
        return Ok(Input::borrowed(name, "&request", fields));
    }
    let kind = type_of(description, &body.name, false).context("the body has no Rust type")?;
    let kind = match kind
        .strip_prefix("Vec<")
        .and_then(|kind| kind.strip_suffix('>'))
    {
        Some(item) => format!("&[types::{item}]"),
        None => format!("&types::{kind}"),
    };
    let check = if body.rust_check {
        "request.check()?;\n"
    } else {
        ""
    };
    Ok(Input {
        arguments: vec![format!("request: {kind}")],
        before: check.to_owned(),
        value: "request",
    })
}

/// A type in which the types of the wire are named with their module.
fn qualified(kind: &str) -> String {
    match kind.find(|c: char| c.is_ascii_uppercase()) {
        Some(place) if !kind.contains("String") => {
            let (start, name) = kind.split_at(place);
            format!("{start}types::{name}")
        }
        _ => kind.to_owned(),
    }
}

fn result_type(description: &Description, operation: &Operation) -> Result<String> {
    let Some(response) = &operation.response else {
        return Ok("()".to_owned());
    };
    let kind = type_of(description, &response.name, false);
    let kind = kind.context("the response has no Rust type: its row needs `rust`")?;
    Ok(match response.kind {
        ResponseKind::Object => format!("types::{kind}"),
        ResponseKind::Array => format!("Vec<types::{kind}>"),
        ResponseKind::Any => format!("Option<types::{kind}>"),
        ResponseKind::Offset | ResponseKind::Checkpoint => format!("Page<types::{kind}>"),
    })
}

fn documentation(description: &Description, operation: &Operation) -> String {
    let details = operation.rust_description.or(&operation.description);
    let details = with_failures(details, operation, "Fails");
    let mut lines = vec![operation.summary.clone()];
    if !details.is_empty() {
        lines.push(String::new());
        lines.extend(details.lines().iter().cloned());
    }
    lines.extend([String::new(), footer(operation)]);
    doc_comment(description, &Text::Lines(lines), 4)
}
