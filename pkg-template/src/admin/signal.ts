// Signals for a part of what a caller may abort.

import { abortController } from "../client/engine.ts";
import { checkSignal, define } from "./check.ts";

/** What waits for each signal. The signal itself has one listener: Node.js warns of more than ten. */
const waiting = new WeakMap();

/** Calls `run` when a signal aborts. Returns a function that stops waiting for it. */
export function onAbort(signal, run) {
  let all = waiting.get(signal);
  if (!all) {
    const calls = new Set();
    const listener = () => {
      waiting.delete(signal);
      for (const call of calls) call();
    };
    all = { calls, listener };
    waiting.set(signal, all);
    signal.addEventListener("abort", listener, { __proto__: null, once: true });
  }
  const call = () => run(signal.reason);
  all.calls.add(call);
  return () => {
    all.calls.delete(call);
    if (all.calls.size || waiting.get(signal) !== all) return;
    waiting.delete(signal);
    signal.removeEventListener("abort", all.listener);
  };
}

/** A controller that aborts when a signal does, until it is released. */
export function following(signal) {
  checkSignal(signal);
  const controller = abortController();
  const forward = () => controller.abort(signal.reason);
  let release = () => {};
  if (signal?.aborted) forward();
  else if (signal) release = onAbort(signal, forward);
  return define(controller, { release });
}

/** What a promise gives, or the reason of the signal if that aborts before. */
export async function unlessAborted(signal, promise) {
  if (!signal) return promise;
  let release = () => {};
  const aborted = new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else release = onAbort(signal, reject);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    release();
  }
}

/** Throws the reason of a signal that is aborted. */
export function endIfAborted(signal) {
  if (signal?.aborted) throw signal.reason;
}
