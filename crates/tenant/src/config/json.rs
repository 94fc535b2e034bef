//! Configuration as JSON, for callers in other languages.

use serde_json::Value;

use super::{Client, Config, Token};
use crate::faults::{FaultKind, RandomFaults};
use crate::rate_limit::Rate;
use crate::schema::check::check;
use crate::schema::{Field, Kind, NON_EMPTY, TEXT};

pub(crate) const FAULTS: Kind = Kind::Object(&[
    Field::new("rate", Kind::Fraction).required(),
    Field::new("kinds", Kind::List(1, &Kind::Enum(&FAULT_KINDS))),
    Field::new("after_commit", Kind::Fraction),
    Field::new("seed", Kind::Int(0, i64::MAX)),
]);

const FAULT_KINDS: [&str; 6] = {
    let [a, b, c, d, e, f] = FaultKind::ALL;
    [a.name(), b.name(), c.name(), d.name(), e.name(), f.name()]
};

pub(crate) const TOKEN: Kind = Kind::Object(&[
    Field::new("token", NON_EMPTY).required(),
    Field::new("scopes", Kind::List(0, &NON_EMPTY)),
    Field::new("subject", NON_EMPTY),
    Field::new("expires_in_ms", Kind::Int(0, i64::MAX)),
]);

const MS: Kind = Kind::Int(0, i64::MAX);

const CLIENT: Kind = Kind::Object(&[
    Field::new("id", NON_EMPTY).required(),
    Field::new("secret", TEXT),
    Field::new("public_key_pem", NON_EMPTY),
    Field::new("scopes", Kind::List(0, &NON_EMPTY)),
    Field::new("token_seconds", Kind::Int(1, i64::MAX)),
]);

const OPTIONS: Kind = Kind::Object(&[
    Field::new("users", Kind::Int(0, 10_000_000)),
    Field::new("seed", MS),
    Field::new("origin", NON_EMPTY),
    Field::new("tokens", Kind::List(0, &TOKEN)),
    Field::new("clients", Kind::List(0, &CLIENT)),
    Field::new("rate", Kind::Map).nullable(),
    Field::new("write_rate", Kind::Map).nullable(),
    Field::new("custom_domains", Kind::List(0, &NON_EMPTY)),
    Field::new("empty_last_page", Kind::Bool),
    Field::new("search_cap", Kind::Int(1, i64::MAX)).nullable(),
    Field::new("search_lag_ms", MS),
    Field::new(
        "search_engines",
        Kind::List(0, &Kind::Enum(&["v1", "v2", "v3"])),
    ),
    Field::new("recovery_code_without_enrollment", Kind::Bool),
    Field::new("job_ms", MS),
    Field::new("job_polls", Kind::Int(1, u32::MAX as i64)),
    Field::new("deletion_delay_ms", MS),
    Field::new("brute_force_protection", Kind::Bool),
    Field::new("latency_ms", MS),
    Field::new("faults", FAULTS).nullable(),
    Field::new("journal", MS),
]);

impl Config {
    /// Reads a configuration from a JSON object with the fields of this struct. A field that is missing or `null` has its
    /// default. The error names the option.
    pub fn from_json(options: &Value, now_ms: u64) -> Result<Self, String> {
        check(&OPTIONS, options).map_err(|violation| violation.to_string())?;
        let default = Self::default();
        let get = |name: &str| options.get(name).filter(|value| !value.is_null());
        let number = |name: &str| get(name).and_then(Value::as_u64);
        let size = |name: &str| number(name).and_then(|number| usize::try_from(number).ok());
        let flag = |name: &str| get(name).and_then(Value::as_bool);
        let list = |name: &str| get(name).and_then(Value::as_array);
        let texts = |list: &Vec<Value>| {
            let texts = list.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect::<Vec<_>>()
        };
        Ok(Self {
            users: size("users").unwrap_or(default.users),
            seed: number("seed").unwrap_or(default.seed),
            origin: get("origin")
                .and_then(Value::as_str)
                .map_or(default.origin, str::to_owned),
            tokens: list("tokens").map_or(default.tokens, |list| {
                list.iter().map(|token| read_token(token, now_ms)).collect()
            }),
            clients: list("clients").map_or(default.clients, |list| {
                list.iter().map(read_client).collect()
            }),
            rate: get("rate").map(read_rate).transpose()?,
            write_rate: get("write_rate").map(read_rate).transpose()?,
            custom_domains: list("custom_domains").map_or(default.custom_domains, texts),
            empty_last_page: flag("empty_last_page").unwrap_or(default.empty_last_page),
            search_cap: match options.get("search_cap") {
                Some(_) => size("search_cap"),
                None => default.search_cap,
            },
            search_lag_ms: number("search_lag_ms").unwrap_or(default.search_lag_ms),
            search_engines: list("search_engines").map_or(default.search_engines, texts),
            recovery_code_without_enrollment: flag("recovery_code_without_enrollment")
                .unwrap_or(default.recovery_code_without_enrollment),
            job_ms: number("job_ms").unwrap_or(default.job_ms),
            job_polls: number("job_polls")
                .and_then(|polls| u32::try_from(polls).ok())
                .unwrap_or(default.job_polls),
            deletion_delay_ms: number("deletion_delay_ms").unwrap_or(default.deletion_delay_ms),
            brute_force_protection: flag("brute_force_protection")
                .unwrap_or(default.brute_force_protection),
            latency_ms: number("latency_ms").unwrap_or(default.latency_ms),
            faults: get("faults").map(read_faults),
            journal: size("journal").unwrap_or(default.journal),
        })
    }
}

fn read_client(given: &Value) -> Client {
    let default = Client::demo();
    let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
    let scopes = given.get("scopes").and_then(Value::as_array);
    Client {
        id: text("id").unwrap_or(default.id),
        secret: text("secret").unwrap_or_default(),
        public_key_pem: text("public_key_pem"),
        scopes: scopes.map(|list| {
            let scopes = list.iter().filter_map(Value::as_str);
            scopes.map(str::to_owned).collect()
        }),
        token_seconds: given
            .get("token_seconds")
            .and_then(Value::as_u64)
            .unwrap_or(default.token_seconds),
    }
}

/// Reads faults such as `{"rate":0.2,"kinds":["reset","stall"],"after_commit":0.5,"seed":7}`.
pub(crate) fn read_faults(body: &Value) -> RandomFaults {
    let default = RandomFaults::default();
    let share = |name: &str| body.get(name).and_then(Value::as_f64);
    let kinds = body.get("kinds").and_then(Value::as_array).map(|names| {
        FaultKind::ALL
            .into_iter()
            .filter(|kind| names.iter().any(|name| name == kind.name()))
            .collect()
    });
    RandomFaults {
        rate: share("rate").unwrap_or(default.rate),
        kinds: kinds.unwrap_or(default.kinds),
        after_commit: share("after_commit").unwrap_or(default.after_commit),
        seed: number(body, "seed").unwrap_or(default.seed),
    }
}

/// Reads a token.
pub(crate) fn read_token(body: &Value, now: u64) -> Token {
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

/// Reads a rate such as `{"burst":10,"per_second":2,"retry_after":true}`, or fails with a description of the problem.
pub(crate) fn read_rate(body: &Value) -> Result<Rate, String> {
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
        _ => Err("A rate requires burst and per_second, which must not be negative".to_owned()),
    }
}

fn number(body: &Value, name: &str) -> Option<u64> {
    body.get(name).and_then(Value::as_u64)
}
