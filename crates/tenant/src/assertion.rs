//! Proof by private key: the signed assertion with which an application asks for a token.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::config::{Client, Config};

/// What `client_assertion_type` must say.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A claim to be an application, which its signature has to prove.
#[derive(Clone, Debug)]
pub struct Assertion<'a> {
    pub(crate) client: &'a Client,
    /// How it is signed, such as RS256.
    pub algorithm: String,
    /// The public key of the application, as PEM.
    pub public_key_pem: &'a str,
    /// What is signed.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Assertion<'a> {
    /// Reads an assertion; nothing when it is refused whatever its signature says.
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

#[cfg(feature = "signatures")]
mod signatures {
    use rsa::pkcs8::DecodePublicKey;
    use rsa::signature::Verifier;
    use rsa::{PublicKey, pkcs1v15, pss};
    use sha2::{Sha256, Sha384};

    use super::Assertion;

    impl Assertion<'_> {
        /// Whether the application signed it.
        pub(crate) fn is_proven(&self) -> bool {
            self.verify().is_some_and(|proven| proven)
        }

        fn verify(&self) -> Option<bool> {
            let key = PublicKey::from_public_key_pem(self.public_key_pem).ok()?;
            let (signed, signature) = (self.signed.as_bytes(), self.signature.as_slice());
            let proof = match self.algorithm.as_str() {
                "RS256" => pkcs1v15::VerifyingKey::<Sha256>::new(key)
                    .verify(signed, &signature.try_into().ok()?),
                "RS384" => pkcs1v15::VerifyingKey::<Sha384>::new(key)
                    .verify(signed, &signature.try_into().ok()?),
                "PS256" => pss::VerifyingKey::<Sha256>::new(key)
                    .verify(signed, &signature.try_into().ok()?),
                _ => return None,
            };
            Some(proof.is_ok())
        }
    }
}

#[cfg(not(feature = "signatures"))]
impl Assertion<'_> {
    /// Nobody here can tell.
    pub(crate) fn is_proven(&self) -> bool {
        false
    }
}
