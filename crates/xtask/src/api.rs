//! `cargo xtask api`: what the crate and the npm package offer, as listings in api/ that reviews see change.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{self, step};
use crate::workspace::{CORE, PACKAGE, WASM_TARGET, Workspace};
use crate::{build, docs};

/// The listings, of the crate and of the package.
const LISTINGS: [&str; 2] = ["rust.txt", "npm.txt"];

/// Where rustdoc finds what the crate exports from the core: private modules, and then the core itself.
const CORE_PATHS: [&str; 3] = [
    "auth0_users_core::error::",
    "auth0_users_core::limiter::",
    "auth0_users_core::",
];

/// Builds the package, and writes the listings.
pub fn run(workspace: &Workspace) -> Result<()> {
    let package = build::make(workspace)?;
    let directory = workspace.root.join("api");
    step("list the API", || write(workspace, &package, &directory))
}

/// Fails when the listings in the repository are not those of the sources, and shows where they differ.
pub fn check(workspace: &Workspace, package: &Path) -> Result<()> {
    step("the API is as listed", || {
        let now = workspace.target.join("api-now");
        write(workspace, package, &now)?;
        for listing in LISTINGS {
            let mut diff = Command::new("diff");
            diff.current_dir(&workspace.root)
                .args(["--unified", "--new-file"])
                .arg(Path::new("api").join(listing))
                .arg(now.join(listing));
            process::run(&mut diff)
                .context("the API is not what api/ says; `cargo xtask api` accepts the change")?;
        }
        Ok(())
    })
}

/// Writes a listing of the crate and one of the package into a directory.
fn write(workspace: &Workspace, package: &Path, directory: &Path) -> Result<()> {
    let [rust, npm] = LISTINGS;
    fs::create_dir_all(directory)?;
    fs::write(directory.join(rust), of_the_crate(workspace)?)?;
    fs::write(directory.join(npm), of_the_package(workspace, package)?)?;
    Ok(())
}

/// Lists the API of the crate, and below it what it exports from the core, under the same names.
fn of_the_crate(workspace: &Workspace) -> Result<String> {
    let core = listing(workspace, CORE)?;
    let root = "pub mod auth0_users_core\n";
    let core = core
        .strip_prefix(root)
        .with_context(|| format!("the listing of {CORE} does not begin with {root:?}"))?;
    let mut listing = listing(workspace, PACKAGE)? + core;
    for path in CORE_PATHS {
        listing = listing.replace(path, "auth0_users::");
    }
    ensure!(
        !listing.contains("auth0_users_core"),
        "a type of {CORE} is exported from none of {CORE_PATHS:?}"
    );
    Ok(listing)
}

/// Lists the API of a crate.
fn listing(workspace: &Workspace, package: &str) -> Result<String> {
    // The flags are only for nightly compilers unless that variable is set, and cargo compiles everything anew when it
    // is: hence a directory of its own.
    let target = workspace.target.join("api");
    let mut cargo = workspace.cargo(&["rustdoc", "--lib", "--package", package]);
    cargo
        .args(["--target", WASM_TARGET, "--target-dir"])
        .arg(&target)
        .args(["--", "-Zunstable-options", "--output-format=json"])
        .env("RUSTC_BOOTSTRAP", "1");
    process::run(&mut cargo)?;
    let json = target
        .join(WASM_TARGET)
        .join("doc")
        .join(package.replace('-', "_"))
        .with_extension("json");
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .context("the JSON of rustdoc is not of the format that the pinned public-api reads")?;
    Ok(api.to_string())
}

fn of_the_package(workspace: &Workspace, package: &Path) -> Result<String> {
    let mut node = Command::new("node");
    node.current_dir(&workspace.root)
        .arg("scripts/api.mjs")
        .arg(package)
        .arg("index.d.cts")
        .args(docs::ENTRIES);
    process::output(&mut node)
}
