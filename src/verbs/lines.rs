//! Lines of a stream of bytes, as it comes in.

use alloc::{borrow::ToOwned, vec, vec::Vec};

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

use super::calls::Calls;
use crate::{
    engine::get,
    transport::{Broken, Guard},
};

/// How long nothing may come, in milliseconds.
pub(super) const SILENCE_MS: f64 = 60_000.0;

#[wasm_bindgen]
extern "C" {
    // That of web-sys counts as unstable.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// A line and its number, from 1.
pub(super) type Line = (u64, Vec<u8>);

/// The lines of a stream. Who drops them ends the stream.
pub(super) struct Lines {
    reader: ReadableStreamDefaultReader,
    /// The beginning of the line that is not whole yet.
    rest: Vec<u8>,
    number: u64,
    is_over: bool,
}

impl Lines {
    /// Those of what is in a stream, which may be compressed.
    pub(super) async fn unpacked(body: &ReadableStream, guard: &Guard<'_>) -> Result<Self, Broken> {
        // One to look at its first bytes, and one to read.
        let twins = body.tee();
        let reader = read_from(&twins.get(0).unchecked_into())?;
        let first = guard.race(Ok(reader.read().into())).await?;
        leave(&reader);
        let first = Uint8Array::new(&get(&first, "value"));
        let is_gzip = first.at(0) == Some(0x1f) && first.at(1) == Some(0x8b);
        let mut stream: ReadableStream = twins.get(1).unchecked_into();
        if is_gzip {
            let unpack = DecompressionStream::new("gzip").map_err(Broken::Failed)?;
            stream = stream.pipe_through(unpack.unchecked_ref());
        }
        Ok(Self {
            reader: read_from(&stream)?,
            rest: Vec::new(),
            number: 0,
            is_over: false,
        })
    }

    /// The next lines that are not empty; none at the end.
    pub(super) async fn next(&mut self, calls: &Calls) -> Result<Vec<Line>, Broken> {
        let mut lines = Vec::new();
        while lines.is_empty() && !self.is_over {
            let read = Ok(self.reader.read().into());
            let read = calls.guard(SILENCE_MS)?.race(read).await?;
            self.is_over = get(&read, "done").is_truthy();
            let chunk = if self.is_over {
                // The last line may have no end.
                vec![b'\n']
            } else {
                Uint8Array::new(&get(&read, "value")).to_vec()
            };
            self.rest.extend(chunk);
            lines = self.whole();
        }
        Ok(lines)
    }

    /// Takes the lines that are whole.
    fn whole(&mut self) -> Vec<Line> {
        let text = core::mem::take(&mut self.rest);
        let mut pieces = text.split(|byte| *byte == b'\n');
        self.rest = pieces.next_back().unwrap_or_default().to_owned();
        let numbered = pieces.map(|line| {
            self.number = self.number.saturating_add(1);
            (self.number, line.trim_ascii().to_owned())
        });
        numbered.filter(|(_, line)| !line.is_empty()).collect()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if !self.is_over {
            leave(&self.reader);
        }
    }
}

fn read_from(stream: &ReadableStream) -> Result<ReadableStreamDefaultReader, Broken> {
    ReadableStreamDefaultReader::new(stream).map_err(Broken::Failed)
}

/// Ends a stream; what it says to that interests nobody, but must not be a rejection that nobody
/// handles.
fn leave(reader: &ReadableStreamDefaultReader) {
    let _ = Promise::all_settled(&Array::of1(&reader.cancel()));
}
