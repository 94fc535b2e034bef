// Reads the body of a request: up to a limit, and in the format of the operation.

import { record } from "../client/objects.ts";
import { checkBody, checkField } from "../wasm/proxy/glue.js";
import type { ProxyRequest } from "./handler.ts";
import { type Operation, refusalOf } from "./operation.ts";
import { ONCE, type Presence } from "./presence.ts";
import { assert, Refusal } from "./refusal.ts";
import type { IncomingRequest } from "./target.ts";

/** The result of reading a body. */
export interface Input {
  /** Absent if the request has none. */
  input?: unknown;
  /** Set if a field is not allowed. Such an input is not sent, but its fields are audited. */
  refusal?: Refusal | undefined;
}

/** No input, and no refusal. */
const nothing: Input = record({});

const malformed = (message: string) => new Refusal(400, "invalid_body", message);

/** Reads the input of an operation from a body of at most `limit` bytes. `allowed` holds the rules, for the module. */
export async function readInput(
  request: ProxyRequest,
  incoming: IncomingRequest,
  { name, kind }: Operation,
  allowed: string,
  limit: number,
): Promise<Input> {
  const bytes = await readBytes(request, incoming, limit);
  if (kind === "" || kind === "query") {
    assert(bytes.length === 0, 400, "invalid_body", `${name} takes no body`);
    return nothing;
  }
  if (bytes.length === 0 && kind === "optional body") return nothing;
  const type = incoming.header("content-type") ?? "";
  if (kind === "form") return readForm(bytes, type, name, allowed);
  assert(
    /^application\/json *(; *charset="?utf-8"? *)?$/i.test(type),
    415,
    "unsupported_media_type",
    `The content-type of ${name} must be application/json`,
  );
  let text: string;
  try {
    // A byte order mark stays, and fails as JSON.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed("The body must be UTF-8");
  }
  const refusal = refusalOf(checkBody(name, text, allowed));
  if (refusal && refusal.status !== 403) throw refusal;
  const input: unknown = JSON.parse(text, (_, value: unknown) => {
    // JSON.stringify would write null.
    if (value === Infinity || value === -Infinity) throw malformed("The body must not have numbers that are too large");
    return value;
  });
  return { input, refusal };
}

type Bytes = Uint8Array<ArrayBuffer>;

async function readForm(bytes: Bytes, type: string, name: string, allowed: string): Promise<Input> {
  assert(
    /^multipart\/form-data *;/i.test(type),
    415,
    "unsupported_media_type",
    `The content-type of ${name} must be multipart/form-data`,
  );
  const init = record({ headers: record({ "content-type": type }) });
  const form = await new Response(bytes, init).formData().catch(() => {
    throw malformed("The body must be multipart/form-data");
  });
  const input: Record<string, FormDataEntryValue> = record({});
  let refusal: Refusal | undefined;
  for (const [field, value] of form) {
    if (Object.hasOwn(input, field) || field === "__proto__") throw malformed("The body must not have a field twice");
    refusal ??= refusalOf(checkField(name, field, allowed));
    input[field] = value;
  }
  return { input, refusal };
}

async function readBytes(request: ProxyRequest, { header, presence }: IncomingRequest, limit: number): Promise<Bytes> {
  const declared = header("content-length");
  assert(declared === null || /^\d{1,15}$/.test(declared), 400, "invalid_body", "content-length must be a number");
  const tooLarge = () => new Refusal(413, "body_too_large", `The body must not have more than ${limit} bytes`);
  if (Number(declared) > limit) throw tooLarge();
  assert(
    (header("content-encoding") ?? "identity") === "identity",
    415,
    "unsupported_media_type",
    "The body must not be compressed",
  );
  if (request.bodyUsed) throw new TypeError("the body of the request was read before the proxy could");
  // One growing buffer: a body of many small chunks must not take many times its size.
  let bytes = new Uint8Array(0);
  let length = 0;
  const reader = request.body?.getReader();
  // An event handler must not throw.
  const stop = async () => {
    try {
      await reader?.cancel();
    } catch {}
  };
  // Not every runtime ends the body when the browser disconnects.
  presence.signal.addEventListener("abort", () => void stop(), ONCE);
  for (let chunk: ReadableStreamReadResult<Uint8Array>; reader && !(chunk = await next(reader, presence)).done;) {
    const part: unknown = chunk.value;
    if (!(part instanceof Uint8Array)) throw new TypeError("the body of the request must be a stream of bytes");
    if (length + part.length > limit) {
      void stop();
      throw tooLarge();
    }
    if (length + part.length > bytes.length) {
      const larger = new Uint8Array(Math.min(limit, Math.max(4_096, 2 * (length + part.length))));
      larger.set(bytes);
      bytes = larger;
    }
    bytes.set(part, length);
    length += part.length;
  }
  presence.check();
  if (declared !== null && Number(declared) !== length) throw malformed("content-length is not that of the body");
  return bytes.subarray(0, length);
}

function next(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  presence: Presence,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  return reader.read().catch(() => {
    presence.check();
    throw malformed("The body did not arrive whole");
  });
}
