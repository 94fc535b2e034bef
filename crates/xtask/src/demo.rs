//! `cargo xtask demo`: the package at work against a local tenant, first as a transcript, then as a page.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::step;
use crate::tenant::Tenant;
use crate::workspace::{PACKAGE, Workspace};
use crate::{build, package, setup, tenant};

/// Runs the transcript and, unless it was to be once, serves the page until standard input ends.
pub fn run(workspace: &Workspace, once: bool) -> Result<()> {
    setup::tools(workspace)?;
    let program = step("compile the tenant", || tenant::compile(workspace))?;
    step("compile the package", || build::compile_all(workspace))?;
    step("write the package", || {
        build::write_package(workspace, &workspace.root.join("pkg"))
    })?;
    let project = workspace.target.join("npm-demo");
    step("pack and install it", || {
        package::install(workspace, &project)
    })?;
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

    let mut server = Command::new("node")
        .arg("scripts/serve.mjs")
        .arg(format!("/={}", workspace.root.join("www").display()))
        .arg(format!(
            "/pkg/={}",
            project.join("node_modules").join(PACKAGE).display()
        ))
        .current_dir(&workspace.root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node")?;
    let output = server
        .stdout
        .take()
        .context("the server has no standard output")?;
    let mut url = String::new();
    BufReader::new(output).read_line(&mut url)?;
    let access = query(&[("baseUrl", &tenant.base_url), ("token", &tenant.token)]);
    println!("\nThe same operations in a page: {}/#{access}", url.trim());
    println!("Ctrl-C ends it.");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    drop(server.stdin.take());
    server.wait()?;
    Ok(())
}

/// Names and values as `URLSearchParams` reads them.
fn query(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        let mut encoded = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._:/".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        encoded
    };
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}
