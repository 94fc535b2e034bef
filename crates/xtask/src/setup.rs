//! What a fresh clone lacks. Every function here does nothing when there is nothing to do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::process::{self, step, which};
use crate::workspace::{WASM_TARGET, Workspace};

/// The oldest Node.js the package supports, and the tools need.
const OLDEST_NODE: u32 = 20;

/// What the tests in a browser need, installed.
pub struct Browser {
    /// Chromium's executable.
    pub chromium: PathBuf,
    /// The WebDriver server for it.
    pub driver: PathBuf,
}

/// Makes ready what every command needs: the wasm target, Node.js and the npm packages.
pub fn tools(workspace: &Workspace) -> Result<()> {
    wasm_target(workspace)?;
    node()?;
    npm_packages(&workspace.root)
}

fn wasm_target(workspace: &Workspace) -> Result<()> {
    let mut libraries = Command::new(env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()));
    libraries.current_dir(&workspace.root).args([
        "--print",
        "target-libdir",
        "--target",
        WASM_TARGET,
    ]);
    let directory = process::output(&mut libraries)?;
    if Path::new(directory.trim()).is_dir() {
        return Ok(());
    }
    step("install the wasm target", || {
        let mut rustup = Command::new("rustup");
        rustup
            .current_dir(&workspace.root)
            .args(["target", "add", WASM_TARGET]);
        twice(&mut rustup).with_context(|| {
            format!("the Rust target {WASM_TARGET} is missing; `rustup target add {WASM_TARGET}` installs it")
        })
    })
}

fn node() -> Result<()> {
    let version = process::output(Command::new("node").arg("--version"))
        .with_context(|| format!("Node.js {OLDEST_NODE} or newer is needed"))?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!(
            "Node.js {OLDEST_NODE} or newer is needed, this is {}",
            version.trim()
        );
    }
    Ok(())
}

/// Installs a version of Node.js from npm, whose packages hold the program and no script. Returns its directory.
pub fn node_release(workspace: &Workspace, version: &str) -> Result<PathBuf> {
    let system = match env::consts::OS {
        "macos" => "darwin",
        "windows" => "win",
        other => other,
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let name = format!("node-{system}-{processor}");
    let root = workspace.target.join(format!("node-{version}"));
    let directory = root.join("node_modules").join(&name).join("bin");
    if directory.join("node").is_file() {
        return Ok(directory);
    }
    step(&format!("install Node.js {version}"), || {
        fs::create_dir_all(&root)?;
        fs::write(root.join("package.json"), "{ \"private\": true }\n")?;
        let mut npm = Command::new("npm");
        npm.current_dir(&root)
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
            .arg(format!("{name}@{version}"));
        twice(&mut npm).with_context(|| format!("Node.js {version} cannot be installed from npm"))
    })?;
    Ok(directory)
}

/// Installs what the lock file in a directory pins. A copy of the lock file that the installed packages were made from,
/// beside them, tells whether they are current. Contents are compared because a checkout sets times as it likes.
pub fn npm_packages(directory: &Path) -> Result<()> {
    let lock = fs::read(directory.join("package-lock.json"))
        .context("package-lock.json cannot be read")?;
    let stamp = directory.join("node_modules/.installed-package-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step("install the npm packages", || {
        let mut npm = Command::new("npm");
        npm.current_dir(directory)
            .args(["ci", "--no-audit", "--no-fund"]);
        twice(&mut npm).context("the npm packages cannot be installed; `npm ci` does it")?;
        fs::write(&stamp, &lock).context("node_modules cannot be written")
    })
}

/// Installs the bundlers and test runners that the package is tried with, into a directory of their own: they write what
/// they make beside what they read.
pub fn consumers(workspace: &Workspace, directory: &Path) -> Result<()> {
    fs::create_dir_all(directory)?;
    let tools = workspace.root.join("tests/consumers");
    for (from, name) in [
        (&workspace.root, ".npmrc"),
        (&tools, "package.json"),
        (&tools, "package-lock.json"),
    ] {
        fs::copy(from.join(name), directory.join(name))
            .with_context(|| format!("{name} cannot be copied"))?;
    }
    npm_packages(directory)
}

/// Finds Chromium and its driver, or installs them where that can be done without asking.
pub fn browser() -> Result<Browser> {
    if let Some(browser) = find_browser() {
        return Ok(browser);
    }
    apt_install("Chromium", &["chromium", "chromium-driver"])?;
    find_browser().context(
        "the tests need Chromium and chromedriver of the same version. \
         Debian and Ubuntu: `sudo apt-get install chromium chromium-driver`. \
         Elsewhere: put both on the PATH, or name them in CHROME_BIN and CHROMEDRIVER",
    )
}

/// Finds Firefox, or installs it where that can be done without asking.
pub fn firefox() -> Option<PathBuf> {
    find_or_skip("Firefox", "FIREFOX_BIN", &["firefox-esr"], || {
        ["firefox-esr", "firefox"].into_iter().find_map(which)
    })
}

/// The same for the WebDriver of WebKitGTK, which needs a screen.
pub fn webkit() -> Option<PathBuf> {
    let packages = ["webkit2gtk-driver", "xvfb"];
    find_or_skip("WebKit", "WEBKIT_DRIVER", &packages, || {
        which("Xvfb").and_then(|_| which("WebKitWebDriver"))
    })
}

/// Finds a browser that the tests do without where it neither is nor can be installed, and says so.
fn find_or_skip(
    what: &str,
    variable: &str,
    packages: &[&str],
    look: impl Fn() -> Option<PathBuf>,
) -> Option<PathBuf> {
    let found = env::var_os(variable)
        .map(PathBuf::from)
        .or_else(&look)
        .or_else(|| {
            apt_install(what, packages).ok()?;
            look()
        });
    if found.is_none() {
        println!(
            "    there is no {what}, and its tests are skipped; on Debian: sudo apt-get install {}",
            packages.join(" ")
        );
    }
    found
}

/// Installs packages of Debian, if this is such a system and this user may.
fn apt_install(what: &str, packages: &[&str]) -> Result<()> {
    let may_install = which("apt-get").is_some()
        && process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !may_install {
        return Ok(());
    }
    step(&format!("install {what}"), || {
        let apt = |arguments: &[&str]| {
            let mut command = Command::new("apt-get");
            command
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(arguments);
            command
        };
        twice(&mut apt(&["update"]))?;
        let install = ["install", "--yes", "--no-install-recommends"];
        twice(&mut apt(&[&install[..], packages].concat()))
    })
}

fn find_browser() -> Option<Browser> {
    let from_environment = |name| env::var_os(name).map(PathBuf::from);
    let chromium = from_environment("CHROME_BIN").or_else(|| {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(which)
    })?;
    let driver = from_environment("CHROMEDRIVER").or_else(|| which("chromedriver"))?;
    Some(Browser { chromium, driver })
}

/// Runs a command that depends on somebody's server, a second time if the first fails.
fn twice(command: &mut Command) -> Result<()> {
    process::run(command)
        .or_else(|_| process::run(command))
        .map(|_| ())
}
