//! Circles in a graph of files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The files that each file imports.
pub type Graph = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// Returns the circles: the largest sets of files that all import each other, directly or through others.
pub fn circles(graph: &Graph) -> BTreeSet<Vec<&Path>> {
    let reachable: BTreeMap<&Path, BTreeSet<&Path>> = graph
        .keys()
        .map(|file| (file.as_path(), reachable(graph, file)))
        .collect();
    let in_circles = reachable
        .iter()
        .filter(|(file, others)| others.contains(*file));
    let circles = in_circles.map(|(file, others)| {
        let circle = others
            .iter()
            .filter(|other| reachable[*other].contains(file));
        circle.copied().collect()
    });
    circles.collect()
}

/// Returns the files that a file imports, directly or through others.
fn reachable<'a>(graph: &'a Graph, file: &Path) -> BTreeSet<&'a Path> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Path> = vec![file];
    while let Some(next) = open.pop() {
        for import in &graph[next] {
            if found.insert(import.as_path()) {
                open.push(import);
            }
        }
    }
    found
}
