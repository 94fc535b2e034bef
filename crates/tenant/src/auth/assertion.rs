//! Client assertions: the signed tokens with which an application authenticates (private key JWT).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::config::{Client, Config};

/// The value of `client_assertion_type`.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion of an application, with what is needed to verify its signature.
#[derive(Clone, Debug)]
pub struct Assertion<'a> {
    pub(crate) client: &'a Client,
    /// The signature algorithm, such as RS256.
    pub algorithm: String,
    /// The public key of the application as PEM.
    pub public_key_pem: &'a str,
    /// The signed text.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Assertion<'a> {
    /// Reads an assertion, or returns `None` if it is refused regardless of its signature.
    pub(crate) fn read(config: &'a Config, assertion: &'a str, now: u64) -> Option<Self> {
        let (signed, signature) = assertion.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let (header, claims) = (part(header)?, part(payload)?);
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let expires = claims.get("exp").and_then(Value::as_u64)?;
        if text("iss") != text("sub")
            || expires.saturating_mul(1000) <= now
            || !is_for(config, &claims)
        {
            return None;
        }
        let subject = text("sub")?;
        let client = config.clients.iter().find(|client| client.id == subject)?;
        Some(Self {
            client,
            algorithm: header.get("alg").and_then(Value::as_str)?.to_owned(),
            public_key_pem: client.public_key_pem.as_deref()?,
            signed,
            signature: BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// Returns whether the signature is valid.
    #[cfg(feature = "signatures")]
    pub(super) fn has_valid_signature(&self) -> bool {
        let signed = self.signed.as_bytes();
        super::signature::verify(
            &self.algorithm,
            self.public_key_pem,
            signed,
            &self.signature,
        )
        .unwrap_or(false)
    }

    /// Returns false: without the feature `signatures` the caller verifies signatures.
    #[cfg(not(feature = "signatures"))]
    pub(super) fn has_valid_signature(&self) -> bool {
        false
    }
}

/// Decodes a part of a token.
fn part(encoded: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

/// Returns whether the audience is this tenant. The scheme is ignored: clients use `https` for a loopback address too.
fn is_for(config: &Config, claims: &Value) -> bool {
    let bare = |address: &str| {
        let host = address.split_once("://").map_or(address, |(_, host)| host);
        host.trim_end_matches('/').to_owned()
    };
    let own = bare(&config.origin);
    let is_own = |audience: &Value| {
        audience
            .as_str()
            .is_some_and(|audience| bare(audience) == own)
    };
    match claims.get("aud") {
        Some(Value::Array(list)) => list.iter().any(is_own),
        Some(audience) => is_own(audience),
        None => false,
    }
}
