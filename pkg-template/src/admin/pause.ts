// Doing nothing for a while.

import { onAbort } from "./signal.ts";

/** Resolves after so many milliseconds; rejects with the signal's own reason when that is aborted first. */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      release?.();
      resolve();
    }, milliseconds);
    const release =
      signal &&
      onAbort(signal, (reason) => {
        clearTimeout(timer);
        reject(reason);
      });
  });
}
