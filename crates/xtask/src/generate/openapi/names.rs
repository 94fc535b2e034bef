//! The names that an operation of a document gets here, and what its example sends.

use serde_json::{Map, Value};

use super::super::description::resource_of;
use super::document::{Endpoint, Shape};

/// `GET /users/{id}/foo` as `users.foo.list`.
pub fn operation_name(endpoint: &Endpoint) -> String {
    let (method, path) = endpoint.endpoint.split_once(' ').unwrap_or_default();
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let names: Vec<_> = parts
        .iter()
        .filter(|part| !part.starts_with('{'))
        .map(|part| camel(part))
        .collect();
    let ends_with_id = parts.len() > 1 && parts.last().is_some_and(|part| part.starts_with('{'));
    let is_list = ["page", "from"]
        .iter()
        .any(|name| endpoint.query.contains_key(*name));
    let returns_array = endpoint
        .response
        .as_ref()
        .is_some_and(|shape| shape.items.is_some());
    let verb = match method {
        "GET" if !ends_with_id && (is_list || returns_array) => "list",
        "GET" => "get",
        "POST" => "create",
        "PUT" => "set",
        "PATCH" => "update",
        _ if ends_with_id => "delete",
        _ => "deleteAll",
    };
    format!("{}.{verb}", names.join("."))
}

/// `users.foo` as `UserFooClient`.
pub fn class_name(resource: &str) -> String {
    let mut parts = resource.split('.').map(pascal);
    let first = parts.next().unwrap_or_default();
    let rest: String = parts.collect();
    format!("{}{rest}Client", first.trim_end_matches('s'))
}

/// `users.foo.list` as `ListUserFoo` with this ending.
pub fn type_name(operation: &str, ending: &str) -> String {
    let resource = class_name(resource_of(operation));
    let verb = operation.rsplit('.').next().unwrap_or_default();
    format!(
        "{}{}{ending}",
        pascal(verb),
        resource.trim_end_matches("Client")
    )
}

/// `connected-accounts` as `connectedAccounts`.
pub fn camel(name: &str) -> String {
    let mut letters = pascal(name).chars().collect::<Vec<_>>().into_iter();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// `connected-accounts` as `ConnectedAccounts`.
pub fn pascal(name: &str) -> String {
    let mut is_start = true;
    let mut text = String::new();
    for letter in name.chars() {
        if letter == '-' || letter == '_' {
            is_start = true;
        } else {
            text.push(if is_start {
                letter.to_ascii_uppercase()
            } else {
                letter
            });
            is_start = false;
        }
    }
    text
}

/// Values for what an operation requires.
pub fn example(endpoint: &Endpoint) -> Option<Value> {
    let fields = match &endpoint.body {
        Some((shape, _)) => &shape.fields,
        None => &endpoint.query,
    };
    let required = fields.iter().filter(|(_, (_, is_required))| *is_required);
    let values: Map<_, _> = required
        .map(|(name, (shape, _))| (name.clone(), sample(shape)))
        .collect();
    (!values.is_empty()).then_some(Value::Object(values))
}

fn sample(shape: &Shape) -> Value {
    if let Some(items) = &shape.items {
        return Value::Array(vec![sample(items)]);
    }
    if let Some(value) = shape.values.first() {
        return Value::String(value.clone());
    }
    match shape.kinds.first().map(String::as_str) {
        Some("boolean") => Value::Bool(true),
        Some("integer" | "number") => Value::from(1),
        Some("object") => {
            let required = shape.fields.iter().filter(|(_, (_, required))| *required);
            let fields = required.map(|(name, (field, _))| (name.clone(), sample(field)));
            Value::Object(fields.collect())
        }
        _ => Value::String("example".to_owned()),
    }
}
