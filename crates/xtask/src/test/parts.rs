//! The parts of the tests, and which part each file of `tests/` belongs to.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::workspace::Workspace;

/// The directory of the JavaScript tests.
pub const TESTS: &str = "tests";

/// The tests that need a browser end so.
const BROWSER_TEST: &str = ".browser.test.mjs";

/// One concern, and one job of the continuous integration.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Part {
    /// Formatting, lints, types, sizes, and the files that are published
    Lint,
    /// Rust on this machine, and in WebAssembly in Node.js
    Rust,
    /// The package in Node.js, Bun, Deno and workerd
    Node,
    /// The package, the crate, the console and the examples in Chromium, Firefox and WebKit
    Browsers,
    /// The package in bundlers, frameworks and test runners
    Bundlers,
    /// The references, the listings in api/, and every example in the documents
    Docs,
}

/// What the path of a test begins with, and the part that it belongs to. A test in a browser belongs to the browsers
/// unless its row says that it is about bundlers.
const ROWS: [(&str, Part); 19] = [
    ("tests/admin/", Part::Node),
    ("tests/benches/", Part::Node),
    ("tests/console/", Part::Browsers),
    ("tests/consumers/", Part::Bundlers),
    ("tests/docs.", Part::Docs),
    ("tests/fake/", Part::Node),
    ("tests/migration/", Part::Node),
    ("tests/package/adding.", Part::Lint),
    ("tests/package/contents.", Part::Lint),
    ("tests/package/crate.", Part::Lint),
    ("tests/package/lint.", Part::Lint),
    ("tests/package/node.", Part::Node),
    ("tests/package/readable.", Part::Node),
    ("tests/proxy/", Part::Node),
    ("tests/runtimes/", Part::Node),
    ("tests/rust/", Part::Browsers),
    ("tests/suite/", Part::Node),
    ("tests/testing/", Part::Node),
    ("tests/types/", Part::Lint),
];

impl Part {
    /// Every part.
    pub fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// The part of a test, by its path in the repository.
    pub fn of(path: &Path) -> Result<Self> {
        let path = path.to_string_lossy();
        let (_, part) = ROWS
            .into_iter()
            .find(|(start, _)| path.starts_with(start))
            .with_context(|| {
                format!(
                    "{path} belongs to no part: crates/xtask/src/test/parts.rs lacks a row for it"
                )
            })?;
        let is_moved = part != Self::Bundlers && needs_browser(&path);
        Ok(if is_moved { Self::Browsers } else { part })
    }
}

/// Returns whether a test drives a browser.
pub fn needs_browser(path: &str) -> bool {
    path.ends_with(BROWSER_TEST)
}

/// Returns every `*.test.mjs` of `tests/`, by its path in the repository, in the order of the names.
pub fn test_files(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(&workspace.root, Path::new(TESTS), &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(root: &Path, directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(root.join(directory))? {
        let entry = entry?;
        let path = directory.join(entry.file_name());
        if entry.file_name() == "node_modules" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_file_belongs_to_exactly_one_part() {
        let files = test_files(&Workspace::find().unwrap()).unwrap();
        assert!(files.len() > 50);
        for file in &files {
            let path = file.to_string_lossy();
            let rows = ROWS.iter().filter(|(start, _)| path.starts_with(start));
            assert_eq!(rows.count(), 1, "{path}");
        }
        for (start, _) in ROWS {
            let mut used = files.iter().map(|file| file.to_string_lossy());
            assert!(used.any(|path| path.starts_with(start)), "{start}");
        }
    }

    #[test]
    fn browser_tests_outside_of_bundlers_belong_to_browsers() {
        let of = |path: &str| Part::of(Path::new(path)).ok();
        assert_eq!(of("tests/suite/wire.test.mjs"), Some(Part::Node));
        assert_eq!(of("tests/docs.browser.test.mjs"), Some(Part::Browsers));
        assert_eq!(
            of("tests/runtimes/firefox.browser.test.mjs"),
            Some(Part::Browsers)
        );
        assert_eq!(
            of("tests/consumers/next.browser.test.mjs"),
            Some(Part::Bundlers)
        );
        assert_eq!(of("tests/unknown/new.test.mjs"), None);
    }
}
