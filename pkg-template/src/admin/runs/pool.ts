// Working on several items at once, with no more of them read than are worked on.

import type { AbortSignalLike } from "auth0-users";

/** Works on an item, and calls `give` with each of its results. */
export type Work<Item, Result> = (item: Item, give: (result: Result) => void) => Promise<void>;

interface PoolOptions {
  /** Whether another item may be started; once it may not, the run ends. */
  readonly mayStart?: () => boolean;
  readonly signal: AbortSignalLike | undefined;
  /** Called when work fails, the signal aborts, or the consumer leaves: work may end early. */
  readonly stop: () => void;
}

/**
 * Works on the items of a source, `width` at once, and yields the results as they come. Returns whether all of the source
 * was worked on, which it is not where `mayStart` ends it. At the end, or when `signal` aborts, running work is waited for;
 * then the first failure, of the work or of the source, is thrown, or the reason of a signal that came before all was done.
 */
export async function* pool<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  work: Work<Item, Result>,
  { mayStart = () => true, signal, stop }: PoolOptions,
): AsyncGenerator<Result, boolean, undefined> {
  const items = iteratorOf(source);
  const running = new Set<Promise<void>>();
  const results: Result[] = [];
  // One may come while the consumer is busy, so it is kept.
  const failures: unknown[] = [];
  let isAtEnd = false;
  let isLeft = false;
  let isDone = false;
  let reading: Promise<void> | undefined;
  // Resumes after a turn of waiting. A race of promises would keep every turn until the last of them is settled.
  let wake = () => {};
  const isOpen = () => !isAtEnd && !isLeft && failures.length === 0 && !signal?.aborted && mayStart();
  const begin = (item: Item) => {
    const task = (async () => work(item, (result) => results.push(result)))()
      .catch((error: unknown) => {
        failures.push(error);
        stop();
      })
      .finally(() => {
        running.delete(task);
        wake();
      });
    running.add(task);
  };
  const read = async () => {
    try {
      const next = await items.next();
      if (next.done) isAtEnd = true;
      else if (isOpen()) begin(next.value);
    } catch (error) {
      isAtEnd = true;
      failures.push(error);
    }
    reading = undefined;
    wake();
  };
  let isCut = signal?.aborted;
  const cut = () => {
    isCut = !isAtEnd || running.size > 0;
    stop();
    wake();
  };
  signal?.addEventListener("abort", cut);
  try {
    while (isOpen() || running.size + results.length > 0) {
      if (isOpen() && running.size + results.length < width) reading ??= read();
      // A source that gives nothing more keeps back no result, and is not waited for once that is of no use.
      if (results.length > 0) yield* results.splice(0);
      // The source may have failed, or aborted the run, by being asked.
      else if (isOpen() || running.size > 0) await new Promise<void>((resolve) => (wake = resolve));
    }
    isDone = true;
    if (failures.length > 0) throw failures[0];
    if (isCut) throw signal?.reason;
    return isAtEnd;
  } finally {
    isLeft = true;
    signal?.removeEventListener("abort", cut);
    if (running.size > 0) stop();
    await Promise.allSettled(running);
    let closed: Promise<unknown> = (async () => isAtEnd || (await items.return?.()))();
    // A failure of the source at this point does not hide why the run is over.
    if (isDone || reading) closed = closed.catch(() => {});
    if (!reading) await closed;
  }
}

function iteratorOf<Item>(source: Iterable<Item> | AsyncIterable<Item>): Iterator<Item> | AsyncIterator<Item> {
  const asyncSource = source as Partial<AsyncIterable<Item>>;
  return asyncSource[Symbol.asyncIterator]?.() ?? (source as Iterable<Item>)[Symbol.iterator]();
}
