// Calls the API with the client, and filters the answer for the browser.

import {
  isManagementError,
  ManagementClient,
  type HttpResponsePromise,
  type OperationName,
  type Page,
  type RawResponse,
  type WithRawResponse,
} from "auth0-users";

import { isRecord, own, record, type UnknownRecord } from "../client/objects.ts";
import type { AnswerRule } from "./allow.ts";
import { addCreated, type AuditDraft, METADATA } from "./audit.ts";
import { PASSED_HEADERS } from "./headers.ts";
import type { Operation } from "./operation.ts";
import type { Presence } from "./presence.ts";
import { type Answer, type HeaderRecord, Refusal, UNKNOWN } from "./refusal.ts";
import { clean } from "./text.ts";

/** The maximum depth of an answer: recursion into a deeper one may overflow the stack. */
const DEEPEST = 200;

/** The maximum length of a text of the API's errors that is passed on, in characters. */
const MAX_TEXT = 10_000;

/** The call of the API for a request. */
export interface Call {
  event: AuditDraft;
  presence: Presence;
  /** Whether it is a change. */
  isChange: boolean;
  /** Whether it may have been sent to the API. */
  isSent: boolean;
}

/**
 * Calls an operation with checked parameters, and returns status, headers and data of the answer. Sets `call.isSent`
 * right before it is sent.
 */
export async function forward(
  client: ManagementClient,
  { name, ids, query, kind, items }: Operation,
  input: unknown,
  rule: AnswerRule,
  call: Call,
): Promise<Answer> {
  const given: unknown[] = ids.map(([, id]) => id);
  if (kind !== "") given.push(kind === "query" ? Object.fromEntries(query) : input);
  const onSent = () => void (call.isSent = true);
  const { signal } = call.presence;
  const options = call.isChange ? call.presence.untilSent(onSent) : { abortSignal: signal, beforeRequest: onSent };
  let answer: WithRawResponse<unknown> | Page<unknown>;
  try {
    const promise = operationOf(client, name)(...given, record(options));
    answer = await (items === ""
      ? (promise as HttpResponsePromise<unknown>).withRawResponse()
      : (promise as Promise<Page<unknown>>));
  } catch (error) {
    throw await failureOf(error, name, given, call);
  }
  const { rawResponse } = answer;
  const headers = passedHeaders(rawResponse, call);
  const data = items === "" ? answer.data : (answer as Page<unknown>).response;
  addCreated(call.event, name, data);
  // JSON.parse reads 1e400 as Infinity, which JSON.stringify writes as null.
  if (!remove(data, rule.removed)) throw call.isChange ? unknownOutcome(headers) : upstreamFailure(headers);
  return { status: rawResponse.status, headers, data: filtered(data, items, rule) };
}

type Method = (...given: unknown[]) => unknown;

/** Returns the method of a client for an operation. */
function operationOf(client: ManagementClient, name: OperationName): Method {
  const path = name.split(".");
  const method = path.pop() ?? "";
  const owner = path.reduce<unknown>((object, part) => (object as UnknownRecord)[part], client);
  return (...given) => Reflect.apply((owner as UnknownRecord)[method] as Method, owner, given);
}

/** Returns the headers that are passed on; none without an answer of the API. */
function passedHeaders(rawResponse: RawResponse | undefined, { event }: Call): HeaderRecord {
  const headers = record<HeaderRecord>({});
  for (const name of rawResponse ? PASSED_HEADERS : []) {
    const value: unknown = rawResponse?.headers.get(name);
    // Not every server can send every value that a fetch may return.
    if (typeof value === "string" && /^[ -~]{1,300}$/.test(value)) headers[name] = value;
  }
  const requestId = headers["x-auth0-requestid"] ?? headers["x-correlation-id"];
  if (requestId) event.requestId = clean(requestId);
  return headers;
}

/**
 * Converts the error of a call into a refusal. Returns an error of the program as it is: its text is not passed on,
 * since it may reveal internals.
 */
async function failureOf(error: unknown, name: OperationName, given: unknown[], call: Call): Promise<unknown> {
  if (Refusal.is(error)) return error;
  if (!isManagementError(error)) {
    const fault = call.isSent ? undefined : await argumentFault(name, given);
    return fault === undefined ? error : new Refusal(400, "invalid_argument", fault);
  }
  const { code, statusCode: status, errorCode, operation } = record(error);
  const { body, rawResponse } = error;
  // The token is requested before anything is sent.
  if (!call.isSent && operation === "token") return upstreamFailure();
  const isLate = code === "timeout" || code === "deadline";
  // The error of another call, made by a function of the program.
  if (operation !== name || (!call.isSent && !isLate)) return error;
  const headers = passedHeaders(rawResponse, call);
  const isAnswer = status !== undefined && status >= 400 && status <= 599 && own(body, "statusCode") === status;
  const isOpen = call.isChange && (code === "outcome_unknown" || (rawResponse !== undefined && !isAnswer));
  if (isOpen && !(isAnswer && status >= 500)) {
    return unknownOutcome(headers);
  }
  if (isLate) return new Refusal(504, "upstream_timeout", "The API did not answer in time", { headers });
  if (code === "unauthorized") {
    return new Refusal(502, "upstream_unauthorized", "The API does not accept the token of the proxy");
  }
  if (!isAnswer) return upstreamFailure(headers);
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, MAX_TEXT) : undefined);
  const message = text(own(body, "message"));
  const outcome = isOpen ? UNKNOWN : null;
  const refusal = new Refusal(status, text(errorCode), "The API refused the request", { headers, outcome });
  // Unchanged: the API names invalid fields in its message, which a client reads.
  Object.assign(refusal.data, message && { message }, { error: text(own(body, "error")) ?? refusal.data.error });
  return refusal;
}

function upstreamFailure(headers?: HeaderRecord): Refusal {
  const message = "The API could not be reached, or did not answer as itself";
  return new Refusal(502, "upstream_failure", message, { headers });
}

function unknownOutcome(headers: HeaderRecord): Refusal {
  const message = "The outcome is unknown: the change may have been made";
  return new Refusal(502, "outcome_unknown", message, { headers, outcome: UNKNOWN });
}

/** A client without options of the program, which sends nothing. */
let checker: ManagementClient | undefined;

/**
 * Returns the message with which the client refuses the arguments; undefined if it accepts them. Uses a separate
 * client, since a function of the program may throw an error with the same code, whose message must not be passed on.
 */
async function argumentFault(name: OperationName, given: unknown[]): Promise<string | undefined> {
  checker ??= new ManagementClient({
    baseUrl: "https://localhost/api/v2",
    fetch: () => Promise.reject(new TypeError("nothing is sent")),
    maxRetries: 0,
    telemetry: false,
  });
  try {
    await operationOf(checker, name)(...given);
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (!isManagementError(error) && code === "invalid_argument") return message;
  }
  return undefined;
}

/** Returns an answer with only the allowed fields. */
function filtered(data: unknown, items: string, { kept }: AnswerRule): unknown {
  if (!kept) return data;
  const keep = (item: unknown) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name))) : null;
  if (Array.isArray(data)) return data.map(keep);
  const list = items === "" ? undefined : own(data, items);
  return Array.isArray(list) ? { ...(data as UnknownRecord), [items]: list.map(keep) } : keep(data);
}

/**
 * Removes fields at any depth outside of metadata. Returns whether all remaining numbers are finite; throws if values
 * are nested too deep.
 */
function remove(data: unknown, names: ReadonlySet<string>): boolean {
  const waiting: [value: unknown, depth: number, isMetadata: boolean][] = [[data, 0, false]];
  for (let next; (next = waiting.pop());) {
    const [value, depth, isMetadata] = next;
    if (typeof value === "number" && !Number.isFinite(value)) return false;
    if (typeof value !== "object" || value === null) continue;
    if (depth > DEEPEST) throw new RangeError(`the answer is nested deeper than ${DEEPEST} levels`);
    for (const [name, inner] of Object.entries(value)) {
      if (!isMetadata && names.has(name)) delete (value as UnknownRecord)[name];
      else waiting.push([inner, depth + 1, isMetadata || METADATA.includes(name)]);
    }
  }
  return true;
}
