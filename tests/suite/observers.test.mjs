import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, line, operations, recorded, rejection } from "./client.mjs";

const told = (remaining, reset) => ({
  "x-ratelimit-limit": "10",
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset": String(reset),
});

/** A client and what its observers were told. */
function observed(answers, options) {
  const events = [];
  const note = (name) => (event) => events.push([name, event]);
  const observers = Object.fromEntries(["onRequest", "onResponse", "onRetry"].map((name) => [name, note(name)]));
  return { events, ...recorded(answers, { ...observers, ...options }) };
}

test("observers are told of each attempt, of its end, and of the wait between", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const lost = () => Promise.reject(new TypeError("fetch failed"));
  const { users, events } = observed([
    answer(503, {}, { "x-auth0-requestid": "r1" }),
    lost,
    answer(200, {}, { "x-correlation-id": "r3" }),
  ]);
  await users.get("auth0|secret-id", { fields: ["email"] });
  for (const [, event] of events) {
    if ("durationMs" in event) assert.ok(event.durationMs >= 0);
    delete event.durationMs;
  }
  const call = { operation: "users.get", method: "GET", path: "/users/{id}" };
  assert.deepEqual(events, [
    ["onRequest", { ...call, attempt: 1 }],
    ["onResponse", { ...call, attempt: 1, status: 503, requestId: "r1", code: "server" }],
    ["onRetry", { ...call, attempt: 1, status: 503, requestId: "r1", code: "server", waitMs: 0 }],
    ["onRequest", { ...call, attempt: 2 }],
    ["onResponse", { ...call, attempt: 2, code: "network" }],
    ["onRetry", { ...call, attempt: 2, code: "network", waitMs: 0 }],
    ["onRequest", { ...call, attempt: 3 }],
    ["onResponse", { ...call, attempt: 3, status: 200, requestId: "r3" }],
  ]);
});

test("every operation is told by its name and its path without identifiers", async () => {
  for (const { name, call, sends } of operations) {
    const { users, events, requests } = observed();
    await call(users);
    assert.deepEqual(
      events.map(([event]) => event),
      ["onRequest", "onResponse"],
    );
    for (const [, { operation, method, path }] of events) {
      assert.equal(operation, `users.${name}`);
      assert.equal(`${method} ${path.replace("{id}", "auth0%7Cx")}`, sends.split("?")[0]);
    }
    assert.equal(line(requests[0]).split("?")[0], sends.split("?")[0]);
    assert.ok(!JSON.stringify(events).includes("a@b.c"));
  }
});

test("a refusal and a token that is replaced are told with the wait that follows", async () => {
  const refusals = observed([answer(429, {}, { "retry-after": "0" }), answer(200, {})]);
  await refusals.users.get("x");
  const [, retry] = refusals.events.find(([name]) => name === "onRetry");
  assert.equal(retry.status, 429);
  assert.equal(retry.waitMs, 0);
  const replaced = observed([answer(401, {}), answer(200, {})], { token: () => "t" });
  await replaced.users.get("x");
  assert.equal(replaced.events.filter(([name]) => name === "onRetry").length, 1);
});

test("request has no path to tell", async () => {
  const { client, events } = observed([answer(200, {})]);
  await client.request({ method: "GET", path: ["clients", "secret"] });
  assert.deepEqual(events[0], ["onRequest", { operation: "request", method: "GET", attempt: 1 }]);
});

test("nothing is told of a call that is refused before it is sent", async () => {
  const { users, events } = observed();
  await rejection(users.get(""));
  await rejection(users.get("x", {}, { abortSignal: AbortSignal.abort() }));
  assert.deepEqual(events, []);
});

test("an observer that fails changes nothing", async () => {
  const thrower = () => {
    throw new Error("observer");
  };
  for (const fails of [thrower, async () => thrower()]) {
    const observers = { onRequest: fails, onResponse: fails, onRetry: fails, onRateLimit: fails };
    const { users } = recorded([answer(429, {}, { "retry-after": "0" }), answer(200, { a: 1 })], observers);
    assert.deepEqual(await users.get("x"), { a: 1 });
  }
  await new Promise((resolve) => setTimeout(resolve));
});

test("an observer may make calls of its own", async () => {
  let made;
  const { users, requests } = recorded(undefined, {
    onResponse: ({ operation }) => operation === "users.get" && (made = users.delete("y")),
  });
  await users.get("x");
  await made;
  assert.deepEqual(requests.map(line), ["GET /users/x", "DELETE /users/y"]);
});

test("rateLimit tells what the server told, what is under way, and what waits", async () => {
  const seen = [];
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const reset = Math.floor(Date.now() / 1000) + 30;
  const { client, users } = recorded(
    [
      answer(200, {}, told(2, reset)),
      async () => {
        await held;
        return answer(200, {}, told(0, reset))();
      },
    ],
    { onRateLimit: (event) => seen.push(event) },
  );
  assert.deepEqual(client.rateLimit, { inFlight: 0, queued: 0 });
  await users.get("x");
  assert.deepEqual(client.rateLimit, { limit: 10, remaining: 2, resetAt: reset * 1000, inFlight: 0, queued: 0 });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 5 }, () => users.get("x", {}, { abortSignal: signal }).catch((reason) => reason));
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(client.rateLimit, { limit: 10, remaining: 0, resetAt: reset * 1000, inFlight: 2, queued: 3 });
  release();
  await Promise.all(calls.slice(0, 2));
  assert.deepEqual(client.rateLimit, {
    limit: 10,
    remaining: 0,
    resetAt: reset * 1000,
    pausedUntil: reset * 1000,
    inFlight: 0,
    queued: 3,
  });
  controller.abort("enough");
  assert.deepEqual(await Promise.all(calls.slice(2)), ["enough", "enough", "enough"]);
  assert.equal(client.rateLimit.queued, 0);
  assert.equal(seen.length, 3);
  assert.equal(seen[0].remaining, 2);
  assert.throws(() => (client.rateLimit = 1), TypeError);
});

test("an observer is a function", () => {
  for (const name of ["onRequest", "onResponse", "onRetry", "onRateLimit"]) {
    for (const value of [null, {}, "f"]) {
      assert.throws(() => recorded(undefined, { [name]: value }), {
        message: new RegExp(`^${name} must be a function`),
      });
    }
  }
});

const decode = (header) => JSON.parse(Buffer.from(header, "base64url"));

test("Auth0-Client tells the package, its version and the runtime, unless it is switched off", async (t) => {
  const header = async (options) => {
    const { users, requests } = recorded(undefined, { telemetry: undefined, ...options });
    await users.get("x");
    return requests[0].headers["auth0-client"];
  };
  const { name, version, env } = decode(await header());
  assert.equal(name, "auth0-users");
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(env, { node: process.versions.node });
  assert.deepEqual(decode(await header({ clientInfo: { name: "mine" } })), { name: "mine" });
  assert.equal(await header({ telemetry: false }), undefined);
  assert.equal(await header({ telemetry: false, clientInfo: { name: "mine" } }), undefined);
  assert.equal(await header({ headers: { "Auth0-Client": "own" } }), "own");
  assert.equal(await header({ headers: { "auth0-client": null } }), undefined);
  globalThis.document = {};
  t.after(() => delete globalThis.document);
  assert.equal(await header(), undefined);
  assert.equal(decode(await header({ clientInfo: { name: "mine" } })).name, "mine");
});

test("telemetry options of the wrong type are refused by name", () => {
  for (const [options, named] of [
    [{ telemetry: "no" }, /^telemetry /],
    [{ telemetry: undefined, clientInfo: "x" }, /^clientInfo /],
    [{ telemetry: undefined, clientInfo: { name: "é" } }, /^clientInfo /],
    [{ withCustomDomainHeader: " " }, /^withCustomDomainHeader /],
    [{ withCustomDomainHeader: 7 }, /^withCustomDomainHeader /],
    [{ withCustomDomainHeader: "a\nb" }, /^headers /],
  ]) {
    assert.throws(() => recorded(undefined, options), { name: "TypeError", message: named });
  }
});

test("the custom domain goes with the operations that heed it, and no others", async () => {
  const { client, users, requests } = recorded(undefined, { withCustomDomainHeader: " login.example.com " });
  const heeding = [
    () => users.list(),
    () => users.create({ connection: "c" }),
    () => users.get("x"),
    () => users.update("x", {}),
    () => users.delete("x"),
    () => client.jobs.verificationEmail.create({ user_id: "x" }),
    () => client.tickets.verifyEmail({ user_id: "x" }),
    () => client.tickets.changePassword({ user_id: "x" }),
  ];
  const others = [
    () => users.listUsersByEmail({ email: "a@b.c" }),
    () => users.roles.assign("x", { roles: ["r"] }),
    () => client.userBlocks.delete("x"),
    () => client.jobs.get("x").catch(() => {}),
  ];
  for (const call of [...heeding, ...others]) await call();
  assert.deepEqual(
    requests.map(({ headers }) => headers["auth0-custom-domain"]),
    [...heeding.map(() => "login.example.com"), ...others.map(() => undefined)],
  );
  await users.get("x", {}, { headers: { "Auth0-Custom-Domain": "other.example.com" } });
  assert.equal(requests.at(-1).headers["auth0-custom-domain"], "other.example.com");
});

test("beforeRequest runs before each attempt is sent, after all waiting", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const steps = [];
  const { users, requests } = recorded(
    [answer(503, { statusCode: 503, error: "Service Unavailable", message: "" }), answer(200, { user_id: "auth0|x" })],
    {
      token: async () => {
        steps.push("token");
        return "token";
      },
      onRequest: () => steps.push("onRequest"),
    },
  );
  await users.get(
    "auth0|secret-id",
    {},
    {
      beforeRequest: async (event) => {
        steps.push(event);
        await null;
        assert.equal(requests.length, event.attempt - 1);
      },
    },
  );
  const event = { operation: "users.get", method: "GET", path: "/users/{id}" };
  const attempt = (attempt) => ["token", { ...event, attempt }, "onRequest"];
  assert.deepEqual(steps, [...attempt(1), ...attempt(2)]);
});

test("what beforeRequest gives is called before a retry", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const refused = answer(429, { statusCode: 429, error: "Too Many Requests", message: "" }, { "retry-after": "0" });
  const failed = answer(503, { statusCode: 503, error: "Service Unavailable", message: "" });
  const { users, requests } = recorded([refused, failed, answer(200, { user_id: "auth0|x" })]);
  const calls = [];
  const beforeRequest =
    async ({ attempt }) =>
    (mayBeApplied) => {
      calls.push([attempt, mayBeApplied, requests.length]);
      throw new Error("its own");
    };
  await users.update("auth0|x", { blocked: true }, { beforeRequest });
  assert.deepEqual(calls, [
    [1, false, 1],
    [2, true, 2],
  ]);
});

test("a beforeRequest that fails sends nothing", async () => {
  const reason = new Error("not now");
  for (const beforeRequest of [() => Promise.reject(reason), () => assert.fail(reason)]) {
    for (const { call } of operations) {
      const { users, client, requests } = recorded();
      assert.equal(await rejection(call(users, { beforeRequest })), reason);
      assert.equal(requests.length, 0);
      assert.deepEqual([client.rateLimit.inFlight, client.rateLimit.queued], [0, 0]);
    }
  }
});

test("beforeRequest ends by the deadline and the signal of its call", async () => {
  const never = () => new Promise(() => {});
  const { users, requests } = recorded();
  const late = await rejection(users.delete("auth0|x", { beforeRequest: never, deadlineInSeconds: 0.05 }));
  assert.equal(late.code, "deadline");
  const controller = new AbortController();
  const beforeRequest = () => {
    controller.abort("left");
    return never();
  };
  assert.equal(await rejection(users.delete("auth0|x", { beforeRequest, abortSignal: controller.signal })), "left");
  assert.equal(requests.length, 0);
});

test("a beforeRequest that fails after an open attempt leaves the outcome unknown", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const lost = () => Promise.reject(new TypeError("fetch failed"));
  const { users, requests } = recorded([lost, answer(204)]);
  const reason = new Error("not now");
  const beforeRequest = ({ attempt }) => (attempt > 1 ? Promise.reject(reason) : undefined);
  const error = await rejection(users.delete("auth0|x", { beforeRequest }));
  assert.equal(error.code, "outcome_unknown");
  assert.equal(error.cause, reason);
  assert.equal(requests.length, 1);
});

test("beforeRequest must be a function", async () => {
  const error = await rejection(recorded().users.get("auth0|x", {}, { beforeRequest: "x" }));
  assert.equal(error.code, "invalid_argument");
  assert.match(error.message, /beforeRequest must be a function/);
});
