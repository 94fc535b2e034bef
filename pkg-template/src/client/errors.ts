// The errors that users meet.

import type { FieldError, ManagementErrorCode, Outcome } from "../types/errors.ts";
import type { RawResponse } from "../types/responses.ts";
import { setStack } from "./argument-errors.ts";
import { BRAND } from "./brand.ts";
import { fieldErrors, line, missingScopes } from "./error-details.ts";
import { define, defineHidden, own, record } from "./objects.ts";
import { raw } from "./responses.ts";

/** A cause that cannot be cloned would keep the error itself from being sent to another thread. */
function setCause(error: Error, cause: unknown): void {
  try {
    structuredClone(cause);
    defineHidden(error, { cause });
  } catch {
    Object.defineProperty(error, "cause", record({ get: () => cause, configurable: true }));
  }
}

/** What a {@link ManagementError} can be made of. */
type ManagementErrorFields = {
  [Name in Exclude<keyof ManagementError, "name" | "stack" | "toJSON">]?: ManagementError[Name] | undefined;
};

/**
 * A call that was made and failed. An argument that is refused before anything is sent rejects with a `TypeError`
 * whose `code` is `"invalid_argument"`; an aborted call rejects with the signal's own reason.
 */
export class ManagementError extends Error {
  /**
   * What kind of failure it is. `bad_response`: the answer is not in the API's form, a JSON object that repeats the status,
   * so it may come from a gateway, and proves nothing about what the API did.
   */
  declare readonly code: ManagementErrorCode;
  /** The HTTP status; absent when there was no answer. */
  declare readonly statusCode?: number;
  /** The API's own code, such as `inexistent_user`; absent if the answer is not in the API's form. */
  declare readonly errorCode?: string;
  /** The method that failed, such as `users.get`. */
  declare readonly operation: string;
  /** How often it was sent. */
  declare readonly attempts: number;
  /** The server's id of the request, for a support ticket. */
  declare readonly requestId?: string;
  /** How long the server asked to wait, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** With status 400: what the server's validation says of each property. */
  declare readonly fieldErrors?: readonly FieldError[];
  /** With status 403: the scopes of which the token lacks what the server asks for. */
  declare readonly missingScopes?: readonly string[];
  /** The body of the answer: parsed JSON, or the text as it came. Not shown in logs: it may hold personal data. */
  declare readonly body?: unknown;
  declare readonly rawResponse?: RawResponse;
  declare readonly cause?: unknown;

  /** The message is kept to one line of at most 300 characters. */
  constructor(fields?: ManagementErrorFields) {
    const { message, cause, body, rawResponse, ...rest } = record({ ...fields });
    super(message === undefined ? message : line(message));
    if (cause !== undefined) setCause(this, cause);
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) define(this, { [name]: value });
    }
    defineHidden(this, { body, rawResponse });
  }

  /**
   * The error without its body, answer and cause: what may be logged, or sent to another thread, where a clone of the
   * error itself keeps no more than its message.
   */
  toJSON(): { name: string; message: string } & Pick<
    ManagementError,
    | "code"
    | "statusCode"
    | "errorCode"
    | "operation"
    | "attempts"
    | "requestId"
    | "retryAfterMs"
    | "fieldErrors"
    | "missingScopes"
  > {
    const first = { name: this.name, message: this.message };
    return { ...first, ...this };
  }
}
Object.defineProperty(ManagementError.prototype, BRAND, record({ value: true }));

/** No complete answer within `timeoutInSeconds` (code `timeout`), or no success within `deadlineInSeconds` (`deadline`). */
export class ManagementTimeoutError extends ManagementError {}

/** What a call knows that was left open, and how to look up what became of it. */
export interface OpenCall {
  /** The kind of the API's own failure, if each attempt ended with one. */
  readonly code?: ManagementErrorCode | undefined;
  /** When the call has to be over, in milliseconds since the epoch. */
  readonly untilMs: number;
  readonly body?: string;
  readonly onUnknown?: "reject" | "reconcile";
  readonly signal?: AbortSignal;
  readonly ownHeaders?: object;
  verify?: () => Promise<Outcome | undefined>;
}

/** The calls behind errors whose outcome is unknown. */
export const openCalls = new WeakMap<object, OpenCall>();

/**
 * A change that the server may have made or not: there was no answer, or one that does not tell, as a 5xx, a redirect, or
 * a page of a gateway with any status. `statusCode` and `body` are those of the last answer, if there was one.
 */
export class OutcomeUnknownError extends ManagementError {
  /**
   * Reads from the API what became of the change. Rejects if it cannot read; call it again later then.
   *
   * The API shows the effect of `users.create` with an email (of one with a phone number or a `user_id` alone, only that it
   * was made), `users.update` without a password, `users.delete`, `users.identities`, `users.roles`, `users.permissions`
   * and `users.authenticationMethods.delete`. Of other changes the outcome stays `unknown`, also of mails and messages
   * (`verify_email`, `verify_phone_number`, `client_id`) that no other change came with.
   *
   * Times are compared by the API's `Date`, which a page can read only through a proxy: without it, fewer outcomes are
   * known.
   *
   * @example
   * if (error instanceof OutcomeUnknownError) {
   *   const { outcome, data } = await error.verify();
   * }
   */
  async verify(): Promise<Outcome> {
    return (await openCalls.get(this)?.verify?.()) ?? { outcome: "unknown" };
  }
}

export class BadRequestError extends ManagementError {}
export class UnauthorizedError extends ManagementError {}
export class PaymentRequiredError extends ManagementError {}
export class ForbiddenError extends ManagementError {}
export class NotFoundError extends ManagementError {}
export class ConflictError extends ManagementError {}
export class GoneError extends ManagementError {}
export class PreconditionFailedError extends ManagementError {}
export class ContentTooLargeError extends ManagementError {}
export class UnprocessableEntityError extends ManagementError {}
export class TooManyRequestsError extends ManagementError {}
export class InternalServerError extends ManagementError {}
export class ServiceUnavailableError extends ManagementError {}
export class GatewayTimeoutError extends ManagementError {}

type ErrorClass = new (fields: ManagementErrorFields) => ManagementError;

/** Gives a class and its errors their name, which a minifier would change. */
function named(name: string, type: ErrorClass): ErrorClass {
  defineHidden(type, { name });
  defineHidden(type.prototype as object, { name });
  return type;
}

named("ManagementError", ManagementError);
const timeout = named("ManagementTimeoutError", ManagementTimeoutError);

const byCode: Partial<Record<ManagementErrorCode, ErrorClass>> = record({
  timeout,
  deadline: timeout,
  outcome_unknown: named("OutcomeUnknownError", OutcomeUnknownError),
});

const byStatus: Record<number, ErrorClass> = record({
  400: named("BadRequestError", BadRequestError),
  401: named("UnauthorizedError", UnauthorizedError),
  402: named("PaymentRequiredError", PaymentRequiredError),
  403: named("ForbiddenError", ForbiddenError),
  404: named("NotFoundError", NotFoundError),
  409: named("ConflictError", ConflictError),
  410: named("GoneError", GoneError),
  412: named("PreconditionFailedError", PreconditionFailedError),
  413: named("ContentTooLargeError", ContentTooLargeError),
  422: named("UnprocessableEntityError", UnprocessableEntityError),
  429: named("TooManyRequestsError", TooManyRequestsError),
  500: named("InternalServerError", InternalServerError),
  503: named("ServiceUnavailableError", ServiceUnavailableError),
  504: named("GatewayTimeoutError", GatewayTimeoutError),
});

/** Makes the error of a call that failed. `ownCode` is that of the API's own failure, where the outcome is unknown. */
export function failure(
  phrase: string,
  code: ManagementErrorCode,
  operation: string,
  attempts: number,
  retryAfterMs: number | undefined,
  body: unknown,
  cause: unknown,
  response: Response | undefined,
  requestId: string | undefined,
  openCall: object | undefined,
  ownCode: ManagementErrorCode | undefined,
  untilMs: number,
  callSite: unknown,
): ManagementError {
  const rawResponse = response && raw(response);
  // The engine gives a redirect that it did not follow the status 0.
  const statusCode = rawResponse?.status || undefined;
  // A gateway answers with the same statuses, in forms of its own.
  const isOfApi = statusCode !== undefined && statusCode >= 400 && own(body, "statusCode") === statusCode;
  const text = (name: string): string | undefined => {
    const value = isOfApi ? own(body, name) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const errorCode = text("errorCode");
  const status = statusCode ? ` (${[statusCode, errorCode && line(errorCode, 100)].filter(Boolean).join(" ")})` : "";
  const Type = byCode[code] ?? (isOfApi ? byStatus[statusCode] : undefined) ?? ManagementError;
  const error = new Type({
    message: `${operation} ${phrase}${status}`,
    code,
    operation,
    attempts,
    statusCode,
    errorCode,
    requestId,
    retryAfterMs,
    fieldErrors: statusCode === 400 ? fieldErrors(text("message")) : undefined,
    missingScopes: statusCode === 403 ? missingScopes(text("message")) : undefined,
    body,
    cause,
    rawResponse,
  });
  if (code === "outcome_unknown") openCalls.set(error, record({ ...openCall, code: ownCode, untilMs }));
  // The error is made when nothing of the program runs any more, so its own stack would say nothing.
  setStack(error, callSite);
  return error;
}

/** Makes the error of a change that was looked up and was not made, out of one whose outcome was unknown. */
export function notDone(error: ManagementError, code: ManagementErrorCode): ManagementError {
  const { operation, statusCode, body, cause, rawResponse } = error;
  const message = `${operation} was not carried out${statusCode ? ` (${statusCode})` : ""}`;
  const Type = byCode[code] ?? (statusCode ? byStatus[statusCode] : undefined) ?? ManagementError;
  return new Type({ ...error, message, code, body, cause, rawResponse });
}
