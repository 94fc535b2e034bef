//! Checks of the parts of a request, and conversion of text to the types of a schema.

use serde_json::{Map, Value};

use super::check::{additional, check, missing, type_name};
use super::{Field, Kind, Violation};
use crate::error::ApiError;

/// Checks a body or a part of it.
pub(crate) fn check_body(kind: &Kind, value: &Value) -> Result<(), ApiError> {
    check(kind, value).map_err(ApiError::invalid_body)
}

/// Checks a parameter of the path.
pub(crate) fn check_path_parameter(name: &str, kind: &Kind, text: &str) -> Result<(), ApiError> {
    check(kind, &text.into()).map_err(|violation| {
        let rule = violation.on(name);
        ApiError::new(
            400,
            "invalid_uri",
            format!("Path validation error: {rule}."),
        )
    })
}

/// Checks the parameters of a query string, and converts them to the types of the schema.
pub(crate) fn read_query(
    schema: &[Field],
    pairs: &[(String, String)],
) -> Result<Map<String, Value>, ApiError> {
    let mut typed = Map::new();
    for (name, text) in pairs {
        let Some(field) = schema.iter().find(|field| field.name == name) else {
            return Err(ApiError::invalid_query(additional(name)));
        };
        if typed.contains_key(name) {
            let wanted = type_name(&field.kind);
            let message = format!("Expected type {wanted} but found type array");
            return Err(ApiError::invalid_query(
                Violation::new("INVALID_TYPE", message).on(name),
            ));
        }
        let value = coerce(&field.kind, text);
        check(&field.kind, &value)
            .map_err(|violation| ApiError::invalid_query(violation.on(name)))?;
        typed.insert(name.clone(), value);
    }
    match missing(schema, &typed) {
        Some(name) => Err(ApiError::invalid_query(Violation::missing(name))),
        None => Ok(typed),
    }
}

/// Converts a form to the object that it stands for.
pub(crate) fn read_form(kind: &Kind, pairs: Vec<(String, String)>) -> Value {
    let schema: &[Field] = match kind {
        Kind::Object(schema) => schema,
        _ => &[],
    };
    let typed = pairs.into_iter().map(|(name, text)| {
        let value = match schema.iter().find(|field| field.name == name) {
            Some(field) => coerce(&field.kind, &text),
            None => Value::String(text),
        };
        (name, value)
    });
    Value::Object(typed.collect())
}

/// Converts text to the type of the schema. Text that cannot be converted remains a string, which the check refuses.
fn coerce(kind: &Kind, text: &str) -> Value {
    let unchanged = || Value::String(text.to_owned());
    match kind {
        Kind::Bool => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => unchanged(),
        },
        Kind::Int(..) => text
            .parse::<i64>()
            .map_or_else(|_| unchanged(), Value::from),
        Kind::Map | Kind::List(..) | Kind::Object(_) => {
            serde_json::from_str(text).unwrap_or_else(|_| unchanged())
        }
        Kind::Text(..) | Kind::Enum(_) | Kind::BareId | Kind::Fraction | Kind::Time => unchanged(),
    }
}
