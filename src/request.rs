//! A request as a value: built and checked here, sent elsewhere.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use wasm_bindgen::JsValue;

use crate::{error::Error, operations::Operation};

/// What is sent for one call of one operation.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<JsValue>,
}

impl Request {
    /// Fills the path of `operation` with `ids`, in order.
    pub(crate) fn new(operation: &'static Operation, ids: &[&str]) -> Result<Self, Error> {
        let mut path = String::new();
        let mut ids = ids.iter();
        for part in operation.path.split('/').skip(1) {
            path.push('/');
            match part
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
            {
                Some(name) => {
                    push_segment(&mut path, name, ids.next().copied().unwrap_or_default())?
                }
                None => path.push_str(part),
            }
        }
        Ok(Self {
            operation,
            path,
            query: Vec::new(),
            body: None,
        })
    }

    /// Sets one query parameter, in place of an earlier one of that name.
    pub(crate) fn set_query(&mut self, name: &str, value: String) {
        match self.query.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.query.push((name.to_owned(), value)),
        }
    }

    /// Adds parameters that take the place of those of the same name. A name may come twice.
    pub(crate) fn add_query(&mut self, pairs: &[(String, String)]) {
        self.query
            .retain(|(name, _)| !pairs.iter().any(|(other, _)| name == other));
        self.query.extend_from_slice(pairs);
    }

    /// The query parameter of that name.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The whole address below `base`.
    pub(crate) fn url(&self, base: &str) -> String {
        let mut url = String::from(base);
        url.push_str(&self.path);
        for (n, (name, value)) in self.query.iter().enumerate() {
            url.push(if n == 0 { '?' } else { '&' });
            push_encoded(&mut url, name);
            url.push('=');
            push_encoded(&mut url, value);
        }
        url
    }
}

/// One text out of several, without the weight of `format!`.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Appends one path segment, encoded once.
///
/// What a URL parser would take for something else than this one segment is refused, because
/// encoding does not help: `%2e%2e` climbs like `..`, and an empty segment is another endpoint.
pub(crate) fn push_segment(path: &mut String, name: &str, value: &str) -> Result<(), Error> {
    let fault = if value.is_empty() {
        "must be a non-empty string"
    } else if value == "." || value == ".." {
        "must not be \".\" or \"..\""
    } else if value.chars().any(char::is_control) {
        "must not contain control characters"
    } else if !value.contains('|') && (value.contains("%7C") || value.contains("%7c")) {
        "is already percent-encoded; pass it as the API returned it, such as \"auth0|abc\""
    } else {
        push_encoded(path, value);
        return Ok(());
    };
    Err(Error::invalid(name, fault))
}

/// Appends `text` as JavaScript's `encodeURIComponent` would write it.
fn push_encoded(out: &mut String, text: &str) {
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
        match Request::new(&operations::USERS_GET, &[id]) {
            Ok(request) => Ok(request.url("https://t/api/v2")),
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
            "auth0%7Cx",
            "auth0%7cx",
        ] {
            let message = get(id).unwrap_err();
            assert!(message.starts_with("id "), "{id:?}: {message}");
        }
    }

    #[test]
    fn a_missing_id_is_refused() {
        assert!(Request::new(&operations::USERS_GET, &[]).is_err());
    }

    #[test]
    fn query_parameters_are_encoded_and_replaced_in_place() {
        let mut request = Request::new(&operations::USERS_LIST, &[]).unwrap();
        request.set_query("q", "email:\"a+b@x.y\" AND a".to_owned());
        request.set_query("page", "0".to_owned());
        request.set_query("page", "1".to_owned());
        assert_eq!(
            request.url("b"),
            "b/users?q=email%3A%22a%2Bb%40x.y%22%20AND%20a&page=1"
        );
        assert_eq!(request.query("page"), Some("1"));
        assert_eq!(request.query("sort"), None);
    }
}
