//! Authentication methods of a user. A method that the API creates is confirmed at once.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::{Field, Format, Kind, NON_EMPTY, TEXT, Violation};
use crate::state::clock::iso;
use crate::state::ids::Ids;
use crate::state::related::{Method, RelatedResources};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("users.authenticationMethods.list", run(list)),
    (
        "users.authenticationMethods.create",
        run(create).body(&CREATE_BODY),
    ),
    ("users.authenticationMethods.set", run(set).body(&SET_BODY)),
    ("users.authenticationMethods.deleteAll", run(delete_all)),
    ("users.authenticationMethods.get", run(get)),
    ("users.authenticationMethods.delete", run(delete)),
    (
        "users.authenticationMethods.update",
        run(update).optional_body(&UPDATE_BODY),
    ),
];

const CHANNEL: Kind = Kind::Enum(&["voice", "sms"]);
const PHONE: Kind = Kind::Text(2, 30, Format::Any);

const CREATE_BODY: Kind = Kind::Object(&[
    Field::new(
        "type",
        Kind::Enum(&["phone", "email", "totp", "webauthn-roaming", "passkey"]),
    )
    .required(),
    Field::new("name", TEXT),
    Field::new("totp_secret", TEXT),
    Field::new("phone_number", PHONE),
    Field::new("email", TEXT),
    Field::new("preferred_authentication_method", CHANNEL),
    Field::new("key_id", TEXT),
    Field::new("public_key", TEXT),
    Field::new("aaguid", TEXT),
    Field::new("relying_party_identifier", TEXT),
    Field::new(
        "credential_device_type",
        Kind::Enum(&["single_device", "multi_device"]),
    ),
    Field::new("credential_backed_up", Kind::Bool),
    Field::new("identity_user_id", TEXT),
    Field::new("user_agent", TEXT),
    Field::new("user_handle", TEXT),
    Field::new("transports", Kind::List(0, &TEXT)),
]);

const SET_BODY: Kind = Kind::List(
    0,
    &Kind::Object(&[
        Field::new("type", Kind::Enum(&["phone", "email", "totp"])).required(),
        Field::new("preferred_authentication_method", CHANNEL),
        Field::new("name", Kind::Text(1, 20, Format::Any)),
        Field::new("phone_number", PHONE),
        Field::new("email", NON_EMPTY),
        Field::new("totp_secret", NON_EMPTY),
    ]),
);

const UPDATE_BODY: Kind = Kind::Object(&[
    Field::new("name", TEXT),
    Field::new("preferred_authentication_method", CHANNEL),
]);

/// The limit of methods of one type for a user.
const MAX_PER_TYPE: usize = 20;

/// How a response shows a method.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// In lists: masked and without secrets.
    Listed,
    /// In the response to its creation: masked.
    Created,
    /// In the response to replacing all methods: not masked.
    Replaced,
}

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let related = context.state.related(call.param(0))?;
    let items = related
        .methods
        .iter()
        .map(|method| describe(method, View::Listed))
        .collect();
    Ok(call.query.offset().slice("authenticators", items))
}

fn create(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let method = new_method(&call.body, context.now, context.ids)?;
    let related = context.state.related(call.param(0))?;
    add(&mut related.methods, method.clone())?;
    Ok(Reply::json(201, describe(&method, View::Created)))
}

fn set(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let mut methods = Vec::new();
    for item in call.body.as_array().into_iter().flatten() {
        let method = new_method(item, context.now, context.ids)?;
        add(&mut methods, method)?;
    }
    let related = context.state.related(call.param(0))?;
    check_no_passkey(related)?;
    let items = methods
        .iter()
        .map(|method| describe(method, View::Replaced))
        .collect();
    related.methods = methods;
    Ok(Reply::json(200, Value::Array(items)))
}

fn delete_all(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    if let Ok(related) = context.state.related(call.param(0)) {
        check_no_passkey(related)?;
        related.methods.clear();
    }
    Ok(Reply::empty(204))
}

fn get(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let related = context.state.related(call.param(0))?;
    let method = related
        .methods
        .iter()
        .find(|method| method.id == call.param(1))
        .ok_or_else(method_not_found)?;
    Ok(Reply::json(200, describe(method, View::Listed)))
}

fn delete(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let related = context.state.related(call.param(0))?;
    let index = related
        .methods
        .iter()
        .position(|method| method.id == call.param(1))
        .ok_or_else(method_not_found)?;
    related.methods.remove(index);
    Ok(Reply::empty(204))
}

fn update(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let related = context.state.related(call.param(0))?;
    let method = related
        .methods
        .iter_mut()
        .find(|method| method.id == call.param(1))
        .ok_or_else(method_not_found)?;
    for (name, value) in call.body.as_object().into_iter().flatten() {
        method.fields.insert(name.clone(), value.clone());
    }
    Ok(Reply::json(200, describe(method, View::Listed)))
}

fn method_not_found() -> ApiError {
    ApiError::without_code(404, "The authentication method does not exist.")
}

/// Refuses to replace the methods of a user that has a passkey.
fn check_no_passkey(related: &RelatedResources) -> Result<(), ApiError> {
    if related
        .methods
        .iter()
        .any(|method| method.kind == "passkey")
    {
        return Err(ApiError::without_code(
            403,
            "The authentication methods of a user with a passkey cannot be replaced.",
        ));
    }
    Ok(())
}

/// Creates the method that a body describes.
fn new_method(body: &Value, now: u64, ids: &mut Ids) -> Result<Method, ApiError> {
    let mut fields = body.as_object().cloned().unwrap_or_default();
    let kind = match fields.remove("type") {
        Some(Value::String(kind)) => kind,
        _ => String::new(),
    };
    let required = match kind.as_str() {
        "phone" => "phone_number",
        "email" => "email",
        "totp" => "totp_secret",
        _ => "public_key",
    };
    if !fields.contains_key(required) {
        return Err(ApiError::invalid_body(Violation::missing(required)));
    }
    Ok(Method::new(&kind, fields, now, ids))
}

/// Adds a method, unless it exists or there are too many of its type.
fn add(methods: &mut Vec<Method>, method: Method) -> Result<(), ApiError> {
    let same = |other: &&Method| other.kind == method.kind;
    let identifying = ["phone_number", "email", "totp_secret", "key_id"];
    if methods.iter().filter(same).any(|other| {
        identifying.iter().any(|name| {
            method
                .fields
                .get(*name)
                .is_some_and(|value| other.fields.get(*name) == Some(value))
        })
    }) {
        return Err(ApiError::without_code(
            409,
            "The authentication method already exists.",
        ));
    }
    if methods.iter().filter(same).count() >= MAX_PER_TYPE {
        return Err(ApiError::without_code(
            403,
            "The user has too many authentication methods of this type.",
        ));
    }
    methods.push(method);
    Ok(())
}

fn describe(method: &Method, view: View) -> Value {
    let mut item = method.fields.clone();
    item.insert("id".into(), method.id.clone().into());
    item.insert("type".into(), method.kind.clone().into());
    item.insert("created_at".into(), iso(method.created_at).into());
    if view == View::Listed {
        item.insert("confirmed".into(), true.into());
        item.remove("totp_secret");
    }
    if view != View::Replaced {
        if let Some(email) = method.text("email") {
            item.insert("email".into(), mask_email(email).into());
        }
        if let Some(number) = method.text("phone_number") {
            item.insert("phone_number".into(), mask_phone(number).into());
        }
    }
    if method.kind == "phone" {
        let channel = method
            .text("preferred_authentication_method")
            .unwrap_or("sms");
        let suffix = method.id.split_once('|').map_or("", |(_, suffix)| suffix);
        item.insert(
            "authentication_methods".into(),
            json!([{ "type": channel, "id": format!("{channel}|{suffix}") }]),
        );
        item.insert("preferred_authentication_method".into(), channel.into());
    }
    Value::Object(item)
}

/// Masks all but the first four characters on each side of the at sign.
fn mask_email(email: &str) -> String {
    let masked = |part: &str| -> String {
        part.chars()
            .enumerate()
            .map(|(index, c)| if index < 4 { c } else { '*' })
            .collect()
    };
    match email.rsplit_once('@') {
        Some((local, host)) => format!("{}@{}", masked(local), masked(host)),
        None => masked(email),
    }
}

/// Masks all but the last four digits.
pub(super) fn mask_phone(number: &str) -> String {
    let hidden = number.chars().count().saturating_sub(4);
    number
        .chars()
        .enumerate()
        .map(|(index, c)| if index < hidden { 'X' } else { c })
        .collect()
}
