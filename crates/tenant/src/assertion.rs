//! Proof by private key: the signed assertion with which an application asks for a token.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rsa::pkcs8::DecodePublicKey;
use rsa::signature::Verifier;
use rsa::{PublicKey, pkcs1v15, pss};
use serde_json::Value;
use sha2::{Sha256, Sha384};

use crate::config::{Client, Config};

/// What `client_assertion_type` must say.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The application that signed an assertion for this tenant, when it did so properly.
pub(crate) fn client<'a>(config: &'a Config, assertion: &str, now: u64) -> Option<&'a Client> {
    let (signed, signature) = assertion.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let (header, claims) = (part(header)?, part(payload)?);
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let expires = claims.get("exp").and_then(Value::as_u64)?;
    if text("iss") != text("sub") || expires.saturating_mul(1000) <= now || !is_for(config, &claims)
    {
        return None;
    }
    let subject = text("sub")?;
    let client = config.clients.iter().find(|client| client.id == subject)?;
    let key = PublicKey::from_public_key_pem(client.public_key_pem.as_deref()?).ok()?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    let algorithm = header.get("alg").and_then(Value::as_str)?;
    verifies(algorithm, key, signed.as_bytes(), &signature).then_some(client)
}

fn part(encoded: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

/// Whether the audience is this tenant; clients write `https://` in front of a domain on loopback too.
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

fn verifies(algorithm: &str, key: PublicKey, signed: &[u8], signature: &[u8]) -> bool {
    match algorithm {
        "RS256" => pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| {
            pkcs1v15::VerifyingKey::<Sha256>::new(key)
                .verify(signed, &signature)
                .is_ok()
        }),
        "RS384" => pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| {
            pkcs1v15::VerifyingKey::<Sha384>::new(key)
                .verify(signed, &signature)
                .is_ok()
        }),
        "PS256" => pss::Signature::try_from(signature).is_ok_and(|signature| {
            pss::VerifyingKey::<Sha256>::new(key)
                .verify(signed, &signature)
                .is_ok()
        }),
        _ => false,
    }
}
