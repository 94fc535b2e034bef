//! Enrollments for a second factor, and what takes them away.

use serde_json::{Map, Value};

use super::authentication_methods::mask_phone;
use crate::clock::iso;
use crate::operation::{Answer, Call, Context};
use crate::related::Method;
use crate::reply::Reply;
use crate::validate::{self, Field, Format, Kind};

pub(crate) const CLEAR_BODY: Kind = Kind::Object(&[
    Field::new("connection", Kind::Text(1, 128, Format::ConnectionName)).required(),
    Field::new("assessors", Kind::List(1, &Kind::Word(&["new-device"]))).required(),
]);

const PROVIDER: Kind = Kind::Word(&["duo", "google-authenticator"]);

/// The name by which one-time passwords are known among the providers.
const AUTHENTICATOR: &str = "google-authenticator";

pub(crate) fn enrollments(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let related = context.state.related(call.param(0))?;
    let items = related.methods.iter().filter_map(enrollment).collect();
    Ok(Reply::json(200, Value::Array(items)))
}

/// A method as an enrollment; e-mail and passkeys are none.
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

pub(crate) fn delete_authenticators(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    if let Ok(related) = context.state.related(call.param(0)) {
        related
            .methods
            .retain(|method| !matches!(method.kind.as_str(), "totp" | "email" | "phone" | "push"));
    }
    drop_provider(context, call.param(0), AUTHENTICATOR);
    Ok(Reply::empty(204))
}

/// Takes a provider from the profile, if it is there.
fn drop_provider(context: &mut Context<'_>, id: &str, provider: &str) {
    let now = context.now;
    context.state.users.update(id, |user| {
        if user.multifactor.iter().any(|own| own == provider) {
            user.multifactor.retain(|own| own != provider);
            user.multifactor_last_modified = Some(now);
        }
    });
}

pub(crate) fn delete_provider(context: &mut Context<'_>, call: &Call<'_>) -> Answer {
    let (id, provider) = (call.param(0), call.param(1));
    validate::path("provider", &PROVIDER, provider)?;
    let related = context.state.related(id)?;
    if provider == AUTHENTICATOR {
        related.methods.retain(|method| method.kind != "totp");
    }
    // One that is not enrolled goes as readily.
    drop_provider(context, id, provider);
    Ok(Reply::empty(204))
}

/// No browser is remembered, so there is nothing to forget.
pub(crate) fn invalidate_remember_browser(_: &mut Context<'_>, _: &Call<'_>) -> Answer {
    Ok(Reply::empty(204))
}

/// No device is assessed, so there is nothing to clear.
pub(crate) fn clear_risk_assessments(_: &mut Context<'_>, call: &Call<'_>) -> Answer {
    validate::path("id", &Kind::Text(0, 1024, Format::Any), call.param(0))?;
    Ok(Reply::empty(204))
}
