import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ManagementClient } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";
import { answer, recorded, rejection } from "./client.mjs";

const tenant = await startTenant({ after }, "--users", "100");

test("without headers the first call goes alone, and after each answer twice as many", async () => {
  let under = 0;
  let most = 0;
  const seen = [];
  async function fetch() {
    most = Math.max(most, ++under);
    seen.push(under);
    await new Promise((resolve) => setTimeout(resolve, 5));
    under--;
    return answer(200, {})();
  }
  const { users } = new ManagementClient({ baseUrl: tenant.baseUrl, token: "t", fetch });
  await Promise.all(Array.from({ length: 300 }, () => users.get("x")));
  assert.deepEqual(seen.slice(0, 3), [1, 1, 2]);
  assert.ok(most > 16 && most <= 64, String(most));
});

test("calls go in the order in which they were made", async () => {
  const told = { "x-ratelimit-limit": "3", "x-ratelimit-remaining": "2", "x-ratelimit-reset": "0" };
  const { users, requests } = recorded([answer(200, {}, told)]);
  await Promise.all(Array.from({ length: 40 }, (_, n) => users.get(`u${n}`)));
  assert.deepEqual(
    requests.map(({ url }) => Number(url.split("/u").at(-1))),
    Array.from({ length: 40 }, (_, n) => n),
  );
});

test("one refusal closes the gate for all calls of the client, and for no other client", async () => {
  const refused = answer(429, {}, { "retry-after": "1" });
  const { users, requests } = recorded([refused, answer(200, {})]);
  const calls = Promise.all(Array.from({ length: 5 }, (_, n) => users.get(`u${n}`)));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(requests.length, 1);
  assert.equal((await recorded().users.get("x")).user_id, "auth0|x");
  await calls;
  assert.equal(requests.length, 6);
});

test("an abort while it waits for its turn ends a call at once, and the others keep their places", async () => {
  const refused = answer(429, {}, { "retry-after": "3" });
  const { users, requests } = recorded([refused, answer(200, {})]);
  const controller = new AbortController();
  const calls = Array.from({ length: 6 }, (_, n) =>
    users.get(`u${n}`, {}, n % 2 ? { abortSignal: controller.signal } : {}),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  controller.abort("enough");
  for (const call of calls.filter((_, n) => n % 2)) assert.equal(await rejection(call), "enough");
  // Long before the gate opens.
  assert.equal(requests.length, 1);
  await Promise.all(calls.filter((_, n) => n % 2 === 0));
  assert.deepEqual(requests.map(({ url }) => url.at(-1)).sort(), ["0", "0", "2", "4"]);
});

test("a request that gets no answer gives its place to the next", async () => {
  const lost = () => Promise.reject(new TypeError("fetch failed"));
  const { users, requests } = recorded([lost, answer(200, {})], { maxRetries: 0 });
  const outcomes = await Promise.allSettled([users.get("a"), users.get("b"), users.get("c")]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["rejected", "fulfilled", "fulfilled"],
  );
  assert.equal(requests.length, 3);
});

test("the time limit of an attempt does not run while a call waits for its turn", async () => {
  const { users } = recorded([answer(429, {}, { "retry-after": "1" }), answer(200, {})], { timeoutInSeconds: 0.5 });
  await Promise.all([users.get("a"), users.get("b")]);
});

test("a frozen clock does not hold calls back for ever", async (t) => {
  t.mock.method(Date, "now", () => Date.UTC(2025, 0, 1));
  const { users, requests } = recorded([answer(429, {}, { "retry-after": "1" }), answer(200, {})]);
  await Promise.all([users.get("a"), users.get("b"), users.get("c")]);
  assert.equal(requests.length, 4);
});

/** A clock that goes on only while something waits, and how long each wait was. */
function noteWaits(t) {
  let now = Date.UTC(2025, 0, 1);
  t.mock.method(Date, "now", () => now);
  t.mock.method(Math, "random", () => 0);
  const { setTimeout: real } = globalThis;
  const waits = [];
  t.mock.method(globalThis, "setTimeout", (callback, ms, ...rest) => {
    if (ms > 10_000) return real(callback, ms, ...rest);
    return real(() => (waits.push(Math.round(ms)), (now += ms), callback(...rest)), 0);
  });
  return waits;
}

/** An answer as a page gets it from another origin, whose headers it may not read. */
const foreign = (headers) => () => Object.defineProperty(answer(200, {}, headers)(), "type", { value: "cors" });

const getAtOnce = (users, times) => Promise.all(Array.from({ length: times }, () => users.get("x")));

test("where the limit cannot be read, as between two origins, two calls go at once and two in each second", async (t) => {
  const waits = noteWaits(t);
  await getAtOnce(recorded([foreign()]).users, 8);
  assert.ok(waits.length > 2 && waits[0] > 300 && waits[0] <= 500, waits.join());
  // Each answer makes it a little faster.
  assert.ok(waits.at(-1) < waits[0], waits.join());
});

test("fallbackRequestsPerSecond is the initial rate without readable headers", async (t) => {
  const waits = noteWaits(t);
  const { users } = recorded([foreign()], { fallbackRequestsPerSecond: 20 });
  await getAtOnce(users, 20);
  assert.deepEqual(waits, []);
  await getAtOnce(users, 5);
  assert.ok(waits.length > 2 && waits.every((ms) => ms <= 50), waits.join());
  for (const fallbackRequestsPerSecond of [0, -1, NaN, "5", null]) {
    assert.throws(() => recorded(undefined, { fallbackRequestsPerSecond }), {
      message: /^fallbackRequestsPerSecond must be /,
    });
  }
});

test("a limit that can be read counts, whichever origin tells it", async (t) => {
  const waits = noteWaits(t);
  await getAtOnce(recorded([foreign({ "x-ratelimit-remaining": "50" })]).users, 8);
  assert.deepEqual(waits, []);
});
