// What the proxy answers by itself, in the shape of the API's own errors.

import { clean } from "./text.ts";

const phrases = {
  __proto__: null,
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
};

/** Nothing was changed: the API was not asked, or cannot have acted. */
export const NOT_SENT = "not_sent";
/** A change may have been made. */
export const UNKNOWN = "unknown";

/** Ends a request: what is thrown is what is answered. */
export class Refusal {
  #isRefusal = true;
  // Fields are defined, where an assignment could meet what Object.prototype has of the name.
  status;
  errorCode;
  headers;
  outcome;
  data;

  /** `outcome` is what the proxy vouches for where a change was asked for; null where the answer is the API's. */
  constructor(status, errorCode, message, more) {
    const { headers, error = phrases[status] ?? "Error", outcome = NOT_SENT } = { __proto__: null, ...more };
    this.status = status;
    this.errorCode = errorCode;
    this.headers = { __proto__: null, ...headers };
    this.outcome = outcome;
    this.data = { statusCode: status, error, message: clean(message), errorCode };
  }

  /** Is it one? Unlike `instanceof`, this runs no code of the value's. */
  static is(value) {
    return typeof value === "object" && value !== null && #isRefusal in value;
  }
}

/** The functions that createProxy has made: they also take a refusal for a request that could not be made, to audit it. */
export const handlers = new WeakSet();

/** Refuses a request unless the condition holds. */
export function demand(condition, status, errorCode, message, more) {
  if (!condition) throw new Refusal(status, errorCode, message, more);
}

/** Refuses an option of the program. */
export function check(condition, message) {
  if (!condition) throw Object.assign(new TypeError(message), { code: "invalid_argument" });
}

/** Makes a response, with further headers; `data` is left out where it is undefined. */
export function responseOf(answer, more) {
  const { status, headers, data } = { __proto__: null, ...answer };
  const all = new Headers({
    __proto__: null,
    ...headers,
    ...more,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  const isEmpty = data === undefined || status === 204 || status === 205;
  if (!isEmpty) all.set("content-type", "application/json; charset=utf-8");
  return new Response(isEmpty ? null : JSON.stringify(data), { __proto__: null, status, headers: all });
}
