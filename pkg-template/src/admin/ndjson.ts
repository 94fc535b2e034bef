// Values from text with one JSON value per line, as it comes in.

import type { AbortSignalLike } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { type Bytes, bytesOf, join } from "../client/bytes.ts";
import { define } from "../client/objects.ts";
import { throwIfAborted, unlessAborted } from "../client/signals.ts";
import { checkOptions, named } from "./shared/checks.ts";

export interface NdjsonOptions {
  /** How long a line may be, in bytes, or in characters if the source gives text; 8,388,608 by default. */
  maxLineLength?: number;
  /** Ends the loop with the reason of the signal, also while the source gives nothing. */
  abortSignal?: AbortSignalLike;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- A reader of the web or of another library.
type Chunks = AsyncIterable<Uint8Array | string> | { getReader(): any };
type NdjsonSource = Chunks | { stream(): Chunks } | { body: Chunks | null };

/**
 * Yields the values of UTF-8 text with one JSON value per line, read as it comes in from a stream, a `Blob`, a `Response`
 * or a `Request`. Throws a `SyntaxError` with `code: "invalid_line"` and the number of a `line` that is not JSON or not
 * UTF-8 (`isCut` is true if it is a last line without a line end), and a `RangeError` with `code: "line_too_long"` and the
 * `line`.
 *
 * @example
 * for await (const user of ndjson(file.stream())) console.log(user.email);
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- The lines are what the caller says they are.
export function ndjson<Value = any>(
  source: NdjsonSource,
  options?: NdjsonOptions,
): AsyncGenerator<Value, void, undefined> {
  return named("ndjson", () => values(source, options)) as AsyncGenerator<Value, void, undefined>;
}

/** A user profile is at most 1 MB, and JSON may write one of its bytes as six. */
const MAX_LINE = 8 * 1024 * 1024;
const NEWLINE = 10;

/** Keeps a byte order mark, which only the first line may have. */
const utf8 = { fatal: true, ignoreBOM: true };

const tooLong = (line: number, limit: string) =>
  define(new RangeError(`line ${line} is longer than ${limit}; see maxLineLength`), {
    code: "line_too_long",
    line,
  });

/** Makes the error of a line; `isCut` says that it has no end, so that more of it may be missing. */
const invalid = (line: number, isCut: boolean, format: string, cause: unknown) =>
  define(new SyntaxError(`line ${line} is not ${format}`, { cause }), { code: "invalid_line", line, isCut });

/** A line of text, with its number and whether it has its end. */
interface Line {
  readonly text: string;
  readonly number: number;
  readonly isEnded: boolean;
}

/** The lines of text that comes in pieces: text, or bytes. */
class Lines {
  readonly #max: number;
  readonly #decoder = new TextDecoder("utf-8", utf8);
  #number = 1;
  #texts: string[] = [];
  #bytes: Bytes[] = [];
  #length = 0;
  #isText: boolean | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes the next piece, and yields the lines that end in it. */
  *take(chunk: unknown): Generator<Line, void, undefined> {
    const isText = typeof chunk === "string";
    this.#isText ??= isText;
    const isOfOneKind = this.#isText === isText;
    const piece = isText ? chunk : bytesOf(chunk);
    check(isOfOneKind && piece !== undefined, "source must give bytes or text");
    let start = 0;
    for (;;) {
      const end = typeof piece === "string" ? piece.indexOf("\n", start) : piece.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#add(typeof piece === "string" ? piece.slice(start, end) : piece.subarray(start, end));
      yield this.#line(true);
      start = end + 1;
    }
    // A copy: a source may fill its buffer again.
    if (start < piece.length) this.#add(piece.slice(start));
  }

  /** Yields the last line, if it has no end. */
  *rest(): Generator<Line, void, undefined> {
    if (this.#length > 0) yield this.#line(false);
  }

  #add(piece: string | Bytes): void {
    this.#length += piece.length;
    if (this.#length > this.#max) throw tooLong(this.#number, `${this.#max} ${this.#isText ? "characters" : "bytes"}`);
    if (typeof piece === "string") this.#texts.push(piece);
    else this.#bytes.push(piece);
  }

  #line(isEnded: boolean): Line {
    const number = this.#number;
    let text: string;
    try {
      text = this.#isText ? this.#texts.join("") : this.#decoder.decode(joined(this.#bytes));
    } catch (cause) {
      throw invalid(number, !isEnded, "UTF-8", cause);
    }
    this.#number += 1;
    this.#texts = [];
    this.#bytes = [];
    this.#length = 0;
    return { text: number === 1 ? text.replace(/^\uFEFF/, "") : text, number, isEnded };
  }
}

/** Returns the bytes of several pieces. A line hardly ever has more than one. */
function joined(pieces: readonly Bytes[]): Bytes {
  const [first] = pieces;
  return first && pieces.length === 1 ? first : join(pieces);
}

function parse({ text, number, isEnded }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(number, !isEnded, "JSON", cause);
  }
}

interface ReadOptions {
  readonly maxLineLength: number;
  readonly abortSignal: AbortSignalLike | undefined;
}

/** Yields the values of lines that come in chunks. */
export async function* valuesOf(
  chunks: AsyncIterable<unknown>,
  { maxLineLength, abortSignal: signal }: ReadOptions = { maxLineLength: MAX_LINE, abortSignal: undefined },
): AsyncGenerator<unknown, void, undefined> {
  const lines = new Lines(maxLineLength);
  for await (const chunk of chunks) {
    for (const line of lines.take(chunk)) {
      if (!line.text.trim()) continue;
      yield parse(line);
      // The lines of one chunk are there already: nothing else looks at the signal between them.
      throwIfAborted(signal);
    }
  }
  for (const line of lines.rest()) if (line.text.trim()) yield parse(line);
}

/** The properties that a source may have: a stream, a `Blob`, a `Response` or a `Request`. */
interface AnySource extends AnyChunks {
  readonly body?: AnyChunks | null;
  readonly stream?: () => AnyChunks;
}

/** The properties that a stream may have. */
interface AnyChunks {
  readonly [Symbol.asyncIterator]?: () => AsyncIterator<unknown>;
  readonly getReader?: () => { read(): Promise<IteratorResult<unknown>>; cancel(): Promise<unknown> };
}

async function* values(source: NdjsonSource, options: NdjsonOptions = {}): AsyncGenerator<unknown, void, undefined> {
  const { abortSignal, maxLineLength = MAX_LINE } = checkOptions(options, ["abortSignal", "maxLineLength"]);
  check(maxLineLength > 0, "maxLineLength must be a number above 0");
  const given = source as AnySource | undefined;
  // An answer without a body has no values.
  if (given?.body === null) return;
  const chunks = given?.body ?? given?.stream?.() ?? given;
  check(
    chunks && (chunks[Symbol.asyncIterator] ?? chunks.getReader),
    "source must be a stream, a Blob, a Response or a Request",
  );
  yield* valuesOf(chunksOf(chunks, abortSignal), { abortSignal, maxLineLength });
}

/** Yields chunks until the signal aborts, whatever the source waits for. */
async function* chunksOf(
  source: AnyChunks,
  signal: AbortSignalLike | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const iterator = iteratorOf(source);
  try {
    for (;;) {
      throwIfAborted(signal);
      const next = await unlessAborted(signal, iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    const closed = (async () => iterator.return?.())().catch(() => {});
    // A source that stalls may never close.
    if (!signal?.aborted) await closed;
  }
}

function iteratorOf(source: AnyChunks): { next(): Promise<IteratorResult<unknown>>; return?(): Promise<unknown> } {
  // Streams of Safari and older Chromium are not iterable, and those that are cannot be ended while they wait.
  const reader = source.getReader?.();
  if (reader) return { next: () => reader.read(), return: () => reader.cancel() };
  return (source as AsyncIterable<unknown>)[Symbol.asyncIterator]();
}
