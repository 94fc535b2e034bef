//! The control endpoints, with which a test controls a tenant over HTTP. Each calls a method of [`Tenant`].

use http::Request;
use serde_json::{Value, json};

use super::Tenant;
use crate::config::json::{FAULTS, TOKEN, read_faults, read_rate, read_token};
use crate::error::ApiError;
use crate::faults::{FailNext, Fault};
use crate::http::journal::Entry;
use crate::http::url;
use crate::operations::page::Query;
use crate::operations::reply::Reply;
use crate::schema::request::{check_body, read_query};
use crate::schema::{Field, Kind, NON_EMPTY, TEXT};
use crate::seed;
use crate::seed::attach::RelatedCounts;
use crate::state::State;
use crate::state::ids::Ids;

/// The path of the endpoints, outside of the API.
pub(super) const BASE: &str = "/__tenant/";

const FAIL_NEXT: Kind = Kind::Object(&[
    Field::new("times", Kind::Int(0, 1_000_000)),
    Field::new("operation", NON_EMPTY),
    Field::new("user_id", NON_EMPTY),
    Field::new("after_commit", Kind::Bool),
    Field::new("status", Kind::Int(200, 599)),
    Field::new("body", TEXT),
    Field::new("content_type", NON_EMPTY),
    Field::new("headers", Kind::Map),
    Field::new("reset", Kind::Bool),
    Field::new("truncate", Kind::Bool),
    Field::new("stall", Kind::Bool),
]);

const BLOCK: Kind = Kind::Object(&[
    Field::new("identifier", NON_EMPTY).required(),
    Field::new("connection", NON_EMPTY).required(),
    Field::new("ip", NON_EMPTY),
]);

const COUNT: Kind = Kind::Int(0, 10_000);

const ATTACH: Kind = Kind::Object(&[
    Field::new("user_id", NON_EMPTY).required(),
    Field::new("sessions", COUNT),
    Field::new("organizations", COUNT),
    Field::new("groups", COUNT),
    Field::new("logs", COUNT),
    Field::new("connected_accounts", COUNT),
]);

const LATENCY: Kind = Kind::Object(&[Field::new("ms", Kind::Int(0, 3_600_000)).required()]);

const JOURNAL: &[Field] = &[
    Field::new("after", Kind::Int(0, i64::MAX)),
    Field::new("take", Kind::Int(1, i64::MAX)),
];

const CLOCK: Kind = Kind::Object(&[Field::new("advance_ms", Kind::Int(0, i64::MAX)).required()]);

/// The effect of a control request on the state that a snapshot contains.
pub(super) enum Effect {
    None,
    /// The state changes in part.
    Partial,
    /// The whole state is replaced.
    Everything,
}

/// Returns the effect of a control request, if it succeeds.
pub(super) fn effect(request: &Request<Vec<u8>>) -> Effect {
    let partial = [
        "attach",
        "block",
        "clock",
        "connections",
        "organizations",
        "roles",
        "token",
        "users",
    ];
    let name = request.uri().path().strip_prefix(BASE);
    match name {
        _ if request.method() != http::Method::POST => Effect::None,
        Some("reset" | "restore") => Effect::Everything,
        Some(name) if partial.contains(&name) => Effect::Partial,
        _ => Effect::None,
    }
}

/// Performs a control request.
pub(super) fn respond(tenant: &mut Tenant, request: &Request<Vec<u8>>, now: u64) -> Reply {
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
            tenant.fail_next(read_fault(body));
        }),
        ("POST", "faults") if is_null(request) => {
            tenant.set_faults(None);
            Reply::empty(204)
        }
        ("POST", "faults") => with_body(request, &FAULTS, |body| {
            tenant.set_faults(Some(read_faults(body)));
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
            tenant.add_token(read_token(body, now))
        }),
        ("POST", "attach") => attach(tenant, request, now),
        ("POST", "rate") => rate(tenant, request),
        ("POST", "users") => add(tenant, request, |state, given, ids| {
            seed::add::user(state, given, now, ids)
        }),
        ("POST", "connections") => add(tenant, request, seed::add::connection),
        ("POST", "roles") => add(tenant, request, seed::add::role),
        ("POST", "organizations") => add(tenant, request, seed::add::organization),
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
        _ => refuse(404, "This control does not exist"),
    }
}

/// Calls `run` with the body, if it conforms to the schema.
fn with_body(request: &Request<Vec<u8>>, schema: &Kind, run: impl FnOnce(&Value)) -> Reply {
    let Ok(body) = serde_json::from_slice(request.body()) else {
        return refuse(400, "The body is not JSON");
    };
    match check_body(schema, &body) {
        Ok(()) => {
            run(&body);
            Reply::empty(204)
        }
        Err(error) => error.into(),
    }
}

/// Adds the entry that the body describes, or the entries of an array up to the first that is refused.
fn add(
    tenant: &mut Tenant,
    request: &Request<Vec<u8>>,
    add_one: impl Fn(&mut State, &Value, &mut Ids) -> Result<Value, ApiError>,
) -> Reply {
    let Ok(body) = serde_json::from_slice::<Value>(request.body()) else {
        return refuse(400, "The body is not JSON");
    };
    let result = match &body {
        Value::Array(list) => tenant.seed(|state, ids| {
            let added = list.iter().enumerate().map(|(index, given)| {
                add_one(state, given, ids).map_err(|error| ApiError {
                    message: format!("At index {index}: {}", error.message),
                    ..error
                })
            });
            added.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }),
        given => tenant.seed(|state, ids| add_one(state, given, ids)),
    };
    match result {
        Ok(added) => Reply::json(201, added),
        Err(error) => error.into(),
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

fn read_fault(body: &Value) -> FailNext {
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

/// Returns the requests of the journal after the number `after`, at most `take` of them.
fn journal(tenant: &Tenant, request: &Request<Vec<u8>>) -> Reply {
    let query = url::pairs(request.uri().query().unwrap_or_default()).unwrap_or_default();
    let query = match read_query(JOURNAL, &query) {
        Ok(query) => Query(query),
        Err(error) => return error.into(),
    };
    let after = query.number("after").unwrap_or(0) as u64;
    let entries = tenant
        .journal()
        .filter(|entry| entry.number > after)
        .take(query.number("take").unwrap_or(usize::MAX))
        .map(Entry::to_json);
    Reply::json(200, Value::Array(entries.collect()))
}

fn attach(tenant: &mut Tenant, request: &Request<Vec<u8>>, now: u64) -> Reply {
    let mut found = true;
    let reply = with_body(request, &ATTACH, |body| {
        let count = |name: &str| {
            let count = number(body, name).unwrap_or(0);
            usize::try_from(count).unwrap_or(0)
        };
        let counts = RelatedCounts {
            sessions: count("sessions"),
            organizations: count("organizations"),
            groups: count("groups"),
            logs: count("logs"),
            connected_accounts: count("connected_accounts"),
        };
        let id = body.get("user_id").and_then(Value::as_str);
        found = tenant.attach(id.unwrap_or_default(), counts, now);
    });
    if found {
        reply
    } else {
        refuse(404, "The user does not exist")
    }
}

/// Sets the rate limit, or removes it if the body is `null`.
fn rate(tenant: &mut Tenant, request: &Request<Vec<u8>>) -> Reply {
    if is_null(request) {
        tenant.set_rate(None);
        return Reply::empty(204);
    }
    let Ok(body) = serde_json::from_slice::<Value>(request.body()) else {
        return refuse(400, "The body is not JSON");
    };
    match read_rate(&body) {
        Ok(rate) => {
            tenant.set_rate(Some(rate));
            Reply::empty(204)
        }
        Err(message) => refuse(400, &message),
    }
}
