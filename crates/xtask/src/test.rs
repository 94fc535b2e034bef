//! `cargo xtask test`: everything that has to hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::process::{self, step};
use crate::setup::Browser;
use crate::tenant::Tenant;
use crate::workspace::{PACKAGE, WASM_RUNNER, WASM_TARGET, Workspace};
use crate::{api, build, console, docs, example, generate, package, setup, sizes, tenant};

/// What is formatted with prettier.
const FORMATTED: [&str; 7] = [
    "package.json",
    "benches/*.mjs",
    "examples",
    "pkg-template",
    "scripts",
    "tests",
    "www",
];

/// The tests that need a browser end so.
const BROWSER_TEST: &str = ".browser.test.mjs";

/// Chromium for tests: without a screen, and without anything it would do on its own.
const CHROMIUM_FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Which tests to run.
pub enum Scope {
    /// All of them.
    All,
    /// Those that tell soon whether a change works.
    Quick,
    /// These files of tests/, against a fresh package.
    Files(Vec<PathBuf>),
}

/// Runs the tests in scope. The first that fail end it.
pub fn run(workspace: &Workspace, scope: &Scope) -> Result<()> {
    setup::tools(workspace)?;
    let concerns = |part: &str| match scope {
        Scope::All => true,
        Scope::Quick => false,
        Scope::Files(files) => files
            .iter()
            .any(|file| file.to_string_lossy().contains(part)),
    };
    let browser = concerns(BROWSER_TEST).then(setup::browser).transpose()?;
    let firefox = concerns("firefox").then(setup::firefox).flatten();
    let webkit = concerns("webkit").then(setup::webkit).flatten();

    if matches!(scope, Scope::All) {
        style(workspace)?;
    }
    if matches!(scope, Scope::All | Scope::Quick) {
        step("host tests", || {
            process::run(&mut workspace.cargo(&["test", "--workspace"]))
        })
        .map(|output| summary(&output))?;
    }
    let tenant = step("compile the tenant", || tenant::compile(workspace))?;
    if let (Scope::All, Some(browser)) = (scope, &browser) {
        wasm_tests(workspace, &tenant, browser)?;
    }

    step("compile the package", || build::compile_all(workspace))?;
    let pkg = workspace.root.join("pkg");
    step("write the package", || {
        build::write_package(workspace, &pkg)
    })?;
    if matches!(scope, Scope::All) {
        step("write it again, to the same bytes", || {
            let again = workspace.target.join("npm-again");
            build::write_package(workspace, &again)?;
            same_files(&pkg, &again)
        })?;
        api::check(workspace, &pkg)?;
        docs::write(workspace, &pkg)?;
    }
    let project = workspace.target.join("npm-test");
    step("pack and install it", || {
        package::install(workspace, &project)?;
        package::expose(&project, &workspace.root.join("tests"))?;
        package::expose(&project, &workspace.root.join("benches"))
    })?;
    if concerns("console") {
        console::build(workspace, &project)?;
    }
    let example = concerns("yew")
        .then(|| example::build(workspace, &project))
        .transpose()?;
    let consumers = workspace.target.join("consumers");
    let with_consumers = concerns("consumers");
    if with_consumers {
        setup::consumers(workspace, &consumers)?;
        package::expose(&project, &consumers)?;
    }

    let files = match scope {
        Scope::Files(files) => files.clone(),
        Scope::All | Scope::Quick => test_files(&workspace.root.join("tests"))?
            .into_iter()
            .filter(|file| browser.is_some() || !needs_browser(file))
            .filter(|file| {
                with_consumers || !file.starts_with(workspace.root.join("tests/consumers"))
            })
            .collect(),
    };
    let processors = available_parallelism()?;
    let output = step("JavaScript tests", || {
        let mut node = Command::new("node");
        node.current_dir(&workspace.root)
            .args(["--test", "--test-reporter=spec", "--test-timeout=600000"])
            // One more than Node's own choice, which leaves a processor for the runner; that one only waits.
            .arg(format!("--test-concurrency={processors}"))
            .args(files)
            .env("AUTH0_USERS_PROJECT", &project)
            .env("AUTH0_USERS_CONSUMERS", &consumers)
            .env("AUTH0_USERS_TENANT", &tenant);
        if let Some(example) = &example {
            node.env("AUTH0_USERS_EXAMPLE", example);
        }
        if let Some(browser) = &browser {
            node.env("CHROME_BIN", &browser.chromium);
        }
        if let Some(firefox) = &firefox {
            node.env("FIREFOX_BIN", firefox);
        }
        if let Some(webkit) = &webkit {
            node.env("WEBKIT_DRIVER", webkit);
        }
        process::run(&mut node)
    })?;
    summary(&output);

    let sizes = step("measure", || sizes::measure(workspace, &pkg))?;
    print!("\n{sizes}");
    sizes.check()
}

fn style(workspace: &Workspace) -> Result<()> {
    generate::check(workspace)?;
    step("rustfmt", || {
        process::run(&mut workspace.cargo(&["fmt", "--all", "--check"]))?;
        let example = ["fmt", "--check", "--manifest-path", example::MANIFEST];
        process::run(&mut workspace.cargo(&example))
    })?;
    step("prettier", || {
        let present = FORMATTED
            .iter()
            .filter(|path| workspace.root.join(path).exists());
        process::run(workspace.npm_tool("prettier").arg("--check").args(present))
    })?;
    let deny_warnings = ["--", "--deny", "warnings"];
    let clippy = |name: &str, arguments: &[&str]| {
        step(name, || {
            let mut cargo = workspace.cargo(&["clippy"]);
            cargo.args(arguments).args(deny_warnings);
            process::run(&mut cargo)
        })
    };
    let wasm = ["--package", PACKAGE, "--target", WASM_TARGET, "--lib"];
    clippy("clippy", &["--workspace", "--all-targets"])?;
    clippy(
        "clippy, wasm, for Rust",
        &[&wasm[..], &["--tests"]].concat(),
    )?;
    clippy(
        "clippy, wasm, for the package",
        &[&wasm[..], build::CLIENT.features].concat(),
    )?;
    clippy(
        "clippy, wasm, for the proxy",
        &[&wasm[..], build::PROXY.features].concat(),
    )?;
    let tenant = [
        "--package",
        build::TENANT.package,
        "--target",
        WASM_TARGET,
        "--lib",
    ];
    clippy(
        "clippy, wasm, for testing",
        &[&tenant[..], build::TENANT.features].concat(),
    )?;
    step("clippy, the Rust example", || {
        process::run(example::cargo(workspace, "clippy").args(deny_warnings))
    })?;
    Ok(())
}

/// The tests of the Rust face in WebAssembly, in Node.js and in Chromium, with a tenant to talk to.
fn wasm_tests(workspace: &Workspace, tenant: &PathBuf, browser: &Browser) -> Result<()> {
    let tenant = Tenant::start(tenant)?;
    let runner = std::env::current_exe().context("this program does not know where it is")?;
    let runner = format!("{} {WASM_RUNNER}", runner.display());
    let driver_options = workspace.target.join("webdriver.json");
    let options = json!({
        "goog:chromeOptions": { "binary": browser.chromium, "args": CHROMIUM_FLAGS }
    });
    fs::write(&driver_options, options.to_string())?;
    let run = |name: &str, mode: &str| {
        let output = step(name, || {
            let mut cargo = workspace.cargo(&["test", "--package", PACKAGE, "--lib", "--tests"]);
            cargo
                .args(["--target", WASM_TARGET])
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
                .env("AUTH0_USERS_BASE_URL", &tenant.base_url)
                .env("AUTH0_USERS_TOKEN", &tenant.token)
                .env("CHROMEDRIVER", &browser.driver)
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &driver_options)
                // Seconds; the usual 20 and 5 are too few for a machine that is busy with much else.
                .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
                .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "120")
                .env(mode, "1");
            let output = process::run(&mut cargo)?;
            all_ended(&output)?;
            Ok(output)
        })?;
        summary(&output);
        Ok(())
    };
    run(
        "wasm tests in Node.js",
        "WASM_BINDGEN_USE_NODE_EXPERIMENTAL",
    )
    .and_then(|()| run("wasm tests in Chromium", "WASM_BINDGEN_USE_BROWSER"))
}

/// Fails if a test never ended: when nothing is left that could go on, Node.js ends, and ends well.
fn all_ended(output: &str) -> Result<()> {
    let count = |start| {
        let lines = output.lines().map(str::trim);
        lines.filter(|line| line.starts_with(start)).count()
    };
    let (begun, ended) = (count("running "), count("test result: "));
    ensure!(
        begun == ended,
        "{begun} files of tests began and {ended} ended: a test waits for what never comes\n\n{output}"
    );
    Ok(())
}

/// Prints what the runner says at its end about how many tests there were.
fn summary(output: &str) {
    let told = [
        "test result: ",
        "ℹ tests ",
        "ℹ pass ",
        "ℹ fail ",
        "ℹ skipped ",
    ];
    for line in output.lines().map(str::trim) {
        let nothing = line.contains(" 0 passed; 0 failed; 0 ignored");
        if told.iter().any(|start| line.starts_with(start)) && !nothing {
            println!("    {line}");
        }
    }
}

fn needs_browser(file: &Path) -> bool {
    file.to_string_lossy().ends_with(BROWSER_TEST)
}

/// Every *.test.mjs of a directory and the ones in it, in the order of their names.
fn test_files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name() == "node_modules" {
            continue;
        }
        if path.is_dir() {
            files.extend(test_files(&path)?);
        } else if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn same_files(one: &Path, other: &Path) -> Result<()> {
    let contents = |directory: &Path| -> Result<BTreeMap<_, _>> {
        fs::read_dir(directory)?
            .map(|entry| {
                let entry = entry?;
                Ok((entry.file_name(), fs::read(entry.path())?))
            })
            .collect()
    };
    let (one, other) = (contents(one)?, contents(other)?);
    if !one.keys().eq(other.keys()) {
        bail!("two builds have different files");
    }
    for (name, bytes) in &one {
        if other.get(name) != Some(bytes) {
            bail!("{} differs between two builds", name.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::all_ended;

    #[test]
    fn a_test_that_never_ends_is_noticed() {
        let ended = "running 2 tests\n..\n\ntest result: ok. 2 passed\n";
        assert!(all_ended(ended).is_ok());
        assert!(all_ended(&format!("{ended}running 1 test\n")).is_err());
    }
}
