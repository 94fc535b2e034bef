// One operation for many users: as many at once as the client's rate limiter lets through, none done twice.

import { Calls } from "./calls.ts";
import { check, checkOptions, checkSource, define, isText, named, own } from "./check.ts";
import { ownOptions, untilDeadline } from "./deadline.ts";
import { Journal, nameOf } from "./journal.ts";
import { pool } from "./pool.ts";
import { endIfAborted, unlessAborted } from "./signal.ts";
import { tell } from "./tell.ts";

/** As many as a client ever sends at once; more would only wait to be sent. */
const AUTO = 64;
const known = ["abortSignal", "beforeRequest", "concurrency", "deadlineInSeconds", "dryRun", "id", "journal"];
known.push("maxErrors", "name", "onProgress", "requestsPerItem", "requestsPerSecond", "retryUnknown");

/** What a journal says of an item; after "withdrawn" it is as if it had never been begun. */
const statuses = ["started", "ok", "failed", "unknown", "withdrawn"];

/** The id of an item, where the caller gives no function for it. */
const idOf = (item) => (typeof item === "string" ? item : (own(item, "user_id") ?? own(item, "id")));

function readOptions(given) {
  const options = ownOptions(
    { concurrency: "auto", id: idOf, requestsPerItem: 1, requestsPerSecond: 2, maxErrors: Infinity },
    Object.fromEntries(Object.entries(checkOptions(given, known)).filter(([, value]) => value !== undefined)),
  );
  if (options.concurrency === "auto") options.concurrency = AUTO;
  const { beforeRequest, concurrency, maxErrors, name } = options;
  check(Number.isInteger(concurrency) && concurrency > 0, 'concurrency must be "auto" or a whole number above 0');
  check(maxErrors > 0, "maxErrors must be a number above 0");
  for (const name of ["requestsPerItem", "requestsPerSecond"]) check(options[name] > 0, `${name} must be above 0`);
  check(typeof options.id === "function", "id must be a function of an item");
  check(name === undefined || isText(name), "name must be text, such as users.update");
  check(beforeRequest === undefined || typeof beforeRequest === "function", "beforeRequest must be a function");
  return options;
}

/** What has been done and what is left. */
class Progress {
  /** For how many items the operation was called, and has ended. */
  calls = 0;
  #startedAt = Date.now();
  #options;
  #total;
  #counts = { ok: 0, failed: 0, skipped: 0, unknown: 0, planned: 0 };

  constructor(source, options) {
    this.#options = options;
    this.#total = Array.isArray(source) ? source.length : undefined;
  }

  count(status) {
    this.#counts[status] += 1;
    tell(this.#options.onProgress, this.#state());
  }

  #state() {
    const { dryRun, requestsPerItem, requestsPerSecond } = this.#options;
    const { ok, failed, unknown, planned, skipped } = this.#counts;
    const total = this.#total;
    let left = dryRun ? planned : undefined;
    if (total !== undefined) left = total - ok - failed - unknown - skipped;
    // What is known from a journal says nothing about the rate.
    const perItem = this.calls
      ? (Date.now() - this.#startedAt) / 1_000 / this.calls
      : requestsPerItem / requestsPerSecond;
    const etaSeconds = left === undefined ? undefined : Math.ceil(left * perItem);
    return { ...this.#counts, total, requests: (this.calls + (left ?? 0)) * requestsPerItem, etaSeconds };
  }
}

export function bulk(source, operation, options) {
  return named("bulk", new Error(), () => run(source, operation, options));
}

async function* run(source, operation, given = { __proto__: null }) {
  checkSource("source", source);
  check(typeof operation === "function", "operation must be a function of an item");
  yield* untilDeadline("bulk", readOptions(given), (options) => results(source, operation, options));
}

/** Reads something for each item. Once the run has ended, what is read is of no use, but for what a journal says is done. */
export async function* bulkRead(source, operation, given) {
  yield* untilDeadline("hydrate", readOptions(given), async function* (options) {
    for await (const result of results(source, operation, options, true)) {
      if (options.journal === undefined) endIfAborted(options.abortSignal);
      yield result;
    }
  });
}

async function* results(source, operation, options, isReading = false) {
  const { abortSignal: signal, beforeRequest, concurrency, dryRun, maxErrors } = options;
  const progress = new Progress(source, options);
  const opening = Journal.open(options.journal, options.name ?? nameOf(operation), (status) =>
    statuses.includes(status),
  );
  const journal = await unlessAborted(signal, opening);
  // What takes no options cannot call the hook.
  const isHooked = operation.length < 2 ? false : undefined;
  const calls = new Calls({ isHooked, needsProof: options.journal !== undefined && !isReading });
  const seen = new Set();
  let errors = 0;
  let withdrawn = 0;

  /** Calls the operation for an item: how it ended, or undefined if the run ended before it was begun. */
  const call = async (id, item) => {
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

  const work = async (item, give) => {
    const id = options.id(item);
    check(isText(id), "each item needs an id: a string, user_id or id, or what options.id gives for it");
    const end = (result) => {
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
      // It is done, whether or not that can be written down.
      end(result);
    }
  };
  const stop = () => (signal?.aborted ? calls.abort(signal.reason) : calls.withdraw());
  const mayStart = () => errors < maxErrors;
  const isRead = yield* pool(source, concurrency, work, { __proto__: null, mayStart, signal, stop });
  if (isRead && withdrawn === 0) return;
  throw define(new Error(`stopped after ${errors} errors`), { code: "too_many_errors" });
}
