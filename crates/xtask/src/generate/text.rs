//! Texts as comments.

use super::description::Text;

/// The lines of a text, each at most so many characters wide, with an empty one between paragraphs.
pub fn wrap(text: &Text, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut paragraph = String::new();
    let mut is_code = false;
    for sentence in text.lines() {
        let is_fence = sentence.starts_with("```");
        if is_fence || is_code || sentence.is_empty() {
            fill(&mut lines, &mut paragraph, width);
            lines.push(sentence.clone());
            is_code ^= is_fence;
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(sentence);
        }
    }
    fill(&mut lines, &mut paragraph, width);
    lines
}

/// Breaks the paragraph into lines, and empties it.
fn fill(lines: &mut Vec<String>, paragraph: &mut String, width: usize) {
    let mut line = String::new();
    for word in words(paragraph) {
        let longer = [line.as_str(), word.as_str()].join(" ").chars().count();
        if !line.is_empty() && longer > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    paragraph.clear();
}

/// The words; what stands in backticks is one.
fn words(paragraph: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for part in paragraph.split(' ') {
        match words.last_mut() {
            Some(word) if is_open => {
                word.push(' ');
                word.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
        is_open ^= part.matches('`').count() % 2 == 1;
    }
    words
}

/// How long the text of a comment in one line is at most.
const ONE_LINE: usize = 110;

/// A comment of TypeScript, indented by so many spaces.
pub fn jsdoc(lines: &[String], indent: usize) -> String {
    let space = " ".repeat(indent);
    match lines {
        [] => String::new(),
        [line] if line.chars().count() <= ONE_LINE => format!("{space}/** {line} */\n"),
        lines => {
            let mut comment = format!("{space}/**\n");
            for line in lines {
                comment.push_str(format!("{space} * {line}").trim_end());
                comment.push('\n');
            }
            comment + &space + " */\n"
        }
    }
}

/// `UserRoles` as `user-roles`, `user_roles` or `USER_ROLES`, whatever the separator.
pub fn split_words(name: &str, separator: char) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(separator);
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_words_and_keeps_code() {
        let text = Text::Lines(
            [
                "One `two three`.",
                "Four.",
                "",
                "```ts",
                "  five  six",
                "```",
            ]
            .map(String::from)
            .to_vec(),
        );
        let lines = [
            "One",
            "`two three`.",
            "Four.",
            "",
            "```ts",
            "  five  six",
            "```",
        ];
        assert_eq!(wrap(&text, 12), lines);
    }

    #[test]
    fn splits_names_into_words() {
        assert_eq!(split_words("UserRoles", '-'), "user-roles");
        assert_eq!(split_words("isSocial", '_'), "is_social");
    }
}
