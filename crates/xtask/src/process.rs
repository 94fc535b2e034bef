//! Running commands, and telling what happened in one line each.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs, io};

use anyhow::{Context, Result, bail};

/// Does one step and prints its name and the time it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("{name:<44}");
    // The line says what is going on while it goes on; it matters not if nobody can read it.
    let _ = io::stdout().flush();
    let start = Instant::now();
    let result = work();
    let mark = if result.is_ok() { "" } else { "  failed" };
    println!("{:>7.1} s{mark}", start.elapsed().as_secs_f64());
    result
}

/// Runs a command to its end. Its output, both streams, is shown when it fails and returned when it does not.
pub fn run(command: &mut Command) -> Result<String> {
    let name = describe(command);
    let (mut reader, writer) = io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    // The command value still holds the writing ends; until they are gone the pipe has no end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let text = io::read_to_string(&mut reader);
    let status = child.wait()?;
    let text = text.with_context(|| format!("{name} wrote something that is not text"))?;
    if !status.success() {
        bail!("{name} failed ({status})\n\n{}", text.trim_end());
    }
    Ok(text)
}

/// Runs a command and returns what it wrote to its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let name = describe(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("{name} failed ({})\n\n{}", output.status, errors.trim_end());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{name} wrote something that is not text"))
}

/// A file as `gzip -9` compresses it: with the program, because libraries that call themselves the same differ by some
/// percent.
pub fn gzip(file: &Path) -> Result<Vec<u8>> {
    let output = Command::new("gzip")
        .args(["-9", "--no-name", "--stdout"])
        .arg(file)
        .output()
        .context("cannot start gzip")?;
    if !output.status.success() {
        bail!("gzip failed ({})", output.status);
    }
    Ok(output.stdout)
}

/// Where the PATH has a program.
pub fn which(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(name))
        .find(|path| fs::metadata(path).is_ok_and(|file| file.is_file()))
}

/// The command as one would type it, without the directories.
fn describe(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}
