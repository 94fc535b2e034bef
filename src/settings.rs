//! What a client and a call are made of.

use alloc::string::String;
#[cfg(feature = "rust")]
use alloc::vec::Vec;

#[cfg(feature = "rust")]
use js_sys::Object;
use js_sys::{Date, Function};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

#[cfg(feature = "rust")]
use crate::engine::set;
use crate::{engine::concat, error::Error, limiter::Limiter, transport::Signals};

/// What a client is made of.
pub(crate) struct Settings {
    pub(crate) base_url: String,
    pub(crate) token: Token,
    /// The caller's own fetch, or undefined.
    pub(crate) fetch: JsValue,
    /// How the engine treats cookies, as fetch names it.
    pub(crate) credentials: Option<JsValue>,
    /// What proves that a change comes from a page of the caller's own, or a function that gives it
    /// or a promise of it, and is given the one that was refused.
    pub(crate) csrf: Option<JsValue>,
    /// The tenant's domain that links in mails and answers go to.
    pub(crate) custom_domain: Option<JsValue>,
    /// Functions of the caller's that are told what happens, by name.
    pub(crate) observers: Option<JsValue>,
    /// What a call does where it does not say otherwise.
    pub(crate) defaults: CallOptions,
    /// What all calls wait for before they are sent.
    pub(crate) limiter: Limiter,
    /// How requests treat the engine's cache, as fetch names it.
    pub(crate) cache: Option<JsValue>,
    /// The signals that calls wait under.
    pub(crate) signals: Signals,
}

/// Where the access token comes from.
pub(crate) enum Token {
    /// Whoever stands behind the base URL adds it.
    Elsewhere,
    /// It is always this one.
    Fixed {
        #[cfg_attr(not(feature = "js"), expect(dead_code))]
        token: JsValue,
        /// What stands in the header.
        header: JsValue,
    },
    /// A function gives one, or a promise of one.
    Supplied(Function),
}

impl Token {
    /// A text or a function of the caller's; undefined is neither.
    pub(crate) fn new(source: JsValue) -> Result<Self, Error> {
        if source.is_undefined() {
            return Ok(Self::Elsewhere);
        }
        match source.dyn_into() {
            Ok(supplier) => Ok(Self::Supplied(supplier)),
            Err(token) => Ok(Self::Fixed {
                header: bearer(&token)?,
                token,
            }),
        }
    }
}

/// What stands in the header `authorization`.
pub(crate) fn bearer(token: &JsValue) -> Result<JsValue, Error> {
    Ok(concat(&["Bearer ", &checked_token("token", token)?]).into())
}

/// What one call does in its own way; what is left alone is as the client has it.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    pub(crate) timeout_ms: Option<f64>,
    pub(crate) deadline_ms: Option<f64>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) signal: Option<AbortSignal>,
    /// Headers as an object with lower-case names, or a function that gives a promise of one.
    pub(crate) headers: JsValue,
    /// Called before each attempt is handed to fetch, which waits for what it returns.
    pub(crate) before_request: Option<Function>,
    /// Further query parameters, as the caller gave them.
    #[cfg(feature = "rust")]
    pub(crate) query: Vec<(String, String)>,
}

/// A token that can go into a header. A line end from a file is the usual mistake.
pub(crate) fn checked_token(name: &str, token: &JsValue) -> Result<String, Error> {
    let fits = |token: &String| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    let fault = "must be a non-empty string without spaces or line ends";
    token
        .as_string()
        .filter(fits)
        .ok_or_else(|| Error::invalid(name, fault))
}

impl CallOptions {
    /// These options, and those of `defaults` where they say nothing.
    pub(crate) fn over(self, defaults: &Self) -> Self {
        Self {
            timeout_ms: self.timeout_ms.or(defaults.timeout_ms),
            deadline_ms: self.deadline_ms.or(defaults.deadline_ms),
            max_retries: self.max_retries.or(defaults.max_retries),
            ..self
        }
    }
}

/// When what begins now has to be over, in milliseconds like the clock's.
pub(crate) fn until_ms(deadline_ms: Option<f64>) -> f64 {
    deadline_ms.map_or(f64::INFINITY, |ms| Date::now() + ms)
}

#[cfg(feature = "rust")]
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

    /// How long everything may take, in seconds: waiting for a turn and for a token, all attempts,
    /// and all pages of a list. There is no limit by default.
    #[must_use]
    pub fn deadline_in_seconds(mut self, seconds: f64) -> Self {
        self.deadline_ms = Some(seconds * 1_000.0);
        self
    }

    /// How often a call that failed may be sent again; 2 by default. A call that is refused because
    /// there are too many is no failure: it waits and is sent again, except where this is 0.
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

    /// Sends one header more. `authorization` is made from the token, whatever is given here.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let copy = Object::assign(&Object::new(), &self.headers.into());
        set(&copy, &name.to_ascii_lowercase(), &value.into());
        self.headers = copy.into();
        self
    }

    /// Sends one query parameter more, in place of the operation's own of that name.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// These options, with the headers of `defaults` where they name none of their own.
    pub(crate) fn with_headers_of(mut self, defaults: &Self) -> Self {
        let copy = Object::assign(&Object::new(), &defaults.headers.clone().into());
        self.headers = Object::assign(&copy, &self.headers.into()).into();
        self
    }
}
