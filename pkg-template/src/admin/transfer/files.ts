// Users as the files that the server takes, and what a journal knows of them.

import type { ImportedUser } from "auth0-users";

import { check } from "../../client/argument-errors.ts";
import { define, isRecord, record } from "../../client/objects.ts";
import { fingerprint, type Journal } from "../runs/journal.ts";
import { checkExact, isText, jsonOf } from "../shared/checks.ts";
import type { Row, RowResult } from "./rows.ts";

/** The server takes files up to 500 kB. */
const MAX_BYTES = 500_000;

/** How a row is marked in the line that says how its file ended. */
const MARKS = { ok: "+", failed: "-", unknown: "?", skipped: "" };
const STATUSES: Readonly<Record<string, RowResult["status"]>> = { "+": "ok", "-": "failed", "?": "unknown" };

/** Rows that become a file, or that need none. */
export type ImportFile =
  | { readonly kind: "file"; readonly rows: readonly Row[]; readonly text: string }
  /** A row that goes in no file. */
  | { readonly kind: "refused"; readonly rows: readonly Row[]; readonly error: unknown }
  /** Rows that an earlier run has ended. */
  | { readonly kind: "ended"; readonly rows: readonly Row[]; readonly status: "skipped" | "unknown" }
  /** Rows of a job that an earlier run has started. */
  | { readonly kind: "started"; readonly rows: readonly Row[]; readonly job: string };

/** Returns whether a text is a status in the journal of an import. */
export function isStatus(status: unknown): status is string {
  return isText(status) && /^(started|unknown|withdrawn|ended|accepted:.+)$/.test(status);
}

/** Returns the rows of a file as the journal names them. */
export const refsOf = (rows: readonly Row[]) => rows.map(({ ref }) => ref).join(" ");

/** Returns the results of a file as the journal keeps them. */
export const marksOf = (results: readonly RowResult[]) =>
  results.map(({ row, status }) => row.ref + MARKS[status]).join(" ");

/** The state of a row in a journal: how it ended, or the job that knows. */
interface Known {
  readonly status?: string | undefined;
  readonly job?: string;
}

/** The rows in a journal, by their places and contents. Each line of a journal is about the rows of a file. */
class KnownRows {
  readonly #rows = new Map<string, Known>();
  readonly #sizes = new Map<string, number>();

  constructor(journal: Journal) {
    for (const [list, status] of journal.entries()) {
      const refs = list.split(" ");
      const [, job] = /^accepted:(.+)$/.exec(status) ?? [];
      if (job) this.#sizes.set(job, refs.length);
      for (const ref of refs) {
        if (status !== "ended") this.#rows.set(ref, job ? { job } : { status });
        else this.#rows.set(ref.slice(0, -1), { status: STATUSES[ref.at(-1) ?? ""] });
      }
    }
  }

  of(ref: string): Known | undefined {
    return this.#rows.get(ref);
  }

  /** Returns how many rows a job has. */
  sizeOf(job: string): number {
    return this.#sizes.get(job) ?? 0;
  }
}

/** Yields users as files, and as rows that need none. */
export async function* filesOf(
  users: Iterable<ImportedUser> | AsyncIterable<ImportedUser>,
  journal: Journal,
  retryUnknown: boolean | undefined,
): AsyncGenerator<ImportFile, void, undefined> {
  const known = new KnownRows(journal);
  let file = new OpenFile();
  const ofJobs = new Map<string, Row[]>();
  let place = 0;
  for await (const user of users) {
    check(isRecord(user), `users: row ${place} is not an object`);
    const text = jsonOf(`users[${place}]`, user, 0);
    const row: Row = { row: place, user, text, ref: `${place}-${fingerprint(text)}` };
    place += 1;
    const { status, job } = record({ ...known.of(row.ref) });
    if (job) {
      const rows = ofJobs.get(job) ?? [];
      ofJobs.set(job, rows);
      rows.push(row);
      if (rows.length < known.sizeOf(job)) continue;
      ofJobs.delete(job);
      yield { kind: "started", rows, job };
      continue;
    }
    if (status === "ok") {
      yield { kind: "ended", rows: [row], status: "skipped" };
      continue;
    }
    if ((status === "started" || status === "unknown") && !retryUnknown) {
      yield { kind: "ended", rows: [row], status: "unknown" };
      continue;
    }
    const error = rowError(row);
    if (error) {
      yield { kind: "refused", rows: [row], error };
      continue;
    }
    if (file.takes(row)) continue;
    yield file.written();
    file = new OpenFile();
    file.takes(row);
  }
  if (file.rows.length > 0) yield file.written();
  // Not all rows of these jobs came again, so the others cannot be identified.
  for (const rows of ofJobs.values()) yield { kind: "ended", rows, status: "unknown" };
}

/** A file that rows are added to. */
class OpenFile {
  readonly rows: Row[] = [];
  #bytes = 2;

  /** Adds a row, if there is room for it. */
  takes(row: Row): boolean {
    const bytes = this.#bytes + byteLength(row.text) + 1;
    if (bytes > MAX_BYTES) return false;
    this.rows.push(row);
    this.#bytes = bytes;
    return true;
  }

  written(): ImportFile {
    return { kind: "file", rows: this.rows, text: `[${this.rows.map(({ text }) => text).join()}]` };
  }
}

const byteLength = (text: string) => new TextEncoder().encode(text).length;

/** Returns why a row cannot be imported as it is. Its integers may come from JSON.parse, as those of an export do. */
function rowError({ row, text }: Row): unknown {
  if (byteLength(text) + 3 > MAX_BYTES) {
    return define(new RangeError(`row ${row} is larger than a file may be`), { code: "too_large" });
  }
  try {
    checkExact(`users[${row}]`, JSON.parse(text));
    return undefined;
  } catch (error) {
    return error;
  }
}
