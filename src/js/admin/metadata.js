// Metadata changed by what is meant. The API merges the first level only, null takes a key away, and {} takes all.

import { check, checkExact, checkRecord, isInexact, isRecord, isText, jsonOf } from "./check.js";
import { shared } from "./steps.js";

export class MetadataConflictError extends Error {
  name = "MetadataConflictError";
  code = "metadata_conflict";

  constructor(expectedUpdatedAt, updatedAt) {
    super("the user has changed since it was looked at: read it again and decide anew");
    Object.assign(this, { expectedUpdatedAt, updatedAt });
  }
}

const valueAt = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

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
  const inner = valueAt(before, key) ?? {};
  check(isRecord(inner), `path leads through ${JSON.stringify(key)}, which is no object`);
  return { ...before, [key]: setAt(inner, rest, value) };
}

function removeAt(before, [key, ...rest]) {
  if (rest.length === 0) return without(before, key);
  const inner = valueAt(before, key);
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
    const [one, other] = [valueAt(before, key), valueAt(after, key)];
    const place = [...path, key];
    if (isRecord(one) && isRecord(other)) return differences(one, other, place);
    if (isSame(one, other)) return [];
    return { path: place, ...(one !== undefined && { before: one }), ...(other !== undefined && { after: other }) };
  });
}

/** Whether two values are the same, in whichever order their keys are. */
export function isSame(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (isRecord(one) && isRecord(other)) return differences(one, other).length === 0;
  return one === other;
}

const INEXACT = Symbol("a number that may have been rounded");

/** Returns the same value with a mark for each number that JSON.parse may have rounded. */
function marked(value) {
  if (isInexact(value)) return INEXACT;
  if (Array.isArray(value)) return value.map(marked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]));
}

/** The keys of the first level that differ; all of them at once only where that is meant. */
function patchOf(verb, after, diff) {
  if (verb === "clear") return {};
  const keys = new Set(diff.map(({ path: [key] }) => key));
  return Object.fromEntries([...keys].map((key) => [key, valueAt(after, key) ?? null]));
}

function instant(value) {
  const time = value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : Number.NaN;
  check(!Number.isNaN(time), "expectUpdatedAt must be a date, or its ISO text");
  return time;
}

async function change(client, id, name, verb, make, options) {
  checkRecord("options", options);
  const { dryRun = false, expectUpdatedAt, ...requestOptions } = { __proto__: null, ...options };
  check(typeof dryRun === "boolean", "dryRun must be true or false");
  const expected = expectUpdatedAt === undefined ? undefined : instant(expectUpdatedAt);
  const next = shared(requestOptions);
  const user = await client.users.get(id, { fields: `updated_at,${name}`, include_fields: true }, next());
  if (expected !== undefined && Date.parse(user.updated_at) !== expected) {
    throw new MetadataConflictError(new Date(expected).toISOString(), user.updated_at);
  }
  const before = user[name] ?? {};
  const after = make(before);
  const diff = differences(before, after);
  const patch = diff.length === 0 ? undefined : { [name]: patchOf(verb, after, diff) };
  // What the caller gives is sent as it is; what was read has to go back as it was.
  if (patch) checkExact(name, patchOf(verb, make(marked(before)), diff), (value) => value === INEXACT);
  const sent = patch !== undefined && !dryRun;
  if (sent) await updates.get(client)(id, patch, next());
  return { patch, diff, before, after, sent };
}

export function metadata(client, id) {
  check(isText(id), "id must be a user id, such as auth0|123");
  const kind = (name) =>
    Object.fromEntries(
      Object.entries(verbs).map(([verb, make]) => [
        verb,
        async (...given) => change(client, id, name, verb, make(...given), given[make.length]),
      ]),
    );
  return { user: kind("user_metadata"), app: kind("app_metadata") };
}

/** The update of each client as it was, without the guard. */
const updates = new WeakMap();

export function keepUpdate(client) {
  if (!updates.has(client)) updates.set(client, client.users.update.bind(client.users));
}

/** `{}` is what a form without fields sends, and takes everything away. */
function checkKept(changes) {
  for (const name of ["user_metadata", "app_metadata"]) {
    const value = valueAt(changes, name);
    check(
      !isRecord(value) || Object.keys(value).length > 0,
      `${name} is {}, which takes away all of it: use users.metadata(id), or allowMetadataClear: true`,
    );
  }
}

export function update(client, id, changes, options) {
  const { allowMetadataClear = false, ...requestOptions } = { __proto__: null, ...options };
  let body = changes;
  try {
    // Read once, so that what is checked is what is sent.
    if (isRecord(changes)) body = JSON.parse(jsonOf("request", changes, 0));
    if (isRecord(body) && allowMetadataClear !== true) checkKept(body);
  } catch (error) {
    // As what the client gives, which has this method.
    const refused = Promise.reject(error);
    return Object.assign(refused, { withRawResponse: () => refused });
  }
  return updates.get(client)(id, body, isRecord(options) ? requestOptions : options);
}
