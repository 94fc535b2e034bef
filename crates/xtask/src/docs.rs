//! `cargo xtask docs`: the reference of the npm package and of the crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use serde_json::json;

use crate::build;
use crate::process::{self, step};
use crate::workspace::{CORE, PACKAGE, WASM_TARGET, Workspace};

/// What users of the package import, each with its declarations.
pub const ENTRIES: [&str; 5] = [
    "index.d.ts",
    "admin.d.ts",
    "proxy.d.ts",
    "testing.d.ts",
    "slim.d.ts",
];

/// Builds the package, and writes both references. A warning is a failure.
pub fn run(workspace: &Workspace) -> Result<()> {
    let package = build::make(workspace)?;
    let site = write(workspace, &package)?;
    println!("\n{}", site.join("index.html").display());
    let rust = workspace
        .target
        .join(WASM_TARGET)
        .join("doc/auth0_users/index.html");
    println!("{}", rust.display());
    Ok(())
}

/// Writes both references, and tells where that of the package is.
pub fn write(workspace: &Workspace, package: &Path) -> Result<PathBuf> {
    let site = workspace.target.join("docs");
    step("reference of the package", || {
        let staging = workspace.target.join("typedoc");
        build::empty(&staging)?;
        // The first entry is the second one for ES modules.
        for file in ENTRIES.iter().chain(&["index.d.cts"]) {
            fs::copy(package.join(file), staging.join(file))?;
        }
        // The entries name each other as their users do.
        let options = json!({
            "compilerOptions": {
                "target": "es2022",
                "module": "esnext",
                "moduleResolution": "bundler",
                "lib": ["es2022", "dom"],
                "strict": true,
                "types": [],
                "paths": { "auth0-users": ["./index.d.ts"] },
            },
            "include": ["*.d.ts"],
        });
        fs::write(staging.join("tsconfig.json"), options.to_string())?;
        let mut typedoc = workspace.npm_tool("typedoc");
        typedoc
            .args(["--options", "scripts/typedoc.json"])
            .arg("--tsconfig")
            .arg(staging.join("tsconfig.json"))
            .arg("--out")
            .arg(&site);
        for entry in ENTRIES {
            typedoc.arg("--entryPoints").arg(staging.join(entry));
        }
        process::run(&mut typedoc)
    })?;
    step("reference of the crate", || {
        // As docs.rs does it: of what would be published, by the settings in its Cargo.toml.
        let packages = unpacked(workspace)?;
        let directory = |name: &str| packages.join(format!("{name}-{}", workspace.version));
        let core = serde_json::to_string(&directory(CORE))?;
        let mut cargo = workspace.cargo(&["doc", "--no-deps", "--lib", "--target", WASM_TARGET]);
        cargo
            .arg("--manifest-path")
            .arg(directory(PACKAGE).join("Cargo.toml"))
            // The version on crates.io, if there is one, is another.
            .arg("--config")
            .arg(format!("patch.crates-io.{CORE}.path={core}"))
            .arg("--target-dir")
            .arg(&workspace.target)
            .env("RUSTDOCFLAGS", "--cfg docsrs --deny warnings");
        process::run(&mut cargo)
    })?;
    Ok(site)
}

/// Packs the crates as they would be published, and returns the directory that they are unpacked in.
fn unpacked(workspace: &Workspace) -> Result<PathBuf> {
    let packages = workspace.target.join("package");
    let mut pack = workspace.cargo(&["package", "--no-verify", "--allow-dirty"]);
    pack.arg("--target-dir").arg(&workspace.target);
    for name in [CORE, PACKAGE] {
        pack.args(["--package", name]);
    }
    process::run(&mut pack)?;
    for name in [CORE, PACKAGE] {
        let name = format!("{name}-{}", workspace.version);
        build::empty(&packages.join(&name))?;
        let mut tar = Command::new("tar");
        process::run(
            tar.current_dir(&packages)
                .args(["-xzf", &format!("{name}.crate")]),
        )?;
    }
    Ok(packages)
}
