//! What is found without running anything: formatting, lints, and whether a build is reproducible.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::imports;
use crate::process::{self, step};
use crate::workspace::{CORE, PACKAGE, WASM_TARGET, Workspace};
use crate::{build, example, generate};

/// What is formatted with prettier.
const FORMATTED: [&str; 7] = [
    "package.json",
    "benches/*.mjs",
    "examples",
    "pkg-template",
    "scripts",
    "tests",
    "www",
];

/// Checks the generated files and the formatting, and runs the lints of Rust.
pub fn sources(workspace: &Workspace) -> Result<()> {
    generate::check(workspace)?;
    step("rustfmt", || {
        process::run(&mut workspace.cargo(&["fmt", "--all", "--check"]))?;
        let example = ["fmt", "--check", "--manifest-path", example::MANIFEST];
        process::run(&mut workspace.cargo(&example))
    })?;
    step("imports", || imports::check(workspace))?;
    step("prettier", || {
        let present = FORMATTED
            .iter()
            .filter(|path| workspace.root.join(path).exists());
        process::run(workspace.npm_tool("prettier").arg("--check").args(present))
    })?;
    clippy(workspace)
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let deny_warnings = ["--", "--deny", "warnings"];
    let clippy = |name: &str, arguments: &[&str]| {
        step(name, || {
            let mut cargo = workspace.cargo(&["clippy"]);
            cargo.args(arguments).args(deny_warnings);
            process::run(&mut cargo)
        })
    };
    let all = ["--all-targets", "--all-features"];
    clippy("clippy", &[&["--workspace"], &all[..]].concat())?;
    // One by one: what links std cannot be checked together with what has a panic handler.
    for package in [CORE, PACKAGE, build::CLIENT.package, build::PROXY.package] {
        let wasm = ["--package", package, "--target", WASM_TARGET];
        clippy(
            &format!("clippy, wasm, {package}"),
            &[&wasm[..], &all].concat(),
        )?;
    }
    let tenant = [
        "--package",
        build::TENANT.package,
        "--target",
        WASM_TARGET,
        "--lib",
    ];
    clippy(
        "clippy, wasm, for testing",
        &[&tenant[..], build::TENANT.features].concat(),
    )?;
    step("clippy, the Rust example", || {
        process::run(example::cargo(workspace, "clippy").args(deny_warnings))
    })?;
    Ok(())
}

/// Checks the types of the package's sources, and lints them. They import generated files, so the package has to be
/// written before.
pub fn package_sources(workspace: &Workspace) -> Result<()> {
    step("tsc", || {
        // By its path: a second compiler among the packages has a command of the same name.
        let mut node = Command::new("node");
        node.current_dir(&workspace.root)
            .arg("node_modules/typescript/bin/tsc");
        process::run(node.args(["--noEmit", "--project", build::SOURCES]))
    })?;
    step("eslint", || {
        let mut eslint = workspace.npm_tool("eslint");
        eslint.current_dir(workspace.root.join(build::SOURCES));
        process::run(eslint.args(["--max-warnings=0", "src"]))
    })?;
    Ok(())
}

/// Writes the package a second time, and fails if a byte differs.
pub fn reproducible(workspace: &Workspace, package: &Path) -> Result<()> {
    step("write it again, to the same bytes", || {
        let again = workspace.target.join("npm-again");
        build::write_package(workspace, &again)?;
        same_files(package, &again)
    })
}

fn same_files(one: &Path, other: &Path) -> Result<()> {
    let contents = |directory: &Path| -> Result<BTreeMap<_, _>> {
        fs::read_dir(directory)?
            .map(|entry| {
                let entry = entry?;
                Ok((entry.file_name(), fs::read(entry.path())?))
            })
            .collect()
    };
    let (one, other) = (contents(one)?, contents(other)?);
    if !one.keys().eq(other.keys()) {
        bail!("two builds have different files");
    }
    for (name, bytes) in &one {
        if other.get(name) != Some(bytes) {
            bail!("{} differs between two builds", name.display());
        }
    }
    Ok(())
}
