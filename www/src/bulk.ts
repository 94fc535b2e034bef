// The same change to many users: under way, paused, ended, and what became of each.
import { bulk } from "auth0-users/admin";
import { explain } from "./words";

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
  #last = Promise.resolve();

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
    // What was under way before a pause is let finish first.
    this.#last = this.#last.then(() => this.#run());
    this.onStep();
  }

  /** What is under way goes on; nothing else begins. */
  pause(): void {
    this.state = "paused";
    this.onStep();
  }

  /** What waits is left as it is. What was sent is let finish, since nobody would know whether it was done. */
  cancel(): void {
    this.#change(["waiting"], { state: "canceled" });
    this.start();
  }

  retryFailed(): void {
    this.#change(["failed", "unknown"], { state: "waiting", why: undefined });
    this.start();
  }

  resumeCanceled(): void {
    this.#change(["canceled"], { state: "waiting" });
    this.start();
  }

  async #run(): Promise<void> {
    const change = ({ id }: Item) => this.change.run(id);
    for await (const result of bulk(this.#waiting(), change, { concurrency: AT_ONCE })) {
      if (result.status === "ok") this.#set(result.id, { state: "done" });
      else if (result.status === "failed" || result.status === "unknown") {
        const { what, remedy } = explain(result.error);
        this.#set(result.id, { state: result.status, why: `${what} ${remedy}` });
      }
      this.onStep();
    }
    if (this.state === "running" && this.count("waiting") === 0) this.state = "ended";
    this.onStep();
  }

  /** Those that wait, until there is a pause. */
  *#waiting(): Generator<Item, void, undefined> {
    while (this.state === "running") {
      const item = this.items.find(({ state }) => state === "waiting");
      if (!item) return;
      this.#set(item.id, { state: "running" });
      yield item;
    }
  }

  #set(id: string, changes: Partial<Item>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...changes } : item));
  }

  #change(states: State[], changes: Partial<Item>): void {
    this.items = this.items.map((item) => (states.includes(item.state) ? { ...item, ...changes } : item));
  }
}
