//! `client.users` for JavaScript.

use alloc::rc::Rc;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call;
use crate::{operations as op, settings::Settings};

const NONE: &JsValue = &JsValue::UNDEFINED;

/// `client.users`
#[wasm_bindgen(skip_typescript)]
pub struct UsersClient(pub(super) Rc<Settings>);

#[wasm_bindgen]
impl UsersClient {
    pub fn list(&self, params: &JsValue, options: &JsValue) -> Promise {
        call(&self.0, &op::USERS_LIST, &[], params, options)
    }

    pub fn create(&self, body: &JsValue, options: &JsValue) -> Promise {
        call(&self.0, &op::USERS_CREATE, &[], body, options)
    }

    #[wasm_bindgen(js_name = listUsersByEmail)]
    pub fn list_users_by_email(&self, params: &JsValue, options: &JsValue) -> Promise {
        call(
            &self.0,
            &op::USERS_LIST_USERS_BY_EMAIL,
            &[],
            params,
            options,
        )
    }

    pub fn get(&self, id: &JsValue, params: &JsValue, options: &JsValue) -> Promise {
        call(&self.0, &op::USERS_GET, &[id], params, options)
    }

    pub fn update(&self, id: &JsValue, body: &JsValue, options: &JsValue) -> Promise {
        call(&self.0, &op::USERS_UPDATE, &[id], body, options)
    }

    pub fn delete(&self, id: &JsValue, options: &JsValue) -> Promise {
        call(&self.0, &op::USERS_DELETE, &[id], NONE, options)
    }

    #[wasm_bindgen(js_name = regenerateRecoveryCode)]
    pub fn regenerate_recovery_code(&self, id: &JsValue, options: &JsValue) -> Promise {
        call(
            &self.0,
            &op::USERS_REGENERATE_RECOVERY_CODE,
            &[id],
            NONE,
            options,
        )
    }

    #[wasm_bindgen(js_name = revokeAccess)]
    pub fn revoke_access(&self, id: &JsValue, body: &JsValue, options: &JsValue) -> Promise {
        call(&self.0, &op::USERS_REVOKE_ACCESS, &[id], body, options)
    }
}
