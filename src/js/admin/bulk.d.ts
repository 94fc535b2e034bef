/**
 * Calls `operation` for each item of `source`, and yields how each ended, as it ends.
 *
 * `operation` is given the item, and options with the signal to call the client with. With `"auto"` as many are under way
 * as a client sends at once, so the client's pace, which the server tells, decides how fast it goes; `source` is read no
 * faster than that. An item whose id came before in the same run is skipped.
 *
 * With a `journal`, a run that ended early, or was killed, goes on where it was: what is done is skipped, what failed is
 * tried again, and what was under way has the status `"unknown"`, unless `repeatUnknown` is set.
 *
 * Leaving the loop starts nothing more, and waits for what is under way. A run that ends early yields what came of that
 * before it throws: the reason of `abortSignal`, the error of the deadline, an error with `code: "too_many_errors"` after
 * `stopAfterErrors`, and what `source` or `journal` throw; and a `TypeError` that names the argument when one is not valid.
 */
export function bulk<Item, Data>(
  source: Iterable<Item> | AsyncIterable<Item>,
  operation: (item: Item, options: { abortSignal?: AbortSignalLike }) => Promise<Data>,
  options?: BulkOptions<Item>,
): AsyncGenerator<BulkResult<Item, Data>, void, undefined>;

export interface BulkOptions<Item = unknown> {
  /** The id of an item, by which it is known in results and the journal: the item, its `user_id` or its `id` by default. */
  id?: (item: Item) => string;
  /** How many are under way at once; `"auto"` by default. */
  concurrency?: number | "auto";
  /** Called after each result. What it throws is dropped. */
  onProgress?: (progress: BulkProgress) => unknown;
  /** Ends the run; what was under way has the status `"unknown"`. */
  abortSignal?: AbortSignalLike;
  /** How long the run may take, in seconds; then it ends with a `ManagementTimeoutError` with code `deadline`. */
  deadlineInSeconds?: number;
  /** Where it is written down what has begun and ended. */
  journal?: BulkJournal;
  /** Calls nothing; what would be called has the status `"planned"`. `false` by default. */
  dryRun?: boolean;
  /** Starts no more after so many failures; by default failures do not end a run. */
  stopAfterErrors?: number;
  /** Whether to call again what was under way when an earlier run ended; `false` by default. */
  repeatUnknown?: boolean;
  /** How many requests an item takes, for the estimates; 1 by default. */
  requestsPerItem?: number;
  /** How many requests the tenant takes in a second, for estimates before the first result; 2 by default. */
  requestsPerSecond?: number;
}

/** Keeps lines of text. Each is to be kept when the promise of `append` resolves. */
export interface BulkJournal {
  append(line: string): unknown;
  /** The lines so far, or the text of all. */
  read(): JournalLines | null | undefined | Promise<JournalLines | null | undefined>;
}
type JournalLines = string | Iterable<string> | AsyncIterable<string>;

/** How it ended for one item. */
export type BulkResult<Item = unknown, Data = unknown> = { id: string; item: Item } & (
  | { status: "ok"; data: Data }
  | { status: "failed"; error: unknown }
  | { status: "skipped" | "planned" }
  | { status: "unknown"; error?: unknown }
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
 * The values of text with one JSON value per line, read as it comes in from a stream, a `Blob`, a `Response` or a
 * `Request`. Throws a `SyntaxError` with the number of a `line` that is not JSON.
 */
export function ndjson<Value = any>(source: NdjsonSource): AsyncGenerator<Value, void, undefined>;
type Chunks = AsyncIterable<Uint8Array | string> | { getReader(): any };
type NdjsonSource = Chunks | { stream(): Chunks } | { body: Chunks | null };
