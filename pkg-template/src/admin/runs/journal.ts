// The journal of a run: it keeps what has started and ended in a store of the caller, so that the next run can resume.

import { check, invalidArgument } from "../../client/argument-errors.ts";
import { isText } from "../shared/checks.ts";

/**
 * Keeps lines of text, such as a file. A line has to be kept when the promise of `append` resolves; lines are appended one
 * by one, and none after one that failed. The first line is a header with the format and the operation.
 */
export interface BulkJournal {
  /** Adds a line, which has no line end of its own. */
  append(line: string): unknown;
  /**
   * Returns the text of all lines, or one string for each line. A last line that was cut off is dropped; a line that is
   * damaged in another way, or a journal of another operation, ends the run with a `TypeError` that names the line.
   */
  read(): JournalLines | null | undefined | Promise<JournalLines | null | undefined>;
}

export type JournalLines = string | Iterable<string> | AsyncIterable<string>;

const FORMAT = "auth0-users";
const VERSION = 1;
/** How each line begins and continues: what was cut off has to fit, or it is another file. */
const HEADER_START = `{"journal":"${FORMAT}","version":`;
const HEADER_MIDDLE = ',"operation":"';
const ENTRY_START = '{"id":"';
const ENTRY_MIDDLE = '","status":"';

const DAMAGED = "is damaged; restore it, or remove it if its item may be done again";
const JOINED = "is damaged: it has several lines in one; journal.append(line) must write each line with a line end";
const FORMS = "journal.read() must give text, its lines as text, or nothing";

/** A line of a journal, as far as it can be read. */
interface Line {
  readonly journal?: unknown;
  readonly version?: unknown;
  readonly operation?: unknown;
  readonly id?: unknown;
  readonly status?: unknown;
}

function parsed(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a value as it is shown in a message. */
const shown = (value: unknown) => String(JSON.stringify(value)).slice(0, 80);

/** Returns whether a line is the beginning of a header. */
function isCutHeader(line: string): boolean {
  if (HEADER_START.startsWith(line)) return true;
  if (!line.startsWith(HEADER_START)) return false;
  const rest = line.slice(HEADER_START.length).replace(/^\d+/, "");
  if (HEADER_MIDDLE.startsWith(rest)) return true;
  // eslint-disable-next-line no-control-regex -- JSON escapes these.
  return rest.startsWith(HEADER_MIDDLE) && /^(?:[^"\\\0-\x1f]|\\.)*["\\]?$/.test(rest.slice(HEADER_MIDDLE.length));
}

/** Returns whether a line has another one after it, without the line end between them; in JSON text quotes are escaped. */
const isJoined = (line: string) => /\}[^]?\{"(?:id|journal)":"/.test(line);

/** Returns whether a line is the beginning of an entry. */
function isCutEntry(line: string): boolean {
  if (ENTRY_START.startsWith(line)) return true;
  const [start] = /^\{"id":"(?:[^"\\]|\\.)*/.exec(line) ?? [];
  if (start === undefined) return false;
  const rest = line.slice(start.length);
  return rest === "\\" || ENTRY_MIDDLE.startsWith(rest) || /^","status":"[\w:.-]*"?$/.test(rest);
}

/** Reads the lines of what a store gives, and whether the last of them is known to have its end. */
async function linesOf(given: JournalLines | null | undefined): Promise<{ lines: string[]; isEnded: boolean }> {
  if (given == null) return { lines: [], isEnded: true };
  if (typeof given === "string") return { lines: given.split("\n"), isEnded: given === "" || given.endsWith("\n") };
  const iterable = given as Partial<Iterable<string> & AsyncIterable<string>>;
  check(iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator], FORMS);
  const lines: string[] = [];
  for await (const line of given) {
    // A buffer would be an empty journal, and all would be done again.
    check(typeof line === "string", FORMS);
    check(!/\n[^]/.test(line), "journal.read() gave several lines in one piece; give each line by itself, or the text");
    lines.push(line);
  }
  return { lines, isEnded: lines.at(-1)?.endsWith("\n") ?? true };
}

export class Journal {
  readonly #store: BulkJournal | undefined;
  readonly #operation: string;
  readonly #isStatus: (status: unknown) => status is string;
  readonly #statuses = new Map<string, string>();
  #isEnded = true;
  #isBegun = false;
  #last = Promise.resolve();

  private constructor(
    store: BulkJournal | undefined,
    operation: string,
    isStatus: (status: unknown) => status is string,
  ) {
    this.#store = store;
    this.#operation = operation;
    this.#isStatus = isStatus;
  }

  /** Reads a store of what `operation` did in earlier runs; without a store nothing outlives the run. */
  static async open(
    store: BulkJournal | undefined,
    operation: string,
    isStatus: (status: unknown) => status is string,
  ): Promise<Journal> {
    const journal = new Journal(store, operation, isStatus);
    if (store === undefined) return journal;
    const given = store as Partial<BulkJournal> | null;
    const isStore = typeof given?.append === "function" && typeof given.read === "function";
    check(isStore, "journal must have append(line) and read()");
    const { lines, isEnded } = await linesOf(await store.read());
    journal.#isEnded = isEnded;
    journal.#read(lines.map((line) => line.replace(/[\r\n]+$/, "")));
    return journal;
  }

  #read([first = "", ...rest]: readonly string[]): void {
    let hasHeader = false;
    // A line that was cut off, which a header or the end has to follow.
    let cut: number | undefined;
    const refusal = (number: number, reason: string) => invalidArgument(`journal: line ${number} ${reason}`);
    for (const [place, line] of [first.replace(/^\uFEFF/, ""), ...rest].entries()) {
      if (!line) continue;
      const number = place + 1;
      const entry = parsed(line);
      if (!entry && isJoined(line)) throw refusal(number, JOINED);
      if (entry?.journal === FORMAT) {
        this.#checkHeader(entry, number);
        hasHeader = true;
        cut = undefined;
        continue;
      }
      // A run that resumed may have been killed in its header, too.
      if (cut && (entry || !isCutHeader(line))) throw refusal(cut, DAMAGED);
      if (!hasHeader) {
        const reason =
          "is not the header of a journal; read it as UTF-8 text, or give each operation a file of its own";
        if (entry || !isCutHeader(line)) throw refusal(number, reason);
        cut = number;
      } else if (typeof entry?.id === "string" && this.#isStatus(entry.status)) {
        // In the order of the last lines, where lines are about several.
        this.#statuses.delete(entry.id);
        this.#statuses.set(entry.id, entry.status);
      } else {
        cut = number;
        const isCut = !entry && (isCutEntry(line) || isCutHeader(line));
        if (!isCut) throw refusal(cut, DAMAGED);
      }
    }
  }

  #checkHeader({ version, operation }: Line, number: number): void {
    check(version === VERSION, `journal: line ${number} has another version than ${VERSION}, which this package reads`);
    const remedy = "give each operation a journal of its own, and the same operation the same name";
    const own = this.#operation;
    check(operation === own, `journal belongs to ${shown(operation)}, not to ${shown(own)}; ${remedy}`);
  }

  /** Returns how an item ended in the runs before: undefined if they did not start it, "started" if it may have ended. */
  statusOf(id: string): string | undefined {
    return this.#statuses.get(id);
  }

  /** Returns all ids with their statuses, in the order of the lines that say so. */
  entries(): MapIterator<[string, string]> {
    return this.#statuses.entries();
  }

  /** Resolves when the store has the line. Lines are appended one by one; after a failure, none is. */
  write(id: string, status: string): Promise<void> | undefined {
    const store = this.#store;
    if (!store) return undefined;
    this.#last = this.#last.then(async () => {
      if (!this.#isBegun) {
        // A run that was killed may have left a line without its end, which the next one must not be joined to.
        if (!this.#isEnded) await store.append("");
        const header = { journal: FORMAT, version: VERSION, operation: this.#operation };
        await store.append(JSON.stringify(header));
        this.#isBegun = true;
      }
      await store.append(JSON.stringify({ id, status }));
    });
    return this.#last;
  }
}

/** Returns a short text that another text hardly ever has, too (FNV-1a). */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Returns the name of a function in a journal: its own, or a fingerprint of its source. */
export function nameOf(operation: (...given: never[]) => unknown): string {
  return isText(operation.name) ? operation.name : `anonymous function ${fingerprint(String(operation))}`;
}
