//! `cargo xtask test`: everything that has to hold, in parts.

mod imports;
mod javascript;
mod lint;
mod parts;
mod rust;
#[cfg(test)]
mod workflows;

use std::path::PathBuf;

use anyhow::Result;

pub use self::parts::Part;
use crate::process::step;
use crate::workspace::Workspace;
use crate::{api, build, docs, setup, sizes, tenant};

/// Which tests to run.
pub enum Scope {
    /// These parts.
    Parts(Vec<Part>),
    /// Those that tell soon whether a change works.
    Quick,
    /// These files of tests/, against a fresh package.
    Files(Vec<PathBuf>),
}

impl Scope {
    fn has(&self, part: Part) -> bool {
        matches!(self, Self::Parts(parts) if parts.contains(&part))
    }

    fn is_quick(&self) -> bool {
        matches!(self, Self::Quick)
    }

    /// Returns the JavaScript tests in scope.
    fn files(&self, workspace: &Workspace) -> Result<Vec<PathBuf>> {
        if let Self::Files(files) = self {
            return Ok(files.clone());
        }
        let mut files = Vec::new();
        for file in parts::test_files(workspace)? {
            let part = Part::of(&file)?;
            let is_quick = !matches!(part, Part::Browsers | Part::Bundlers);
            if self.has(part) || self.is_quick() && is_quick {
                files.push(file);
            }
        }
        Ok(files)
    }
}

/// Runs the tests in scope, those in JavaScript in a version of Node.js. The first step that fails ends it.
pub fn run(workspace: &Workspace, scope: &Scope, node: Option<&str>) -> Result<()> {
    setup::tools(workspace)?;
    let files = scope.files(workspace)?;
    let browser = javascript::browser(&files)?;

    if scope.has(Part::Lint) {
        lint::sources(workspace)?;
    }
    if scope.has(Part::Rust) || scope.is_quick() {
        rust::host(workspace)?;
    }
    let tenant = step("compile the tenant", || tenant::compile(workspace))?;
    if scope.has(Part::Rust) {
        rust::wasm(workspace, &tenant, None)?;
    }
    if scope.has(Part::Browsers) {
        rust::wasm(workspace, &tenant, browser.as_ref())?;
    }
    if files.is_empty() {
        return Ok(());
    }

    step("compile the package", || build::compile_all(workspace))?;
    let package = workspace.root.join("pkg");
    step("write the package", || {
        build::write_package(workspace, &package)
    })?;
    if scope.has(Part::Lint) {
        lint::package_sources(workspace)?;
        lint::reproducible(workspace, &package)?;
    }
    if scope.has(Part::Docs) {
        api::check(workspace, &package)?;
        docs::write(workspace, &package)?;
    }
    let run = javascript::Run {
        files: &files,
        tenant: &tenant,
        browser: browser.as_ref(),
        node,
    };
    run.start(workspace)?;
    if matches!(scope, Scope::Parts(_)) && !scope.has(Part::Lint) {
        return Ok(());
    }
    let sizes = step("measure", || sizes::measure(workspace, &package))?;
    print!("\n{sizes}");
    sizes.check()
}

/// Prints what the runner says at its end about how many tests there were.
fn summary(output: &str) {
    let told = [
        "test result: ",
        "ℹ tests ",
        "ℹ pass ",
        "ℹ fail ",
        "ℹ skipped ",
    ];
    for line in output.lines().map(str::trim) {
        let nothing = line.contains(" 0 passed; 0 failed; 0 ignored");
        if told.iter().any(|start| line.starts_with(start)) && !nothing {
            println!("    {line}");
        }
    }
}
