//! Made-up users that look like those of a real tenant and follow from the seed alone.

use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::ids::Ids;
use crate::model::{Connection, Identity, IdpTokens, Profile, Strategy, User};
use crate::profile;
use crate::state::{Block, Method, RefreshToken, Related, Session, State};

/// 2021-01-01: the oldest user is not older.
const FIRST: u64 = 1_609_459_200_000;
/// Four years: the youngest user is not younger.
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

/// The database that every tenant starts with.
pub(crate) const DATABASE: &str = "Username-Password-Authentication";

pub(crate) fn state(config: &Config, ids: &mut Ids) -> State {
    let mut state = State {
        connections: connections(ids),
        ..State::default()
    };
    for number in 0..config.users {
        let (user, related) = person(number, ids);
        if ids.chance(2)
            && let (Some(email), Some(identity)) = (&user.profile.email, user.identities.first())
        {
            state.blocks.push(Block {
                identifier: email.clone(),
                ip: Some(ip(ids)),
                connection: identity.connection.clone(),
            });
        }
        state.related.insert(user.user_id.clone(), related);
        state.users.insert(user);
    }
    state
}

fn connections(ids: &mut Ids) -> Vec<Connection> {
    let mut connection = |name: &str, strategy, provider, requires_username| Connection {
        id: format!("con_{}", ids.alnum(16)),
        name: name.to_owned(),
        strategy,
        provider,
        enabled: true,
        requires_username,
        syncs_profile: matches!(strategy, Strategy::Social | Strategy::Enterprise),
    };
    let mut list = vec![
        connection(DATABASE, Strategy::Database, "auth0", false),
        connection("Members", Strategy::Database, "auth0", true),
        connection("Archive", Strategy::Database, "auth0", false),
        connection("email", Strategy::PasswordlessEmail, "email", false),
        connection("sms", Strategy::PasswordlessSms, "sms", false),
        connection("google-oauth2", Strategy::Social, "google-oauth2", false),
        connection("github", Strategy::Social, "github", false),
        connection("acme-saml", Strategy::Enterprise, "samlp", false),
    ];
    for connection in &mut list {
        match connection.name.as_str() {
            "Archive" => connection.enabled = false,
            // One social connection lets its profiles be changed here.
            "github" => connection.syncs_profile = false,
            _ => {}
        }
    }
    list
}

fn ip(ids: &mut Ids) -> String {
    // A range set aside for documentation.
    format!("203.0.113.{}", ids.below(254).saturating_add(1))
}

fn person(number: usize, ids: &mut Ids) -> (User, Related) {
    let given = ids.pick(GIVEN).copied().unwrap_or("Ada");
    let family = ids.pick(FAMILY).copied().unwrap_or("Abbott");
    let domain = ids.pick(DOMAINS).copied().unwrap_or("example.com");
    let local = format!("{}.{}{number}", given.to_lowercase(), family.to_lowercase());
    let email = format!("{local}@{domain}");
    let created_at = FIRST
        .saturating_add((ids.below(SPAN_SECONDS) as u64).saturating_mul(1000))
        .saturating_add(ids.below(1000) as u64);
    let named = Profile {
        email: Some(email.clone()),
        email_verified: Some(ids.chance(80)),
        name: Some(format!("{given} {family}")),
        given_name: Some(given.to_owned()),
        family_name: Some(family.to_owned()),
        ..Profile::default()
    };
    let (mut profile, identity) = match ids.below(100) {
        0..55 => database(named, DATABASE, created_at, ids),
        55..65 => {
            let username = Some(format!("{}{number}", given.to_lowercase()));
            database(Profile { username, ..named }, "Members", created_at, ids)
        }
        65..73 => passwordless_email(email, created_at, ids),
        73..80 => sms(number, created_at, ids),
        80..92 => google(named, domain, given, number, ids),
        _ => saml(named, email, ids),
    };
    profile::fill(&mut profile);
    let mut user = User {
        user_id: identity.full_id(),
        profile,
        identities: vec![identity],
        created_at,
        updated_at: created_at,
        last_login: None,
        last_ip: None,
        last_password_reset: None,
        logins_count: None,
        blocked: None,
        user_metadata: None,
        app_metadata: None,
        multifactor: Vec::new(),
        multifactor_last_modified: None,
    };
    embellish(&mut user, ids);
    let related = related(&mut user, ids);
    (user, related)
}

fn identity(connection: &str, provider: &str, user_id: String, is_social: bool) -> Identity {
    Identity {
        connection: connection.to_owned(),
        provider: provider.to_owned(),
        user_id,
        is_social,
        profile: None,
        tokens: None,
    }
}

fn database(
    profile: Profile,
    connection: &str,
    created_at: u64,
    ids: &mut Ids,
) -> (Profile, Identity) {
    let identity = identity(connection, "auth0", ids.object_id(created_at), false);
    (profile, identity)
}

fn passwordless_email(email: String, created_at: u64, ids: &mut Ids) -> (Profile, Identity) {
    let profile = Profile {
        email: Some(email),
        email_verified: Some(true),
        ..Profile::default()
    };
    (
        profile,
        identity("email", "email", ids.object_id(created_at), false),
    )
}

fn sms(number: usize, created_at: u64, ids: &mut Ids) -> (Profile, Identity) {
    let profile = Profile {
        phone_number: Some(format!("+1202555{number:06}")),
        phone_verified: Some(true),
        ..Profile::default()
    };
    (
        profile,
        identity("sms", "sms", ids.object_id(created_at), false),
    )
}

fn google(
    profile: Profile,
    domain: &str,
    given: &str,
    number: usize,
    ids: &mut Ids,
) -> (Profile, Identity) {
    let digits = format!("1{:020}", (ids.below(usize::MAX) as u64) | 1);
    let mut identity = identity("google-oauth2", "google-oauth2", digits, true);
    identity.tokens = Some(Box::new(IdpTokens {
        access_token: format!("ya29.{}", ids.alnum(60)),
        refresh_token: ids.chance(30).then(|| format!("1//{}", ids.alnum(48))),
    }));
    let profile = Profile {
        // Other stores than Auth0's own keep the case they were given.
        email: Some(format!("{given}.{number}@{domain}")),
        email_verified: Some(true),
        ..profile
    };
    (profile, identity)
}

fn saml(profile: Profile, email: String, ids: &mut Ids) -> (Profile, Identity) {
    let profile = Profile {
        // Nobody at an enterprise clicks a verification link.
        email_verified: None,
        ..profile
    };
    let subject = if ids.chance(50) { email } else { ids.alnum(20) };
    (
        profile,
        identity("acme-saml", "samlp", format!("acme-saml|{subject}"), false),
    )
}

/// Logins, metadata, blocks and linked identities, each for some.
fn embellish(user: &mut User, ids: &mut Ids) {
    let later = |time: u64, ids: &mut Ids| {
        time.saturating_add((ids.below(30_000_000) as u64).saturating_mul(1000))
    };
    if ids.chance(85) {
        let time = later(user.created_at, ids);
        user.last_login = Some(time);
        user.updated_at = time;
        user.last_ip = Some(ip(ids));
        user.logins_count = Some((ids.below(200) as u64).saturating_add(1));
    }
    if ids.chance(40) {
        user.user_metadata = Some(object(json!({
            "theme": ids.pick(THEMES),
            "addresses": { "home": { "city": ids.pick(CITIES) } },
        })));
    }
    if ids.chance(50) {
        user.app_metadata = Some(object(json!({
            "plan": ids.pick(PLANS),
            "seats": ids.below(20),
            "flags": FLAGS.get(..ids.below(3)),
        })));
    }
    if ids.chance(5) {
        user.blocked = Some(true);
    }
    let is_database = user.identities.iter().any(|own| own.provider == "auth0");
    if is_database && ids.chance(10) {
        user.last_password_reset = Some(later(user.created_at, ids));
    }
    if is_database && ids.chance(8) {
        link(user, ids);
    }
}

fn link(user: &mut User, ids: &mut Ids) {
    let mut secondary = identity("github", "github", ids.below(90_000_000).to_string(), true);
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

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn related(user: &mut User, ids: &mut Ids) -> Related {
    let mut related = Related::default();
    if user.logins_count.is_some() && ids.chance(40) {
        let id = ids.alnum(22);
        related.refresh_tokens.push(RefreshToken {
            session_id: Some(id.clone()),
        });
        related.sessions.push(Session { id });
    }
    if user.identities.iter().any(|own| own.provider == "auth0") && ids.chance(25) {
        related.methods.push(Method {
            kind: "totp".to_owned(),
        });
        user.multifactor = vec!["google-authenticator".to_owned()];
        user.multifactor_last_modified = Some(user.updated_at);
    }
    related
}
