//! The project's own commands: `cargo xtask build | demo | example | docs | api | generate | test | bench`.

mod api;
mod bench;
mod bindings;
mod build;
mod console;
mod demo;
mod docs;
mod example;
mod generate;
mod inline;
mod package;
mod process;
mod setup;
mod sizes;
mod tenant;
mod test;
mod workspace;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::test::{Part, Scope};
use crate::workspace::Workspace;

/// Builds, shows and tests the npm package and the crate it is made from.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the npm package to pkg/ and report its size
    Build,
    /// Show the package at work against a local tenant, in Node.js and in the console
    Demo {
        /// Leave after the transcript, without serving the console
        #[arg(long)]
        once: bool,
    },
    /// Serve the application in examples/yew, a user of the crate, against a local tenant
    Example,
    /// Write the references of the package and of the crate below target/
    Docs,
    /// Write down in api/ what the crate and the package offer, which accepts a change of it
    Api,
    /// Write every file that follows from api/operations.json
    Generate {
        /// Write nothing, and fail if a file would change
        #[arg(long, conflicts_with = "from")]
        check: bool,
        /// Report what this OpenAPI document of the Management API declares and api/operations.json does not
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// Add to api/operations.json what it lacks, and generate
        #[arg(long, requires = "from")]
        write: bool,
    },
    /// Run the tests
    Test {
        /// Run only this part; may be given several times
        #[arg(long = "part", value_name = "PART")]
        parts: Vec<Part>,
        /// Run the JavaScript tests in this version of Node.js, such as 22 or 24.1.0, installed from npm
        #[arg(long, value_name = "VERSION")]
        node: Option<String>,
        /// Run only what tells soon whether a change works: no browser, no bundlers, no lints
        #[arg(long, conflicts_with = "parts")]
        quick: bool,
        /// Run only these files of tests/, against a fresh package
        #[arg(value_name = "FILE", conflicts_with_all = ["parts", "quick"])]
        files: Vec<PathBuf>,
    },
    /// Measure the package side by side with the official one, and write benches/RESULTS.md
    Bench,
    /// Run a WebAssembly test binary; what cargo calls as the runner of the wasm target
    #[command(hide = true, name = workspace::WASM_RUNNER, disable_help_flag = true)]
    WasmTestRunner {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not returned from main, which would add this program's own stack to the message.
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Build => build::run(&Workspace::find()?),
        Command::Demo { once } => demo::run(&Workspace::find()?, once),
        Command::Bench => bench::run(&Workspace::find()?),
        Command::Example => example::run(&Workspace::find()?),
        Command::Api => api::run(&Workspace::find()?),
        Command::Generate {
            from: Some(file),
            write,
            ..
        } => generate::from(&Workspace::find()?, &file, write),
        Command::Generate { check: true, .. } => generate::check(&Workspace::find()?),
        Command::Generate { .. } => generate::run(&Workspace::find()?),
        Command::Docs => docs::run(&Workspace::find()?),
        Command::Test {
            parts,
            node,
            quick,
            files,
        } => {
            let scope = if quick {
                Scope::Quick
            } else if !files.is_empty() {
                Scope::Files(files)
            } else if parts.is_empty() {
                Scope::Parts(Part::all())
            } else {
                Scope::Parts(parts)
            };
            test::run(&Workspace::find()?, &scope, node.as_deref())
        }
        Command::WasmTestRunner { arguments } => {
            let arguments = std::iter::once(workspace::WASM_RUNNER.into()).chain(arguments);
            wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments)
        }
    }
}
