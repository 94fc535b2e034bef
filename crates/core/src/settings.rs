//! What a client and a call are made of.

use alloc::string::String;
use js_sys::{Date, Function};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::{
    engine::concat,
    error::Error,
    limiter::Limiter,
    transport::{NewAbortController, Signals},
};

/// What a client is made of.
pub struct Settings {
    pub base_url: String,
    pub token: Token,
    /// The caller's own fetch, or undefined.
    pub fetch: JsValue,
    /// How the engine treats cookies, as fetch names it.
    pub credentials: Option<JsValue>,
    /// What proves that a change comes from a page of the caller's own, or a function that gives it
    /// or a promise of it, and is given the one that was refused.
    pub csrf: Option<JsValue>,
    /// The tenant's domain that links in mails and answers go to.
    pub custom_domain: Option<JsValue>,
    /// Functions of the caller's that are told what happens, by name.
    pub observers: Option<JsValue>,
    /// What a call does where it does not say otherwise.
    pub defaults: CallOptions,
    /// What all calls wait for before they are sent.
    pub limiter: Limiter,
    /// How requests treat the engine's cache, as fetch names it.
    pub cache: Option<JsValue>,
    /// Makes the controllers that end requests.
    pub new_abort_controller: NewAbortController,
    /// The signals that calls wait under.
    pub signals: Signals,
}

/// Where the access token comes from.
pub enum Token {
    /// Whoever stands behind the base URL adds it.
    Elsewhere,
    /// It is always this one.
    Fixed {
        token: JsValue,
        /// What stands in the header.
        header: JsValue,
    },
    /// A function gives one, or a promise of one.
    Supplied(Function),
}

impl Token {
    /// A text or a function of the caller's; undefined is neither.
    pub fn new(source: JsValue) -> Result<Self, Error> {
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
    pub timeout_ms: Option<f64>,
    pub deadline_ms: Option<f64>,
    pub max_retries: Option<u32>,
    pub signal: Option<AbortSignal>,
    /// Headers as an object with lower-case names, or a function that gives a promise of one.
    pub headers: JsValue,
    /// Called before each attempt is handed to fetch, which waits for what it returns.
    pub before_request: Option<Function>,
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
