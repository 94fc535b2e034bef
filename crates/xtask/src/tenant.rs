//! The local tenant as a child process.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{build, process};

/// Compiles the server and tells where it is.
pub fn compile(workspace: &Workspace) -> Result<PathBuf> {
    process::run(&mut workspace.cargo(&["build", "--package", build::TENANT.package]))?;
    let mut name = PathBuf::from(build::TENANT.package);
    name.set_extension(std::env::consts::EXE_EXTENSION);
    Ok(workspace.target.join("debug").join(name))
}

/// A running tenant. It ends when this value does, or this process: its standard input is closed then.
pub struct Tenant {
    child: Child,
    /// The address of its API.
    pub base_url: String,
    /// A token it accepts.
    pub token: String,
}

impl Tenant {
    /// Starts it on a free port of this machine.
    pub fn start(program: &PathBuf) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--port", "0", "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the tenant")?;
        let output = child
            .stdout
            .take()
            .context("the tenant has no standard output")?;
        let mut lines = BufReader::new(output).lines();
        let mut after = |word: &str| {
            let line = lines.next().context("the tenant ended at once")??;
            line.strip_prefix(word)
                .map(str::to_owned)
                .with_context(|| format!("the tenant says {line:?} where {word:?} is expected"))
        };
        Ok(Self {
            base_url: after("listening on ")?,
            token: after("token ")?,
            child,
        })
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It ended on its own or does now; there is nobody left to tell.
        let _ = self.child.wait();
    }
}
