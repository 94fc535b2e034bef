//! Reads users from JSON: those that a test adds, and those in a snapshot.

use serde_json::{Map, Value};

use crate::schema::check::check;
use crate::schema::{Field, Kind, NON_EMPTY, TEXT, Violation};
use crate::state::clock;
use crate::state::connection::{Connection, DATABASE};
use crate::state::directory::Directory;
use crate::state::ids::Ids;
use crate::state::metadata::Metadata;
use crate::state::profile::{Profile, Text};
use crate::state::user::{Identity, IdpTokens, User};

const IDENTITY: Kind = Kind::Object(&[
    Field::new("connection", NON_EMPTY).required(),
    Field::new("provider", NON_EMPTY).required(),
    Field::new("user_id", Kind::BareId).required(),
    Field::new("isSocial", Kind::Bool),
    Field::new("profileData", Kind::Map),
    Field::new("access_token", TEXT),
    Field::new("refresh_token", TEXT),
]);

/// The properties of a user.
const USER: Kind = Kind::Object(&[
    Field::new("user_id", NON_EMPTY),
    Field::new("email", TEXT),
    Field::new("email_verified", Kind::Bool),
    Field::new("username", TEXT),
    Field::new("phone_number", TEXT),
    Field::new("phone_verified", Kind::Bool),
    Field::new("name", TEXT),
    Field::new("nickname", TEXT),
    Field::new("given_name", TEXT),
    Field::new("family_name", TEXT),
    Field::new("picture", TEXT),
    Field::new("identities", Kind::List(1, &IDENTITY)).required(),
    Field::new("created_at", Kind::Time),
    Field::new("updated_at", Kind::Time),
    Field::new("last_login", Kind::Time),
    Field::new("last_ip", TEXT),
    Field::new("last_password_reset", Kind::Time),
    Field::new("logins_count", Kind::Int(0, i64::MAX)),
    Field::new("blocked", Kind::Bool),
    Field::new("user_metadata", Kind::Map),
    Field::new("app_metadata", Kind::Map),
    Field::new("multifactor", Kind::List(0, &NON_EMPTY)),
    Field::new("multifactor_last_modified", Kind::Time),
]);

/// Reads a user in the format of `User::to_json`. Without `created_at` it is created now.
pub(crate) fn read(given: &Value, now: u64) -> Result<User, Violation> {
    check(&USER, given)?;
    let mut identities = list(given, "identities").iter().map(identity);
    let primary = identities
        .next()
        .ok_or_else(|| Violation::missing("identities"))?;
    // The profile of the primary identity is that of the user.
    let mut user = User::new(
        Identity {
            profile: None,
            ..primary
        },
        time(given, "created_at").unwrap_or(now),
    );
    if let Some(id) = text(given, "user_id").filter(|id| *id != user.user_id) {
        let message = format!(
            "The first identity requires the id {}, not {id}",
            user.user_id
        );
        return Err(Violation::new("INVALID_FORMAT", message).on("user_id"));
    }
    user.identities.extend(identities.map(|identity| Identity {
        profile: Some(identity.profile.unwrap_or_default()),
        ..identity
    }));
    user.profile = Profile::read(given);
    user.updated_at = time(given, "updated_at").unwrap_or(user.created_at);
    user.last_login = time(given, "last_login");
    user.last_ip = text(given, "last_ip");
    user.last_password_reset = time(given, "last_password_reset");
    user.logins_count = given.get("logins_count").and_then(Value::as_u64);
    user.blocked = flag(given, "blocked");
    user.user_metadata = metadata(given, "user_metadata");
    user.app_metadata = metadata(given, "app_metadata");
    let factors = list(given, "multifactor").iter().filter_map(Value::as_str);
    user.multifactor = factors.map(str::to_owned).collect();
    user.multifactor_last_modified = time(given, "multifactor_last_modified");
    Ok(user)
}

/// Reads a user that a test describes, and completes it with the defaults of its connection.
pub(super) fn read_described(
    given: &Map<String, Value>,
    connection: Option<&str>,
    directory: &Directory,
    now: u64,
    ids: &mut Ids,
) -> Result<User, Violation> {
    let mut given = given.clone();
    if !given.contains_key("identities") {
        let connection = connection_named(directory, connection.unwrap_or(DATABASE))?;
        let mut identity = Map::new();
        identity.insert("connection".into(), connection.name.clone().into());
        if let Some(id) = given.get("user_id").and_then(Value::as_str) {
            let bare = id.strip_prefix(&*connection.provider);
            let bare = bare.and_then(|rest| rest.strip_prefix('|'));
            let bare = bare.filter(|bare| !bare.is_empty()).ok_or_else(|| {
                let Connection { name, provider, .. } = connection;
                let message = format!("Users of {name} have ids such as {provider}|x, not {id}");
                Violation::new("INVALID_FORMAT", message).on("user_id")
            })?;
            identity.insert("user_id".into(), bare.into());
        }
        given.insert("identities".into(), vec![identity].into());
    }
    let identities = given.get_mut("identities").and_then(Value::as_array_mut);
    for identity in identities.into_iter().flatten() {
        add_identity_defaults(identity, directory, now, ids)?;
    }
    let mut user = read(&given.into(), now)?;
    let primary = user.identities.first();
    let connection = connection_named(directory, primary.map_or("", |own| &own.connection))?;
    let profile = &mut user.profile;
    for login in [&mut profile.email, &mut profile.username] {
        *login = login.take().map(|own| connection.stored(&own));
    }
    if profile.email.is_some() {
        profile.email_verified.get_or_insert(false);
    }
    if profile.phone_number.is_some() {
        profile.phone_verified.get_or_insert(false);
    }
    profile.fill_defaults();
    Ok(user)
}

fn add_identity_defaults(
    identity: &mut Value,
    directory: &Directory,
    now: u64,
    ids: &mut Ids,
) -> Result<(), Violation> {
    let Some(identity) = identity.as_object_mut() else {
        return Ok(());
    };
    let Some(name) = identity.get("connection").and_then(Value::as_str) else {
        return Ok(());
    };
    let connection = connection_named(directory, name)?;
    let provider = || Value::from(connection.provider.as_str());
    identity.entry("provider").or_insert_with(provider);
    identity
        .entry("user_id")
        .or_insert_with(|| ids.object_id(now).into());
    identity
        .entry("isSocial")
        .or_insert_with(|| connection.is_social().into());
    Ok(())
}

/// Finds a connection by its name.
fn connection_named<'a>(directory: &'a Directory, name: &str) -> Result<&'a Connection, Violation> {
    directory.connection(name).ok_or_else(|| {
        let message = format!("The connection {name} does not exist; add it first");
        Violation::new("INVALID_FORMAT", message).on("connection")
    })
}

fn identity(given: &Value) -> Identity {
    let bare = match given.get("user_id") {
        Some(Value::String(text)) => text.as_str().into(),
        Some(other) => other.to_string().into(),
        None => Text::default(),
    };
    let named = |name| text(given, name).unwrap_or_default();
    let is_social = flag(given, "isSocial").unwrap_or(false);
    Identity {
        profile: given.get("profileData").map(Profile::read).map(Box::new),
        tokens: text(given, "access_token").map(|access_token| {
            Box::new(IdpTokens {
                access_token,
                refresh_token: text(given, "refresh_token"),
            })
        }),
        ..Identity::new(&named("connection"), &named("provider"), bare, is_social)
    }
}

fn text(given: &Value, name: &str) -> Option<Text> {
    given.get(name).and_then(Value::as_str).map(Text::from)
}

fn flag(given: &Value, name: &str) -> Option<bool> {
    given.get(name).and_then(Value::as_bool)
}

fn time(given: &Value, name: &str) -> Option<u64> {
    given.get(name).and_then(clock::read)
}

fn list<'a>(given: &'a Value, name: &str) -> &'a [Value] {
    given
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn metadata(given: &Value, name: &str) -> Option<Metadata> {
    given
        .get(name)
        .and_then(Value::as_object)
        .map(Metadata::new)
}
