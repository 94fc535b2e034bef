//! The admin console in www/: built with the packed package, and its server.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, step};
use crate::tenant::Tenant;
use crate::workspace::Workspace;
use crate::{package, setup};

/// The most that the first view may load, compressed with `gzip -9`.
const CEILING: usize = 150_000;

/// Builds the console with the package that is installed in a project.
pub fn build(workspace: &Workspace, project: &Path) -> Result<()> {
    let www = workspace.root.join("www");
    setup::npm_packages(&www)?;
    package::expose(project, &www)?;
    step("build the console", || {
        let mut npm = Command::new("npm");
        process::run(npm.current_dir(&www).args(["run", "--silent", "build"]))
    })?;
    let size = first_view(&www.join("dist"))?;
    println!("    the first view loads {size} bytes, compressed with gzip");
    if size > CEILING {
        bail!("the console's first view loads {size} bytes, which is more than {CEILING}");
    }
    Ok(())
}

/// What a browser loads before it shows the list: the entry, what it imports, and their styles.
fn first_view(dist: &Path) -> Result<usize> {
    let manifest =
        fs::read(dist.join(".vite/manifest.json")).context("the console was not built")?;
    let manifest: Value = serde_json::from_slice(&manifest)?;
    let mut files = BTreeSet::from(["index.html".to_owned()]);
    let mut chunks = vec!["index.html"];
    let mut seen = BTreeSet::new();
    while let Some(name) = chunks.pop() {
        if !seen.insert(name) {
            continue;
        }
        let chunk = manifest
            .get(name)
            .with_context(|| format!("the console's manifest has no {name}"))?;
        let names = |key: &str| {
            let list = chunk.get(key).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str)
        };
        let file = chunk.get("file").and_then(Value::as_str);
        files.extend(file.map(str::to_owned));
        files.extend(names("css").map(str::to_owned));
        chunks.extend(names("imports"));
    }
    let sizes = files
        .into_iter()
        .map(|file| process::gzip(&dist.join(file)).map(|bytes| bytes.len()));
    sizes.sum()
}

/// The server of the console. It ends with its standard input, which is closed when this value is dropped.
pub struct Server {
    child: Child,
    /// Where the console is.
    pub url: String,
    /// Who may sign in, with their passwords.
    pub operators: Vec<(String, String)>,
}

impl Server {
    /// Starts it in front of a tenant. What operators do is told on standard output.
    pub fn start(workspace: &Workspace, tenant: &Tenant) -> Result<Self> {
        let mut child = Command::new("node")
            .arg("www/server/main.mjs")
            .current_dir(&workspace.root)
            .env("AUTH0_USERS_BASE_URL", &tenant.base_url)
            .env("AUTH0_USERS_TOKEN", &tenant.token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start node")?;
        let output = child
            .stdout
            .take()
            .context("the server has no standard output")?;
        let mut lines = BufReader::new(output).lines();
        let mut url = String::new();
        let mut operators = Vec::new();
        while operators.len() < 2 {
            let line = lines
                .next()
                .context("the console's server ended at once")??;
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["console", address] => url = address.to_owned(),
                ["operator", name, password] => {
                    operators.push((name.to_owned(), password.to_owned()))
                }
                _ => bail!("the console's server says {line:?}"),
            }
        }
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| println!("  {line}"))
        });
        Ok(Self {
            child,
            url,
            operators,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It ended on its own or does now; there is nobody left to tell.
        let _ = self.child.wait();
    }
}
