// What callers are told when an argument is not right.

import { ManagementError } from "auth0-users";

import { define, own } from "../client/objects.ts";
import { check, invalidArgument, locate as place } from "../client/argument-errors.ts";
import { isInexact } from "../client/json-values.ts";
import { jsonOf as write, pathOf } from "../client/json.ts";

export { check, define, own };

/** Calls a method. An error of its arguments names the method, and its stack begins where that was called. */
export function named(name, site, run) {
  const fail = (error) => {
    throw place(error, name, site);
  };
  try {
    const result = run();
    if (result?.[Symbol.toStringTag] === "AsyncGenerator") return placed(result, fail);
    // The promises of the client name the method themselves, and have a method that another promise would lack.
    return result instanceof Promise && !("withRawResponse" in result) ? result.catch(fail) : result;
  } catch (error) {
    return fail(error);
  }
}

async function* placed(values, fail) {
  try {
    yield* values;
  } catch (error) {
    fail(error);
  }
}

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
export const jsonOf = (name, value, absentAt) => write(name, value, invalidArgument, absentAt);

/** Refuses to send a value that has a part which may have been rounded when it was read, as `read` has it there. */
export function checkExact(name, value, read = value) {
  checkPart(name, value, read, []);
}

function checkPart(name, value, read, keys) {
  if (isInexact(value) && value === read) {
    const reason = "is an integer above 2^53 - 1, which JavaScript has rounded: sent back, it would be another one";
    throw define(new RangeError(`${pathOf(name, keys)} ${reason}. Give it anew as text`), {
      code: "unsafe_integer",
    });
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    checkPart(name, inner, own(read, key), [...keys, Array.isArray(value) ? Number(key) : key]);
  }
}

export function checkId(id) {
  check(isText(id), 'id must be the id of a user, such as "auth0|123"');
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

/**
 * Refuses options that are no object or have an unknown name, since a wrong one would leave something undone. Returns
 * those that the object itself has.
 */
export function checkOptions(given, known) {
  check(isRecord(given), "options must be an object");
  const options = { __proto__: null, ...given };
  for (const name of Object.keys(options)) check(known.includes(name), `options.${name} is unknown`);
  checkSignal(options.abortSignal);
  checkObserver("onProgress", options.onProgress);
  return options;
}

/** Returns an answer of the API that is what was asked for; throws for any other, which proves nothing. */
export function checked(isIt, answer, operation, what) {
  if (isIt) return answer;
  const message = `${operation}: the answer is not ${what}`;
  throw new ManagementError({ message, code: "bad_response", operation, body: answer });
}
