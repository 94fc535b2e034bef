//! The errors of the server's validation, read from its message.

use alloc::string::String;
use alloc::vec::Vec;

use crate::engine::concat;

/// An error of the server's validation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The property or the parameter, such as `email`.
    pub field: String,
    /// The rule that it violates, in the server's words.
    pub rule: String,
}

/// Splits a list of names at its commas.
pub(super) fn names(list: &str) -> Vec<String> {
    let names = list.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .take(MAX_FIELDS)
        .map(String::from)
        .collect()
}

/// The most characters of the server's text, and the most names, that are read.
const MAX_TEXT: usize = 10_000;
const MAX_FIELDS: usize = 100;

/// Reads a list of rules such as `'rule: value' on property name` and `'rule: name, name'`.
pub(super) fn field_errors(message: &str) -> Vec<FieldError> {
    let text: String = message.chars().take(MAX_TEXT).collect();
    let Some((_, rules)) = text.split_once(" validation error: '") else {
        return Vec::new();
    };
    let read = |part: &str| {
        let (text, property) = match part.split_once("' on property ") {
            Some((text, property)) => (text, property),
            None => (part.rsplit_once('\'').unwrap_or((part, "")).0, ""),
        };
        let (rule, value) = text.split_once(": ").unwrap_or((text, ""));
        // The text in parentheses describes the property.
        let property = property.split(" (").next().unwrap_or_default();
        let property = line(property.trim_end().trim_end_matches('.'));
        // The value of these rules is the name of a property that is missing or not allowed.
        let is_name = rule.contains("propert") || rule.contains("key must exist");
        let mut fields = names(value.split(" (").next().unwrap_or_default());
        if !is_name {
            fields.clear();
        }
        if !property.is_empty() {
            for field in &mut fields {
                *field = concat(&[&property, ".", field]);
            }
            if fields.is_empty() {
                fields.push(property);
            }
        }
        let rule = line(rule);
        let error = move |field: String| FieldError {
            field: line(&field),
            rule: rule.clone(),
        };
        fields.into_iter().map(error)
    };
    let found = rules.split(", '").take(MAX_FIELDS).flat_map(read);
    found.take(MAX_FIELDS).collect()
}

/// Returns text for a message: one line of bounded length without control characters.
fn line(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(300).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_with_their_properties() {
        for (message, expected) in [
            (
                "Payload validation error: 'Object didn't pass validation for format email: x' on property email.",
                &[("email", "Object didn't pass validation for format email")][..],
            ),
            (
                "Payload validation error: 'Additional properties not allowed: a, b'.",
                &[
                    ("a", "Additional properties not allowed"),
                    ("b", "Additional properties not allowed"),
                ],
            ),
            (
                "Payload validation error: 'Too short' on property a (A user's name), 'Bad: 1.2' on property b[0].c.",
                &[("a", "Too short"), ("b[0].c", "Bad")],
            ),
            (
                "Payload validation error: 'Additional properties not allowed: a,b (consider setting c)'.",
                &[
                    ("a", "Additional properties not allowed"),
                    ("b", "Additional properties not allowed"),
                ],
            ),
            (
                "Payload validation error: 'Missing required property: value' on property scopes[8].",
                &[("scopes[8].value", "Missing required property")],
            ),
            ("Payload validation error: 'Bad: secret'.", &[]),
            ("Query validation error: 'Broken'.", &[]),
            ("The user already exists.", &[]),
            ("", &[]),
        ] {
            let found: Vec<_> = field_errors(message)
                .into_iter()
                .map(|error| (error.field, error.rule))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(field, rule)| (String::from(*field), String::from(*rule)))
                .collect();
            assert_eq!(found, expected, "{message}");
        }
    }
}
