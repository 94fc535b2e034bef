// A file that is read once, in chunks, and what proves that it was read whole.

import type { AbortSignalLike } from "auth0-users";

import { uncached } from "../../client/engine.ts";
import { record } from "../../client/objects.ts";
import { following, unlessAborted } from "../../client/signals.ts";
import { valuesOf } from "../ndjson.ts";

/** How long nothing may come of a file, in milliseconds. */
const SILENCE_MS = 60_000;

/** A function that reads a file, called as `fetch` is. */
export type Fetch = (url: string, init: object) => Promise<FileResponse>;

/** The part of a `Response` that is used. */
interface FileResponse {
  readonly status: number;
  readonly headers?: { get?(name: string): string | null };
  readonly body: { getReader(): Reader } | null;
}

type Bytes = Uint8Array<ArrayBuffer>;

interface Reader {
  read(): Promise<IteratorResult<Bytes, unknown>>;
  cancel(): Promise<void>;
}

/**
 * Yields the values in the file at a link, one of which is on each line. Returns whether its end is known to be the end.
 * Leaving the loop leaves nothing under way.
 */
export async function* valuesAt(
  link: string,
  fetch: Fetch,
  abortSignal: AbortSignalLike | undefined,
): AsyncGenerator<unknown, boolean, undefined> {
  const controller = following(abortSignal);
  const { signal } = controller;
  let download: Download | undefined;
  try {
    // The file is on another server, behind a link that authorizes by itself: the token stays here.
    const response = await received(fetch(link, record({ ...uncached(), signal })), signal);
    // Any other success, such as a part of a file (206), has a length that proves nothing.
    const { body, status } = response;
    if (status !== 200 || !body) throw new Error(`the file of the export cannot be read: ${status}`);
    download = new Download(body.getReader(), lengthOf(response), signal);
    yield* valuesOf(download.unpacked());
    return download.isWhole;
  } finally {
    controller.release();
    controller.abort();
    download?.cancel();
  }
}

/** Waits for the next part of a file, which must not be silent for long. */
async function received<T>(promise: Promise<T>, signal: AbortSignalLike): Promise<T> {
  let timer;
  const silence = new Promise<never>((_, reject) => {
    const expire = () => reject(new Error(`nothing came of the file for ${SILENCE_MS / 1000} s`));
    timer = setTimeout(expire, SILENCE_MS);
  });
  try {
    return await unlessAborted(signal, Promise.race([promise, silence]));
  } finally {
    clearTimeout(timer);
  }
}

/** Returns how many bytes a file has, if its answer says so: not where the engine has unpacked it. */
function lengthOf({ headers }: FileResponse): number | undefined {
  const length = headers?.get?.("content-encoding") ? null : headers?.get?.("content-length");
  return length && /^\d+$/.test(length) ? Number(length) : undefined;
}

class Download {
  /** Whether the end that was reached is known to be the end of the file. */
  isWhole = false;
  readonly #reader: Reader;
  readonly #length: number | undefined;
  readonly #signal: AbortSignalLike;

  constructor(reader: Reader, length: number | undefined, signal: AbortSignalLike) {
    this.#reader = reader;
    this.#length = length;
    this.#signal = signal;
  }

  async *chunks(): AsyncGenerator<Bytes, void, undefined> {
    let length = 0;
    for (;;) {
      const next = await received(this.#reader.read(), this.#signal);
      if (next.done) break;
      length += next.value.length;
      yield next.value;
    }
    const whole = this.#length;
    if (whole !== undefined && whole > length) throw new Error(`the file broke off after ${length} of ${whole} bytes`);
    this.isWhole = whole === length;
  }

  /** Yields the content of the file, which the server may have compressed. */
  async *unpacked(): AsyncGenerator<Bytes, void, undefined> {
    const chunks = this.chunks();
    const begun: Bytes[] = [];
    const magic: number[] = [];
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      begun.push(next.value);
      magic.push(...next.value.subarray(0, 2));
      if (magic.length >= 2) break;
    }
    async function* all() {
      yield* begun;
      yield* chunks;
    }
    if (magic[0] !== 0x1f || magic[1] !== 0x8b) return yield* all();
    yield* unzipped(all());
    // Without its checksum at the end, it would have failed.
    this.isWhole = true;
  }

  cancel(): void {
    this.#reader.cancel().catch(() => {});
  }
}

async function* unzipped(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
  const { readable, writable } = new DecompressionStream("gzip");
  // A failure here fails the reader.
  write(chunks, writable).catch(() => {});
  const reader = readable.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Writes no faster than is read. A pipe would not: in Node.js it has this stream take 16,384 chunks at once. */
async function write(chunks: AsyncIterable<Bytes>, stream: WritableStream<BufferSource>): Promise<void> {
  const writer = stream.getWriter();
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error);
  }
}
