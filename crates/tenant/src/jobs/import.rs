//! Imports a file of users into a database connection.

use serde_json::{Value, json};

use crate::schema::check::check;
use crate::schema::{EMAIL, Field, Kind, TEXT, URI};
use crate::state::State;
use crate::state::ids::Ids;
use crate::state::jobs::Import;
use crate::state::metadata::Metadata;
use crate::state::profile::Profile;
use crate::state::user::{Identity, User};

/// The properties of a user in the file.
const USER: Kind = Kind::Object(&[
    Field::new("email", EMAIL).required(),
    Field::new("email_verified", Kind::Bool),
    Field::new("user_id", TEXT),
    Field::new("username", TEXT),
    Field::new("given_name", TEXT),
    Field::new("family_name", TEXT),
    Field::new("name", TEXT),
    Field::new("nickname", TEXT),
    Field::new("picture", URI),
    Field::new("blocked", Kind::Bool),
    Field::new("password_hash", TEXT),
    Field::new("custom_password_hash", Kind::Map),
    Field::new("app_metadata", Kind::Map),
    Field::new("user_metadata", Kind::Map),
    Field::new("mfa_factors", Kind::List(0, &Kind::Map)),
]);

/// The result of an import.
#[derive(Debug, Default)]
pub(super) struct Imported {
    pub inserted: usize,
    pub updated: usize,
    pub errors: Vec<Value>,
}

/// Imports all users; a user that is refused becomes an error of the result.
pub(super) fn run(state: &mut State, import: &Import, now: u64, ids: &mut Ids) -> Imported {
    let mut result = Imported::default();
    for user in &import.users {
        match import_user(state, import, user, now, ids) {
            Ok(true) => result.updated = result.updated.saturating_add(1),
            Ok(false) => result.inserted = result.inserted.saturating_add(1),
            Err((code, message, path)) => result.errors.push(json!({
                "user": without_hashes(user),
                "errors": [{ "code": code, "message": message, "path": path }],
            })),
        }
    }
    result
}

/// Removes password hashes, so that errors do not show them.
fn without_hashes(user: &Value) -> Value {
    let mut user = user.clone();
    if let Some(user) = user.as_object_mut() {
        user.remove("password_hash");
        user.remove("custom_password_hash");
    }
    user
}

/// Code, message and path of an error.
type Refusal = (&'static str, String, String);

/// Imports a user, and returns whether it updated an existing one.
fn import_user(
    state: &mut State,
    import: &Import,
    given: &Value,
    now: u64,
    ids: &mut Ids,
) -> Result<bool, Refusal> {
    check(&USER, given).map_err(|violation| {
        (
            violation.code,
            violation.message,
            violation.property.unwrap_or_default(),
        )
    })?;
    let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
    let lower = |name: &str| text(name).map(|login| login.to_lowercase());
    let map = |name: &str| {
        given
            .get(name)
            .and_then(Value::as_object)
            .map(Metadata::new)
    };
    let (email, username) = (lower("email"), lower("username"));
    let full_id = text("user_id").map(|id| format!("auth0|{id}"));
    let known = [&email, &username]
        .into_iter()
        .flatten()
        .flat_map(|login| state.users.by_login(login))
        .find(|user| {
            let primary = user.identities.first();
            primary.is_some_and(|identity| *identity.connection == *import.connection)
        })
        .or_else(|| state.users.by_identity(full_id.as_deref()?))
        .map(|user| {
            (
                user.user_id.clone(),
                user.profile.email.as_deref() == email.as_deref(),
            )
        });
    match known {
        // An upsert matches by e-mail address only.
        Some((id, true)) if import.upsert => {
            let user_metadata = map("user_metadata");
            let app_metadata = map("app_metadata");
            state.users.update(&id, |user| {
                set_profile(&mut user.profile, given);
                replace(&mut user.user_metadata, user_metadata);
                replace(&mut user.app_metadata, app_metadata);
                user.updated_at = now;
            });
            return Ok(true);
        }
        Some(_) => {
            return Err((
                "DUPLICATED_USER",
                "The user already exists.".to_owned(),
                String::new(),
            ));
        }
        None => {}
    }
    let identity = Identity::new(
        &import.connection,
        "auth0",
        text("user_id").unwrap_or_else(|| ids.object_id(now)),
        false,
    );
    let mut user = User::new(identity, now);
    user.profile.email = email.map(Into::into);
    user.profile.email_verified = Some(false);
    user.profile.username = username.map(Into::into);
    set_profile(&mut user.profile, given);
    user.profile.fill_defaults();
    user.blocked = given.get("blocked").and_then(Value::as_bool);
    user.user_metadata = map("user_metadata");
    user.app_metadata = map("app_metadata");
    state.users.insert(user);
    Ok(false)
}

fn replace(stored: &mut Option<Metadata>, given: Option<Metadata>) {
    if given.is_some() {
        *stored = given;
    }
}

fn set_profile(profile: &mut Profile, given: &Value) {
    for (name, place) in [
        ("name", &mut profile.name),
        ("nickname", &mut profile.nickname),
        ("given_name", &mut profile.given_name),
        ("family_name", &mut profile.family_name),
        ("picture", &mut profile.picture),
    ] {
        if let Some(text) = given.get(name).and_then(Value::as_str) {
            *place = Some(text.into());
        }
    }
    if let Some(verified) = given.get("email_verified").and_then(Value::as_bool) {
        profile.email_verified = Some(verified);
    }
}
