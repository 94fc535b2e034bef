//! The exports of the npm package: conversion only. `pkg-template/src/client` calls them.

#![cfg_attr(all(target_arch = "wasm32", not(test)), no_std)]

extern crate alloc;

mod convert;
#[cfg(all(target_arch = "wasm32", not(test)))]
mod runtime;
mod task;

use alloc::rc::Rc;

use auth0_users_core::call::{PreparedRequest, Response, execute};
use auth0_users_core::config::{ClientConfig, TokenSource};
use auth0_users_core::operations::OPERATIONS;
use auth0_users_core::page::RawPage;
use auth0_users_core::request::Cursor;
use auth0_users_core::{Error, engine};
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use self::convert::CallArguments;
use self::task::Settle;

#[wasm_bindgen(raw_module = "../../client/responses.ts")]
extern "C" {
    fn answer(data: &JsValue, response: &web_sys::Response) -> JsValue;
}

#[wasm_bindgen(raw_module = "../../client/page.ts")]
extern "C" {
    fn page(
        items: &Array,
        body: &JsValue,
        response: &web_sys::Response,
        next: Option<PageCursor>,
        operation: &JsValue,
        signal: Option<&AbortSignal>,
        until_ms: f64,
    ) -> JsValue;
}

/// The client behind `ManagementClient`.
#[wasm_bindgen]
pub struct Core(Rc<ClientConfig>);

#[wasm_bindgen]
impl Core {
    /// Reads the options once. Throws a `TypeError` that names an invalid option. `forget` is called with a CSRF token
    /// that a proxy refused, before the next one is read.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, forget: &JsValue) -> Result<Core, JsValue> {
        Ok(Self(Rc::new(convert::config(options, forget)?)))
    }

    /// Returns the default headers of calls: an object, or a function that returns one.
    pub fn headers(&self) -> JsValue {
        self.0.defaults.headers.clone()
    }

    /// Returns the token of the next call, or a promise of it; undefined if a proxy adds it.
    pub fn token(&self, signal: &AbortSignal) -> Result<JsValue, JsValue> {
        match &self.0.token {
            TokenSource::Proxy => Ok(JsValue::UNDEFINED),
            TokenSource::Fixed { token, .. } => Ok(token.clone()),
            TokenSource::Function(function) => engine::call(function, &JsValue::UNDEFINED, signal),
        }
    }

    /// Returns whether each request calls a function of the caller. Its result may depend on the user.
    pub fn asks(&self) -> bool {
        matches!(self.0.token, TokenSource::Function(_)) || self.0.defaults.headers.is_function()
    }

    /// Calls the operation at an index of the table. `call_site` is an `Error` made by the method that was called.
    /// Invalid arguments reject the promise; nothing throws.
    pub fn call(
        &self,
        index: usize,
        ids: &Array,
        arguments: CallArguments,
        call_site: JsValue,
        resolve: Function,
        reject: Function,
    ) {
        let promise = Settle { resolve, reject };
        if let Some(operation) = OPERATIONS.get(index).copied() {
            let call = convert::prepare(&self.0, operation, ids, arguments);
            run(&self.0, index, call, call_site, promise);
        }
    }

    /// Calls an endpoint that the table does not list.
    pub fn request(
        &self,
        arguments: CallArguments,
        call_site: JsValue,
        resolve: Function,
        reject: Function,
    ) {
        let promise = Settle { resolve, reject };
        let call = convert::prepare_unlisted(&self.0, arguments);
        run(&self.0, usize::MAX, call, call_site, promise);
    }

    /// Returns the state of the rate limiter.
    pub fn rate_limit(&self) -> JsValue {
        let state = Object::new();
        self.0.limiter.state().write(&state);
        state.into()
    }
}

/// The position of the next page of a list.
#[wasm_bindgen]
pub struct PageCursor {
    config: Rc<ClientConfig>,
    prepared: Rc<PreparedRequest>,
    cursor: Cursor,
}

#[wasm_bindgen]
impl PageCursor {
    /// Loads the page. The cursor does not change, so a failed load can be retried.
    pub fn load(&self, call_site: JsValue, resolve: Function, reject: Function) {
        let call = (Rc::clone(&self.prepared), self.cursor.clone());
        let operation = self.prepared.request.operation.index();
        let promise = Settle { resolve, reject };
        run(&self.config, operation, Ok(call), call_site, promise);
    }
}

/// Executes a call and settles a promise that JavaScript made. The export itself returns nothing: V8 as of Node.js 20
/// crashes when it discards optimised code during a call of wasm that returns an object.
fn run(
    config: &Rc<ClientConfig>,
    operation: usize,
    call: Result<(Rc<PreparedRequest>, Cursor), Error>,
    call_site: JsValue,
    promise: Settle,
) {
    let config = Rc::clone(config);
    let work = async move {
        let fail = |error, prepared| {
            let operation = convert::operation_name(operation);
            convert::error(error, &operation, prepared, &call_site)
        };
        let (prepared, cursor) = call.map_err(|error| fail(error, None))?;
        let response = execute(&config, &prepared, &cursor).await;
        let response = response.map_err(|error| fail(error, Some(&prepared)))?;
        let Response { data, http, .. } = response;
        if prepared.request.operation.output.items().is_none() {
            return Ok(answer(&data, &http));
        }
        let RawPage {
            items,
            response: body,
            next,
        } = RawPage::read(&prepared.request, &cursor, data);
        let next = next.map(|cursor| PageCursor {
            config,
            prepared: Rc::clone(&prepared),
            cursor,
        });
        let operation = &convert::operation_name(operation);
        let (signal, until_ms) = (prepared.own_signal(), prepared.until_ms);
        Ok(page(
            &items, &body, &http, next, operation, signal, until_ms,
        ))
    };
    task::start(work, promise);
}
