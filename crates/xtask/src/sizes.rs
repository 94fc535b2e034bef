//! What the package costs those who download it.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process;
use crate::workspace::Workspace;

/// The most that the whole browser entry may take, compressed with `gzip -9`.
const CEILING: u32 = 19_500;

/// Node.js compresses as servers do, with the same libraries; this prints what is left of each file named.
const COMPRESS: &str = r#"
const { readFileSync } = require("node:fs");
const { brotliCompressSync, gzipSync } = require("node:zlib");
const sizes = process.argv.slice(1).map((name) => {
  const bytes = readFileSync(name);
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
});
console.log(JSON.stringify(sizes));
"#;

/// Bytes of one file.
#[derive(Deserialize)]
struct Size {
    raw: u32,
    gzip: u32,
    brotli: u32,
}

/// The report.
pub struct Sizes {
    entry: Size,
    wasm: Size,
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
    let mut compress = Command::new("node");
    compress
        .args(["--eval", COMPRESS])
        .arg(bundle)
        .arg(package.join("users.wasm"));
    let sizes = process::output(&mut compress)?;
    let [entry, wasm] = serde_json::from_str(&sizes).context("the sizes are not understood")?;
    Ok(Sizes { entry, wasm })
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
