//! Writes the file of an export: one line of JSON or CSV for each user.

use std::io::Write;

use serde_json::{Map, Value};

use crate::state::jobs::{Export, ExportFormat};
use crate::state::user::User;

/// The columns of an export without `fields`.
const COLUMNS: &[&str] = &[
    "user_id",
    "email",
    "email_verified",
    "name",
    "nickname",
    "picture",
    "created_at",
    "updated_at",
];

/// Writes the file of an export, compressed if the feature `gzip` is on.
pub(crate) fn file<'a>(export: &Export, users: impl Iterator<Item = &'a User>) -> Option<Vec<u8>> {
    let columns = if export.columns.is_empty() {
        let named = |name: &&str| (String::from(*name), String::from(*name));
        COLUMNS.iter().map(named).collect()
    } else {
        export.columns.clone()
    };
    #[cfg(feature = "gzip")]
    let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    #[cfg(not(feature = "gzip"))]
    let mut file = Vec::new();
    if export.format == ExportFormat::Csv {
        let names = columns.iter().map(|(_, name)| quoted(name));
        writeln!(file, "{}", names.collect::<Vec<_>>().join(",")).ok()?;
    }
    let wanted = users.filter(|user| {
        export
            .connection
            .as_ref()
            .is_none_or(|name| user.identities.iter().any(|own| *own.connection == **name))
    });
    for user in wanted.take(export.limit.unwrap_or(usize::MAX)) {
        let user = user.to_json(false);
        writeln!(file, "{}", line(export.format, &user, &columns)).ok()?;
    }
    #[cfg(feature = "gzip")]
    return file.finish().ok();
    #[cfg(not(feature = "gzip"))]
    Some(file)
}

/// Returns the line of a user, without its end.
fn line(format: ExportFormat, user: &Map<String, Value>, columns: &[(String, String)]) -> String {
    let values = columns.iter().map(|(path, name)| (name, value(user, path)));
    match format {
        ExportFormat::Json => {
            let object: Map<String, Value> = values
                .filter_map(|(name, value)| Some((name.clone(), value?.clone())))
                .collect();
            Value::Object(object).to_string()
        }
        ExportFormat::Csv => {
            let cells = values.map(|(_, value)| match value {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => quoted(text),
                Some(other) => quoted(&other.to_string()),
            });
            cells.collect::<Vec<_>>().join(",")
        }
    }
}

/// Returns a property by its path, in which a number is an index of an array.
fn value<'a>(user: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let path = path.replace('[', ".").replace(']', "");
    let mut parts = path.split('.');
    let first = user.get(parts.next()?)?;
    parts.try_fold(first, |value, part| match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
