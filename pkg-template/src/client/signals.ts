// Abort signals: waiting for one, and deriving one from another.

import type { AbortSignalLike } from "../types/responses.ts";
import { check } from "./argument-errors.ts";
import { abortController } from "./engine.ts";
import { define, record } from "./objects.ts";

/** A signal as it is, whose method takes options. */
interface AbortEvents {
  addEventListener(type: "abort", listener: () => void, options: object): void;
}

/** A controller that aborts when another signal does, until it is released. */
export interface LinkedController extends AbortController {
  /** Stops following the other signal. */
  readonly release: () => void;
}

/** The callbacks of each signal. The signal itself has one listener: Node.js warns of more than ten. */
const waiting = new WeakMap<AbortSignalLike, { calls: Set<() => void>; listener: () => void }>();

/**
 * Calls `run` with the reason when a signal aborts, or at once if it has. Returns a function that stops waiting for it.
 */
export function onAbort(signal: AbortSignalLike, run: (reason: unknown) => void): () => void {
  const call = () => run(signal.reason);
  if (signal.aborted) {
    call();
    return () => {};
  }
  const all = waiting.get(signal) ?? listen(signal);
  all.calls.add(call);
  return () => {
    all.calls.delete(call);
    if (all.calls.size || waiting.get(signal) !== all) return;
    waiting.delete(signal);
    signal.removeEventListener("abort", all.listener);
  };
}

/** Adds the one listener to a signal. */
function listen(signal: AbortSignalLike) {
  const calls = new Set<() => void>();
  const listener = () => {
    waiting.delete(signal);
    for (const call of calls) call();
  };
  const all = { calls, listener };
  waiting.set(signal, all);
  const events: AbortEvents = signal;
  events.addEventListener("abort", listener, record({ once: true }));
  return all;
}

export function checkSignal(signal: unknown): void {
  const given = signal as Partial<AbortSignal> | null | undefined;
  check(given == null || typeof given.addEventListener === "function", "abortSignal must be an AbortSignal");
}

/** Makes a controller that aborts when a signal does, until it is released. */
export function following(signal: AbortSignalLike | null | undefined): LinkedController {
  checkSignal(signal);
  const controller = abortController();
  const release = signal ? onAbort(signal, (reason) => controller.abort(reason)) : () => {};
  return define(controller, { release });
}

/** Resolves to the value of a promise; rejects with the reason of the signal if that aborts first. */
export async function unlessAborted<T>(
  signal: AbortSignalLike | null | undefined,
  promise: T | PromiseLike<T>,
): Promise<T> {
  if (!signal) return promise;
  let release = () => {};
  const aborted = new Promise<never>((_, reject) => {
    release = onAbort(signal, reject);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    release();
  }
}

/** Throws the reason of a signal that has aborted. */
export function throwIfAborted(signal: AbortSignalLike | null | undefined): void {
  if (signal?.aborted) throw signal.reason;
}

/** Resolves after some milliseconds; rejects with the signal's own reason if that aborts first. */
export async function pause(milliseconds: number, signal: AbortSignalLike | null | undefined): Promise<void> {
  let timer;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await unlessAborted(signal, elapsed);
  } finally {
    clearTimeout(timer);
  }
}
