//! Checks of the workflows in `.github/`: a mistake in them shows only after a push.

use std::fs;

use clap::{Parser as _, ValueEnum as _};

use super::Part;
use crate::workspace::Workspace;
use crate::{Cli, Command};

/// The lines of every workflow and of `.ci/run`, trimmed, each with the name of its file.
fn lines() -> Vec<(String, String)> {
    let root = Workspace::find().unwrap().root;
    let workflows = fs::read_dir(root.join(".github/workflows")).unwrap();
    let mut files: Vec<_> = workflows.map(|entry| entry.unwrap().path()).collect();
    files.push(root.join(".ci/run"));
    let mut lines = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for line in fs::read_to_string(&file).unwrap().lines() {
            lines.push((name.clone(), line.trim().to_owned()));
        }
    }
    lines
}

/// The commands of `cargo xtask` in all workflows, as the command line parses them.
fn commands() -> Vec<(String, Command)> {
    let lines = lines()
        .into_iter()
        .filter(|(_, line)| !line.starts_with('#'));
    lines
        .filter_map(|(name, line)| {
            let (_, arguments) = line.split_once("cargo xtask ")?;
            let arguments = arguments.split(" <").next()?.split(' ');
            let arguments = std::iter::once("cargo xtask").chain(arguments);
            Some((name, Cli::try_parse_from(arguments).unwrap().command))
        })
        .collect()
}

#[test]
fn every_action_is_pinned_by_commit_with_its_version() {
    let mut actions = 0;
    for (name, line) in lines() {
        let Some((_, action)) = line.split_once("uses: ") else {
            continue;
        };
        let (_, pin) = action.split_once('@').unwrap_or_default();
        let (commit, version) = pin.split_once(" # v").unwrap_or_default();
        let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
        assert!(is_commit, "{name}: {line}");
        assert!(
            version.starts_with(|c: char| c.is_ascii_digit()),
            "{name}: {line}"
        );
        actions += 1;
    }
    assert!(actions > 10);
}

#[test]
fn no_checkout_keeps_its_credentials() {
    let lines = lines();
    for (n, (name, line)) in lines.iter().enumerate() {
        if line.contains("actions/checkout@") {
            let following = lines.get(n + 1..n + 3).unwrap_or_default();
            let following: Vec<_> = following.iter().map(|(_, line)| line.as_str()).collect();
            assert_eq!(following, ["with:", "persist-credentials: false"], "{name}");
        }
    }
}

#[test]
fn each_part_has_one_job_and_ci_runs_all() {
    let mut jobs = Vec::new();
    for (name, command) in commands() {
        match (name.as_str(), command) {
            ("ci.yml", Command::Test { parts, .. }) => jobs.extend(parts),
            (
                "run",
                Command::Test {
                    parts,
                    quick,
                    files,
                    ..
                },
            ) => {
                assert!(parts.is_empty() && files.is_empty() && !quick);
            }
            _ => {}
        }
    }
    assert_eq!(jobs, Part::value_variants());
}
