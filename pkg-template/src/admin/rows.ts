// What became of each row of an import, as far as the answers of the server prove it.

import { isRecord, isText } from "./check.ts";

/** By what the server tells users apart. */
const KEYS = ["email", "phone_number", "user_id", "username"];
/** What the server masks or leaves out where it echoes a user. */
const SECRETS = ["custom_password_hash", "mfa_factors", "password_hash"];

/** The text of a JSON value with its keys in one order. */
function canonical(value) {
  const sorted = (_, part) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part;
  return JSON.stringify(value, sorted) ?? "";
}

/** The keys of a user in the form in which the server compares them. */
function keysOf(user) {
  const keys = { __proto__: null };
  for (const name of KEYS) {
    const key = isRecord(user) && Object.hasOwn(user, name) ? user[name] : undefined;
    if (isText(key)) keys[name] = key.toLowerCase().replace(name === "user_id" ? /^auth0\|/ : "", "");
  }
  return keys;
}

/** A user as the server may echo it: without secrets, and with its keys in lower case. */
function echoOf(user) {
  if (!isRecord(user)) return user;
  const kept = Object.entries(user).filter(([name]) => !SECRETS.includes(name));
  return { ...Object.fromEntries(kept), ...keysOf(user) };
}

const echoed = (user) => canonical(echoOf(user));
const keyed = (user) => {
  const keys = keysOf(user);
  return Object.keys(keys).length > 0 ? canonical(keys) : undefined;
};

/** Whether two users cannot be the same one. */
function contradicts(one, other) {
  const [keys, others] = [keysOf(one), keysOf(other)];
  return Object.keys(keys).some((name) => name in others && others[name] !== keys[name]);
}

const take = (map, key) => {
  if (!map.has(key)) map.set(key, []);
  return map.get(key);
};

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item.user);
    if (key !== undefined) take(groups, key).push(item);
  }
  return groups;
}

/** Finds the rows of refused users. Each refusal is of one row, and no row is refused twice. */
class Matching {
  /** The errors of each refused row. */
  failed = new Map();
  /** The errors of each row that may be a refused one. */
  open = new Map();
  #rows;

  constructor(rows) {
    this.#rows = rows;
  }

  match(refused) {
    let left = this.#verbatim(refused);
    for (const form of [echoed, keyed]) left = this.#alike(left, form);
    left = this.#related(left);
    if (left.length > 0) this.#settle(this.#rows, left);
  }

  /** Those that can only be echoed as they were in the file, since they are not as the server would change them. */
  #verbatim(refused) {
    const rows = grouped(this.#rows, canonical);
    return refused.filter((one) => {
      const text = canonical(one.user);
      const row = text !== echoed(one.user) && rows.get(text)?.pop();
      if (row) this.failed.set(row, one.errors);
      return !row;
    });
  }

  /** Those that have rows of the same form; returns the others. */
  #alike(refused, form) {
    const rows = grouped(this.#rows, form);
    const groups = grouped(refused, form);
    const matched = new Set();
    for (const [key, ones] of groups) {
      if (!rows.has(key) || !this.#settle(rows.get(key), ones)) continue;
      for (const one of ones) matched.add(one);
    }
    return refused.filter((one) => !matched.has(one));
  }

  /** Those that share one of several keys with a row, whatever the others are. */
  #related(refused) {
    const rows = new Map();
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

  /** Says what is known of rows, some of which were refused; false if none of them is left to be so. */
  #settle(rows, refused) {
    const left = rows.filter((row) => !this.failed.has(row));
    if (left.length === 0) return false;
    // Of rows that are the same in all, the server takes the first.
    const isOne = left.every((row) => canonical(row.user) === canonical(left[0].user));
    if (isOne || refused.length >= left.length) {
      const last = left.slice(-refused.length);
      for (const [place, row] of last.entries()) this.failed.set(row, refused[place].errors);
    } else {
      for (const row of left) this.open.set(row, refused[0].errors);
    }
    return true;
  }
}

/** The counts of a job, if it has all of them. */
function countsOf({ summary }) {
  const { failed, updated, inserted, total } = summary ?? {};
  return [failed, updated, inserted, total].every(Number.isInteger)
    ? { failed, taken: updated + inserted, total }
    : undefined;
}

/** The result of each row of a job that is over; `refused` are the users that the server says it refused, as it echoes them. */
export function resultsOf(rows, job, refused) {
  const entries = rows.map((row) => ({ row, user: JSON.parse(row.text) }));
  const matching = new Matching(entries);
  matching.match(refused.map((one) => ({ user: one?.user, errors: Array.isArray(one?.errors) ? one.errors : [] })));
  const counts = countsOf(job);
  const isOfFile = counts?.total === rows.length && counts.failed + counts.taken === rows.length;
  // A job without counts has taken what it does not refuse, if it ended as it should.
  const isKnown = counts ? isOfFile && counts.failed === refused.length : job.status === "completed";
  const isRefused = isOfFile && counts.taken === 0;
  return entries.map((entry) => {
    const errors = matching.failed.get(entry) ?? matching.open.get(entry) ?? [];
    if (matching.failed.has(entry) || isRefused) return { row: entry.row, status: "failed", errors };
    if (matching.open.has(entry) || !isKnown) return { row: entry.row, status: "unknown", errors };
    return { row: entry.row, status: "ok" };
  });
}
