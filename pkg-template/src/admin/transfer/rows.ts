// The result of each row of an import, as far as the answers of the server prove it.

import type { GetJobImportUserError, ImportedUser } from "auth0-users";

import { isRecord, own, record } from "../../client/objects.ts";
import { isText } from "../shared/checks.ts";
import type { Job } from "./jobs.ts";

/** A row of an import. */
export interface Row {
  /** The place in `users`, from 0. */
  readonly row: number;
  readonly user: ImportedUser;
  /** The text that the server gets and echoes, even if the caller changes the user. */
  readonly text: string;
  /** By what a journal knows the row. */
  readonly ref: string;
}

/** The result of a row. */
export interface RowResult {
  readonly row: Row;
  readonly status: "ok" | "failed" | "unknown" | "skipped";
  readonly errors?: GetJobImportUserError[];
  readonly error?: unknown;
}

/** A row with the user that the server got. */
interface Entry {
  readonly row: Row;
  readonly user: unknown;
}

/** A user that the server refused, as it echoes the user. */
interface Refused {
  readonly user: unknown;
  readonly errors: GetJobImportUserError[];
}

/** The keys by which the server identifies users. */
const KEYS = ["email", "phone_number", "user_id", "username"];
/** The keys that the server masks or omits where it echoes a user. */
const SECRETS = ["custom_password_hash", "mfa_factors", "password_hash"];

/** Returns the text of a JSON value with its keys in one order. */
function canonical(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part;
  return JSON.stringify(value, sorted) ?? "";
}

/** Returns the keys of a user in the form in which the server compares them. */
function keysOf(user: unknown): Readonly<Record<string, string>> {
  const keys: Record<string, string> = record({});
  for (const name of KEYS) {
    const key = isRecord(user) ? own(user, name) : undefined;
    if (isText(key)) keys[name] = key.toLowerCase().replace(name === "user_id" ? /^auth0\|/ : "", "");
  }
  return keys;
}

/** Returns a user as the server may echo it: without secrets, and with its keys in lower case. */
function echoOf(user: unknown): unknown {
  if (!isRecord(user)) return user;
  const kept = Object.entries(user).filter(([name]) => !SECRETS.includes(name));
  return { ...Object.fromEntries(kept), ...keysOf(user) };
}

/** Returns the form of a user by which two may be the same; undefined if it has none. */
type Form = (user: unknown) => string | undefined;

const echoed = (user: unknown) => canonical(echoOf(user));
const keyed: Form = (user) => {
  const keys = keysOf(user);
  return Object.keys(keys).length > 0 ? canonical(keys) : undefined;
};

/** Returns whether two users cannot be the same one. */
function contradicts(one: unknown, other: unknown): boolean {
  const [keys, others] = [keysOf(one), keysOf(other)];
  return Object.keys(keys).some((name) => name in others && others[name] !== keys[name]);
}

function take<Item>(groups: Map<string, Item[]>, key: string): Item[] {
  const group = groups.get(key) ?? [];
  groups.set(key, group);
  return group;
}

function grouped<Item extends { readonly user: unknown }>(items: readonly Item[], form: Form): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = form(item.user);
    if (key !== undefined) take(groups, key).push(item);
  }
  return groups;
}

/** Finds the rows of refused users. Each refusal is of one row, and no row is refused twice. */
class Matching {
  /** The errors of each refused row. */
  readonly failed = new Map<Entry, GetJobImportUserError[]>();
  /** The errors of each row that may be a refused one. */
  readonly open = new Map<Entry, GetJobImportUserError[]>();
  readonly #rows: readonly Entry[];

  constructor(rows: readonly Entry[]) {
    this.#rows = rows;
  }

  match(refused: readonly Refused[]): void {
    let left = this.#verbatim(refused);
    for (const form of [echoed, keyed]) left = this.#alike(left, form);
    left = this.#related(left);
    if (left.length > 0) this.#settle(this.#rows, left);
  }

  /** Matches those that can only be echoed as they were in the file, since they are not as the server would change them. */
  #verbatim(refused: readonly Refused[]): readonly Refused[] {
    const rows = grouped(this.#rows, canonical);
    return refused.filter((one) => {
      const text = canonical(one.user);
      const row = text !== echoed(one.user) && rows.get(text)?.pop();
      if (row) this.failed.set(row, one.errors);
      return !row;
    });
  }

  /** Matches those that have rows of the same form; returns the others. */
  #alike(refused: readonly Refused[], form: Form): readonly Refused[] {
    const rows = grouped(this.#rows, form);
    const matched = new Set<Refused>();
    for (const [key, ones] of grouped(refused, form)) {
      const alike = rows.get(key);
      if (!alike || !this.#settle(alike, ones)) continue;
      for (const one of ones) matched.add(one);
    }
    return refused.filter((one) => !matched.has(one));
  }

  /** Matches those that share one of several keys with a row, whatever the others are. */
  #related(refused: readonly Refused[]): readonly Refused[] {
    const rows = new Map<string, Entry[]>();
    for (const row of this.#rows) {
      for (const [name, key] of Object.entries(keysOf(row.user))) take(rows, `${name} ${key}`).push(row);
    }
    return refused.filter((one) => {
      const alike = Object.entries(keysOf(one.user)).flatMap(([name, key]) => rows.get(`${name} ${key}`) ?? []);
      const [row, ...others] = new Set(alike.filter((row) => !this.failed.has(row)));
      if (!row) return true;
      if (others.length === 0 && !contradicts(one.user, row.user)) this.failed.set(row, one.errors);
      else for (const candidate of [row, ...others]) this.open.set(candidate, one.errors);
      return false;
    });
  }

  /** Settles what is known of rows, some of which were refused; returns false if none of them is left to be so. */
  #settle(rows: readonly Entry[], refused: readonly Refused[]): boolean {
    const left = rows.filter((row) => !this.failed.has(row));
    const [first] = left;
    if (!first) return false;
    // Of rows that are the same in all, the server takes the first.
    const isOne = left.every((row) => canonical(row.user) === canonical(first.user));
    if (isOne || refused.length >= left.length) {
      const last = left.slice(-refused.length);
      for (const [place, row] of last.entries()) this.failed.set(row, refused[place]?.errors ?? []);
    } else {
      for (const row of left) this.open.set(row, refused[0]?.errors ?? []);
    }
    return true;
  }
}

/** Returns the counts of a job, if it has all of them. */
function countsOf({ summary }: Job): { failed: number; taken: number; total: number } | undefined {
  const { failed, updated, inserted, total } = summary ?? {};
  return isInteger(failed) && isInteger(updated) && isInteger(inserted) && isInteger(total)
    ? { failed, taken: updated + inserted, total }
    : undefined;
}

const isInteger = (value: unknown): value is number => Number.isInteger(value);

/** Returns the result of each row of a job that is over; `refused` are the users that the server refused, as it echoes them. */
export function resultsOf(rows: readonly Row[], job: Job, refused: readonly unknown[]): RowResult[] {
  const entries = rows.map((row): Entry => ({ row, user: JSON.parse(row.text) as unknown }));
  const matching = new Matching(entries);
  matching.match(refused.map(readRefused));
  const counts = countsOf(job);
  const isOfFile = counts?.total === rows.length && counts.failed + counts.taken === rows.length;
  // A job without counts has taken what it does not refuse, if it ended as it should.
  const isKnown = counts ? isOfFile && counts.failed === refused.length : job.status === "completed";
  const isRefused = isOfFile && counts.taken === 0;
  return entries.map((entry): RowResult => {
    const { row } = entry;
    const errors = matching.failed.get(entry) ?? matching.open.get(entry) ?? [];
    if (matching.failed.has(entry) || isRefused) return { row, status: "failed", errors };
    if (matching.open.has(entry) || !isKnown) return { row, status: "unknown", errors };
    return { row, status: "ok" };
  });
}

/** Reads what the server says of a user that it refused. */
function readRefused(given: unknown): Refused {
  const refused = given as { readonly user?: unknown; readonly errors?: unknown } | null | undefined;
  const errors = refused?.errors;
  return { user: refused?.user, errors: Array.isArray(errors) ? (errors as GetJobImportUserError[]) : [] };
}
