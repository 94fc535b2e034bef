// One operation for many users: as many at once as the client's rate limiter lets through, none done twice.

import type { AbortSignalLike, RequestEvent } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { define, own, record } from "../client/objects.ts";
import { throwIfAborted, unlessAborted } from "../client/signals.ts";
import { type BulkCallOptions, type CallResult, Calls, type Operation } from "./runs/calls.ts";
import { untilDeadline } from "./runs/deadline.ts";
import { type BulkJournal, Journal, nameOf } from "./runs/journal.ts";
import { pool } from "./runs/pool.ts";
import { type BulkProgress, Progress } from "./runs/progress.ts";
import { checkOptions, checkSource, isText, named } from "./shared/checks.ts";

export interface BulkOptions<Item = unknown> {
  /** The id of an item, by which it is known in results and the journal: the item, its `user_id` or its `id` by default. */
  id?: (item: Item) => string;
  /** How many items are processed at once; `"auto"` by default. */
  concurrency?: number | "auto";
  /** Called after each result. Errors that it throws are ignored. */
  onProgress?: (progress: BulkProgress) => unknown;
  /** Ends the run; what was on the wire has the status `"unknown"`. */
  abortSignal?: AbortSignalLike;
  /** Runs before each request of each item, as the request option of this name does. */
  beforeRequest?: (event: RequestEvent) => unknown;
  /** How long the run may take, in seconds; then it ends with a `ManagementTimeoutError` with code `deadline`. */
  deadlineInSeconds?: number;
  /** Keeps what has started and ended. It belongs to one operation: another one is refused. */
  journal?: BulkJournal;
  /**
   * The name of the operation in the journal, such as `"users.update"`. By default the name of the function, or a
   * fingerprint of its source if it has none.
   */
  name?: string;
  /** Calls nothing; what would be called has the status `"planned"`. `false` by default. */
  dryRun?: boolean;
  /** Ends the run after so many items that failed or are unknown; by default errors do not end it. */
  maxErrors?: number;
  /** Whether to retry what an earlier run left unknown; `false` by default. */
  retryUnknown?: boolean;
  /** How many requests an item takes, for the estimates; 1 by default. */
  requestsPerItem?: number;
  /** How many requests the tenant takes in a second, for estimates before the first result; 2 by default. */
  requestsPerSecond?: number;
}

/**
 * The result of one item. A report with `ok: false`, such as that of `users.unblock`, has the status of its step that
 * failed or may have failed, with the error of that step, and is the `data`.
 */
export type BulkResult<Item = unknown, Data = unknown> = { id: string; item: Item } & (
  | { status: "ok"; data: Data }
  | { status: "failed"; error: unknown; data?: Data }
  | { status: "skipped" | "planned" }
  | { status: "unknown"; error?: unknown; data?: Data }
);

/**
 * Calls `operation` for each item of `source`, and yields each result as it ends.
 *
 * The operation gets the item, and options that it passes to each request it makes. An item is started when its first
 * change (any request but a GET) is handed to fetch. With `concurrency: "auto"` as many items run at once as the client
 * sends requests at once, so the client's rate limiter decides the rate; `source` is read no faster. An item whose id came
 * before in the same run is skipped.
 *
 * With a `journal`, a run that ended early, or was killed, is resumed by the next run: what is done is skipped, what failed
 * or was not started is done, and what was on the wire has the status `"unknown"`, unless `retryUnknown` is set. The first
 * item runs alone, to see whether its change calls `beforeRequest`; as long as none has, an item is started when it is
 * called.
 *
 * Leaving the loop, `abortSignal`, the deadline and `maxErrors` withdraw the items whose requests still wait: they send
 * nothing, have no result, and are left to the next run. The run waits for items on the wire, except after an abort or a
 * deadline, which makes them `"unknown"`. A run that ends early yields these results before it throws: the reason of
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
): AsyncGenerator<BulkResult<Item, Data>, void, undefined> {
  return named("bulk", () => run(source, operation, options));
}

/** As many as a client ever sends at once; more would only wait to be sent. */
const AUTO = 64;
const known = ["abortSignal", "beforeRequest", "concurrency", "deadlineInSeconds", "dryRun", "id", "journal"];
known.push("maxErrors", "name", "onProgress", "requestsPerItem", "requestsPerSecond", "retryUnknown");

/** The statuses of an item in a journal; after "withdrawn" it is as if it had never been started. */
const statuses: readonly unknown[] = ["started", "ok", "failed", "unknown", "withdrawn"];
const isStatus = (status: unknown): status is string => statuses.includes(status);

/** The options of a run, with defaults. */
interface RunOptions<Item> extends Omit<BulkOptions<Item>, "id"> {
  id: (item: Item) => unknown;
  concurrency: number;
  maxErrors: number;
  requestsPerItem: number;
  requestsPerSecond: number;
}

/** Returns the id of an item, where the caller gives no function for it. */
const idOf = (item: unknown) => (typeof item === "string" ? item : (own(item, "user_id") ?? own(item, "id")));

function readOptions<Item>(given: BulkOptions<Item>): RunOptions<Item> {
  const entries = Object.entries(checkOptions(given, known)).filter(([, value]) => value !== undefined);
  const asked = record(Object.fromEntries(entries) as BulkOptions<Item>);
  const { beforeRequest, name } = asked;
  const concurrency = asked.concurrency === undefined || asked.concurrency === "auto" ? AUTO : asked.concurrency;
  const defaults = { id: idOf, requestsPerItem: 1, requestsPerSecond: 2, maxErrors: Infinity };
  const options: RunOptions<Item> = record({ ...defaults, ...asked, concurrency });
  check(Number.isInteger(concurrency) && concurrency > 0, 'concurrency must be "auto" or a whole number above 0');
  check(options.maxErrors > 0, "maxErrors must be a number above 0");
  for (const name of ["requestsPerItem", "requestsPerSecond"] as const) {
    check(options[name] > 0, `${name} must be above 0`);
  }
  check(typeof options.id === "function", "id must be a function of an item");
  check(name === undefined || isText(name), "name must be text, such as users.update");
  check(beforeRequest === undefined || typeof beforeRequest === "function", "beforeRequest must be a function");
  return options;
}

async function* run<Item, Data>(
  source: Iterable<Item> | AsyncIterable<Item>,
  operation: Operation<Item, Data>,
  given: BulkOptions<Item> = {},
): AsyncGenerator<BulkResult<Item, Data>, void, undefined> {
  checkSource("source", source);
  check(typeof operation === "function", "operation must be a function of an item");
  yield* untilDeadline("bulk", readOptions(given), (options) => results(source, operation, options));
}

/** Reads something for each item. Once the run has ended, results are of no use, but for what a journal says is done. */
export async function* bulkRead<Item, Data>(
  source: Iterable<Item> | AsyncIterable<Item>,
  operation: Operation<Item, Data>,
  given: BulkOptions<Item>,
): AsyncGenerator<BulkResult<Item, Data>, void, undefined> {
  yield* untilDeadline("hydrate", readOptions(given), async function* (options) {
    for await (const result of results(source, operation, options, true)) {
      if (options.journal === undefined) throwIfAborted(options.abortSignal);
      yield result;
    }
  });
}

async function* results<Item, Data>(
  source: Iterable<Item> | AsyncIterable<Item>,
  operation: Operation<Item, Data>,
  options: RunOptions<Item>,
  isReading = false,
): AsyncGenerator<BulkResult<Item, Data>, void, undefined> {
  const { abortSignal: signal, beforeRequest, concurrency, dryRun, maxErrors } = options;
  const progress = new Progress(source, options);
  const opening = Journal.open(options.journal, options.name ?? nameOf(operation), isStatus);
  const journal = await unlessAborted(signal, opening);
  // An operation that takes no options cannot call the hook.
  const calls = new Calls(operation.length < 2 ? false : undefined, options.journal !== undefined && !isReading);
  const seen = new Set<string>();
  let errors = 0;
  let withdrawn = 0;

  /** Calls the operation for an item. Resolves to undefined if the run ended before it was started. */
  const call = async (id: string, item: Item): Promise<CallResult<Data> | undefined> => {
    await calls.turn();
    const call = calls.open(() => journal.write(id, "started"), beforeRequest);
    try {
      // Unless the operation is known to use the hook, a change may be sent as soon as it is called.
      const isKnown = operation.length >= 2 && calls.isHooked;
      if (calls.needsProof && !isKnown && !calls.isStopped) await call.begin();
      const result = calls.isStopped ? undefined : await call.run(operation, item);
      const isBegun = await call.isBegun();
      if (isBegun && !result) await journal.write(id, "withdrawn");
      return result;
    } finally {
      calls.close(call);
    }
  };

  const work = async (item: Item, give: (result: BulkResult<Item, Data>) => void): Promise<void> => {
    const id = options.id(item);
    check(isText(id), "each item needs an id: a string, user_id or id, or what options.id gives for it");
    const end = (result: CallResult<Data> | { status: "skipped" | "planned" | "unknown" }) => {
      progress.count(result.status);
      give({ id, item, ...result });
    };
    const before = journal.statusOf(id);
    if (before === "ok" || seen.has(id)) return end({ status: "skipped" });
    seen.add(id);
    if ((before === "started" || before === "unknown") && !options.retryUnknown) return end({ status: "unknown" });
    if (dryRun) return end({ status: "planned" });
    const result = await call(id, item);
    if (!result) return void (withdrawn += 1);
    progress.calls += 1;
    if (result.status !== "ok" && (errors += 1) >= maxErrors) calls.withdraw();
    try {
      await journal.write(id, result.status);
    } finally {
      // It is done, whether or not that can be recorded.
      end(result);
    }
  };
  const stop = () => (signal?.aborted ? calls.abort(signal.reason) : calls.withdraw());
  const mayStart = () => errors < maxErrors;
  const isRead = yield* pool(source, concurrency, work, { mayStart, signal, stop });
  if (isRead && withdrawn === 0) return;
  throw define(new Error(`stopped after ${errors} errors`), { code: "too_many_errors" });
}
