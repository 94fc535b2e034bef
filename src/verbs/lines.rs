//! Lines of a stream of bytes, as it comes in.

use alloc::{borrow::ToOwned, vec::Vec};

use js_sys::{Array, ArrayBuffer, Promise, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ReadableStream, ReadableStreamDefaultReader, WritableStream, WritableStreamDefaultWriter,
};

use crate::engine::get;

/// What begins with these is compressed.
const GZIP: &[u8] = b"\x1f\x8b";
/// What some editors write before the first line.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[wasm_bindgen]
extern "C" {
    // That of web-sys counts as unstable.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &DecompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &DecompressionStream) -> WritableStream;
}

/// A line and its number, from 1.
pub(super) type Line = (u64, Vec<u8>);

/// The lines of a stream, which may be compressed. Who drops them ends the stream.
pub(super) struct Lines {
    reader: ReadableStreamDefaultReader,
    /// The beginning of the line that is not whole yet.
    rest: Vec<u8>,
    number: u64,
    /// Is it known whether it is compressed?
    has_begun: bool,
    is_over: bool,
}

impl Lines {
    /// Fails if somebody else reads the stream.
    pub(super) fn of(stream: &ReadableStream) -> Result<Self, JsValue> {
        Ok(Self {
            reader: ReadableStreamDefaultReader::new(stream)?,
            rest: Vec::new(),
            number: 0,
            has_begun: false,
            is_over: false,
        })
    }

    /// The next lines that are not empty; none at the end. `read` reads, for as long as its caller waits.
    pub(super) async fn next<E: From<JsValue>>(
        &mut self,
        read: impl AsyncFn(&ReadableStreamDefaultReader) -> Result<JsValue, E>,
    ) -> Result<Vec<Line>, E> {
        let mut lines = Vec::new();
        while lines.is_empty() && !self.is_over {
            let given = read(&self.reader).await?;
            self.is_over = get(&given, "done").is_truthy();
            let chunk = get(&given, "value");
            let mut bytes = bytes_of(&chunk)?;
            if !self.has_begun {
                bytes.splice(..0, core::mem::take(&mut self.rest));
                self.has_begun = self.is_over || bytes.len() >= GZIP.len();
                if !self.has_begun {
                    self.rest = bytes;
                    continue;
                }
                if bytes.starts_with(GZIP) {
                    self.unpack(Uint8Array::from(bytes.as_slice()).into())?;
                    continue;
                }
            }
            if self.is_over {
                // The last line may have no end.
                bytes.push(b'\n');
            }
            self.rest.extend(bytes);
            lines = self.whole();
        }
        Ok(lines)
    }

    /// Reads on what the stream is when it is unpacked.
    fn unpack(&mut self, first: JsValue) -> Result<(), JsValue> {
        let unpacking = DecompressionStream::new("gzip")?;
        let writer = unpacking.writable().get_writer()?;
        let unpacked = ReadableStreamDefaultReader::new(&unpacking.readable())?;
        let packed = core::mem::replace(&mut self.reader, unpacked);
        spawn_local(feed(packed, first, writer));
        Ok(())
    }

    /// Takes the lines that are whole.
    fn whole(&mut self) -> Vec<Line> {
        let text = core::mem::take(&mut self.rest);
        let mut pieces = text.split(|byte| *byte == b'\n');
        self.rest = pieces.next_back().unwrap_or_default().to_owned();
        let numbered = pieces.map(|line| {
            let mark = (self.number == 0).then_some(BYTE_ORDER_MARK);
            let line = mark
                .and_then(|mark| line.strip_prefix(mark))
                .unwrap_or(line);
            self.number = self.number.saturating_add(1);
            (self.number, line.trim_ascii().to_owned())
        });
        numbered.filter(|(_, line)| !line.is_empty()).collect()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if !self.is_over {
            forget(&self.reader.cancel());
        }
    }
}

/// Writes no faster than is read. A pipe would not: in Node.js it has this stream take 16,384 chunks at
/// once.
async fn feed(
    packed: ReadableStreamDefaultReader,
    mut chunk: JsValue,
    writer: WritableStreamDefaultWriter,
) {
    let fed = async {
        loop {
            JsFuture::from(writer.write_with_chunk(&chunk)).await?;
            let read = JsFuture::from(packed.read()).await?;
            if get(&read, "done").is_truthy() {
                return JsFuture::from(writer.close()).await;
            }
            chunk = get(&read, "value");
        }
    };
    if let Err(error) = fed.await {
        forget(&packed.cancel_with_reason(&error));
        forget(&writer.abort_with_reason(&error));
    }
}

/// What a read gave; nothing at the end.
fn bytes_of(chunk: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = chunk.as_string() {
        return Ok(text.into_bytes());
    }
    if chunk.is_undefined() {
        return Ok(Vec::new());
    }
    if ArrayBuffer::is_view(chunk) {
        return Ok(Uint8Array::new(chunk).to_vec());
    }
    Err(TypeError::new("the stream must give bytes or text").into())
}

/// What comes of it is seen where the stream is read, and must not be a rejection that nobody handles.
fn forget(promise: &Promise) {
    let _ = Promise::all_settled(&Array::of1(promise));
}
