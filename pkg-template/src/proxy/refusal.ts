// Refusals: responses of the proxy itself, in the format of the API's errors.

import { record } from "../client/objects.ts";
import { clean } from "./text.ts";

const phrases: Readonly<Record<number, string>> = record({
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  413: "Payload Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  499: "Client Closed Request",
  500: "Internal Server Error",
  502: "Bad Gateway",
  504: "Gateway Timeout",
});

/** Nothing was changed: the API was not called, or cannot have acted. */
export const NOT_SENT = "not_sent";
/** A change may have been applied. */
export const UNKNOWN = "unknown";

/** The outcome of a change as far as the proxy knows it; null if the response is the API's. */
export type Outcome = typeof NOT_SENT | typeof UNKNOWN | null;

export type HeaderRecord = Record<string, string>;

/** The parts of a response. `data` is sent as JSON unless it is undefined. */
export interface Answer {
  status: number;
  headers?: HeaderRecord | undefined;
  data?: unknown;
}

interface RefusalOptions {
  headers?: HeaderRecord | undefined;
  error?: string;
  outcome?: Outcome;
}

interface RefusalBody {
  statusCode: number;
  error: string;
  message: string;
  errorCode: string | undefined;
}

/** Ends a request when it is thrown, and is the response. */
export class Refusal implements Answer {
  #isRefusal = true;
  // Fields are defined, since an assignment could call a setter of Object.prototype.
  status: number;
  errorCode: string | undefined;
  headers: HeaderRecord;
  outcome: Outcome;
  data: RefusalBody;

  constructor(status: number, errorCode: string | undefined, message: string, more?: RefusalOptions) {
    const { headers, error = phrases[status] ?? "Error", outcome = NOT_SENT } = record({ ...more });
    this.status = status;
    this.errorCode = errorCode;
    this.headers = record({ ...headers });
    this.outcome = outcome;
    this.data = { statusCode: status, error, message: clean(message), errorCode };
  }

  /** Returns whether a value is a refusal. Unlike `instanceof`, this runs no code of the value. */
  static is(value: unknown): value is Refusal {
    return typeof value === "object" && value !== null && #isRefusal in value;
  }
}

/** The functions made by createProxy. They also accept a refusal in place of a malformed request, to audit it. */
export const handlers = new WeakSet<object>();

/** Refuses a request unless the condition holds. */
export function assert(
  condition: unknown,
  status: number,
  errorCode: string,
  message: string,
  more?: RefusalOptions,
): asserts condition {
  if (!condition) throw new Refusal(status, errorCode, message, more);
}

/** Makes a response, with further headers. */
export function responseOf(answer: Answer, more?: HeaderRecord): Response {
  const { status, headers, data } = record(answer);
  const all = new Headers(
    record({ ...headers, ...more, "cache-control": "no-store", "x-content-type-options": "nosniff" }),
  );
  const isEmpty = data === undefined || status === 204 || status === 205;
  if (!isEmpty) all.set("content-type", "application/json; charset=utf-8");
  return new Response(isEmpty ? null : JSON.stringify(data), record({ status, headers: all }));
}
