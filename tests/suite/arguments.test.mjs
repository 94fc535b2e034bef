import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { ManagementClient } from "auth0-users";

import { answer, baseUrl, line, operations, recorded, rejection } from "./client.mjs";

function deepFrozen(value) {
  if (typeof value === "object" && value !== null && !(value instanceof AbortSignal)) {
    Object.values(value).forEach(deepFrozen);
    Object.freeze(value);
  }
  return value;
}

test("no argument is ever written, so frozen ones work", async () => {
  const requests = [];
  const fetch = async (url, init) => {
    requests.push({ url, ...init });
    return answer(200, url.includes("/users?") ? { users: [{}, {}], limit: 2 } : url.includes("by-email") ? [] : {})();
  };
  const options = deepFrozen({
    baseUrl,
    token: "token",
    fetch,
    headers: { a: "1" },
    maxRetries: 1,
    timeoutInSeconds: 9,
  });
  const client = Object.freeze(new ManagementClient(options));
  const users = Object.freeze(client.users);
  const call = deepFrozen({
    headers: { b: "2", c: null },
    queryParams: { d: ["3", 4] },
    maxRetries: 0,
    timeoutInSeconds: 8,
    abortSignal: new AbortController().signal,
  });
  const page = await users.list(deepFrozen({ q: "q", fields: ["f"], per_page: 2 }), call);
  await (await page.getNextPage()).getNextPage();
  await users.create(deepFrozen({ connection: "c", user_metadata: { e: { f: [1] } } }), call);
  await users.listUsersByEmail(deepFrozen({ email: "e" }), call);
  await users.get("x", deepFrozen({ fields: ["f"] }), call);
  await users.update("x", deepFrozen({ app_metadata: { g: null } }), call);
  await users.delete("x", call);
  await users.regenerateRecoveryCode("x", call);
  await users.revokeAccess("x", deepFrozen({ session_id: "s" }), call);
  assert.equal(requests.length, 10);
  assert.ok(requests.every(({ headers, url }) => headers.b === "2" && url.includes("d=3&d=4")));
});

test("what a caller changes after the call changes nothing", async () => {
  const { users, requests } = recorded();
  const body = { connection: "c", user_metadata: { a: 1 } };
  const parameters = { q: "before", fields: ["a"] };
  const options = { headers: { h: "before" }, queryParams: { p: "before" }, maxRetries: 0 };
  const calls = [users.create(body, options), users.list(parameters, options)];
  body.user_metadata.a = 2;
  parameters.q = options.headers.h = options.queryParams.p = "after";
  parameters.fields.push("b");
  options.maxRetries = -1;
  await Promise.all(calls);
  assert.equal(requests[0].body, '{"connection":"c","user_metadata":{"a":1}}');
  assert.equal(line(requests[1]), "GET /users?fields=a&include_totals=true&p=before&page=0&per_page=50&q=before");
  assert.ok(requests.every(({ headers }) => headers.h === "before"));
});

test("what a caller changes after new changes nothing", async () => {
  const { users, requests } = recorded();
  const headers = { h: "before" };
  const options = {
    baseUrl,
    token: "before",
    telemetry: false,
    headers,
    fetch: async (url, init) => requests.push({ url, ...init }) && answer(200, {})(),
  };
  const client = new ManagementClient(options);
  Object.assign(options, { baseUrl: "https://after.example", token: "after", fetch: undefined });
  headers.h = "after";
  await client.users.get("x");
  assert.equal(requests[0].url, `${baseUrl}/users/x`);
  assert.deepEqual(requests[0].headers, { authorization: "Bearer before", h: "before" });
  assert.ok(users);
});

test("each property of an argument is read once", async () => {
  const reads = {};
  const counted = (object) =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => {
          const get = () => ((reads[name] = (reads[name] ?? 0) + 1), value);
          return [name, { get, enumerable: true }];
        }),
      ),
    );
  const fetch = async () => answer(200, { users: [{}] })();
  const client = new ManagementClient(counted({ baseUrl, token: "token", fetch, maxRetries: 1 }));
  const { signal } = new AbortController();
  const parameters = { q: "q", page: 1, per_page: 1, include_totals: true };
  const page = await client.users.list(
    counted(parameters),
    counted({ abortSignal: signal, timeoutInSeconds: 5, queryParams: {} }),
  );
  await page.getNextPage();
  await client.users.create(counted({ connection: "c" }));
  const names = [
    "baseUrl",
    "token",
    "fetch",
    "maxRetries",
    "abortSignal",
    "timeoutInSeconds",
    "queryParams",
    "connection",
  ];
  assert.deepEqual(reads, Object.fromEntries([...Object.keys(parameters), ...names].map((name) => [name, 1])));
});

test("what is inherited is not an argument", async () => {
  const { users, requests } = recorded();
  const heir = (own, inherited) => Object.assign(Object.create(inherited), own);
  await users.list(heir({ q: "own" }, { page: 9, per_page: 9, perPage: 9 }), heir({}, { maxRetries: -1 }));
  assert.equal(line(requests[0]), "GET /users?include_totals=true&page=0&per_page=50&q=own");
});

test("an argument without a prototype works as any other", async () => {
  const { users, requests } = recorded();
  const bare = (own) => Object.assign(Object.create(null), own);
  await users.list(bare({ q: "a" }), bare({ headers: bare({ h: "1" }), queryParams: bare({ p: 1 }) }));
  assert.equal(line(requests[0]), "GET /users?include_totals=true&p=1&page=0&per_page=50&q=a");
  assert.equal(requests[0].headers.h, "1");
});

test("names that objects have by nature are refused like other unknown names", async () => {
  const { users, requests } = recorded();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const own = JSON.parse(`{"${name}":"1"}`);
    for (const promise of [users.list(own), users.get("x", own), users.get("x", {}, own)]) {
      assert.match((await rejection(promise)).message, new RegExp(`: ${name} is not a parameter`));
    }
    assert.throws(() => new ManagementClient(own), new RegExp(`TypeError: ${name} is not a parameter`));
  }
  assert.equal(requests.length, 0);
});

test("free and dispose are harmless while calls are pending", async () => {
  for (const end of ["free", Symbol.dispose].filter((name) => name in ManagementClient.prototype)) {
    let open;
    const gate = new Promise((resolve) => (open = resolve));
    const first = answer(200, { users: [{}, {}], limit: 2 });
    const { client, requests } = recorded([() => gate.then(first)]);
    const { users } = client;
    const pending = [users.list({ per_page: 2 }), client.users.list({ per_page: 2 })];
    client[end]();
    users[end]?.();
    open();
    for (const promise of pending) {
      const page = await promise;
      assert.equal((await page.getNextPage()).data.length, 2);
    }
    assert.equal(requests.length, 4);
  }
});

test("a client that nobody holds any more finishes its calls", async (t) => {
  // The place of the call is kept for the stack of an error, and with it in this engine the client.
  const { stackTraceLimit } = Error;
  t.after(() => (Error.stackTraceLimit = stackTraceLimit));
  Error.stackTraceLimit = 0;
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  function start() {
    const { client } = recorded([() => gate.then(answer(200, { users: [{}, {}], limit: 2 }))]);
    return { call: client.users.list({ per_page: 2 }), client: new WeakRef(client) };
  }
  const { call, client } = start();
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc");
  for (let round = 0; round < 100 && client.deref(); round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
  }
  assert.equal(client.deref() === undefined, true);
  // What the engine's finalisers do comes later still.
  await new Promise((resolve) => setTimeout(resolve, 20));
  open();
  const page = await call;
  assert.equal((await page.getNextPage()).data.length, 2);
});

test("a client that was freed fails with an error, and the others go on", async () => {
  const { client } = recorded();
  client.free();
  const error = await rejection((async () => client.users.get("x"))());
  assert.ok(error instanceof Error && !(error instanceof WebAssembly.RuntimeError));
  assert.equal((await recorded().users.get("x")).user_id, "auth0|x");
});

test("many clients and many calls at once do not get in each other's way", async () => {
  const echo = (url) => answer(200, { user_id: decodeURIComponent(new URL(url).pathname.split("/").at(-1)) })();
  const clients = Array.from({ length: 20 }, () => recorded([echo]));
  const ids = Array.from({ length: 2_000 }, (_, n) => `auth0|${n}`);
  const found = await Promise.all(ids.map((id, n) => clients[n % clients.length].users.get(id)));
  assert.deepEqual(
    found.map(({ user_id }) => user_id),
    ids,
  );
});

/** A generator of numbers in 0..1 that is the same every time. */
function seeded(state) {
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const fail = () => {
  throw new Error("of the caller");
};
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const cycle = {};
cycle.cycle = cycle;
const oddities = [
  ...[undefined, null, true, false, 0, -0, 1, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 53, 1e308, 10n, -1n],
  ...[
    "",
    " ",
    ".",
    "..",
    "x",
    "auth0|x",
    "auth0%7Cx",
    "\0",
    "\ud800",
    "\udc00x",
    "é",
    "🦀",
    "a".repeat(100_000),
    "__proto__",
  ],
  ...[
    Symbol("s"),
    Symbol.iterator,
    () => {},
    fail,
    async () => fail(),
    class {},
    new Date(NaN),
    /r/,
    new Map([[1, 2]]),
  ],
  ...[
    new Error("e"),
    new Uint8Array(3),
    new String("s"),
    Object(1n),
    revoked,
    cycle,
    Object.create(null),
    [],
    [[]],
    [cycle],
  ],
  ...[
    new Proxy({}, { ownKeys: fail }),
    new Proxy({ a: 1 }, { get: fail }),
    { toString: fail, valueOf: fail, toJSON: fail },
  ],
  ...[
    { then: fail },
    { then: (_, reject) => reject("r") },
    Promise.resolve("p"),
    new AbortController(),
    AbortSignal.abort(1),
  ],
  ...[
    { aborted: false, addEventListener: fail },
    { aborted: true },
    { aborted: false, addEventListener() {} },
    globalThis,
  ],
];
const names = [
  "q",
  "page",
  "per_page",
  "fields",
  "email",
  "headers",
  "queryParams",
  "abortSignal",
  "maxRetries",
  "deadlineInSeconds",
  "onUnknown",
  "method",
  "path",
  "body",
  "x",
  "__proto__",
];

class Hidden {
  #theme = "dark";
  get theme() {
    return this.#theme;
  }
}
const circular = {};
circular.inner = [{ circular }];
const nested = (levels) => (levels === 0 ? {} : { inner: nested(levels - 1) });

/** What JSON drops or changes: a value, and what a refusal says of the place where it is. */
const unfit = [
  [undefined, "is undefined"],
  [() => {}, "is a function"],
  [Symbol("s"), "is a symbol"],
  [10n, "is a bigint"],
  [Number.NaN, "is NaN"],
  [Number.POSITIVE_INFINITY, "is Infinity"],
  [Number.NEGATIVE_INFINITY, "is -Infinity"],
  [new Map([["a", 1]]), "is of the type Map"],
  [new Set([1]), "is of the type Set"],
  [new WeakMap(), "is of the type WeakMap"],
  [runInNewContext("new Map([[1, 2]])"), "is of the type Map"],
  [/r/, "is of the type RegExp"],
  [Object.assign(new Error("e"), { status: 1 }), "is of the type Error"],
  [Promise.resolve(1), "is of the type Promise"],
  [new Uint8Array(2), "is of the type Uint8Array"],
  [Buffer.from("a"), "is of the type Uint8Array"],
  [new ArrayBuffer(2), "is of the type ArrayBuffer"],
  [new Blob(["a"]), "is of the type Blob"],
  [new Headers({ a: "b" }), "is of the type Headers"],
  [new URLSearchParams("a=b"), "is of the type URLSearchParams"],
  [new Number(1), "is of the type Number"],
  [new Date(Number.NaN), "is an invalid date"],
  [{ toJSON: () => undefined }, "is undefined"],
  [{ toJSON: () => Number.NaN }, "is NaN"],
  [new Hidden(), "has contents that JSON would drop"],
  [Object.create({ theme: "dark" }), "has contents that JSON would drop"],
  [Object.defineProperty({}, "theme", { value: "dark" }), "has contents that JSON would drop"],
  [{ a: 1, [Symbol("s")]: 1 }, "has contents that JSON would drop"],
  [Object.assign([1], { a: 1 }), "has properties besides its items"],
  [{ toJSON: fail }, "cannot be read"],
  [new Proxy({}, { ownKeys: fail }), "cannot be read"],
];
const wrapped = [
  [{ "a b": [0, new Array(1)] }, '["a b"][1][0] is undefined'],
  [{ a: circular }, ".a.inner[0].circular contains itself"],
  [nested(1_001), " is nested more than 1000 levels deep"],
  [
    {
      a: 1,
      get b() {
        return fail();
      },
    },
    ".b cannot be read",
  ],
];

/** Each kind of body, with a value somewhere in it; the path to that value, and how it is sent. */
const bodiesWith = [
  ["request.user_metadata", (users, value) => users.create({ connection: "c", user_metadata: value })],
  ["request.app_metadata", (users, value) => users.update("x", { app_metadata: value })],
  ["request.preserve.a[0]", (users, value) => users.revokeAccess("x", { preserve: { a: [value] } })],
  [
    "request[1].deep.value",
    (users, value) => users.authenticationMethods.set("x", [{ type: "phone" }, { deep: { value } }]),
  ],
  ["request[0]", (users, value) => users.authenticationMethods.set("x", [value])],
];

test("what JSON drops or changes is refused with its path, and nothing is sent", async () => {
  const { client, users, requests } = recorded();
  const more = [
    ["request.a.b", (_, value) => client.request({ method: "POST", path: ["x"], body: { a: { b: value } } })],
    [
      "request.users[0].user_metadata.a",
      (_, a) => client.jobs.usersImports.create({ users: [{ email: "a", user_metadata: { a } }], connection_id: "c" }),
    ],
    ["request.fields[0].name", (_, name) => client.jobs.usersExports.create({ fields: [{ name }] })],
  ];
  const values = [...unfit.map(([value, says]) => [value, ` ${says}`]), ...wrapped];
  for (const [path, call] of [...bodiesWith, ...more]) {
    for (const [value, says] of values) {
      // An own property of the request is absent then.
      if (value === undefined && /^request\.\w+$/.test(path)) continue;
      const error = await rejection(call(users, value));
      assert.deepEqual([error.name, error.code], ["TypeError", "invalid_argument"]);
      // What is nested too deeply has a long path.
      if (says.includes("levels")) assert.ok(error.message.includes(says) && error.message.length <= 300);
      else assert.ok(error.message.includes(`: ${path}${says}`), error.message);
      assert.doesNotMatch(error.message, /[\0-\x1f]/);
    }
  }
  assert.equal(requests.length, 0);
});

test("a metadata object that only becomes empty by dropping is refused, and a literal is sent", async () => {
  const { users, requests } = recorded();
  for (const user_metadata of [{ theme: undefined }, { theme() {} }, new Map(), new Hidden(), new Error("e")]) {
    await assert.rejects(users.update("x", { user_metadata }), { code: "invalid_argument", message: /user_metadata/ });
  }
  assert.equal(requests.length, 0);
  for (const user_metadata of [{}, Object.create(null), runInNewContext("({})")]) {
    await users.update("x", { user_metadata });
    assert.equal(requests.at(-1).body, '{"user_metadata":{}}');
  }
});

test("an own property of a request that is undefined is absent", async () => {
  const { client, users, requests } = recorded([(_url, { method }) => Response.json(method === "PUT" ? [] : {})]);
  await users.update("x", { name: "n", nickname: undefined });
  await users.authenticationMethods.set("x", [{ type: "phone", name: undefined }]);
  await users.revokeAccess("x", { session_id: undefined });
  await client.request({ method: "POST", path: ["x"], body: { a: undefined, b: 1 } });
  assert.deepEqual(
    requests.map(({ body }) => body),
    ['{"name":"n"}', '[{"type":"phone"}]', "{}", '{"b":1}'],
  );
});

test("a body is written as JSON.stringify writes it, where nothing is lost", async () => {
  const { users, requests } = recorded();
  const body = {
    text: 'a "quoted"\n\u2028 \ud800 🦀',
    numbers: [0, -0, 1.5, 1e21, -1e-7, Number.MAX_VALUE],
    others: [true, false, null, [], {}, [[]]],
    date: new Date(0),
    url: new URL("https://a.example/b"),
    json: { toJSON: (key) => ({ key, inner: { toJSON: () => 1 } }) },
    list: [{ toJSON: (key) => key }],
    bare: Object.assign(Object.create(null), { a: 1 }),
    "": { 'a"b': 1, 1: 2 },
    twice: [Object.freeze({ a: 1 }), Object.freeze({ a: 1 })],
    own: JSON.parse('{"__proto__":{"a":1}}'),
  };
  body.twice.push(body.twice[0]);
  await users.update("x", body);
  assert.equal(requests[0].body, JSON.stringify(body));
});

test("each part of a body is read once, so that what is checked is sent", async () => {
  const { users, requests } = recorded();
  const turning = (...values) => ({
    get value() {
      return values.length > 1 ? values.shift() : values[0];
    },
  });
  await users.update("x", { user_metadata: turning(1, Number.NaN) });
  assert.equal(requests[0].body, '{"user_metadata":{"value":1}}');
  const later = { toJSON: () => ({ ...turning(new Map(), 1) }) };
  await assert.rejects(users.update("x", { user_metadata: later }), { message: /: request.user_metadata.value is of/ });
});

test("shared parts that multiply are refused, not written without end", async () => {
  const { users, requests } = recorded();
  let parts = { a: 1 };
  for (let level = 0; level < 60; level++) parts = { one: parts, other: parts };
  await assert.rejects(users.update("x", { user_metadata: parts }), { message: /is too large/ });
  assert.equal(requests.length, 0);
});

test("a body whose toJSON gives no object is refused", async () => {
  const { users, requests } = recorded();
  for (const body of [new Date(0), { toJSON: () => [] }, { toJSON: () => "{" }]) {
    await assert.rejects(users.update("x", body), { message: /: request must be an object/ });
  }
  assert.equal(requests.length, 0);
});

/** Every method of the resources of a client, however deep. */
function methodsOf(object) {
  return Object.values(object).flatMap((resource) => [...methodsOf(resource), ...ownMethods(resource)]);
}

function ownMethods(resource) {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(resource));
  const isMethod = (name) =>
    name !== "constructor" && typeof resource[name] === "function" && !(name in Object.prototype);
  return names.filter(isMethod).map((name) => [name, (...given) => resource[name](...given)]);
}

test("whatever the 100,000 arguments are, a call of any method settles and the client goes on", async () => {
  const random = seeded(1);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const odd = (depth = 0) => {
    if (depth > 3 || random() < 0.5) return pick(oddities);
    const entries = Array.from({ length: Math.floor(random() * 4) }, () => [pick(names), odd(depth + 1)]);
    return random() < 0.2 ? entries.map(([, value]) => value) : Object.fromEntries(entries);
  };
  const { client, requests } = recorded();
  const methods = [...methodsOf(client), ["request", (...given) => client.request(...given)]];
  assert.equal(methods.length, 52);
  const outcomes = { fulfilled: 0, rejected: 0 };
  const ROUNDS = 100_000;
  const AT_ONCE = 1_000;
  for (let round = 0; round < ROUNDS; round += AT_ONCE) {
    const calls = Array.from({ length: AT_ONCE }, () => {
      const [name, method] = pick(methods);
      const promise = method(...Array.from({ length: Math.floor(random() * 5) }, () => odd()));
      assert.ok(promise instanceof Promise, name);
      return promise;
    });
    for (const { status, reason } of await Promise.race([Promise.allSettled(calls), late(`one of ${round}`)])) {
      outcomes[status]++;
      assert.ok(!(reason instanceof WebAssembly.RuntimeError), String(round));
    }
    requests.length = 0;
  }
  assert.ok(outcomes.fulfilled > 1_000 && outcomes.rejected > 1_000, JSON.stringify(outcomes));
  assert.equal((await client.users.get("x")).user_id, "auth0|x");
});

test("whatever the options of a client are, it is made or refused, and then its calls settle", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const random = seeded(2);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const keys = ["domain", "baseUrl", "token", "headers", "fetch", "timeoutInSeconds", "maxRetries", "x"];
  keys.push("deadlineInSeconds", "tokenStore", "telemetry", "clientInfo", "withCustomDomainHeader");
  keys.push("onRequest", "onResponse", "onRateLimit");
  const fetch = async () => answer(200, {})();
  const good = { domain: "t.example", baseUrl, token: "t", fetch, maxRetries: 0, timeoutInSeconds: 1 };
  let made = 0;
  for (let round = 0; round < 3_000; round++) {
    const options = { ...good };
    for (let n = random() * 3; n > 0; n--) options[pick(keys)] = pick(oddities);
    // A fetch that never settles is a call that takes its time.
    for (const [name, most] of [
      ["timeoutInSeconds", 1],
      ["maxRetries", 0],
    ]) {
      if (typeof options[name] === "number" && options[name] > most) options[name] = most;
    }
    let client;
    try {
      client = new ManagementClient(random() < 0.05 ? pick(oddities) : options);
    } catch (error) {
      assert.ok(!(error instanceof WebAssembly.RuntimeError), String(round));
      continue;
    }
    made++;
    if (options.fetch === undefined) continue;
    const [outcome] = await Promise.race([Promise.allSettled([client.users.get("x")]), late(String(round))]);
    assert.ok(!(outcome.reason instanceof WebAssembly.RuntimeError), String(round));
  }
  assert.ok(made > 100, String(made));
});

test("whatever a fetch gives, the call settles", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const responses = [];
  for (const status of [200, 201, 204, 301, 400, 404, 429, 500]) {
    for (const body of [
      null,
      "",
      "{}",
      "[]",
      "null",
      '{"users":[1]}',
      '{"users":{}}',
      "<",
      '"\\ud800"',
      "[".repeat(50_000),
    ]) {
      if (status === 204 && body !== null) continue;
      responses.push(() => new Response(body, { status, headers: { "retry-after": "0" } }));
    }
  }
  for (const value of oddities) responses.push(() => value);
  for (const part of [
    { text: fail },
    { text: async () => 42 },
    { text: async () => null },
    { text: () => "{}" },
    { headers: null },
  ]) {
    for (const status of [200, 404, 429, "200", NaN, 1e9, -1]) {
      responses.push(() => ({ status, headers: new Headers(), text: async () => "{}", ...part }));
    }
  }
  for (const respond of responses) {
    for (const { name, call } of operations) {
      const { users } = recorded([respond], { maxRetries: 0, timeoutInSeconds: 1 });
      const settled = Promise.allSettled([call(users)]);
      const [outcome] = await Promise.race([settled, late(`${name}: ${respond}`)]);
      assert.ok(!(outcome.reason instanceof WebAssembly.RuntimeError), name);
    }
  }
});

/** Rejects when a call has not settled within a time that none of them needs. */
function late(what) {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} never settled`)), 10_000).unref());
}

test("bodies with hidden or inherited parts, or names that no field has, are refused", async () => {
  const { users, requests } = recorded();
  const hidden = Object.defineProperty({ a: 1 }, "b", { value: 2 });
  const inherited = Object.assign(Object.create({ lang: "no" }), { theme: "d" });
  for (const changes of [
    { user_metadata: hidden },
    { user_metadata: inherited },
    { "na\0me": 1 },
    { "\ud800": 1 },
    { user_metadata: { "\ud800": 1 } },
  ]) {
    assert.equal((await rejection(users.update("auth0|x", changes))).code, "invalid_argument");
  }
  assert.equal((await rejection(users.get("auth0|x", { fields: ["a\0b"] }))).code, "invalid_argument");
  assert.equal((await rejection(users.get("auth0|x", {}, { queryParams: { "x\ny": 1 } }))).code, "invalid_argument");
  assert.equal(requests.length, 0);
});

test("a toJSON of Object.prototype does not change a body", async () => {
  Object.defineProperty(Object.prototype, "toJSON", { value: () => ({ blocked: true }), configurable: true });
  const { users, requests } = recorded();
  try {
    await users.update("auth0|x", { name: "n" });
  } finally {
    delete Object.prototype.toJSON;
  }
  assert.equal(requests[0].body, '{"name":"n"}');
});
