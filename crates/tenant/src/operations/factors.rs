//! Enrollments in multi-factor authentication, and operations that remove them.

use serde_json::{Map, Value};

use super::authentication_methods::mask_phone;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::request::check_path_parameter;
use crate::schema::{Field, Format, Kind};
use crate::state::clock::iso;
use crate::state::related::Method;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("users.authenticators.deleteAll", run(delete_authenticators)),
    ("users.enrollments.get", run(enrollments)),
    (
        "users.multifactor.invalidateRememberBrowser",
        run(invalidate_remember_browser),
    ),
    ("users.multifactor.deleteProvider", run(delete_provider)),
    (
        "users.riskAssessments.clear",
        run(clear_risk_assessments).body(&CLEAR_BODY),
    ),
];

const CLEAR_BODY: Kind = Kind::Object(&[
    Field::new("connection", Kind::Text(1, 128, Format::ConnectionName)).required(),
    Field::new("assessors", Kind::List(1, &Kind::Enum(&["new-device"]))).required(),
]);

const PROVIDER: Kind = Kind::Enum(&["duo", "google-authenticator"]);

/// The provider of one-time passwords.
const AUTHENTICATOR: &str = "google-authenticator";

fn enrollments(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let related = context.state.related(call.param(0))?;
    let items = related.methods.iter().filter_map(enrollment).collect();
    Ok(Reply::json(200, Value::Array(items)))
}

/// Returns a method as an enrollment, unless it is e-mail or a passkey.
fn enrollment(method: &Method) -> Option<Value> {
    let auth_method = match method.kind.as_str() {
        "totp" => "authenticator",
        "phone" => "sms",
        "push" => "guardian",
        "webauthn-roaming" => "webauthn-roaming",
        "webauthn-platform" => "webauthn-platform",
        _ => return None,
    };
    let mut item = Map::new();
    item.insert("id".into(), method.id.clone().into());
    item.insert("status".into(), "confirmed".into());
    item.insert("type".into(), method.kind.clone().into());
    item.insert("auth_method".into(), auth_method.into());
    item.insert("enrolled_at".into(), iso(method.created_at).into());
    if let Some(name) = method.text("name") {
        item.insert("name".into(), name.into());
    }
    if let Some(number) = method.text("phone_number") {
        item.insert("phone_number".into(), mask_phone(number).into());
    }
    Some(item.into())
}

fn delete_authenticators(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    if let Ok(related) = context.state.related(call.param(0)) {
        related
            .methods
            .retain(|method| !matches!(method.kind.as_str(), "totp" | "email" | "phone" | "push"));
    }
    remove_provider(context, call.param(0), AUTHENTICATOR);
    Ok(Reply::empty(204))
}

/// Removes a provider from `multifactor` of the user.
fn remove_provider(context: &mut Context<'_>, id: &str, provider: &str) {
    let now = context.now;
    context.state.users.update(id, |user| {
        if user.multifactor.iter().any(|own| own == provider) {
            user.multifactor.retain(|own| own != provider);
            user.multifactor_last_modified = Some(now);
        }
    });
}

fn delete_provider(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let (id, provider) = (call.param(0), call.param(1));
    check_path_parameter("provider", &PROVIDER, provider)?;
    let related = context.state.related(id)?;
    if provider == AUTHENTICATOR {
        related.methods.retain(|method| method.kind != "totp");
    }
    // The API does not refuse a provider without an enrollment.
    remove_provider(context, id, provider);
    Ok(Reply::empty(204))
}

/// Does nothing, because the tenant remembers no browsers.
fn invalidate_remember_browser(_: &mut Context<'_>, _: &Call<'_>) -> OperationResult {
    Ok(Reply::empty(204))
}

/// Does nothing, because the tenant assesses no devices.
fn clear_risk_assessments(_: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    check_path_parameter("id", &Kind::Text(0, 1024, Format::Any), call.param(0))?;
    Ok(Reply::empty(204))
}
