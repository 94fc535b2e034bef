// Notices when the browser disconnects.

import { record } from "../client/objects.ts";
import { Refusal } from "./refusal.ts";

/** The options of a listener that runs once, whatever Object.prototype holds. */
export const ONCE = record({ once: true });

/** Watches the signal of a request, if it has one, until `release()`. */
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

  /** Aborts with a refusal when the browser disconnects. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Throws the refusal if the browser has disconnected. */
  check(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }

  /**
   * Returns the options for one call of the client: the signal aborts it only before it is sent, and `onSent` runs
   * right before that. Aborting a change after it was sent would leave its outcome unknown.
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
      // The signal belongs to the runtime, whose failure changes nothing here.
    }
  }
}
