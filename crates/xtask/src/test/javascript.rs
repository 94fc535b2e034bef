//! The JavaScript tests: what they need, made ready, and the runner.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::Result;

use super::parts::{TESTS, needs_browser};
use super::summary;
use crate::process::{self, step};
use crate::setup::Browser;
use crate::workspace::Workspace;
use crate::{console, example, package, setup};

/// The files to run, and what they are run with.
pub struct Run<'a> {
    /// The test files.
    pub files: &'a [PathBuf],
    /// The server of the tenant.
    pub tenant: &'a Path,
    /// Chromium, if a file needs it.
    pub browser: Option<&'a Browser>,
    /// The version of Node.js, if it is not to be the one on the PATH.
    pub node: Option<&'a str>,
}

impl Run<'_> {
    /// Installs the package as users do, and runs the files.
    pub fn start(&self, workspace: &Workspace) -> Result<()> {
        let project = workspace.target.join("npm-test");
        step("pack and install it", || {
            package::install(workspace, &project)?;
            package::expose(&project, &workspace.root.join(TESTS))?;
            package::expose(&project, &workspace.root.join("benches"))
        })?;
        let mut variables = self.variables(workspace, &project)?;
        let mut node = PathBuf::from("node");
        let mut name = String::from("JavaScript tests");
        if let Some(version) = self.node {
            let directory = setup::node_release(workspace, version)?;
            node = directory.join("node");
            name = format!("JavaScript tests in Node.js {version}");
            // Tests start programs by that name.
            let others = env::var_os("PATH").unwrap_or_default();
            let path = [directory].into_iter().chain(env::split_paths(&others));
            variables.push(("PATH", env::join_paths(path)?));
        }
        let processors = available_parallelism()?;
        let output = step(&name, || {
            let mut node = Command::new(node);
            node.current_dir(&workspace.root)
                .args(["--test", "--test-reporter=spec", "--test-timeout=600000"])
                // One more than Node's own choice, which leaves a processor for the runner; that one only waits.
                .arg(format!("--test-concurrency={processors}"))
                .args(self.files)
                .envs(variables);
            process::run(&mut node)
        })?;
        summary(&output);
        Ok(())
    }

    /// Makes ready what the files need, and returns the variables that name it.
    fn variables(
        &self,
        workspace: &Workspace,
        project: &Path,
    ) -> Result<Vec<(&'static str, OsString)>> {
        let consumers = workspace.target.join("consumers");
        let mut variables: Vec<(_, OsString)> = vec![
            ("AUTH0_USERS_PROJECT", project.into()),
            ("AUTH0_USERS_CONSUMERS", (&consumers).into()),
            ("AUTH0_USERS_TENANT", self.tenant.into()),
            ("AUTH0_USERS_XTASK", (&workspace.program).into()),
        ];
        if let Some(browser) = self.browser {
            variables.push(("CHROME_BIN", (&browser.chromium).into()));
        }
        if self.mentions("firefox") {
            variables.extend(setup::firefox().map(|path| ("FIREFOX_BIN", path.into())));
        }
        if self.mentions("webkit") {
            variables.extend(setup::webkit().map(|path| ("WEBKIT_DRIVER", path.into())));
        }
        if self.mentions("console") {
            console::build(workspace, project)?;
        }
        if self.mentions("yew") {
            let site = example::build(workspace, project)?;
            variables.push(("AUTH0_USERS_EXAMPLE", site.into()));
        }
        if self.mentions("consumers") {
            setup::consumers(workspace, &consumers)?;
            package::expose(project, &consumers)?;
        }
        Ok(variables)
    }

    fn mentions(&self, word: &str) -> bool {
        let mut files = self.files.iter();
        files.any(|file| file.to_string_lossy().contains(word))
    }
}

/// Finds or installs Chromium, if a file needs a browser.
pub fn browser(files: &[PathBuf]) -> Result<Option<Browser>> {
    let is_needed = files
        .iter()
        .any(|file| needs_browser(&file.to_string_lossy()));
    is_needed.then(setup::browser).transpose()
}
