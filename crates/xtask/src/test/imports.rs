//! The order of imports: std, then other crates, then `crate`, `self` and `super`, with a blank line between the groups,
//! and one `use` for each module. rustfmt can enforce this only in nightly toolchains.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::workspace::Workspace;

/// Directories without sources of this project.
const SKIPPED: [&str; 4] = [".git", "node_modules", "pkg", "target"];

/// Fails if a Rust file of the repository has imports in another style, and lists where.
pub fn check(workspace: &Workspace) -> Result<()> {
    let mut mistakes = Vec::new();
    visit(&workspace.root, Path::new(""), &mut mistakes)?;
    ensure!(
        mistakes.is_empty(),
        "imports are not grouped (rustfmt.toml names the nightly command that groups them):\n{}",
        mistakes.join("\n")
    );
    Ok(())
}

fn visit(root: &Path, directory: &Path, mistakes: &mut Vec<String>) -> Result<()> {
    let mut entries = fs::read_dir(root.join(directory))?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = directory.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if !SKIPPED.iter().any(|name| entry.file_name() == *name) {
                visit(root, &path, mistakes)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(entry.path())?;
            let found = mistakes_in(&text).into_iter();
            mistakes.extend(found.map(|(line, what)| format!("{}:{line}: {what}", path.display())));
        }
    }
    Ok(())
}

/// The groups, in their order.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Group {
    Std,
    External,
    Crate,
}

/// One `use`, as rustfmt writes it.
struct Import {
    /// The lines before it and its attributes.
    start: usize,
    /// The lines up to its end.
    end: usize,
    /// Spaces before it.
    indent: usize,
    /// Attributes and visibility: imports that differ in them cannot be one.
    prefix: String,
    /// The path and, in braces, what is taken from it.
    path: String,
}

impl Import {
    fn group(&self) -> Group {
        let path = self.path.trim_start_matches("::");
        match path.split([':', ' ', ';']).next() {
            Some("std" | "core" | "alloc") => Group::Std,
            Some("crate" | "self" | "super") => Group::Crate,
            _ => Group::External,
        }
    }

    /// The path without its last part.
    fn module(&self) -> &str {
        let path = self.path.split('{').next().unwrap_or_default();
        path.rsplit_once("::").map_or("", |(module, _)| module)
    }

    fn is_nested(&self) -> bool {
        self.path
            .split_once('{')
            .is_some_and(|(_, names)| names.contains("::") || names.contains('{'))
    }
}

fn mistakes_in(text: &str) -> Vec<(usize, &'static str)> {
    let mut mistakes = Vec::new();
    for run in runs(text) {
        for (n, import) in run.iter().enumerate() {
            if import.is_nested() {
                mistakes.push((import.end, "one `use` imports from several modules"));
            }
            let before = run.get(..n).unwrap_or_default();
            let is_same = |other: &Import| {
                (&other.prefix, other.module()) == (&import.prefix, import.module())
                    && !import.module().is_empty()
            };
            if before.iter().any(is_same) {
                mistakes.push((import.end, "a second `use` of one module"));
            }
            let Some(previous) = before.last() else {
                continue;
            };
            let is_apart = import.start > previous.end;
            if import.group() < previous.group() {
                mistakes.push((import.end, "std, other crates, then this crate"));
            } else if is_apart != (import.group() != previous.group()) {
                mistakes.push((import.end, "a blank line between groups, and none inside"));
            }
        }
    }
    mistakes
}

/// Splits the imports of a file into runs: those with nothing but blank lines between them.
fn runs(text: &str) -> Vec<Vec<Import>> {
    let mut runs: Vec<Vec<Import>> = Vec::new();
    let mut lines = text.lines().zip(1_usize..);
    let mut attributes = String::new();
    let mut start = None;
    let mut is_open = false;
    while let Some((line, n)) = lines.next() {
        let code = line.trim();
        if code.is_empty() {
            continue;
        }
        if code.starts_with("#[") || code.starts_with("//") && !code.starts_with("//!") {
            start.get_or_insert(n.saturating_sub(1));
            if code.starts_with('#') {
                attributes.push_str(code);
            }
            continue;
        }
        let start = start.take().unwrap_or(n.saturating_sub(1));
        let attributes = std::mem::take(&mut attributes);
        let Some((visibility, path)) = import(code) else {
            is_open = false;
            continue;
        };
        let mut path = path.to_owned();
        let mut end = n;
        while !path.ends_with(';') {
            let Some((line, n)) = lines.next() else {
                break;
            };
            path.push_str(line.trim());
            end = n;
        }
        let import = Import {
            start,
            end,
            indent: line.len().saturating_sub(line.trim_start().len()),
            prefix: attributes + visibility,
            path,
        };
        match runs.last_mut() {
            Some(run) if is_open && run.last().is_some_and(|last| last.indent == import.indent) => {
                run.push(import);
            }
            _ => runs.push(vec![import]),
        }
        is_open = true;
    }
    runs
}

/// Splits the first line of an import into its visibility and its path.
fn import(code: &str) -> Option<(&str, &str)> {
    let (visibility, path) = code.split_once("use ")?;
    let is_visibility = visibility.is_empty()
        || visibility == "pub "
        || visibility.starts_with("pub(") && visibility.ends_with(") ");
    is_visibility.then_some((visibility, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouped_imports_pass() {
        let text = "\
//! About it.

#![allow(missing_docs)]

use alloc::vec::Vec;
use std::path::{self, Path};

use serde::{Deserialize, Serialize as _};
use serde_json::{
    Map, Value,
};
#[cfg(test)]
use serde_json::json;

use super::*;
use crate::thing;
// Why it is public.
pub use crate::thing::Thing;
pub(crate) use crate::thing::other;

mod inner;

use std::fmt;

fn f() {
    use std::env;

    use Group::{Crate, Std};
}
";
        assert_eq!(mistakes_in(text), []);
    }

    #[test]
    fn each_mistake_is_found_at_its_line() {
        let of = |text: &str| mistakes_in(text).first().map(|(line, _)| *line);
        assert_eq!(of("use serde::Serialize;\n\nuse std::fmt;\n"), Some(3));
        assert_eq!(of("use std::fmt;\nuse serde::Serialize;\n"), Some(2));
        assert_eq!(of("use std::env;\n\nuse std::fmt::Write;\n"), Some(3));
        assert_eq!(of("use std::fmt;\nuse std::env;\n"), Some(2));
        assert_eq!(of("use std::{\n    env,\n    path::Path,\n};\n"), Some(4));
        assert_eq!(of("use crate::a;\nuse serde::Serialize;\n"), Some(2));
    }
}
