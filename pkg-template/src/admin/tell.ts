// What observers are told.

/** Calls an observer. What it throws, or its promise rejects with, is dropped, as it is for the observers of a client. */
export async function tell(observer, news) {
  try {
    await observer?.(news);
  } catch {
    // It is theirs.
  }
}
