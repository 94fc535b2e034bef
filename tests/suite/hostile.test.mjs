// What a program gives may throw where it is read, or call back when it should not. The call rejects, and the client
// goes on.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { isManagementError, ManagementError } from "auth0-users";

import { answer, recorded } from "./client.mjs";

let unhandled = 0;
process.on("unhandledRejection", () => unhandled++);
after(() => assert.equal(unhandled, 0));

const boom = () => {
  throw new Error("boom");
};
const traps = { apply: boom, construct: boom, defineProperty: boom, deleteProperty: boom, get: boom };
Object.assign(traps, { getOwnPropertyDescriptor: boom, getPrototypeOf: boom, has: boom, ownKeys: boom, set: boom });

const revoked = Proxy.revocable({}, {});
revoked.revoke();

const withGetter = (target, ...names) => {
  for (const name of names) Object.defineProperty(target, name, { get: boom, configurable: true });
  return target;
};

/** Values that throw in one way or another when they are read. */
const hostile = {
  "a proxy of an object": new Proxy({}, traps),
  "a proxy of a function": new Proxy(() => {}, traps),
  "a proxy of an error": new Proxy(new Error("inner"), traps),
  "a proxy of a response": new Proxy(Response.json({}), traps),
  "a revoked proxy": revoked.proxy,
  "an object whose then throws when read": withGetter({}, "then"),
  "an object whose then throws when called": { then: boom },
  "a thenable that never settles": { then() {} },
  "an error whose properties throw": withGetter(
    new Error("e"),
    ...["stack", "message", "name", "cause", "code", "retryAfterMs", "isPassing"],
  ),
  "an error whose cause throws": Object.assign(new Error("e"), { cause: withGetter({}, "code", "syscall") }),
  "an object whose text throws": { toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom, toJSON: boom },
  "an object without a prototype": Object.create(null),
  "a symbol": Symbol("s"),
  null: null,
  undefined: undefined,
};

/** A response with parts of the caller's own. */
const response = (parts) => () => Object.defineProperties(Response.json({ user_id: "x" }), parts);
const value = (value) => ({ value });

/** A signal with parts of the caller's own. */
function signal(parts) {
  const controller = new AbortController();
  setTimeout(() => controller.abort("enough"), 5);
  return Object.defineProperties(controller.signal, parts);
}

/** A value that can be read once. */
function onceReadable(first) {
  let reads = 0;
  return { get: () => (reads++ ? boom() : first) };
}

const resolved = async () => Response.json({ user_id: "x" });

/** Where a program gives something: the options of a client and of a call that give it. */
const places = {
  "fetch throws": (given) => [{ fetch: () => raise(given) }],
  "fetch rejects with": (given) => [{ fetch: () => Promise.reject(given) }],
  "fetch gives": (given) => [{ fetch: () => given }],
  "fetch resolves to": (given) => [{ fetch: async () => given }],
  "the status is": (given) => [{ fetch: response({ status: value(given) }) }],
  "the headers are": (given) => [{ fetch: response({ headers: value(given) }) }],
  "a header is": (given) => [{ fetch: response({ headers: value({ get: () => given }) }) }],
  "reading a header throws": (given) => [{ fetch: response({ headers: value({ get: () => raise(given) }) }) }],
  "the text is": (given) => [{ fetch: response({ text: value(() => given) }) }],
  "the text resolves to": (given) => [{ fetch: response({ text: value(async () => given) }) }],
  "reading the text throws": (given) => [{ fetch: response({ text: value(() => raise(given)) }) }],
  "reading the text rejects with": (given) => [{ fetch: response({ text: value(() => Promise.reject(given)) }) }],
  "the token function throws": (given) => [{ token: () => raise(given) }],
  "the token function gives": (given) => [{ token: () => given }],
  "the token is": (given) => [{ token: () => ({ token: given, expiresAt: given }) }],
  "the csrf function throws": (given) => [{ csrf: () => raise(given) }],
  "the csrf function gives": (given) => [{ csrf: () => given }],
  "the function of a header throws": (given) => [{ headers: { a: () => raise(given) } }],
  "the function of a header gives": (given) => [{ headers: { a: () => given } }],
  "an observer throws": (given) => [{ onRequest: () => raise(given), onResponse: () => raise(given) }],
  "an observer gives": (given) => [{ onRequest: () => given, onRateLimit: () => given }],
  "beforeRequest throws": (given) => [{}, { beforeRequest: () => raise(given) }],
  "beforeRequest gives": (given) => [{}, { beforeRequest: () => given }],
  "the token store throws": (given) => [
    { token: () => "t", tokenStoreKey: "k", tokenStore: { get: () => raise(given), set: () => raise(given) } },
  ],
  "the token store gives": (given) => [
    { token: () => "t", tokenStoreKey: "k", tokenStore: { get: () => given, set: () => given } },
  ],
  "the options of the call are": (given) => [{}, given],
  "an option of the call is": (given) => [{}, { queryParams: given }],
  "a header of the call is": (given) => [{}, { headers: { a: given } }],
  "the signal is": (given) => [{}, { abortSignal: given }],
  "the reason is": (given) => [
    { fetch: () => new Promise(() => {}) },
    { abortSignal: signal({ reason: value(given) }) },
  ],
};

function raise(thrown) {
  throw thrown;
}

/** How a promise ends, without a look at what it ends with. */
const ending = (promise) =>
  Promise.race([
    promise.then(
      () => "resolved",
      () => "rejected",
    ),
    new Promise((resolve) => setTimeout(resolve, 5_000, "never")),
  ]);

/** A call ends in time, whatever it was given, and leaves nothing behind in the client. */
async function endsWith(options, requestOptions, what) {
  const { client, users } = recorded([resolved], { maxRetries: 0, timeoutInSeconds: 0.05, ...options });
  const read = ending(users.get("x", {}, requestOptions));
  const change = ending(users.update("x", { name: "n" }, requestOptions));
  for (const end of await Promise.all([read, change])) assert.notEqual(end, "never", what);
  const { inFlight, queued } = client.rateLimit;
  assert.deepEqual([inFlight, queued], [0, 0], what);
}

for (const [place, give] of Object.entries(places)) {
  test(`a call ends where ${place} something that throws`, async () => {
    for (const [name, given] of Object.entries(hostile)) await endsWith(...give(given), `${place} ${name}`);
  });
}

test("a call ends where a part of an answer throws when it is read", async () => {
  for (const name of ["status", "headers", "text", "type", "url", "redirected", "statusText"]) {
    for (const part of [{ get: boom }, onceReadable(Response.json({})[name])]) {
      await endsWith({ fetch: response({ [name]: part }) }, {}, name);
    }
  }
});

test("a call ends where a part of its signal throws when it is read", async () => {
  for (const name of ["aborted", "reason", "addEventListener", "removeEventListener"]) {
    for (const part of [{ get: boom }, { value: boom }, onceReadable(new AbortController().signal[name])]) {
      const fetch = () => new Promise(() => {});
      await endsWith({ fetch, timeoutInSeconds: 0.02 }, { abortSignal: signal({ [name]: part }) }, name);
    }
  }
});

test("calls go on beside those whose fetch throws", async () => {
  let calls = 0;
  const { client, users } = recorded([() => (calls++ % 2 ? Response.json({ user_id: "x" }) : raise(revoked.proxy))], {
    maxRetries: 0,
  });
  const ends = await Promise.all(Array.from({ length: 50 }, () => ending(users.get("x"))));
  assert.equal(ends.filter((end) => end === "resolved").length, 25);
  assert.deepEqual([client.rateLimit.inFlight, client.rateLimit.queued], [0, 0]);
});

test("an error is whole whatever prepareStackTrace makes of stacks", async () => {
  const { prepareStackTrace } = Error;
  try {
    for (const prepare of [() => ["a"], () => 7, () => undefined, boom]) {
      Error.prepareStackTrace = prepare;
      const { users } = recorded([answer(404, {})]);
      for (const call of [users.get("x"), users.get(""), users.list({ unknown: 1 })]) {
        const error = await call.then(boom, (error) => error);
        assert.match(error.code, /^(not_found|invalid_argument)$/);
        if (prepare !== boom) assert.ok(error.stack.includes(error.message));
      }
    }
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});

test("isManagementError is true of errors only, and never throws", () => {
  for (const [name, given] of Object.entries(hostile)) assert.equal(isManagementError(given), false, name);
  assert.equal(isManagementError(new Proxy({}, { get: () => true })), false);
  assert.equal(isManagementError(new Proxy(new ManagementError(), traps)), false);
  assert.equal(isManagementError(new ManagementError()), true);
});
