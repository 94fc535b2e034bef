//! Generated users that look like those of a real tenant.

use serde_json::{Map, Value, json};

use crate::state::connection::DATABASE;
use crate::state::generated::ip;
use crate::state::ids::Ids;
use crate::state::metadata::Metadata;
use crate::state::profile::Profile;
use crate::state::user::{Identity, IdpTokens, User};

/// 2021-01-01, the earliest creation of a user.
pub(super) const FIRST: u64 = 1_609_459_200_000;
/// Four years, the period in which users were created.
const SPAN_SECONDS: usize = 126_230_400;

const GIVEN: &[&str] = &[
    "Ada", "Amir", "Anya", "Bruno", "Carmen", "Chidi", "Dana", "Elif", "Emil", "Farah", "Goran",
    "Hana", "Ines", "Ivo", "Jana", "Jonas", "Kaito", "Lena", "Liam", "Mara", "Mateo", "Nadia",
    "Noor", "Olga", "Omar", "Paula", "Quinn", "Rania", "Rosa", "Sami", "Sven", "Tara", "Tomas",
    "Uma", "Vera", "Wei", "Yara", "Zoe",
];

const FAMILY: &[&str] = &[
    "Abbott", "Alvarez", "Bauer", "Becker", "Castillo", "Chen", "Dubois", "Eriksen", "Fontaine",
    "Garcia", "Haddad", "Horvat", "Ito", "Jansen", "Kaya", "Keller", "Kowalski", "Larsen",
    "Lindgren", "Mbeki", "Moreau", "Nakamura", "Novak", "Okafor", "Olsen", "Pereira", "Quist",
    "Rossi", "Santos", "Sharma", "Silva", "Tanaka", "Urban", "Varga", "Weber", "Yilmaz", "Zhang",
];

const DOMAINS: &[&str] = &["example.com", "example.org", "example.net"];
const PLANS: &[&str] = &["free", "team", "business"];
const CITIES: &[&str] = &["Lisbon", "Oslo", "Graz", "Lyon", "Turku", "Ghent"];
const FLAGS: &[&str] = &["beta", "eu"];
const THEMES: &[&str] = &["light", "dark"];

/// Generates the user with this number.
pub(super) fn person(number: u32, ids: &mut Ids) -> User {
    let given = ids.pick(GIVEN).copied().unwrap_or("Ada");
    let family = ids.pick(FAMILY).copied().unwrap_or("Abbott");
    let domain = ids.pick(DOMAINS).copied().unwrap_or("example.com");
    let local = format!("{}.{}{number}", given.to_lowercase(), family.to_lowercase());
    let email = format!("{local}@{domain}");
    let created_at = FIRST
        .saturating_add((ids.below(SPAN_SECONDS) as u64).saturating_mul(1000))
        .saturating_add(ids.below(1000) as u64);
    let named = Profile {
        email: Some(email.as_str().into()),
        email_verified: Some(ids.chance(80)),
        name: Some(format!("{given} {family}").into()),
        given_name: Some(given.into()),
        family_name: Some(family.into()),
        ..Profile::default()
    };
    let (mut profile, identity) = match ids.below(100) {
        0..55 => database(named, DATABASE, created_at, ids),
        55..65 => {
            let username = Some(format!("{}{number}", given.to_lowercase()).into());
            database(Profile { username, ..named }, "Members", created_at, ids)
        }
        65..73 => passwordless_email(email, created_at, ids),
        73..80 => sms(number, created_at, ids),
        80..92 => google(named, domain, given, number, ids),
        _ => saml(named, email, ids),
    };
    profile.fill_defaults();
    let mut user = User::new(identity, created_at);
    user.profile = profile;
    add_details(&mut user, ids);
    user
}

fn database(
    profile: Profile,
    connection: &str,
    created_at: u64,
    ids: &mut Ids,
) -> (Profile, Identity) {
    let identity = Identity::new(connection, "auth0", ids.object_id(created_at), false);
    (profile, identity)
}

fn passwordless_email(email: String, created_at: u64, ids: &mut Ids) -> (Profile, Identity) {
    let profile = Profile {
        email: Some(email.into()),
        email_verified: Some(true),
        ..Profile::default()
    };
    (
        profile,
        Identity::new("email", "email", ids.object_id(created_at), false),
    )
}

fn sms(number: u32, created_at: u64, ids: &mut Ids) -> (Profile, Identity) {
    let profile = Profile {
        phone_number: Some(format!("+1202555{number:06}").into()),
        phone_verified: Some(true),
        ..Profile::default()
    };
    (
        profile,
        Identity::new("sms", "sms", ids.object_id(created_at), false),
    )
}

fn google(
    profile: Profile,
    domain: &str,
    given: &str,
    number: u32,
    ids: &mut Ids,
) -> (Profile, Identity) {
    let digits = format!("1{:020}", (ids.below(usize::MAX) as u64) | 1);
    let mut identity = Identity::new("google-oauth2", "google-oauth2", digits, true);
    identity.tokens = Some(Box::new(IdpTokens {
        access_token: format!("ya29.{}", ids.alnum(60)).into(),
        refresh_token: ids
            .chance(30)
            .then(|| format!("1//{}", ids.alnum(48)).into()),
    }));
    let profile = Profile {
        // Only database connections store addresses in lower case.
        email: Some(format!("{given}.{number}@{domain}").into()),
        email_verified: Some(true),
        ..profile
    };
    (profile, identity)
}

fn saml(profile: Profile, email: String, ids: &mut Ids) -> (Profile, Identity) {
    let profile = Profile {
        // Enterprise connections do not verify addresses.
        email_verified: None,
        ..profile
    };
    let subject = if ids.chance(50) { email } else { ids.alnum(20) };
    (
        profile,
        Identity::new("acme-saml", "samlp", format!("acme-saml|{subject}"), false),
    )
}

/// Adds logins, metadata, blocks and linked identities to a part of the users.
fn add_details(user: &mut User, ids: &mut Ids) {
    let later = |time: u64, ids: &mut Ids| {
        time.saturating_add((ids.below(30_000_000) as u64).saturating_mul(1000))
    };
    if ids.chance(85) {
        let time = later(user.created_at, ids);
        user.last_login = Some(time);
        user.updated_at = time;
        user.last_ip = Some(ip(ids).into());
        user.logins_count = Some((ids.below(200) as u64).saturating_add(1));
    }
    if ids.chance(40) {
        user.user_metadata = Some(metadata(&json!({
            "theme": ids.pick(THEMES),
            "addresses": { "home": { "city": ids.pick(CITIES) } },
        })));
    }
    if ids.chance(50) {
        user.app_metadata = Some(metadata(&json!({
            "plan": ids.pick(PLANS),
            "seats": ids.below(20),
            "flags": FLAGS.get(..ids.below(3)),
        })));
    }
    if ids.chance(5) {
        user.blocked = Some(true);
    }
    let is_database = user.identities.iter().any(|own| *own.provider == *"auth0");
    if is_database && ids.chance(10) {
        user.last_password_reset = Some(later(user.created_at, ids));
    }
    if is_database && ids.chance(8) {
        link(user, ids);
    }
}

fn link(user: &mut User, ids: &mut Ids) {
    let mut secondary = Identity::new("github", "github", ids.below(90_000_000).to_string(), true);
    secondary.profile = Some(Box::new(Profile {
        email: user.profile.email.clone(),
        email_verified: Some(true),
        name: user.profile.name.clone(),
        nickname: user.profile.given_name.clone(),
        picture: user.profile.picture.clone(),
        ..Profile::default()
    }));
    user.identities.push(secondary);
}

fn metadata(value: &Value) -> Metadata {
    value
        .as_object()
        .map_or_else(|| Metadata::new(&Map::new()), Metadata::new)
}
