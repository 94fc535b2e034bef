//! Recognises the operation of a request from its method and target, as they came over the wire.
//!
//! Nothing is repaired. A target that two parsers could read differently is refused, and an accepted one is rebuilt from
//! its parts before it is forwarded.

use alloc::string::String;
use alloc::vec::Vec;

use auth0_users_core::operations::{OPERATIONS, Operation};
use auth0_users_core::segment;

use crate::{Refusal, percent};

/// The longest accepted target, in bytes.
const MAX_LENGTH: usize = 8_192;

/// A request that is one of the operations.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recognised {
    pub(super) operation: &'static Operation,
    /// The values of the names in braces, in their order.
    pub(super) ids: Vec<String>,
    pub(super) query: Vec<(&'static str, String)>,
}

/// Recognises a request by its method and its target below the base path.
pub(super) fn recognise(method: &str, target: &str) -> Result<Recognised, Refusal> {
    if target.len() > MAX_LENGTH {
        return Err(Refusal::new(
            414,
            "uri_too_long",
            &["The URL is longer than 8192 bytes"],
        ));
    }
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, query),
        None => (target, ""),
    };
    let operation = OPERATIONS
        .iter()
        .copied()
        .find(|operation| operation.method.as_str() == method && matches(operation.path, path))
        .ok_or_else(|| {
            Refusal::new(404, "inexistent_operation", &["There is no such operation"])
        })?;
    let mut ids = Vec::new();
    for (part, text) in operation.path.split('/').zip(path.split('/')) {
        if let Some(name) = name_of(part) {
            ids.push(id(name, text)?);
        }
    }
    let query = parameters(operation, query)?;
    Ok(Recognised {
        operation,
        ids,
        query,
    })
}

/// Returns the name of a part of a path that is in braces.
pub(super) fn name_of(part: &'static str) -> Option<&'static str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

/// Returns whether a path matches a template. Fixed parts are compared without decoding.
fn matches(form: &'static str, path: &str) -> bool {
    let mut texts = path.split('/');
    let same = form.split('/').all(|part| {
        texts
            .next()
            .is_some_and(|text| name_of(part).is_some() || part == text)
    });
    same && texts.next().is_none()
}

fn id(name: &str, text: &str) -> Result<String, Refusal> {
    let value = decode(text, false)
        .ok_or("is not encoded as it must be")
        .and_then(|value| fault(&value).map_or(Ok(value), Err));
    value.map_err(|fault| Refusal::new(400, "invalid_path", &[name, " ", fault]))
}

/// Returns what is wrong with an id: what the client refuses too, and backslashes, which some servers treat as slashes.
fn fault(value: &str) -> Option<&'static str> {
    if value.contains('\\') {
        return Some("must not contain backslashes");
    }
    segment::fault(value)
}

fn parameters(operation: &Operation, text: &str) -> Result<Vec<(&'static str, String)>, Refusal> {
    let refused = |message: &[&str]| Refusal::new(400, "invalid_query_string", message);
    let (required, optional) = operation.input().query();
    let mut known = words(required).chain(words(optional));
    let mut query: Vec<(&'static str, String)> = Vec::new();
    for pair in text.split('&').filter(|_| !text.is_empty()) {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| refused(&["Every query parameter must have a name and a value"]))?;
        // The message has the known name: the name in the request may be anything.
        let name = known.clone().find(|known| *known == name).ok_or_else(|| {
            refused(&[
                operation.name(),
                " does not take every one of these query parameters",
            ])
        })?;
        if query.iter().any(|(other, _)| *other == name) {
            return Err(refused(&[name, " must be given once"]));
        }
        let value = decode(value, true)
            .filter(|value| !value.chars().any(char::is_control))
            .ok_or_else(|| refused(&[name, " must be encoded UTF-8 without control characters"]))?;
        query.push((name, value));
    }
    let missing = known.find(|name| {
        words(required).any(|needed| needed == *name)
            && query.iter().all(|(given, _)| given != name)
    });
    match missing {
        Some(name) => Err(refused(&[name, " is required"])),
        None => Ok(query),
    }
}

pub(super) fn words(text: &'static str) -> impl Iterator<Item = &'static str> + Clone {
    text.split(' ').filter(|word| !word.is_empty())
}

/// Decodes once. Returns `None` unless it is ASCII that encodes UTF-8. In a query `+` is a space.
fn decode(text: &str, is_query: bool) -> Option<String> {
    let fits = |byte: u8| matches!(byte, b'!'..=b'~') && !b"\"#<>\\^`{}".contains(&byte);
    text.bytes()
        .all(fits)
        .then(|| percent::decode(text, is_query))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(method: &str, target: &str) -> (u16, &'static str) {
        match recognise(method, target) {
            Ok(recognised) => panic!("{method} {target} is {recognised:?}"),
            Err(refusal) => (refusal.status, refusal.code),
        }
    }

    fn known(method: &str, target: &str) -> (&'static str, Vec<String>) {
        let recognised = recognise(method, target).unwrap();
        (recognised.operation.name(), recognised.ids)
    }

    #[test]
    fn operations_are_recognised_with_their_ids() {
        for operation in OPERATIONS {
            let mut expected = Vec::new();
            let mut path = String::new();
            for part in operation.path.split('/').skip(1) {
                path.push('/');
                match name_of(part) {
                    Some(name) => {
                        path.push_str(&format!("auth0%7C{name}"));
                        expected.push(format!("auth0|{name}"));
                    }
                    None => path.push_str(part),
                }
            }
            let (required, optional) = operation.input().query();
            let query: Vec<_> = words(required).chain(words(optional)).collect();
            if !query.is_empty() {
                path.push('?');
                path.push_str(
                    &query
                        .iter()
                        .map(|name| format!("{name}=1"))
                        .collect::<Vec<_>>()
                        .join("&"),
                );
            }
            let recognised = recognise(operation.method.as_str(), &path).unwrap();
            assert_eq!(recognised.operation, *operation, "{path}");
            assert_eq!(recognised.ids, expected, "{path}");
            assert_eq!(recognised.query.len(), query.len(), "{path}");
        }
    }

    #[test]
    fn ids_are_decoded_once() {
        for (text, id) in [
            ("auth0%7Cx", "auth0|x"),
            ("auth0|x", "auth0|x"),
            ("oauth2%7Csiwe%7Ceip155%253A5", "oauth2|siwe|eip155%3A5"),
            ("a%2Fb", "a/b"),
            ("samlp%7Chttp%3A%2F%2Fidp%2Fx", "samlp|http://idp/x"),
            ("%F0%9F%A6%80", "\u{1f980}"),
            ("a+b", "a+b"),
            ("...", "..."),
            ("auth0%7C%25", "auth0|%"),
            ("ad%7C%25252e", "ad|%252e"),
        ] {
            let expected = ("users.get", vec![id.to_owned()]);
            assert_eq!(known("GET", &format!("/users/{text}")), expected);
        }
    }

    #[test]
    fn invalid_ids_are_refused() {
        for text in [
            "",
            ".",
            "..",
            "%2e",
            "%2E%2e",
            ".%2e",
            "%2e.",
            "a%2F..%2Fb",
            "..%2Fclients",
            "a%2F%2E",
            "a%5Cb",
            "a\\b",
            "..%5Cclients",
            "a%00",
            "%0d%0aHost:x",
            "a%0A",
            "%7f",
            "%C2%80",
            "a%09b",
            "a b",
            "a\tb",
            "a\nb",
            "%",
            "a%2",
            "a%zz",
            "%+1",
            "% 1",
            "%c0%ae%c0%ae",
            "%c0%af",
            "%e0%80%af",
            "%f0%80%80%af",
            "%ff",
            "%80",
            "%ed%a0%80",
            "%f4%90%80%80",
            "%u002e",
            "\u{e9}",
            "\u{ff0e}\u{ff0e}",
            "auth0%257Cx",
            "auth0%257cx",
            "a\"b",
            "a<b",
            "a`b",
            "a{b}",
            "a^b",
            "a#b",
        ] {
            assert_eq!(
                refused("GET", &format!("/users/{text}")),
                (400, "invalid_path"),
                "{text}"
            );
        }
    }

    #[test]
    fn unknown_operations_are_not_found() {
        for (method, target) in [
            ("GET", ""),
            ("GET", "/"),
            ("GET", "users"),
            ("GET", "//users"),
            ("GET", "/users/a/"),
            ("GET", "/users//roles"),
            ("GET", "/users/a//roles"),
            ("GET", "/users/a/roles/"),
            ("GET", "/users/../clients"),
            ("GET", "/users/a/../../clients"),
            ("GET", "/./users"),
            ("GET", "/%75sers"),
            ("GET", "/Users"),
            ("GET", "/users%2Fa"),
            ("GET", "/users%2F"),
            ("GET", "/users%00"),
            ("GET", "/users;x=1"),
            ("GET", "/users#"),
            ("GET", "\\users"),
            ("GET", "/users\\a"),
            ("GET", "/clients"),
            ("GET", "https://elsewhere.example/users"),
            ("get", "/users"),
            ("HEAD", "/users"),
            ("PUT", "/users"),
            ("TRACE", "/users"),
            ("GET ", "/users"),
            ("", "/users"),
        ] {
            let expected = if target == "/users//roles" {
                (400, "invalid_path")
            } else {
                (404, "inexistent_operation")
            };
            assert_eq!(refused(method, target), expected, "{method} {target}");
        }
    }

    #[test]
    fn query_is_read_strictly() {
        let query = recognise("GET", "/users?q=email%3A%22a%2Bb%22+AND+x&page=0&sort=")
            .unwrap()
            .query;
        let expected = [("q", "email:\"a+b\" AND x"), ("page", "0"), ("sort", "")];
        assert_eq!(
            query,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
        assert!(recognise("GET", "/users?").is_ok());
        for query in [
            "page",
            "page=1&",
            "&page=1",
            "page=1&&sort=a",
            "page=1&page=2",
            "q=a&q=a",
            "Page=1",
            "%70age=1",
            "page[]=1",
            "unknown=1",
            "=1",
            "page=%",
            "page=%0a",
            "page=%00",
            "page=%ff",
            "page=%c0%ae",
            "q=a b",
            "q=\u{e9}",
            "q=a#b",
            "page=1?page=2%",
            "__proto__=1",
            "access_token=x",
            "q=\\",
        ] {
            assert_eq!(
                refused("GET", &format!("/users?{query}")),
                (400, "invalid_query_string"),
                "{query}"
            );
        }
        for (method, target) in [
            ("GET", "/users-by-email"),
            ("GET", "/users-by-email?fields=a"),
            ("DELETE", "/users/a?x=1"),
            ("POST", "/users?page=1"),
            ("GET", "/users/a?page=1"),
        ] {
            assert_eq!(
                refused(method, target),
                (400, "invalid_query_string"),
                "{target}"
            );
        }
    }

    #[test]
    fn long_targets_are_refused() {
        let target = format!("/users/{}", "a".repeat(MAX_LENGTH));
        assert_eq!(refused("GET", &target), (414, "uri_too_long"));
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn recognised_ids_are_valid(target in "(/(users|user-blocks|jobs|[a-z%.|/\\\\0-9]{0,6})){0,5}\\??[a-z=&%0-9]{0,9}") {
            for method in ["GET", "DELETE"] {
                if let Ok(recognised) = recognise(method, &target) {
                    for id in &recognised.ids {
                        proptest::prop_assert_eq!(segment::fault(id), None);
                        proptest::prop_assert!(!id.split('/').any(|part| part == ".."));
                    }
                    let names = recognised.operation.path.split('/').filter_map(name_of).count();
                    proptest::prop_assert_eq!(names, recognised.ids.len());
                }
            }
        }
    }
}
