// A body of multipart/form-data, as bytes: the FormData of one realm is a text for the fetch of another.

import { check, invalidArgument } from "./errors.ts";
import { jsonOf } from "./json.ts";

/** The API takes no request above 1 MB; reading ends there, however long a stream is. */
const MAX_BYTES = 1_048_576;

const FILE = "request.users must be a Blob, a stream of bytes or text, bytes, text, or an array of users";

const encoder = new TextEncoder();

/** Encodes text. A lone surrogate would come out as another character. */
function encode(text) {
  try {
    encodeURIComponent(text);
  } catch {
    throw invalidArgument("request must not have lone surrogates in its text");
  }
  return encoder.encode(text);
}

/** The bytes of an ArrayBuffer or a view, of whichever realm; undefined for anything else. */
function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (/ (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value))) return new Uint8Array(value);
}

function join(chunks) {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

const notEmpty = (bytes) => {
  check(bytes.length > 0, "request.users is empty");
  return bytes;
};

const tooLarge = () => invalidArgument(`request.users has more than ${MAX_BYTES} bytes, and the API takes 500 kB`);

/** Reads a stream to its end, or until `signal` is aborted. */
async function drain(source, signal) {
  const reader = source.getReader?.();
  const iterator = reader ?? source[Symbol.asyncIterator]();
  const cancel = async () => {
    try {
      // A read of Node.js that waits holds up what `return` would do.
      source.destroy?.();
      await (reader ? reader.cancel() : iterator.return?.());
    } catch {}
  };
  signal?.addEventListener("abort", cancel, { __proto__: null, once: true });
  try {
    const chunks = [];
    let size = 0;
    for (;;) {
      const { done, value } = await (reader ? reader.read() : iterator.next());
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
      const isText = typeof chunk === "string" && typeof chunks.at(-1) === "string";
      chunks.push(isText ? chunks.pop() + chunk : chunk.slice());
    }
    return join(chunks.map((chunk) => (typeof chunk === "string" ? encode(chunk) : chunk)));
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Reads a Blob of jsdom, which older versions let only their own FileReader read. */
function readBlob(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(bytesOf(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

/** Returns the bytes of a file, or a function that reads them. Takes what the official SDK takes, and text and arrays. */
function contentOf(value) {
  if (typeof value === "string") return notEmpty(encode(value));
  if (Array.isArray(value)) return encode(jsonOf("request.users", value, invalidArgument, 1));
  const bytes = bytesOf(value);
  if (bytes) return notEmpty(bytes.slice());
  check(typeof value === "object" && value !== null, FILE);
  const isStream = (value) => value?.[Symbol.asyncIterator] ?? value?.getReader;
  if (isStream(value)) {
    // A stream of Node.js that fails before it is read would end the process.
    value.on?.("error", () => {});
    return (signal) => drain(value, signal);
  }
  if (value.size > MAX_BYTES) throw tooLarge();
  if (typeof value.stream === "function") return (signal) => drain(value.stream(), signal);
  if (isStream(value.body)) return (signal) => drain(value.body, signal);
  if (typeof value.arrayBuffer === "function") return async () => bytesOf(await value.arrayBuffer());
  if (typeof value.size === "number" && globalThis.FileReader) return () => readBlob(value);
  if (Object.hasOwn(value, "path") && typeof value.path === "string") {
    const fs = globalThis.process?.getBuiltinModule?.("fs");
    check(fs, "request.users cannot be a path here: give a Blob, a stream or bytes");
    return (signal) => drain(fs.createReadStream(value.path), signal);
  }
  check(Object.hasOwn(value, "data") && value.data != null, FILE);
  return contentOf(value.data);
}

/** Writes a form with a file. The boundary is none that occurs in the content. */
function multipart(fields, file) {
  const head = (name) => `Content-Disposition: form-data; name="${name.replace(/["\r\n]/g, encodeURIComponent)}"`;
  const parts = fields.map(([name, text]) => `${head(name)}\r\n\r\n${text}`);
  parts.push(`${head("users")}; filename="users.json"\r\nContent-Type: application/json\r\n\r\n`);
  const content = parts.join() + new TextDecoder().decode(file);
  let boundary = "auth0-users-";
  do boundary += Math.random();
  while (content.includes(boundary));
  const start = parts.map((part) => `--${boundary}\r\n${part}`).join("\r\n");
  return {
    bytes: join([encode(start), file, encode(`\r\n--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

/** Returns the bytes and the content type of a form, or a function that gives a promise of them. */
export function form(readFields, file) {
  const content = contentOf(file);
  const fields = readFields();
  if (typeof content !== "function") return multipart(fields, content);
  return async (signal) => multipart(fields, await content(signal));
}
