import assert from "node:assert/strict";
import test from "node:test";

import { answer, operations, recorded, rejection } from "./client.mjs";

const limited = (headers = { "retry-after": "0" }) => answer(429, { errorCode: "too_many_requests" }, headers);
const unreachable = () =>
  Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }));
const lost = () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } }));

/** Calls that wait without a hint of the server do not wait at all. */
const atOnce = (t) => t.mock.method(Math, "random", () => 0);

/** A time limit that no wait is as long as. */
const anHour = { timeoutInSeconds: 3_600 };

/** A wait for a turn, which has no limit of its own. */
const forEver = 2 ** 31 - 1;

/** The waits that clients with that limit ask the engine for, none of which takes any time. */
function noteWaits(t) {
  const waits = [];
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (callback, ms, ...rest) => {
    if (ms === 3_600_000 || ms === forEver) return real(callback, ms, ...rest);
    waits.push(ms);
    return real(callback, 0, ...rest);
  });
  return waits;
}

for (const { name, call, repeats } of operations) {
  test(`users.${name} is sent again after a connection that was never made`, async (t) => {
    atOnce(t);
    const { users, requests } = recorded([unreachable]);
    const error = await rejection(call(users));
    assert.equal(requests.length, 3);
    assert.equal(error.attempts, 3);
    assert.equal(error.code, "network");
    assert.equal(new Set(requests.map(({ url, method, body }) => [method, url, body].join())).size, 1);
  });

  test(`users.${name} is sent again after 429, however often`, async (t) => {
    atOnce(t);
    const waits = noteWaits(t);
    const { users, requests } = recorded([...Array.from({ length: 7 }, () => limited()), answer(200, "{}")], anHour);
    // What the answer holds is no matter here.
    await call(users).catch((error) => assert.equal(error.statusCode, 200));
    assert.equal(requests.length, 8);
    assert.equal(waits.length, 6);
    assert.equal(new Set(requests.map(({ url, method, body }) => [method, url, body].join())).size, 1);
  });

  test(`users.${name} is sent ${repeats ? "again" : "once"} when nobody knows what the server did`, async (t) => {
    atOnce(t);
    for (const failure of [
      answer(408, {}),
      answer(500, {}),
      answer(502, "<html>"),
      answer(503, {}),
      answer(599, {}),
      lost,
    ]) {
      const { users, requests } = recorded([failure]);
      const error = await rejection(call(users));
      assert.equal(requests.length, repeats ? 3 : 1);
      assert.equal(error.attempts, requests.length);
    }
  });

  test(`users.${name} is sent once when the server refused it or answered nonsense`, async () => {
    for (const failure of [
      answer(400, {}),
      answer(401, {}),
      answer(403, {}),
      answer(404, {}),
      answer(409, {}),
      answer(302),
    ]) {
      const { users, requests } = recorded([failure]);
      assert.equal((await rejection(call(users))).attempts, 1);
      assert.equal(requests.length, 1);
    }
  });

  test(`users.${name} with maxRetries 0 is sent once`, async () => {
    for (const failure of [limited(), answer(500, {}), unreachable, lost]) {
      const { users, requests } = recorded([failure]);
      assert.equal((await rejection(call(users, { maxRetries: 0 }))).attempts, 1);
      const client = recorded([failure], { maxRetries: 0 });
      assert.equal((await rejection(call(client.users))).attempts, 1);
      assert.equal(requests.length + client.requests.length, 2);
    }
  });
}

test("a gateway's 429 or 503 lets only what is idempotent be sent again", async (t) => {
  atOnce(t);
  for (const status of [429, 503]) {
    for (const { name, call, repeats } of operations) {
      const { users, requests } = recorded([answer(status, "<html>", { "retry-after": "0" })], { maxRetries: 1 });
      await rejection(call(users));
      assert.equal(requests.length, repeats ? 2 : 1, name);
    }
  }
});

/** Errors that say in every way but one that nothing was done. */
const saying = (status, errorCode, outcome) =>
  answer(status, { error: "E", message: "M", errorCode }, outcome && { "x-auth0-users-outcome": outcome });

test("only a proxy's header lets a change be sent again, never a text", async (t) => {
  atOnce(t);
  for (const [failure, options, times, code] of [
    [saying(502, "upstream_failure"), { token: undefined }, 1, "outcome_unknown"],
    [saying(504, "upstream_timeout"), { token: undefined }, 1, "outcome_unknown"],
    [saying(500, "proxy_failure"), { token: undefined }, 1, "outcome_unknown"],
    [saying(502, "upstream_failure", "not_sent"), { token: undefined }, 3, "server"],
    [answer(502, "<html>", { "x-auth0-users-outcome": "not_sent" }), { token: undefined }, 3, "bad_response"],
    [saying(502, "upstream_unauthorized", "not_sent"), { token: undefined }, 1, "server"],
    [saying(403, "forbidden_operation", "not_sent"), { token: undefined }, 1, "forbidden"],
    [saying(502, "upstream_failure", "unknown"), { token: undefined }, 1, "outcome_unknown"],
    [saying(404, "inexistent_user", "unknown"), { token: undefined }, 1, "outcome_unknown"],
    // The API is behind a client with a token, and no proxy.
    [saying(502, "upstream_failure", "not_sent"), {}, 1, "outcome_unknown"],
    [saying(404, "inexistent_user", "unknown"), {}, 1, "not_found"],
  ]) {
    const { users, requests } = recorded([failure], options);
    const error = await rejection(users.create({ connection: "c" }));
    assert.deepEqual([requests.length, error.code], [times, code], JSON.stringify(error));
  }
});

test("a call that succeeds after all gives its data", async (t) => {
  atOnce(t);
  const { users, requests } = recorded([lost, answer(503, {}), answer(200, { user_id: "x" })]);
  assert.deepEqual(await users.get("x"), { user_id: "x" });
  assert.equal(requests.length, 3);
});

test("the call's maxRetries counts before the client's", async (t) => {
  atOnce(t);
  const { users, requests } = recorded([answer(500, {})], { maxRetries: 1 });
  await rejection(users.get("x"));
  assert.equal(requests.length, 2);
  await rejection(users.get("x", {}, { maxRetries: 4 }));
  assert.equal(requests.length, 7);
});

test("Retry-After decides how long to wait: in seconds, or as a date", async (t) => {
  atOnce(t);
  const waits = noteWaits(t);
  t.mock.method(Date, "now", () => Date.UTC(2025, 0, 1));
  for (const header of ["7", "0", "Wed, 01 Jan 2025 00:00:09 GMT"]) {
    const { users } = recorded([limited({ "retry-after": header }), answer(200, {})], anHour);
    await users.get("x");
  }
  assert.deepEqual(waits, [7_000, 9_000]);
});

test("without Retry-After it is x-ratelimit-reset; a hint may be a minute at most", async (t) => {
  atOnce(t);
  const waits = noteWaits(t);
  const now = Date.UTC(2025, 0, 1);
  t.mock.method(Date, "now", () => now);
  for (const headers of [
    { "x-ratelimit-reset": String(now / 1000 + 5) },
    { "x-ratelimit-reset": String(now / 1000 + 5), "retry-after": "2" },
    { "retry-after": "59" },
    { "retry-after": "86400" },
  ]) {
    const { users } = recorded([limited(headers), answer(200, {})], anHour);
    await users.get("x");
  }
  assert.deepEqual(waits, [5_000, 2_000, 59_000, 60_000]);
});

test("without a hint the wait is random, with a limit that doubles", async (t) => {
  const waits = noteWaits(t);
  t.mock.method(Math, "random", () => 0.5);
  const { users } = recorded([answer(500, {})], anHour);
  await rejection(users.get("x", {}, { maxRetries: 4 }));
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000]);
});

test("a refusal without a hint that means something closes the gate for a second, then for two", async (t) => {
  atOnce(t);
  const waits = noteWaits(t);
  t.mock.method(Date, "now", () => Date.UTC(2025, 0, 1));
  for (const headers of [{}, { "retry-after": "soon" }, { "retry-after": "-1" }, { "x-ratelimit-reset": "1" }]) {
    const { users } = recorded([limited(headers), limited(headers), answer(200, {})], anHour);
    await users.get("x");
  }
  assert.deepEqual(waits, [1_000, 2_000, 1_000, 2_000, 1_000, 2_000, 1_000, 2_000]);
});

test("callers that wait for the same moment spread over a little time after it", async (t) => {
  t.mock.method(Math, "random", () => 0.5);
  const waits = noteWaits(t);
  t.mock.method(Date, "now", () => 0);
  const { users } = recorded([limited({ "retry-after": "1" }), answer(200, {})], anHour);
  await users.get("x");
  assert.deepEqual(waits, [1_025]);
});

test("the error tells how long the server asked to wait", async () => {
  const { users } = recorded([limited({ "retry-after": "12" })], { maxRetries: 0 });
  const error = await rejection(users.get("x"));
  assert.equal(error.retryAfterMs, 12_000);
  assert.equal(error.code, "rate_limited");
});

test("an attempt has a signal of its own, which ends with the attempt", async (t) => {
  atOnce(t);
  const { users, requests } = recorded([lost, answer(500, {}), answer(200, {})]);
  await users.get("x");
  const [first, second, third] = requests.map(({ signal }) => signal);
  assert.notEqual(first, second);
  assert.notEqual(second, third);
  assert.deepEqual([first.aborted, second.aborted, third.aborted], [true, false, false]);
});
