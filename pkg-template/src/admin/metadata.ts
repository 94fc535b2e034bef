// Metadata changed by what is meant. The API merges the first level only, null takes a key away, and {} takes all.

import { isSame } from "../client/json-values.ts";
import { check, checkExact, checkId, checkRecord, define, isRecord, isText, jsonOf, named, own } from "./check.ts";
import { shared } from "./steps.ts";

export class MetadataConflictError extends Error {
  name = "MetadataConflictError";
  code = "metadata_conflict";

  constructor(expectedUpdatedAt, updatedAt) {
    super("the user has changed since it was looked at: read it again and decide anew");
    define(this, { expectedUpdatedAt, updatedAt });
  }
}

const without = (object, key) => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

/** The value as JSON has it. */
const plain = (name, value) => JSON.parse(jsonOf(name, value));

function record(name, value) {
  check(isRecord(value), `${name} must be an object such as { theme: "dark" }`);
  return plain(name, value);
}

function keysOf(path) {
  const keys = typeof path === "string" ? path.split(".") : path;
  check(
    Array.isArray(keys) && keys.length > 0 && keys.every((key) => isText(key) && !/[.$]/.test(key)),
    'path must be keys, such as "address.city" or ["address", "city"]',
  );
  return keys;
}

function deepMerge(before, changes) {
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(changes)) {
    const inner = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isRecord(value) ? deepMerge(isRecord(inner) ? inner : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

function setAt(before, [key, ...rest], value) {
  if (rest.length === 0) return { ...before, [key]: value };
  const inner = own(before, key) ?? {};
  check(isRecord(inner), `path leads through ${JSON.stringify(key)}, which is no object`);
  return { ...before, [key]: setAt(inner, rest, value) };
}

function removeAt(before, [key, ...rest]) {
  if (rest.length === 0) return without(before, key);
  const inner = own(before, key);
  return isRecord(inner) ? { ...before, [key]: removeAt(inner, rest) } : before;
}

const noNulls = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

/** What each verb is given, checked; then, what it makes of metadata. */
const verbs = {
  merge(changes) {
    const given = record("changes", changes);
    return (before) => deepMerge(before, given);
  },
  replace(value) {
    const given = noNulls(record("value", value));
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

/** Each value that differs; a list is one value. */
function differences(before, after, path = []) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [one, other] = [own(before, key), own(after, key)];
    const place = [...path, key];
    if (isRecord(one) && isRecord(other)) return differences(one, other, place);
    if (isSame(one, other)) return [];
    return { path: place, ...(one !== undefined && { before: one }), ...(other !== undefined && { after: other }) };
  });
}

/** The keys of the first level that differ; all of them at once only where that is meant. */
function patchOf(verb, after, diff) {
  if (verb === "clear") return {};
  const keys = new Set(diff.map(({ path: [key] }) => key));
  return Object.fromEntries([...keys].map((key) => [key, own(after, key) ?? null]));
}

function instant(value) {
  const time = value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : Number.NaN;
  check(!Number.isNaN(time), "ifUnmodifiedSince must be a date, or its ISO text");
  return time;
}

async function change(client, id, name, verb, make, options) {
  checkRecord("options", options);
  const { dryRun = false, ifUnmodifiedSince, ...requestOptions } = { __proto__: null, ...options };
  check(typeof dryRun === "boolean", "dryRun must be true or false");
  const expected = ifUnmodifiedSince === undefined ? undefined : instant(ifUnmodifiedSince);
  const next = shared(requestOptions);
  const user = await client.users.get(id, { fields: `updated_at,${name}`, include_fields: true }, next());
  const updatedAt = own(user, "updated_at");
  if (expected !== undefined && Date.parse(updatedAt) !== expected) {
    throw new MetadataConflictError(new Date(expected).toISOString(), updatedAt);
  }
  const before = own(user, name) ?? {};
  const after = make(before);
  const diff = differences(before, after);
  const patch = diff.length === 0 ? undefined : { [name]: patchOf(verb, after, diff) };
  // What was read has to go back as it was, also where the caller passes it on. Another number is the caller's own.
  if (patch) checkExact(name, patch[name], before);
  const sent = patch !== undefined && !dryRun;
  if (sent) await updates.get(client)(id, patch, next());
  return { patch, diff, before, after, sent };
}

export function metadata(client, id) {
  checkId(id);
  const kind = (part) => {
    const name = `${part}_metadata`;
    // `at` reads nothing past the end.
    const run = async (verb, make, given) => change(client, id, name, verb, make(...given), given.at(make.length));
    const methods = Object.entries(verbs).map(([verb, make]) => [
      verb,
      (...given) => named(`users.metadata.${part}.${verb}`, new Error(), () => run(verb, make, given)),
    ]);
    return Object.fromEntries(methods);
  };
  return { user: kind("user"), app: kind("app") };
}

/** The update of each client as it was, without the guard. */
const updates = new WeakMap();

export function keepUpdate(client) {
  if (!updates.has(client)) updates.set(client, client.users.update.bind(client.users));
}

/** `{}` is what a form without fields sends, and takes everything away. */
function checkKept(changes) {
  for (const name of ["user_metadata", "app_metadata"]) {
    const value = own(changes, name);
    check(
      !isRecord(value) || Object.keys(value).length > 0,
      `${name} is {}, which takes away all of it: use users.metadata(id), or allowMetadataClear: true`,
    );
  }
}

export function update(client, id, changes, options) {
  const { allowMetadataClear = false, ...requestOptions } = { __proto__: null, ...options };
  checkId(id);
  // Read once, so that what is checked is what is sent.
  const body = isRecord(changes) ? JSON.parse(jsonOf("request", changes, 0)) : changes;
  if (isRecord(body) && allowMetadataClear !== true) checkKept(body);
  return updates.get(client)(id, body, isRecord(options) ? requestOptions : options);
}
