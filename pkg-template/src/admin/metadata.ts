// Changing metadata. The API merges the first level only, null removes a key, and {} removes all.

import type { ManagementClient, Metadata, RequestOptions, User } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isSame } from "../client/json-values.ts";
import { define, isRecord, own, record, type UnknownRecord } from "../client/objects.ts";
import { checkExact, checkId, checkRecord, isText, jsonOf, named } from "./shared/checks.ts";
import { sharedDeadline } from "./shared/reads.ts";
import { ownUpdate } from "./update.ts";

/** How to change metadata. */
export interface MetadataOptions extends RequestOptions {
  /** Reads the user, returns what would be sent, and sends nothing else. */
  dryRun?: boolean;
  /**
   * The `updated_at` of the user as it was read. If the user has changed since, nothing is sent and the promise rejects
   * with a {@link MetadataConflictError}. A change between the read and the write is not noticed: the API has no condition
   * for a `PATCH`.
   */
  ifUnmodifiedSince?: string | Date;
}

/** A value in metadata before and after. An absent value has no property. */
export interface MetadataDifference {
  path: string[];
  before?: unknown;
  after?: unknown;
}

/** The effect of a change of metadata, or of a dry run. */
export interface MetadataChange<M extends object = Metadata> {
  /** The body of `PATCH /users/{id}`; undefined where nothing differs and nothing is sent. */
  patch: { user_metadata: Record<string, unknown> } | { app_metadata: Record<string, unknown> } | undefined;
  /** Each value that differs. */
  diff: MetadataDifference[];
  before: M;
  after: M;
  /** Whether the change was sent. */
  sent: boolean;
}

/** The user has changed since it was read; nothing was sent. */
export class MetadataConflictError extends Error {
  declare readonly code: "metadata_conflict";
  declare readonly expectedUpdatedAt: string;
  declare readonly updatedAt: string | undefined;

  /** @internal */
  constructor(expectedUpdatedAt: string, updatedAt: string | undefined) {
    super("the user has changed since it was looked at: read it again and decide anew");
    define(this, { name: "MetadataConflictError", code: "metadata_conflict", expectedUpdatedAt, updatedAt });
  }
}

/** A change of a value: objects at any depth, of which each key may be left out, and null removes it. */
export type MetadataMerge<T> = {
  [K in keyof T]?:
    | (NonNullable<T[K]> extends readonly unknown[]
        ? T[K]
        : NonNullable<T[K]> extends object
          ? MetadataMerge<NonNullable<T[K]>>
          : T[K])
    | null;
};

/**
 * One kind of metadata of a user. Each method reads the user and sends only the keys of the first level that differ
 * (`GET` and `PATCH /users/{id}`, scopes `read:users` and `update:users`), or nothing if none does. Each is idempotent.
 *
 * A `path` is an array of keys, or keys with dots between them; no key has a dot or a dollar sign. It leads through
 * objects; an array is replaced whole.
 *
 * A value that JSON would drop or change, such as undefined, NaN or a Map, is refused with a `TypeError` that names its
 * path. If a value that was read would be sent back with an integer above 2^53 - 1, which `JSON.parse` rounds, the promise
 * rejects with a `RangeError` with the code `unsafe_integer`, and nothing is sent, also with `dryRun`.
 */
export interface MetadataVerbs<M extends object = Metadata> {
  /** Merges objects at every level. Null removes a key, and an array is replaced whole. */
  merge(changes: MetadataMerge<M>, options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Replaces the metadata with this value, and removes the keys it does not have. */
  replace(value: M, options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Sets one value, and makes the objects that lead to it. */
  set(path: string | readonly string[], value: unknown, options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Removes one value. */
  remove(path: string | readonly string[], options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Removes all metadata of this kind. */
  clear(options?: MetadataOptions): Promise<MetadataChange<M>>;
}

type Kind = "user_metadata" | "app_metadata";

/** Implements `users.metadata`. */
export function metadata(client: ManagementClient, id: string): { user: MetadataVerbs; app: MetadataVerbs } {
  checkId(id);
  return { user: verbsOf(client, id, "user"), app: verbsOf(client, id, "app") };
}

function verbsOf(client: ManagementClient, id: string, part: "user" | "app"): MetadataVerbs {
  const method =
    (verb: Verb) =>
    (...given: unknown[]): Promise<MetadataChange> =>
      named(`users.metadata.${part}.${verb}`, () => change(client, id, `${part}_metadata`, verb, given));
  return {
    merge: method("merge"),
    replace: method("replace"),
    set: method("set"),
    remove: method("remove"),
    clear: method("clear"),
  };
}

type Verb = keyof MetadataVerbs;

/** Checks the arguments of each verb, and returns what it makes of metadata. */
const verbs: { readonly [Name in Verb]: (...given: unknown[]) => (before: UnknownRecord) => UnknownRecord } = {
  merge(changes) {
    const given = plainRecord("changes", changes);
    return (before) => deepMerge(before, given);
  },
  replace(value) {
    const given = noNulls(plainRecord("value", value));
    return () => given;
  },
  set(path, value) {
    const keys = keysOf(path);
    const given = plain("value", value);
    return (before) => noNulls(setAt(before, keys, given));
  },
  remove(path) {
    const keys = keysOf(path);
    return (before) => removeAt(before, keys);
  },
  clear() {
    return () => ({});
  },
};

async function change(
  client: ManagementClient,
  id: string,
  kind: Kind,
  verb: Verb,
  given: unknown[],
): Promise<MetadataChange> {
  const makeAfter = verbs[verb](...given);
  // `at` reads nothing past the end.
  const options = given.at(verbs[verb].length) as MetadataOptions | undefined;
  checkRecord("options", options);
  const { dryRun = false, ifUnmodifiedSince, ...requestOptions } = record({ ...options });
  check(typeof dryRun === "boolean", "dryRun must be true or false");
  const expected = ifUnmodifiedSince === undefined ? undefined : timeOf(ifUnmodifiedSince);
  const callOptions = sharedDeadline(requestOptions);
  const user: User = await client.users.get(id, { fields: `updated_at,${kind}`, include_fields: true }, callOptions());
  const updatedAt = own(user, "updated_at");
  if (expected !== undefined && Date.parse(updatedAt ?? "") !== expected) {
    throw new MetadataConflictError(new Date(expected).toISOString(), updatedAt);
  }
  const before = own(user, kind) ?? {};
  const after = makeAfter(before);
  const diff = differences(before, after);
  const patch = diff.length === 0 ? undefined : patchOf(verb, after, diff);
  // A value that was read has to go back unchanged, also if the caller passes it on. Other numbers are the caller's own.
  if (patch) checkExact(kind, patch, before);
  const body = patch && (kind === "user_metadata" ? { user_metadata: patch } : { app_metadata: patch });
  const sent = body !== undefined && !dryRun;
  if (sent) await ownUpdate(client)(id, body, callOptions());
  return { patch: body, diff, before, after, sent };
}

function timeOf(value: string | Date): number {
  const time = value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : Number.NaN;
  check(!Number.isNaN(time), "ifUnmodifiedSince must be a date, or its ISO text");
  return time;
}

/** Returns the value as JSON has it. */
const plain = (name: string, value: unknown): unknown => JSON.parse(jsonOf(name, value));

function plainRecord(name: string, value: unknown): UnknownRecord {
  check(isRecord(value), `${name} must be an object such as { theme: "dark" }`);
  return plain(name, value) as UnknownRecord;
}

function keysOf(path: unknown): readonly string[] {
  const keys: unknown = typeof path === "string" ? path.split(".") : path;
  check(isPath(keys), 'path must be keys, such as "address.city" or ["address", "city"]');
  return keys;
}

function isPath(keys: unknown): keys is readonly string[] {
  return Array.isArray(keys) && keys.length > 0 && keys.every((key) => isText(key) && !/[.$]/.test(key));
}

function deepMerge(before: UnknownRecord, changes: UnknownRecord): UnknownRecord {
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(changes)) {
    const inner = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isRecord(value) ? deepMerge(isRecord(inner) ? inner : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

function setAt(before: UnknownRecord, [key = "", ...rest]: readonly string[], value: unknown): UnknownRecord {
  if (rest.length === 0) return { ...before, [key]: value };
  const inner = own(before, key) ?? {};
  check(isRecord(inner), `path leads through ${JSON.stringify(key)}, which is no object`);
  return { ...before, [key]: setAt(inner, rest, value) };
}

function removeAt(before: UnknownRecord, [key = "", ...rest]: readonly string[]): UnknownRecord {
  if (rest.length === 0) return without(before, (name) => name === key);
  const inner = own(before, key);
  return isRecord(inner) ? { ...before, [key]: removeAt(inner, rest) } : before;
}

const without = (object: UnknownRecord, isGone: (name: string, value: unknown) => boolean): UnknownRecord =>
  Object.fromEntries(Object.entries(object).filter(([name, value]) => !isGone(name, value)));

const noNulls = (object: UnknownRecord) => without(object, (_, value) => value === null);

/** Returns each value that differs; an array is one value. */
function differences(before: UnknownRecord, after: UnknownRecord, path: readonly string[] = []): MetadataDifference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [one, other] = [own(before, key), own(after, key)];
    const place = [...path, key];
    if (isRecord(one) && isRecord(other)) return differences(one, other, place);
    if (isSame(one, other)) return [];
    return { path: place, ...(one !== undefined && { before: one }), ...(other !== undefined && { after: other }) };
  });
}

/** Returns the keys of the first level that differ; all of them at once only where that is meant. */
function patchOf(verb: Verb, after: UnknownRecord, diff: readonly MetadataDifference[]): UnknownRecord {
  if (verb === "clear") return {};
  const keys = new Set(diff.map(({ path: [key = ""] }) => key));
  return Object.fromEntries([...keys].map((key) => [key, own(after, key) ?? null]));
}
