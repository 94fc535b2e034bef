//! `cargo xtask generate`: everything that follows from `api/operations.json`.

mod description;
mod documents;
mod openapi;
mod operations;
mod output;
mod resources;
mod rust;
mod rust_methods;
mod rust_table;
mod rust_types;
mod tenant;
mod text;
mod typescript;
mod wire_types;

use std::fs;
use std::path::Path;

use anyhow::Result;

use self::description::Description;
use self::output::Outputs;
use crate::process::step;
use crate::workspace::Workspace;

/// The description.
const DESCRIPTION: &str = "api/operations.json";

/// Writes every generated file.
pub fn run(workspace: &Workspace) -> Result<()> {
    step("generate", || {
        outputs(workspace, &read(workspace)?)?
            .formatted(workspace)?
            .write(workspace)
    })
}

/// Fails if generating changes a file.
pub fn check(workspace: &Workspace) -> Result<()> {
    step("generated files", || {
        outputs(workspace, &read(workspace)?)?
            .formatted(workspace)?
            .check(workspace)
    })
}

/// Prints what an OpenAPI document declares and the description does not. With `write`, adds it and generates.
pub fn from(workspace: &Workspace, file: &Path, write: bool) -> Result<()> {
    let mut description = read(workspace)?;
    print!("{}", openapi::run(&mut description, file, write)?);
    if write {
        // First, so that what does not fit yet can be completed by hand.
        let mut outputs = Outputs::default();
        outputs.add_plain(DESCRIPTION, serde_json::to_string(&description)?);
        outputs.formatted(workspace)?.write(workspace)?;
        run(workspace)?;
    }
    Ok(())
}

fn read(workspace: &Workspace) -> Result<Description> {
    Description::read(&workspace.root.join(DESCRIPTION))
}

fn outputs(workspace: &Workspace, description: &Description) -> Result<Outputs> {
    let mut outputs = Outputs::default();
    for path in documents::PATHS {
        let text = fs::read_to_string(workspace.root.join(path))?;
        let text = documents::counted(&text, description.operations.len());
        outputs.add_document(path, text);
    }
    // Its own form, so that a change of one row changes that row.
    outputs.add_plain(DESCRIPTION, serde_json::to_string(description)?);
    outputs.add(
        "pkg-template/src/client/operations.ts",
        &operations::typescript(description)?,
    );
    for (name, code) in resources::files(description)? {
        outputs.add(&format!("pkg-template/src/client/resources/{name}"), &code);
    }
    for (name, code) in wire_types::files(description)? {
        outputs.add(&format!("pkg-template/src/types/{name}"), &code);
    }
    outputs.add(
        "tests/types/examples.mts",
        &resources::examples(description),
    );
    for (path, code) in rust_methods::files(description)? {
        outputs.add(&format!("src/{path}"), &code);
    }
    outputs.add(
        "crates/core/src/operations/table.rs",
        &rust_table::rows(description)?,
    );
    for (name, code) in rust_types::files(description)? {
        outputs.add(&format!("src/types/{name}"), &code);
    }
    outputs.add(
        "crates/tenant/src/routes/rows.rs",
        &tenant::rows(description)?,
    );
    Ok(outputs)
}
