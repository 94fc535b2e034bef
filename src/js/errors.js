// The errors that users meet.

import { hide, raw } from "./answers.js";

const isError = Symbol.for("auth0-users.ManagementError");

export class ManagementError extends Error {
  constructor({ message, cause, body, rawResponse, ...fields } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) this[name] = value;
    }
    hide(this, { body, rawResponse });
  }
}
hide(ManagementError.prototype, { name: "ManagementError" });
Object.defineProperty(ManagementError.prototype, isError, { value: true });

function subclass(name) {
  const type = { [name]: class extends ManagementError {} }[name];
  hide(type.prototype, { name });
  return type;
}

export const ManagementTimeoutError = subclass("ManagementTimeoutError");

const byStatus = {
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
  return Object.assign(new TypeError(message), { code: "invalid_argument" });
}

/** Refuses an argument, with a text that names it. */
export function check(condition, message) {
  if (!condition) throw invalidArgument(message);
}

/** The place in the program from which a call is made. */
export function callSite() {
  return new Error();
}

/** The lines of a stack that are the program's: those before them are how the call got into the module. */
function framesOf(site) {
  const frames = site.stack?.split("\n") ?? [];
  return frames.slice(frames.findLastIndex((frame) => frame.includes("wasm")) + 1);
}

export function failure(phrase, code, operation, attempts, retryAfterMs, body, cause, response, site) {
  const rawResponse = response && raw(response);
  // The engine gives a redirect that it did not follow the status 0.
  const statusCode = response?.status || undefined;
  const errorCode = typeof body?.errorCode === "string" ? body.errorCode : undefined;
  const header = (name) => response?.headers.get(name) ?? undefined;
  const requestId = header("x-auth0-requestid") ?? header("x-correlation-id");
  const status = statusCode ? ` (${statusCode}${errorCode ? ` ${errorCode}` : ""})` : "";
  const message = `${operation} ${phrase}${status}`;
  const type = code === "timeout" ? ManagementTimeoutError : (byStatus[statusCode] ?? ManagementError);
  const error = new type({
    message,
    code,
    operation,
    attempts,
    statusCode,
    errorCode,
    requestId,
    retryAfterMs,
    body,
    cause,
    rawResponse,
  });
  // The error is made when nothing of the program runs any more, so its own stack would say nothing.
  hide(error, { stack: [`${error.name}: ${message}`, ...framesOf(site)].join("\n") });
  return error;
}
