//! What a request changed, as a line of text with which it can be done again: for whoever keeps a tenant in a file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use http::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::Ids;
use crate::kept::Kept;

/// One change.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// A request that was carried out.
    Request {
        now: u64,
        /// The source of randomness as it was before.
        ids: Value,
        method: String,
        uri: String,
        content_type: Option<String>,
        custom_domain: Option<String>,
        /// In base64, since not every body is text.
        body: String,
    },
    /// A token that was handed out. Its request holds the secret of an application, which belongs in no file.
    Token {
        value: String,
        grant: Value,
        /// The source of randomness as it was afterwards, so that no token is made twice.
        ids: Value,
    },
}

impl Change {
    pub(crate) fn of(request: &Request<Vec<u8>>, now: u64, ids: &Ids) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        Self::Request {
            now,
            ids: ids.write(),
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            content_type: header("content-type"),
            custom_domain: header("auth0-custom-domain"),
            body: BASE64_STANDARD_NO_PAD.encode(request.body()),
        }
    }

    /// The change as a line, without its end.
    pub(crate) fn to_line(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok()
    }
}

/// The request of a change.
pub(crate) fn request(
    method: &str,
    uri: &str,
    headers: [(&str, Option<String>); 2],
    body: &str,
) -> Option<Request<Vec<u8>>> {
    let body = BASE64_STANDARD_NO_PAD.decode(body).ok()?;
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    request.body(body).ok()
}
