//! The example in `examples/yew`: an application of the crate, built as its users build theirs, and its server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{self, step};
use crate::tenant::Tenant;
use crate::workspace::{WASM_TARGET, Workspace};
use crate::{build, demo, package};

/// The crate, and what its files are named after.
const NAME: &str = "auth0-users-yew";

/// Where it is in the repository.
const DIRECTORY: &str = "examples/yew";

/// Its manifest, for commands of cargo in the repository.
pub const MANIFEST: &str = "examples/yew/Cargo.toml";

/// Cargo for the example. The file of the crate that it uses has the name of the workspace's own, made of other
/// dependencies, so it goes to another directory: the tests would be linked to it. Nobody debugs what is made here.
pub fn cargo(workspace: &Workspace, command: &str) -> Command {
    let mut cargo = workspace.cargo(&[command, "--manifest-path", MANIFEST]);
    cargo
        .args(["--target", WASM_TARGET])
        .arg("--target-dir")
        .arg(target(workspace))
        .args(["--config", "profile.dev.debug=false"]);
    cargo
}

fn target(workspace: &Workspace) -> PathBuf {
    workspace.target.join("example")
}

/// Compiles it and puts what a browser loads into a directory, which it tells. Its server gets the installed package.
pub fn build(workspace: &Workspace, project: &Path) -> Result<PathBuf> {
    let sources = workspace.root.join(DIRECTORY);
    package::expose(project, &sources)?;
    let site = workspace.target.join(DIRECTORY);
    step("compile the Rust example", || {
        process::run(&mut cargo(workspace, "build"))?;
        build::empty(&site)?;
        let compiled = target(workspace).join(WASM_TARGET).join("debug").join(NAME);
        Bindgen::new()
            .input_path(compiled.with_extension("wasm"))
            .web(true)?
            .typescript(true)
            .omit_default_module_path(false)
            .generate(&site)
            .context("wasm-bindgen")?;
        fs::copy(sources.join("index.html"), site.join("index.html"))
            .context("the page of the example cannot be copied")?;
        Ok(())
    })?;
    Ok(site)
}

/// Serves it in front of a tenant until standard input ends.
pub fn run(workspace: &Workspace) -> Result<()> {
    let (program, project) = demo::prepare(workspace)?;
    let site = build(workspace, &project)?;
    let tenant = Tenant::start(&program)?;
    println!("\nThe example; Ctrl-C ends it:");
    let status = Command::new("node")
        .arg("server.mjs")
        .current_dir(workspace.root.join(DIRECTORY))
        .env("AUTH0_USERS_EXAMPLE", site)
        .env("AUTH0_USERS_BASE_URL", &tenant.base_url)
        .env("AUTH0_USERS_TOKEN", &tenant.token)
        .status()
        .context("cannot start node")?;
    if !status.success() {
        bail!("the server of the example failed ({status})");
    }
    Ok(())
}
