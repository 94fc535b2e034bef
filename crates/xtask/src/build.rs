//! `cargo xtask build`: from the crate to the npm package in pkg/.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::bindings::Module;
use crate::process::{self, step};
use crate::workspace::{WASM_TARGET, Workspace};
use crate::{bindings, inline, setup, sizes};

/// The client.
pub const CLIENT: Module = Module {
    package: "auth0-users-bindings",
    features: &[],
    opt_level: "2",
    // Nothing in the client is so hot that inlining it were worth its bytes. Functions marked `#[inline]`, as many of
    // the standard library are, have a threshold of their own.
    flags: &["-Cllvm-args=-inline-threshold=0 -inlinehint-threshold=20"],
    wasm_opt: &["--converge"],
    directory: "users",
    is_compressed: false,
    wasm: "users.wasm",
};

/// What decides for the proxy.
pub const PROXY: Module = Module {
    package: "auth0-users-proxy-rules",
    directory: "proxy",
    wasm: "proxy.wasm",
    ..CLIENT
};

/// The tenant for tests.
pub const TENANT: Module = Module {
    package: "auth0-users-tenant",
    features: &["--no-default-features", "--features", "testing"],
    opt_level: "'z'",
    flags: &[],
    // Once more takes ten seconds, and half a thousandth.
    wasm_opt: &[],
    directory: "tenant",
    is_compressed: true,
    wasm: "tenant.wasm",
};

/// What is compiled for the package.
const MODULES: [&Module; 3] = [&CLIENT, &PROXY, &TENANT];

/// The language level of the shipped files: that of the same engines.
const JS_TARGET: &str = "--target=es2022";

/// The folder of the sources.
pub const SOURCES: &str = "pkg-template";

/// The entries as ES modules; what they share becomes one more file, so that they agree on every class.
const ENTRIES: [&str; 4] = ["index", "workerd", "edge-light", "slim"];

/// The entries of the proxy. They use the client as others do, by the name of the package.
const PROXY_ENTRIES: [&str; 3] = ["proxy", "proxy-workerd", "proxy-edge-light"];

/// Copied from the repository as they are.
const DOCUMENTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Makes the package with all that it takes, and tells where it is.
pub fn make(workspace: &Workspace) -> Result<PathBuf> {
    setup::tools(workspace)?;
    step("compile the package", || compile_all(workspace))?;
    let package = workspace.root.join("pkg");
    step("write the package", || write_package(workspace, &package))?;
    Ok(package)
}

/// Makes the package and reports the sizes.
pub fn run(workspace: &Workspace) -> Result<()> {
    let package = make(workspace)?;
    let sizes = step("measure", || sizes::measure(workspace, &package))?;
    print!("\n{sizes}");
    sizes.check()
}

/// Compiles the crates whose modules are in the package.
pub fn compile_all(workspace: &Workspace) -> Result<()> {
    MODULES
        .iter()
        .try_for_each(|module| compile(workspace, module))
}

/// Compiles a crate as a module.
fn compile(workspace: &Workspace, module: &Module) -> Result<()> {
    let mut cargo = workspace.cargo(&["rustc", "--lib", "--release", "--package", module.package]);
    cargo
        // As a library for Rust at the same time it would be linked without optimising across crates.
        .args(["--crate-type", "cdylib"])
        .args(["--target", WASM_TARGET])
        .args(module.features)
        .arg("--config")
        .arg(format!("profile.release.opt-level={}", module.opt_level))
        .arg("--config")
        .arg(compiler_flags(workspace, module)?);
    process::run(&mut cargo)?;
    // Cargo writes to the same file whatever the features are.
    let kept = module.compiled(workspace);
    if let Some(directory) = kept.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::copy(module.written_by_cargo(workspace), kept)
        .with_context(|| format!("{} was not compiled", module.wasm))?;
    Ok(())
}

/// Panic messages hold the paths of the sources: without the directories of this machine the package tells nothing about
/// who built it, and is the same wherever it is built.
fn compiler_flags(workspace: &Workspace, module: &Module) -> Result<OsString> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .context("there is no home directory")?;
    let registry = home.join("registry/src");
    let root = workspace.root.display();
    let mut flags: Vec<_> = module.flags.iter().copied().map(String::from).collect();
    flags.push(format!("--remap-path-prefix={root}=."));
    for entry in fs::read_dir(registry).into_iter().flatten() {
        flags.push(format!("--remap-path-prefix={}=.", entry?.path().display()));
    }
    let flags = serde_json::to_string(&flags)?;
    Ok(format!("target.{WASM_TARGET}.rustflags={flags}").into())
}

/// Makes the package from the compiled crates in a directory that it empties first.
pub fn write_package(workspace: &Workspace, package: &Path) -> Result<()> {
    let sources = workspace.root.join(SOURCES);
    empty(package)?;
    for module in MODULES {
        let output = sources.join("src/wasm").join(module.directory);
        empty(&output)?;
        bindings::write(workspace, module, &output)?;
        let wasm = output.join(module.wasm);
        let text = if module.is_compressed {
            inline::compress(&wasm)?
        } else {
            inline::encode(&fs::read(wasm)?)
        };
        write_text(&output, &text)?;
    }
    bundle(workspace, &sources, package)?;
    bundle_types(workspace, &sources, package)?;
    fs::write(package.join("package.json"), manifest(workspace, &sources)?)?;
    for name in DOCUMENTS {
        copy(&workspace.root, package, name)?;
    }
    Ok(())
}

/// A module as text, for the entry that carries it.
fn write_text(output: &Path, text: &str) -> Result<()> {
    let text = serde_json::to_string(text)?;
    fs::write(
        output.join("inline.js"),
        format!("export default {text};\n"),
    )?;
    let declaration = "declare const text: string;\nexport default text;\n";
    fs::write(output.join("inline.d.ts"), declaration)?;
    Ok(())
}

/// Bundles the entries: once as ES modules, once the default one for CommonJS.
fn bundle(workspace: &Workspace, sources: &Path, package: &Path) -> Result<()> {
    let esbuild = |entries: &[&str]| {
        let mut command = workspace.npm_tool("esbuild");
        // The directory is the working directory so that the names in the bundle's comments are short and the same
        // everywhere.
        command
            .current_dir(sources)
            .args(["--bundle", JS_TARGET, "--charset=utf8"])
            .arg("--log-level=warning")
            .args(["--external:auth0-users", "--loader:.wasm=copy"])
            .args(["--entry-names=[name]", "--asset-names=[name]"])
            .args(
                entries
                    .iter()
                    .map(|entry| format!("src/entrypoints/{entry}.ts")),
            );
        command
    };
    let out = format!("--outdir={}", package.display());
    let modules = |entries: &[&str], shared: &str| {
        let mut modules = esbuild(entries);
        modules
            .args(["--format=esm", "--splitting"])
            .arg(format!("--chunk-names={shared}"))
            .arg(&out);
        process::run(&mut modules)
    };
    modules(&ENTRIES, "glue")?;
    modules(&PROXY_ENTRIES, "proxy-glue")?;
    // Each by itself: no other entry may grow by them.
    for entry in ["admin", "testing"] {
        process::run(esbuild(&[entry]).arg("--format=esm").arg(&out))?;
    }
    let mut common_js = esbuild(&["index"]);
    // The platform decides only that the export names are written so that Node's `import` of the file finds them.
    common_js
        .args([
            "--format=cjs",
            "--platform=node",
            "--out-extension:.js=.cjs",
        ])
        .arg(&out);
    process::run(&mut common_js)?;
    Ok(())
}

/// Bundles the declarations of the entries that have them in their sources.
fn bundle_types(workspace: &Workspace, sources: &Path, package: &Path) -> Result<()> {
    let mut rollup = workspace.npm_tool("rollup");
    rollup
        .current_dir(sources)
        // A warning is of an import that cannot be found, say.
        .args(["--config", "--failAfterWarnings"])
        .env("AUTH0_USERS_PACKAGE", package);
    process::run(&mut rollup).map(|_| ())
}

/// package.json with the version of the crate.
fn manifest(workspace: &Workspace, sources: &Path) -> Result<String> {
    let template = fs::read_to_string(sources.join("package.json"))?;
    let placeholder = "\"version\": \"0.0.0\"";
    if !template.contains(placeholder) {
        bail!("pkg-template/package.json lacks {placeholder}");
    }
    Ok(template.replace(
        placeholder,
        &format!("\"version\": \"{}\"", workspace.version),
    ))
}

/// Makes a directory, without what was in it.
pub fn empty(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)
            .with_context(|| format!("{} cannot be removed", directory.display()))?;
    }
    fs::create_dir_all(directory).with_context(|| format!("{} cannot be made", directory.display()))
}

fn copy(from: &Path, to: &Path, name: impl AsRef<Path>) -> Result<()> {
    let name = name.as_ref();
    fs::copy(from.join(name), to.join(name))
        .with_context(|| format!("{} cannot be copied", from.join(name).display()))?;
    Ok(())
}
