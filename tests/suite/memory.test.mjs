import assert from "node:assert/strict";
import { test } from "node:test";

import { size } from "../helpers/wasm.mjs";
import { answer, recorded } from "./client.mjs";

const kinds = {
  "a user": answer(200, { user_id: "x" }),
  "no such user": answer(404, {}),
  "a connection that breaks": () => Promise.reject(new TypeError("fetch failed")),
  "half a JSON text": answer(200, '{"user_id":'),
  HTML: answer(200, "<html>"),
  "an array": answer(200, []),
};

for (const [name, given] of Object.entries(kinds)) {
  test(`20,000 calls that give ${name} leave the memory of the module as it was`, async () => {
    const { users, requests } = recorded([given], { maxRetries: 0 });
    const calls = async (times) => {
      for (let n = 0; n < times; n++) await users.get("x").catch(() => {});
      requests.length = 0;
    };
    await calls(100);
    const before = size();
    await calls(20_000);
    assert.deepEqual(size(), before);
  });
}

test("20,000 calls with arguments that are refused leave the memory of the module as it was", async () => {
  const { users } = recorded([answer(200, {})]);
  const calls = async (times) => {
    for (let n = 0; n < times; n++) await users.get("x", { unknown: n }).catch(() => {});
  };
  await calls(100);
  const before = size();
  await calls(20_000);
  assert.deepEqual(size(), before);
});

const raise = () => {
  throw new Error("boom");
};
const response = (parts) => [() => Object.defineProperties(Response.json({ user_id: "x" }), parts)];
const get = (name) => ({ [name]: { get: raise } });

/** Whatever may throw where the module reads or calls it: answers, options of the client, and of the call. */
const throwing = {
  "a fetch that throws": [[raise]],
  "a fetch that rejects with what throws when read": [
    [() => Promise.reject(new Proxy({}, { get: raise, getOwnPropertyDescriptor: raise }))],
  ],
  "an error of the API without JSON": [[answer(500, '{"a":}')]],
  "text that is none": [response({ text: { value: async () => ({ toString: raise }) } })],
  "text() that throws": [response({ text: { value: raise } })],
  "a status that throws": [response(get("status"))],
  "headers that throw": [response(get("headers"))],
  "headers.get that throws": [response({ headers: { value: { get: raise } } })],
  "a url that throws": [response(get("url"))],
  "a token function that throws": [undefined, { token: raise }],
  "a csrf function that throws": [undefined, { csrf: raise }],
  "the function of a header that throws": [undefined, { headers: { a: raise } }],
  "observers that throw": [undefined, { onRequest: raise, onResponse: raise, onRateLimit: raise }],
  "beforeRequest that throws": [undefined, {}, { beforeRequest: raise }],
  "options that throw": [undefined, {}, Object.defineProperties({}, { maxRetries: { get: raise, enumerable: true } })],
  "a signal that cannot be listened to": [undefined, {}, { abortSignal: { aborted: false, addEventListener: raise } }],
};

for (const [name, [answers, options, requestOptions]] of Object.entries(throwing)) {
  test(`2,000 calls with ${name} leave the module's table as it was`, async () => {
    const { users, requests } = recorded(answers, { maxRetries: 0, ...options });
    const calls = async (times) => {
      for (let n = 0; n < times; n++) {
        await users.get("x", {}, requestOptions).catch(() => {});
        await users.update("x", { name: "n" }, requestOptions).catch(() => {});
      }
      requests.length = 0;
    };
    await calls(100);
    const before = size();
    await calls(2_000);
    assert.deepEqual(size(), before);
  });
}

test("2,000 clients whose options are refused leave the module's table as it was", () => {
  const make = (times) => {
    for (let n = 0; n < times; n++) {
      for (const options of [{ unknown: n }, { token: "two words" }, { tokenStore: {} }]) {
        assert.throws(() => recorded(undefined, options));
      }
    }
  };
  make(100);
  const before = size();
  make(2_000);
  assert.deepEqual(size(), before);
});
