//! A configuration as JSON, for callers that are not written in Rust.

use serde_json::Value;

use crate::config::{Client, Config};
use crate::control::{FAULTS, TOKEN, random_faults, rate_of, token_of};
use crate::validate::{self, FILLED, Field, Kind, TEXT};

const MS: Kind = Kind::Int(0, i64::MAX);

const CLIENT: Kind = Kind::Object(&[
    Field::new("id", FILLED).required(),
    Field::new("secret", TEXT),
    Field::new("public_key_pem", FILLED),
    Field::new("scopes", Kind::List(0, &FILLED)),
    Field::new("token_seconds", Kind::Int(1, i64::MAX)),
]);

const OPTIONS: Kind = Kind::Object(&[
    Field::new("users", Kind::Int(0, 10_000_000)),
    Field::new("seed", MS),
    Field::new("origin", FILLED),
    Field::new("tokens", Kind::List(0, &TOKEN)),
    Field::new("clients", Kind::List(0, &CLIENT)),
    Field::new("rate", Kind::Map).nullable(),
    Field::new("write_rate", Kind::Map).nullable(),
    Field::new("custom_domains", Kind::List(0, &FILLED)),
    Field::new("empty_last_page", Kind::Bool),
    Field::new("search_cap", Kind::Int(1, i64::MAX)).nullable(),
    Field::new("search_lag_ms", MS),
    Field::new(
        "search_engines",
        Kind::List(0, &Kind::Word(&["v1", "v2", "v3"])),
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
    /// The configuration that a JSON object describes: the fields of this struct under their names, with what is left
    /// out, or `null`, as in the default. The error names the option.
    pub fn from_json(options: &Value, now_ms: u64) -> Result<Self, String> {
        validate::check(&OPTIONS, options).map_err(|broken| broken.to_string())?;
        let usual = Self::default();
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
            users: size("users").unwrap_or(usual.users),
            seed: number("seed").unwrap_or(usual.seed),
            origin: get("origin")
                .and_then(Value::as_str)
                .map_or(usual.origin, str::to_owned),
            tokens: list("tokens").map_or(usual.tokens, |list| {
                list.iter().map(|token| token_of(token, now_ms)).collect()
            }),
            clients: list("clients")
                .map_or(usual.clients, |list| list.iter().map(client).collect()),
            rate: get("rate").map(rate_of).transpose()?,
            write_rate: get("write_rate").map(rate_of).transpose()?,
            custom_domains: list("custom_domains").map_or(usual.custom_domains, texts),
            empty_last_page: flag("empty_last_page").unwrap_or(usual.empty_last_page),
            search_cap: match options.get("search_cap") {
                Some(_) => size("search_cap"),
                None => usual.search_cap,
            },
            search_lag_ms: number("search_lag_ms").unwrap_or(usual.search_lag_ms),
            search_engines: list("search_engines").map_or(usual.search_engines, texts),
            recovery_code_without_enrollment: flag("recovery_code_without_enrollment")
                .unwrap_or(usual.recovery_code_without_enrollment),
            job_ms: number("job_ms").unwrap_or(usual.job_ms),
            job_polls: number("job_polls")
                .and_then(|polls| u32::try_from(polls).ok())
                .unwrap_or(usual.job_polls),
            deletion_delay_ms: number("deletion_delay_ms").unwrap_or(usual.deletion_delay_ms),
            brute_force_protection: flag("brute_force_protection")
                .unwrap_or(usual.brute_force_protection),
            latency_ms: number("latency_ms").unwrap_or(usual.latency_ms),
            faults: get("faults").map(random_faults),
            journal: size("journal").unwrap_or(usual.journal),
        })
    }
}

fn client(given: &Value) -> Client {
    let usual = Client::demo();
    let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
    let scopes = given.get("scopes").and_then(Value::as_array);
    Client {
        id: text("id").unwrap_or(usual.id),
        secret: text("secret").unwrap_or_default(),
        public_key_pem: text("public_key_pem"),
        scopes: scopes.map(|list| {
            let scopes = list.iter().filter_map(Value::as_str);
            scopes.map(str::to_owned).collect()
        }),
        token_seconds: given
            .get("token_seconds")
            .and_then(Value::as_u64)
            .unwrap_or(usual.token_seconds),
    }
}
