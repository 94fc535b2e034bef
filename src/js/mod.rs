//! The JavaScript face: conversion only. What a method takes and gives is declared, for
//! TypeScript and with its documentation, in `types/` beside this file.

mod convert;
mod task;

use alloc::{rc::Rc, string::String};
use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::{
    call::{Prepared, Reply, ask, execute},
    error::Error,
    operations::{SCOPES, TABLE},
    page::RawPage,
    request::Turn,
    settings::Settings,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = concat!(
    include_str!("types/client.d.ts"),
    include_str!("types/operations.d.ts"),
    include_str!("types/current-user.d.ts"),
    include_str!("types/lists.d.ts"),
    include_str!("types/errors.d.ts"),
    include_str!("types/management.d.ts"),
    include_str!("types/users.d.ts"),
    include_str!("types/identities.d.ts"),
    include_str!("types/authentication-methods.d.ts"),
    include_str!("types/factors.d.ts"),
    include_str!("types/roles.d.ts"),
    include_str!("types/permissions.d.ts"),
    include_str!("types/memberships.d.ts"),
    include_str!("types/sessions.d.ts"),
    include_str!("types/logs.d.ts"),
    include_str!("types/user-blocks.d.ts"),
    include_str!("types/jobs.d.ts"),
    include_str!("types/tickets.d.ts"),
);

#[wasm_bindgen(module = "/src/js/answers.js")]
extern "C" {
    // What a caller's own fetch gave may throw when it is read.
    #[wasm_bindgen(catch)]
    fn answer(data: &JsValue, response: &web_sys::Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    fn page(
        items: &Array,
        body: &JsValue,
        response: &web_sys::Response,
        next: Option<PageCursor>,
    ) -> Result<JsValue, JsValue>;
}

/// What `ManagementClient` stands on. The methods of that class are made from the names.
#[wasm_bindgen(skip_typescript)]
pub struct Core(Rc<Settings>);

#[wasm_bindgen]
impl Core {
    /// Reads the options once; throws a `TypeError` that names what is wrong with them.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Core, JsValue> {
        Ok(Self(Rc::new(convert::settings(options)?)))
    }

    /// A line for each operation: its name, a star if it is a list, and the scopes of which it needs
    /// one, or all of them where a plus stands before them.
    pub fn operations() -> String {
        let mut lines = String::new();
        for (operation, scopes) in TABLE.iter().zip(SCOPES) {
            lines.push_str(operation.name);
            lines.push_str(match operation.output.items() {
                Some(_) => " *",
                None => " ",
            });
            if operation.needs_all_scopes() {
                lines.push('+');
            }
            for scope in *scopes {
                lines.push(' ');
                lines.push_str(scope);
            }
            lines.push('\n');
        }
        lines
    }

    /// The token that a call would be sent with, or a promise of it; undefined if there is none.
    pub fn token(&self, signal: &AbortSignal) -> Result<JsValue, JsValue> {
        ask(&self.0.token, &JsValue::UNDEFINED, signal)
            .map_err(|error| convert::error(error, &JsValue::UNDEFINED, &JsValue::UNDEFINED))
    }

    /// Calls an operation by its place among the names. Whatever is wrong with the arguments
    /// rejects the promise; nothing throws.
    pub fn call(&self, place: usize, arguments: &Array) -> Promise {
        let Some(operation) = TABLE.get(place).copied() else {
            return Promise::reject(&JsValue::NULL);
        };
        run(&self.0, convert::prepare(&self.0, operation, arguments))
    }

    /// Calls an endpoint that is not among the names.
    pub fn request(&self, what: &JsValue, options: &JsValue) -> Promise {
        run(&self.0, convert::prepare_unlisted(&self.0, what, options))
    }

    /// What is known about the server's limit.
    pub fn rate_limit(&self) -> JsValue {
        let state = Object::new();
        self.0.limiter.state().write(&state);
        state.into()
    }
}

/// Where a list goes on.
#[wasm_bindgen(skip_typescript)]
pub struct PageCursor {
    settings: Rc<Settings>,
    prepared: Rc<Prepared>,
    turn: Turn,
}

#[wasm_bindgen]
impl PageCursor {
    /// Loads the page. The cursor stays where it is, so that a failed load can be tried again.
    pub fn load(&self) -> Promise {
        run(
            &self.settings,
            Ok((Rc::clone(&self.prepared), self.turn.clone())),
        )
    }
}

fn run(settings: &Rc<Settings>, call: Result<(Rc<Prepared>, Turn), Error>) -> Promise {
    let settings = Rc::clone(settings);
    let site = convert::call_site();
    task::promise(async move {
        let none = JsValue::UNDEFINED;
        let (prepared, turn) = call.map_err(|error| convert::error(error, &none, &site))?;
        let reply = execute(&settings, &prepared, &turn).await;
        let reply = reply.map_err(|error| convert::error(error, &prepared.aside, &site))?;
        let Reply { data, response, .. } = reply;
        if prepared.request.operation.output.items().is_none() {
            return answer(&data, &response);
        }
        let RawPage {
            items,
            response: body,
            next,
        } = RawPage::read(&prepared.request, &turn, data);
        let next = next.map(|turn| PageCursor {
            settings,
            prepared,
            turn,
        });
        page(&items, &body, &response, next)
    })
}
