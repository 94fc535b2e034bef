//! The exports. JavaScript converts all arguments to strings before.

use alloc::string::String;

use auth0_users_core::operations::{OPERATIONS, Operation};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::Refusal;
use crate::allowed::{Allowed, check_body, check_rule};
use crate::target::{name_of, recognise, words};

/// `[status, errorCode, message]`
fn refused(refusal: &Refusal) -> Array {
    Array::of3(
        &refusal.status.into(),
        &refusal.code.into(),
        &refusal.message.as_str().into(),
    )
}

/// Recognises the operation of a request and checks whether it is allowed.
///
/// Returns `[refusal, name, ids, query, kind, items]`: why it is refused, or undefined; the name of the operation, if it
/// is one; the ids and the query parameters as entries, with null for an absent parameter; the kind of input; and the key
/// of the items of a list.
#[wasm_bindgen(js_name = checkRequest)]
pub fn check_request(method: &str, target: &str, allowed: &str) -> Array {
    let answer = Array::new();
    let recognised = match recognise(method, target) {
        Ok(recognised) => recognised,
        Err(refusal) => {
            answer.push(&refused(&refusal));
            return answer;
        }
    };
    let operation = recognised.operation;
    let checked =
        Allowed::find(allowed, operation).and_then(|allowed| allowed.check_query(&recognised));
    answer.push(&match &checked {
        Ok(()) => JsValue::UNDEFINED,
        Err(refusal) => refused(refusal).into(),
    });
    answer.push(&operation.name().into());
    let ids = Array::new();
    let names = operation.path.split('/').filter_map(name_of);
    for (name, id) in names.zip(&recognised.ids) {
        ids.push(&Array::of2(&name.into(), &id.as_str().into()));
    }
    answer.push(&ids);
    let query = Array::new();
    let (required, optional) = operation.input().query();
    for name in words(required).chain(words(optional)) {
        let given = recognised.query.iter().find(|(given, _)| *given == name);
        let value = given.map_or(JsValue::NULL, |(_, value)| value.as_str().into());
        query.push(&Array::of2(&name.into(), &value));
    }
    answer.push(&query);
    answer.push(&operation.input().kind().into());
    answer.push(&operation.output.items().unwrap_or_default().into());
    answer
}

/// Returns why a JSON body is refused, or undefined.
#[wasm_bindgen(js_name = checkBody)]
pub fn check_json_body(operation: &str, text: &str, allowed: &str) -> JsValue {
    check(operation, allowed, |operation, allowed| {
        check_body(operation, &allowed, text)
    })
}

/// Returns why a field of a form is refused, or undefined.
#[wasm_bindgen(js_name = checkField)]
pub fn check_form_field(operation: &str, field: &str, allowed: &str) -> JsValue {
    check(operation, allowed, |operation, allowed| {
        allowed.check_field(operation, field)
    })
}

/// Looks up the operation and its line of the policy, and checks the rest.
fn check(
    name: &str,
    allowed: &str,
    rest: impl FnOnce(&'static Operation, Allowed<'_>) -> Result<(), Refusal>,
) -> JsValue {
    let Some(operation) = OPERATIONS
        .iter()
        .copied()
        .find(|known| known.name() == name)
    else {
        return JsValue::NULL;
    };
    match Allowed::find(allowed, operation).and_then(|allowed| rest(operation, allowed)) {
        Ok(()) => JsValue::UNDEFINED,
        Err(refusal) => refused(&refusal).into(),
    }
}

/// Returns what is wrong with a rule, or undefined.
#[wasm_bindgen(js_name = checkRule)]
pub fn check_allow_rule(operation: &str, option: &str, name: &str) -> Option<String> {
    check_rule(operation, option, name).map(String::from)
}
