// The body of a request: read up to a limit, and only if it is of the kind that the operation takes.

import { judgeBody, judgeField } from "../wasm/proxy/glue.js";
import { demand, Refusal } from "./refusal.ts";

/** No input, and no refusal. */
const nothing = { __proto__: null };

const malformed = (message) => new Refusal(400, "invalid_body", message);

/**
 * Returns the input of an operation, undefined where there is none, and why it is refused if one of its fields is not
 * allowed: such an input is not sent, and its fields are still worth an audit.
 */
export async function readInput(request, asked, { name, kind }, allowed, limit) {
  const bytes = await readBytes(request, asked, limit);
  if (kind === "" || kind === "query") {
    demand(bytes.length === 0, 400, "invalid_body", `${name} takes no body`);
    return nothing;
  }
  if (bytes.length === 0 && kind === "optional body") return nothing;
  const type = asked.header("content-type") ?? "";
  if (kind === "form") return readForm(bytes, type, name, allowed);
  demand(
    /^application\/json *(; *charset="?utf-8"? *)?$/i.test(type),
    415,
    "unsupported_media_type",
    `The content-type of ${name} must be application/json`,
  );
  let text;
  try {
    // A byte order mark stays, and is refused like anything else that is not JSON.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed("The body must be UTF-8");
  }
  const refusal = refusalOf(judgeBody(name, text, allowed));
  if (refusal && refusal.status !== 403) throw refusal;
  const input = JSON.parse(text, (_, value) => {
    // It would be sent on as null.
    if (value === Infinity || value === -Infinity) throw malformed("The body must not have numbers that are too large");
    return value;
  });
  return { input, refusal };
}

/** The refusal that the module has found; undefined if it has none. */
export function refusalOf(found) {
  return found && new Refusal(...found);
}

async function readForm(bytes, type, name, allowed) {
  demand(
    /^multipart\/form-data *;/i.test(type),
    415,
    "unsupported_media_type",
    `The content-type of ${name} must be multipart/form-data`,
  );
  const init = { __proto__: null, headers: { __proto__: null, "content-type": type } };
  const form = await new Response(bytes, init).formData().catch(() => {
    throw malformed("The body must be multipart/form-data");
  });
  const input = { __proto__: null };
  let refusal;
  for (const [field, value] of form) {
    if (Object.hasOwn(input, field) || field === "__proto__") throw malformed("The body must not have a field twice");
    refusal ??= refusalOf(judgeField(name, field, allowed));
    input[field] = value;
  }
  return { input, refusal };
}

async function readBytes(request, { header, presence }, limit) {
  const declared = header("content-length");
  demand(declared === null || /^\d{1,15}$/.test(declared), 400, "invalid_body", "content-length must be a number");
  const tooLarge = () => new Refusal(413, "body_too_large", `The body must not have more than ${limit} bytes`);
  if (declared > limit) throw tooLarge();
  demand(
    (header("content-encoding") ?? "identity") === "identity",
    415,
    "unsupported_media_type",
    "The body must not be compressed",
  );
  if (request.bodyUsed) throw new TypeError("the body of the request was read before the proxy could");
  // One buffer that grows: a body of many small chunks must not take many times its size.
  let bytes = new Uint8Array(0);
  let length = 0;
  const reader = request.body?.getReader();
  // Runs as an event handler, out of which nothing may be thrown.
  const stop = async () => {
    try {
      await reader?.cancel();
    } catch {}
  };
  // Not every runtime ends the body of a browser that has gone.
  presence.signal.addEventListener("abort", stop, { __proto__: null, once: true });
  for (let chunk; reader && !(chunk = await next(reader, presence)).done;) {
    const part = chunk.value;
    if (!(part instanceof Uint8Array)) throw new TypeError("the body of the request must be a stream of bytes");
    if (length + part.length > limit) {
      stop();
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

function next(reader, presence) {
  return reader.read().catch(() => {
    presence.check();
    throw malformed("The body did not arrive whole");
  });
}
