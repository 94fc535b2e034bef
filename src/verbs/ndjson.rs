//! Values from text with one JSON value per line, as it comes in.

use alloc::{boxed::Box, string::ToString, vec, vec::Vec};

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

use super::{
    lines::{Line, Lines},
    results::{Results, of_steps},
};
use crate::{engine::concat, error::Error};

/// Reads values from a stream of bytes or text with one JSON value per line, such as a file or an
/// upload, without holding all of it: items for [`Client::bulk_stream`](crate::Client::bulk_stream) or
/// [`Client::import_users_stream`](crate::Client::import_users_stream).
///
/// What is compressed with gzip is unpacked. Empty lines are left out, and the last line may have no
/// end. The stream is read no faster than values are asked for, and cancelled when this is dropped.
///
/// Fails with [`Error::Invalid`] for a line that is not JSON or not of the type, and names its number,
/// from 1; with [`Error::Caller`] if the stream fails, or if somebody else reads it.
pub fn ndjson<T: DeserializeOwned + 'static>(stream: ReadableStream) -> Results<'static, T, Error> {
    Results::new(of_steps(Lines::of(&stream), |mut lines| {
        Box::pin(async move {
            let items = match read(&mut lines).await {
                Ok(lines) => lines.iter().map(parse).collect(),
                Err(cause) => vec![Err(Error::Caller(cause))],
            };
            (lines, items)
        })
    }))
}

/// The next lines. How long to wait for them is up to whoever asks.
async fn read(lines: &mut Result<Lines, JsValue>) -> Result<Vec<Line>, JsValue> {
    let lines = lines.as_mut().map_err(|cause| cause.clone())?;
    let read = async |reader: &ReadableStreamDefaultReader| JsFuture::from(reader.read()).await;
    lines.next(read).await
}

/// Says nothing of what stands in the line, which is somebody's data.
fn parse<T: DeserializeOwned>((number, line): &Line) -> Result<T, Error> {
    serde_json::from_slice(line).map_err(|cause| {
        let fault = match cause.classify() {
            Category::Data => " is not what was asked for",
            _ => " is not JSON",
        };
        Error::Invalid(concat(&["line ", &number.to_string(), fault]))
    })
}
