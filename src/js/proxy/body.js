// The body of a request: read up to a limit, and only if it is of the kind that the operation takes.

import { judgeBody, judgeField } from "../proxy-bindgen/glue.js";
import { demand, Refusal } from "./refusal.js";

/** The input of an operation; undefined where there is none. */
export async function readInput(request, { name, kind }, allowed, limit) {
  const bytes = await readBytes(request, limit);
  if (kind === "" || kind === "query") {
    demand(bytes.length === 0, 400, "invalid_body", `${name} takes no body`);
    return undefined;
  }
  if (bytes.length === 0 && kind === "optional body") return undefined;
  const type = request.headers.get("content-type") ?? "";
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
    throw new Refusal(400, "invalid_body", "The body must be UTF-8");
  }
  refuse(judgeBody(name, text, allowed));
  return JSON.parse(text, (_, value) => {
    // It would be sent on as null.
    demand(
      value !== Infinity && value !== -Infinity,
      400,
      "invalid_body",
      "The body must not have numbers that are too large",
    );
    return value;
  });
}

/** Throws what the module has found, if it has. */
export function refuse(refusal) {
  if (refusal !== undefined) throw new Refusal(...refusal);
}

async function readForm(bytes, type, name, allowed) {
  demand(
    /^multipart\/form-data *;/i.test(type),
    415,
    "unsupported_media_type",
    `The content-type of ${name} must be multipart/form-data`,
  );
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData().catch(() => {
    throw new Refusal(400, "invalid_body", "The body must be multipart/form-data");
  });
  const input = {};
  for (const [field, value] of form) {
    demand(
      !Object.hasOwn(input, field) && field !== "__proto__",
      400,
      "invalid_body",
      "The body must not have a field twice",
    );
    refuse(judgeField(name, field, allowed));
    input[field] = value;
  }
  return input;
}

async function readBytes(request, limit) {
  const declared = request.headers.get("content-length");
  demand(declared === null || /^\d{1,15}$/.test(declared), 400, "invalid_body", "content-length must be a number");
  const tooLarge = () => new Refusal(413, "body_too_large", `The body must not have more than ${limit} bytes`);
  if (declared > limit) throw tooLarge();
  const encoding = request.headers.get("content-encoding") ?? "identity";
  demand(encoding === "identity", 415, "unsupported_media_type", "The body must not be compressed");
  if (request.bodyUsed) throw new TypeError("the body of the request was read before the proxy could");
  const chunks = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let chunk; reader && !(chunk = await next(reader)).done;) {
    length += chunk.value.length;
    if (length > limit) {
      reader.cancel().catch(() => {});
      throw tooLarge();
    }
    chunks.push(chunk.value);
  }
  demand(
    declared === null || Number(declared) === length,
    400,
    "invalid_body",
    "content-length is not that of the body",
  );
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

function next(reader) {
  return reader.read().catch(() => {
    throw new Refusal(400, "invalid_body", "The body did not arrive whole");
  });
}
