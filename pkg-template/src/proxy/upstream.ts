// The call of the API by the client, and what of its answer a browser gets.

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

/** How deep the values of an answer may be nested: what walks deeper may run out of stack. */
const DEEPEST = 200;

/** How much of a text of the API's errors is passed on, in characters. */
const MAX_TEXT = 10_000;

/** A request on its way to the API. */
export interface Call {
  event: AuditDraft;
  presence: Presence;
  /** Whether it asks for a change. */
  isChange: boolean;
  /** Whether it was sent to the API, or may have been. */
  isSent: boolean;
}

/**
 * Calls the operation with parts that were checked, and returns status, headers and data of the answer. Notes in `call`
 * when it is sent.
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
  // JSON has such numbers, 1e400 say, but JSON.stringify would write null for what is parsed of them.
  if (!remove(data, rule.removed)) throw call.isChange ? unknownOutcome(headers) : upstreamFailure(headers);
  return { status: rawResponse.status, headers, data: filtered(data, items, rule) };
}

type Method = (...given: unknown[]) => unknown;

/** Returns the method of a client that has the name of an operation. */
function operationOf(client: ManagementClient, name: OperationName): Method {
  const path = name.split(".");
  const method = path.pop() ?? "";
  const owner = path.reduce<unknown>((object, part) => (object as UnknownRecord)[part], client);
  return (...given) => Reflect.apply((owner as UnknownRecord)[method] as Method, owner, given);
}

/** Returns the headers that are passed on; none where there was no answer of the API. */
function passedHeaders(rawResponse: RawResponse | undefined, { event }: Call): HeaderRecord {
  const headers = record<HeaderRecord>({});
  for (const name of rawResponse ? PASSED_HEADERS : []) {
    const value: unknown = rawResponse?.headers.get(name);
    // Not every server can send what a fetch may give.
    if (typeof value === "string" && /^[ -~]{1,300}$/.test(value)) headers[name] = value;
  }
  const requestId = headers["x-auth0-requestid"] ?? headers["x-correlation-id"];
  if (requestId) event.requestId = clean(requestId);
  return headers;
}

/**
 * Returns the refusal with which a failed call is answered. An error that is not of this call is returned as it is, and not
 * passed on, since it may tell of the program.
 */
async function failureOf(error: unknown, name: OperationName, given: unknown[], call: Call): Promise<unknown> {
  if (Refusal.is(error)) return error;
  if (!isManagementError(error)) {
    const fault = call.isSent ? undefined : await argumentFault(name, given);
    return fault === undefined ? error : new Refusal(400, "invalid_argument", fault);
  }
  const { code, statusCode: status, errorCode, operation } = record(error);
  const { body, rawResponse } = error;
  // A token is asked for before anything is sent.
  if (!call.isSent && operation === "token") return upstreamFailure();
  const isLate = code === "timeout" || code === "deadline";
  // An error of another call, which a function of the program has made.
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
  // As the API has it: its validation names fields there, which a client reads.
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

/** A client that has nothing of the program's and sends nothing. */
let checker: ManagementClient | undefined;

/**
 * The message with which the client refuses the arguments; undefined if it does not. Asked of a client of the proxy's own,
 * since an error with the same code may as well be thrown by a function of the program, whose messages stay here.
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

/** Returns an answer with only those fields that are allowed. */
function filtered(data: unknown, items: string, { kept }: AnswerRule): unknown {
  if (!kept) return data;
  const keep = (item: unknown) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name))) : null;
  if (Array.isArray(data)) return data.map(keep);
  const list = items === "" ? undefined : own(data, items);
  return Array.isArray(list) ? { ...(data as UnknownRecord), [items]: list.map(keep) } : keep(data);
}

/**
 * Takes fields out at any depth outside of metadata. Returns whether all numbers that are left are finite; throws where
 * values are nested too deep.
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
