export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Gives all users, or all that a query finds, one after the other, past the 1,000 that a search reaches:
   * `GET /users`, scope `read:users`, about one request per 93 users. Requests are sent as users are asked for, up to
   * four at once, at the pace of the client; `deadlineInSeconds` (seconds) and `abortSignal` are for all of them together.
   * After an abort or the deadline no user is given any more, and the iterator rejects with the signal's reason or a
   * `ManagementTimeoutError`.
   *
   * Every user who exists from beginning to end is given exactly once. A user created during the run comes at the end, if
   * searches show it by then (with `sort: "created_at:-1"` not at all); a deleted one may be given or not.
   *
   * Throws a `TypeError` that names an argument that is not valid. The iterator rejects with what `users.list` rejects
   * with, and with a {@link ResultLimitError} where there are users that it cannot reach, or where the totals of the server
   * do not prove that the list has ended.
   *
   * ```js
   * for await (const { email } of client.users.all({ q: "blocked:true", fields: ["email"] })) console.log(email);
   * ```
   */
  all<const F extends readonly (keyof User<A, U>)[] | string = string>(
    parameters?: AllUsersParameters<F>,
    requestOptions?: RequestOptions,
  ): AllUsers<Projected<User<A, U>, F>>;
}

/** Which users to give, and how. */
export interface AllUsersParameters<F = readonly string[] | string> {
  /** The query, in Lucene syntax; everybody by default. */
  q?: string | Query | null;
  /** The fields to give; all by default. */
  fields?: F | null;
  /**
   * `created_at:1`, which is the default, or `created_at:-1`. By another field no more than 999 users can be read: if
   * there are more, the iterator rejects before it gives any.
   */
  sort?: `${string}:${1 | -1}` | null;
  /** Where to go on: a {@link AllUsers.cursor} of a run before. It holds the other parameters as well. */
  cursor?: string | null;
  /** Told after each answer how far the run is. What it throws is dropped. */
  onProgress?: (progress: AllUsersProgress) => unknown;
}

/** All users, one after the other. It runs once: a second loop over it goes on where the first one ended. */
export interface AllUsers<T> extends AsyncIterator<T, undefined, undefined>, AsyncIterable<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  /** Ends the run, the requests that are under way, and each `next()` that waits. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** Ends the run as `return()` does, and rejects with the error. */
  throw(error?: unknown): Promise<IteratorResult<T, undefined>>;
  /** How far the run is. */
  readonly progress: AllUsersProgress;
  /**
   * The place behind the user who was given last, as text. `users.all({ cursor })` goes on there: when it was kept after
   * each user was dealt with, none is lost and none comes twice. It holds the query and some ids.
   */
  readonly cursor: string;
  [Symbol.asyncIterator](): this;
}

export interface AllUsersProgress {
  /** How many users were given, those before the cursor included. */
  readonly read: number;
  /** How many requests this run has made. */
  readonly requests: number;
  /** What is being read: the users created at that time, in ISO 8601, and behind it. Absent at the beginning. */
  readonly window: { readonly from?: string };
}

/**
 * There are users that a search cannot reach, or the server's answers do not prove that there are none. Those before were
 * given; none was left out in silence.
 */
export class ResultLimitError extends Error {
  private constructor();
  readonly name: "ResultLimitError";
  readonly code: "result_limit";
  /** How many users the search counts, up to the cap; undefined if the server does not say so. */
  readonly total: number | undefined;
  /** How many users a search reaches. */
  readonly cap: 1000;
  /** The time of creation, in ISO 8601, from which on (and up to which) users cannot be reached, where that is known. */
  readonly window: { readonly from?: string; readonly to?: string };
  /** What the server refused, if it did. */
  readonly cause?: unknown;
}
