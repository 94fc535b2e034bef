//! The tests of Rust: on this machine, and in WebAssembly.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde_json::json;

use super::summary;
use crate::process::{self, step};
use crate::setup::Browser;
use crate::tenant::Tenant;
use crate::workspace::{PACKAGE, WASM_RUNNER, WASM_TARGET, Workspace};

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

/// Runs the tests of the workspace on this machine.
pub fn host(workspace: &Workspace) -> Result<()> {
    let output = step("host tests", || {
        process::run(&mut workspace.cargo(&["test", "--workspace"]))
    })?;
    summary(&output);
    Ok(())
}

/// Runs the tests of the crate in WebAssembly: in the browser, or in Node.js if there is none. They talk to a tenant.
pub fn wasm(workspace: &Workspace, tenant: &PathBuf, browser: Option<&Browser>) -> Result<()> {
    let tenant = Tenant::start(tenant)?;
    let runner = format!("{} {WASM_RUNNER}", workspace.program.display());
    let mut cargo = workspace.cargo(&["test", "--package", PACKAGE, "--lib", "--tests"]);
    cargo
        .args(["--target", WASM_TARGET])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
        .env("AUTH0_USERS_BASE_URL", &tenant.base_url)
        .env("AUTH0_USERS_TOKEN", &tenant.token)
        // Seconds; the usual 20 and 5 are too few for a machine that is busy with much else.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "120");
    let name = if let Some(browser) = browser {
        let options = json!({
            "goog:chromeOptions": { "binary": browser.chromium, "args": CHROMIUM_FLAGS }
        });
        let driver_options = workspace.target.join("webdriver.json");
        fs::write(&driver_options, options.to_string())?;
        cargo
            .env("CHROMEDRIVER", &browser.driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &driver_options)
            .env("WASM_BINDGEN_USE_BROWSER", "1");
        "wasm tests in Chromium"
    } else {
        cargo.env("WASM_BINDGEN_USE_NODE_EXPERIMENTAL", "1");
        "wasm tests in Node.js"
    };
    let output = step(name, || {
        let output = process::run(&mut cargo)?;
        all_ended(&output)?;
        Ok(output)
    })?;
    summary(&output);
    Ok(())
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
