//! The imports between TypeScript files.

use std::path::{Component, Path, PathBuf};

use super::Sources;
use super::graph::Graph;

/// What precedes the specifier of an import, an export or a dynamic import.
const KEYWORDS: [&str; 3] = ["from ", "import ", "import("];

pub fn graph(sources: &Sources) -> Graph {
    let imports = |path: &Path, text: &str| {
        let files = specifiers(text).map(|specifier| resolve(path, specifier));
        files.filter(|file| sources.contains_key(file)).collect()
    };
    sources
        .iter()
        .map(|(path, text)| (path.clone(), imports(path, text)))
        .collect()
}

/// Returns the relative specifiers.
fn specifiers(text: &str) -> impl Iterator<Item = &str> {
    KEYWORDS
        .into_iter()
        .flat_map(|keyword| text.split(keyword).skip(1))
        .filter_map(|rest| {
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            rest.split(quote).nth(1)
        })
        .filter(|specifier| specifier.starts_with('.'))
}

fn resolve(from: &Path, specifier: &str) -> PathBuf {
    let mut path = from.to_owned();
    path.pop();
    for component in Path::new(specifier).components() {
        match component {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}
