/**
 * Calls `operation` for each item of `source`, and yields how each ended, as it ends.
 *
 * The operation gets the item, and options that it passes to each request it makes. An item is begun when its first change
 * (any request but a GET) is handed to fetch. With `concurrency: "auto"` as many items run at once as the client sends
 * requests at once, so the client's rate limiter decides the rate; `source` is read no faster. An item whose id came before
 * in the same run is skipped.
 *
 * With a `journal`, a run that ended early, or was killed, is resumed by the next run: what is done is skipped, what failed
 * or was not begun is done, and what was on the wire has the status `"unknown"`, unless `retryUnknown` is set. The first item
 * runs alone, to see whether its change calls `beforeRequest`; as long as none has, an item is begun when it is called.
 *
 * Leaving the loop, `abortSignal`, the deadline and `maxErrors` withdraw the items whose requests still wait: they send
 * nothing, have no result, and are left to the next run. What is on the wire is waited for, except by an abort or a
 * deadline, which makes it `"unknown"`. A run that ends early yields these results before it throws: the reason of
 * `abortSignal`, the error of the deadline, an error with `code: "too_many_errors"`, what `source` or `journal` throw, or a
 * `TypeError` that names an argument that is not valid.
 *
 * @example
 * for await (const { id, status } of bulk(ids, (id, options) => client.users.delete(id, options))) console.log(id, status);
 */
export function bulk<Item, Data>(
  source: Iterable<Item> | AsyncIterable<Item>,
  operation: (item: Item, options: BulkCallOptions) => Promise<Data>,
  options?: BulkOptions<Item>,
): AsyncGenerator<BulkResult<Item, Data>, void, undefined>;

/** Request options that an operation passes to each request it makes. */
export interface BulkCallOptions {
  /** Ends the requests of the item. */
  readonly abortSignal: AbortSignalLike;
  /**
   * Writes the item down as begun before its first change is sent. An operation with a `fetch` of its own awaits
   * `beforeRequest()` before each change. An operation that declares no second parameter counts as begun when it is called.
   */
  readonly beforeRequest: (event?: RequestEvent) => Promise<unknown>;
}

export interface BulkOptions<Item = unknown> {
  /** The id of an item, by which it is known in results and the journal: the item, its `user_id` or its `id` by default. */
  id?: (item: Item) => string;
  /** How many are under way at once; `"auto"` by default. */
  concurrency?: number | "auto";
  /** Called after each result. What it throws is dropped. */
  onProgress?: (progress: BulkProgress) => unknown;
  /** Ends the run; what was on the wire has the status `"unknown"`. */
  abortSignal?: AbortSignalLike;
  /** Runs before each request of each item, as the request option of this name does. */
  beforeRequest?: (event: RequestEvent) => unknown;
  /** How long the run may take, in seconds; then it ends with a `ManagementTimeoutError` with code `deadline`. */
  deadlineInSeconds?: number;
  /** Keeps what has begun and ended. It belongs to one operation: another one is refused. */
  journal?: BulkJournal;
  /**
   * What the journal knows the operation as, such as `"users.update"`. By default the name of the function, or a
   * fingerprint of its source if it has none.
   */
  name?: string;
  /** Calls nothing; what would be called has the status `"planned"`. `false` by default. */
  dryRun?: boolean;
  /** Ends the run after so many items that failed or are unknown; by default errors do not end it. */
  maxErrors?: number;
  /** Whether to do again what an earlier run left unknown; `false` by default. */
  retryUnknown?: boolean;
  /** How many requests an item takes, for the estimates; 1 by default. */
  requestsPerItem?: number;
  /** How many requests the tenant takes in a second, for estimates before the first result; 2 by default. */
  requestsPerSecond?: number;
}

/**
 * Keeps lines of text, such as a file. A line has to be kept when the promise of `append` resolves; lines are appended one
 * by one, and none after one that failed. The first line is a header with the format and the operation.
 */
export interface BulkJournal {
  /** Adds a line, which has no line end of its own. */
  append(line: string): unknown;
  /**
   * The text of all lines, or one string for each line. A last line that was cut off is dropped; a line that is damaged in
   * another way, or what is no journal of this operation, ends the run with a `TypeError` that names the line.
   */
  read(): JournalLines | null | undefined | Promise<JournalLines | null | undefined>;
}
type JournalLines = string | Iterable<string> | AsyncIterable<string>;

/**
 * How it ended for one item. A report with `ok: false`, such as that of `users.unblock`, has the status of its step that
 * failed or may have failed, with the error of that step, and is the `data`.
 */
export type BulkResult<Item = unknown, Data = unknown> = { id: string; item: Item } & (
  | { status: "ok"; data: Data }
  | { status: "failed"; error: unknown; data?: Data }
  | { status: "skipped" | "planned" }
  | { status: "unknown"; error?: unknown; data?: Data }
);

/** How far a run is. */
export interface BulkProgress {
  readonly ok: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  readonly planned: number;
  /** How many items there are, if `source` is an array. */
  readonly total?: number;
  /** How many requests the run takes, as far as its items are known. */
  readonly requests: number;
  /** How long the rest takes, in seconds, at the pace so far; if the rest is known. */
  readonly etaSeconds?: number;
}

/**
 * The values of UTF-8 text with one JSON value per line, read as it comes in from a stream, a `Blob`, a `Response` or a
 * `Request`. Throws a `SyntaxError` with `code: "invalid_line"` and the number of a `line` that is not JSON or not UTF-8
 * (`isCut` is true if it is a last line without a line end), and a `RangeError` with `code: "line_too_long"` and the `line`.
 *
 * @example
 * for await (const user of ndjson(file.stream())) console.log(user.email);
 */
export function ndjson<Value = any>(
  source: NdjsonSource,
  options?: NdjsonOptions,
): AsyncGenerator<Value, void, undefined>;

export interface NdjsonOptions {
  /** How long a line may be, in bytes, or in characters if the source gives text; 8,388,608 by default. */
  maxLineLength?: number;
  /** Ends the loop with the reason of the signal, also while the source gives nothing. */
  abortSignal?: AbortSignalLike;
}
type Chunks = AsyncIterable<Uint8Array | string> | { getReader(): any };
type NdjsonSource = Chunks | { stream(): Chunks } | { body: Chunks | null };
