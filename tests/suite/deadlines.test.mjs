import assert from "node:assert/strict";
import { test } from "node:test";

import { ManagementTimeoutError, OutcomeUnknownError } from "auth0-users";

import { answer, recorded, rejection, silence } from "./client.mjs";

const limited = (seconds) => answer(429, { errorCode: "too_many_requests" }, { "retry-after": String(seconds) });
const never = () => new Promise(() => {});
// Long enough that a busy machine has sent something by then.
const soon = { deadlineInSeconds: 0.5 };

test("a deadline ends the wait for an answer, and the request with it", async () => {
  const { users, requests } = recorded([silence]);
  const error = await rejection(users.get("x", {}, soon));
  assert.ok(error instanceof ManagementTimeoutError);
  assert.equal(error.code, "deadline");
  assert.equal(error.operation, "users.get");
  assert.equal(error.attempts, 1);
  assert.equal(requests[0].signal.aborted, true);
});

test("no timer has a negative delay, of which Node.js warns", async (t) => {
  const { setTimeout } = globalThis;
  const delays = [];
  t.mock.method(globalThis, "setTimeout", (callback, ms, ...rest) => {
    delays.push(ms);
    return setTimeout(callback, ms, ...rest);
  });
  // A busy process: time passes between two looks at the clock.
  let now = Date.now();
  t.mock.method(Date, "now", () => (now += 30));
  const { users } = recorded([silence]);
  assert.equal((await rejection(users.get("x", {}, { deadlineInSeconds: 0.05 }))).code, "deadline");
  assert.deepEqual(delays, [0]);
});

test("a deadline that passes while a change is under way leaves its outcome open", async () => {
  for (const call of [
    (users) => users.create({}, soon),
    (users) => users.update("x", {}, soon),
    (users) => users.delete("x", soon),
  ]) {
    assert.ok((await rejection(call(recorded([silence]).users))) instanceof OutcomeUnknownError);
  }
});

test("a deadline ends the wait for a token or a header, before anything is sent", async () => {
  for (const options of [{ token: never }, { headers: { a: never } }]) {
    const { users, requests } = recorded(undefined, options);
    const error = await rejection(users.create({}, soon));
    assert.equal(error.code, "deadline");
    assert.equal(requests.length, 0);
  }
});

test("a deadline ends the wait for a turn", async () => {
  const { users, requests } = recorded([limited(60)]);
  const controller = new AbortController();
  const first = users.get("x", {}, { abortSignal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve));
  const error = await rejection(users.create({}, soon));
  assert.equal(error.code, "deadline");
  assert.equal(error.attempts, 0);
  assert.equal(requests.length, 1);
  controller.abort("enough");
  assert.equal(await rejection(first), "enough");
});

test("a call whose deadline ends the wait after a failure tells that failure", async (t) => {
  t.mock.method(Math, "random", () => 0.5);
  const { users, requests } = recorded([answer(429, { errorCode: "e" }, { "retry-after": "0" }), limited(60)]);
  const controller = new AbortController();
  const other = () => users.get("other", {}, { abortSignal: controller.signal }).catch(() => {});
  // Refused once, it is next in the queue, behind one that closes the gate.
  const call = users.get("x", {}, { deadlineInSeconds: 0.5 });
  const blocking = other();
  const error = await rejection(call);
  controller.abort();
  await blocking;
  assert.equal(error.code, "deadline");
  assert.equal(error.statusCode, 429);
  assert.equal(error.errorCode, "e");
  assert.equal(error.attempts, 1);
  assert.equal(requests.length, 2);
});

test("a refusal that lasts beyond the deadline ends the call at once, with that refusal", async () => {
  const { users, requests } = recorded([limited(60)]);
  const error = await rejection(users.create({}, { deadlineInSeconds: 30 }));
  assert.equal(error.code, "rate_limited");
  assert.equal(error.retryAfterMs, 60_000);
  assert.equal(requests.length, 1);
});

test("a wait between attempts that would last beyond the deadline is not begun", async () => {
  const { users, requests } = recorded([answer(503, {}, { "retry-after": "50" })]);
  const error = await rejection(users.get("x", {}, { deadlineInSeconds: 30 }));
  assert.equal(error.code, "server");
  assert.equal(error.statusCode, 503);
  assert.equal(requests.length, 1);
});

test("a deadline holds for all attempts together", async (t) => {
  let now = Date.UTC(2025, 0, 1);
  t.mock.method(Date, "now", () => now);
  t.mock.method(Math, "random", () => 0);
  const slow = () => {
    now += 60_000;
    return answer(500, {})();
  };
  const { users, requests } = recorded([slow]);
  const error = await rejection(users.get("x", {}, { deadlineInSeconds: 150, maxRetries: 100 }));
  assert.equal(error.attempts, 3);
  assert.equal(requests.length, 3);
});

test("a deadline holds for all pages of a list together", async () => {
  const full = answer(200, { users: [{}, {}], total: 100, limit: 2, start: 0 });
  const { users, requests } = recorded([full, full, full, silence]);
  const page = await users.list({ per_page: 2 }, { deadlineInSeconds: 1 });
  const read = async () => {
    for await (const user of page) assert.ok(user);
  };
  assert.equal((await rejection(read())).code, "deadline");
  assert.equal((await rejection(page.getNextPage())).code, "deadline");
  // The time was up before the last call, which was not even sent.
  assert.equal(requests.length, 4);
});

test("a deadline of the client counts where the call has none", async () => {
  const { users } = recorded([silence], soon);
  assert.equal((await rejection(users.get("x"))).code, "deadline");
  assert.equal((await rejection(users.get("x", {}, { timeoutInSeconds: 0.01, deadlineInSeconds: 9 }))).code, "timeout");
});

test("the shorter of deadline and time limit says which it was", async () => {
  const { users } = recorded([silence]);
  const both = (timeoutInSeconds, deadlineInSeconds) => ({ timeoutInSeconds, deadlineInSeconds });
  assert.equal((await rejection(users.get("x", {}, both(0.01, 60)))).code, "timeout");
  assert.equal((await rejection(users.get("x", {}, both(60, 0.01)))).code, "deadline");
});

test("an abort counts before a deadline", async () => {
  const { users } = recorded([limited(60), answer(200, {})]);
  const controller = new AbortController();
  const call = users.get("x", {}, { deadlineInSeconds: 600, abortSignal: controller.signal });
  setTimeout(() => controller.abort("enough"), 10);
  assert.equal(await rejection(call), "enough");
});

test("without a deadline a call that is refused and refused again gives up after five minutes", async (t) => {
  let now = Date.UTC(2025, 0, 1);
  t.mock.method(Date, "now", () => now);
  t.mock.method(Math, "random", () => 0);
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (callback, ms, ...rest) => {
    if (ms > 60_000) return real(callback, ms, ...rest);
    return real(() => ((now += ms), callback(...rest)), 0);
  });
  const settings = { timeoutInSeconds: 3_600 };
  const { users, requests } = recorded([limited(59)], settings);
  const error = await rejection(users.create({}));
  assert.equal(error.code, "rate_limited");
  assert.equal(error.attempts, requests.length);
  assert.equal(requests.length, 7);
  // With a deadline it goes on for as long as that allows.
  const patient = recorded([limited(59)], settings);
  assert.match(
    (await rejection(patient.users.create({}, { deadlineInSeconds: 3_600 }))).code,
    /^(rate_limited|deadline)$/,
  );
  assert.ok(patient.requests.length > 50, String(patient.requests.length));
});

test("a deadline is a positive number of seconds", async () => {
  for (const deadlineInSeconds of [0, -1, NaN, "5", null]) {
    const error = await rejection(recorded().users.get("x", {}, { deadlineInSeconds }));
    assert.match(error.message, /: deadlineInSeconds must be a positive number of seconds/);
    assert.throws(() => recorded(undefined, { deadlineInSeconds }), /^TypeError: deadlineInSeconds /);
  }
});

test("a csrf function or a file that hangs ends by the time limit of an attempt", async () => {
  const never = new Promise(() => {});
  const { users, client, requests } = recorded([], { csrf: () => never, timeoutInSeconds: 0.05, maxRetries: 0 });
  assert.equal((await rejection(users.update("auth0|x", { name: "n" }))).code, "timeout");
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
  const file = { connection_id: "c", users: silent };
  assert.equal((await rejection(client.jobs.usersImports.create(file))).code, "timeout");
  assert.equal(requests.length, 0);
});
