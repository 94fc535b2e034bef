export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Gives all users, or all that a query finds, one after the other, past the 1,000 that a search reaches:
   * `GET /users`, scope `read:users`, about one request per 93 users. Requests are sent as users are asked for, up to
   * four at once, at the pace of the client; `deadlineInSeconds` and `abortSignal` are for all of them together.
   *
   * Whoever is there from beginning to end is given exactly once. Who is created meanwhile comes at the end, if searches
   * see them by then (with `sort: "created_at:-1"` not at all); who is deleted meanwhile may be given or not.
   *
   * Throws a `TypeError` that names an argument that is not valid. The iterator rejects with what `users.list` rejects
   * with, and with a {@link PageCapError} where there are users that it cannot reach.
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
  /** Ends the run, and the requests that are under way. */
  return(): Promise<IteratorResult<T, undefined>>;
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

/** There are users that a search cannot reach. Those before were given; none was left out in silence. */
export class PageCapError extends Error {
  private constructor();
  readonly name: "PageCapError";
  readonly code: "page_cap";
  /** How many users the search counts, which is no more than the cap. */
  readonly total: number;
  /** How many users a search reaches. */
  readonly cap: 1000;
  /** When the users who cannot be reached were created, in ISO 8601, where that is known. */
  readonly window: { readonly from?: string; readonly to?: string };
  /** What the server refused, if it did. */
  readonly cause?: unknown;
}
