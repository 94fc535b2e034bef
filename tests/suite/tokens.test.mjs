import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";

import { ManagementClient, isManagementError, ManagementTimeoutError } from "auth0-users";
import { createProxy } from "auth0-users/proxy";

import { startTenant } from "../helpers/tenant.mjs";
import { answer, recorded, rejection } from "./client.mjs";

const keys = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const folder = await mkdtemp(join(tmpdir(), "tokens-"));
after(() => rm(folder, { recursive: true }));
const publicKey = join(folder, "public.pem");
await writeFile(publicKey, keys.publicKey);
const tenant = await startTenant({ after }, "--users", "10", "--client-public-key", publicKey);

// The tenant knows itself by this name; only that it has no TLS.
const domain = new URL(tenant.url).host;
const clientId = "tenant-demo-client";
const clientSecret = "tenant-demo-secret";

/** A client of the tenant under the name of a domain, and what it asks the tenant for tokens. */
function connect(options) {
  const asked = [];
  async function fetch(url, init) {
    const { pathname } = new URL(url);
    if (pathname === "/oauth/token") asked.push(new URLSearchParams(init.body));
    assert.ok(url.startsWith(`https://${domain}/`));
    return globalThis.fetch(url.replace(`https://${domain}`, tenant.url), init);
  }
  return { asked, users: new ManagementClient({ domain, clientId, fetch, ...options }).users };
}

/** Answers that accept one token and refuse all others. */
function accepting(token) {
  return (_url, { headers }) => answer(headers.authorization === `Bearer ${token}` ? 200 : 401, { user_id: "x" })();
}

test("a client secret gets a token, once for calls that need it at the same time and for those after them", async () => {
  const { users, asked } = connect({ clientSecret });
  await Promise.all([users.list(), users.list(), users.list()]);
  await users.list();
  assert.deepEqual(
    asked.map((form) => Object.fromEntries(form)),
    [
      {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        audience: `https://${domain}/api/v2/`,
      },
    ],
  );
});

for (const alg of ["RS256", "RS384", "PS256"]) {
  test(`a private key gets a token with an assertion signed by ${alg}`, async () => {
    const { users, asked } = connect({ clientAssertionSigningKey: keys.privateKey, clientAssertionSigningAlg: alg });
    await users.list();
    const [header, claims] = asked[0]
      .get("client_assertion")
      .split(".")
      .map((part) => (part.length < 300 ? JSON.parse(Buffer.from(part, "base64url")) : undefined));
    assert.deepEqual(header, { alg });
    assert.equal(claims.iss, clientId);
    assert.equal(claims.sub, clientId);
    assert.equal(claims.aud, `https://${domain}/`);
    assert.equal(claims.exp - claims.iat, 180);
    assert.equal(asked[0].get("client_secret"), null);
  });
}

test("a token that expires is replaced before it does", async (t) => {
  const { users, asked } = connect({ clientSecret });
  await users.list();
  const real = Date.now;
  t.mock.method(Date, "now", () => real() + 86_350_000);
  await users.list();
  assert.equal(asked.length, 2);
});

test("a token that the tenant refuses is replaced once, and the call is made again", async () => {
  const { users, asked } = connect({ clientSecret });
  await users.list();
  await tenant.control("clock", { advance_ms: 90_000_000 });
  await Promise.all([users.list(), users.list()]);
  assert.equal(asked.length, 2);
});

test("the request for a token tells what calls it, as every other does", async () => {
  for (const [options, isTold] of [
    [{}, true],
    [{ telemetry: false }, false],
  ]) {
    const told = [];
    async function fetch(url, { headers }) {
      told.push(headers["auth0-client"]);
      return url.endsWith("/oauth/token") ? Response.json({ access_token: "t" }) : answer(200, {})();
    }
    await new ManagementClient({ domain, clientId, clientSecret, fetch, ...options }).users.get("x");
    assert.equal(told.length, 2);
    assert.equal(told[0], told[1]);
    assert.equal(typeof told[0] === "string", isTold);
  }
});

test("refused credentials are an error that shows no secret", async () => {
  const { users } = connect({ clientSecret: "wrong-secret" });
  const error = await rejection(users.list());
  assert.ok(isManagementError(error));
  assert.equal(error.code, "unauthorized");
  assert.equal(error.operation, "token");
  assert.ok(error.statusCode >= 400 && error.statusCode < 500);
  assert.ok(!inspect(error, { depth: null, showHidden: true }).includes("wrong-secret"));
});

test("neither a client nor what it gives shows a secret", async () => {
  const fetch = async (url) =>
    url.endsWith("/oauth/token") ? Response.json({ access_token: "canary-token", expires_in: 60 }) : answer(200, {})();
  const client = new ManagementClient({ domain, clientId, clientSecret: "canary-secret", fetch });
  const page = await client.users.list().catch((error) => error);
  for (const value of [client, client.users, page, client.users.get("x")]) {
    const shown = inspect(value, { depth: null, showHidden: true }) + JSON.stringify(value) + Object.keys(value);
    assert.ok(!shown.includes("canary"), shown);
  }
});

test("a token without a lifetime is asked for again for each call", async () => {
  const fetched = [];
  async function fetch(url) {
    fetched.push(new URL(url).pathname);
    return url.endsWith("/oauth/token") ? Response.json({ access_token: "t" }) : answer(200, {})();
  }
  const { users } = new ManagementClient({ domain, clientId, clientSecret, fetch });
  await users.get("x");
  await users.get("x");
  assert.equal(fetched.filter((path) => path === "/oauth/token").length, 2);
});

test("a token function is told why it is asked", async () => {
  const reasons = [];
  const token = ({ reason }) => `t${reasons.push(reason)}`;
  const { users, requests } = recorded([accepting("t2")], { token });
  await users.create({ connection: "c" });
  assert.deepEqual(reasons, ["initial", "rejected"]);
  assert.equal(requests.length, 2);
});

test("a token function that gives a refused token again is not asked for ever", async () => {
  const { users, requests } = recorded([answer(401, {})], { token: async () => "same" });
  assert.equal((await rejection(users.get("x"))).statusCode, 401);
  assert.equal(requests.length, 2);
});

test("a fixed token that is refused is not sent again", async () => {
  const { users, requests } = recorded([answer(401, {})], { token: "fixed" });
  await rejection(users.get("x"));
  assert.equal(requests.length, 1);
});

test("a token with an expiry is kept; at nine tenths of a short life it is replaced", async (t) => {
  let now = Date.UTC(2025, 0, 1);
  t.mock.method(Date, "now", () => now);
  const reasons = [];
  const token = ({ reason }) => ({ token: `t${reasons.push(reason)}`, expiresAt: new Date(now + 1_000) });
  const { users } = recorded([answer(200, {})], { token });
  await users.get("x");
  now += 800;
  await users.get("x");
  assert.deepEqual(reasons, ["initial"]);
  now += 150;
  await users.get("x");
  assert.deepEqual(reasons, ["initial", "expiring"]);
});

test("after a token that failed the next call asks again", async () => {
  let asked = 0;
  const token = async () => {
    if (++asked === 1) throw new Error("no luck");
    return "t";
  };
  const { users } = recorded([answer(200, {})], { token });
  assert.equal((await rejection(users.get("x"))).message, "no luck");
  await users.get("x");
});

test("what is no token is not kept, whatever its expiry", async () => {
  for (const nothing of [undefined, null, "", 5]) {
    const expiresAt = Date.now() + 1e6;
    let asked = 0;
    const token = () => ({ token: asked++ ? "t" : nothing, expiresAt });
    const tokenStore = memoryStore();
    const { users, requests } = recorded([answer(200, {})], { token, tokenStore, tokenStoreKey: "k" });
    assert.match((await rejection(users.get("x"))).message, /^users\.get: token must be a non-empty string/);
    assert.equal(tokenStore.sets, 0);
    await users.get("x");
    assert.equal(requests.length, 1);
    // Nor is it taken out of a store that has one.
    const other = recorded([answer(200, {})], {
      token,
      tokenStore: memoryStore({ k: { token: nothing, expiresAt } }),
      tokenStoreKey: "k",
    });
    await other.users.get("x");
  }
});

test("credentials that cannot work are refused by name", () => {
  const good = { domain, clientId, clientSecret };
  for (const [options, named] of [
    [{ ...good, token: "t" }, /^token /],
    [{ ...good, clientSecret: undefined }, /^clientSecret /],
    [{ ...good, domain: undefined, baseUrl: "https://host/api/v2" }, /^domain /],
    [{ ...good, clientId: "" }, /^clientId /],
    [{ ...good, clientId: undefined }, /^clientId /],
    [{ domain, token: "t", audience: "a" }, /^clientId /],
    [{ ...good, audience: 7 }, /^audience /],
    [
      { domain, clientId, clientAssertionSigningKey: "k", clientAssertionSigningAlg: "none" },
      /^clientAssertionSigningAlg /,
    ],
  ]) {
    assert.throws(() => new ManagementClient(options), { name: "TypeError", message: named });
  }
});

test("a page may not use a client secret unless it says that it wants to", (t) => {
  for (const name of ["window", "document"]) {
    globalThis[name] = {};
    t.after(() => delete globalThis[name]);
  }
  const options = { domain, clientId, clientSecret };
  assert.throws(() => new ManagementClient(options), { message: /^clientSecret in a page/ });
  assert.ok(new ManagementClient({ ...options, dangerouslyAllowBrowser: true }));
});

test("a token function gets a signal, which is aborted when no call waits for the token any more", async () => {
  let signal;
  const token = (context) => {
    ({ signal } = context);
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const { users, requests } = recorded(undefined, { token });
  const controllers = [new AbortController(), new AbortController()];
  const calls = controllers.map(({ signal }) => rejection(users.get("x", {}, { abortSignal: signal })));
  await new Promise((resolve) => setTimeout(resolve, 5));
  controllers[0].abort("first");
  assert.equal(await calls[0], "first");
  // Whoever waits behind the first one, which went alone, is asked for a token of its own.
  controllers[1].abort("second");
  assert.equal(await calls[1], "second");
  assert.equal(signal.aborted, true);
  assert.equal(requests.length, 0);
});

test("one of several calls that wait for a token may go, and the token is not given up", async () => {
  const told = { "x-ratelimit-remaining": "9", "x-ratelimit-reset": "0" };
  let give;
  let signal;
  let asked = 0;
  const token = (context) => {
    if (++asked === 1) return { token: "first", expiresAt: Date.now() + 1 };
    ({ signal } = context);
    return new Promise((resolve) => (give = resolve));
  };
  const { users } = recorded([answer(200, {}, told)], { token });
  await users.get("x");
  await new Promise((resolve) => setTimeout(resolve, 5));
  const controller = new AbortController();
  const gone = rejection(users.get("x", {}, { abortSignal: controller.signal }));
  const staying = users.get("x");
  await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort("gone");
  assert.equal(await gone, "gone");
  assert.equal(signal.aborted, false);
  give({ token: "second", expiresAt: Date.now() + 1e6 });
  await staying;
  assert.equal(asked, 2);
});

test("a tenant that does not answer is given ten seconds for a token, and then another try", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (callback, ms, ...rest) => real(callback, ms === 10_000 ? 5 : ms, ...rest));
  let asked = 0;
  async function fetch(url, { signal }) {
    if (!url.endsWith("/oauth/token")) return answer(200, {})();
    if (++asked > 1) return Response.json({ access_token: "t", expires_in: 60 });
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  }
  const options = { domain, clientId, clientSecret, fetch };
  await new ManagementClient(options).users.create({});
  assert.equal(asked, 2);
  asked = 0;
  const error = await rejection(new ManagementClient({ ...options, maxRetries: 0 }).users.create({}));
  assert.ok(error instanceof ManagementTimeoutError);
  assert.equal(error.code, "timeout");
  assert.equal(error.operation, "token");
});

for (const [what, failure, code] of [
  ["is not reached", () => Promise.reject(new TypeError("fetch failed")), "network"],
  ["breaks off", () => new Response(new ReadableStream({ pull: (c) => c.error(new Error("broken")) })), "network"],
  ["answers 503", () => new Response("<html>", { status: 503 }), "server"],
  ["answers 429", () => Response.json({}, { status: 429, headers: { "retry-after": "0" } }), "rate_limited"],
]) {
  test(`a token is asked for again when the tenant ${what}, even for what is sent once`, async (t) => {
    t.mock.method(Math, "random", () => 0);
    const paths = [];
    const failing = (times) =>
      async function fetch(url) {
        const { pathname } = new URL(url);
        paths.push(pathname);
        if (pathname !== "/oauth/token") return answer(201, {})();
        return times-- > 0 ? failure() : Response.json({ access_token: "t", expires_in: 60 });
      };
    const connect = (times) => new ManagementClient({ domain, clientId, clientSecret, fetch: failing(times) });
    await connect(2).users.create({});
    assert.deepEqual(paths, ["/oauth/token", "/oauth/token", "/oauth/token", "/api/v2/users"]);
    const error = await rejection(connect(9).users.create({}));
    assert.ok(isManagementError(error));
    assert.equal(error.operation, "token");
    assert.equal(error.code, code);
    assert.equal(paths.length, 7);
  });
}

/** A store in memory that counts. */
function memoryStore(tokens = {}) {
  const store = { tokens, gets: 0, sets: 0 };
  store.get = async (key) => (store.gets++, store.tokens[key]);
  store.set = async (key, token) => {
    store.sets++;
    store.tokens[key] = token;
  };
  return store;
}

test("a token store spares the next client the request", async () => {
  const tokenStore = memoryStore();
  const first = connect({ clientSecret, tokenStore });
  await Promise.all([first.users.list(), first.users.list()]);
  const second = connect({ clientSecret, tokenStore });
  await second.users.list();
  await second.users.list();
  assert.deepEqual([first.asked.length, second.asked.length, tokenStore.sets, tokenStore.gets], [1, 0, 1, 2]);
  const [[key, { token, expiresAt }]] = Object.entries(tokenStore.tokens);
  assert.equal(key, `auth0-users:${clientId}:https://${domain}/api/v2/`);
  assert.equal(typeof token, "string");
  assert.ok(expiresAt > Date.now());
  assert.ok(!key.includes(clientSecret));
});

test("a stored token that has expired, or that the server refuses, is replaced in the store too", async () => {
  const key = "service";
  for (const stored of [
    { token: "old", expiresAt: Date.now() - 1 },
    { token: "old", expiresAt: Date.now() + 1e6 },
    undefined,
    null,
  ]) {
    const tokenStore = memoryStore({ [key]: stored });
    const token = () => ({ token: "new", expiresAt: Date.now() + 1e6 });
    const { users } = recorded([accepting("new")], { token, tokenStore, tokenStoreKey: key });
    await users.get("x");
    assert.equal(tokenStore.tokens[key].token, "new");
    assert.equal(tokenStore.sets, 1);
  }
});

const good = { token: "t", expiresAt: Date.now() + 1e6 };

for (const [what, part, misbehaves] of [
  ["throws on get", "get", () => assert.fail("store")],
  ["rejects on get", "get", () => Promise.reject(new Error("store"))],
  ["throws on set", "set", () => assert.fail("store")],
  ["rejects on set", "set", () => Promise.reject(new Error("store"))],
  ["never ends a set", "set", () => new Promise(() => {})],
  ["gives a text", "get", () => "t"],
  ["gives a token without an expiry", "get", () => ({ token: "other" })],
  ["gives an expiry that is none", "get", () => ({ token: "other", expiresAt: "soon" })],
  ["gives an endless expiry", "get", () => ({ token: "other", expiresAt: Infinity })],
  ["gives a token that no header can hold", "get", () => ({ token: "a b\n", expiresAt: Date.now() + 1e6 })],
  ["gives what throws when read", "get", () => Object.defineProperty({}, "token", { get: () => assert.fail("read") })],
]) {
  test(`a token store that ${what} does not end a call`, async () => {
    const tokenStore = { ...memoryStore(), [part]: misbehaves };
    for (const options of [{ token: () => good, tokenStoreKey: "k" }, credentialsThatGive("t")]) {
      const { users, requests } = recorded(undefined, { token: undefined, ...options, tokenStore });
      await users.get("x");
      await users.get("x");
      const sent = options.fetch?.requests ?? requests;
      assert.deepEqual(
        sent.map(({ headers }) => headers.authorization),
        ["Bearer t", "Bearer t"],
      );
    }
  });
}

/** The options of a client whose tenant gives this token and answers everything else. */
function credentialsThatGive(token) {
  const requests = [];
  async function fetch(url, init) {
    if (url.endsWith("/oauth/token")) return Response.json({ access_token: token, expires_in: 600 });
    requests.push(init);
    return answer(200, {})();
  }
  return { baseUrl: undefined, domain, clientId, clientSecret, fetch: Object.assign(fetch, { requests }) };
}

test("a token store that hangs is waited for two seconds, and once", async (t) => {
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (callback, ms, ...rest) => real(callback, ms === 2_000 ? 5 : ms, ...rest));
  let gets = 0;
  const tokenStore = { ...memoryStore(), get: () => (gets++, new Promise(() => {})) };
  let now = Date.now();
  t.mock.method(Date, "now", () => now);
  const token = () => ({ token: "t", expiresAt: now + 1_000 });
  const { users, requests } = recorded(undefined, { token, tokenStore, tokenStoreKey: "k" });
  for (let call = 0; call < 3; call++) {
    await users.get("x");
    now += 2_000;
  }
  assert.equal(requests.length, 3);
  assert.equal(gets, 1);
});

test("clients with one store and keys of their own never share a token", async () => {
  const tokenStore = memoryStore();
  const sent = [];
  for (const name of ["ana", "ben", "eve"]) {
    const token = () => ({ ...good, token: name });
    const { users, requests } = recorded(undefined, { token, tokenStore, tokenStoreKey: name });
    await users.get("x");
    sent.push(requests[0].headers.authorization);
  }
  assert.deepEqual(sent, ["Bearer ana", "Bearer ben", "Bearer eve"]);
  assert.deepEqual(Object.keys(tokenStore.tokens), ["ana", "ben", "eve"]);
});

test("a token store needs a key with a token function", async () => {
  const tokenStore = memoryStore();
  assert.throws(() => recorded(undefined, { token: () => good, tokenStore }), {
    name: "TypeError",
    message: /^tokenStoreKey is required with tokenStore and a token function/,
  });
  assert.throws(() => recorded(undefined, { token: () => good, tokenStoreKey: "k" }), {
    message: /^tokenStore is required with tokenStoreKey/,
  });
  for (const tokenStoreKey of ["", 7, null, {}]) {
    assert.throws(() => recorded(undefined, { token: () => good, tokenStore, tokenStoreKey }), {
      message: /^tokenStoreKey must be a non-empty string/,
    });
  }
  const { users } = connect({ clientSecret, tokenStore, tokenStoreKey: "mine" });
  await users.list();
  assert.deepEqual(Object.keys(tokenStore.tokens), ["mine"]);
});

test("a token without a lifetime does not come into the store", async () => {
  const tokenStore = memoryStore();
  const { users } = recorded(undefined, { token: () => "t", tokenStore, tokenStoreKey: "k" });
  await users.get("x");
  assert.equal(tokenStore.sets, 0);
});

test("a token store has get and set, and something to keep", () => {
  for (const tokenStore of [{}, { get() {} }, null, "s"]) {
    assert.throws(() => recorded(undefined, { token: () => "t", tokenStore }), {
      message: /^tokenStore must have get/,
    });
  }
  assert.throws(() => recorded(undefined, { tokenStore: memoryStore() }), { message: /^tokenStore is for / });
});

const user = new AsyncLocalStorage();

/** Lets 20 users act at once, each in a context of its own, and says whose token their requests carried. */
async function together(act) {
  const names = Array.from({ length: 20 }, (_, place) => `user-${place}`);
  return Object.fromEntries(
    await Promise.all(names.map((name) => user.run(name, async () => [name, await act(name)]))),
  );
}

/** A fetch that answers `/users/{name}` with the token of the request, in a while and in no order. */
function echo({ refusesFirst = false, limit } = {}) {
  const seen = new Map();
  return async (url, { headers }) => {
    const name = decodeURIComponent(url.split("/").at(-1));
    seen.set(name, (seen.get(name) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, name.length % 3));
    if (refusesFirst && seen.get(name) === 1) return answer(401, { statusCode: 401, error: "Unauthorized" })();
    const told = limit && { "x-ratelimit-limit": "50", "x-ratelimit-remaining": limit, "x-ratelimit-reset": "0" };
    const { authorization, "x-user": user, "x-csrf-token": csrf } = headers;
    return answer(200, { user_id: name, authorization, user, csrf }, told)();
  };
}

const tokenOfUser = async ({ reason }) => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return `${reason}-${user.getStore()}`;
};

const connections = {
  "a client": (options) => new ManagementClient({ domain: "t.example", ...options }),
  forCurrentUser: (options) => ManagementClient.forCurrentUser({ domain: "t.example", ...options }),
};

for (const [what, connectWith] of Object.entries(connections)) {
  for (const [how, answers, reason] of [
    ["at once", {}, "initial"],
    ["in the queue of the rate limit", { limit: "1" }, "initial"],
    ["after a refused token", { refusesFirst: true }, "rejected"],
  ]) {
    test(`${what} asks for each user's own token ${how}`, async () => {
      const client = connectWith({ token: tokenOfUser, fetch: echo(answers) });
      const sent = await together(async (name) => (await client.users.get(name)).authorization);
      for (const [name, authorization] of Object.entries(sent)) assert.equal(authorization, `Bearer ${reason}-${name}`);
    });
  }
}

test("createProxy asks for each user's own token", async () => {
  const fetch = echo();
  const proxy = createProxy({
    domain: "t.example",
    token: tokenOfUser,
    fetch,
    authorize: () => user.getStore(),
    csrf: false,
    allow: { "users.get": true },
  });
  const sent = await together(async (name) => {
    const response = await proxy(new Request(`https://admin.example/admin-api/users/${name}`));
    return (await response.json()).authorization;
  });
  for (const [name, authorization] of Object.entries(sent)) assert.equal(authorization, `Bearer initial-${name}`);
});

test("functions of headers and csrf run in the context of each call", async () => {
  const client = new ManagementClient({
    domain: "t.example",
    token: "t",
    headers: { "x-user": async () => user.getStore() },
    csrf: async () => `csrf-of-${user.getStore()}`,
    fetch: echo(),
  });
  const sent = await together((name) => client.users.update(name, { name }));
  for (const [name, { user, csrf }] of Object.entries(sent)) {
    assert.deepEqual([user, csrf], [name, `csrf-of-${name}`]);
  }
});

test("a function that gives strings after tokens with an expiry gives each user their own", async (t) => {
  let now = Date.now();
  t.mock.method(Date, "now", () => now);
  let gives = () => ({ token: "of-the-client", expiresAt: now + 1_000 });
  const client = new ManagementClient({ domain: "t.example", token: () => gives(), fetch: echo() });
  assert.equal((await client.users.get("first")).authorization, "Bearer of-the-client");
  gives = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return user.getStore();
  };
  now += 2_000;
  const sent = await together(async (name) => (await client.users.get(name)).authorization);
  for (const [name, authorization] of Object.entries(sent)) assert.equal(authorization, `Bearer ${name}`);
});

test("a token with an expiry is asked for once by all that wait for another", async (t) => {
  let now = Date.now();
  t.mock.method(Date, "now", () => now);
  let asked = 0;
  const token = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { token: `t${++asked}`, expiresAt: now + 1_000 };
  };
  const client = new ManagementClient({ domain: "t.example", token, fetch: echo() });
  await together((name) => client.users.get(name));
  assert.equal(asked, 1);
  now += 2_000;
  const sent = await together(async (name) => (await client.users.get(name)).authorization);
  assert.equal(asked, 2);
  assert.deepEqual(new Set(Object.values(sent)), new Set(["Bearer t2"]));
});

test("the end of one user's call does not end that of another", async () => {
  const token = ({ signal }) =>
    user.getStore() === "slow"
      ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
      : user.getStore();
  const client = new ManagementClient({ domain: "t.example", token, fetch: echo({ limit: "9" }) });
  // Until the first answer, one request is sent at a time.
  await user.run("first", () => client.users.get("x"));
  const controller = new AbortController();
  const slow = user.run("slow", () => rejection(client.users.get("x", {}, { abortSignal: controller.signal })));
  const quick = user.run("quick", () => client.users.get("y"));
  assert.equal((await quick).authorization, "Bearer quick");
  controller.abort("enough");
  assert.equal(await slow, "enough");
});

test("one user's failure to get a token is not another's", async () => {
  const token = async () => {
    if (user.getStore() === "user-0") throw new Error("signed out");
    return user.getStore();
  };
  const client = new ManagementClient({ domain: "t.example", token, fetch: echo() });
  const sent = await together((name) => client.users.get(name).then((data) => data.authorization, String));
  for (const [name, authorization] of Object.entries(sent)) {
    assert.equal(authorization, name === "user-0" ? "Error: signed out" : `Bearer ${name}`);
  }
});

test("a token goes over plain http to loopback only", async () => {
  const allowed = [
    "localhost",
    "localhost:3000",
    "a.localhost",
    "127.0.0.1:1",
    "127.9.8.7",
    "127.1",
    "[::1]:80",
    "2130706433",
  ];
  for (const host of allowed) assert.ok(new ManagementClient({ baseUrl: `http://${host}/api/v2`, token: "t" }));
  const refused = [
    ...["tenant.example", "localhost.evil.example", "evil.example/.localhost", "evil.example:80/localhost"],
    ...[
      "127.0.0.1.evil.example",
      "127.evil.example",
      "0.0.0.0",
      "[::2]",
      "10.0.0.1",
      "notlocalhost",
      "[::ffff:8.8.8.8]",
    ],
  ];
  const message = /^baseUrl must be https, since a token is sent there/;
  for (const host of refused) {
    const baseUrl = `http://${host}/api/v2`;
    for (const access of [
      { token: "t" },
      { token: () => "t" },
      { token: Promise.resolve("t") },
      { domain, clientId, clientSecret },
    ]) {
      assert.throws(() => new ManagementClient({ baseUrl, ...access }), { name: "TypeError", message });
      assert.throws(() => new ManagementClient({ baseUrl, ...access, dangerouslyAllowHttp: false }), { message });
      assert.ok(new ManagementClient({ baseUrl, ...access, dangerouslyAllowHttp: true }));
    }
    // A proxy has the token.
    assert.ok(new ManagementClient({ baseUrl }));
    const rules = { authorize: () => "ana", csrf: false, allow: {} };
    assert.throws(() => createProxy({ baseUrl, token: "t", ...rules }), { message });
    assert.ok(createProxy({ baseUrl, token: "t", dangerouslyAllowHttp: true, ...rules }));
  }
});

test("a relative base URL counts as the URL that it resolves to", (t) => {
  t.after(() => delete globalThis.location);
  globalThis.location = { href: "http://admin.example/page" };
  assert.throws(() => new ManagementClient({ baseUrl: "/admin-api", token: "t" }), {
    message: /^baseUrl must be https/,
  });
  assert.ok(new ManagementClient({ baseUrl: "/admin-api" }));
  globalThis.location = { href: "https://admin.example/page" };
  assert.ok(new ManagementClient({ baseUrl: "/admin-api", token: "t" }));
});

const pem = (type, format, options) =>
  generateKeyPairSync(type, {
    modulusLength: 2_048,
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: format, format: "pem", ...options },
  }).privateKey;
const sealed = { cipher: "aes-256-cbc", passphrase: "p" };

for (const [what, key, names] of [
  ["in PKCS #1", pem("rsa", "pkcs1"), "RSA PRIVATE KEY"],
  ["in PKCS #1, encrypted", pem("rsa", "pkcs1", sealed), "RSA PRIVATE KEY"],
  ["encrypted", pem("rsa", "pkcs8", sealed), "ENCRYPTED PRIVATE KEY"],
  ["of a curve", pem("ec", "sec1"), "EC PRIVATE KEY"],
  ["of a curve in PKCS #8", pem("ec", "pkcs8"), "no RSA key"],
  ["of Ed25519", pem("ed25519", "pkcs8"), "no RSA key"],
  ["that is public", keys.publicKey, "PUBLIC KEY"],
  ["without a header", keys.privateKey.replace(/-----.*-----/g, ""), "no PEM"],
  ["cut off", keys.privateKey.slice(0, 900) + "\n-----END PRIVATE KEY-----", "cut off"],
  ["without its end", keys.privateKey.slice(0, 900), "cut off"],
  ["that is no base64", "-----BEGIN PRIVATE KEY-----\n???\n-----END PRIVATE KEY-----", "cut off"],
  ["that is a word", "secret", "no PEM"],
]) {
  test(`the constructor refuses a key ${what} by the name of its option`, () => {
    assert.throws(
      () => new ManagementClient({ domain, clientId, clientAssertionSigningKey: key }),
      (error) => {
        assert.equal(error.name, "TypeError");
        assert.match(error.message, /^clientAssertionSigningKey must be an RSA private key as PEM in PKCS #8/);
        assert.ok(error.message.includes(names), error.message);
        assert.match(error.message, /openssl pkcs8 -topk8/);
        assert.ok(!key.split("\n").some((line) => line.length > 40 && error.message.includes(line)));
        assert.ok(error.message.length <= 300, error.message);
        return true;
      },
    );
  });
}

test("a key may have line ends of any kind, or written as in a string", async () => {
  for (const end of ["\r\n", "\\n", "\\r\\n", "", " "]) {
    const key = keys.privateKey.replaceAll("\n", end);
    const { fetch, ...options } = credentialsThatGive("t");
    const asked = [];
    const client = new ManagementClient({
      ...{ ...options, baseUrl: undefined, clientSecret: undefined, clientAssertionSigningKey: key },
      fetch: (url, init) => (asked.push(new URLSearchParams(init.body)), fetch(url, init)),
    });
    await client.users.get("x");
    assert.match(asked[0].get("client_assertion"), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  }
});

for (const [what, give, code] of [
  [
    "an endless body",
    () => new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(65_536).fill(32)) })),
    "bad_response",
  ],
  [
    "a huge body",
    () => ({
      ok: true,
      status: 200,
      headers: new Headers(),
      text: async () => " ".repeat(1e6) + '{"access_token":"t"}',
    }),
    "bad_response",
  ],
  ["a body that is no object", () => Response.json([1]), "bad_response"],
  ["null", () => Response.json(null), "bad_response"],
  ["a token that no header can hold", () => Response.json({ access_token: "a b\n" }), "bad_response"],
  ["a page", () => new Response("<html>", { status: 200 }), "bad_response"],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
    "bad_response",
  ],
  ["a code with line ends", () => Response.json({ error: "a\nb\u001b[31m" }, { status: 401 }), "unauthorized"],
  ["a code without end", () => Response.json({ error: "x".repeat(1e5) }, { status: 403 }), "unauthorized"],
  ["what it was sent", (body) => Response.json({ error: "invalid", sent: body }, { status: 400 }), "unauthorized"],
]) {
  test(`a tenant that gives ${what} for a token ends in a short error`, async () => {
    const fetch = async (_url, { body }) => give(body);
    const client = new ManagementClient({ domain, clientId, clientSecret: "canary-secret", fetch, maxRetries: 0 });
    const error = await rejection(client.users.get("x"));
    assert.ok(isManagementError(error), String(error));
    assert.equal(error.operation, "token");
    assert.equal(error.code, code);
    assert.match(error.message, /^[ -~]{1,300}$/);
    assert.ok((error.errorCode ?? "").length <= 64);
    assert.ok(!inspect(error, { depth: null, showHidden: true }).includes("canary-secret"));
  });
}

test("a lifetime that is none makes a token serve the calls that wait", async () => {
  for (const expires_in of [0, -5, "soon", null, {}, "1e999"]) {
    let asked = 0;
    const fetch = async (url) =>
      url.endsWith("/oauth/token") ? (asked++, Response.json({ access_token: "t", expires_in })) : answer(200, {})();
    const { users } = new ManagementClient({ domain, clientId, clientSecret, fetch });
    await users.get("x");
    await users.get("x");
    assert.equal(asked, 2, String(expires_in));
  }
});
