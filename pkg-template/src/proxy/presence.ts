// Whether the browser still waits for the answer.

import { record } from "../client/objects.ts";
import { Refusal } from "./refusal.ts";

/** Options of a listener that runs once, whatever Object.prototype has. */
export const ONCE = record({ once: true });

/** Watches the signal of a request until `release()`; the signal may be missing. */
export class Presence {
  #controller = new AbortController();
  #release = (): void => {};

  constructor(signal: AbortSignal | null | undefined) {
    const leave = () => this.#controller.abort(new Refusal(499, "closed", "The request was aborted"));
    if (!signal) return;
    if (signal.aborted) {
      leave();
      return;
    }
    signal.addEventListener("abort", leave, ONCE);
    this.#release = () => signal.removeEventListener("abort", leave);
  }

  /** Aborted with a refusal when the browser goes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the request if the browser has gone. */
  check(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }

  /**
   * Returns options for one call of the client, which end it as long as nothing of it was sent, and call `onSent` right
   * before something is. A change that was sent is carried out: giving it up would leave its outcome in doubt.
   */
  untilSent(onSent: () => void): { abortSignal: AbortSignal; beforeRequest: () => void } {
    const held = new AbortController();
    const withdraw = () => held.abort(this.signal.reason);
    if (this.signal.aborted) withdraw();
    else this.signal.addEventListener("abort", withdraw, ONCE);
    const beforeRequest = () => {
      this.check();
      this.signal.removeEventListener("abort", withdraw);
      onSent();
    };
    return { abortSignal: held.signal, beforeRequest };
  }

  release(): void {
    try {
      this.#release();
    } catch {
      // A signal that does not let go of its listener is the runtime's own.
    }
  }
}
