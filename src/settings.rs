//! What a client and a call are made of, checked once.

use alloc::string::String;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::{error::Error, request::concat};

/// Where the access token comes from.
#[derive(Clone)]
pub(crate) enum Token {
    /// None is sent: whoever stands behind the base URL adds one.
    Absent,
    /// Always this one.
    Fixed(String),
    /// What this function gives, or this promise.
    Supplied(JsValue),
}

/// A token that can go into a header. A line end from a file is the usual mistake.
pub(crate) fn checked_token(token: String) -> Result<String, Error> {
    if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(token)
    } else {
        Err(Error::invalid(
            "token",
            "must be a non-empty string without spaces or line ends",
        ))
    }
}

/// What a client is made of.
pub(crate) struct Settings {
    pub(crate) base_url: String,
    pub(crate) token: Token,
    pub(crate) fetch: Option<Function>,
    /// What a call does where it does not say otherwise.
    pub(crate) call: CallOptions,
}

impl Settings {
    /// The base URL: the one given, as `absolute` reads it, or that of a tenant's domain.
    pub(crate) fn base(
        url: Option<&str>,
        domain: Option<&str>,
        absolute: impl Fn(&str) -> Result<String, Error>,
    ) -> Result<String, Error> {
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
        let fault = match (url, domain) {
            (Some(url), _) => return absolute(url),
            (None, Some(domain)) if !domain.is_empty() && domain.bytes().all(is_host) => {
                return Ok(concat(&["https://", domain, "/api/v2"]));
            }
            (None, Some(_)) => {
                "must be a host name such as \"tenant.eu.auth0.com\", without a scheme or a path"
            }
            (None, None) => "is required, or baseUrl in its place",
        };
        Err(Error::invalid("domain", fault))
    }
}

/// What one call does in its own way; what is left alone is as the client has it.
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) timeout_ms: Option<f64>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) signal: Option<AbortSignal>,
    /// An object, or undefined. A value may be a function or a promise; null takes the header away.
    pub(crate) headers: JsValue,
    /// An object of further query parameters, or undefined.
    pub(crate) query: JsValue,
}

impl CallOptions {
    /// Changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt may take until its body is read, in seconds; 60 by default.
    #[must_use]
    pub fn timeout_in_seconds(mut self, seconds: f64) -> Self {
        self.timeout_ms = Some(seconds * 1_000.0);
        self
    }

    /// How often a call that failed may be sent again; 2 by default.
    #[must_use]
    pub fn max_retries(mut self, times: u32) -> Self {
        self.max_retries = Some(times);
        self
    }

    /// Ends the call, whatever it waits for, as soon as the signal is aborted.
    #[must_use]
    pub fn abort_signal(mut self, signal: AbortSignal) -> Self {
        self.signal = Some(signal);
        self
    }

    /// Sends one header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers = with_property(&self.headers, name, value);
        self
    }

    /// Sends one query parameter more, in place of the operation's own of that name.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query = with_property(&self.query, name, value);
        self
    }
}

/// A copy of the object that has one property more.
fn with_property(object: &JsValue, name: &str, value: &str) -> JsValue {
    let copy = Object::assign(&Object::new(), object.unchecked_ref());
    set(&copy, name, &value.into());
    copy.into()
}

/// Sets a property of a plain object of our own, which cannot fail.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// A header that a caller may send, in lower case.
pub(crate) fn header_name(name: &str) -> Result<String, Error> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let fault = if name.eq_ignore_ascii_case("authorization") {
        "must not have authorization, which is made from token"
    } else if name.is_empty() || !name.bytes().all(is_token) {
        "must have names that HTTP allows"
    } else {
        return Ok(name.to_ascii_lowercase());
    };
    Err(Error::invalid("headers", fault))
}

/// A value that HTTP can carry: the engine would refuse others as if the network had failed.
pub(crate) fn header_value(value: &JsValue) -> Result<String, Error> {
    let text = value
        .as_string()
        .filter(|text| text.chars().all(|c| !c.is_control() && u32::from(c) < 256));
    text.ok_or_else(|| Error::invalid("headers", "must have values that are strings of one line"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(domain: &str) -> Option<String> {
        Settings::base(None, Some(domain), |_| unreachable!()).ok()
    }

    #[test]
    fn a_domain_is_a_host_and_nothing_else() {
        let expected = "https://tenant.eu.auth0.com/api/v2";
        assert_eq!(base("tenant.eu.auth0.com").as_deref(), Some(expected));
        for wrong in [
            "",
            "https://t.auth0.com",
            "t.auth0.com/",
            "t.auth0.com?x",
            "a#b",
            "u@host",
            "a b",
            "t\n",
        ] {
            assert_eq!(base(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn headers_cannot_carry_a_token_of_their_own() {
        assert_eq!(header_name("X-Trace").unwrap(), "x-trace");
        for wrong in ["authorization", "Authorization", "", "a b", "a:b", "\u{e9}"] {
            assert!(header_name(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_token_is_one_word() {
        assert_eq!(checked_token("eyJ.x.y".to_owned()).unwrap(), "eyJ.x.y");
        for wrong in ["", "a b", "token\n", "t\u{e9}"] {
            let message = checked_token(wrong.to_owned()).unwrap_err().to_string();
            assert!(
                message.starts_with("token ") && !message.contains("a b"),
                "{message}"
            );
        }
    }
}
