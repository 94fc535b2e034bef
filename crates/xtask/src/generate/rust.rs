//! What the Rust files have in common: names, types and documentation.

use super::description::{Description, Text, bare, resource_of};
use super::text::{split_words, wrap};

/// How wide the text of a comment is.
const WIDTH: usize = 92;

/// A field of the wire as it is named in Rust.
pub fn field_name(name: &str) -> String {
    match name {
        "type" => "kind".to_owned(),
        name => split_words(name, '_'),
    }
}

/// `users.roles` as `Roles`, and `users` as `Users`.
pub fn struct_of(resource: &str) -> String {
    let mut parts = resource.split('.');
    let root = parts.next().unwrap_or_default();
    let rest: String = parts.map(pascal).collect();
    if rest.is_empty() { pascal(root) } else { rest }
}

/// `users.roles` as `crate::users::Roles`.
fn path_of(resource: &str) -> String {
    let root = resource.split('.').next().unwrap_or_default();
    format!("crate::{}::{}", split_words(root, '_'), struct_of(resource))
}

fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A type of the description in Rust: what a field of that type holds if it is there.
pub fn type_of(description: &Description, kind: &str, is_parameter: bool) -> Option<String> {
    if let Some(item) = kind.strip_suffix("[]") {
        let item = type_of(description, item, is_parameter)?;
        return Some(format!("Vec<{item}>"));
    }
    let mut alternatives = kind.split(" | ").filter(|part| *part != "null");
    let (Some(only), None) = (alternatives.next(), alternatives.next()) else {
        return Some("Value".to_owned());
    };
    let name = bare(only);
    let simple = match name {
        "string" => "String",
        "boolean" => "bool",
        "integer" if is_parameter => "u32",
        "integer" => "u64",
        "number" => "f64",
        "map" | "Metadata" | "A" | "U" | "Nullable" => "Metadata",
        _ => "",
    };
    if !simple.is_empty() {
        return Some(simple.to_owned());
    }
    let declared = description.find(name)?;
    if !declared.values.is_empty() {
        return Some("String".to_owned());
    }
    match (&declared.rust, &declared.alias) {
        (Some(rust), _) => Some(rust.clone()),
        (None, Some(alias)) => type_of(description, alias, is_parameter),
        (None, None) => None,
    }
}

/// A comment, indented by so many spaces.
pub fn doc_comment(description: &Description, text: &Text, indent: usize) -> String {
    let space = " ".repeat(indent);
    let lines = text.lines().iter();
    let lines = lines.map(|line| localised(description, line)).collect();
    wrap(&Text::Lines(lines), WIDTH)
        .iter()
        .map(|line| format!("{}\n", format!("{space}/// {line}").trim_end()))
        .collect()
}

/// A sentence in terms of Rust: with its names, and with links to the methods.
fn localised(description: &Description, sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    let parts = parts.map(|(place, part)| {
        let is_code = place % 2 == 1;
        if !is_code {
            return part.to_owned();
        }
        if description.operations.contains_key(part) {
            let resource = resource_of(part);
            let method = part.rsplit('.').next().unwrap_or_default();
            let method = split_words(method, '_');
            let (owner, path) = (struct_of(resource), path_of(resource));
            return format!("[`{owner}::{method}`]({path}::{method})");
        }
        match part {
            "undefined" => "`None`".to_owned(),
            "errorCode" => "server code".to_owned(),
            "profileData" => "`profile_data`".to_owned(),
            part => format!("`{part}`"),
        }
    });
    parts.collect()
}
