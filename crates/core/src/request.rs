//! A request as a value, with checked and encoded ids.

use alloc::string::String;

use wasm_bindgen::JsValue;

use crate::engine::concat;
use crate::error::Error;
use crate::operations::Operation;
use crate::segment;

/// The position of a page in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// The first page.
    First,
    /// The page of this number, from 0, with offset pagination.
    Page(u32),
    /// The same, after a page with fewer items than the total says.
    AfterGap(u32),
    /// The page at this checkpoint.
    Checkpoint(String),
    /// No page: the list ended before all of its items were read.
    Incomplete,
}

/// The request of a call.
#[derive(Clone, Debug)]
pub struct Request {
    /// The operation.
    pub operation: &'static Operation,
    /// The encoded path and query, without the position of the page.
    target: String,
    /// The size of a page, if the caller chose it.
    pub per_page: Option<u32>,
    /// The text of JSON, `{ bytes, type }` of a form, or a function that reads one.
    pub body: Option<JsValue>,
}

impl Request {
    /// Fills the path of `operation`; `id` returns the value of a name in braces.
    pub fn new(
        operation: &'static Operation,
        id: &mut dyn FnMut(&str) -> Result<String, Error>,
    ) -> Result<Self, Error> {
        let (mut target, mut name, mut is_name) = (String::new(), String::new(), false);
        for byte in operation.path.bytes() {
            match byte {
                b'{' => is_name = true,
                b'}' => {
                    push_id(&mut target, &name, &id(&name)?)?;
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

    /// Adds a query parameter.
    pub fn push_query(&mut self, name: &str, value: &str) {
        let mut pair = String::new();
        push_encoded(&mut pair, name);
        pair.push('=');
        push_encoded(&mut pair, value);
        self.add_encoded(&pair);
    }

    /// Adds encoded query parameters.
    pub fn add_encoded(&mut self, pairs: &str) {
        push_query(&mut self.target, pairs);
    }

    /// Adds a segment to the path.
    pub fn push_segment(&mut self, name: &str, id: &str) -> Result<(), Error> {
        self.target.push('/');
        push_id(&mut self.target, name, id)
    }

    /// Returns whether the response has a total beside the items.
    pub(crate) fn includes_totals(&self) -> bool {
        let wanted = b"include_totals=true";
        self.target
            .as_bytes()
            .windows(wanted.len())
            .any(|part| part == wanted)
    }

    /// Returns the URL of a page below `base`.
    pub fn url(&self, base: &str, cursor: &Cursor) -> String {
        let mut url = concat(&[base, &self.target]);
        match cursor {
            Cursor::First | Cursor::Incomplete => {}
            Cursor::Page(page) | Cursor::AfterGap(page) => {
                push_query(&mut url, "page=");
                push_number(&mut url, (*page).into());
            }
            Cursor::Checkpoint(checkpoint) => {
                push_query(&mut url, "from=");
                push_encoded(&mut url, checkpoint);
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

/// Appends an id as a path segment, encoded once.
fn push_id(path: &mut String, name: &str, id: &str) -> Result<(), Error> {
    if let Some(fault) = segment::fault(id) {
        return Err(Error::invalid(name, fault));
    }
    push_encoded(path, id);
    Ok(())
}

/// Appends text, encoded as `encodeURIComponent` does.
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
            Ok(request) => Ok(request.url("https://t/api/v2", &Cursor::First)),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn ids_are_encoded_once() {
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
    fn ids_that_change_the_path_are_refused() {
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
    fn ids_are_requested_by_name() {
        let mut names = Vec::new();
        let request = Request::new(&operations::USERS_REVOKE_ACCESS, &mut |name| {
            names.push(name.to_owned());
            Ok("a|b".to_owned())
        });
        assert_eq!(
            request.unwrap().url("", &Cursor::First),
            "/users/a%7Cb/revoke-access"
        );
        assert_eq!(names, ["id"]);
    }

    #[test]
    fn query_is_encoded_and_page_comes_last() {
        let mut request = Request::new(&operations::USERS_LIST, &mut |_| unreachable!()).unwrap();
        request.push_query("q", "email:\"a+b@x.y\" AND a");
        request.push_query("sort", "");
        let query = "q=email%3A%22a%2Bb%40x.y%22%20AND%20a&sort=";
        assert_eq!(
            request.url("b", &Cursor::Page(0)),
            format!("b/users?{query}&page=0")
        );
        assert_eq!(
            request.url("b", &Cursor::Page(107)),
            format!("b/users?{query}&page=107")
        );
    }

    #[test]
    fn checkpoint_is_encoded() {
        let request = Request::new(&operations::USERS_LIST, &mut |_| unreachable!()).unwrap();
        assert_eq!(
            request.url("b", &Cursor::Checkpoint("a+b=".to_owned())),
            "b/users?from=a%2Bb%3D"
        );
    }

    #[test]
    fn segments_of_unlisted_paths_are_checked() {
        let unlisted = operations::unlisted("GET").unwrap();
        let mut request = Request::new(unlisted, &mut |_| unreachable!()).unwrap();
        request.push_segment("path", "clients").unwrap();
        request.push_segment("path", "a/b").unwrap();
        assert_eq!(request.url("b", &Cursor::First), "b/clients/a%2Fb");
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
