//! What the package costs those who download it, and that it does not grow unsaid.
//!
//! The sizes that were accepted last stand in a line of CHANGELOG.md, so that whoever lets the package grow tells its
//! users.

use std::path::Path;
use std::process::Command;
use std::{fmt, fs};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// What the line in the changelog begins with. After it come names and bytes.
const ACCEPTED: &str = "- Sizes in bytes:";
/// By how much a size may be above what was accepted, in percent.
const TOLERANCE: usize = 3;

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
    installed: usize,
    changelog: String,
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
        installed: fs::read_dir(package)?
            .map(|file| Ok(usize::try_from(file?.metadata()?.len())?))
            .sum::<Result<_>>()?,
        changelog: fs::read_to_string(workspace.root.join("CHANGELOG.md"))?,
    })
}

impl Sizes {
    /// Fails when the package has grown beyond what CHANGELOG.md says.
    pub fn check(&self) -> Result<()> {
        let now = [
            ("browser entry", self.entry.gzip),
            ("users.wasm", self.wasm.gzip),
            ("testing.js", self.testing.gzip),
            ("installed", self.installed),
        ];
        compare(&self.changelog, &now)
    }
}

/// Compares sizes with those in the newest line of a changelog that has some.
fn compare(changelog: &str, now: &[(&str, usize)]) -> Result<()> {
    let accepted = changelog
        .lines()
        .find_map(|line| line.strip_prefix(ACCEPTED))
        .with_context(|| format!("CHANGELOG.md has no line \"{ACCEPTED} ...\""))?;
    let bytes_of = |name: &str| -> Option<usize> {
        let (_, rest) = accepted.split_once(&format!("{name} "))?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    };
    for (name, bytes) in now {
        let before = bytes_of(name)
            .with_context(|| format!("the sizes in CHANGELOG.md have no \"{name} 123\""))?;
        if bytes.saturating_mul(100) > before.saturating_mul(100 + TOLERANCE) {
            bail!(
                "{name} has grown from {before} to {bytes} bytes, by more than {TOLERANCE} %; \
                 if it is worth that, say so in the line of sizes in CHANGELOG.md"
            );
        }
    }
    Ok(())
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
        writeln!(f, "{:<34}{:>8}", "installed", self.installed)
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    const CHANGELOG: &str = "\
## [Unreleased]
- Something new.
- Sizes in bytes: browser entry 1000, installed 50000.

## [0.1.0]
- Sizes in bytes: browser entry 100, installed 100.
";

    #[test]
    fn a_size_may_grow_a_little_and_no_more_than_the_newest_line_says() {
        assert!(compare(CHANGELOG, &[("browser entry", 1030), ("installed", 51_500)]).is_ok());
        assert!(compare(CHANGELOG, &[("browser entry", 10), ("installed", 10)]).is_ok());
        let grown = compare(CHANGELOG, &[("browser entry", 1031)]).map_err(|e| e.to_string());
        assert_eq!(
            grown,
            Err("browser entry has grown from 1000 to 1031 bytes, by more than 3 %; if it is worth that, say so in \
                 the line of sizes in CHANGELOG.md"
                .to_owned())
        );
    }

    #[test]
    fn a_size_that_nobody_has_accepted_fails() {
        assert!(compare(CHANGELOG, &[("proxy.js", 1)]).is_err());
        assert!(compare("nothing", &[("installed", 1)]).is_err());
    }
}
