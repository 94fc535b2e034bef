import { emit } from "../shared/emit.ts";

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
  /** How long the rest takes, in seconds, at the rate so far; if the rest is known. */
  readonly etaSeconds?: number;
}

interface ProgressOptions {
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: BulkProgress) => unknown;
  readonly requestsPerItem: number;
  readonly requestsPerSecond: number;
}

type Status = "ok" | "failed" | "skipped" | "unknown" | "planned";

/** Counts how the items of a run ended, and calls the observer of the run. */
export class Progress {
  /** For how many items the operation was called, and has ended. */
  calls = 0;
  readonly #startedAt = Date.now();
  readonly #options: ProgressOptions;
  readonly #total: number | undefined;
  readonly #counts: Record<Status, number> = { ok: 0, failed: 0, skipped: 0, unknown: 0, planned: 0 };

  constructor(source: unknown, options: ProgressOptions) {
    this.#options = options;
    this.#total = Array.isArray(source) ? source.length : undefined;
  }

  count(status: Status): void {
    this.#counts[status] += 1;
    emit(this.#options.onProgress, this.#state());
  }

  #state(): BulkProgress {
    const { dryRun, requestsPerItem, requestsPerSecond } = this.#options;
    const { ok, failed, unknown, planned, skipped } = this.#counts;
    const total = this.#total;
    let left = dryRun ? planned : undefined;
    if (total !== undefined) left = total - ok - failed - unknown - skipped;
    // Items that a journal knows say nothing about the rate.
    const perItem = this.calls
      ? (Date.now() - this.#startedAt) / 1_000 / this.calls
      : requestsPerItem / requestsPerSecond;
    return {
      ...this.#counts,
      ...(total !== undefined && { total }),
      requests: (this.calls + (left ?? 0)) * requestsPerItem,
      ...(left !== undefined && { etaSeconds: Math.ceil(left * perItem) }),
    };
  }
}
