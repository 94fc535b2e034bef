//! The routes with which a test steers a tenant over HTTP; each is a method of [`Tenant`].

use http::Request;
use serde_json::{Value, json};

use crate::config::Token;
use crate::error::ApiError;
use crate::faults::{FailNext, Fault, FaultKind, RandomFaults};
use crate::ids::Ids;
use crate::journal::Entry;
use crate::page::Query;
use crate::path;
use crate::rate::Rate;
use crate::reply::Reply;
use crate::seeding;
use crate::state::State;
use crate::tenant::{Belongings, Tenant};
use crate::validate::{self, FILLED, Field, Kind, TEXT};

/// What stands in front of the routes, outside of the API.
pub(crate) const BASE: &str = "/__tenant/";

const FAIL_NEXT: Kind = Kind::Object(&[
    Field::new("times", Kind::Int(0, 1_000_000)),
    Field::new("operation", FILLED),
    Field::new("user_id", FILLED),
    Field::new("after_commit", Kind::Bool),
    Field::new("status", Kind::Int(200, 599)),
    Field::new("body", TEXT),
    Field::new("content_type", FILLED),
    Field::new("headers", Kind::Map),
    Field::new("reset", Kind::Bool),
    Field::new("truncate", Kind::Bool),
    Field::new("stall", Kind::Bool),
]);

pub(crate) const FAULTS: Kind = Kind::Object(&[
    Field::new("rate", Kind::Share).required(),
    Field::new("kinds", Kind::List(1, &Kind::Word(&FAULT_KINDS))),
    Field::new("after_commit", Kind::Share),
    Field::new("seed", Kind::Int(0, i64::MAX)),
]);

const FAULT_KINDS: [&str; 6] = {
    let [a, b, c, d, e, f] = FaultKind::ALL;
    [a.name(), b.name(), c.name(), d.name(), e.name(), f.name()]
};

const BLOCK: Kind = Kind::Object(&[
    Field::new("identifier", FILLED).required(),
    Field::new("connection", FILLED).required(),
    Field::new("ip", FILLED),
]);

pub(crate) const TOKEN: Kind = Kind::Object(&[
    Field::new("token", FILLED).required(),
    Field::new("scopes", Kind::List(0, &FILLED)),
    Field::new("subject", FILLED),
    Field::new("expires_in_ms", Kind::Int(0, i64::MAX)),
]);

const HOW_MANY: Kind = Kind::Int(0, 10_000);

const GIVE: Kind = Kind::Object(&[
    Field::new("user_id", FILLED).required(),
    Field::new("sessions", HOW_MANY),
    Field::new("organizations", HOW_MANY),
    Field::new("groups", HOW_MANY),
    Field::new("logs", HOW_MANY),
    Field::new("connected_accounts", HOW_MANY),
]);

const LATENCY: Kind = Kind::Object(&[Field::new("ms", Kind::Int(0, 3_600_000)).required()]);

const JOURNAL: &[Field] = &[
    Field::new("after", Kind::Int(0, i64::MAX)),
    Field::new("take", Kind::Int(1, i64::MAX)),
];

const CLOCK: Kind = Kind::Object(&[Field::new("advance_ms", Kind::Int(0, i64::MAX)).required()]);

/// What a control does to that which a snapshot holds.
pub(crate) enum Effect {
    /// Nothing; it only steers how a test goes on.
    Passing,
    Lasting,
    Everything,
}

pub(crate) fn effect(request: &Request<Vec<u8>>) -> Effect {
    let lasting = [
        "block",
        "clock",
        "connections",
        "give",
        "organizations",
        "roles",
        "token",
        "users",
    ];
    let name = request.uri().path().strip_prefix(BASE);
    match name {
        _ if request.method() != http::Method::POST => Effect::Passing,
        Some("reset" | "restore") => Effect::Everything,
        Some(name) if lasting.contains(&name) => Effect::Lasting,
        _ => Effect::Passing,
    }
}

pub(crate) fn answer(tenant: &mut Tenant, request: &Request<Vec<u8>>, now: u64) -> Reply {
    let name = request.uri().path().strip_prefix(BASE).unwrap_or_default();
    match (request.method().as_str(), name) {
        ("GET", "journal") => journal(tenant, request),
        ("DELETE", "journal") => {
            tenant.clear_journal();
            Reply::empty(204)
        }
        ("POST", "reset") => {
            tenant.reset();
            Reply::empty(204)
        }
        ("POST", "fail-next") => with_body(request, &FAIL_NEXT, |body| {
            tenant.fail_next(fail_next(body));
        }),
        ("POST", "faults") if is_null(request) => {
            tenant.set_faults(None);
            Reply::empty(204)
        }
        ("POST", "faults") => with_body(request, &FAULTS, |body| {
            tenant.set_faults(Some(random_faults(body)));
        }),
        ("POST", "latency") => with_body(request, &LATENCY, |body| {
            tenant.set_latency(number(body, "ms").unwrap_or(0));
        }),
        ("POST", "clock") => with_body(request, &CLOCK, |body| {
            tenant.advance_clock(number(body, "advance_ms").unwrap_or(0));
        }),
        ("GET", "mails") => Reply::json(200, tenant.mails()),
        ("GET", "directory") => Reply::json(200, tenant.directory()),
        ("POST", "block") => with_body(request, &BLOCK, |body| {
            let text = |name: &str| body.get(name).and_then(Value::as_str);
            tenant.block(
                text("identifier").unwrap_or_default(),
                text("connection").unwrap_or_default(),
                text("ip"),
            );
        }),
        ("POST", "token") => with_body(request, &TOKEN, |body| {
            tenant.add_token(token_of(body, now))
        }),
        ("POST", "give") => give(tenant, request, now),
        ("POST", "rate") => rate(tenant, request),
        ("POST", "users") => add(tenant, request, |state, given, ids| {
            seeding::user(state, given, now, ids)
        }),
        ("POST", "connections") => add(tenant, request, seeding::connection),
        ("POST", "roles") => add(tenant, request, seeding::role),
        ("POST", "organizations") => add(tenant, request, seeding::organization),
        ("GET", "snapshot") => match tenant.snapshot() {
            Ok(body) => Reply {
                body,
                ..Reply::json(200, Value::Null)
            },
            Err(error) => refuse(500, &error.to_string()),
        },
        ("POST", "restore") => match tenant.restore(request.body()) {
            Ok(()) => Reply::empty(204),
            Err(error) => refuse(400, &format!("The snapshot cannot be read: {error}")),
        },
        _ => refuse(404, "There is no such control"),
    }
}

fn with_body(request: &Request<Vec<u8>>, schema: &Kind, run: impl FnOnce(&Value)) -> Reply {
    let Ok(body) = serde_json::from_slice(request.body()) else {
        return refuse(400, "The body is not JSON");
    };
    match validate::body(schema, &body) {
        Ok(()) => {
            run(&body);
            Reply::empty(204)
        }
        Err(error) => error.to_reply(),
    }
}

/// Adds what the body describes, or each of the things in a list up to the first that is refused.
fn add(
    tenant: &mut Tenant,
    request: &Request<Vec<u8>>,
    one: impl Fn(&mut State, &Value, &mut Ids) -> Result<Value, ApiError>,
) -> Reply {
    let Ok(body) = serde_json::from_slice::<Value>(request.body()) else {
        return refuse(400, "The body is not JSON");
    };
    let answer = match &body {
        Value::Array(list) => tenant.seed(|state, ids| {
            let added = list.iter().enumerate().map(|(index, given)| {
                one(state, given, ids).map_err(|error| ApiError {
                    message: format!("At index {index}: {}", error.message),
                    ..error
                })
            });
            added.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }),
        given => tenant.seed(|state, ids| one(state, given, ids)),
    };
    match answer {
        Ok(added) => Reply::json(201, added),
        Err(error) => error.to_reply(),
    }
}

fn is_null(request: &Request<Vec<u8>>) -> bool {
    request.body().trim_ascii() == b"null"
}

fn refuse(status: u16, message: &str) -> Reply {
    Reply::json(status, json!({ "error": message }))
}

fn number(body: &Value, name: &str) -> Option<u64> {
    body.get(name).and_then(Value::as_u64)
}

fn fail_next(body: &Value) -> FailNext {
    let flag = |name: &str| body.get(name).and_then(Value::as_bool).unwrap_or(false);
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let fault = if flag("reset") {
        Fault::Reset
    } else if flag("truncate") {
        Fault::Truncate
    } else if flag("stall") {
        Fault::Stall
    } else {
        Fault::None
    };
    FailNext {
        times: number(body, "times")
            .and_then(|times| u32::try_from(times).ok())
            .unwrap_or(1),
        operation: text("operation"),
        user_id: text("user_id"),
        after_commit: flag("after_commit"),
        status: number(body, "status").and_then(|status| u16::try_from(status).ok()),
        body: text("body"),
        content_type: text("content_type"),
        headers: body
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, value)| match value {
                Value::String(text) => (name.clone(), text.clone()),
                other => (name.clone(), other.to_string()),
            })
            .collect(),
        fault,
    }
}

/// `{"rate":0.2,"kinds":["reset","stall"],"after_commit":0.5,"seed":7}`; what is not given is as in the default.
pub(crate) fn random_faults(body: &Value) -> RandomFaults {
    let usual = RandomFaults::default();
    let share = |name: &str| body.get(name).and_then(Value::as_f64);
    let kinds = body.get("kinds").and_then(Value::as_array).map(|names| {
        FaultKind::ALL
            .into_iter()
            .filter(|kind| names.iter().any(|name| name == kind.name()))
            .collect()
    });
    RandomFaults {
        rate: share("rate").unwrap_or(usual.rate),
        kinds: kinds.unwrap_or(usual.kinds),
        after_commit: share("after_commit").unwrap_or(usual.after_commit),
        seed: number(body, "seed").unwrap_or(usual.seed),
    }
}

/// The requests after the one with a number, and no more than so many; all of them without either.
fn journal(tenant: &Tenant, request: &Request<Vec<u8>>) -> Reply {
    let query = path::pairs(request.uri().query().unwrap_or_default()).unwrap_or_default();
    let query = match validate::query(JOURNAL, &query) {
        Ok(query) => Query(query),
        Err(error) => return error.to_reply(),
    };
    let after = query.number("after").unwrap_or(0) as u64;
    let entries = tenant
        .journal()
        .filter(|entry| entry.number > after)
        .take(query.number("take").unwrap_or(usize::MAX))
        .map(Entry::to_json);
    Reply::json(200, Value::Array(entries.collect()))
}

pub(crate) fn token_of(body: &Value, now: u64) -> Token {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let scopes = body.get("scopes").and_then(Value::as_array).map(|list| {
        let scopes = list.iter().filter_map(Value::as_str);
        scopes.map(str::to_owned).collect()
    });
    Token {
        value: text("token").unwrap_or_default(),
        scopes,
        subject: text("subject"),
        expires_at_ms: number(body, "expires_in_ms").map(|life| now.saturating_add(life)),
    }
}

fn give(tenant: &mut Tenant, request: &Request<Vec<u8>>, now: u64) -> Reply {
    let mut found = true;
    let reply = with_body(request, &GIVE, |body| {
        let count = |name: &str| {
            let count = number(body, name).unwrap_or(0);
            usize::try_from(count).unwrap_or(0)
        };
        let belongings = Belongings {
            sessions: count("sessions"),
            organizations: count("organizations"),
            groups: count("groups"),
            logs: count("logs"),
            connected_accounts: count("connected_accounts"),
        };
        let id = body.get("user_id").and_then(Value::as_str);
        found = tenant.give(id.unwrap_or_default(), belongings, now);
    });
    if found {
        reply
    } else {
        refuse(404, "There is no such user")
    }
}

/// `{"burst":10,"per_second":2,"retry_after":true}`, or `null` to take the limit away.
fn rate(tenant: &mut Tenant, request: &Request<Vec<u8>>) -> Reply {
    if is_null(request) {
        tenant.set_rate(None);
        return Reply::empty(204);
    }
    let Ok(body) = serde_json::from_slice::<Value>(request.body()) else {
        return refuse(400, "The body is not JSON");
    };
    match rate_of(&body) {
        Ok(rate) => {
            tenant.set_rate(Some(rate));
            Reply::empty(204)
        }
        Err(message) => refuse(400, &message),
    }
}

/// A rate, or what is wrong with it.
pub(crate) fn rate_of(body: &Value) -> Result<Rate, String> {
    let burst = number(body, "burst").and_then(|burst| u32::try_from(burst).ok());
    let per_second = body.get("per_second").and_then(Value::as_f64);
    match (burst, per_second) {
        (Some(burst), Some(per_second)) if per_second >= 0.0 => Ok(Rate {
            burst,
            per_second,
            retry_after: body
                .get("retry_after")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        }),
        _ => Err("A rate has a burst and a per_second that is not negative".to_owned()),
    }
}
