//! The imports between the files of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, ItemMod, ItemUse, UseTree, Visibility};

use super::Sources;
use super::graph::Graph;

/// The names of a module and its parents, without the crate.
type ModulePath = Vec<String>;

/// Returns the imports between all files that are modules of a `lib.rs` or `main.rs`.
pub fn graph(sources: &Sources) -> Graph {
    let mut graph = Graph::new();
    for root in sources.keys().filter(|path| is_root(path)) {
        let mut modules = BTreeMap::new();
        add_modules(sources, root, Vec::new(), &mut modules);
        for (module, (path, file)) in &modules {
            let mut imports = Imports {
                modules: &modules,
                module: module.clone(),
                files: BTreeSet::new(),
            };
            imports.visit_file(file);
            imports.files.remove(path);
            graph
                .entry(path.clone())
                .or_default()
                .append(&mut imports.files);
        }
    }
    graph
}

fn is_root(path: &Path) -> bool {
    path.ends_with("lib.rs") || path.ends_with("main.rs")
}

type Modules = BTreeMap<ModulePath, (PathBuf, File)>;

/// Adds a module and the modules that it declares.
fn add_modules(sources: &Sources, path: &Path, module: ModulePath, modules: &mut Modules) {
    let file = syn::parse_file(&sources[path]).unwrap();
    let directory = if is_root(path) || path.ends_with("mod.rs") {
        path.parent().unwrap().to_owned()
    } else {
        path.with_extension("")
    };
    for item in &file.items {
        let Item::Mod(ItemMod {
            ident,
            content: None,
            ..
        }) = item
        else {
            continue;
        };
        let name = ident.to_string();
        let candidates = [
            directory.join(format!("{name}.rs")),
            directory.join(&name).join("mod.rs"),
        ];
        let child = candidates.iter().find(|path| sources.contains_key(*path));
        let child = child.unwrap_or_else(|| panic!("no file of {name} in {}", path.display()));
        let module = [module.clone(), vec![name]].concat();
        add_modules(sources, child, module, modules);
    }
    modules.insert(module, (path.to_owned(), file));
}

/// Collects the files that a file imports. Modules for tests are ignored.
struct Imports<'a> {
    modules: &'a Modules,
    /// The current module, which can be nested in the file.
    module: ModulePath,
    files: BTreeSet<PathBuf>,
}

impl Imports<'_> {
    /// Adds the file of the module that a path leads to.
    fn add(&mut self, names: &[String]) {
        let mut module = match names.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            _ => self.module.clone(),
        };
        let mut is_local = false;
        for name in names {
            match name.as_str() {
                "crate" | "self" => is_local = true,
                "super" => {
                    is_local = true;
                    module.pop();
                }
                name => {
                    module.push(name.to_owned());
                    if !self.modules.contains_key(&module) {
                        module.pop();
                        break;
                    }
                    is_local = true;
                }
            }
        }
        // A module that is nested in a file is no module of the map.
        while is_local && !self.modules.contains_key(&module) {
            module.pop();
        }
        if is_local {
            self.files.insert(self.modules[&module].0.clone());
        }
    }

    fn add_tree(&mut self, tree: &UseTree, names: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                names.push(path.ident.to_string());
                self.add_tree(&path.tree, names);
                names.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(tree, names);
                }
            }
            UseTree::Name(name) => {
                self.add(&[names.as_slice(), &[name.ident.to_string()]].concat())
            }
            UseTree::Rename(name) => {
                self.add(&[names.as_slice(), &[name.ident.to_string()]].concat());
            }
            UseTree::Glob(_) => self.add(names),
        }
    }
}

impl Visit<'_> for Imports<'_> {
    fn visit_item_use(&mut self, item: &ItemUse) {
        self.add_tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if matches!(names[0].as_str(), "crate" | "self" | "super") && names.len() > 1 {
            self.add(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &ItemMod) {
        if item.content.is_some() && !item.attrs.iter().any(is_for_tests) {
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    /// Ignores `pub(super)` and the like.
    fn visit_visibility(&mut self, _: &Visibility) {}
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Ident>()
            .is_ok_and(|name| name == "test")
}
