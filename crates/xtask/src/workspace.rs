//! Where things are: the repository, cargo's target directory and the npm tools.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

/// The hidden subcommand that runs WebAssembly test binaries.
pub const WASM_RUNNER: &str = "wasm-test-runner";

/// The target the client is compiled for.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The crate and the npm package.
pub const PACKAGE: &str = "auth0-users";

/// The crate that both share, published with the other one.
pub const CORE: &str = "auth0-users-core";

/// The parts of `cargo metadata` that are needed here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// The checkout this command works on.
pub struct Workspace {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target directory, wherever the user has put it.
    pub target: PathBuf,
    /// This program. Its path is read at the start, because cargo replaces the file when it builds the tests.
    pub program: PathBuf,
    /// The version of the crate, and so of the npm package.
    pub version: String,
}

impl Workspace {
    /// Asks cargo.
    pub fn find() -> Result<Self> {
        let arguments = ["metadata", "--format-version=1", "--no-deps"];
        let json = process::output(Command::new(cargo()).args(arguments))?;
        let metadata: Metadata =
            serde_json::from_str(&json).context("cargo metadata is not understood")?;
        let package = metadata
            .packages
            .into_iter()
            .find(|package| package.name == PACKAGE)
            .with_context(|| format!("the workspace has no package {PACKAGE}"))?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            program: env::current_exe().context("the path of this program")?,
            version: package.version,
        })
    }

    /// A cargo command in the repository.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo());
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// A command of an npm package that package-lock.json pins.
    pub fn npm_tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.root.join("node_modules/.bin").join(name));
        command.current_dir(&self.root);
        command
    }
}

/// The cargo that started this command, so that both are of one toolchain.
fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
