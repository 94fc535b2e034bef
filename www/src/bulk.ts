// The same change to many users: under way, paused, ended, and what became of each.
import { explain, isUnknown } from "./words";

/** So few at once that a pause is felt; the client's own limiter decides how fast. */
const AT_ONCE = 6;

export interface Target {
  id: string;
  name: string;
}

export type State = "waiting" | "running" | "done" | "failed" | "unknown" | "canceled";

export interface Item extends Target {
  state: State;
  why?: string | undefined;
}

export interface BulkChange {
  /** Such as "Block". */
  verb: string;
  /** Such as "blocked". */
  done: string;
  run: (id: string) => Promise<unknown>;
  undo?: BulkChange;
}

/** A change to many users. It calls back after each step; `items` is new each time. */
export class Bulk {
  items: readonly Item[];
  state: "running" | "paused" | "ended" = "running";
  #running = 0;

  constructor(
    readonly change: BulkChange,
    targets: readonly Target[],
    private readonly onStep: () => void,
  ) {
    this.items = targets.map(({ id, name }) => ({ id, name, state: "waiting" }));
  }

  count(...states: State[]): number {
    return this.items.filter(({ state }) => states.includes(state)).length;
  }

  start(): void {
    this.state = "running";
    while (this.#running < AT_ONCE && this.#next()) {
      // Each turn starts one more.
    }
    if (this.#running === 0) this.state = "ended";
    this.onStep();
  }

  /** What is under way goes on; nothing else begins. */
  pause(): void {
    this.state = "paused";
    this.onStep();
  }

  /** What waits is left as it is. What was sent is let finish, since nobody would know whether it was done. */
  cancel(): void {
    this.items = this.items.map((item) => (item.state === "waiting" ? { ...item, state: "canceled" } : item));
    this.state = this.#running > 0 ? "running" : "ended";
    this.onStep();
  }

  retryFailed(): void {
    this.#again("failed", "unknown");
  }

  resumeCanceled(): void {
    this.#again("canceled");
  }

  #again(...states: State[]): void {
    this.items = this.items.map((item) =>
      states.includes(item.state) ? { ...item, state: "waiting", why: undefined } : item,
    );
    this.start();
  }

  #next(): boolean {
    const item = this.items.find(({ state }) => state === "waiting");
    if (!item) return false;
    this.#running += 1;
    this.#set(item.id, { state: "running" });
    void this.#one(item.id);
    return true;
  }

  async #one(id: string): Promise<void> {
    try {
      await this.change.run(id);
      this.#set(id, { state: "done" });
    } catch (error) {
      const { what, remedy } = explain(error);
      this.#set(id, { state: isUnknown(error) ? "unknown" : "failed", why: `${what} ${remedy}` });
    }
    this.#running -= 1;
    if (this.state === "running") this.start();
    else this.onStep();
  }

  #set(id: string, changes: Partial<Item>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...changes } : item));
  }
}
