//! Checks that each row of RULES.md has a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn each_row_is_named_by_a_test() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api");
    let mut named = BTreeSet::new();
    for file in fs::read_dir(tests).unwrap() {
        let path = file.unwrap().path();
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        for line in text.lines() {
            if line.starts_with("/// Row") {
                let words = line
                    .split([' ', ','])
                    .map(|word| word.trim_end_matches('.'));
                named.extend(words.filter(|word| word.contains('.')).map(str::to_owned));
            }
            if let Some(name) = line.strip_prefix("fn row_") {
                let mut parts = name.split('_');
                named.insert(format!(
                    "{}.{}",
                    parts.next().unwrap(),
                    parts.next().unwrap()
                ));
            }
        }
    }
    let rows: BTreeSet<String> = include_str!("../../RULES.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next())
        .filter(|row| row.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect();
    assert!(rows.len() > 80, "{}", rows.len());
    assert_eq!(rows, named);
}
