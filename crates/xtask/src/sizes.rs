//! What the package costs those who download it.

use std::path::Path;
use std::process::Command;
use std::{fmt, fs};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// The most that the whole browser entry may take, compressed with `gzip -9`.
const CEILING: usize = 31_800;

/// What Node.js prints for the file it is given. It has the library that servers use.
const BROTLI: &str = r#"
const { readFileSync } = require("node:fs");
const { brotliCompressSync } = require("node:zlib");
console.log(brotliCompressSync(readFileSync(process.argv[1])).length);
"#;

/// Bytes of one file.
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Size {
    fn of(file: &Path) -> Result<Self> {
        let gzip = process::gzip(file)?;
        let mut node = Command::new("node");
        node.args(["--eval", BROTLI]).arg(file);
        let brotli = process::output(&mut node)?;
        Ok(Self {
            raw: fs::read(file)?.len(),
            gzip: gzip.len(),
            brotli: brotli.trim().parse().context("node prints a number")?,
        })
    }
}

/// The report.
pub struct Sizes {
    entry: Size,
    wasm: Size,
    testing: Size,
}

/// Bundles and minifies the default entry as a user's bundler does, and compresses it.
pub fn measure(workspace: &Workspace, package: &Path) -> Result<Sizes> {
    let bundle = workspace.target.join("npm/browser.js");
    let mut esbuild = workspace.npm_tool("esbuild");
    esbuild
        .arg(package.join("index.js"))
        .args(["--bundle", "--minify", "--format=esm", "--platform=browser"])
        .args(["--log-level=warning"])
        .arg(format!("--outfile={}", bundle.display()));
    process::run(&mut esbuild)?;
    Ok(Sizes {
        entry: Size::of(&bundle)?,
        wasm: Size::of(&package.join("users.wasm"))?,
        testing: Size::of(&package.join("testing.js"))?,
    })
}

impl Sizes {
    /// Fails when the package has grown beyond what is promised.
    pub fn check(&self) -> Result<()> {
        let gzip = self.entry.gzip;
        if gzip > CEILING {
            bail!("the browser entry has {gzip} bytes with gzip -9; the ceiling is {CEILING}");
        }
        Ok(())
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<34}{:>8}{:>10}{:>8}",
            "bytes", "raw", "gzip -9", "brotli"
        )?;
        for (name, size) in [
            ("whole browser entry, minified", &self.entry),
            ("users.wasm alone", &self.wasm),
            ("testing.js", &self.testing),
        ] {
            writeln!(
                f,
                "{name:<34}{:>8}{:>10}{:>8}",
                size.raw, size.gzip, size.brotli
            )?;
        }
        Ok(())
    }
}
