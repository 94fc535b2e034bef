//! `cargo xtask build`: from the crate to the npm package in pkg/.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::bindings::Module;
use crate::process::{self, step};
use crate::workspace::{PACKAGE, WASM_TARGET, Workspace};
use crate::{bindings, inline, setup, sizes};

/// The client.
pub const CLIENT: Module = Module {
    package: PACKAGE,
    features: &["--no-default-features", "--features", "npm"],
    opt_level: "2",
    // Nothing in the client is so hot that inlining it were worth its bytes.
    flags: &["-Cllvm-args=-inline-threshold=0"],
    formats_nothing: true,
    wasm_opt: &["--converge"],
    directory: "bindgen",
    is_compressed: false,
    wasm: "users.wasm",
};

/// What decides for the proxy.
pub const PROXY: Module = Module {
    features: &["--no-default-features", "--features", "npm-proxy"],
    directory: "proxy-bindgen",
    wasm: "proxy.wasm",
    ..CLIENT
};

/// The tenant for tests.
pub const TENANT: Module = Module {
    package: "auth0-users-tenant",
    features: &["--no-default-features", "--features", "testing"],
    opt_level: "'z'",
    flags: &[],
    formats_nothing: false,
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

/// The entries as ES modules; what they share becomes one more file, so that they agree on every class.
const ENTRIES: [&str; 4] = ["index.js", "workerd.js", "edge-light.js", "slim.js"];

/// The entries of the proxy. They use the client as others do, by the name of the package.
const PROXY_ENTRIES: [&str; 3] = ["proxy.js", "proxy-workerd.js", "proxy-edge-light.js"];

/// Directories of `src/js/` that have entries of their own.
const PARTS: [&str; 2] = ["proxy", "admin"];

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

/// Compiles a crate with its JavaScript face.
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

/// Makes the package from the compiled crate in a directory that it empties first.
pub fn write_package(workspace: &Workspace, package: &Path) -> Result<()> {
    let staging = workspace.target.join("npm");
    empty(&staging)?;
    empty(package)?;
    copy_files(&workspace.root.join("pkg-template"), &staging)?;
    for part in PARTS {
        empty(&staging.join(part))?;
        let sources = workspace.root.join("src/js").join(part);
        copy_files(&sources, &staging.join(part))?;
    }
    for module in MODULES {
        let output = staging.join(module.directory);
        bindings::write(workspace, module, &output)?;
        let wasm = output.join(module.wasm);
        let text = if module.is_compressed {
            inline::compress(&wasm)?
        } else {
            inline::encode(&fs::read(wasm)?)
        };
        write_text(&output, &text)?;
    }
    copy(&staging.join(CLIENT.directory), package, CLIENT.wasm)?;
    copy(&staging.join(PROXY.directory), package, PROXY.wasm)?;
    bundle(workspace, &staging, package)?;
    let types = types(&fs::read_to_string(staging.join("bindgen/glue.d.ts"))?)?;
    fs::write(package.join("index.d.cts"), &types)?;
    copy(&staging, package, "index.d.ts")?;
    copy(&staging, package, "slim.d.ts")?;
    copy(&staging, package, "proxy.d.ts")?;
    copy(&staging, package, "testing.d.ts")?;
    fs::write(package.join("admin.d.ts"), admin_types(&staging)?)?;
    fs::write(package.join("package.json"), manifest(workspace, &staging)?)?;
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
    Ok(())
}

/// Bundles the entries: once as ES modules, once the default one for CommonJS.
fn bundle(workspace: &Workspace, staging: &Path, package: &Path) -> Result<()> {
    let esbuild = || {
        let mut command = workspace.npm_tool("esbuild");
        // The directory is the working directory so that the names in the bundle's comments are short and the same
        // everywhere.
        command
            .current_dir(staging)
            .args(["--bundle", JS_TARGET, "--charset=utf8"])
            .arg("--log-level=warning");
        command
    };
    let modules = |entries: &[&str], shared: &str, wasm: &str| {
        let mut modules = esbuild();
        modules
            .args(entries)
            .args(["--format=esm", "--splitting", "--external:auth0-users"])
            .arg(format!("--chunk-names={shared}"))
            .arg(format!("--external:./{wasm}"))
            .arg(format!("--external:./{wasm}?module"))
            .arg(format!("--outdir={}", package.display()));
        process::run(&mut modules)
    };
    modules(&ENTRIES, "glue", CLIENT.wasm)?;
    modules(&PROXY_ENTRIES, "proxy-glue", PROXY.wasm)?;
    let mut admin = esbuild();
    admin
        .args(["admin.js", "--format=esm", "--external:auth0-users"])
        .arg(format!("--outdir={}", package.display()));
    process::run(&mut admin)?;
    let mut common_js = esbuild();
    // The platform decides only that the export names are written so that Node's `import` of the file finds them.
    common_js
        .args(["index.js", "--format=cjs", "--platform=node"])
        .arg(format!("--outfile={}", package.join("index.cjs").display()));
    process::run(&mut common_js)?;
    // By itself: whoever loads it wants to test something, and no other entry may grow by it.
    let mut testing = esbuild();
    testing
        // What is bundled with it is among the tools of the repository, wherever cargo's target directory is.
        .env("NODE_PATH", workspace.root.join("node_modules"))
        .args(["testing.js", "--format=esm"])
        .arg(format!("--outdir={}", package.display()));
    process::run(&mut testing)?;
    for name in ["glue.js", "index.cjs"] {
        let path = package.join(name);
        fs::write(&path, class_names(fs::read_to_string(&path)?))?;
    }
    without_indentation(workspace, package)
}

/// Takes out of the scripts what only readers need. Names stay, since they appear in logs.
fn without_indentation(workspace: &Workspace, package: &Path) -> Result<()> {
    for end in ["js", "cjs"] {
        let mut esbuild = workspace.npm_tool("esbuild");
        esbuild
            .args(["--minify-whitespace", "--charset=utf8", "--allow-overwrite"])
            .args(["--log-level=warning", JS_TARGET])
            // It gives all that it writes one ending.
            .arg(format!("--out-extension:.js=.{end}"))
            .arg(format!("--outdir={}", package.display()));
        for file in fs::read_dir(package)? {
            let path = file?.path();
            if path.extension().is_some_and(|of_file| of_file == end) {
                esbuild.arg(path);
            }
        }
        process::run(&mut esbuild)?;
    }
    Ok(())
}

/// Gives the classes their names back: one that speaks of itself becomes `var Name = class _Name` in a bundle, and that
/// is what users would see in a log.
fn class_names(mut bundle: String) -> String {
    let renamed: Vec<_> = bundle
        .lines()
        .filter_map(|line| line.strip_prefix("var ")?.split_once(" = class _"))
        .filter(|(name, class)| class.split(' ').next() == Some(name))
        .map(|(name, _)| name.to_owned())
        .collect();
    for name in renamed {
        bundle = bindings::replace_words(&bundle, &format!("_{name}"), &name);
    }
    bundle
}

/// The public declarations, from those that wasm-bindgen wrote.
fn types(generated: &str) -> Result<String> {
    // From here on the file describes the start of the module, which is not public and needs the DOM's types.
    let (public, _) = generated
        .split_once("export type InitInput")
        .context("the declarations of wasm-bindgen no longer end with those of the start")?;
    let public = public
        .trim_start_matches("/* tslint:disable */\n")
        .trim_start_matches("/* eslint-disable */\n");
    let mut types = String::new();
    if public.contains("Symbol.dispose") {
        // The symbol is unknown below "esnext", and wasm-bindgen declares it on every class.
        types.push_str("/// <reference lib=\"esnext.disposable\" />\n");
    }
    types.push_str(public.trim());
    types.push('\n');
    Ok(types)
}

/// The declarations of `auth0-users/admin`: each stands beside its source, and an interface may have parts in several.
fn admin_types(staging: &Path) -> Result<String> {
    let directory = staging.join("admin");
    let mut names = Vec::new();
    for entry in fs::read_dir(&directory)? {
        names.push(entry?.file_name().into_string().unwrap_or_default());
    }
    names.retain(|name| name.ends_with(".d.ts"));
    names.sort();
    let texts: Result<Vec<_>, _> = names
        .iter()
        .map(|name| fs::read_to_string(directory.join(name)))
        .collect();
    Ok(texts?.join("\n"))
}

/// package.json with the version of the crate.
fn manifest(workspace: &Workspace, staging: &Path) -> Result<String> {
    let template = fs::read_to_string(staging.join("package.json"))?;
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

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        copy(from, to, entry?.file_name())?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, name: impl AsRef<Path>) -> Result<()> {
    let name = name.as_ref();
    fs::copy(from.join(name), to.join(name))
        .with_context(|| format!("{} cannot be copied", from.join(name).display()))?;
    Ok(())
}
