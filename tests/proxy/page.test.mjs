// What a page's client makes of the answers of the proxy.

import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient, OutcomeUnknownError } from "auth0-users";

import { base, createProxy, optionsFor, origin, recorder, signedIn, upstreamToken } from "./setup.mjs";

const json = (status, body = { statusCode: status }) => Response.json(body, { status });

/** A client of ana's page; `sent` counts what it sends, and `requests` is what reaches the API. */
function page(reply, { upstream, client, ...more } = {}) {
  const { requests, fetch } = recorder(reply);
  const options = optionsFor({ fetch });
  const own = { baseUrl: "https://upstream.example/api/v2", token: upstreamToken, fetch, maxRetries: 0, ...upstream };
  const allow = { "users.create": true, "users.delete": true, "users.get": true, "users.update": true };
  const proxy = createProxy({
    ...options,
    client: new ManagementClient(own),
    allow,
    onError() {},
    ...more,
  });
  const sent = [];
  const { users } = new ManagementClient({
    baseUrl: base,
    csrf: "csrf-of-ana",
    fetch(url, { headers, ...init }) {
      sent.push(init.method);
      return proxy(new Request(url, { ...init, headers: { ...headers, ...signedIn(), origin } }));
    },
    ...client,
  });
  return { users, sent, requests };
}

const changes = {
  create: (users) => users.create({ connection: "c" }),
  update: (users) => users.update("auth0|a", { blocked: true }),
  delete: (users) => users.delete("auth0|a"),
};

const refused = () => Promise.reject(Object.assign(new TypeError("failed"), { cause: { code: "ECONNREFUSED" } }));
const thrower = () => {
  throw new Error("the store is down");
};

for (const [name, { reply, ...more }, status, errorCode, times, asked] of [
  ["the token of the proxy is refused", { reply: () => json(401) }, 502, "upstream_unauthorized", 1, 1],
  ["there is no connection to the API", { reply: refused }, 502, "upstream_failure", 2, 2],
  [
    "the tenant gives no token",
    {
      reply: () => json(503),
      upstream: { baseUrl: undefined, token: undefined, domain: "t.example", clientId: "a", clientSecret: "b" },
    },
    502,
    "upstream_failure",
    2,
    2,
  ],
  ["the time of the proxy is up before it sends", late(), 504, "upstream_timeout", 2, 0],
  ["whoever says who is there fails", { authorize: thrower }, 500, "proxy_failure", 2, 0],
  ["the token function of the proxy fails", { upstream: { token: thrower } }, 500, "proxy_failure", 2, 0],
]) {
  test(`a change is a plain failure, since it was not made, when ${name}`, async () => {
    for (const [operation, change] of Object.entries(changes)) {
      const { users, sent, requests } = page(reply, { ...more, client: { maxRetries: 1 } });
      const error = await change(users).catch((error) => error);
      assert.ok(!(error instanceof OutcomeUnknownError), operation);
      assert.deepEqual([error.code, error.statusCode, error.errorCode], ["server", status, errorCode], operation);
      assert.deepEqual([sent.length, requests.length], [times, asked], operation);
    }
  });
}

/** A proxy whose own calls have waited for a token until their deadline. */
function late() {
  return { upstream: { token: () => new Promise(() => {}), deadlineInSeconds: 0.02 } };
}

for (const [name, replies, upstream] of [
  ["the answer is lost", [() => Promise.reject(new TypeError("reset"))]],
  ["the answer is late", [() => new Promise(() => {})], { timeoutInSeconds: 0.05 }],
  ["the answer cannot be read", [() => new Response("<h1>")]],
  ["the API redirects", [() => new Response(null, { status: 302 })]],
  ["the API fails", [() => json(503)]],
  ["the request took the API too long", [() => json(408)]],
  ["the API fails, and then finds nobody", [() => json(503), () => json(404)], { maxRetries: 1 }],
  ["the API fails, and then refuses the token", [() => json(503), () => json(401)], { maxRetries: 1 }],
]) {
  test(`a change is left open when ${name}`, async () => {
    let asked = 0;
    const reply = () => replies[Math.min(asked++, replies.length - 1)]();
    const { users } = page(reply, { upstream, client: { maxRetries: 0 } });
    const error = await changes.update(users).catch((error) => error);
    assert.ok(error instanceof OutcomeUnknownError, String(error));
    assert.equal(asked, replies.length);
  });
}

test("a read is sent again after what may pass, and not after a refusal", async () => {
  for (const [reply, times] of [
    [refused, 3],
    [() => json(401), 1],
  ]) {
    const { users, sent } = page(reply);
    const error = await users.get("auth0|a").catch((error) => error);
    assert.equal(error.statusCode, 502);
    assert.equal(sent.length, times);
  }
});

test("a page that is not signed in reads so", async () => {
  const { users, sent } = page(undefined, { authorize: () => null });
  for (const call of [(users) => users.get("auth0|a"), changes.create, changes.update]) {
    const error = await call(users).catch((error) => error);
    assert.match(error.message, /^users\.\w+ was refused: not signed in \(401 unauthorized\)$/);
    assert.deepEqual([error.code, error.statusCode], ["unauthorized", 401]);
    assert.ok(!(error instanceof OutcomeUnknownError));
  }
  assert.equal(sent.length, 3);
});

test("a page reads all fields of a long validation error", async () => {
  const fields = Array.from({ length: 40 }, (_, place) => `field_${place}`);
  const message = `Payload validation error: ${fields.map((field) => `'Too short' on property ${field}`).join(", ")}.`;
  const { users } = page(() => Response.json({ statusCode: 400, error: "Bad Request", message }, { status: 400 }));
  const error = await changes.update(users).catch((error) => error);
  assert.deepEqual(
    error.fieldErrors.map(({ field }) => field),
    fields,
  );
});
