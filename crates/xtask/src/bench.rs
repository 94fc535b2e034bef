//! `cargo xtask bench`: the package side by side with the official one and with bare fetch.

use std::process::Command;

use anyhow::Result;

use crate::process::{self, step};
use crate::workspace::Workspace;
use crate::{build, package, setup};

/// Measures, and writes the results into benches/.
pub fn run(workspace: &Workspace) -> Result<()> {
    build::run(workspace)?;
    let browser = setup::browser()?;
    let project = workspace.target.join("npm-bench");
    let benches = workspace.root.join("benches");
    package::install(workspace, &project)?;
    package::expose(&project, &benches)?;
    step("measure side by side", || {
        let mut node = Command::new("node");
        node.current_dir(&workspace.root)
            .arg("benches/main.mjs")
            .env("AUTH0_USERS_PROJECT", &project)
            .env("CHROME_BIN", &browser.chromium);
        process::run(&mut node)
    })
    .map(|figures| print!("\n{figures}"))
}
