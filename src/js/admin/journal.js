// What a run has begun and ended, kept where its caller wants it, so that the next run goes on after it.

import { check } from "./check.js";

const statuses = ["started", "ok", "failed", "unknown"];

function parse(line) {
  try {
    const { id, status } = JSON.parse(line);
    return statuses.includes(status) ? { id, status } : undefined;
  } catch {
    return undefined;
  }
}

export class Journal {
  #store;
  #statuses = new Map();

  /** Reads what is in a store; without one nothing outlives the run. */
  static async open(store) {
    const journal = new Journal();
    if (store === undefined) return journal;
    const isStore = typeof store?.append === "function" && typeof store.read === "function";
    check(isStore, "journal must have append(line) and read()");
    journal.#store = store;
    await journal.#read(await store.read());
    return journal;
  }

  async #read(given) {
    const lines = typeof given === "string" ? given.split("\n") : (given ?? []);
    const needed = "journal.read() must give text, its lines as text, or nothing";
    check(lines[Symbol.asyncIterator] ?? lines[Symbol.iterator], needed);
    let last = "";
    for await (const line of lines) {
      // A buffer would be an empty journal, and all would be done again.
      check(typeof line === "string", needed);
      const entry = parse(line);
      if (entry) this.#statuses.set(entry.id, entry.status);
      last = entry ? "" : line;
    }
    // A run that was killed may have left a line without its end, which the next one must not be glued to.
    const isCut = typeof given === "string" ? given !== "" && !given.endsWith("\n") : last !== "";
    if (isCut) await this.#store.append("");
  }

  /** How it ended in the runs before: undefined if they did not come to it, "started" if nobody knows. */
  statusOf(id) {
    return this.#statuses.get(id);
  }

  /** Resolves when the store has it. */
  async write(id, status) {
    await this.#store?.append(JSON.stringify({ id, status }));
  }
}
