//! The resource classes: `pkg-template/src/client/resources/`.

use anyhow::Result;
use serde_json::Value;

use super::description::{
    BodyKind, Consistency, Description, Idempotent, Needs, Operation, Resource, ResponseKind, Text,
};
use super::text::{jsdoc, split_words, wrap};
use super::typescript::{imports, type_text};
use super::wire_types::Groups;

/// How wide the text of a comment of a method is.
const WIDTH: usize = 112;

/// The type parameters of a class for the metadata of users.
const METADATA: &str = "<A extends object = Metadata, U extends object = Metadata>";

/// The id of the user in examples.
pub const USER: &str = "auth0|507f1f77bcf86cd799439020";

/// The files, each with its name, and one that exports the classes as types.
pub fn files(description: &Description) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let mut index = String::new();
    for (path, resource) in &description.resources {
        if let Some(class) = &resource.class {
            let name = file_name(class);
            index.push_str(&format!(
                "export type {{ {class} }} from \"./{name}\";
"
            ));
            files.push((name, file(description, path, class, resource)?));
        }
    }
    files.push(("index.ts".to_owned(), index));
    Ok(files)
}

/// `UserRolesClient` is in `user-roles.ts`.
fn file_name(class: &str) -> String {
    format!("{}.ts", split_words(class.trim_end_matches("Client"), '-'))
}

fn file(description: &Description, path: &str, class: &str, resource: &Resource) -> Result<String> {
    let mut code = jsdoc(&wrap(&resource.doc, 116), 0);
    let generics = if resource.metadata { METADATA } else { "" };
    code.push_str(&format!(
        "export class {class}{generics} extends Resource {{\n"
    ));
    let mut classes = Vec::new();
    for (name, part) in description.parts_of(path) {
        code.push_str(&jsdoc(&wrap(&part.doc, WIDTH), 2));
        let instance = new_part(description, path, name, part, &mut classes);
        match &part.class {
            Some(_) => code.push_str(&format!("  readonly {name} = {instance};\n")),
            None => {
                let declared = part_type(description, path, name);
                code.push_str(&format!("  readonly {name}: {declared} = {instance};\n"));
            }
        }
    }
    for (method, operation) in description.operations_of(path) {
        code.push('\n');
        code.push_str(&method_code(description, path, method, operation)?);
    }
    code.push_str("}\n");

    let mut header = imports(description, &code, "../../types/", None);
    let mut helpers = Vec::new();
    for helper in ["call", "list"] {
        if code.contains(&format!("return {helper}(")) {
            helpers.push(helper);
        }
    }
    if !helpers.is_empty() {
        let helpers = helpers.join(", ");
        header.push_str(&format!("import {{ {helpers} }} from \"../call.ts\";\n"));
    }
    header.push_str("import { Resource } from \"../resource.ts\";\n");
    for class in classes {
        let file = file_name(class);
        header.push_str(&format!("import {{ {class} }} from \"./{file}\";\n"));
    }
    Ok(format!("{header}\n{code}"))
}

/// The expression that makes a part. Adds the classes that it names.
fn new_part<'a>(
    description: &'a Description,
    path: &str,
    name: &str,
    part: &'a Resource,
    classes: &mut Vec<&'a str>,
) -> String {
    if let Some(class) = &part.class {
        classes.push(class);
        let arguments = if part.metadata { "<A, U>" } else { "" };
        return format!("new {class}{arguments}(this)");
    }
    let path = format!("{path}.{name}");
    let inner = description.parts_of(&path).map(|(name, inner)| {
        let instance = new_part(description, &path, name, inner, classes);
        format!("{name}: {instance}")
    });
    let inner: Vec<_> = inner.collect();
    format!("{{ {} }}", inner.join(", "))
}

/// The type of a part that has no class.
fn part_type(description: &Description, path: &str, name: &str) -> String {
    let path = format!("{path}.{name}");
    let inner = description.parts_of(&path).map(|(name, inner)| {
        let doc = jsdoc(&wrap(&inner.doc, WIDTH), 4);
        match &inner.class {
            Some(class) => format!("{doc}readonly {name}: {class};\n"),
            None => {
                let declared = part_type(description, &path, name);
                format!("{doc}readonly {name}: {declared};\n")
            }
        }
    });
    let inner: String = inner.collect();
    format!("{{\n{inner}}}")
}

fn method_code(
    description: &Description,
    resource: &str,
    method: &str,
    operation: &Operation,
) -> Result<String> {
    let ids = operation.ids();
    let parameters = description.query_of(operation)?;
    let groups = Groups::of(&parameters);
    let item = operation
        .response
        .as_ref()
        .map_or("", |response| response.name.as_str());

    let mut generics = Vec::new();
    let mut arguments = Vec::new();
    if groups.fields {
        generics.push(format!("const F extends FieldList<{item}> = string"));
        generics.push("const I extends Flag = true".to_owned());
        arguments.extend(["F", "I"]);
    }
    if groups.offset {
        generics.push("const T extends Flag = true".to_owned());
        arguments.push("T");
    }
    let list = |items: &str| match items {
        "" => String::new(),
        items => format!("<{items}>"),
    };

    let mut declared: Vec<_> = ids
        .iter()
        .map(|id| {
            let kind = operation.path.get(*id).map_or("string", String::as_str);
            format!("{id}: {}", type_text(kind, false))
        })
        .collect();
    let request = match (&operation.query, &operation.body) {
        (Some(query), _) => {
            let name = format!("{}{}", query.name, list(&arguments.join(", ")));
            let is_required = parameters.iter().any(|(_, parameter)| parameter.required);
            Some((name, is_required))
        }
        (None, Some(body)) => Some((body.name.clone(), !body.optional || body.declared_required)),
        (None, None) => None,
    };
    if let Some((name, is_required)) = &request {
        let mark = if *is_required { "" } else { "?" };
        declared.push(format!("request{mark}: {name}"));
    }
    declared.push("requestOptions?: RequestOptions".to_owned());

    let result = result_type(operation, &groups);
    let helper = if operation.is_list() { "list" } else { "call" };
    let request = request.map_or("undefined", |_| "request");
    let doc = jsdoc(&documentation(resource, method, operation), 2);
    Ok(format!(
        "{doc}  {method}{}({}): {result} {{\n    return {helper}(this, \"{resource}.{method}\", [{}], {request}, requestOptions);\n  }}\n",
        list(&generics.join(", ")),
        declared.join(", "),
        ids.join(", "),
    ))
}

fn result_type(operation: &Operation, groups: &Groups) -> String {
    let Some(response) = &operation.response else {
        return "HttpResponsePromise<void>".to_owned();
    };
    let item = if groups.fields {
        format!("Projected<{}, F, I>", response.name)
    } else {
        response.name.clone()
    };
    match (response.kind, &response.envelope) {
        (ResponseKind::Object, _) => format!("HttpResponsePromise<{item}>"),
        (ResponseKind::Any, _) => format!("HttpResponsePromise<{item} | undefined>"),
        (ResponseKind::Array, _) | (_, None) => format!("HttpResponsePromise<{item}[]>"),
        (_, Some(envelope)) => {
            let envelope = if groups.fields {
                format!("{envelope}<{item}>")
            } else {
                envelope.clone()
            };
            let whole = if groups.offset {
                format!("Listed<T, {envelope}, {item}>")
            } else {
                envelope
            };
            format!("Promise<Page<{item}, {whole}>>")
        }
    }
}

fn documentation(resource: &str, method: &str, operation: &Operation) -> Vec<String> {
    let mut lines = wrap(&Text::Line(operation.summary.clone()), WIDTH);
    let details = with_failures(&operation.description, operation, "Rejects");
    let details = wrap(&details, WIDTH);
    if !details.is_empty() {
        lines.push(String::new());
        lines.extend(details);
    }
    lines.push(String::new());
    lines.extend(wrap(&Text::Line(footer(operation)), WIDTH));
    lines.push(String::new());
    lines.push("@example".to_owned());
    lines.extend(example(&format!("{resource}.{method}"), operation));
    lines
}

/// The description, with a sentence about failures at the end of its last paragraph of text.
pub fn with_failures(text: &Text, operation: &Operation, verb: &str) -> Text {
    let mut lines = text.lines().to_vec();
    if !operation.failures.is_empty() {
        let failures: Vec<_> = operation
            .failures
            .iter()
            .map(|(status, when)| format!("{status} {when}"))
            .collect();
        let code = lines.iter().position(|line| line.starts_with("```"));
        let place = code.map_or(lines.len(), |code| code.saturating_sub(1));
        lines.insert(
            place,
            format!("{verb} with status {}.", failures.join(", ")),
        );
    }
    Text::Lines(lines)
}

/// The endpoint, the scopes, and when and how often it takes effect.
pub fn footer(operation: &Operation) -> String {
    let scopes: Vec<_> = operation
        .scopes
        .iter()
        .map(|scope| format!("`{scope}`"))
        .collect();
    let word = match operation.needs {
        Needs::All => " and ",
        Needs::Any => " or ",
    };
    let consistency = match operation.consistency {
        Consistency::Immediate => "immediate",
        Consistency::Eventual => "eventual",
    };
    let repeated = match operation.idempotent {
        Idempotent::Promised(true) => "idempotent",
        Idempotent::Promised(false) => "sent once",
        Idempotent::Unpromised(_) => "sent once, though idempotent",
    };
    let scopes = scopes.join(word);
    format!(
        "`{}` · {scopes} · {consistency} · {repeated}",
        operation.endpoint
    )
}

/// The call of the example.
pub fn example(name: &str, operation: &Operation) -> Vec<String> {
    let mut arguments: Vec<_> = operation.example.ids.iter().map(|id| quoted(id)).collect();
    if arguments.is_empty() && !operation.ids().is_empty() {
        arguments.push(quoted(USER));
    }
    let request = operation.example.request.as_ref();
    arguments.extend(request.map(|request| literal(request, None)));
    let mut call = format!("client.{name}({})", arguments.join(", "));
    if call.len() > 90
        && let Some(request) = request
    {
        arguments.pop();
        arguments.push(literal(request, Some("")));
        call = format!("client.{name}({})", arguments.join(", "));
    }
    let code = match &operation.example.result {
        None => format!("await {call};"),
        Some(item) if operation.is_list() => {
            let each = format!("for await (const {item} of page) console.log({item});");
            format!("const page = await {call};\n{each}")
        }
        Some(result) => format!("const {result} = await {call};"),
    };
    code.lines().map(str::to_owned).collect()
}

/// A value as it is written in a program: in one line, or with a line for each property of the outermost object.
fn literal(value: &Value, indent: Option<&str>) -> String {
    match value {
        Value::Object(object) => {
            let properties = object.iter().map(|(name, value)| {
                let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                let name = if is_name {
                    name.clone()
                } else {
                    format!("{name:?}")
                };
                format!("{name}: {}", literal(value, None))
            });
            let properties: Vec<_> = properties.collect();
            match indent {
                None => format!("{{ {} }}", properties.join(", ")),
                Some(_) => format!("{{\n  {},\n}}", properties.join(",\n  ")),
            }
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| literal(item, None)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// A string as prettier quotes it.
fn quoted(text: &str) -> String {
    if text.contains('"') && !text.contains(['\'', '\\']) {
        format!("'{text}'")
    } else {
        format!("{text:?}")
    }
}

/// The word for what an operation takes besides identifiers, as the client's table has it.
pub fn input_kind(operation: &Operation) -> &'static str {
    match (&operation.query, &operation.body) {
        (Some(_), _) => "query",
        (None, None) => "",
        (None, Some(body)) => match (body.kind, body.optional) {
            (BodyKind::Object, true) => "optional body",
            (BodyKind::Object, false) => "body",
            (BodyKind::Array, _) => "items",
            (BodyKind::Form, _) => "form",
        },
    }
}

/// A program that makes the call of each example, to be compiled.
pub fn examples(description: &Description) -> String {
    let mut code = String::from(
        "// Compiled, never run.\nimport { ManagementClient } from \"auth0-users\";\n\n\
         declare const console: { log(value: unknown): void };\n\
         const client = new ManagementClient({ domain: \"tenant.example\", token: \"token\" });\n\n\
         export const examples = {\n",
    );
    for (name, operation) in &description.operations {
        let result = operation.example.result.as_deref();
        let result = result.filter(|_| !operation.is_list());
        let returned = result.map_or_else(String::new, |result| format!("return {result};\n"));
        let call = example(name, operation).join("\n");
        code.push_str(&format!("async {name:?}() {{\n{call}\n{returned}}},\n"));
    }
    code + "};\n"
}
