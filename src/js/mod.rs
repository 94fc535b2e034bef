//! The JavaScript face: conversion only. What a method takes and gives is declared, for
//! TypeScript and with its documentation, in `types.d.ts` beside this file.

mod convert;
mod task;
mod users;

use alloc::rc::Rc;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::{
    call::execute,
    error::Error,
    operations::{Operation, Output},
    page::RawPage,
    request::Request,
    settings::{CallOptions, Settings},
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
    request: Request,
    options: CallOptions,
}

#[wasm_bindgen]
impl PageCursor {
    /// Loads the page. The cursor stays where it is, so that a failed load can be tried again.
    pub fn load(&self) -> Promise {
        run(
            &self.settings,
            Ok((self.request.clone(), self.options.clone())),
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
        convert::request(settings, operation, ids, input, options),
    );
    if matches!(operation.output, Output::Offset(_)) {
        answer
    } else {
        response_promise(answer)
    }
}

fn run(settings: &Rc<Settings>, prepared: Result<(Request, CallOptions), Error>) -> Promise {
    let settings = Rc::clone(settings);
    task::promise(async move {
        let (request, options) = prepared.map_err(convert::error)?;
        let reply = execute(&settings, &request, &options)
            .await
            .map_err(convert::error)?;
        if !matches!(request.operation.output, Output::Offset(_)) {
            return Ok(answer(&reply.data, &reply.response));
        }
        let RawPage {
            items,
            response,
            next,
        } = RawPage::read(request, reply.data);
        let next = next.map(|request| PageCursor {
            settings,
            request,
            options,
        });
        Ok(page(&items, &response, &reply.response, next))
    })
}
