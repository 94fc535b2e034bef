// The call of the API by the client, and what of its answer a browser gets.

import { isManagementError, ManagementClient } from "auth0-users";

import { isRecord } from "./allow.ts";
import { addCreated, own } from "./audit.ts";
import { Refusal, UNKNOWN } from "./refusal.ts";
import { clean } from "./text.ts";

/** The headers of an answer that are passed on. */
const PASSED = [
  "date",
  "retry-after",
  "x-auth0-requestid",
  "x-correlation-id",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
];

/** Metadata are the tenant's own, whatever the names in them. */
const METADATA = ["app_metadata", "user_metadata"];

/** How deep the values of an answer may be nested: what walks deeper may run out of stack. */
const DEEPEST = 200;

/** How much of a text of the API's errors is passed on, in characters. */
const MAX_TEXT = 10_000;

/**
 * Calls the operation with parts that were checked, and gives status, headers and data of the answer. Notes in `call`
 * when it is sent.
 */
export async function forward(client, { name, ids, query, kind, items }, input, rules, call) {
  const given = ids.map(([, id]) => id);
  if (kind !== "") given.push(kind === "query" ? Object.fromEntries(query) : input);
  const onSent = () => void (call.isSent = true);
  const { signal } = call.presence;
  const options = call.isChange ? call.presence.untilSent(onSent) : { abortSignal: signal, beforeRequest: onSent };
  let answer;
  try {
    const promise = operationOf(client, name)(...given, { __proto__: null, ...options });
    answer = items === "" ? await promise.withRawResponse() : await promise;
  } catch (error) {
    throw await refusalOf(error, name, given, call);
  }
  const { rawResponse } = answer;
  const headers = passed(rawResponse, call);
  const data = items === "" ? answer.data : answer.response;
  addCreated(call.event, name, data);
  // JSON has such numbers, 1e400 say, but JSON.stringify would write null for what is parsed of them.
  if (!remove(data, rules.removed)) throw call.isChange ? unknownOutcome(headers) : upstreamFailure(headers);
  return { status: rawResponse.status, headers, data: filtered(data, items, rules) };
}

function operationOf(client, name) {
  const path = name.split(".");
  const method = path.pop();
  const owner = path.reduce((object, part) => object[part], client);
  return (...given) => owner[method](...given);
}

/** The headers that are passed on; none where there was no answer of the API. */
function passed(rawResponse, { event }) {
  const headers = { __proto__: null };
  for (const name of rawResponse ? PASSED : []) {
    const value = rawResponse.headers.get(name);
    // Not every server can send what a fetch may give.
    if (typeof value === "string" && /^[ -~]{1,300}$/.test(value)) headers[name] = value;
  }
  const requestId = headers["x-auth0-requestid"] ?? headers["x-correlation-id"];
  if (requestId) event.requestId = clean(requestId);
  return headers;
}

/** What a failed call is answered with. What is not the API's is not passed on, since it may tell of the program. */
async function refusalOf(error, name, given, call) {
  if (Refusal.is(error)) return error;
  if (!isManagementError(error)) {
    const fault = call.isSent ? undefined : await argumentFault(name, given);
    return fault === undefined ? error : new Refusal(400, "invalid_argument", fault);
  }
  const { code, statusCode: status, errorCode, operation } = { __proto__: null, ...error };
  const { body, rawResponse } = error;
  // A token is asked for before anything is sent.
  if (!call.isSent && operation === "token") return upstreamFailure();
  const isLate = code === "timeout" || code === "deadline";
  // An error of another call, which a function of the program has made.
  if (operation !== name || (!call.isSent && !isLate)) return error;
  const headers = passed(rawResponse, call);
  const isAnswer = status >= 400 && status <= 599 && own(body, "statusCode") === status;
  const isOpen = call.isChange && (code === "outcome_unknown" || (rawResponse !== undefined && !isAnswer));
  if (isOpen && !(isAnswer && status >= 500)) {
    return unknownOutcome(headers);
  }
  if (isLate) return new Refusal(504, "upstream_timeout", "The API did not answer in time", { headers });
  if (code === "unauthorized") {
    return new Refusal(502, "upstream_unauthorized", "The API does not accept the token of the proxy");
  }
  if (!isAnswer) return upstreamFailure(headers);
  const text = (value) => (typeof value === "string" ? value.slice(0, MAX_TEXT) : undefined);
  const message = text(own(body, "message"));
  const outcome = isOpen ? UNKNOWN : null;
  const refusal = new Refusal(status, text(errorCode), "The API refused the request", { headers, outcome });
  // As the API has it: its validation names fields there, which a client reads.
  Object.assign(refusal.data, message && { message }, { error: text(own(body, "error")) ?? refusal.data.error });
  return refusal;
}

function upstreamFailure(headers) {
  const message = "The API could not be reached, or did not answer as itself";
  return new Refusal(502, "upstream_failure", message, { headers });
}

function unknownOutcome(headers) {
  const message = "The outcome is unknown: the change may have been made";
  return new Refusal(502, "outcome_unknown", message, { headers, outcome: UNKNOWN });
}

/** A client that has nothing of the program's and sends nothing. */
let checker;

/**
 * The message with which the client refuses the arguments; undefined if it does not. Asked of a client of the proxy's own,
 * since an error with the same code may as well be thrown by a function of the program, whose messages stay here.
 */
async function argumentFault(name, given) {
  checker ??= new ManagementClient({
    baseUrl: "https://localhost/api/v2",
    fetch: () => Promise.reject(new TypeError("nothing is sent")),
    maxRetries: 0,
    telemetry: false,
  });
  try {
    await operationOf(checker, name)(...given);
  } catch (error) {
    if (!isManagementError(error) && error?.code === "invalid_argument") return error.message;
  }
}

/** An answer with only those fields that are allowed. */
function filtered(data, items, { kept }) {
  if (!kept) return data;
  const keep = (item) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name))) : null;
  if (Array.isArray(data)) return data.map(keep);
  const list = items === "" ? undefined : own(data, items);
  return Array.isArray(list) ? { ...data, [items]: list.map(keep) } : keep(data);
}

/**
 * Takes fields out at any depth outside of metadata. Returns whether all numbers that are left are finite; throws where
 * values are nested too deep.
 */
function remove(data, names) {
  const waiting = [[data, 0, false]];
  for (let next; (next = waiting.pop());) {
    const [value, depth, isMetadata] = next;
    if (typeof value === "number" && !Number.isFinite(value)) return false;
    if (typeof value !== "object" || value === null) continue;
    if (depth > DEEPEST) throw new RangeError(`the answer is nested deeper than ${DEEPEST} levels`);
    for (const [name, inner] of Object.entries(value)) {
      if (!isMetadata && names.has(name)) delete value[name];
      else waiting.push([inner, depth + 1, isMetadata || METADATA.includes(name)]);
    }
  }
  return true;
}
