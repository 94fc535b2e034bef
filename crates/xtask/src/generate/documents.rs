//! The counts in documents.

/// The documents that say how many operations there are.
pub const PATHS: [&str; 2] = ["README.md", "MIGRATING.md"];

/// The text with the right number wherever it says `51 operations`.
pub fn counted(text: &str, operations: usize) -> String {
    let mut counted = String::new();
    let mut parts = text.split(" operations");
    counted.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let before = counted.trim_end_matches(|c: char| c.is_ascii_digit());
        if before.len() < counted.len() {
            counted = format!("{before}{operations}");
        }
        counted.push_str(" operations");
        counted.push_str(part);
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn replaces_only_counts_of_operations() {
        let text = "All 51 operations, 7 of them lists; operations and 2 operations.";
        let expected = "All 52 operations, 7 of them lists; operations and 52 operations.";
        assert_eq!(counted(text, 52), expected);
    }
}
