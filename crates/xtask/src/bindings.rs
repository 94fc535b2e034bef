//! From the compiled crate to the bindings and the optimised module.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

use crate::process;
use crate::workspace::{WASM_TARGET, Workspace};

/// What the engines of 2023 and later have. Named one by one: `--all-features` writes what Node 20 cannot read.
const WASM_FEATURES: [&str; 6] = [
    "--enable-reference-types",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// The module that wasm-bindgen's own imports come from.
const GLUE: &str = "./glue_bg.js";

/// Where the sources are that the bindings import from, seen from the folder of the glue.
const SOURCES: &str = "../../";

/// A crate that becomes a module of the package.
pub struct Module {
    /// The name of the crate.
    pub package: &'static str,
    /// What it is compiled as.
    pub features: &'static [&'static str],
    /// For what the compiler optimises.
    pub opt_level: &'static str,
    /// More flags for it.
    pub flags: &'static [&'static str],
    /// More flags for wasm-opt.
    pub wasm_opt: &'static [&'static str],
    /// The folder of `pkg-template/src/wasm/` that its bindings are written to.
    pub directory: &'static str,
    /// Whether it is large and not loaded by users: then its text is compressed.
    pub is_compressed: bool,
    /// The file of the module itself.
    pub wasm: &'static str,
}

impl Module {
    /// Where cargo writes it.
    pub fn written_by_cargo(&self, workspace: &Workspace) -> PathBuf {
        let directory = workspace.target.join(WASM_TARGET).join("release");
        directory
            .join(self.package.replace('-', "_"))
            .with_extension("wasm")
    }

    /// Where it is kept until it is bound.
    pub fn compiled(&self, workspace: &Workspace) -> PathBuf {
        workspace.target.join("npm-modules").join(self.wasm)
    }
}

/// Writes the glue with its declarations, and the optimised module.
pub fn write(workspace: &Workspace, of: &Module, output: &Path) -> Result<()> {
    let mut bindings = Bindgen::new()
        .input_path(of.compiled(workspace))
        .out_name("glue")
        .web(true)?
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .typescript(true)
        .generate_output()
        .context("wasm-bindgen")?;
    let glue = shorten(&mut bindings)?;
    fs::write(output.join("glue.js"), glue)?;
    fs::write(output.join("glue.d.ts"), bindings.ts().unwrap_or_default())?;
    let bound = workspace.target.join("npm-modules/bound.wasm");
    bindings.wasm_mut().emit_wasm_file(&bound)?;

    let mut optimise = workspace.npm_tool("wasm-opt");
    optimise
        .current_dir(output)
        .args(["-Oz", "--strip-target-features"])
        .args(of.wasm_opt)
        .arg(bound)
        .args(["-o", of.wasm])
        .args(WASM_FEATURES);
    process::run(&mut optimise).map(|_| ())
}

/// Gives the imports and exports short names, in the module and in the returned glue. The long ones carry hashes,
/// which do not compress, in both: together a tenth of the package.
fn shorten(bindings: &mut Output) -> Result<String> {
    let mut glue = bindings.js().to_owned();
    let module = bindings.wasm_mut();
    let mut names = Names::default();

    // Of a module wasm-bindgen imports everything, under a name that no bundler can shorten; only what the wasm
    // imports from there is needed.
    glue = glue
        .lines()
        .filter(|line| {
            let line = line.trim_start();
            !(line.starts_with(&format!("\"{SOURCES}")) || line.starts_with("import * as import"))
        })
        .collect::<Vec<_>>()
        .join("\n");
    let mut direct_imports = String::new();
    let mut direct_functions = String::new();
    for import in module.imports.iter_mut() {
        let name = names.next();
        if import.module == GLUE {
            glue = replace_once(&glue, &format!("{}: ", import.name), &format!("{name}: "))?;
        } else if import.module.starts_with(SOURCES) {
            let (function, path) = (&import.name, &import.module);
            direct_imports.push_str(&format!(
                "import {{ {function} as direct_{name} }} from \"{path}\";\n"
            ));
            direct_functions.push_str(&format!("{name}: direct_{name},\n"));
        } else {
            bail!(
                "the module imports from {:?}, which is unknown",
                import.module
            );
        }
        import.name = name;
        import.module = String::from("_");
    }
    glue.insert_str(0, &direct_imports);
    let table = "const import0 = {\n";
    glue = replace_once(&glue, table, &format!("{table}{direct_functions}"))?;
    glue = replace_once(&glue, &format!("\"{GLUE}\": "), "\"_\": ")?;
    // In the edge runtime of Next.js a compiled module is of another realm. Every caller has compiled it.
    glue = replace_once(&glue, "!(module instanceof WebAssembly.Module)", "false")?;
    for export in module.exports.iter_mut() {
        let name = names.next();
        glue = replace_words(
            &glue,
            &format!("wasm.{}", export.name),
            &format!("wasm.{name}"),
        );
        export.name = name;
    }
    Ok(glue)
}

/// a, b, ... z, aa, ab, ...
#[derive(Default)]
struct Names(u32);

impl Names {
    fn next(&mut self) -> String {
        let mut rest = self.0;
        self.0 = self.0.saturating_add(1);
        let mut letters = Vec::new();
        loop {
            let letter = char::from_digit(rest.rem_euclid(26).saturating_add(10), 36);
            letters.extend(letter);
            match (rest / 26).checked_sub(1) {
                Some(more) => rest = more,
                None => break letters.iter().rev().collect(),
            }
        }
    }
}

fn replace_once(text: &str, from: &str, to: &str) -> Result<String> {
    if text.matches(from).count() != 1 {
        bail!("wasm-bindgen's glue is not of the known form: {from:?} is not there once");
    }
    Ok(text.replace(from, to))
}

/// Replaces a name where it is not a part of a longer one.
pub fn replace_words(text: &str, from: &str, to: &str) -> String {
    let of_a_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut parts = text.split(from);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let longer = result.ends_with(of_a_name) || part.starts_with(of_a_name);
        result.push_str(if longer { from } else { to });
        result.push_str(part);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{Names, replace_words};

    #[test]
    fn names_are_counted_in_letters() {
        let mut names = Names::default();
        let names: Vec<_> = (0..703).map(|_| names.next()).collect();
        let sample = [0, 25, 26, 51, 52, 701, 702].map(|i| names.get(i).map(String::as_str));
        let expected = ["a", "z", "aa", "az", "ba", "zz", "aaa"].map(Some);
        assert_eq!(sample, expected);
    }

    #[test]
    fn only_whole_words_are_replaced() {
        assert_eq!(
            replace_words("wasm.get; wasm.get_all(); awasm.get", "wasm.get", "wasm.a"),
            "wasm.a; wasm.get_all(); awasm.get"
        );
    }
}
