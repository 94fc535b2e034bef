//! The tokens that a tenant accepts, and the client credentials grant.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::assertion::{self, Assertion};
use super::grant::Grant;
use crate::config::{Client, Config, Token};
use crate::error::ApiError;
use crate::state::ids::Ids;
use crate::state::snapshot::snapshot;

#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    known: BTreeMap<String, Grant>,
}

/// A refusal of the token endpoint.
pub(crate) struct TokenError {
    pub status: u16,
    pub error: &'static str,
    pub description: String,
}

impl TokenError {
    fn new(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        Self {
            status,
            error,
            description: description.into(),
        }
    }
}

/// A request of the token endpoint.
pub(crate) struct TokenRequest<'a> {
    /// The parameters; missing if the body cannot be read.
    pub parameters: Option<Value>,
    /// An assertion whose signature the caller has verified.
    pub verified_assertion: Option<&'a str>,
    /// The scopes of a client that has no scopes of its own.
    pub all_scopes: &'a [&'a str],
    pub now: u64,
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
        self.insert(token.value, grant);
    }

    pub(crate) fn insert(&mut self, token: String, grant: Grant) {
        self.known.insert(token, grant);
    }

    pub(crate) fn get(&self, token: &str) -> Option<&Grant> {
        self.known.get(token)
    }

    /// Returns the grant of an `Authorization` header, or fails with the refusal of the API.
    pub(crate) fn authorize(&self, header: Option<&str>, now: u64) -> Result<Grant, ApiError> {
        let Some(header) = header else {
            return Err(ApiError::without_code(401, "Missing authentication"));
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

    /// Issues a token for the client credentials grant, and returns the body of the response.
    pub(crate) fn issue(
        &mut self,
        config: &Config,
        ids: &mut Ids,
        request: &TokenRequest<'_>,
    ) -> Result<Value, TokenError> {
        let Some(parameters) = &request.parameters else {
            return Err(TokenError::new(
                400,
                "invalid_request",
                "The body cannot be read",
            ));
        };
        let text = |name: &str| {
            let value = parameters.get(name).and_then(Value::as_str);
            value.unwrap_or_default()
        };
        match text("grant_type") {
            "client_credentials" => {}
            "" => {
                return Err(TokenError::new(
                    400,
                    "invalid_request",
                    "Missing required parameter: grant_type",
                ));
            }
            other => {
                let description = format!("Unsupported grant type: {other}");
                return Err(TokenError::new(403, "unsupported_grant_type", description));
            }
        }
        let client = if text("client_assertion_type") == assertion::TYPE {
            let given = text("client_assertion");
            Assertion::read(config, given, request.now)
                .filter(|read| {
                    request.verified_assertion == Some(given) || read.has_valid_signature()
                })
                .map(|read| read.client)
        } else {
            config.clients.iter().find(|client| {
                client.id == text("client_id")
                    && client.secret == text("client_secret")
                    && !client.secret.is_empty()
            })
        };
        let client = client.ok_or_else(|| TokenError::new(401, "access_denied", "Unauthorized"))?;
        let audience = text("audience");
        if !audience.ends_with("/api/v2/") {
            let description = format!("Service not found: {audience}");
            return Err(TokenError::new(403, "access_denied", description));
        }
        let scopes = granted_scopes(client, request.all_scopes, text("scope"));
        let token = format!("{}.{}.{}", ids.alnum(36), ids.alnum(160), ids.alnum(86));
        let lifetime = client.token_seconds.saturating_mul(1000);
        let grant = Grant {
            scopes: Some(scopes.clone()),
            subject: None,
            expires_at: Some(request.now.saturating_add(lifetime)),
        };
        self.insert(token.clone(), grant);
        Ok(json!({
            "access_token": token,
            "expires_in": client.token_seconds,
            "scope": scopes.join(" "),
            "token_type": "Bearer",
        }))
    }
}

/// Returns the requested scopes that the client has; all its scopes if the request names none.
fn granted_scopes(client: &Client, all_scopes: &[&str], requested: &str) -> Vec<String> {
    let own = client.scopes.clone().unwrap_or_else(|| {
        let of_clients = all_scopes
            .iter()
            .filter(|scope| !scope.contains(":current_user"));
        of_clients.map(|scope| String::from(*scope)).collect()
    });
    if requested.is_empty() {
        return own;
    }
    own.into_iter()
        .filter(|scope| requested.split(' ').any(|wanted| wanted == scope))
        .collect()
}

snapshot!(Tokens { known });
