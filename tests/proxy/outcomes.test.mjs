// What the proxy vouches for about a change: the header x-auth0-users-outcome, and what it sends for a browser that has gone.
import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient } from "auth0-users";

import { base, createProxy, optionsFor, recorder, signedIn, upstreamToken, write } from "./setup.mjs";

const own = (status, more) => Response.json({ statusCode: status, message: "as the API says", ...more }, { status });

/** A proxy that allows all changes of these tests, in front of a client with further options. */
function proxyOf(reply, { upstream, ...more } = {}) {
  const { requests, fetch } = recorder(reply);
  const options = {
    baseUrl: "https://upstream.example/api/v2",
    token: upstreamToken,
    fetch,
    maxRetries: 0,
    ...upstream,
  };
  const proxy = createProxy({
    ...optionsFor({ fetch }),
    client: new ManagementClient(options),
    allow: { "users.create": true, "users.delete": true, "users.get": true, "users.update": true },
    onError() {},
    ...more,
  });
  return { proxy, requests };
}

function requestOf(
  method,
  { headers = method === "GET" ? signedIn() : write(), body, path = "/users/auth0%7Ca", ...init } = {},
) {
  const text = method === "PATCH" ? '{"blocked":true}' : method === "POST" ? '{"connection":"c"}' : undefined;
  const type = text ? { "content-type": "application/json" } : {};
  return new Request(base + (method === "POST" ? "/users" : path), {
    method,
    headers: { ...headers, ...type },
    body: body ?? text,
    duplex: "half",
    ...init,
  });
}

const throwing = () => {
  throw new Error("down");
};
const unreached = () => Promise.reject(Object.assign(new TypeError("failed"), { cause: { code: "ECONNREFUSED" } }));
const deep = () => new Response(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`);

for (const [outcome, name, reply, more] of [
  [null, "the API makes the change", () => own(200)],
  [null, "the API refuses it", () => own(409, { errorCode: "user_exists" })],
  [null, "the API refuses it for its rate limit", () => own(429)],
  ["not_sent", "nobody is signed in", undefined, { authorize: () => null }],
  ["not_sent", "authorize fails", undefined, { authorize: throwing }],
  ["not_sent", "allow fails", undefined, { allow: throwing }],
  ["not_sent", "the operation is not allowed", undefined, { allow: {} }],
  ["not_sent", "csrf fails", undefined, { csrf: throwing }],
  ["not_sent", "the token of the session is another", undefined, { csrf: () => "another" }],
  ["not_sent", "the body is too large", undefined, { maxBodyBytes: 1 }],
  ["not_sent", "the token function fails", undefined, { upstream: { token: throwing } }],
  ["not_sent", "the token is none", undefined, { upstream: { token: () => "a b" } }],
  [
    "not_sent",
    "the tenant gives no token",
    () => own(503),
    { upstream: { baseUrl: undefined, token: undefined, domain: "t.example", clientId: "a", clientSecret: "b" } },
  ],
  [
    "not_sent",
    "the deadline passes before it is sent",
    undefined,
    { upstream: { token: () => new Promise(() => {}), deadlineInSeconds: 0.02 } },
  ],
  ["not_sent", "there is no connection", unreached],
  ["not_sent", "the API refuses the token of the proxy", () => own(401)],
  ["unknown", "the connection breaks", () => Promise.reject(new TypeError("reset"))],
  ["unknown", "the answer is late", () => new Promise(() => {}), { upstream: { timeoutInSeconds: 0.05 } }],
  ["unknown", "the API fails", () => own(500)],
  ["unknown", "a gateway fails", () => new Response("<h1>", { status: 502 })],
  ["unknown", "a gateway finds nothing", () => new Response("<h1>", { status: 404 })],
  ["unknown", "a gateway finds nothing, in JSON", () => Response.json({ message: "no" }, { status: 404 })],
  ["unknown", "a gateway redirects", () => new Response(null, { status: 302 })],
  ["unknown", "the answer is no JSON", () => new Response("<h1>")],
  ["unknown", "the answer is nested too deep", deep],
  ["unknown", "a token fails after the API did", () => own(503), { upstream: { token: once("t"), maxRetries: 1 } }],
]) {
  test(`the outcome of a change is ${outcome ?? "left to the API"} when ${name}`, async () => {
    const { proxy } = proxyOf(reply, more);
    const response = await proxy(requestOf("PATCH"));
    if (/gateway finds|redirects/.test(name)) assert.equal(response.status, 502);
    assert.equal(response.headers.get("x-auth0-users-outcome"), outcome, await response.text());
    assert.equal((await proxyOf(reply, more).proxy(requestOf("GET"))).headers.get("x-auth0-users-outcome"), null);
  });
}

/** A token function that fails from its second call on. */
function once(token) {
  let calls = 0;
  return () => (++calls % 2 === 1 ? token : throwing());
}

test("what the API itself says about an outcome is not passed on", async () => {
  for (const status of [200, 404, 500]) {
    const headers = { "x-auth0-users-outcome": "not_sent" };
    const { proxy } = proxyOf(() => Response.json({ statusCode: status }, { status, headers }));
    const response = await proxy(requestOf("POST"));
    assert.equal(response.headers.get("x-auth0-users-outcome"), status === 500 ? "unknown" : null);
  }
});

test("the date of the API is passed on, and pages of other origins can read it", async () => {
  const date = "Mon, 30 Nov 2026 09:00:00 GMT";
  const named = "https://console.example";
  for (const status of [200, 404, 500]) {
    const { proxy } = proxyOf(() => Response.json({ statusCode: status }, { status, headers: { date } }), {
      origins: [named],
    });
    const response = await proxy(requestOf("PATCH", { headers: { ...write(), origin: named } }));
    assert.equal(response.headers.get("date"), date);
    const exposed = response.headers.get("access-control-expose-headers").split(", ");
    assert.ok(exposed.includes("date") && exposed.includes("x-auth0-users-outcome"));
  }
});

/** A promise and what settles it. */
function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

async function closed(response) {
  assert.deepEqual([response.status, (await response.json()).errorCode], [499, "closed"]);
  assert.equal(response.headers.get("x-auth0-users-outcome"), "not_sent");
}

test("a change of a browser that has gone before is not sent", async () => {
  const { proxy, requests } = proxyOf();
  await closed(await proxy(requestOf("PATCH", { signal: AbortSignal.abort() })));
  assert.deepEqual(requests, []);
});

for (const waiting of ["authorize", "allow", "csrf", "token"]) {
  test(`a change whose browser goes while ${waiting} is asked is not sent`, async () => {
    const [asked, given, abort] = [deferred(), deferred(), new AbortController()];
    const wait = (value) => async () => {
      asked.resolve();
      await given.promise;
      return value;
    };
    const answers = { authorize: { id: "ana" }, allow: { "users.update": true }, csrf: "csrf-of-ana", token: "t" };
    const held = { [waiting]: wait(answers[waiting]) };
    const { proxy, requests } = proxyOf(undefined, waiting === "token" ? { upstream: held } : held);
    const answer = proxy(requestOf("PATCH", { signal: abort.signal }));
    await asked.promise;
    abort.abort();
    given.resolve();
    await closed(await answer);
    assert.deepEqual(requests, []);
  });
}

for (const [name, streamOf] of [
  [
    "ends",
    (abort) => (controller) => {
      controller.enqueue(new TextEncoder().encode('{"blocked":true}'));
      controller.close();
      abort.abort();
    },
  ],
  [
    "breaks",
    (abort) => (controller) => {
      abort.abort();
      controller.error(new Error("gone"));
    },
  ],
  ["never ends", (abort) => () => abort.abort()],
]) {
  test(`a change whose browser goes while its body is read, which ${name}, is not sent`, async () => {
    const abort = new AbortController();
    const { proxy, requests } = proxyOf();
    // The signal of the request alone: the engine would break the body as well.
    const request = requestOf("PATCH", { body: new ReadableStream({ pull: streamOf(abort) }) });
    Object.defineProperty(request, "signal", { value: abort.signal });
    await closed(await proxy(request));
    assert.deepEqual(requests, []);
  });
}

test("changes that wait for the rate limit are withdrawn with their browser", async () => {
  const { proxy, requests } = proxyOf(() => {
    const reset = Math.ceil(Date.now() / 1_000) + 3_600;
    const headers = { "x-ratelimit-limit": "1", "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
    return Response.json({}, { headers });
  });
  assert.equal((await proxy(requestOf("GET"))).status, 200);
  const abort = new AbortController();
  const waiting = Array.from({ length: 5 }, () => proxy(requestOf("PATCH", { signal: abort.signal })));
  const reading = proxy(requestOf("GET", { signal: abort.signal }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  abort.abort();
  for (const response of await Promise.all(waiting)) await closed(response);
  assert.equal((await reading).status, 499);
  assert.equal(requests.length, 1);
});

test("a change that was sent is carried out though its browser goes", async () => {
  const [asked, given, abort] = [deferred(), deferred(), new AbortController()];
  let signal;
  const { proxy, requests } = proxyOf(async (_url, init) => {
    signal = init.signal;
    asked.resolve();
    await given.promise;
    return own(200);
  });
  const answer = proxy(requestOf("PATCH", { signal: abort.signal }));
  await asked.promise;
  abort.abort();
  given.resolve();
  assert.equal((await answer).status, 200);
  assert.deepEqual([requests.length, signal.aborted], [1, false]);
});

test("a change is not sent again for a browser that has gone", async () => {
  for (const [status, outcome] of [
    [429, "not_sent"],
    [503, "unknown"],
  ]) {
    const abort = new AbortController();
    const { proxy, requests } = proxyOf(
      () => {
        abort.abort();
        return Response.json({ statusCode: status }, { status, headers: { "retry-after": "0" } });
      },
      { upstream: { maxRetries: 2 } },
    );
    const response = await proxy(requestOf("PATCH", { signal: abort.signal }));
    assert.equal(response.headers.get("x-auth0-users-outcome"), outcome);
    assert.equal(requests.length, 1);
  }
});

test("a proxy keeps no listener on the signals of its requests", async () => {
  const { proxy } = proxyOf();
  let listeners = 0;
  const signal = new AbortController().signal;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given) => (listeners++, add(...given));
  signal.removeEventListener = (...given) => (listeners--, remove(...given));
  for (const method of ["GET", "PATCH", "POST", "DELETE"]) {
    const request = requestOf(method);
    Object.defineProperty(request, "signal", { value: signal });
    await proxy(request);
  }
  assert.equal(listeners, 0);
});
