//! From the text of a query to a filter, or to the refusal of what the API does not search.

use std::str::Chars;

use tantivy_query_grammar::{
    Delimiter, Occur, UserInputAst, UserInputBound, UserInputLeaf, UserInputLiteral, parse_query,
};

use super::field::Path;
use super::{Bound, Filter, Term};
use crate::error::ApiError;

/// Each level of brackets, and each NOT of a NOT, costs the parser stack and several attempts.
const MOST_LEVELS: usize = 12;

/// The shortest text that a leading asterisk can be followed by: `name:*usa` is searched, `name:*sa` is not, and `name:j*`
/// is (auth0.com/docs/manage-users/user-search/user-search-query-syntax, Wildcards).
const LEAST_AFTER_ASTERISK: usize = 3;

const NO_WILDCARDS: &str = "Wildcards are not available on user_metadata";

/// The filter that a query means; everybody when it is empty.
pub(crate) fn compile(query: &str) -> Result<Filter, ApiError> {
    if query.trim().is_empty() {
        return Ok(Filter::Everybody);
    }
    if brackets(query).max(negations(query)) > MOST_LEVELS {
        return Err(refused("The query is nested too deeply"));
    }
    let ast =
        parse_query(&mark_escapes(query)).map_err(|_| refused("The query syntax is not valid"))?;
    filter(ast)
}

fn refused(why: &str) -> ApiError {
    ApiError::invalid_query(format!("'{why}' on property q"))
}

/// Precedes the number of a character without meaning, in hexadecimal with a `z` behind it; no character of any text.
const MARK: char = '\u{fdd0}';

/// Other words for a character.
fn mark(c: char) -> String {
    format!("{MARK}{:x}z", u32::from(c))
}

/// The character that the other words stand for, of which the mark was read.
fn marked(chars: &mut Chars<'_>) -> Option<char> {
    let digits: String = chars.by_ref().take_while(|c| *c != 'z').collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

/// The parser undoes some escapes and leaves others, and knows no quotes in a range, so a backslash or an asterisk
/// without meaning, and all of a quoted bound, is put into other words before. What stands between other quotes has no
/// asterisks, and the parser undoes all of its escapes.
fn mark_escapes(query: &str) -> String {
    let mut marked = String::with_capacity(query.len());
    let mut quote = None;
    let mut in_range = false;
    let mut chars = query.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None) => match chars.next() {
                Some(next @ ('\\' | '*' | MARK)) => marked.push_str(&mark(next)),
                next => {
                    marked.push(c);
                    marked.extend(next);
                }
            },
            ('\\', Some(_)) => {
                marked.push(c);
                marked.extend(chars.next());
            }
            (MARK, None) => marked.push_str(&mark(c)),
            ('"', None) if in_range => {
                let mut bound = String::new();
                let closing = loop {
                    match chars.next() {
                        Some('\\') => bound.extend(chars.next()),
                        Some(c) if c != '"' => bound.push(c),
                        closing => break closing,
                    }
                };
                // An empty bound is a bound too.
                marked.extend([MARK, 'z']);
                bound.chars().for_each(|c| marked.push_str(&mark(c)));
                // Left as it is where it is open: then the parser refuses it.
                if closing.is_none() {
                    marked.push('"');
                }
            }
            ('"' | '\'', None) => {
                quote = Some(c);
                marked.push(c);
            }
            _ => {
                match c {
                    _ if quote == Some(c) => quote = None,
                    '[' | '{' if quote.is_none() => in_range = true,
                    ']' | '}' if quote.is_none() => in_range = false,
                    _ => {}
                }
                marked.push(c);
            }
        }
    }
    marked
}

/// A name or a bound, of which the parser has undone what escapes are left.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            MARK => plain.extend(marked(&mut chars)),
            _ => plain.push(c),
        }
    }
    plain
}

/// The longest run of NOT.
fn negations(query: &str) -> usize {
    let mut run: usize = 0;
    let mut longest = 0;
    for word in query.split_whitespace() {
        run = if word == "NOT" {
            run.saturating_add(1)
        } else {
            0
        };
        longest = longest.max(run);
    }
    longest
}

/// The deepest nesting of brackets.
fn brackets(query: &str) -> usize {
    let mut depth: usize = 0;
    let mut deepest = 0;
    for c in query.chars() {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn filter(ast: UserInputAst) -> Result<Filter, ApiError> {
    match ast {
        UserInputAst::Boost(inner, _) => filter(*inner),
        UserInputAst::Leaf(leaf) => leaf_filter(*leaf),
        UserInputAst::Clause(clauses) => {
            let (mut must, mut should, mut must_not) = (Vec::new(), Vec::new(), Vec::new());
            for (occur, ast) in clauses {
                let filter = filter(ast)?;
                match occur {
                    Some(Occur::Must) => must.push(filter),
                    Some(Occur::MustNot) => must_not.push(filter),
                    // Terms next to each other are alternatives.
                    Some(Occur::Should) | None => should.push(filter),
                }
            }
            Ok(Filter::Clause {
                must,
                should,
                must_not,
            })
        }
    }
}

fn leaf_filter(leaf: UserInputLeaf) -> Result<Filter, ApiError> {
    match leaf {
        UserInputLeaf::All => Ok(Filter::Everybody),
        // This is how `field:*` arrives; `_exists_:field` arrives as a literal.
        UserInputLeaf::Exists { field } => {
            let path = Path::parse(&plain(&field));
            if path.is_user_metadata() {
                return Err(refused(NO_WILDCARDS));
            }
            Ok(Filter::Exists(path))
        }
        UserInputLeaf::Literal(literal) => literal_filter(literal),
        UserInputLeaf::Range {
            field,
            lower,
            upper,
        } => {
            let path = Path::parse(&plain(
                &field.ok_or_else(|| refused("A range needs a field"))?,
            ));
            if path.is_user_metadata() {
                return Err(refused("Ranges are not available on user_metadata"));
            }
            Ok(Filter::Range(path, bound(lower), bound(upper)))
        }
        UserInputLeaf::Set { .. } => Err(refused("Sets are not supported")),
        UserInputLeaf::Regex { .. } => Err(refused("Regular expressions are not supported")),
    }
}

fn bound(bound: UserInputBound) -> Bound {
    match bound {
        UserInputBound::Inclusive(text) => Bound::Inclusive(plain(&text)),
        UserInputBound::Exclusive(text) => Bound::Exclusive(plain(&text)),
        UserInputBound::Unbounded => Bound::Open,
    }
}

fn literal_filter(literal: UserInputLiteral) -> Result<Filter, ApiError> {
    if literal.field_name.as_deref() == Some("_exists_") {
        return Ok(Filter::Exists(Path::parse(&plain(&literal.phrase))));
    }
    let term = match literal.delimiter {
        // Between quotes an asterisk is an asterisk.
        Delimiter::DoubleQuotes | Delimiter::SingleQuotes if !literal.prefix => {
            Term::Exact(literal.phrase)
        }
        Delimiter::DoubleQuotes | Delimiter::SingleQuotes => {
            Term::Wild(vec![literal.phrase, String::new()])
        }
        Delimiter::None => unquoted(&literal.phrase),
    };
    let path = literal
        .field_name
        .as_deref()
        .map(|name| Path::parse(&plain(name)));
    if let Term::Wild(pieces) = &term {
        if path.as_ref().is_some_and(Path::is_user_metadata) {
            return Err(refused(NO_WILDCARDS));
        }
        check_wild(pieces)?;
    }
    Ok(match path {
        Some(path) => Filter::Term(path, term),
        None => Filter::Word(term),
    })
}

/// A term without quotes: asterisks stand for anything unless a backslash precedes them.
fn unquoted(text: &str) -> Term {
    let mut pieces = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '*' => {
                pieces.push(String::new());
                continue;
            }
            MARK => marked(&mut chars),
            // The parser leaves the backslash before what has no meaning to it.
            '\\' => chars.next(),
            _ => Some(c),
        };
        if let Some(piece) = pieces.last_mut() {
            piece.extend(c);
        }
    }
    match pieces.pop() {
        Some(only) if pieces.is_empty() => Term::Exact(only),
        last => {
            pieces.extend(last);
            Term::Wild(pieces)
        }
    }
}

/// A term that starts with an asterisk needs at least three characters after it.
fn check_wild(pieces: &[String]) -> Result<(), ApiError> {
    let leading = pieces.first().is_some_and(String::is_empty);
    let literals: usize = pieces.iter().map(|piece| piece.chars().count()).sum();
    if leading && literals < LEAST_AFTER_ASTERISK {
        return Err(refused(
            "A term that starts with a wildcard needs at least 3 characters",
        ));
    }
    Ok(())
}
