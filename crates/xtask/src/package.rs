//! The packed package, installed as users install it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::empty;
use crate::process;
use crate::workspace::{PACKAGE, Workspace};

/// Packs pkg/ and installs the tarball into a directory that is an empty project otherwise.
pub fn install(workspace: &Workspace, project: &Path) -> Result<()> {
    empty(project)?;
    // Neither a script nor the network: the package has no dependencies.
    let npm = |arguments: &[&str]| {
        let mut command = Command::new("npm");
        command.current_dir(project).args(arguments).args([
            "--offline",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]);
        command
    };
    let package = workspace.root.join("pkg");
    process::run(npm(&["pack"]).arg(package))?;
    fs::write(project.join("package.json"), "{ \"private\": true }\n")?;
    let tarball = format!("./{PACKAGE}-{}.tgz", workspace.version);
    process::run(&mut npm(&["install", &tarball])).map(|_| ())
}

/// Puts the installed package where files below a directory find it by its name.
pub fn expose(project: &Path, directory: &Path) -> Result<()> {
    let installed = project.join("node_modules").join(PACKAGE);
    let exposed = directory.join("node_modules").join(PACKAGE);
    empty(&exposed)?;
    for file in fs::read_dir(&installed).context("the package was not installed")? {
        let file = file?;
        fs::copy(file.path(), exposed.join(file.file_name()))?;
    }
    Ok(())
}
