// Checks of arguments and of answers.

import { type ManagementClient, ManagementError } from "auth0-users";

import { check, invalidArgument, locate } from "../../client/argument-errors.ts";
import { jsonOf as write, pathOf } from "../../client/json.ts";
import { isInexact } from "../../client/json-values.ts";
import { define, isRecord, own, record } from "../../client/objects.ts";
import { checkSignal } from "../../client/signals.ts";

/**
 * Calls a method, from the function that the program called. An error of its arguments names the method, and its stack
 * begins where the program called it.
 */
export function named<Result>(name: string, run: () => Result): Result {
  const callSite = new Error();
  const fail = (error: unknown): never => {
    throw locate(error, name, callSite);
  };
  try {
    const result = run();
    if (isAsyncGenerator(result)) return located(result, fail) as Result;
    // The promises of the client name the method themselves, and have a method that another promise would lack.
    return result instanceof Promise && !("withRawResponse" in result) ? (result.catch(fail) as Result) : result;
  } catch (error) {
    return fail(error);
  }
}

function isAsyncGenerator(value: unknown): value is AsyncGenerator {
  return (value as { [Symbol.toStringTag]?: unknown } | null | undefined)?.[Symbol.toStringTag] === "AsyncGenerator";
}

async function* located(values: AsyncGenerator, fail: (error: unknown) => never) {
  try {
    yield* values;
  } catch (error) {
    fail(error);
  }
}

/** Copies a plain object into one without a prototype, so that it has the properties it was given and no others. */
export function ownProperties(value: unknown): unknown {
  return isRecord(value) && Object.getPrototypeOf(value) === Object.prototype ? record(value) : value;
}

/** Returns whether a value is an array. Its type stays as declared, while `Array.isArray` takes the types of the elements. */
export const isArray: (value: unknown) => boolean = Array.isArray;

/** Returns whether a value is text that is not empty. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Refuses what is neither an object nor left out. */
export function checkRecord(name: string, value: unknown): void {
  check(value == null || isRecord(value), `${name} must be an object`);
}

/** Returns the JSON text of a value, and refuses what JSON would drop or change; see `absentAt` there. */
export function jsonOf(name: string, value: unknown, absentAt?: number): string {
  return write(name, value, invalidArgument, absentAt);
}

/** Refuses to send a value that has a part which may have been rounded when it was read, as `read` has it there. */
export function checkExact(name: string, value: unknown, read: unknown = value): void {
  checkPart(name, value, read, []);
}

function checkPart(name: string, value: unknown, read: unknown, keys: readonly (string | number)[]): void {
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

export function checkId(id: unknown): asserts id is string {
  check(isText(id), 'id must be the id of a user, such as "auth0|123"');
}

export function checkClient(client: unknown): asserts client is ManagementClient {
  const given = client as Partial<ManagementClient> | null | undefined;
  check(typeof given?.users?.get === "function", "client must be a ManagementClient of auth0-users");
}

export function checkSource(name: string, source: unknown): void {
  const given = source as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined;
  const isSource = given?.[Symbol.asyncIterator] || (typeof source === "object" && given?.[Symbol.iterator]);
  check(isSource, `${name} must be an array, an iterable or an async iterable`);
}

export function checkObserver(name: string, observer: unknown): void {
  check(observer == null || typeof observer === "function", `${name} must be a function`);
}

/**
 * Refuses options that are no object or have an unknown name, since a wrong one would leave something undone. Returns
 * those that the object itself has.
 */
export function checkOptions<Options extends object>(given: Options, known: readonly string[]): Options {
  check(isRecord(given), "options must be an object");
  const options: Options & Observed = record(given);
  for (const name of Object.keys(options)) check(known.includes(name), `options.${name} is unknown`);
  checkSignal(options.abortSignal);
  checkObserver("onProgress", options.onProgress);
  return options;
}

/**
 * Refuses a request that is no object or has an unknown key, since a wrong name would leave something undone. Returns the
 * properties that the object itself has.
 */
export function checkRequest<Request extends object>(given: Request, known: readonly string[]): Request {
  check(isRecord(given), "request must be an object");
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  check(unknown === undefined, `request has no ${unknown}; it may have ${known.join(", ")}`);
  const request: Request & Observed = record(given);
  checkObserver("request.onProgress", request.onProgress);
  return request;
}

/** The properties that options and requests may share. */
interface Observed {
  readonly abortSignal?: unknown;
  readonly onProgress?: unknown;
}

/** Throws the error of an answer that is not what was asked for: it proves nothing. */
export function checkAnswer(isIt: boolean, answer: unknown, operation: string, what: string): asserts isIt {
  if (isIt) return;
  const message = `${operation}: the answer is not ${what}`;
  throw new ManagementError({ message, code: "bad_response", operation, body: answer });
}
