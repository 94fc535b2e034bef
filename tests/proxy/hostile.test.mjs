// The proxy always answers, in the form of the API's errors, whatever it is given: by the API, by the program, by a runtime.
import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient } from "auth0-users";

import { run } from "../helpers/project.mjs";
import { base, createProxy, optionsFor, recorder, signedIn, upstreamToken, write } from "./setup.mjs";

const user = `${base}/users/auth0%7Ca`;
const get = (headers = signedIn()) => new Request(user, { headers });
const patch = (headers = write(), text = '{"blocked":true}') =>
  new Request(user, { method: "PATCH", headers: { ...headers, "content-type": "application/json" }, body: text });

async function refused(response, status, errorCode, outcome = null) {
  const body = await response.json();
  assert.deepEqual([response.status, body.statusCode, body.errorCode], [status, status, errorCode]);
  assert.ok(body.message.length <= 300 && !/\p{Cc}/u.test(body.message));
  assert.equal(response.headers.get("x-auth0-users-outcome"), outcome);
  assert.ok(!JSON.stringify(body).includes("AKIA"));
}

/** Something that looks like a Response of fetch, with a status that no Response can have. */
const strange = (status, body = { statusCode: status, message: "odd" }) => ({
  status,
  headers: new Headers(),
  text: async () => JSON.stringify(body),
});

test("a number that JSON.stringify would make null is a bad gateway", async () => {
  for (const text of ['{"app_metadata":{"n":1e400}}', '{"logins_count":-1e999}', '{"a":[{"b":[1,1e400]}]}']) {
    const { fetch } = recorder(() => new Response(text, { headers: { "content-type": "application/json" } }));
    const proxy = createProxy(optionsFor({ fetch }));
    await refused(await proxy(get()), 502, "upstream_failure");
    await refused(await proxy(patch()), 502, "outcome_unknown", "unknown");
  }
});

for (const status of [0, 1, 100, 103, 199, 300, 304, 600, 601, 777, 999]) {
  test(`an upstream status of ${status} becomes a bad gateway`, async () => {
    const { fetch } = recorder(() => strange(status));
    const baseUrl = "https://upstream.example/api/v2";
    const client = new ManagementClient({ baseUrl, token: upstreamToken, fetch, maxRetries: 0 });
    const proxy = createProxy({ ...optionsFor({ fetch }), client });
    await refused(await proxy(get()), 502, "upstream_failure");
    await refused(await proxy(patch()), 502, "outcome_unknown", "unknown");
  });
}

test("an upstream status without a body is passed on without one", async () => {
  for (const status of [204, 205]) {
    const proxy = createProxy(optionsFor(recorder(() => strange(status, {}))));
    const response = await proxy(patch());
    assert.deepEqual([response.status, await response.text()], [status, ""]);
  }
});

const nested = (levels, open, close) => () =>
  new Response(`${open.repeat(levels)}1${close.repeat(levels)}`, { headers: { "content-type": "application/json" } });

for (const levels of [5_000, 100_000]) {
  for (const [open, close] of [
    ['{"a":', "}"],
    ['{"user_metadata":', "}"],
    ['{"a":[', "]}"],
  ]) {
    test(`an answer nested ${levels} deep as ${open} is refused`, async () => {
      const errors = [];
      const options = { ...optionsFor(recorder(nested(levels, open, close))), onError: (error) => errors.push(error) };
      for (const rule of [true, { response: ["a"] }]) {
        const proxy = createProxy({ ...options, allow: { "users.get": rule, "users.update": rule } });
        await refused(await proxy(get()), 500, "proxy_failure");
        await refused(await proxy(patch()), 500, "proxy_failure", "unknown");
      }
      assert.match(errors[0].message, /nested deeper than 200 levels/);
    });
  }
}

test("an answer nested 100 deep is passed on, and filtered at any depth", async () => {
  const text = `${'{"a":'.repeat(100)}{"access_token":"s"}${"}".repeat(100)}`;
  const response = await createProxy(optionsFor(recorder(() => new Response(text))))(get());
  const answer = await response.text();
  assert.equal(response.status, 200);
  assert.ok(answer.startsWith('{"a":{"a":') && !answer.includes("access_token"));
});

test("an error nested 100,000 deep is refused in the form of the API", async () => {
  const text = `{"statusCode":404,"message":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const proxy = createProxy(optionsFor(recorder(() => new Response(text, { status: 404 }))));
  const response = await proxy(get());
  assert.deepEqual([response.status, (await response.json()).message], [404, "The API refused the request"]);
});

test("headers of the API that no server could send are left out", async () => {
  const reply = () => ({
    status: 200,
    headers: {
      get: (name) => ({ "x-auth0-requestid": "a\u0001b", "retry-after": "1\n2", date: "é".repeat(9) })[name] ?? null,
    },
    text: async () => "{}",
  });
  const response = await createProxy(optionsFor(recorder(reply)))(get());
  assert.equal(response.status, 200);
  for (const name of ["x-auth0-requestid", "retry-after", "date"]) assert.equal(response.headers.get(name), null);
});

/** Objects of a program that do harm when they are read. */
const trap = new Proxy(
  {},
  new Proxy(
    {},
    {
      get() {
        throw new Error("AKIA: a trap");
      },
    },
  ),
);
const throwing = () => {
  throw new Error("AKIA");
};
const badError = new Error("x");
for (const name of ["stack", "message", "name", "code"]) {
  Object.defineProperty(badError, name, { value: undefined, configurable: true });
  Object.defineProperty(badError, name, { get: throwing });
}
const thrown = [undefined, null, 0, "AKIA", Symbol("AKIA"), 7n, {}, [], trap, badError, () => {}, Object.create(null)];

for (const option of ["authorize", "allow", "csrf", "origins"]) {
  test(`${option} may throw and reject with anything`, async () => {
    for (const value of thrown) {
      for (const fail of [
        () => {
          throw value;
        },
        () => Promise.reject(value),
        () => ({
          then: (_resolve, reject) => reject(value),
        }),
        () => ({
          get then() {
            throw value;
          },
        }),
      ]) {
        const errors = [];
        const { requests, fetch } = recorder();
        const proxy = createProxy({ ...optionsFor({ fetch }), [option]: fail, onError: (error) => errors.push(error) });
        const isOrigins = option === "origins";
        const foreign = patch(isOrigins ? { ...write(), origin: "https://other.example" } : write());
        await refused(
          await proxy(foreign),
          isOrigins ? 403 : 500,
          isOrigins ? "foreign_origin" : "proxy_failure",
          "not_sent",
        );
        assert.ok(errors.length === 1 && Object.is(errors[0], value));
        assert.deepEqual(requests, []);
      }
    }
  });
}

test("a token function may throw and reject with anything", async () => {
  for (const value of thrown) {
    for (const token of [
      () => {
        throw value;
      },
      async () => {
        throw value;
      },
    ]) {
      const { fetch } = recorder();
      const client = new ManagementClient({ baseUrl: "https://upstream.example/api/v2", token, fetch });
      const proxy = createProxy({ ...optionsFor({ fetch }), client, onError() {} });
      await refused(await proxy(patch()), 500, "proxy_failure", "not_sent");
      await refused(await proxy(get()), 500, "proxy_failure");
    }
  }
});

test("onAudit and onError may throw and reject with anything", async () => {
  for (const value of thrown) {
    for (const fail of [
      () => {
        throw value;
      },
      () => Promise.reject(value),
    ]) {
      const { requests, fetch } = recorder();
      const proxy = createProxy({ ...optionsFor({ fetch }), onAudit: fail, onError: fail });
      assert.equal((await proxy(patch())).status, 200);
      assert.equal(requests.length, 1);
      const failing = createProxy({ ...optionsFor({ fetch }), authorize: fail, onAudit: fail, onError: fail });
      await refused(await failing(patch()), 500, "proxy_failure", "not_sent");
    }
  }
});

test("an onError that never ends does not hold the answer", async () => {
  const options = { ...optionsFor(recorder()), onError: () => new Promise(() => {}) };
  const proxy = createProxy({ ...options, authorize: () => Promise.reject() });
  await refused(await proxy(get()), 500, "proxy_failure");
});

test("an actor may be anything, and is refused unless it has an id", async () => {
  class Session {
    get id() {
      return "ana";
    }
  }
  const throwingId = Object.defineProperty({}, "id", { get: throwing });
  const bad = [
    7,
    7n,
    Symbol("x"),
    true,
    {},
    [],
    () => "ana",
    trap,
    throwingId,
    { id: "" },
    { id: 7 },
    { id: { id: "ana" } },
  ];
  const allow = { "users.get": true };
  for (const actor of [...bad, { id: Promise.resolve("ana") }]) {
    const proxy = createProxy({ ...optionsFor(recorder()), authorize: () => actor, allow, onError() {} });
    await refused(await proxy(get()), 500, "proxy_failure");
  }
  for (const actor of ["ana", { id: "ana" }, new Session(), { __proto__: null, id: "ana" }]) {
    const proxy = createProxy({ ...optionsFor(recorder()), authorize: () => actor, allow });
    assert.equal((await proxy(get())).status, 200);
  }
});

/** Requests of a runtime, or of a program, of which nothing can be relied on. */
const throwingOn = (name) =>
  new Proxy(get(), {
    get(target, key) {
      if (key === name) throw new Error("AKIA");
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
const withProperty = (name, value) => Object.defineProperty(patch(), name, { value });
for (const [name, request] of [
  ["nothing", undefined],
  ["null", null],
  ["a string", base],
  ["an empty object", {}],
  ["a trap", trap],
  ...["method", "url", "headers", "signal"].map((name) => [`a throwing ${name}`, throwingOn(name)]),
  ["a method that is none", withProperty("method", Symbol("GET"))],
  ["a URL that is none", withProperty("url", "nowhere")],
  ["headers that are none", withProperty("headers", {})],
  ["headers that give numbers", withProperty("headers", { get: () => 7 })],
  ["a signal that is none", withProperty("signal", { aborted: false })],
  ["a body that was read", withProperty("bodyUsed", true)],
  ["a body that is none", withProperty("body", {})],
  ["a body of texts", withProperty("body", new Blob(["{}"]).stream().pipeThrough(new TextDecoderStream()))],
  ["a body without sizes", withProperty("body", new ReadableStream({ pull: (controller) => controller.enqueue({}) }))],
]) {
  test(`a request with ${name} is answered`, async () => {
    const { requests, fetch } = recorder();
    const errors = [];
    const proxy = createProxy({ ...optionsFor({ fetch }), onError: (error) => errors.push(error) });
    const response = await proxy(request);
    const body = await response.json();
    assert.deepEqual([response.status, body.errorCode, errors.length], [500, "proxy_failure", 1]);
    assert.deepEqual(requests, []);
  });
}

test("messages of the program do not reach the browser, whatever their code", async () => {
  const secret = "vault refused key AKIA";
  const withCode = () => Object.assign(new TypeError(secret), { code: "invalid_argument" });
  const foreign = new ManagementClient({
    baseUrl: "https://vault.example",
    token: "t",
    fetch: async () => Response.json({ statusCode: 403, message: secret, errorCode: "AKIA" }, { status: 403 }),
  });
  for (const token of [
    () => Promise.reject(withCode()),
    () => {
      throw withCode();
    },
    () => foreign.users.get("auth0|a"),
    () => foreign.users.list(),
    () => foreign.users.get(".."),
    () => "AKIA with spaces",
    () => 7,
  ]) {
    const { fetch } = recorder();
    const client = new ManagementClient({ baseUrl: "https://upstream.example/api/v2", token, fetch, maxRetries: 0 });
    const proxy = createProxy({ ...optionsFor({ fetch }), client, onError() {} });
    await refused(await proxy(patch()), 500, "proxy_failure", "not_sent");
    await refused(await proxy(get()), 500, "proxy_failure");
  }
});

test("an argument that the client itself refuses is named", async () => {
  const { requests, fetch } = recorder();
  const form = new FormData();
  form.set("connection_id", "con_1");
  form.set("users", "");
  const proxy = createProxy({ ...optionsFor({ fetch }), onError() {} });
  const request = new Request(`${base}/jobs/users-imports`, { method: "POST", headers: write(), body: form });
  const response = await proxy(request);
  const body = await response.json();
  if (requests.length === 0) {
    assert.deepEqual([response.status, body.errorCode], [400, "invalid_argument"]);
    assert.equal(response.headers.get("x-auth0-users-outcome"), "not_sent");
  }
});

test("properties of Object.prototype are no options", async () => {
  const script = `
    import { ManagementClient } from "auth0-users";
    import { createProxy, toNodeHandler } from "auth0-users/proxy";
    const client = new ManagementClient({ baseUrl: "https://upstream.example/api/v2", token: "t", fetch: async () =>
      Response.json({ user_id: "a", identities: [{ access_token: "s" }] }) });
    const values = { csrf: false, origins: ["https://evil.example"], basePath: "/evil", secrets: ["access_token"], id: "root",
      fields: ["email"], response: [], maxBodyBytes: 1, onAudit: 7, rateShare: 0, error: 7, outcome: "x" };
    const found = [];
    for (const [name, value] of Object.entries(values)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: false });
      const options = { client, authorize: () => ({ id: "ana" }), allow: { "users.get": true, "users.update": true }, csrf: () => "c", onError() {} };
      const ask = (options, init) => createProxy(options)(new Request("https://a.example/admin-api/users/a", init));
      const read = await ask(options);
      const text = await read.text();
      const write = await ask(options, { method: "PATCH", body: "{}", headers: { origin: "https://evil.example", "content-type": "application/json", "x-csrf-token": "c" } });
      const nobody = await ask({ ...options, authorize: () => ({}) });
      const { csrf, ...without } = options;
      let isRefused = false;
      try { createProxy(without); } catch { isRefused = true; }
      delete Object.prototype[name];
      if (read.status !== 200 || text.includes("access_token") || write.status !== 403 || nobody.status !== 500 || !isRefused) found.push(name);
    }
    console.log(JSON.stringify(found));`;
  const { stdout } = await run("node", ["--input-type=module", "--eval", script]);
  assert.equal(stdout, "[]\n");
});

test("a limit that is given and none is refused, and so is one that would get lost", async () => {
  const names = { writable: true, enumerable: false, configurable: true };
  for (const [rule, message] of [
    ...["fields", "response", "secrets"].flatMap((option) =>
      [undefined, null, false, true, "blocked", new Set(["a"]), { 0: "a", length: 1 }, [undefined], [,], [null]].map(
        (value) => [{ [option]: value }, `${option} of users.update must be an array of names`],
      ),
    ),
    [Object.create({ fields: ["blocked"] }), "users.update must be true or an object"],
    [new (class Rule {})(), "users.update must be true or an object"],
    [new Map([["fields", []]]), "users.update must be true or an object"],
    [{ [Symbol("fields")]: [] }, "symbol"],
    [Object.defineProperty({}, "fields", { ...names, value: null }), "fields of users.update must be an array"],
    [{ fields: ["a\u0000"] }, "fields of users.update must be an array"],
    [{ fields: ["\ud800"] }, "fields of users.update must be an array"],
    [null, "users.update must be true or an object"],
  ]) {
    const allow = { "users.update": rule };
    const options = optionsFor(recorder());
    assert.throws(
      () => createProxy({ ...options, allow }),
      (error) => error.code === "invalid_argument" && error.message.includes(message),
    );
    const proxy = createProxy({ ...options, allow: () => allow, onError() {} });
    await refused(await proxy(patch()), 500, "proxy_failure", "not_sent");
  }
  for (const allow of [new Map([["users.list", true]]), Object.create({ "users.get": true })]) {
    assert.throws(() => createProxy({ ...optionsFor(recorder()), allow }), /allow must be an object/);
  }
  assert.throws(
    () => createProxy({ ...optionsFor(recorder()), allow: { "users.list": { query: undefined } } }),
    /query of users\.list/,
  );
});

test("a limit that is not enumerable holds", async () => {
  const rule = Object.defineProperty({}, "fields", { value: ["name"] });
  const proxy = createProxy({ ...optionsFor(recorder()), allow: { "users.update": rule } });
  await refused(await proxy(patch()), 403, "field_not_allowed", "not_sent");
});

test("a limit of an answer holds for an object with an empty name", async () => {
  const allow = { "users.get": { response: ["user_id"] } };
  const proxy = createProxy({
    ...optionsFor(recorder(() => Response.json({ "": [1], email: "e", user_id: "a" }))),
    allow,
  });
  assert.deepEqual(await (await proxy(get())).json(), { user_id: "a" });
});

test("a message is one bounded line, whatever a field is called", async () => {
  const allow = { "users.update": { fields: [] } };
  const options = { ...optionsFor(recorder()), allow, maxBodyBytes: 1_000_000 };
  for (const field of ["a\r\nb\u2028", "x".repeat(500_000)]) {
    const body = JSON.stringify({ [field]: 1 });
    await refused(await createProxy(options)(patch(write(), body)), 403, "field_not_allowed", "not_sent");
  }
});

test("a request of nobody is told how to sign in without a dialog", async () => {
  const response = await createProxy(optionsFor(recorder()))(get({}));
  assert.equal(response.status, 401);
  assert.match(response.headers.get("www-authenticate"), /^Session realm=/);
  assert.ok(upstreamToken);
});

test("a signal that keeps its listener does not reject the proxy", async () => {
  const proxy = createProxy({ ...optionsFor(recorder()), authorize: () => null });
  const removeEventListener = () => {
    throw new Error("no");
  };
  for (const part of [{}, { removeEventListener }]) {
    const signal = { aborted: false, addEventListener() {}, ...part };
    const { status } = await proxy({ method: "GET", url: `${base}/users/a`, headers: new Headers(), signal });
    assert.equal(status, 401);
  }
});

test("a body that throws while it is cancelled throws out of no event", async () => {
  const uncaught = [];
  const note = (error) => uncaught.push(error);
  process.on("uncaughtException", note);
  const controller = new AbortController();
  const { fetch } = recorder();
  const headers = new Headers({ ...write(), "content-type": "application/json" });
  let giveUp;
  const read = () => new Promise((_, reject) => (giveUp = reject));
  const cancel = () => {
    giveUp(new Error("cancelled"));
    throw new Error("no");
  };
  const body = { getReader: () => ({ read, cancel }) };
  const request = { method: "PATCH", url: `${base}/users/a`, headers, body, signal: controller.signal };
  const answer = createProxy(optionsFor({ fetch }))(request);
  while (!giveUp) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  assert.equal((await answer).status, 499);
  process.off("uncaughtException", note);
  assert.deepEqual(uncaught, []);
});
