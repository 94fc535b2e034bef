//! Compiles a query to a filter, and refuses queries that the API does not support.

use std::str::Chars;

use tantivy_query_grammar::{
    Delimiter, Occur, UserInputAst, UserInputBound, UserInputLeaf, UserInputLiteral, parse_query,
};

use super::filter::{Bound, Filter, Term};
use crate::error::ApiError;
use crate::state::field::FieldPath;

/// The deepest nesting of parentheses or NOT. The parser recurses and backtracks at each level.
const MAX_DEPTH: usize = 12;

/// The shortest text after a leading wildcard: `name:*usa` is searched, `name:*sa` is not, and `name:j*`
/// is (auth0.com/docs/manage-users/user-search/user-search-query-syntax, Wildcards).
const MIN_AFTER_WILDCARD: usize = 3;

const NO_WILDCARDS: &str = "Wildcards are not available on user_metadata";

/// Compiles a query. An empty one matches all users.
pub(crate) fn compile(query: &str) -> Result<Filter, ApiError> {
    if query.trim().is_empty() {
        return Ok(Filter::All);
    }
    if parentheses(query).max(negations(query)) > MAX_DEPTH {
        return Err(refused("The query is nested too deeply"));
    }
    let ast = parse_query(&encode_escapes(query))
        .map_err(|_| refused("The query syntax is not valid"))?;
    filter(ast)
}

fn refused(why: &str) -> ApiError {
    ApiError::invalid_query(format!("'{why}' on property q"))
}

/// Starts an encoded character: the mark, the code point in hexadecimal, and a `z`. It is a Unicode noncharacter.
const MARK: char = '\u{fdd0}';

/// Encodes a character so that the parser does not interpret it.
fn encode(c: char) -> String {
    format!("{MARK}{:x}z", u32::from(c))
}

/// Decodes the rest of an encoded character, after its mark.
fn decode(chars: &mut Chars<'_>) -> Option<char> {
    let digits: String = chars.by_ref().take_while(|c| *c != 'z').collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

/// Encodes escaped backslashes and asterisks, and quoted bounds of ranges.
///
/// The parser resolves only some escapes, and does not support quotes in a range. In quotes elsewhere it resolves all
/// escapes, and an asterisk is no wildcard.
fn encode_escapes(query: &str) -> String {
    let mut encoded = String::with_capacity(query.len());
    let mut quote = None;
    let mut in_range = false;
    let mut chars = query.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None) => match chars.next() {
                Some(next @ ('\\' | '*' | MARK)) => encoded.push_str(&encode(next)),
                next => {
                    encoded.push(c);
                    encoded.extend(next);
                }
            },
            ('\\', Some(_)) => {
                encoded.push(c);
                encoded.extend(chars.next());
            }
            (MARK, None) => encoded.push_str(&encode(c)),
            ('"', None) if in_range => {
                let mut bound = String::new();
                let closing = loop {
                    match chars.next() {
                        Some('\\') => bound.extend(chars.next()),
                        Some(c) if c != '"' => bound.push(c),
                        closing => break closing,
                    }
                };
                // This starts an empty character, so that an empty bound is not an open one.
                encoded.extend([MARK, 'z']);
                bound.chars().for_each(|c| encoded.push_str(&encode(c)));
                // Without a closing quote the parser has to refuse the query.
                if closing.is_none() {
                    encoded.push('"');
                }
            }
            ('"' | '\'', None) => {
                quote = Some(c);
                encoded.push(c);
            }
            _ => {
                match c {
                    _ if quote == Some(c) => quote = None,
                    '[' | '{' if quote.is_none() => in_range = true,
                    ']' | '}' if quote.is_none() => in_range = false,
                    _ => {}
                }
                encoded.push(c);
            }
        }
    }
    encoded
}

/// Decodes the encoded characters of a field name or a bound.
fn decode_all(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            MARK => decoded.extend(decode(&mut chars)),
            _ => decoded.push(c),
        }
    }
    decoded
}

/// Returns the length of the longest run of NOT.
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

/// Returns the deepest nesting of parentheses.
fn parentheses(query: &str) -> usize {
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
                    // Terms without an operator between them are alternatives.
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
        UserInputLeaf::All => Ok(Filter::All),
        // The parser returns this for `field:*`, and a literal for `_exists_:field`.
        UserInputLeaf::Exists { field } => {
            let path = FieldPath::parse(&decode_all(&field));
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
            let path = FieldPath::parse(&decode_all(
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
        UserInputBound::Inclusive(text) => Bound::Inclusive(decode_all(&text)),
        UserInputBound::Exclusive(text) => Bound::Exclusive(decode_all(&text)),
        UserInputBound::Unbounded => Bound::Open,
    }
}

fn literal_filter(literal: UserInputLiteral) -> Result<Filter, ApiError> {
    if literal.field_name.as_deref() == Some("_exists_") {
        return Ok(Filter::Exists(FieldPath::parse(&decode_all(
            &literal.phrase,
        ))));
    }
    let term = match literal.delimiter {
        // In quotes an asterisk is no wildcard.
        Delimiter::DoubleQuotes | Delimiter::SingleQuotes if !literal.prefix => {
            Term::Exact(literal.phrase)
        }
        Delimiter::DoubleQuotes | Delimiter::SingleQuotes => {
            Term::Wildcard(vec![literal.phrase, String::new()])
        }
        Delimiter::None => unquoted(&literal.phrase),
    };
    let path = literal
        .field_name
        .as_deref()
        .map(|name| FieldPath::parse(&decode_all(name)));
    if let Term::Wildcard(pieces) = &term {
        if path.as_ref().is_some_and(FieldPath::is_user_metadata) {
            return Err(refused(NO_WILDCARDS));
        }
        check_wildcard(pieces)?;
    }
    Ok(match path {
        Some(path) => Filter::Term(path, term),
        None => Filter::Word(term),
    })
}

/// Returns a term without quotes, in which an asterisk is a wildcard unless it is escaped.
fn unquoted(text: &str) -> Term {
    let mut pieces = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '*' => {
                pieces.push(String::new());
                continue;
            }
            MARK => decode(&mut chars),
            // The parser keeps the backslash before characters that it does not interpret.
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
            Term::Wildcard(pieces)
        }
    }
}

/// Refuses a term that starts with a wildcard and has fewer than three other characters.
fn check_wildcard(pieces: &[String]) -> Result<(), ApiError> {
    let leading = pieces.first().is_some_and(String::is_empty);
    let literals: usize = pieces.iter().map(|piece| piece.chars().count()).sum();
    if leading && literals < MIN_AFTER_WILDCARD {
        return Err(refused(
            "A term that starts with a wildcard needs at least 3 characters",
        ));
    }
    Ok(())
}
