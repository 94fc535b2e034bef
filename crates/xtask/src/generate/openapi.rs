//! `cargo xtask generate --from FILE`: what a public OpenAPI document of the Management API has and the description
//! lacks, or declares differently.

mod compare;
mod document;
mod names;
mod write;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use anyhow::Result;

use self::document::Document;
use super::description::Description;

/// The paths that the description is about.
const PATHS: [&str; 5] = [
    "/users",
    "/users-by-email",
    "/user-blocks",
    "/jobs",
    "/tickets",
];

/// What a finding is about, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    MissingOperation,
    UnknownOperation,
    MissingParameter,
    Parameter,
    MissingField,
    Field,
    Enum,
    Nullability,
    Scope,
    Unknown,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingOperation => "Operations that the description lacks",
            Self::UnknownOperation => "Operations that only the description has",
            Self::MissingParameter => "Parameters that the description lacks",
            Self::Parameter => "Parameters that are declared differently",
            Self::MissingField => "Fields that the description lacks",
            Self::Field => "Fields that are declared differently",
            Self::Enum => "Values of enums",
            Self::Nullability => "Nullability",
            Self::Scope => "Scopes",
            Self::Unknown => "Parameters and fields that only the description has",
        })
    }
}

/// One difference: what it is about, where, and what it is.
type Finding = (Group, String, String);

/// The differences, without repetitions.
#[derive(Default)]
struct Findings(BTreeSet<Finding>);

impl Findings {
    fn add(&mut self, group: Group, place: &str, difference: impl Into<String>) {
        self.0.insert((group, place.to_owned(), difference.into()));
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = None;
        for (group, place, difference) in &self.0 {
            if last != Some(group) {
                let count = self.0.iter().filter(|(other, ..)| other == group).count();
                let space = if last.is_some() { "\n" } else { "" };
                writeln!(f, "{space}{group} ({count})")?;
                last = Some(group);
            }
            writeln!(f, "  {place}: {difference}")?;
        }
        if last.is_none() {
            writeln!(f, "The document declares what the description does.")?;
        }
        Ok(())
    }
}

/// Compares the description with a document, and returns the report. With `write`, adds what it lacks.
pub fn run(description: &mut Description, file: &Path, write: bool) -> Result<String> {
    let document = Document::read(file)?;
    let report = compare::findings(description, &document)?.to_string();
    if !write {
        return Ok(report);
    }
    let added = write::add(description, &document)?;
    let mut report = report + "\nAdded\n";
    for line in &added {
        report.push_str(&format!("  {line}\n"));
    }
    if added.is_empty() {
        report.push_str("  nothing\n");
    }
    Ok(report)
}

/// Whether the description is about a path.
fn concerns(path: &str) -> bool {
    PATHS.iter().any(|start| {
        path.strip_prefix(start)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// An endpoint whatever the names of its path parameters.
fn nameless(endpoint: &str) -> String {
    let parts: Vec<_> = endpoint
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part })
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::{operations, resources, rust_methods, rust_types, wire_types};
    use super::*;

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn report(fixture: &str, description: &mut Description, write: bool) -> Result<String> {
        let file = root().join("crates/xtask/fixtures").join(fixture);
        run(description, &file, write)
    }

    fn description() -> Description {
        Description::read(&root().join("api/operations.json")).unwrap()
    }

    /// The lines below the heading of a group.
    fn group(report: &str, group: Group) -> Vec<&str> {
        let heading = group.to_string();
        let lines = report
            .lines()
            .skip_while(|line| !line.starts_with(&heading));
        lines
            .skip(1)
            .take_while(|line| line.starts_with(' '))
            .map(str::trim)
            .collect()
    }

    #[test]
    fn reports_each_kind_of_difference() {
        let report = report("management.json", &mut description(), false).unwrap();
        for (of, lines) in [
            (
                Group::MissingOperation,
                &["GET /users/{id}/foo: List the foos of a user"][..],
            ),
            (Group::MissingParameter, &["users.get: expand: string"]),
            (
                Group::Parameter,
                &[
                    "users.get: include_fields: required true, here false",
                    "users.roles.list: per_page: at most 50, here 100",
                ],
            ),
            (
                Group::MissingField,
                &[
                    "UpdateUserRequestContent: is_vip: boolean",
                    "User: is_vip: boolean",
                    "User: manager: object",
                ],
            ),
            (
                Group::Field,
                &[
                    "UpdateUserRequestContent.nickname: required true, here false",
                    "User.blocked: string, here boolean",
                    "users.roles.list, parameter include_totals: string, here boolean",
                ],
            ),
            (
                Group::Nullability,
                &[
                    "UpdateUserRequestContent.verify_email: nullable true, here false",
                    "User.email: nullable true, here false",
                ],
            ),
            (
                Group::Scope,
                &[
                    "users.get: read:user_idp_tokens is only here",
                    "users.get: read:users_extra is not here",
                ],
            ),
        ] {
            assert_eq!(group(&report, of), lines, "{of}");
        }
        let values = group(&report, Group::Enum);
        assert_eq!(values.len(), 2);
        assert!(values.contains(&"UserIdentityProviderEnum: not here: tomorrow"));
        assert!(!report.contains("/clients"));
    }

    #[test]
    fn reads_yaml_with_numeric_statuses() {
        let report = report("management.yaml", &mut description(), false).unwrap();
        let nullable = "ListUserBlocksResponseContent.blocked_for: nullable true, here false";
        assert_eq!(group(&report, Group::Nullability), [nullable]);
    }

    #[test]
    fn adds_what_is_missing() {
        let mut description = description();
        let written = report("management.json", &mut description, true).unwrap();
        for line in [
            "operation users.foo.list: GET /users/{id}/foo",
            "parameter expand of users.get",
            "field is_vip of User",
            "field is_vip of UpdateUserRequestContent",
        ] {
            assert!(written.lines().any(|own| own.trim() == line), "{line}");
        }
        let again = report("management.json", &mut description, false).unwrap();
        for missing in [
            Group::MissingOperation,
            Group::MissingParameter,
            Group::MissingField,
        ] {
            assert_eq!(group(&again, missing), [""; 0], "{missing}");
        }
        let name = "user-foo.ts";
        let classes = resources::files(&description).unwrap();
        let (_, class) = classes.iter().find(|(file, _)| file == name).unwrap();
        assert!(class.contains("list(id: string, request: ListUserFooRequestParameters"));
        let table = operations::typescript(&description).unwrap();
        let row = r#""users.foo.list": { input: "query", required: "kind", optional: "from take", scopes: "read:foos" }"#;
        assert!(table.contains(row));
        let methods = rust_methods::files(&description).unwrap();
        let (_, users) = methods.iter().find(|(file, _)| file == "users.rs").unwrap();
        assert!(users.contains("query: &types::FooQuery) -> Result<Page<types::Foo>, Error>"));
        let structs = rust_types::files(&description).unwrap();
        let (_, users) = structs.iter().find(|(file, _)| file == "users.rs").unwrap();
        assert!(users.contains("pub parts: Option<Vec<FooParts>>,"));
        let types = wire_types::files(&description).unwrap();
        let (_, users) = types.iter().find(|(file, _)| file == "users.ts").unwrap();
        assert!(users.contains("export interface Foo {"));
        assert!(users.contains("parts?: FooParts[];"));
    }

    #[test]
    fn rejects_what_is_no_openapi_document() {
        let file = root().join("package.json");
        let error = run(&mut description(), &file, false).unwrap_err();
        assert!(error.to_string().contains("it has no paths"));
    }
}
