//! The JavaScript face: conversion only. What a method takes and gives is declared, for
//! TypeScript and with its documentation, in `types.d.ts` beside this file.

mod convert;
mod task;
mod users;

use alloc::rc::Rc;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::{
    call::{Prepared, Reply, execute},
    error::Error,
    operations::{Operation, Output},
    page::RawPage,
    settings::Settings,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen(module = "/src/js/face.js")]
extern "C" {
    #[wasm_bindgen(js_name = responsePromise)]
    fn response_promise(answer: Promise) -> Promise;
    #[wasm_bindgen(js_name = answer)]
    fn answer(data: &JsValue, response: &web_sys::Response) -> JsValue;
    #[wasm_bindgen(js_name = page)]
    fn page(
        items: &Array,
        body: &JsValue,
        response: &web_sys::Response,
        next: Option<PageCursor>,
    ) -> JsValue;
}

/// The Auth0 Management API.
#[wasm_bindgen(skip_typescript)]
pub struct ManagementClient(Rc<Settings>);

#[wasm_bindgen]
impl ManagementClient {
    /// Reads the options once; throws a `TypeError` that names what is wrong with them.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<ManagementClient, JsValue> {
        Ok(Self(Rc::new(convert::settings(options)?)))
    }

    /// The users.
    #[wasm_bindgen(getter)]
    pub fn users(&self) -> users::UsersClient {
        users::UsersClient(Rc::clone(&self.0))
    }
}

/// Where a list goes on.
#[wasm_bindgen(skip_typescript)]
pub struct PageCursor {
    settings: Rc<Settings>,
    prepared: Rc<Prepared>,
    page: u32,
}

#[wasm_bindgen]
impl PageCursor {
    /// Loads the page. The cursor stays where it is, so that a failed load can be tried again.
    pub fn load(&self) -> Promise {
        run(
            &self.settings,
            Ok((Rc::clone(&self.prepared), Some(self.page))),
        )
    }
}

/// Makes the call that a method stands for. Whatever is wrong with the arguments rejects the
/// promise; nothing throws.
fn call(
    settings: &Rc<Settings>,
    operation: &'static Operation,
    ids: &[&JsValue],
    input: &JsValue,
    options: &JsValue,
) -> Promise {
    let answer = run(
        settings,
        convert::prepare(settings, operation, ids, input, options),
    );
    if matches!(operation.output, Output::Offset(_)) {
        answer
    } else {
        response_promise(answer)
    }
}

fn run(settings: &Rc<Settings>, call: Result<(Rc<Prepared>, Option<u32>), Error>) -> Promise {
    let settings = Rc::clone(settings);
    task::promise(async move {
        let (prepared, number) = call.map_err(convert::error)?;
        let reply = execute(&settings, &prepared, number)
            .await
            .map_err(convert::error)?;
        let Reply { data, response, .. } = reply;
        if !matches!(prepared.request.operation.output, Output::Offset(_)) {
            return Ok(answer(&data, &response));
        }
        let RawPage {
            items,
            response: body,
            next,
        } = RawPage::read(&prepared.request, number, data);
        let next = next.map(|page| PageCursor {
            settings,
            prepared,
            page,
        });
        Ok(page(&items, &body, &response, next))
    })
}
