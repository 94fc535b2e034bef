// What a run has begun and ended, kept where its caller wants it, so that the next run resumes after it.

import { check, isText } from "./check.ts";

const FORMAT = "auth0-users";
const VERSION = 1;
/** How each line begins and continues: what was cut off has to fit, or it is another file. */
const HEADER_START = `{"journal":"${FORMAT}","version":`;
const ENTRY_START = '{"id":"';
const ENTRY_MIDDLE = '","status":"';

const DAMAGED = "is damaged; restore it, or remove it if its item may be done again";
const JOINED = "is damaged: it has several lines in one; journal.append(line) must write each line with a line end";
const FORMS = "journal.read() must give text, its lines as text, or nothing";

function parsed(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A value as it is shown in a message. */
const shown = (value) => String(JSON.stringify(value)).slice(0, 80);

const HEADER_MIDDLE = ',"operation":"';

/** Whether a line is the beginning of a header. */
function isCutHeader(line) {
  if (HEADER_START.startsWith(line)) return true;
  if (!line.startsWith(HEADER_START)) return false;
  const rest = line.slice(HEADER_START.length).replace(/^\d+/, "");
  if (HEADER_MIDDLE.startsWith(rest)) return true;
  return rest.startsWith(HEADER_MIDDLE) && /^(?:[^"\\\0-\x1f]|\\.)*["\\]?$/.test(rest.slice(HEADER_MIDDLE.length));
}

/** Whether a line has another one after it, without the line end between them; in JSON text quotes are escaped. */
const isJoined = (line) => /\}[^]?\{"(?:id|journal)":"/.test(line);

/** Whether a line is the beginning of an entry. */
function isCutEntry(line) {
  if (ENTRY_START.startsWith(line)) return true;
  const [start] = /^\{"id":"(?:[^"\\]|\\.)*/.exec(line) ?? [];
  if (start === undefined) return false;
  const rest = line.slice(start.length);
  return rest === "\\" || ENTRY_MIDDLE.startsWith(rest) || /^","status":"[\w:.-]*"?$/.test(rest);
}

/** The lines of what a store gives, and whether the last of them is known to have its end. */
async function linesOf(given) {
  if (given == null) return { lines: [], isEnded: true };
  if (typeof given === "string") return { lines: given.split("\n"), isEnded: given === "" || given.endsWith("\n") };
  check(given[Symbol.asyncIterator] ?? given[Symbol.iterator], FORMS);
  const lines = [];
  for await (const line of given) {
    // A buffer would be an empty journal, and all would be done again.
    check(typeof line === "string", FORMS);
    check(!/\n[^]/.test(line), "journal.read() gave several lines in one piece; give each line by itself, or the text");
    lines.push(line);
  }
  return { lines, isEnded: lines.length === 0 || lines.at(-1).endsWith("\n") };
}

export class Journal {
  #store;
  #header;
  #isStatus;
  #statuses = new Map();
  #isEnded = true;
  #isBegun = false;
  #last = Promise.resolve();

  /** Reads a store of what `operation` did in earlier runs; without a store nothing outlives the run. */
  static async open(store, operation, isStatus) {
    const journal = new Journal();
    if (store === undefined) return journal;
    const isStore = typeof store?.append === "function" && typeof store.read === "function";
    check(isStore, "journal must have append(line) and read()");
    journal.#store = store;
    journal.#isStatus = isStatus;
    journal.#header = { journal: FORMAT, version: VERSION, operation };
    const { lines, isEnded } = await linesOf(await store.read());
    journal.#isEnded = isEnded;
    journal.#read(lines.map((line) => line.replace(/[\r\n]+$/, "")));
    return journal;
  }

  #read(lines) {
    lines[0] = lines[0]?.replace(/^\uFEFF/, "");
    let hasHeader = false;
    // A line that was cut off, which a header or the end has to follow.
    let cut;
    const refuse = (number, reason) => check(false, `journal: line ${number} ${reason}`);
    for (const [place, line] of lines.entries()) {
      if (!line) continue;
      const entry = parsed(line);
      if (!entry && isJoined(line)) refuse(place + 1, JOINED);
      if (entry?.journal === FORMAT) {
        this.#checkHeader(entry, place + 1);
        hasHeader = true;
        cut = undefined;
        continue;
      }
      // A run that resumed may have been killed in its header, too.
      if (cut && (entry || !isCutHeader(line))) refuse(cut, DAMAGED);
      if (!hasHeader) {
        const reason =
          "is not the header of a journal; read it as UTF-8 text, or give each operation a file of its own";
        if (entry || !isCutHeader(line)) refuse(place + 1, reason);
        cut = place + 1;
      } else if (typeof entry?.id === "string" && this.#isStatus(entry.status)) {
        // In the order of the last lines, where lines are about several.
        this.#statuses.delete(entry.id);
        this.#statuses.set(entry.id, entry.status);
      } else {
        cut = place + 1;
        const isCut = !entry && (isCutEntry(line) || isCutHeader(line));
        if (!isCut) refuse(cut, DAMAGED);
      }
    }
  }

  #checkHeader({ version, operation }, number) {
    check(version === VERSION, `journal: line ${number} has another version than ${VERSION}, which this package reads`);
    const { operation: own } = this.#header;
    const remedy = "give each operation a journal of its own, and the same operation the same name";
    check(operation === own, `journal belongs to ${shown(operation)}, not to ${shown(own)}; ${remedy}`);
  }

  /** How it ended in the runs before: undefined if they did not begin it, "started" if it may have ended. */
  statusOf(id) {
    return this.#statuses.get(id);
  }

  /** All ids with their statuses, in the order of the lines that say so. */
  entries() {
    return this.#statuses.entries();
  }

  /** Resolves when the store has it. Lines are appended one by one; after a failure, none is. */
  write(id, status) {
    if (!this.#store) return undefined;
    this.#last = this.#last.then(async () => {
      if (!this.#isBegun) {
        // A run that was killed may have left a line without its end, which the next one must not be joined to.
        if (!this.#isEnded) await this.#store.append("");
        await this.#store.append(JSON.stringify(this.#header));
        this.#isBegun = true;
      }
      await this.#store.append(JSON.stringify({ id, status }));
    });
    return this.#last;
  }
}

/** A short text that another text hardly ever has, too (FNV-1a). */
export function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** The name of a function in a journal: its own, or a fingerprint of its source. */
export function nameOf(operation) {
  return isText(operation.name) ? operation.name : `anonymous function ${fingerprint(String(operation))}`;
}
