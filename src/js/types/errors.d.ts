/** What kind of failure a {@link ManagementError} is. */
export type ManagementErrorCode =
  | "timeout"
  | "deadline"
  | "outcome_unknown"
  | "network"
  | "bad_response"
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
   * Asks the server what became of it. This can be told of `users.create` with an email or a user_id, `users.update`
   * without a password, `users.delete`, `users.identities`, `users.roles`, `users.permissions`, and
   * `users.authenticationMethods.delete`; of others the outcome stays unknown. Where there was no answer, the server may
   * still be at it.
   */
  verify(): Promise<Outcome>;
}

/** What became of a change. */
export interface Outcome<T = unknown> {
  /** `done` if things are as the change asked for, `not_done` if they are not, `unknown` if the API cannot tell. */
  readonly outcome: "done" | "not_done" | "unknown";
  /** If it is done: what the call would have given, where it gives something. */
  readonly data?: T;
}

/** Is it a {@link ManagementError}, from whichever copy of this package or realm? */
export function isManagementError(value: unknown): value is ManagementError;
