// The calls of a run: which of them have sent a change, and the end of those that have not.

import { isManagementError } from "auth0-users";

import { define } from "../client/objects.ts";
import { abortController } from "../client/engine.ts";
import { brokenStep } from "./steps.ts";

const isRead = (event) => event?.method === "GET" || event?.method === "HEAD";

/** Whether an error, or what caused it, says that a change may have been applied. */
function isOpen(error) {
  try {
    for (let cause = error, depth = 0; cause && depth < 8; cause = cause.cause, depth += 1) {
      if (isManagementError(cause) && cause.code === "outcome_unknown") return true;
    }
  } catch {
    // An error that cannot be read is the caller's own.
  }
  return false;
}

/** The calls of one run that are under way. */
export class Calls {
  /** Whether nothing more may be sent. */
  isStopped = false;
  /** Whether the operation calls the hook: undefined until a call has shown it. A later call may show that it does. */
  isHooked;
  /** Whether only a change shows it: the hook of a read says nothing about the change after it. */
  needsProof;
  /** What a request is held back with. */
  withdrawal = define(new Error("the run ended before this was sent"), { code: "withdrawn" });
  #open = new Set();
  /** Resolves when the first call has shown whether the hook is called, or the run has ended. */
  #shown;
  #release = () => {};

  constructor({ isHooked, needsProof = false } = { __proto__: null }) {
    this.isHooked = isHooked;
    this.needsProof = needsProof;
  }

  /** Lets one call go first where it is not known what is sent without the hook. */
  async turn() {
    if (!this.needsProof || this.isHooked !== undefined || this.isStopped) return;
    if (this.#shown) await this.#shown;
    else this.#shown = new Promise((resolve) => (this.#release = resolve));
  }

  /** Keeps what a call has shown. */
  show(isHooked) {
    this.isHooked = isHooked;
    this.#release();
  }

  /** Starts a call; `record` writes down that it is begun. */
  open(record, beforeRequest) {
    const call = new Call(this, record, beforeRequest);
    this.#open.add(call);
    return call;
  }

  close(call) {
    this.#open.delete(call);
  }

  /** Ends each call that has sent no change. What is on the wire goes on. */
  withdraw() {
    this.isStopped = true;
    this.#release();
    for (const call of this.#open) call.withdraw();
  }

  /** Ends each call, for the reason of a signal. */
  abort(reason) {
    this.isStopped = true;
    this.#release();
    for (const call of this.#open) call.abort(reason);
  }
}

/** A call of an operation, which is begun when its first change is handed to fetch. */
class Call {
  /** What the operation is given. The getters show what it makes use of. */
  options;
  #calls;
  #record;
  #own;
  #controller = abortController();
  #begun;
  #changes = 0;
  #isSent = false;
  /** Whether the only change so far waits to be sent again. */
  #isWaiting = false;
  #usesHook = false;
  #usesSignal = false;
  #hasRead = false;

  constructor(calls, record, beforeRequest) {
    this.#calls = calls;
    this.#record = record;
    this.#own = beforeRequest;
    const signal = () => {
      this.#usesSignal = true;
      return this.#controller.signal;
    };
    const hook = () => {
      this.#usesHook = true;
      if (calls.isStopped) this.withdraw();
      return (event) => this.#beforeRequest(event);
    };
    this.options = {};
    for (const [name, get] of [
      ["abortSignal", signal],
      ["beforeRequest", hook],
    ]) {
      Object.defineProperty(this.options, name, { __proto__: null, enumerable: true, get });
    }
  }

  /** Writes down, once, that the call is begun. */
  begin() {
    return (this.#begun ??= (async () => this.#record())());
  }

  /** Resolves to whether the call was begun; rejects if that could not be written down. */
  async isBegun() {
    await this.#begun;
    return this.#begun !== undefined;
  }

  /** Whether something may be sent without the hook: by a fetch of the operation's own, or by a call without its options. */
  get #isUnhooked() {
    const { isHooked, needsProof } = this.#calls;
    // After a read with the hook, its change may be under way without it.
    return !this.#usesHook || isHooked === false || (needsProof && !isHooked && this.#hasRead);
  }

  /** Whether the run ended before the call sent a change. */
  get #isWithdrawn() {
    return this.#controller.signal.aborted && !this.#isSent && !this.#isUnhooked;
  }

  withdraw() {
    if ((!this.#isSent || this.#isWaiting) && !this.#isUnhooked) this.abort(this.#calls.withdrawal);
  }

  abort(reason) {
    this.#controller.abort(reason);
  }

  /** Runs before each attempt of each request. What it throws keeps that attempt from being sent. */
  async #beforeRequest(event) {
    const { signal } = this.#controller;
    this.#hasRead ||= isRead(event);
    if (!this.#calls.needsProof || !isRead(event)) this.#calls.show(true);
    const beforeRetry = await this.#own?.(event);
    if (isRead(event)) return beforeRetry;
    if (!(event?.attempt > 1)) this.#changes += 1;
    if (this.#calls.isStopped) this.withdraw();
    signal.throwIfAborted();
    await this.begin();
    signal.throwIfAborted();
    this.#isSent = true;
    this.#isWaiting = false;
    return (mayBeApplied) => {
      // Where another change has been made, the rest is let finish: half of it would be done.
      if (this.#changes === 1) {
        this.#isSent = mayBeApplied;
        this.#isWaiting = true;
        if (this.#calls.isStopped) this.withdraw();
      }
      if (typeof beforeRetry === "function") beforeRetry(mayBeApplied);
    };
  }

  /** Calls the operation: how it ended, or undefined if the run ended before it sent a change. */
  async run(operation, item) {
    const { signal } = this.#controller;
    try {
      const pending = operation(item, this.options);
      // A signal without the hook belongs to a fetch of the operation's own, which may be sent by now.
      if (this.#usesSignal && !this.#usesHook) {
        this.begin().catch(() => {});
        if (this.#calls.needsProof && !this.#calls.isHooked) this.#calls.show(false);
      }
      const data = await pending;
      if (this.#isWithdrawn) return undefined;
      if (this.#calls.isHooked === undefined) this.#calls.show(false);
      const broken = brokenStep(data);
      return broken ? { status: broken.status, error: broken.error, data } : { status: "ok", data };
    } catch (error) {
      if (isOpen(error)) return { status: "unknown", error };
      if (this.#isWithdrawn) return undefined;
      // A refusal by the API is known, also when it comes with an abort.
      const isKnown = !signal.aborted || (isManagementError(error) && error !== signal.reason);
      return { status: isKnown ? "failed" : "unknown", error };
    } finally {
      // Without a change there is no proof.
      if (this.#calls.needsProof && this.#calls.isHooked === undefined) this.#calls.show(false);
    }
  }
}
