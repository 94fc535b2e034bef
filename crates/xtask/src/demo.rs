//! `cargo xtask demo`: the package at work against a local tenant, first as a transcript, then as the console.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::console::Server;
use crate::process::step;
use crate::tenant::Tenant;
use crate::workspace::Workspace;
use crate::{build, console, package, tenant};

/// Compiles the tenant, and installs the package into a project. Tells where both are.
pub fn prepare(workspace: &Workspace) -> Result<(PathBuf, PathBuf)> {
    build::make(workspace)?;
    let program = step("compile the tenant", || tenant::compile(workspace))?;
    let project = workspace.target.join("npm-demo");
    step("pack and install it", || {
        package::install(workspace, &project)
    })?;
    Ok((program, project))
}

/// Runs the transcript and, unless it was to be once, serves the console until standard input ends.
pub fn run(workspace: &Workspace, once: bool) -> Result<()> {
    let (program, project) = prepare(workspace)?;
    console::build(workspace, &project)?;
    let tenant = Tenant::start(&program)?;

    // A module finds packages from where it lies, so the script goes where the package is.
    let script = project.join("demo.mjs");
    std::fs::copy(workspace.root.join("www/demo.mjs"), &script)
        .context("www/demo.mjs cannot be copied")?;
    println!();
    let status = Command::new("node")
        .arg("demo.mjs")
        .current_dir(&project)
        .env("AUTH0_USERS_BASE_URL", &tenant.base_url)
        .env("AUTH0_USERS_TOKEN", &tenant.token)
        .stdin(Stdio::null())
        .status()
        .context("cannot start node")?;
    if !status.success() {
        bail!("the demo failed ({status})");
    }
    if once {
        return Ok(());
    }

    let server = Server::start(workspace, &tenant)?;
    println!("\nThe console: {}", server.url);
    for (operator, password) in &server.operators {
        println!("  sign in as {operator} with {password}");
    }
    println!("What operators change is told here. Ctrl-C ends it.");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}
