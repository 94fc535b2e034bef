// Values from text with one JSON value per line, as it comes in.

import { check, checkOptions, define, named } from "./check.ts";
import { endIfAborted, unlessAborted } from "./signal.ts";

/** A user profile is at most 1 MB, and JSON may write one of its bytes as six. */
const MAX_LINE = 8 * 1024 * 1024;
const NEWLINE = 10;

/** Keeps a mark of the order of bytes, which only the first line may have. */
const utf8 = { fatal: true, ignoreBOM: true };

const tooLong = (line, limit) =>
  define(new RangeError(`line ${line} is longer than ${limit}; see maxLineLength`), {
    code: "line_too_long",
    line,
  });

/** The error of a line; `isCut` says that it has no end, so that more of it may be missing. */
const invalid = (line, isCut, format, cause) =>
  define(new SyntaxError(`line ${line} is not ${format}`, { cause }), { code: "invalid_line", line, isCut });

/** The lines of text that comes in pieces, each with its number and whether it has its end. */
class Lines {
  #number = 1;
  #pieces = [];
  #length = 0;
  #max;
  #isText;
  #decoder = new TextDecoder("utf-8", utf8);

  constructor(max) {
    this.#max = max;
  }

  /** Takes the next piece of text, and yields the lines that end in it. */
  *take(chunk) {
    const isText = typeof chunk === "string";
    this.#isText ??= isText;
    const isSame = this.#isText === isText;
    check(
      isSame && (isText || ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer),
      "source must give bytes or text",
    );
    const piece = isText ? chunk : bytesOf(chunk);
    let start = 0;
    for (;;) {
      const end = isText ? piece.indexOf("\n", start) : piece.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#add(isText ? piece.slice(start, end) : piece.subarray(start, end));
      yield this.#line(true);
      start = end + 1;
    }
    // A copy: a source may fill its buffer again.
    if (start < piece.length) this.#add(piece.slice(start));
  }

  /** The last line, if it has no end. */
  *rest() {
    if (this.#length > 0) yield this.#line(false);
  }

  #add(piece) {
    this.#length += piece.length;
    if (this.#length > this.#max) throw tooLong(this.#number, `${this.#max} ${this.#isText ? "characters" : "bytes"}`);
    this.#pieces.push(piece);
  }

  #line(isEnded) {
    const number = this.#number;
    let text;
    try {
      text = this.#isText ? this.#pieces.join("") : this.#decoder.decode(joined(this.#pieces, this.#length));
    } catch (cause) {
      throw invalid(number, !isEnded, "UTF-8", cause);
    }
    this.#number += 1;
    this.#pieces = [];
    this.#length = 0;
    return { text: number === 1 ? text.replace(/^\uFEFF/, "") : text, number, isEnded };
  }
}

function bytesOf(chunk) {
  if (!ArrayBuffer.isView(chunk)) return new Uint8Array(chunk);
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function joined(pieces, length) {
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function parse({ text, number, isEnded }) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(number, !isEnded, "JSON", cause);
  }
}

/** The values of lines that come in chunks. */
export async function* valuesOf(chunks, { maxLineLength = MAX_LINE, abortSignal: signal } = { __proto__: null }) {
  const lines = new Lines(maxLineLength);
  for await (const chunk of chunks) {
    for (const line of lines.take(chunk)) {
      if (!line.text.trim()) continue;
      yield parse(line);
      // The lines of one chunk are there already: nothing else looks at the signal between them.
      endIfAborted(signal);
    }
  }
  for (const line of lines.rest()) if (line.text.trim()) yield parse(line);
}

export function ndjson(source, options) {
  return named("ndjson", new Error(), () => values(source, options));
}

async function* values(source, options = { __proto__: null }) {
  const { abortSignal, maxLineLength = MAX_LINE } = checkOptions(options, ["abortSignal", "maxLineLength"]);
  check(maxLineLength > 0, "maxLineLength must be a number above 0");
  // An answer without a body has no values.
  if (source?.body === null) return;
  const chunks = source?.body ?? source?.stream?.() ?? source;
  check(
    chunks?.[Symbol.asyncIterator] ?? chunks?.getReader,
    "source must be a stream, a Blob, a Response or a Request",
  );
  yield* valuesOf(chunksOf(chunks, abortSignal), { abortSignal, maxLineLength });
}

/** Chunks until the signal aborts, whatever the source waits for. */
async function* chunksOf(source, signal) {
  // Streams of Safari and older Chromium are not iterable, and those that are cannot be ended while they wait.
  const reader = source.getReader?.();
  const iterator = reader
    ? { next: () => reader.read(), return: () => reader.cancel() }
    : source[Symbol.asyncIterator]();
  try {
    for (;;) {
      endIfAborted(signal);
      const { done, value } = await unlessAborted(signal, iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    const closed = (async () => iterator.return?.())().catch(() => {});
    // A source that stalls may never close.
    if (!signal?.aborted) await closed;
  }
}
