// The calls of a run: which of them have sent a change, and the end of those that have not.

import type { AbortSignalLike, RequestEvent } from "auth0-users";

import { isManagementError } from "../../client/brand.ts";
import { abortController } from "../../client/engine.ts";
import { define } from "../../client/objects.ts";
import { brokenStep } from "../shared/steps.ts";

/** Request options that an operation passes to each request it makes. */
export interface BulkCallOptions {
  /** Ends the requests of the item. */
  readonly abortSignal: AbortSignalLike;
  /**
   * Records the item as started before its first change is sent. An operation with a `fetch` of its own awaits
   * `beforeRequest()` before each change. An operation that declares no second parameter counts as started when it is
   * called.
   */
  readonly beforeRequest: (event?: RequestEvent) => Promise<unknown>;
}

/** An operation for an item. */
export type Operation<Item, Data> = (item: Item, options: BulkCallOptions) => Promise<Data>;

/** The request option of this name of the run. */
export type BeforeRequest = ((event: RequestEvent) => unknown) | undefined;

/** How a call ended. */
export type CallResult<Data> =
  | { status: "ok"; data: Data }
  | { status: "failed"; error: unknown; data?: Data }
  | { status: "unknown"; error?: unknown; data?: Data };

function isRead(event: RequestEvent | undefined): boolean {
  // An operation with a fetch of its own may pass other methods than the client does.
  const method: string | undefined = event?.method;
  return method === "GET" || method === "HEAD";
}

/** Returns whether an error, or what caused it, says that a change may have been applied. */
function isOpen(error: unknown): boolean {
  try {
    let cause = error;
    for (let depth = 0; cause && depth < 8; depth += 1) {
      if (isManagementError(cause) && cause.code === "outcome_unknown") return true;
      ({ cause } = cause as { cause?: unknown });
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
  /** Whether the operation calls the hook `beforeRequest`: undefined until a call has shown it. A later call may show that it does. */
  isHooked: boolean | undefined;
  /** Whether only a change shows it: the hook of a read says nothing about the change after it. */
  readonly needsProof: boolean;
  /** The error that a request is held back with. */
  readonly withdrawal = define(new Error("the run ended before this was sent"), { code: "withdrawn" });
  readonly #open = new Set<Call>();
  /** Resolves when the first call has shown whether the hook is called, or the run has ended. */
  #shown: Promise<void> | undefined;
  #release = () => {};

  constructor(isHooked?: boolean, needsProof = false) {
    this.isHooked = isHooked;
    this.needsProof = needsProof;
  }

  /** Lets one call go first where it is not known what is sent without the hook. */
  async turn(): Promise<void> {
    if (!this.needsProof || this.isHooked !== undefined || this.isStopped) return;
    if (this.#shown) await this.#shown;
    else this.#shown = new Promise((resolve) => (this.#release = resolve));
  }

  /** Keeps what a call has shown. */
  show(isHooked: boolean): void {
    this.isHooked = isHooked;
    this.#release();
  }

  /** Opens a call; `record` records that it is started. */
  open(record: () => unknown, beforeRequest?: BeforeRequest): Call {
    const call = new Call(this, record, beforeRequest);
    this.#open.add(call);
    return call;
  }

  close(call: Call): void {
    this.#open.delete(call);
  }

  /** Ends each call that has sent no change. Requests on the wire continue. */
  withdraw(): void {
    this.isStopped = true;
    this.#release();
    for (const call of this.#open) call.withdraw();
  }

  /** Ends each call, for the reason of a signal. */
  abort(reason: unknown): void {
    this.isStopped = true;
    this.#release();
    for (const call of this.#open) call.abort(reason);
  }
}

/** A call of an operation, which is started when its first change is handed to fetch. */
class Call {
  readonly #calls: Calls;
  readonly #record: () => unknown;
  readonly #own: BeforeRequest;
  readonly #controller = abortController();
  #begun: Promise<unknown> | undefined;
  #changes = 0;
  #isSent = false;
  /** Whether the only change so far waits to be sent again. */
  #isWaiting = false;
  #usesHook = false;
  #usesSignal = false;
  #hasRead = false;

  constructor(calls: Calls, record: () => unknown, beforeRequest: BeforeRequest) {
    this.#calls = calls;
    this.#record = record;
    this.#own = beforeRequest;
  }

  /** Records, once, that the call is started. */
  begin(): Promise<unknown> {
    return (this.#begun ??= (async () => this.#record())());
  }

  /** Resolves to whether the call was started; rejects if that could not be recorded. */
  async isBegun(): Promise<boolean> {
    await this.#begun;
    return this.#begun !== undefined;
  }

  /** Whether something may be sent without the hook: by a fetch of the operation's own, or by a call without its options. */
  get #isUnhooked(): boolean {
    const { isHooked, needsProof } = this.#calls;
    // After a read with the hook, its change may be under way without it.
    return !this.#usesHook || isHooked === false || (needsProof && !isHooked && this.#hasRead);
  }

  /** Whether the run ended before the call sent a change. */
  get #isWithdrawn(): boolean {
    return this.#controller.signal.aborted && !this.#isSent && !this.#isUnhooked;
  }

  withdraw(): void {
    if ((!this.#isSent || this.#isWaiting) && !this.#isUnhooked) this.abort(this.#calls.withdrawal);
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Runs before each attempt of each request. If it throws, that attempt is not sent. */
  async #beforeRequest(event: RequestEvent | undefined): Promise<unknown> {
    const { signal } = this.#controller;
    this.#hasRead ||= isRead(event);
    if (!this.#calls.needsProof || !isRead(event)) this.#calls.show(true);
    const beforeRetry: unknown = await this.#own?.(event as RequestEvent);
    if (isRead(event)) return beforeRetry;
    if (!(event && event.attempt > 1)) this.#changes += 1;
    if (this.#calls.isStopped) this.withdraw();
    signal.throwIfAborted();
    await this.begin();
    signal.throwIfAborted();
    this.#isSent = true;
    this.#isWaiting = false;
    return (mayBeApplied: boolean) => {
      // Where another change has been made, the rest is let finish: half of it would be done.
      if (this.#changes === 1) {
        this.#isSent = mayBeApplied;
        this.#isWaiting = true;
        if (this.#calls.isStopped) this.withdraw();
      }
      if (typeof beforeRetry === "function") (beforeRetry as (mayBeApplied: boolean) => unknown)(mayBeApplied);
    };
  }

  /** Makes the options of the operation, whose getters show which of them it uses. */
  #options(): BulkCallOptions {
    const signal = () => {
      this.#usesSignal = true;
      return this.#controller.signal;
    };
    const hook = () => {
      this.#usesHook = true;
      if (this.#calls.isStopped) this.withdraw();
      return (event?: RequestEvent) => this.#beforeRequest(event);
    };
    return {
      get abortSignal() {
        return signal();
      },
      get beforeRequest() {
        return hook();
      },
    };
  }

  /** Calls the operation. Resolves to how it ended, or to undefined if the run ended before it sent a change. */
  async run<Item, Data>(operation: Operation<Item, Data>, item: Item): Promise<CallResult<Data> | undefined> {
    const { signal } = this.#controller;
    try {
      const pending = operation(item, this.#options());
      // A signal without the hook belongs to a fetch of the operation's own, which may be sent by now.
      if (this.#usesSignal && !this.#usesHook) {
        this.begin().catch(() => {});
        if (this.#calls.needsProof && !this.#calls.isHooked) this.#calls.show(false);
      }
      const data = await pending;
      if (this.#isWithdrawn) return undefined;
      if (this.#calls.isHooked === undefined) this.#calls.show(false);
      const broken = brokenStep(data);
      if (!broken) return { status: "ok", data };
      return { status: broken.status === "unknown" ? "unknown" : "failed", error: broken.error, data };
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
