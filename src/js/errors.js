// The errors that users meet.

import { define, hide, own, raw } from "./answers.js";

const isError = Symbol.for("auth0-users.ManagementError");

/** A cause that cannot be cloned would keep the error itself from being sent to another thread. */
function setCause(error, cause) {
  try {
    structuredClone(cause);
    hide(error, { cause });
  } catch {
    Object.defineProperty(error, "cause", { __proto__: null, get: () => cause, configurable: true });
  }
}

export class ManagementError extends Error {
  constructor(given) {
    const { message, cause, body, rawResponse, ...fields } = { __proto__: null, ...given };
    super(message);
    if (cause !== undefined) setCause(this, cause);
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) define(this, { [name]: value });
    }
    hide(this, { body, rawResponse });
  }
}
hide(ManagementError.prototype, {
  name: "ManagementError",
  /** What may be logged and sent elsewhere: everything but the body, the answer and the cause. */
  toJSON() {
    return { name: this.name, message: this.message, ...this };
  },
});
Object.defineProperty(ManagementError.prototype, isError, { __proto__: null, value: true });

function subclass(name) {
  const type = { [name]: class extends ManagementError {} }[name];
  hide(type.prototype, { name });
  return type;
}

export const ManagementTimeoutError = subclass("ManagementTimeoutError");
export const OutcomeUnknownError = subclass("OutcomeUnknownError");

/** What to do for an error whose outcome nobody knows, and what its call was given. */
export const outcomes = new WeakMap();
hide(OutcomeUnknownError.prototype, {
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
  return typeof value === "object" && value !== null && value[isError] === true;
}

export function invalidArgument(message) {
  return define(new TypeError(message), { code: "invalid_argument" });
}

/** Refuses an argument, with a text that names it. */
export function check(condition, message) {
  if (!condition) throw invalidArgument(message);
}

/** The lines of a stack that are the program's: the first frame is the method in which it was taken. */
function framesOf(site) {
  const frames = site.stack?.split("\n") ?? [];
  return frames.slice(frames[0]?.startsWith("Error") ? 2 : 1);
}

/** What the server's validation says of each property: a rule, without the value that broke it. */
function fieldErrors(message) {
  const [, part] = /^(Payload|Query|Path) validation error: /.exec(message) ?? [];
  if (!part) return;
  const location = { Payload: "body", Query: "query", Path: "path" }[part];
  const rules = message.matchAll(/'(.+?)'(?: on property ([\w[\]]+(?:\.[\w[\]]+)*)|(?=[,.]|$))/g);
  return [...rules].flatMap(([, text, property]) => {
    const [rule, detail] = text.split(": ");
    const fields = property ? [property] : (detail?.split(/, */) ?? []);
    return fields.map((field) => ({ field, rule, location }));
  });
}

/** The scopes that the server would have accepted. */
function missingScopes(message) {
  return /expected any of: ([\w:, ]+)/.exec(message)?.[1].split(/, */);
}

export function failure(phrase, code, operation, attempts, retryAfterMs, body, cause, response, aside, site) {
  const rawResponse = response && raw(response);
  // The engine gives a redirect that it did not follow the status 0.
  const statusCode = response?.status || undefined;
  // A gateway answers with the same statuses, in forms of its own.
  const isOfApi = statusCode >= 400 && own(body, "statusCode") === statusCode;
  const told = (name) => (isOfApi && typeof own(body, name) === "string" ? body[name] : undefined);
  const errorCode = told("errorCode");
  const header = (name) => response?.headers.get(name) ?? undefined;
  const requestId = header("x-auth0-requestid") ?? header("x-correlation-id");
  const status = statusCode ? ` (${[statusCode, errorCode].filter(Boolean).join(" ")})` : "";
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
  if (code === "outcome_unknown") outcomes.set(error, { ...aside });
  // The error is made when nothing of the program runs any more, so its own stack would say nothing.
  hide(error, { stack: [`${error.name}: ${message}`, ...framesOf(site)].join("\n") });
  return error;
}

/** The error of a change that was looked up and was not made, out of one whose outcome nobody knew. */
export function notDone(error) {
  const { operation, statusCode, body, cause, rawResponse } = error;
  const message = `${operation} was not carried out (${statusCode})`;
  const code = statusCode < 500 ? "bad_request" : "server";
  return new (byStatus[statusCode] ?? ManagementError)({ ...error, message, code, body, cause, rawResponse });
}
