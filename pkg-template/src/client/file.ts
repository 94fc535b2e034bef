// The content of a file that a form has, from whatever callers hold it in.

import { check, invalidArgument } from "./argument-errors.ts";
import { bytesOf, encode, join, type Bytes } from "./bytes.ts";
import { jsonOf } from "./json.ts";
import { globalValue, own, record } from "./objects.ts";

/** The API takes no request above 1 MB; reading ends there, however long a stream is. */
const MAX_BYTES = 1_048_576;

const FILE = "request.users must be a Blob, a stream of bytes or text, bytes, text, or an array of users";

/** What a stream may be: of the web, of Node.js, or another async iterable. */
interface Source {
  getReader?(): { read(): Promise<IteratorResult<unknown>>; cancel(): unknown };
  [Symbol.asyncIterator]?(): AsyncIterator<unknown>;
  destroy?(): void;
  on?(event: "error", listener: () => void): void;
}

/** What a file may be that is neither bytes nor a stream. */
interface FileLike extends Source {
  size?: unknown;
  stream?(): Source;
  body?: unknown;
  arrayBuffer?(): Promise<unknown>;
  path?: unknown;
  data?: unknown;
}

/** Reads a file, until `signal` is aborted. */
export type FileReading = (signal?: AbortSignal) => Promise<Bytes>;

function notEmpty(bytes: Bytes): Bytes {
  check(bytes.length > 0, "request.users is empty");
  return bytes;
}

const tooLarge = () => invalidArgument(`request.users has more than ${MAX_BYTES} bytes, and the API takes 500 kB`);

/** Reads a stream to its end, or until `signal` is aborted. */
async function drain(source: Source, signal?: AbortSignal): Promise<Bytes> {
  const reader = source.getReader?.();
  const iterator = reader ? undefined : source[Symbol.asyncIterator]?.();
  const cancel = async () => {
    try {
      // A read of Node.js that waits holds up what `return` would do.
      source.destroy?.();
      await (reader ? reader.cancel() : iterator?.return?.());
    } catch {}
  };
  signal?.addEventListener("abort", cancel, record({ once: true }));
  try {
    const chunks: (string | Bytes)[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = (await (reader ? reader.read() : iterator?.next())) as IteratorResult<unknown, unknown>;
      if (done) {
        check(size > 0, "request.users is a stream that is empty, or was read before");
        break;
      }
      const chunk = typeof value === "string" ? value : bytesOf(value);
      check(chunk !== undefined, "request.users must be a stream that gives bytes or text");
      // A stream that gives nothing for ever has to end as well.
      size += chunk.length || 100;
      if (size > MAX_BYTES) throw tooLarge();
      // A pair of surrogates may be cut in two.
      const last = chunks.at(-1);
      if (typeof chunk === "string" && typeof last === "string") chunks[chunks.length - 1] = last + chunk;
      else chunks.push(chunk.slice());
    }
    return join(chunks.map((chunk) => (typeof chunk === "string" ? encode(chunk) : chunk)));
  } catch (error) {
    void cancel();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Reads a Blob of jsdom, which older versions let only their own FileReader read. */
function readBlob(blob: Blob): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    const fail = (): void => reject(reader.error ?? new Error());
    reader.onload = () => resolve(bytesOf(reader.result) as Bytes);
    reader.onerror = fail;
    reader.readAsArrayBuffer(blob);
  });
}

/** Returns a value as the stream that it is. */
function streamOf(value: unknown): Source | undefined {
  const source = value as Source | null | undefined;
  return (source?.[Symbol.asyncIterator] ?? source?.getReader) ? source : undefined;
}

/** Returns the bytes of a file, or a function that reads them. Takes what the official SDK takes, and text and arrays. */
export function fileContent(value: unknown): Bytes | FileReading {
  if (typeof value === "string") return notEmpty(encode(value));
  if (Array.isArray(value)) return encode(jsonOf("request.users", value, invalidArgument, 1));
  const bytes = bytesOf(value);
  if (bytes) return notEmpty(bytes.slice());
  check(typeof value === "object" && value !== null, FILE);
  const file: FileLike = value;
  const source = streamOf(file);
  if (source) {
    // A stream of Node.js that fails before it is read would end the process.
    source.on?.("error", () => {});
    return (signal) => drain(source, signal);
  }
  const { size } = file;
  if ((size as number) > MAX_BYTES) throw tooLarge();
  if (typeof file.stream === "function") return (signal) => drain(file.stream?.() as Source, signal);
  const body = streamOf(file.body);
  if (body) return (signal) => drain(body, signal);
  if (typeof file.arrayBuffer === "function") return async () => bytesOf(await file.arrayBuffer?.()) as Bytes;
  if (typeof size === "number" && globalThis.FileReader) return () => readBlob(file as Blob);
  // What may be of other files too is read last.
  const path = own(file, "path");
  if (typeof path === "string") {
    const fs = globalValue("process")?.getBuiltinModule?.("fs");
    check(fs, "request.users cannot be a path here: give a Blob, a stream or bytes");
    return (signal) => drain(fs.createReadStream(path) as Source, signal);
  }
  const data = own(file, "data");
  check(data != null, FILE);
  return fileContent(data);
}
