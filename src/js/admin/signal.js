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
