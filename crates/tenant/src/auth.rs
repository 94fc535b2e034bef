//! Bearer tokens, their scopes, and the endpoint that mints them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::assertion::{self, Assertion};
use crate::config::{Client, Config, Token};
use crate::error::ApiError;
use crate::ids::Ids;
use crate::kept::kept;
use crate::path;
use crate::reply::Reply;

/// What the token of a request may do.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    scopes: Option<Vec<String>>,
    subject: Option<String>,
    expires_at: Option<u64>,
}

impl Grant {
    /// What needs no asking.
    pub(crate) fn of_everything() -> Self {
        Self {
            scopes: None,
            subject: None,
            expires_at: None,
        }
    }

    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes
            .as_ref()
            .is_none_or(|scopes| scopes.iter().any(|own| own == scope))
    }

    /// Whether the scopes suffice for an operation on a user.
    pub(crate) fn check(&self, needed: Scopes, user_id: Option<&str>) -> Result<(), ApiError> {
        match needed {
            Scopes::All(list) => {
                if list.iter().all(|scope| self.has(scope)) {
                    return Ok(());
                }
                Err(insufficient("all", list))
            }
            Scopes::Any(list) => {
                let of_all_users = |scope: &&&str| !scope.contains(":current_user");
                if list
                    .iter()
                    .filter(of_all_users)
                    .any(|scope| self.has(scope))
                {
                    return Ok(());
                }
                if !list.iter().any(|scope| self.has(scope)) {
                    return Err(insufficient("any", list));
                }
                if self.subject.is_some() && self.subject.as_deref() == user_id {
                    return Ok(());
                }
                Err(ApiError::new(
                    403,
                    "unowned_resource",
                    "User to be acted on does not match subject in bearer token.",
                ))
            }
        }
    }
}

/// The 403 of a token without the scopes that an operation or a field needs.
pub(crate) fn insufficient(how_many: &str, list: &[&str]) -> ApiError {
    ApiError::new(
        403,
        "insufficient_scope",
        format!(
            "Insufficient scope, expected {how_many} of: {}",
            list.join(",")
        ),
    )
}

/// The scopes an operation asks for.
#[derive(Clone, Copy, Debug)]
pub enum Scopes {
    /// One of them is enough.
    Any(&'static [&'static str]),
    /// Every one is needed.
    All(&'static [&'static str]),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    known: BTreeMap<String, Grant>,
}

impl Tokens {
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let mut known = Self::default();
        for token in tokens {
            known.add(token.clone());
        }
        known
    }

    pub(crate) fn add(&mut self, token: Token) {
        let grant = Grant {
            scopes: token.scopes,
            subject: token.subject,
            expires_at: token.expires_at_ms,
        };
        self.known.insert(token.value, grant);
    }

    pub(crate) fn known(&self, token: &str) -> Option<&Grant> {
        self.known.get(token)
    }

    pub(crate) fn keep(&mut self, token: String, grant: Grant) {
        self.known.insert(token, grant);
    }

    /// The grant behind an `Authorization` header.
    pub(crate) fn grant(&self, header: Option<&str>, now: u64) -> Result<Grant, ApiError> {
        let Some(header) = header else {
            return Err(ApiError::plain(401, "Missing authentication"));
        };
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .filter(|token| !token.is_empty() && !token.contains(' '));
        let Some(token) = token else {
            return Err(ApiError::new(
                400,
                "Bearer",
                "Bad HTTP authentication header format",
            ));
        };
        match self.known.get(token) {
            Some(grant) if grant.expires_at.is_some_and(|expiry| expiry <= now) => Err(
                ApiError::unauthorized("Expired token received for JSON Web Token validation"),
            ),
            Some(grant) => Ok(grant.clone()),
            None if token.split('.').count() == 3 => Err(ApiError::unauthorized(
                "Invalid signature received for JSON Web Token validation",
            )),
            None => Err(ApiError::unauthorized("Invalid token")),
        }
    }

    /// Answers `POST /oauth/token` for the client credentials grant.
    /// A client without scopes of its own has `every_scope`.
    pub(crate) fn mint(
        &mut self,
        config: &Config,
        every_scope: &[&str],
        ids: &mut Ids,
        body: &[u8],
        vouched: Option<&str>,
        now: u64,
    ) -> Reply {
        match self.try_mint(config, every_scope, ids, body, vouched, now) {
            Ok(answer) => Reply::json(200, answer),
            Err((status, error, description)) => Reply::json(
                status,
                json!({ "error": error, "error_description": description }),
            ),
        }
    }

    fn try_mint(
        &mut self,
        config: &Config,
        every_scope: &[&str],
        ids: &mut Ids,
        body: &[u8],
        vouched: Option<&str>,
        now: u64,
    ) -> Result<Value, (u16, &'static str, String)> {
        let asked = parameters(body)
            .ok_or_else(|| (400, "invalid_request", "The body cannot be read".to_owned()))?;
        let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
        match text("grant_type") {
            "client_credentials" => {}
            "" => {
                return Err((
                    400,
                    "invalid_request",
                    "Missing required parameter: grant_type".into(),
                ));
            }
            other => {
                let message = format!("Unsupported grant type: {other}");
                return Err((403, "unsupported_grant_type", message));
            }
        }
        let client = if text("client_assertion_type") == assertion::TYPE {
            let given = text("client_assertion");
            Assertion::read(config, given, now)
                .filter(|read| vouched == Some(given) || read.is_proven())
                .map(|read| read.client)
        } else {
            config.clients.iter().find(|client| {
                client.id == text("client_id")
                    && client.secret == text("client_secret")
                    && !client.secret.is_empty()
            })
        };
        let client = client.ok_or_else(|| (401, "access_denied", "Unauthorized".to_owned()))?;
        let audience = text("audience");
        if !audience.ends_with("/api/v2/") {
            return Err((
                403,
                "access_denied",
                format!("Service not found: {audience}"),
            ));
        }
        let scopes = granted(client, every_scope, text("scope"));
        let token = format!("{}.{}.{}", ids.alnum(36), ids.alnum(160), ids.alnum(86));
        let lifetime = client.token_seconds.saturating_mul(1000);
        let grant = Grant {
            scopes: Some(scopes.clone()),
            subject: None,
            expires_at: Some(now.saturating_add(lifetime)),
        };
        self.known.insert(token.clone(), grant);
        Ok(json!({
            "access_token": token,
            "expires_in": client.token_seconds,
            "scope": scopes.join(" "),
            "token_type": "Bearer",
        }))
    }
}

/// Returns the scopes asked for that the client was granted; all of its scopes when none is named.
fn granted(client: &Client, every_scope: &[&str], asked: &str) -> Vec<String> {
    let own = client.scopes.clone().unwrap_or_else(|| {
        let of_clients = every_scope
            .iter()
            .filter(|scope| !scope.contains(":current_user"));
        of_clients.map(|scope| String::from(*scope)).collect()
    });
    if asked.is_empty() {
        return own;
    }
    own.into_iter()
        .filter(|scope| asked.split(' ').any(|wanted| wanted == scope))
        .collect()
}

/// The assertion in the body of a token request.
pub(crate) fn assertion_in(body: &[u8]) -> Option<String> {
    match parameters(body)?.get_mut("client_assertion")?.take() {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A token request is a form or a JSON object; what it is shows in its first character.
fn parameters(body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).ok();
    }
    let pairs = path::pairs(text)?;
    Some(Value::Object(
        pairs
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    ))
}

kept!(Grant {
    scopes,
    subject,
    expires_at
});

kept!(Tokens { known });
