//! Checks of values against a schema.

use serde_json::{Map, Value};

use super::format::Rule;
use super::{Field, Format, Kind, Violation};
use crate::state::clock;

/// Checks a value, and fails with the first violation.
pub(crate) fn check(kind: &Kind, value: &Value) -> Result<(), Violation> {
    let mismatch = || {
        let (wanted, found) = (type_name(kind), type_of(value));
        Err(Violation::new(
            "INVALID_TYPE",
            format!("Expected type {wanted} but found type {found}"),
        ))
    };
    match (kind, value) {
        (Kind::Bool, Value::Bool(_)) | (Kind::Map, Value::Object(_)) => Ok(()),
        (Kind::BareId, Value::String(_) | Value::Number(_)) => Ok(()),
        (Kind::Text(least, most, format), Value::String(text)) => {
            check_text(*least, *most, *format, text)
        }
        (Kind::Enum(words), Value::String(text)) if words.contains(&text.as_str()) => Ok(()),
        (Kind::Enum(_), Value::String(text)) => Err(Violation::new(
            "ENUM_MISMATCH",
            format!("No enum match for: {text}"),
        )),
        (Kind::Int(least, most), Value::Number(number)) => match number.as_i64() {
            Some(value) if value < *least => Err(Violation::new(
                "MINIMUM",
                format!("Value {value} is less than minimum {least}"),
            )),
            Some(value) if value > *most => Err(Violation::new(
                "MAXIMUM",
                format!("Value {value} is greater than maximum {most}"),
            )),
            Some(_) => Ok(()),
            None => mismatch(),
        },
        (Kind::Fraction, Value::Number(number)) => match number.as_f64() {
            Some(value) if (0.0..=1.0).contains(&value) => Ok(()),
            _ => Err(Violation::new(
                "MAXIMUM",
                format!("Value {number} is not between 0 and 1"),
            )),
        },
        (Kind::Time, Value::String(_) | Value::Number(_)) => match clock::read(value) {
            Some(_) => Ok(()),
            None => Err(Violation::new(
                "FORMAT",
                format!("Object didn't pass validation for format date-time: {value}"),
            )),
        },
        (Kind::List(least, item), Value::Array(items)) => {
            let length = items.len();
            if length < *least {
                return Err(Violation::new(
                    "ARRAY_LENGTH_SHORT",
                    format!("Array is too short ({length}), minimum {least}"),
                ));
            }
            items.iter().try_for_each(|value| check(item, value))
        }
        (Kind::Object(schema), Value::Object(given)) => check_object(schema, given),
        _ => mismatch(),
    }
}

fn check_object(schema: &[Field], given: &Map<String, Value>) -> Result<(), Violation> {
    if let Some(name) = missing(schema, given) {
        return Err(Violation::missing(name));
    }
    given.iter().try_for_each(|(name, value)| {
        let Some(field) = schema.iter().find(|field| field.name == name) else {
            return Err(additional(name));
        };
        if value.is_null() && field.nullable {
            return Ok(());
        }
        check(&field.kind, value).map_err(|violation| violation.on(name))
    })
}

fn check_text(least: usize, most: usize, format: Format, text: &str) -> Result<(), Violation> {
    let length = text.chars().count();
    if length < least {
        return Err(Violation::new(
            "MIN_LENGTH",
            format!("String is too short ({length} chars), minimum {least}"),
        ));
    }
    if length > most {
        return Err(Violation::new(
            "MAX_LENGTH",
            format!("String is too long ({length} chars), maximum {most}"),
        ));
    }
    if format.accepts(text) {
        return Ok(());
    }
    Err(match format.rule() {
        Rule::Named(name) => Violation::new(
            "FORMAT",
            format!("Object didn't pass validation for format {name}: {text}"),
        ),
        Rule::Pattern(pattern) => Violation::new(
            "PATTERN",
            format!("String does not match pattern {pattern}: {text}"),
        ),
    })
}

/// The violation of a property that the schema does not have.
pub(super) fn additional(name: &str) -> Violation {
    Violation::new(
        "OBJECT_ADDITIONAL_PROPERTIES",
        format!("Additional properties not allowed: {name}"),
    )
}

/// Returns the first required field that is missing.
pub(super) fn missing<'a>(schema: &'a [Field], object: &Map<String, Value>) -> Option<&'a str> {
    schema
        .iter()
        .find(|field| field.required && !object.contains_key(field.name))
        .map(|field| field.name)
}

/// Returns the name of the type in messages.
pub(super) fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(..) | Kind::Enum(_) | Kind::BareId | Kind::Time => "string",
        Kind::Bool => "boolean",
        Kind::Int(..) => "integer",
        Kind::Fraction => "number",
        Kind::Map | Kind::Object(_) => "object",
        Kind::List(..) => "array",
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
