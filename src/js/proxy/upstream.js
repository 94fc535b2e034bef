// The call of the API by the client, and what of its answer a browser gets.

import { isManagementError } from "auth0-users";

import { isRecord } from "./allow.js";
import { Refusal } from "./refusal.js";

/** The headers of an answer that are passed on. */
const PASSED = [
  "retry-after",
  "x-auth0-requestid",
  "x-correlation-id",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
];

/** Metadata are the tenant's own, whatever the names in them. */
const METADATA = ["app_metadata", "user_metadata"];

/** Calls the operation with parts that were checked, and gives status, headers and data of the answer. */
export async function forward(client, { name, ids, query, kind, items }, input, rules, signal) {
  const path = name.split(".");
  const method = path.pop();
  const owner = path.reduce((object, part) => object[part], client);
  const given = ids.map(([, id]) => id);
  if (kind !== "") given.push(kind === "query" ? Object.fromEntries(query) : input);
  let answer;
  try {
    const call = owner[method](...given, { abortSignal: signal });
    answer = items === "" ? await call.withRawResponse() : await call;
  } catch (error) {
    throw refusalOf(error, signal);
  }
  const { rawResponse } = answer;
  const data = filtered(items === "" ? answer.data : answer.response, items, rules);
  return { status: rawResponse.status, headers: passed(rawResponse), data };
}

/** The headers that are passed on; none where there was no answer of the API. */
function passed(rawResponse) {
  const found = PASSED.map((name) => [name, rawResponse?.headers.get(name)]);
  return Object.fromEntries(found.filter(([, value]) => value != null));
}

/** What a failed call is answered with. What is not the API's is not passed on, since it may tell of the program. */
function refusalOf(error, signal) {
  if (signal?.aborted) return new Refusal(499, "closed", "The request was given up");
  if (error?.code === "invalid_argument") return new Refusal(400, "invalid_argument", error.message);
  if (!isManagementError(error)) return error;
  const { code, statusCode: status, body, errorCode, operation, rawResponse } = error;
  // The API's own 5xx says as much.
  if (code === "outcome_unknown" && !(status >= 500)) {
    return new Refusal(502, "outcome_unknown", "Nobody knows whether the change was made");
  }
  if (code === "timeout" || code === "deadline")
    return new Refusal(504, "upstream_timeout", "The API did not answer in time");
  if (code === "unauthorized") {
    return new Refusal(502, "upstream_unauthorized", "The API does not accept the token of the proxy");
  }
  // A tenant that gives no token has not been asked for anything yet.
  if (!(status >= 400) || code === "bad_response" || operation === "token") {
    return new Refusal(502, "upstream_failure", "The API could not be reached, or did not answer as itself");
  }
  const text = (value, otherwise) => (typeof value === "string" ? value : otherwise);
  const message = text(body?.message, "The API refused the request");
  return new Refusal(status, errorCode, message, passed(rawResponse), text(body?.error));
}

/** An answer without secrets of identity providers, and with only those fields that are allowed. */
export function filtered(data, items, { kept, removed }) {
  remove(data, removed);
  if (!kept) return data;
  const keep = (item) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name))) : null;
  if (Array.isArray(data)) return data.map(keep);
  return Array.isArray(data?.[items]) ? { ...data, [items]: data[items].map(keep) } : keep(data);
}

function remove(value, names) {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (names.has(name)) delete value[name];
    else if (!METADATA.includes(name)) remove(inner, names);
  }
}
