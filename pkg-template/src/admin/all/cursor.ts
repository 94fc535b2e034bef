// How far a run over all users has come, and its text, from which another run resumes.

import type { User } from "auth0-users";

import { invalidArgument } from "../../client/argument-errors.ts";
import { record, type UnknownRecord } from "../../client/objects.ts";
import { isText } from "../shared/checks.ts";
import type { Order } from "./windows.ts";

const VERSION = 1;
export const DEFAULT_SORT = "created_at:1";

/** The query of a run. */
export interface Query {
  readonly q: string | undefined;
  readonly sort: string;
  /** The fields to give; all by default. */
  readonly fields: readonly (keyof User)[] | undefined;
}

/** A query with the cursor from which it resumes. */
export interface Resumed extends Query {
  readonly state: CursorState;
}

/** The state that a cursor keeps. */
interface CursorState {
  readonly at: string | undefined;
  readonly ids: Iterable<string>;
  readonly id: string | undefined;
  readonly exhausted: boolean;
  readonly read: number;
}

const START: CursorState = { at: undefined, ids: [], id: undefined, exhausted: false, read: 0 };

/** A position in the order of users, and which users have been given. */
export class Cursor {
  /** The order of the users. */
  readonly order: Order<"created_at">;
  /** The value of the field that users are ordered by, of the user who was given last. */
  at: string | undefined;
  /** The ids of the users given at that value; of all users where there is no way past the cap. */
  ids: Set<string>;
  /** Where the users at that value are read by their ids: the last of them. */
  id: string | undefined;
  /** Whether all users at that value were given. */
  exhausted: boolean;
  /** How many users were given. */
  read: number;

  constructor(order: Order<"created_at">, state: CursorState = START) {
    this.order = order;
    this.at = state.at;
    this.ids = new Set(state.ids);
    this.id = state.id;
    this.exhausted = state.exhausted;
    this.read = state.read;
  }

  /** Moves behind a user who is given. */
  pass(user: User): void {
    this.read++;
    const { field, descending } = this.order;
    const { user_id } = user;
    const at = field && user[field];
    if (at === this.at) this.ids.add(user_id);
    // A user who appears late, before the cursor, does not move it back.
    else if (this.at === undefined || (at !== undefined && (descending ? at < this.at : at > this.at))) {
      this.#begin(at, [user_id]);
    }
  }

  /** Moves behind a user who is given in the order of the ids. */
  passById(user: User): void {
    this.read++;
    this.skipById(user);
  }

  /** Moves behind a user who has been given in another order. */
  skipById({ user_id }: User): void {
    this.id = user_id;
  }

  /** Moves behind all users at a value. */
  finish(at: string): void {
    this.#begin(at, []);
    this.exhausted = true;
  }

  #begin(at: string | undefined, ids: readonly string[]): void {
    this.at = at;
    this.ids = new Set(ids);
    this.id = undefined;
    this.exhausted = false;
  }

  /** Returns the text from which another run resumes. */
  toText({ q, sort, fields }: Query): string {
    const { at, ids, id, exhausted, read } = this;
    const place = { at, ids: [...ids], id, isBehind: exhausted, read };
    return JSON.stringify({ version: VERSION, q, sort, fields, place });
  }
}

/** Reads the text of a cursor. */
export function readCursor(text: string): Resumed {
  try {
    const { version, q, sort = DEFAULT_SORT, fields, place } = record(JSON.parse(text) as UnknownRecord);
    if (version === VERSION && isTextOrAbsent(q) && typeof sort === "string" && (fields == null || isFields(fields))) {
      const state = readState(place, orderOf(sort));
      if (state) return { q: q ?? undefined, sort, fields: fields ?? undefined, state };
    }
  } catch {
    // The error below says what is wrong.
  }
  throw invalidArgument("cursor must be one that users.all() gave");
}

const isTextOrAbsent = (value: unknown): value is string | null | undefined =>
  value == null || typeof value === "string";

const isTextOrUndefined = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === "string";

/** Returns what a cursor keeps, if it fits the order: without a way past the cap it has no value, and without a value no id. */
function readState(place: unknown, { field }: Order): CursorState | undefined {
  const { at, ids, id, isBehind, read } = record({ ...(place as UnknownRecord) });
  if (!isTextOrUndefined(at) || !isTextOrUndefined(id) || !isTexts(ids)) return undefined;
  if (at === undefined ? id !== undefined : field === undefined) return undefined;
  if (typeof isBehind !== "boolean" || !isCount(read)) return undefined;
  return { at, ids, id, exhausted: isBehind, read };
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isTextOrUndefined);
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** Returns whether a value is a list of names of fields. */
export function isFields(value: unknown): value is (keyof User)[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

/** Returns the order that a text of `sort` stands for. */
export function orderOf(sort: string): Order<"created_at"> {
  const [, direction] = /^created_at:(-?1)$/.exec(sort) ?? [];
  return { field: direction ? "created_at" : undefined, descending: direction === "-1" };
}
