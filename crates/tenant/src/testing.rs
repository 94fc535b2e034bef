//! The bindings for JavaScript. `pkg-template/src/testing/tenant.ts` builds the public API on them and checks their
//! arguments.

use http::Request;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::config::Config;
use crate::faults::Fault;
use crate::tenant::Tenant;

/// A tenant.
#[wasm_bindgen]
pub struct Core {
    tenant: Tenant,
}

#[wasm_bindgen]
impl Core {
    /// Creates a tenant with options as JSON, or throws a string that describes the problem.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &[u8], now: f64) -> Result<Core, JsValue> {
        let options = serde_json::from_slice(options).unwrap_or(Value::Null);
        let config = Config::from_json(&options, time(now))?;
        Ok(Self {
            tenant: Tenant::new(config),
        })
    }

    /// Responds to a request with the head `{"method", "url", "headers"}` as JSON. `verified` is whether the caller has
    /// verified the signature of the assertion in the body. Returns a line of JSON followed by the body.
    pub fn serve(&mut self, head: &[u8], body: Vec<u8>, verified: bool, now: f64) -> Vec<u8> {
        let Some(request) = request(head, body) else {
            return Vec::new();
        };
        if verified {
            self.tenant.mark_verified(request.body());
        }
        let outcome = self.tenant.serve(&request, time(now));
        let headers: Vec<_> = outcome
            .response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some([name.as_str(), value.to_str().ok()?]))
            .collect();
        let head = json!({
            "status": outcome.response.status().as_u16(),
            "headers": headers,
            "delay": outcome.delay_ms,
            "fault": match outcome.fault {
                Fault::None => "",
                Fault::Reset => "reset",
                Fault::Truncate => "truncate",
                Fault::Stall => "stall",
            },
        });
        let mut response = head.to_string().into_bytes();
        response.push(b'\n');
        response.extend(outcome.response.into_body());
        response
    }

    /// Returns what is needed to verify the assertion in a token request: lines with the algorithm, the key as PEM and the
    /// signed text, followed by the signature. Empty if there is no assertion to verify.
    pub fn assertion(&self, body: &[u8], now: f64) -> Vec<u8> {
        let described = self.tenant.with_assertion(body, time(now), |assertion| {
            let key = assertion.public_key_pem.replace(['\n', '\r'], "");
            let head = format!("{}\n{key}\n{}\n", assertion.algorithm, assertion.signed);
            let mut described = head.into_bytes();
            described.extend(assertion.signature);
            described
        });
        described.unwrap_or_default()
    }
}

fn time(now: f64) -> u64 {
    // The conversion turns negative numbers and NaN into 0.
    now as u64
}

fn request(head: &[u8], body: Vec<u8>) -> Option<Request<Vec<u8>>> {
    let head: Value = serde_json::from_slice(head).ok()?;
    let text = |name: &str| head.get(name).and_then(Value::as_str);
    let mut request = Request::builder().method(text("method")?).uri(text("url")?);
    for pair in head.get("headers")?.as_array()? {
        let text = |place: usize| pair.get(place).and_then(Value::as_str);
        request = request.header(text(0)?, text(1)?);
    }
    request.body(body).ok()
}
