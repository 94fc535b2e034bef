// One operation for many users: as many at once as the client's pace lets through, each told about, none done twice.

import { isManagementError } from "auth0-users";

import { check, checkOptions, checkSource, isText } from "./check.js";
import { untilDeadline } from "./deadline.js";
import { Journal } from "./journal.js";
import { pool } from "./pool.js";
import { unlessAborted } from "./signal.js";
import { tell } from "./tell.js";

/** As many as a client ever sends at once; more would only wait for their turn. */
const AUTO = 64;
const known = ["abortSignal", "concurrency", "deadlineInSeconds", "dryRun", "id", "journal", "onProgress"];
known.push("repeatUnknown", "requestsPerItem", "requestsPerSecond", "stopAfterErrors");

/** The id of an item, where the caller does not say how to tell. */
const idOf = (item) => (typeof item === "string" ? item : (item?.user_id ?? item?.id));

function readOptions(given) {
  checkOptions(given, known);
  const options = {
    concurrency: "auto",
    id: idOf,
    requestsPerItem: 1,
    requestsPerSecond: 2,
    stopAfterErrors: Infinity,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
  if (options.concurrency === "auto") options.concurrency = AUTO;
  const { concurrency, stopAfterErrors } = options;
  check(Number.isInteger(concurrency) && concurrency > 0, 'concurrency must be "auto" or a whole number above 0');
  check(stopAfterErrors > 0, "stopAfterErrors must be a number above 0");
  for (const name of ["requestsPerItem", "requestsPerSecond"]) check(options[name] > 0, `${name} must be above 0`);
  check(typeof options.id === "function", "id must be a function of an item");
  return options;
}

/** How an operation ended. What was under way when its signal was aborted may have been carried out. */
async function settle(item, operation, abortSignal) {
  try {
    return { status: "ok", data: await operation(item, { abortSignal }) };
  } catch (error) {
    const isOpen = abortSignal?.aborted || (isManagementError(error) && error.code === "outcome_unknown");
    return { status: isOpen ? "unknown" : "failed", error };
  }
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

  get failed() {
    return this.#counts.failed;
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
    // What is known from a journal tells nothing about the pace.
    const perItem = this.calls
      ? (Date.now() - this.#startedAt) / 1_000 / this.calls
      : requestsPerItem / requestsPerSecond;
    const etaSeconds = left === undefined ? undefined : Math.ceil(left * perItem);
    return { ...this.#counts, total, requests: (this.calls + (left ?? 0)) * requestsPerItem, etaSeconds };
  }
}

export async function* bulk(source, operation, given = {}) {
  checkSource("source", source);
  check(typeof operation === "function", "operation must be a function of an item");
  yield* untilDeadline("bulk", readOptions(given), (options) => results(source, operation, options));
}

async function* results(source, operation, options) {
  const { abortSignal: signal, concurrency, dryRun, stopAfterErrors } = options;
  const progress = new Progress(source, options);
  const journal = await unlessAborted(signal, Journal.open(options.journal));
  const seen = new Set();

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
    if ((before === "started" || before === "unknown") && !options.repeatUnknown) return end({ status: "unknown" });
    if (dryRun) return end({ status: "planned" });
    await journal.write(id, "started");
    const result = await settle(item, operation, signal);
    progress.calls += 1;
    try {
      await journal.write(id, result.status);
    } finally {
      // It is done, whether or not that can be written down.
      end(result);
    }
  };
  const mayStart = () => progress.failed < stopAfterErrors;
  if (yield* pool(source, concurrency, work, { mayStart, signal })) return;
  throw Object.assign(new Error(`stopped after ${progress.failed} errors`), { code: "too_many_errors" });
}
