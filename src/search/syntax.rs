//! The syntax of the API, as far as it matters for what is refused in it.

use alloc::{borrow::ToOwned, vec};

use super::QueryError;

/// The field, without what says whether it must match.
fn bare(field: &str) -> &str {
    field.trim_start_matches(['-', '+', '!'])
}

fn is_of_users(field: &str) -> bool {
    let rest = bare(field).strip_prefix("user_metadata");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

pub(super) fn refuse_wildcard(field: &str, literals: usize) -> Result<(), QueryError> {
    if is_of_users(field) {
        Err(QueryError::UserMetadataWildcard(bare(field).to_owned()))
    } else if literals < 3 {
        Err(QueryError::ShortWildcard)
    } else {
        Ok(())
    }
}

pub(super) fn refuse_range(field: &str) -> Result<(), QueryError> {
    if is_of_users(field) {
        Err(QueryError::UserMetadataRange)
    } else {
        Ok(())
    }
}

/// How long the word is that a text begins with. A backslash takes what follows it into the word.
fn word(text: &str) -> usize {
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        let ends = match character {
            '\\' => characters.next().is_none(),
            _ => character.is_whitespace() || "()[]{}\":'".contains(character),
        };
        if ends {
            return at;
        }
    }
    text.len()
}

/// How long the phrase is, with its quotes, that a text begins with.
fn phrase(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    let end = text.strip_prefix('"')?.find(|character| {
        let ends = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        ends
    })?;
    end.checked_add(2)
}

/// How long the range is, with its brackets, that a text begins with.
fn range(text: &str) -> Option<usize> {
    let mut rest = text.strip_prefix(['[', '{'])?;
    loop {
        let end = rest.find(['[', ']', '{', '}', '"'])?;
        take(&mut rest, end);
        match phrase(rest) {
            Some(length) => take(&mut rest, length),
            None if rest.starts_with([']', '}']) => break,
            None => return None,
        };
    }
    text.len().checked_sub(rest.len())?.checked_add(1)
}

/// Takes so many bytes from the beginning of a text.
fn take<'a>(text: &mut &'a str, length: usize) -> &'a str {
    let (taken, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    *text = rest;
    taken
}

/// Refuses what the API refuses, and what would change the meaning of what follows.
pub(super) fn inspect(text: &str) -> Result<(), QueryError> {
    let mut rest = text;
    // The field that the terms of each bracket belong to.
    let mut groups = vec![""];
    let mut field = "";
    while let Some(character) = rest.chars().next() {
        let found = word(rest);
        if found > 0 {
            let word = take(&mut rest, found);
            if rest.starts_with(':') {
                take(&mut rest, 1);
                field = word;
                continue;
            }
            inspect_term(field, word)?;
        } else if character == '(' {
            take(&mut rest, 1);
            groups.push(field);
        } else if character == ')' {
            take(&mut rest, 1);
            groups.pop();
        } else if let Some(length) = range(rest) {
            take(&mut rest, length);
            refuse_range(field)?;
        } else if character.is_whitespace() {
            rest = rest.trim_start();
            continue;
        } else {
            let at = text.len().saturating_sub(rest.len());
            let fault = QueryError::Misplaced { character, at };
            let length = phrase(rest).ok_or(fault)?;
            take(&mut rest, length);
        }
        field = groups.last().ok_or(QueryError::NotOpened)?;
    }
    match groups.len() {
        1 => Ok(()),
        _ => Err(QueryError::NotClosed),
    }
}

fn inspect_term(field: &str, term: &str) -> Result<(), QueryError> {
    if term.starts_with(['<', '>']) {
        refuse_range(field)?;
    }
    let (mut literals, mut wildcards) = (0_usize, 0_usize);
    let mut characters = term.chars();
    while let Some(character) = characters.next() {
        let count = match character {
            '*' | '?' => &mut wildcards,
            _ => &mut literals,
        };
        *count = count.saturating_add(1);
        if character == '\\' {
            characters.next();
        }
    }
    // A lone asterisk is whoever has the field.
    let least = if term == "*" { 3 } else { literals };
    match wildcards {
        0 => Ok(()),
        _ => refuse_wildcard(field, least),
    }
}

/// Does the part of a template close what it opens?
pub(super) fn is_balanced(part: &str) -> bool {
    let mut rest = part;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\\' => rest
                .chars()
                .nth(1)
                .map(|next| next.len_utf8().saturating_add(1)),
            '"' => phrase(rest),
            '[' | '{' => range(rest),
            '\'' | ']' | '}' => None,
            _ => Some(character.len_utf8()),
        };
        let Some(length) = length else {
            return false;
        };
        take(&mut rest, length);
    }
    true
}
