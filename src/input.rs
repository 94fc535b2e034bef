//! Converts typed arguments to a query or a body.

use auth0_users_core::Error;
use auth0_users_core::engine::set;
use auth0_users_core::operations::{Input, Operation};
use auth0_users_core::request::{Cursor, Request};
use js_sys::{Math, Object};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;

/// Adds the input of an operation to its request, and `extra` query parameters, which replace its own. Returns the
/// position of the page.
pub(crate) fn fill<I: Serialize + ?Sized>(
    request: &mut Request,
    input: &I,
    extra: &[(String, String)],
) -> Result<Cursor, Error> {
    let value = serde_json::to_value(input).map_err(|error| Error::Invalid(error.to_string()))?;
    let mut cursor = Cursor::First;
    match request.operation.input() {
        Input::Nothing => {}
        Input::Query(..) => cursor = query(request, &value, extra),
        Input::Form => request.body = Some(form(&value)),
        Input::Body | Input::OptionalBody | Input::Items => {
            request.body = Some(JsValue::from(value.to_string()))
        }
    }
    for (name, value) in extra {
        request.push_query(name, value);
    }
    Ok(cursor)
}

/// Returns a form with its content type. It is text, since the `fetch` of another realm would convert `FormData` to
/// text.
fn form(input: &Value) -> JsValue {
    let mut boundary = String::from("auth0-users-");
    let text = loop {
        boundary.push_str(&Math::random().to_string());
        if let Some(text) = multipart(input, &boundary) {
            break text;
        }
    };
    let form = Object::new();
    set(&form, "bytes", &text.into());
    let content_type = format!("multipart/form-data; boundary={boundary}");
    set(&form, "type", &content_type.into());
    form.into()
}

/// Writes a form. An array is a JSON file, and anything else is text. Returns `None` if the content has the boundary.
fn multipart(input: &Value, boundary: &str) -> Option<String> {
    let mut form = String::new();
    for (name, value) in input.as_object().into_iter().flatten() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned);
        if text.contains(boundary) {
            return None;
        }
        let file = if value.is_array() {
            "; filename=\"users.json\"\r\nContent-Type: application/json"
        } else {
            ""
        };
        form.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"
        ));
    }
    Some(form + &format!("--{boundary}--\r\n"))
}

fn query(request: &mut Request, input: &Value, extra: &[(String, String)]) -> Cursor {
    let is_extra = |name: &str| extra.iter().any(|(other, _)| other == name);
    let given =
        |name: &str| input.get(name).is_some_and(|value| !value.is_null()) || is_extra(name);
    let mut cursor = Cursor::First;
    for (name, value) in input.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            _ if is_extra(name) => {}
            Value::String(checkpoint) if name == "from" => {
                cursor = Cursor::Checkpoint(checkpoint.clone())
            }
            Value::String(text) => request.push_query(name, text),
            Value::Array(items) => {
                let texts: Vec<_> = items.iter().filter_map(Value::as_str).collect();
                request.push_query(name, &texts.join(","));
            }
            Value::Number(number) if name == "page" => {
                let page = number.as_u64().and_then(|page| u32::try_from(page).ok());
                cursor = page.map_or(Cursor::First, Cursor::Page);
            }
            other => request.push_query(name, &other.to_string()),
        }
    }
    request.per_page = input
        .get("per_page")
        .and_then(Value::as_u64)
        .map(|n| n as u32);
    for (name, value) in defaults(request.operation, &given) {
        match name {
            "page" => cursor = Cursor::Page(0),
            _ => request.push_query(name, value),
        }
    }
    cursor
}

/// Returns the default parameters of a list. A list with both kinds of pagination uses checkpoints, which reach its end,
/// unless the caller sets a parameter of the other kind.
fn defaults<'a>(
    operation: &Operation,
    given: &'a dyn Fn(&str) -> bool,
) -> impl Iterator<Item = (&'static str, &'static str)> + use<'a> {
    let known = match operation.input() {
        Input::Query(required, optional) => [required, optional],
        _ => ["", ""],
    };
    let knows = move |name: &str| {
        known
            .iter()
            .any(|names| names.split(' ').any(|n| n == name))
    };
    let all = [
        ("page", "0"),
        ("per_page", "50"),
        ("include_totals", "true"),
        ("take", "50"),
    ];
    let is_both = knows("page") && knows("take");
    let by_offset = ["page", "per_page", "include_totals"]
        .into_iter()
        .any(given);
    all.into_iter().filter(move |(name, _)| {
        let fits = !is_both || (*name == "take") != by_offset;
        knows(name) && fits && !given(name)
    })
}

#[cfg(test)]
mod tests {
    use auth0_users_core::operations;

    use super::*;
    use crate::types::ListUsers;

    fn url(params: &ListUsers, extra: &[(&str, &str)]) -> String {
        let extra: Vec<_> = extra
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let mut request = Request::new(&operations::USERS_LIST, &mut |_| unreachable!()).unwrap();
        let cursor = fill(&mut request, params, &extra).unwrap();
        request.url("", &cursor)
    }

    #[test]
    fn lists_request_totals_and_first_page() {
        let all = ListUsers::default();
        assert_eq!(
            url(&all, &[]),
            "/users?per_page=50&include_totals=true&page=0"
        );
        let some = ListUsers {
            page: Some(3),
            per_page: Some(7),
            include_totals: Some(false),
            fields: vec!["user_id".into(), "email".into()],
            ..ListUsers::default()
        };
        assert_eq!(
            url(&some, &[]),
            "/users?fields=user_id%2Cemail&include_totals=false&per_page=7&page=3"
        );
    }

    #[test]
    fn boundary_does_not_occur_in_form() {
        let input =
            serde_json::json!({ "users": [{ "email": "x-1@example.com" }], "upsert": true });
        assert_eq!(multipart(&input, "x-1"), None);
        let expected = "--x-2\r\nContent-Disposition: form-data; name=\"upsert\"\r\n\r\ntrue\r\n\
            --x-2\r\nContent-Disposition: form-data; name=\"users\"; filename=\"users.json\"\r\n\
            Content-Type: application/json\r\n\r\n[{\"email\":\"x-1@example.com\"}]\r\n--x-2--\r\n";
        assert_eq!(multipart(&input, "x-2").as_deref(), Some(expected));
    }

    #[test]
    fn extra_parameters_replace_own_ones() {
        let extra = [("per_page", "5"), ("new", "a b")];
        let expected = "/users?include_totals=true&per_page=5&new=a%20b&page=0";
        assert_eq!(url(&ListUsers::default(), &extra), expected);
    }
}
