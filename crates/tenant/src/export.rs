//! Writing users to a file: a line of JSON or of comma-separated values for each.

use std::io::Write;

use serde_json::{Map, Value};

use crate::kept::{Kept, kept};
use crate::model::User;

/// The columns of an export that names none.
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
}

impl Format {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Export {
    /// The name of the only connection to export.
    pub connection: Option<String>,
    pub format: Format,
    pub limit: Option<usize>,
    /// Paths of properties with the names they get in the file.
    pub columns: Vec<(String, String)>,
}

impl Export {
    /// The file, compressed with the feature `gzip`; nothing when it cannot be written.
    pub(crate) fn file<'a>(&self, users: impl Iterator<Item = &'a User>) -> Option<Vec<u8>> {
        let columns = if self.columns.is_empty() {
            let named = |name: &&str| (String::from(*name), String::from(*name));
            COLUMNS.iter().map(named).collect()
        } else {
            self.columns.clone()
        };
        #[cfg(feature = "gzip")]
        let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        #[cfg(not(feature = "gzip"))]
        let mut file = Vec::new();
        if self.format == Format::Csv {
            let names = columns.iter().map(|(_, name)| quoted(name));
            writeln!(file, "{}", names.collect::<Vec<_>>().join(",")).ok()?;
        }
        let wanted = users.filter(|user| {
            self.connection
                .as_ref()
                .is_none_or(|name| user.identities.iter().any(|own| *own.connection == **name))
        });
        for user in wanted.take(self.limit.unwrap_or(usize::MAX)) {
            let user = user.to_json(false);
            writeln!(file, "{}", self.line(&user, &columns)).ok()?;
        }
        #[cfg(feature = "gzip")]
        return file.finish().ok();
        #[cfg(not(feature = "gzip"))]
        Some(file)
    }

    fn line(&self, user: &Map<String, Value>, columns: &[(String, String)]) -> String {
        let values = columns.iter().map(|(path, name)| (name, value(user, path)));
        match self.format {
            Format::Json => {
                let object: Map<String, Value> = values
                    .filter_map(|(name, value)| Some((name.clone(), value?.clone())))
                    .collect();
                Value::Object(object).to_string()
            }
            Format::Csv => {
                let cells = values.map(|(_, value)| match value {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => quoted(text),
                    Some(other) => quoted(&other.to_string()),
                });
                cells.collect::<Vec<_>>().join(",")
            }
        }
    }
}

/// A property by its path; a number is a place in a list.
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

kept!(Export {
    connection,
    format,
    limit,
    columns
});

impl Kept for Format {
    fn write(&self) -> Value {
        self.extension().into()
    }

    fn read(value: Value) -> Result<Self, String> {
        match value.as_str() {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            _ => Err("this format is unknown".to_owned()),
        }
    }
}
