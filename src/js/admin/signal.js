// Signals for a part of what a caller may abort.

import { checkSignal } from "./check.js";

/** A controller that aborts when a signal does, until it is released. */
export function following(signal) {
  checkSignal(signal);
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward);
  return Object.assign(controller, { release: () => signal?.removeEventListener("abort", forward) });
}

/** What a promise gives, or the reason of the signal if that aborts before. */
export async function unlessAborted(signal, promise) {
  if (!signal) return promise;
  let cut;
  const aborted = new Promise((_, reject) => {
    cut = () => reject(signal.reason);
  });
  signal.addEventListener("abort", cut);
  if (signal.aborted) cut();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

/** Throws the reason of a signal that is aborted. */
export function endIfAborted(signal) {
  if (signal?.aborted) throw signal.reason;
}
