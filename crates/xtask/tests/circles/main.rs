//! The imports of files form no circle of more than three files: the files of a larger one cannot be read, moved or
//! tested apart.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs
)]

mod graph;
mod rust;
mod typescript;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::graph::Graph;

/// The largest circle that is permitted.
const MAX_FILES: usize = 3;

/// The contents of files by path.
type Sources = BTreeMap<PathBuf, String>;

/// Reads all files with the extension, at any depth.
fn read(directory: &Path, extension: &str) -> Sources {
    let mut sources = Sources::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources.append(&mut read(&path, extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            let text = fs::read_to_string(&path).unwrap();
            sources.insert(path, text);
        }
    }
    sources
}

fn assert_no_large_circle(graph: &Graph) {
    assert!(!graph.is_empty());
    for circle in graph::circles(graph) {
        assert!(circle.len() <= MAX_FILES, "a circle of files: {circle:#?}");
    }
}

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap().to_owned()
}

#[test]
fn rust_crates_have_no_large_circles() {
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let crates = crates.map(|entry| entry.unwrap().path());
    for directory in crates.chain([root()]) {
        let sources = read(&directory.join("src"), "rs");
        assert_no_large_circle(&rust::graph(&sources));
    }
}

#[test]
fn the_package_has_no_large_circles() {
    let sources = read(&root().join("pkg-template/src"), "ts");
    assert_no_large_circle(&typescript::graph(&sources));
}

fn sources(files: &[(&str, &str)]) -> Sources {
    let files = files.iter();
    files
        .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
        .collect()
}

fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let circles = graph::circles(graph);
    circles
        .into_iter()
        .map(|circle| {
            let paths = circle.into_iter();
            paths.map(|path| path.display().to_string()).collect()
        })
        .collect()
}

#[test]
fn a_circle_of_rust_files_is_found() {
    let sources = sources(&[
        ("src/lib.rs", "mod a; mod b; mod c; pub use a::A;"),
        ("src/a.rs", "mod inner; use crate::b::{B, nothing::*};"),
        (
            "src/a/inner.rs",
            "mod nested { pub type A = super::super::A; }",
        ),
        ("src/b.rs", "fn f() -> u8 { crate::c::f() }"),
        ("src/c.rs", "use super::a::inner; pub(super) struct C;"),
    ]);
    let found = circles(&rust::graph(&sources));
    let expected = ["src/a/inner.rs", "src/a.rs", "src/b.rs", "src/c.rs"];
    assert_eq!(found, [expected]);
}

#[test]
fn declarations_and_tests_of_rust_files_are_no_imports() {
    let sources = sources(&[
        ("src/main.rs", "mod a; mod b;"),
        ("src/a.rs", "use crate::b::B; pub(crate) struct A;"),
        ("src/b.rs", "#[cfg(test)] mod tests { use crate::a::A; }"),
    ]);
    assert_eq!(circles(&rust::graph(&sources)), [[""; 0]; 0]);
}

#[test]
fn a_circle_of_typescript_files_is_found() {
    let sources = sources(&[
        (
            "src/a.ts",
            "import { b } from \"./b/b.ts\";\nimport type { D } from \"./d.ts\";",
        ),
        ("src/b/b.ts", "export * from '../c.ts';"),
        ("src/c.ts", "const a = await import(\"./a.ts\");"),
        ("src/d.ts", "import { a } from \"package\";"),
    ]);
    let found = circles(&typescript::graph(&sources));
    assert_eq!(found, [["src/a.ts", "src/b/b.ts", "src/c.ts"]]);
}
