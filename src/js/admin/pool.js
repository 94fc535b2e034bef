// Several things at once, and no more of them read than are worked on.

/**
 * Works on what a source gives, so many at once, and yields what comes of each as it comes. Returns whether all of the
 * source was worked on, which it is not where `mayStart` ends it. What is under way at the end is waited for; the first
 * failure of the work is thrown.
 */
export async function* pool(source, width, work, mayStart = () => true) {
  const items = (source[Symbol.asyncIterator] ?? source[Symbol.iterator]).call(source);
  const running = new Set();
  const results = [];
  const failures = [];
  const begin = async (item) => {
    try {
      results.push(await work(item));
    } catch (error) {
      // It may come while whoever reads the results is busy, so it is kept.
      failures.push(error);
    }
  };
  let isAtEnd = false;
  try {
    while (!isAtEnd || running.size > 0) {
      while (!isAtEnd && mayStart() && running.size + results.length < width) {
        const { done, value } = await items.next();
        if (done) isAtEnd = true;
        else {
          const task = begin(value).finally(() => running.delete(task));
          running.add(task);
        }
      }
      if (results.length === 0 && running.size > 0) await Promise.race(running);
      yield* results.splice(0);
      if (failures.length > 0) throw failures[0];
      if (!mayStart() && running.size === 0) break;
    }
    yield* results.splice(0);
    return isAtEnd;
  } finally {
    await Promise.allSettled(running);
    await items.return?.();
  }
}
