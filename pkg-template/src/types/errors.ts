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

/** What the server's validation says of one property. At most 100 are read, from the first 10,000 characters. */
export interface FieldError {
  /** The property, such as `email` or `scopes[8].value`, or the parameter. */
  readonly field: string;
  /** The rule that it breaks, in the server's words, without the value that breaks it. */
  readonly rule: string;
  readonly location: "body" | "query" | "path";
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
