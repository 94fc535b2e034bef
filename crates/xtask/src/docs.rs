//! `cargo xtask docs`: the reference of the npm package and of the crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use serde_json::json;

use crate::build;
use crate::process::{self, step};
use crate::workspace::{PACKAGE, WASM_TARGET, Workspace};

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
        let mut cargo = workspace.cargo(&["doc", "--no-deps", "--lib", "--target", WASM_TARGET]);
        cargo
            .arg("--manifest-path")
            .arg(unpacked(workspace)?.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&workspace.target)
            .env("RUSTDOCFLAGS", "--cfg docsrs --deny warnings");
        process::run(&mut cargo)
    })?;
    Ok(site)
}

/// The crate as it would be published, unpacked.
fn unpacked(workspace: &Workspace) -> Result<PathBuf> {
    let packages = workspace.target.join("package");
    let name = format!("{PACKAGE}-{}", workspace.version);
    let crate_itself = packages.join(&name);
    build::empty(&crate_itself)?;
    let pack = [
        "package",
        "--package",
        PACKAGE,
        "--no-verify",
        "--allow-dirty",
    ];
    let mut cargo = workspace.cargo(&pack);
    process::run(cargo.arg("--target-dir").arg(&workspace.target))?;
    let mut tar = Command::new("tar");
    process::run(
        tar.current_dir(&packages)
            .args(["-xzf", &format!("{name}.crate")]),
    )?;
    Ok(crate_itself)
}
