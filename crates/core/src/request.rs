//! A request as a value: built and checked here, sent elsewhere.

use alloc::string::String;
use wasm_bindgen::JsValue;

use crate::{engine::concat, error::Error, operations::Operation, segment};

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The one that comes when none is asked for.
    First,
    /// That page of an offset list, from 0.
    Page(u32),
    /// The same, after a page that had fewer items than the total says.
    AfterGap(u32),
    /// The one at that place of a checkpoint list.
    From(String),
    /// None: the list ended before all of its items were given.
    Missing,
}

/// What is sent for one call of one operation.
#[derive(Clone, Debug)]
pub struct Request {
    pub operation: &'static Operation,
    /// The path and the query, encoded, without what turns pages.
    target: String,
    /// The size of a page, if it was asked for.
    pub per_page: Option<u32>,
    pub body: Option<JsValue>,
}

impl Request {
    /// Fills the path of `operation`; `id` gives the value for a name in braces.
    pub fn new(
        operation: &'static Operation,
        id: &mut dyn FnMut(&str) -> Result<String, Error>,
    ) -> Result<Self, Error> {
        let (mut target, mut name, mut is_name) = (String::new(), String::new(), false);
        for byte in operation.path.bytes() {
            match byte {
                b'{' => is_name = true,
                b'}' => {
                    push_segment(&mut target, &name, &id(&name)?)?;
                    name.clear();
                    is_name = false;
                }
                _ => if is_name { &mut name } else { &mut target }.push(char::from(byte)),
            }
        }
        Ok(Self {
            operation,
            target,
            per_page: None,
            body: None,
        })
    }

    /// Adds one query parameter.
    pub fn push_query(&mut self, name: &str, value: &str) {
        let mut pair = String::new();
        push_encoded(&mut pair, name);
        pair.push('=');
        push_encoded(&mut pair, value);
        self.add_encoded(&pair);
    }

    /// Adds query parameters that are encoded.
    pub fn add_encoded(&mut self, pairs: &str) {
        push_query(&mut self.target, pairs);
    }

    /// Adds one segment to the path.
    pub fn push_segment(&mut self, name: &str, value: &str) -> Result<(), Error> {
        self.target.push('/');
        push_segment(&mut self.target, name, value)
    }

    /// Whether the items come in an object with their total.
    pub(crate) fn asks_totals(&self) -> bool {
        let wanted = b"include_totals=true";
        self.target
            .as_bytes()
            .windows(wanted.len())
            .any(|part| part == wanted)
    }

    /// The whole address below `base`, for that page of a list.
    pub fn url(&self, base: &str, turn: &Turn) -> String {
        let mut url = concat(&[base, &self.target]);
        match turn {
            Turn::First | Turn::Missing => {}
            Turn::Page(page) | Turn::AfterGap(page) => {
                push_query(&mut url, "page=");
                push_number(&mut url, (*page).into());
            }
            Turn::From(place) => {
                push_query(&mut url, "from=");
                push_encoded(&mut url, place);
            }
        }
        url
    }
}

fn push_query(url: &mut String, pairs: &str) {
    if !pairs.is_empty() {
        url.push(if url.bytes().any(|byte| byte == b'?') {
            '&'
        } else {
            '?'
        });
        url.push_str(pairs);
    }
}

/// Appends a number, without the weight of `format!`.
pub fn push_number(out: &mut String, number: u64) {
    if number > 9 {
        push_number(out, number / 10);
    }
    out.push(char::from_digit((number % 10) as u32, 10).unwrap_or('0'));
}

/// Appends one path segment, encoded once.
pub(crate) fn push_segment(path: &mut String, name: &str, value: &str) -> Result<(), Error> {
    if let Some(fault) = segment::fault(value) {
        return Err(Error::invalid(name, fault));
    }
    push_encoded(path, value);
    Ok(())
}

/// Appends `text` as JavaScript's `encodeURIComponent` would write it.
pub(crate) fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(
                    char::from_digit(u32::from(nibble), 16)
                        .unwrap_or('0')
                        .to_ascii_uppercase(),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    fn get(id: &str) -> Result<String, String> {
        match Request::new(&operations::USERS_GET, &mut |_| Ok(id.to_owned())) {
            Ok(request) => Ok(request.url("https://t/api/v2", &Turn::First)),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn ids_are_encoded_exactly_once() {
        for (id, encoded) in [
            ("auth0|x", "auth0%7Cx"),
            ("samlp|a|b", "samlp%7Ca%7Cb"),
            ("a/b", "a%2Fb"),
            ("%3A", "%253A"),
            ("oauth2|siwe|eip155%3A5", "oauth2%7Csiwe%7Ceip155%253A5"),
            ("auth0|%7C", "auth0%7C%257C"),
            ("+", "%2B"),
            ("a b?c#d&e=f", "a%20b%3Fc%23d%26e%3Df"),
            ("\u{1f980}", "%F0%9F%A6%80"),
            ("-_.!~*'()", "-_.!~*'()"),
            ("...", "..."),
            ("a..b/...c/d.", "a..b%2F...c%2Fd."),
        ] {
            assert_eq!(
                get(id).as_deref(),
                Ok(format!("https://t/api/v2/users/{encoded}").as_str())
            );
        }
    }

    #[test]
    fn ids_that_would_reach_another_endpoint_are_refused_by_name() {
        for id in [
            "",
            ".",
            "..",
            "a\nb",
            "a\0",
            "\u{7f}",
            "\u{85}",
            "a/../../clients",
            "a/..",
            "../a",
            "a/./b",
            "a\\..\\b",
            "%2e%2E",
            "a/.%2e/b",
            "a%2f..%5Cb",
            "auth0%7Cx",
            "auth0%7cx",
        ] {
            let message = get(id).unwrap_err();
            assert!(message.starts_with("id "), "{id:?}: {message}");
        }
    }

    #[test]
    fn ids_are_asked_for_by_name() {
        let mut names = Vec::new();
        let request = Request::new(&operations::USERS_REVOKE_ACCESS, &mut |name| {
            names.push(name.to_owned());
            Ok("a|b".to_owned())
        });
        assert_eq!(
            request.unwrap().url("", &Turn::First),
            "/users/a%7Cb/revoke-access"
        );
        assert_eq!(names, ["id"]);
    }

    #[test]
    fn query_parameters_are_encoded_and_the_page_comes_last() {
        let mut request = Request::new(&operations::USERS_LIST, &mut |_| unreachable!()).unwrap();
        request.push_query("q", "email:\"a+b@x.y\" AND a");
        request.push_query("sort", "");
        let query = "q=email%3A%22a%2Bb%40x.y%22%20AND%20a&sort=";
        assert_eq!(
            request.url("b", &Turn::Page(0)),
            format!("b/users?{query}&page=0")
        );
        assert_eq!(
            request.url("b", &Turn::Page(107)),
            format!("b/users?{query}&page=107")
        );
    }

    #[test]
    fn a_place_in_a_list_is_encoded() {
        let request = Request::new(&operations::USERS_LIST, &mut |_| unreachable!()).unwrap();
        assert_eq!(
            request.url("b", &Turn::From("a+b=".to_owned())),
            "b/users?from=a%2Bb%3D"
        );
    }

    #[test]
    fn an_unlisted_path_is_made_of_checked_segments() {
        let unlisted = operations::unlisted("GET").unwrap();
        let mut request = Request::new(unlisted, &mut |_| unreachable!()).unwrap();
        request.push_segment("path", "clients").unwrap();
        request.push_segment("path", "a/b").unwrap();
        assert_eq!(request.url("b", &Turn::First), "b/clients/a%2Fb");
        assert!(request.push_segment("path", "..").is_err());
    }

    #[test]
    fn numbers_are_written_in_full() {
        for n in [0, 7, 10, 99, 100, 1_000_000_000, u64::MAX] {
            let mut text = String::new();
            push_number(&mut text, n);
            assert_eq!(text, n.to_string());
        }
    }
}
