//! The Rust table of operations: `crates/core/src/operations/table.rs`.

use std::fmt::Write as _;

use anyhow::Result;

use super::description::{
    BodyKind, Description, Idempotent, Needs, Operation, ResponseKind, Unpromised,
};
use super::text::split_words;

/// `users.authenticationMethods.list` as `USERS_AUTHENTICATION_METHODS_LIST`.
pub fn constant(name: &str) -> String {
    let parts: Vec<_> = name
        .split('.')
        .map(|part| split_words(part, '_').to_ascii_uppercase())
        .collect();
    parts.join("_")
}

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

/// The rows.
pub fn rows(description: &Description) -> Result<String> {
    let (mut rows, mut details) = (String::new(), String::new());
    for (index, (name, operation)) in description.operations.iter().enumerate() {
        let method = match operation.method() {
            "GET" => "Get",
            "POST" => "Post",
            "PUT" => "Put",
            "PATCH" => "Patch",
            _ => "Delete",
        };
        let input = match (&operation.query, &operation.body) {
            (Some(_), _) => {
                let [required, optional] = query_names(description, operation)?;
                format!("Input::Query({required:?}, {optional:?})")
            }
            (None, None) => "Input::Nothing".to_owned(),
            (None, Some(body)) => format!(
                "Input::{}",
                match (body.kind, body.optional) {
                    (BodyKind::Object, true) => "OptionalBody",
                    (BodyKind::Object, false) => "Body",
                    (BodyKind::Array, _) => "Items",
                    (BodyKind::Form, _) => "Form",
                }
            ),
        };
        let output = match &operation.response {
            None => "Output::Nothing".to_owned(),
            Some(response) => {
                let items = response.items.as_deref().unwrap_or_default();
                match response.kind {
                    ResponseKind::Object => "Output::Object".to_owned(),
                    ResponseKind::Array => "Output::Array".to_owned(),
                    ResponseKind::Any => "Output::Any".to_owned(),
                    ResponseKind::Offset => format!("Output::Offset({items:?})"),
                    ResponseKind::Checkpoint => format!("Output::Checkpoint({items:?})"),
                }
            }
        };
        let idempotency = match operation.idempotent {
            Idempotent::Promised(true) => "Idempotent",
            Idempotent::Promised(false) | Idempotent::Unpromised(Unpromised::Unpromised) => {
                "NotIdempotent"
            }
        };
        writeln!(
            rows,
            "/// `{name}`: `{endpoint}`\npub static {constant}: Operation = Operation {{ index: {index}, method: Method::{method}, \
             path: {path:?}, output: {output}, idempotency: Idempotency::{idempotency}, \
             supports_custom_domain: {domain} }};\n",
            endpoint = operation.endpoint,
            constant = constant(name),
            path = operation.url(),
            domain = operation.custom_domain_header,
        )?;
        writeln!(
            details,
            "Details {{ name: {name:?}, input: {input}, scopes: &{:?}, needs_all_scopes: {} }},",
            operation.scopes,
            operation.needs == Needs::All,
        )?;
    }
    let names: Vec<_> = description
        .operations
        .keys()
        .map(|name| format!("&{}", constant(name)))
        .collect();
    Ok(format!(
        "use super::{{Details, Idempotency, Input, Method, Operation, Output}};\n\n{rows}\
         /// Every operation.\npub static OPERATIONS: &[&Operation] = &[{}];\n\n\
         pub(super) static DETAILS: &[Details] = &[{details}];\n",
        names.join(", "),
    ))
}
