// The errors that users meet.

import { raw } from "./answers.ts";
import { define, defineHidden, own } from "./objects.ts";

const isError = Symbol.for("auth0-users.ManagementError");

/** A cause that cannot be cloned would keep the error itself from being sent to another thread. */
function setCause(error, cause) {
  try {
    structuredClone(cause);
    defineHidden(error, { cause });
  } catch {
    Object.defineProperty(error, "cause", { __proto__: null, get: () => cause, configurable: true });
  }
}

/** Returns text as it may stand in a message: one line, without control characters, of bounded length. */
export function line(text, length = 300) {
  const cleaned = String(text)
    .slice(0, length)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
  return text.length > length ? `${cleaned}...` : cleaned;
}

export class ManagementError extends Error {
  constructor(given) {
    const { message, cause, body, rawResponse, ...fields } = { __proto__: null, ...given };
    super(message === undefined ? message : line(message));
    if (cause !== undefined) setCause(this, cause);
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) define(this, { [name]: value });
    }
    defineHidden(this, { body, rawResponse });
  }
}
defineHidden(ManagementError.prototype, {
  name: "ManagementError",
  /** What may be logged and sent elsewhere: everything but the body, the answer and the cause. */
  toJSON() {
    return { name: this.name, message: this.message, ...this };
  },
});
Object.defineProperty(ManagementError.prototype, isError, { __proto__: null, value: true });

function subclass(name) {
  const type = { [name]: class extends ManagementError {} }[name];
  defineHidden(type.prototype, { name });
  return type;
}

export const ManagementTimeoutError = subclass("ManagementTimeoutError");
export const OutcomeUnknownError = subclass("OutcomeUnknownError");

/** What to do for an error whose outcome nobody knows, and what its call was given. */
export const outcomes = new WeakMap();
defineHidden(OutcomeUnknownError.prototype, {
  async verify() {
    return (await outcomes.get(this)?.verify?.()) ?? { outcome: "unknown" };
  },
});

const byCode = {
  __proto__: null,
  timeout: ManagementTimeoutError,
  deadline: ManagementTimeoutError,
  outcome_unknown: OutcomeUnknownError,
};

const byStatus = {
  __proto__: null,
  400: subclass("BadRequestError"),
  401: subclass("UnauthorizedError"),
  402: subclass("PaymentRequiredError"),
  403: subclass("ForbiddenError"),
  404: subclass("NotFoundError"),
  409: subclass("ConflictError"),
  410: subclass("GoneError"),
  412: subclass("PreconditionFailedError"),
  413: subclass("ContentTooLargeError"),
  422: subclass("UnprocessableEntityError"),
  429: subclass("TooManyRequestsError"),
  500: subclass("InternalServerError"),
  503: subclass("ServiceUnavailableError"),
  504: subclass("GatewayTimeoutError"),
};

export const Management = Object.freeze(
  Object.fromEntries(Object.values(byStatus).map((type) => [type.prototype.name, type])),
);

export function isManagementError(value) {
  try {
    // A Proxy is no error, whatever it says.
    return Object.prototype.toString.call(value) === "[object Error]" && value[isError] === true;
  } catch {
    return false;
  }
}

/** Errors of arguments that name no method yet. */
const unplaced = new WeakSet();

export function invalidArgument(message) {
  const error = define(new TypeError(line(message, 1_000)), { code: "invalid_argument" });
  unplaced.add(error);
  return error;
}

/** Says in an error of an argument which method got it, and where that was called. Other values stay as they are. */
export function place(error, operation, site) {
  if (site && unplaced.delete(error)) {
    if (operation) defineHidden(error, { message: `${operation}: ${error.message}` });
    setStack(error, site);
  }
  return error;
}

/** Refuses an argument, with a text that names it. */
export function check(condition, message) {
  if (!condition) throw invalidArgument(message);
}

/** Gives an error a stack whose first line is the program's: `site` is an error made in the method that it called. */
function setStack(error, site) {
  try {
    // `Error.prepareStackTrace` of a program may make anything of a stack, or throw.
    const frames = typeof site.stack === "string" ? site.stack.split("\n") : [];
    const program = frames.slice(frames[0]?.startsWith("Error") ? 2 : 1);
    defineHidden(error, { stack: [`${error.name}: ${error.message}`, ...program].join("\n") });
  } catch {}
}

/** How much of the server's text is read, in characters, and how many fields it may name. */
const MAX_TEXT = 10_000;
const MAX_FIELDS = 100;

const locations = { Payload: "body", Query: "query", Path: "path" };

/** The names in a list with commas, up to what the server advises. */
const names = (list = "") => list.split(" (")[0].split(/[, ]+/).filter(Boolean).slice(0, MAX_FIELDS);

/**
 * Reads what the server's validation says of each property: a rule, without the value that broke it. The rules are in
 * quotes with commas between, `'rule: value' on property name`, or `'rule: name, name'`.
 */
function fieldErrors(message = "") {
  const text = message.slice(0, MAX_TEXT);
  const [start, part] = /^(Payload|Query|Path) validation error: '/.exec(text) ?? [];
  if (!part) return;
  const rules = text.slice(start.length).split(", '", MAX_FIELDS);
  const found = rules.flatMap((each) => {
    const at = each.indexOf("' on property ");
    const end = each.lastIndexOf("'");
    const [rule, value] = (at < 0 ? each.slice(0, end < 0 ? undefined : end) : each.slice(0, at)).split(": ");
    // What follows in brackets describes the property.
    const property =
      at < 0
        ? undefined
        : each
            .slice(at + 14, at + 314)
            .split(" (")[0]
            .replace(/\.?\s?$/, "");
    // Of these rules the value is the name of what is missing, or is too many.
    const inner = /propert|key must exist/.test(rule) ? names(value) : [];
    const fields = inner.length ? inner.map((name) => (property ? `${property}.${name}` : name)) : [property];
    return fields.filter(Boolean).map((field) => ({ field: line(field), rule: line(rule), location: locations[part] }));
  });
  return found.slice(0, MAX_FIELDS);
}

/** Reads the scopes that the server would have accepted. */
function missingScopes(message = "") {
  const [, scopes] = /expected any of: ([\w:, ]+)/.exec(message.slice(0, MAX_TEXT)) ?? [];
  return scopes && names(scopes);
}

export function failure(
  phrase,
  code,
  operation,
  attempts,
  retryAfterMs,
  body,
  cause,
  response,
  requestId,
  aside,
  ownCode,
  untilMs,
  site,
) {
  const rawResponse = response && raw(response);
  // The engine gives a redirect that it did not follow the status 0.
  const statusCode = rawResponse?.status || undefined;
  // A gateway answers with the same statuses, in forms of its own.
  const isOfApi = statusCode >= 400 && own(body, "statusCode") === statusCode;
  const told = (name) => (isOfApi && typeof own(body, name) === "string" ? body[name] : undefined);
  const errorCode = told("errorCode");
  const status = statusCode ? ` (${[statusCode, errorCode && line(errorCode, 100)].filter(Boolean).join(" ")})` : "";
  const message = `${operation} ${phrase}${status}`;
  const type = byCode[code] ?? ((isOfApi && byStatus[statusCode]) || ManagementError);
  const error = new type({
    message,
    code,
    operation,
    attempts,
    statusCode,
    errorCode,
    requestId,
    retryAfterMs,
    fieldErrors: statusCode === 400 ? fieldErrors(told("message")) : undefined,
    missingScopes: statusCode === 403 ? missingScopes(told("message")) : undefined,
    body,
    cause,
    rawResponse,
  });
  if (code === "outcome_unknown") outcomes.set(error, { __proto__: null, ...aside, code: ownCode, untilMs });
  // The error is made when nothing of the program runs any more, so its own stack would say nothing.
  setStack(error, site);
  return error;
}

/** The error of a change that was looked up and was not made, out of one whose outcome was unknown. */
export function notDone(error, code) {
  const { operation, statusCode, body, cause, rawResponse } = error;
  const message = `${operation} was not carried out${statusCode ? ` (${statusCode})` : ""}`;
  return new (byCode[code] ?? byStatus[statusCode] ?? ManagementError)({
    ...error,
    message,
    code,
    body,
    cause,
    rawResponse,
  });
}
