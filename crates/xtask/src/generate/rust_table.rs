//! The Rust table of operations: `crates/core/src/operations/table.rs`.

use std::fmt::Write as _;

use anyhow::Result;

use super::description::{
    BodyKind, Description, Idempotent, Needs, Operation, ResponseKind, Unpromised,
};
use super::text::split_words;

/// The documentation of the scopes.
const SCOPES_DOC: &str = "\
/// The scopes of each of the [`OPERATIONS`], as Auth0's OpenAPI description or the API's 403 response names
/// them, the preferred one first. A token needs one of them, or all of them; see
/// [`Operation::needs_all_scopes`]. They are a static of their own, so that programs without a use for them do
/// not carry them.
";

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
    let mut rows = String::new();
    for (name, operation) in &description.operations {
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
            "/// `{name}`: `{endpoint}`\npub static {constant}: Operation = Operation {{ name: {name:?}, method: Method::{method}, \
             path: {path:?}, input: {input}, output: {output}, idempotency: Idempotency::{idempotency}, \
             needs_all_scopes: {all}, supports_custom_domain: {domain} }};\n",
            endpoint = operation.endpoint,
            constant = constant(name),
            path = operation.url(),
            all = operation.needs == Needs::All,
            domain = operation.custom_domain_header,
        )?;
    }
    let names: Vec<_> = description
        .operations
        .keys()
        .map(|name| format!("&{}", constant(name)))
        .collect();
    let scopes: Vec<_> = description
        .operations
        .values()
        .map(|operation| format!("&{:?}", operation.scopes))
        .collect();
    Ok(format!(
        "use super::{{Idempotency, Input, Method, Operation, Output}};\n\n{rows}\
         /// Every operation.\npub static OPERATIONS: &[&Operation] = &[{}];\n\n{SCOPES_DOC}\
         pub static SCOPES: &[&[&str]] = &[{}];\n",
        names.join(", "),
        scopes.join(", "),
    ))
}
