// What callers are told when an argument is not right.

import { jsonOf as write, pathOf } from "../json.js";

function invalid(message) {
  const code = { __proto__: null, value: "invalid_argument", configurable: true, enumerable: true, writable: true };
  return Object.defineProperty(new TypeError(message), "code", code);
}

/** Refuses an argument, with a text that names it. */
export function check(condition, message) {
  if (!condition) throw invalid(message);
}

/** Reads a property of the object itself, not one that `Object.prototype` has. */
export const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

/** Copies a plain object into one without a prototype, so that it has the properties it was given and no others. */
export function record(value) {
  const isPlain = isRecord(value) && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? { __proto__: null, ...value } : value;
}

export const isText = (value) => typeof value === "string" && value !== "";
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Refuses what is neither an object nor left out. */
export function checkRecord(name, value) {
  check(value == null || isRecord(value), `${name} must be an object`);
}

/** Returns the JSON text of a value, and refuses what JSON would drop or change; see `absentAt` there. */
export const jsonOf = (name, value, absentAt) => write(name, value, invalid, absentAt);

/** Is it a number that JSON.parse may have rounded? Integers above 2^53 - 1 are, and 1e999 becomes Infinity. */
export const isInexact = (value) => typeof value === "number" && !Number.isSafeInteger(value) && !(value % 1);

/** Has a value no number that JSON.parse may have rounded? */
export function isExact(value) {
  if (typeof value !== "object" || value === null) return !isInexact(value);
  return Object.values(value).every(isExact);
}

/** Refuses to send back a value that was read and has a part that may have been rounded. */
export function checkExact(name, value, isChanged = isInexact, keys = []) {
  if (isChanged(value)) {
    const reason = "is an integer above 2^53 - 1, which JavaScript has rounded: sent back, it would be another one";
    throw Object.assign(new RangeError(`${pathOf(name, keys)} ${reason}. Give it anew as text`), {
      code: "unsafe_integer",
    });
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    checkExact(name, inner, isChanged, [...keys, Array.isArray(value) ? Number(key) : key]);
  }
}

export function checkClient(client) {
  check(typeof client?.users?.get === "function", "client must be a ManagementClient of auth0-users");
}

export function checkSource(name, source) {
  const isSource = source?.[Symbol.asyncIterator] || (typeof source === "object" && source?.[Symbol.iterator]);
  check(isSource, `${name} must be an array, an iterable or an async iterable`);
}

export function checkSignal(signal) {
  check(signal == null || typeof signal.addEventListener === "function", "abortSignal must be an AbortSignal");
}

export function checkObserver(name, observer) {
  check(observer == null || typeof observer === "function", `${name} must be a function`);
}

/** Refuses options that are no object or have an unknown name, since a wrong one would leave something undone. */
export function checkOptions(options, known) {
  check(isRecord(options), "options must be an object");
  for (const name of Object.keys(options)) check(known.includes(name), `options.${name} is unknown`);
  checkSignal(options.abortSignal);
  checkObserver("onProgress", options.onProgress);
}
