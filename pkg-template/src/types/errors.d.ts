/** What kind of failure a {@link ManagementError} is. */
export type ManagementErrorCode =
  | "timeout"
  | "deadline"
  | "outcome_unknown"
  | "network"
  | "bad_response"
  | "incomplete_list"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "rate_limited"
  | "bad_request"
  | "server";

/**
 * A call that was made and failed. An argument that is refused before anything is sent rejects with a `TypeError`
 * whose `code` is `"invalid_argument"`; an aborted call rejects with the signal's own reason.
 */
export class ManagementError extends Error {
  /** The message is kept to one line of at most 300 characters. */
  constructor(fields?: Partial<Omit<ManagementError, "name" | "stack">>);
  /**
   * What kind of failure it is. `bad_response`: the answer is not in the API's form, a JSON object that repeats the status,
   * so it may come from a gateway, and proves nothing about what the API did.
   */
  readonly code: ManagementErrorCode;
  /** The HTTP status; absent when there was no answer. */
  readonly statusCode?: number;
  /** The API's own code, such as `inexistent_user`; absent if the answer is not in the API's form. */
  readonly errorCode?: string;
  /** The method that failed, such as `users.get`. */
  readonly operation: string;
  /** How often it was sent. */
  readonly attempts: number;
  /** The server's id of the request, for a support ticket. */
  readonly requestId?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** With status 400: what the server's validation says of each property. */
  readonly fieldErrors?: readonly FieldError[];
  /** With status 403: the scopes of which the token lacks what the server asks for. */
  readonly missingScopes?: readonly string[];
  /** The body of the answer: parsed JSON, or the text as it came. Not shown in logs: it may hold personal data. */
  readonly body?: unknown;
  readonly rawResponse?: RawResponse;
  readonly cause?: unknown;
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
  >;
}

/** What the server's validation says of one property. At most 100 are read, from the first 10,000 characters. */
export interface FieldError {
  /** The property, such as `email` or `scopes[8].value`, or the parameter. */
  readonly field: string;
  /** The rule that it breaks, in the server's words, without the value that breaks it. */
  readonly rule: string;
  readonly location: "body" | "query" | "path";
}

/** No complete answer within `timeoutInSeconds` (code `timeout`), or no success within `deadlineInSeconds` (`deadline`). */
export class ManagementTimeoutError extends ManagementError {}

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
  verify(): Promise<Outcome>;
}

/** What became of a change. */
export interface Outcome<T = unknown> {
  /**
   * `done` and `not_done` are proven; all else is `unknown`.
   *
   * - `done`: things are as the change asked for. A user who was to be created exists, and was created after the call
   *   began. Of a change that asks for what there was before, this does not say that it was carried out once more.
   * - `not_done`: things are not as asked, and the API will not carry out the change any more: each attempt that it may
   *   have received ended with its own status 500, or at least two minutes before. A user with the email of one who was
   *   to be created is at least two minutes older; a user who was to be changed has not been changed for two minutes.
   * - `unknown`: neither is proven. Call `verify()` again two minutes later.
   */
  readonly outcome: "done" | "not_done" | "unknown";
  /** If it is done: what the call would have given, where it gives something. */
  readonly data?: T;
}

/** Is it a {@link ManagementError}, from whichever copy of this package or realm? */
export function isManagementError(value: unknown): value is ManagementError;
