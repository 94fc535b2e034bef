//! The exports of the npm package: conversion only. `pkg-template/src/client` calls them.

#![cfg_attr(all(target_arch = "wasm32", not(test)), no_std)]

extern crate alloc;

mod convert;
#[cfg(all(target_arch = "wasm32", not(test)))]
mod runtime;
mod task;

use alloc::rc::Rc;

use auth0_users_core::{
    Error,
    call::{Prepared, Reply, execute},
    engine,
    operations::OPERATIONS,
    page::RawPage,
    request::Turn,
    settings::{Settings, Token},
};
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use self::{convert::CallArguments, task::Settle};

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
        operation: &str,
        signal: Option<&AbortSignal>,
        until_ms: f64,
    ) -> JsValue;
}

/// What `ManagementClient` stands on. The methods of that class are made from the names.
#[wasm_bindgen]
pub struct Core(Rc<Settings>);

#[wasm_bindgen]
impl Core {
    /// Reads the options once; throws a `TypeError` that names what is wrong with them. `forget` is
    /// called with a csrf that a proxy refused, before another one is asked for.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, forget: &JsValue) -> Result<Core, JsValue> {
        Ok(Self(Rc::new(convert::settings(options, forget)?)))
    }

    /// What calls have as headers where they name none: an object, or a function that gives one.
    pub fn headers(&self) -> JsValue {
        self.0.defaults.headers.clone()
    }

    /// The token that a call would be sent with, or a promise of it; undefined if there is none.
    pub fn token(&self, signal: &AbortSignal) -> Result<JsValue, JsValue> {
        match &self.0.token {
            Token::Elsewhere => Ok(JsValue::UNDEFINED),
            Token::Fixed { token, .. } => Ok(token.clone()),
            Token::Supplied(supplier) => engine::call(supplier, &JsValue::UNDEFINED, signal),
        }
    }

    /// Does a function of the caller's take part in each request? Its value may depend on the user.
    pub fn asks(&self) -> bool {
        matches!(self.0.token, Token::Supplied(_)) || self.0.defaults.headers.is_function()
    }

    /// Calls an operation by its place among the names, with the identifiers that `given` begins
    /// with; `site` is an error made where the program calls. Whatever is wrong with the arguments
    /// rejects the promise; nothing throws.
    pub fn call(
        &self,
        place: usize,
        given: &Array,
        arguments: CallArguments,
        site: JsValue,
        resolve: Function,
        reject: Function,
    ) {
        let promise = Settle { resolve, reject };
        if let Some(operation) = OPERATIONS.get(place).copied() {
            let call = convert::prepare(&self.0, operation, given, arguments);
            run(&self.0, operation.name, call, site, promise);
        }
    }

    /// Calls an endpoint that is not among the names.
    pub fn request(
        &self,
        arguments: CallArguments,
        site: JsValue,
        resolve: Function,
        reject: Function,
    ) {
        let promise = Settle { resolve, reject };
        let call = convert::prepare_unlisted(&self.0, arguments);
        run(&self.0, "request", call, site, promise);
    }

    /// What is known about the server's limit.
    pub fn rate_limit(&self) -> JsValue {
        let state = Object::new();
        self.0.limiter.state().write(&state);
        state.into()
    }
}

/// Where a list goes on.
#[wasm_bindgen]
pub struct PageCursor {
    settings: Rc<Settings>,
    prepared: Rc<Prepared>,
    turn: Turn,
}

#[wasm_bindgen]
impl PageCursor {
    /// Loads the page. The cursor stays where it is, so that a failed load can be tried again.
    pub fn load(&self, site: JsValue, resolve: Function, reject: Function) {
        let call = (Rc::clone(&self.prepared), self.turn.clone());
        let operation = self.prepared.request.operation.name;
        run(
            &self.settings,
            operation,
            Ok(call),
            site,
            Settle { resolve, reject },
        );
    }
}

/// Makes a call. The promise is JavaScript's own: V8 as of Node.js 20 ends the process when it
/// discards optimised code during a call of wasm that gives an object.
fn run(
    settings: &Rc<Settings>,
    operation: &'static str,
    call: Result<(Rc<Prepared>, Turn), Error>,
    site: JsValue,
    promise: Settle,
) {
    let settings = Rc::clone(settings);
    let work = async move {
        let fail = |error, prepared| convert::error(error, operation, prepared, &site);
        let (prepared, turn) = call.map_err(|error| fail(error, None))?;
        let reply = execute(&settings, &prepared, &turn).await;
        let reply = reply.map_err(|error| fail(error, Some(&prepared)))?;
        let Reply { data, response, .. } = reply;
        if prepared.request.operation.output.items().is_none() {
            return Ok(answer(&data, &response));
        }
        let RawPage {
            items,
            response: body,
            next,
        } = RawPage::read(&prepared.request, &turn, data);
        let next = next.map(|turn| PageCursor {
            settings,
            prepared: Rc::clone(&prepared),
            turn,
        });
        let operation = prepared.request.operation.name;
        let (signal, until_ms) = (prepared.own_signal(), prepared.until_ms);
        Ok(page(
            &items, &body, &response, next, operation, signal, until_ms,
        ))
    };
    task::start(work, promise);
}
