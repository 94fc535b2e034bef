//! Verification of signed assertions.

use rsa::pkcs8::DecodePublicKey;
use rsa::signature::Verifier;
use rsa::{PublicKey, pkcs1v15, pss};
use sha2::{Sha256, Sha384};

/// Returns whether the signature is valid, or `None` if the key or the algorithm cannot be used.
pub(super) fn verify(
    algorithm: &str,
    public_key_pem: &str,
    signed: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let key = PublicKey::from_public_key_pem(public_key_pem).ok()?;
    let result =
        match algorithm {
            "RS256" => pkcs1v15::VerifyingKey::<Sha256>::new(key)
                .verify(signed, &signature.try_into().ok()?),
            "RS384" => pkcs1v15::VerifyingKey::<Sha384>::new(key)
                .verify(signed, &signature.try_into().ok()?),
            "PS256" => {
                pss::VerifyingKey::<Sha256>::new(key).verify(signed, &signature.try_into().ok()?)
            }
            _ => return None,
        };
    Some(result.is_ok())
}
