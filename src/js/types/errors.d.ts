/** What kind of failure a {@link ManagementError} is. */
export type ManagementErrorCode =
  | "timeout"
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
  constructor(fields?: Partial<Omit<ManagementError, "name" | "stack">>);
  /** What kind of failure it is. */
  readonly code: ManagementErrorCode;
  /** The HTTP status; absent when there was no answer. */
  readonly statusCode?: number;
  /** The server's own code, such as `inexistent_user`. */
  readonly errorCode?: string;
  /** The method that failed, such as `users.get`. */
  readonly operation: string;
  /** How often it was sent. */
  readonly attempts: number;
  /** The server's id of the request, for a support ticket. */
  readonly requestId?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The body of the answer: parsed JSON, or the text as it came. Not shown in logs: it may hold personal data. */
  readonly body?: unknown;
  readonly rawResponse?: RawResponse;
  readonly cause?: unknown;
}

/** No complete answer within `timeoutInSeconds`. */
export class ManagementTimeoutError extends ManagementError {}

/** Is it a {@link ManagementError}, from whichever copy of this package or realm? */
export function isManagementError(value: unknown): value is ManagementError;
