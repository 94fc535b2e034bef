//! The routes with which a test steers a tenant over HTTP; each is a method of [`Tenant`].

use http::Request;
use serde_json::{Value, json};

use crate::config::Token;
use crate::faults::{FailNext, Fault};
use crate::rate::Rate;
use crate::reply::Reply;
use crate::tenant::{Belongings, Tenant};
use crate::validate::{self, FILLED, Field, Kind, TEXT};

/// What stands in front of the routes, outside of the API.
pub(crate) const BASE: &str = "/__tenant/";

const FAIL_NEXT: Kind = Kind::Object(&[
    Field::new("times", Kind::Int(0, 1_000_000)),
    Field::new("operation", FILLED),
    Field::new("after_commit", Kind::Bool),
    Field::new("status", Kind::Int(200, 599)),
    Field::new("body", TEXT),
    Field::new("content_type", FILLED),
    Field::new("headers", Kind::Map),
    Field::new("reset", Kind::Bool),
    Field::new("truncate", Kind::Bool),
    Field::new("stall", Kind::Bool),
]);

const BLOCK: Kind = Kind::Object(&[
    Field::new("identifier", FILLED).required(),
    Field::new("connection", FILLED).required(),
    Field::new("ip", FILLED),
]);

const TOKEN: Kind = Kind::Object(&[
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

const CLOCK: Kind = Kind::Object(&[Field::new("advance_ms", Kind::Int(0, i64::MAX)).required()]);

pub(crate) fn answer(tenant: &mut Tenant, request: &Request<Vec<u8>>, now: u64) -> Reply {
    let name = request.uri().path().strip_prefix(BASE).unwrap_or_default();
    match (request.method().as_str(), name) {
        ("GET", "journal") => {
            let entries = tenant.journal().map(|entry| entry.to_json()).collect();
            Reply::json(200, Value::Array(entries))
        }
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
        ("POST", "latency") => with_body(request, &LATENCY, |body| {
            tenant.set_latency(number(body, "ms").unwrap_or(0));
        }),
        ("POST", "clock") => with_body(request, &CLOCK, |body| {
            tenant.advance_clock(number(body, "advance_ms").unwrap_or(0));
        }),
        ("GET", "directory") => Reply::json(200, tenant.directory()),
        ("POST", "block") => with_body(request, &BLOCK, |body| {
            let text = |name: &str| body.get(name).and_then(Value::as_str);
            tenant.block(
                text("identifier").unwrap_or_default(),
                text("connection").unwrap_or_default(),
                text("ip"),
            );
        }),
        ("POST", "token") => with_body(request, &TOKEN, |body| tenant.add_token(token(body, now))),
        ("POST", "give") => give(tenant, request, now),
        ("POST", "rate") => rate(tenant, request),
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

fn token(body: &Value, now: u64) -> Token {
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
    let Ok(body) = serde_json::from_slice::<Value>(request.body()) else {
        return refuse(400, "The body is not JSON");
    };
    if body.is_null() {
        tenant.set_rate(None);
        return Reply::empty(204);
    }
    let burst = number(&body, "burst").and_then(|burst| u32::try_from(burst).ok());
    let per_second = body.get("per_second").and_then(Value::as_f64);
    match (burst, per_second) {
        (Some(burst), Some(per_second)) if per_second >= 0.0 => {
            tenant.set_rate(Some(Rate {
                burst,
                per_second,
                retry_after: body
                    .get("retry_after")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
            }));
            Reply::empty(204)
        }
        _ => refuse(
            400,
            "A rate has a burst and a per_second that is not negative",
        ),
    }
}
