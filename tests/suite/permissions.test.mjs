import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";

import { ManagementClient } from "auth0-users";
import { createTenant } from "auth0-users/testing";

import { operations } from "../helpers/api.mjs";
import { answer, recorded, rejection } from "./client.mjs";

/** A token that carries claims; who signed it is the server's concern. */
function tokenOf(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.c2lnbmF0dXJl`;
}

test("can tells what the scopes of the token allow: one of those that the API names", async () => {
  const { client, requests } = recorded(undefined, { token: tokenOf({ scope: "read:users update:users" }) });
  for (const [operation, allowed] of Object.entries({
    "users.get": true,
    "users.list": true,
    "users.update": true,
    "users.delete": false,
    "users.create": false,
    "users.logs.list": false,
    // This one needs all of its scopes.
    "users.roles.list": false,
  })) {
    assert.equal(await client.can(operation), allowed, operation);
  }
  assert.equal(requests.length, 0);
  const all = recorded(undefined, { token: tokenOf({ scope: "read:users read:roles read:role_members" }) });
  assert.equal(await all.client.can("users.roles.list"), true);
});

test("can reads the permissions of a token too, and a token of a signed-in user", async () => {
  const { client } = recorded(undefined, { token: tokenOf({ permissions: ["delete:users"] }) });
  assert.equal(await client.can("users.delete"), true);
  assert.equal(await client.can("users.get"), false);
  const own = recorded(undefined, { token: tokenOf({ scope: "read:current_user", name: "Zoë ?>" }) });
  assert.equal(await own.client.can("users.get"), true);
  assert.equal(await own.client.can("users.list"), false);
});

test("a token that does not tell may do anything; the server has the last word", async () => {
  for (const token of ["opaque", "a.b.c", `a.${Buffer.from("7").toString("base64url")}.c`]) {
    assert.equal(await recorded(undefined, { token }).client.can("users.delete"), true, token);
  }
});

test("can asks the token function, and fails with it", async () => {
  const { client } = recorded(undefined, { token: async () => tokenOf({ scope: "delete:users" }) });
  assert.equal(await client.can("users.delete"), true);
  const fails = () => {
    throw new Error("no token");
  };
  for (const token of [fails, async () => fails()]) {
    assert.equal((await rejection(recorded(undefined, { token }).client.can("users.get"))).message, "no token");
  }
});

test("without a token can asks the proxy, once, and again after a failure", async () => {
  const operations = { "users.get": true, "users.update": { fields: ["blocked"] }, "users.delete": false };
  const { client, requests } = recorded([answer(403, {}), answer(200, { operations, csrf: "t" })], {
    token: undefined,
  });
  assert.equal((await rejection(client.can("users.get"))).statusCode, 403);
  const names = ["users.get", "users.update", "users.delete", "users.create"];
  assert.deepEqual(await Promise.all(names.map((name) => client.can(name))), [true, true, false, false]);
  assert.deepEqual(
    requests.map(({ method, url, headers }) => [method, url, headers.authorization]),
    Array.from({ length: 2 }, () => ["GET", "https://tenant.example/api/v2/-/capabilities", undefined]),
  );
});

test("changes are sent with the csrf that the proxy tells, for which the same client asks", async () => {
  const client = new ManagementClient({
    baseUrl: "https://admin.example/admin-api",
    csrf: async () => (await client.capabilities()).csrf,
    async fetch(url, { method, headers }) {
      requests.push(`${method} ${new URL(url).pathname} ${headers["x-csrf-token"]}`);
      return url.endsWith("/capabilities") ? answer(200, { operations: {}, csrf: "t" })() : answer(200, {})();
    },
  });
  const requests = [];
  await Promise.all([client.users.update("x", {}), client.users.update("y", {})]);
  await client.users.get("x");
  assert.deepEqual(requests, [
    "GET /admin-api/-/capabilities undefined",
    "PATCH /admin-api/users/x t",
    "PATCH /admin-api/users/y t",
    "GET /admin-api/users/x undefined",
  ]);
});

const staleCsrf = { statusCode: 403, error: "Forbidden", message: "no", errorCode: "invalid_csrf_token" };

test("after a sign-in elsewhere the capabilities are asked for again, once, and changes are sent again", async () => {
  let session = "old";
  const client = new ManagementClient({
    baseUrl: "https://admin.example/admin-api",
    csrf: async () => (await client.capabilities()).csrf,
    async fetch(url, { method, headers }) {
      const csrf = headers["x-csrf-token"];
      requests.push([method, new URL(url).pathname.slice("/admin-api".length), csrf].join(" ").trim());
      if (method === "GET") return answer(200, { operations: { [session]: true }, csrf: session })();
      return csrf === session ? answer(200, {})() : answer(403, staleCsrf)();
    },
  });
  const requests = [];
  await client.users.update("x", {});
  session = "new";
  await Promise.all([client.users.create({ connection: "c" }), client.users.update("y", {})]);
  assert.deepEqual(requests.slice(0, 2), ["GET /-/capabilities", "PATCH /users/x old"]);
  assert.deepEqual(requests.slice(2).sort(), [
    "GET /-/capabilities",
    "PATCH /users/y new",
    "PATCH /users/y old",
    "POST /users new",
    "POST /users old",
  ]);
  assert.deepEqual((await client.capabilities()).operations, { new: true });
});

test("csrf is asked for again once, with what was refused, and text is not sent again", async () => {
  const given = [];
  const supplied = (refused) => {
    given.push(refused);
    return `csrf-${given.length}`;
  };
  for (const [csrf, maxRetries, sent] of [
    [supplied, 2, ["csrf-1", "csrf-2"]],
    [async (refused) => supplied(refused), 0, ["csrf-1", "csrf-2"]],
    ["text", 2, ["text"]],
  ]) {
    given.length = 0;
    const waits = [];
    const onRetry = ({ code, status, waitMs }) => waits.push([code, status, waitMs]);
    const { users, requests } = recorded([answer(403, staleCsrf)], { csrf, maxRetries, onRetry });
    const error = await rejection(users.create({ connection: "c" }));
    assert.deepEqual([error.code, error.errorCode, error.attempts], ["forbidden", "invalid_csrf_token", sent.length]);
    assert.deepEqual(
      requests.map(({ headers }) => headers["x-csrf-token"]),
      sent,
    );
    assert.deepEqual(given, typeof csrf === "string" ? [] : [undefined, "csrf-1"]);
    assert.deepEqual(waits, typeof csrf === "string" ? [] : [["forbidden", 403, 0]]);
  }
  given.length = 0;
  const other = recorded([answer(403, { ...staleCsrf, errorCode: "foreign_origin" })], { csrf: supplied });
  assert.equal((await rejection(other.users.delete("x"))).errorCode, "foreign_origin");
  assert.deepEqual(given, [undefined]);
});

test("what csrf throws when it is asked again ends the call, and leaves open what was sent before", async () => {
  const csrf = (refused) => {
    if (refused) throw new Error("signed out");
    return "old";
  };
  const plain = recorded([answer(403, staleCsrf)], { csrf });
  assert.equal((await rejection(plain.users.update("x", {}))).message, "signed out");
  const open = recorded([answer(503, {}, { "retry-after": "0" }), answer(403, staleCsrf)], { csrf });
  const error = await rejection(open.users.update("x", {}));
  assert.deepEqual([error.code, error.cause.message], ["outcome_unknown", "signed out"]);
  assert.equal(open.requests.length, 2);
});

test("an abort or a deadline ends the wait for csrf", async () => {
  const { users, requests } = recorded(undefined, { csrf: () => new Promise(() => {}) });
  const controller = new AbortController();
  const call = users.update("x", {}, { abortSignal: controller.signal });
  controller.abort("enough");
  assert.equal(await rejection(call), "enough");
  const late = await rejection(users.update("x", {}, { deadlineInSeconds: 0.01 }));
  assert.equal(late.code, "deadline");
  assert.equal(requests.length, 0);
});

test("requiredScopes are those of all operations, each once", () => {
  const { client } = recorded();
  assert.deepEqual(client.requiredScopes([]), []);
  assert.deepEqual(client.requiredScopes(["users.get", "users.list", "users.update"]), ["read:users", "update:users"]);
  assert.deepEqual(client.requiredScopes(["users.roles.list"]), ["read:role_members", "read:roles", "read:users"]);
});

test("a name that is no operation is refused", async () => {
  const { client } = recorded();
  for (const name of ["users", "users.nothing", "", undefined, null, 7, "toString", Symbol("s"), ["users.get"]]) {
    const error = await rejection(client.can(name));
    assert.equal(error.name, "TypeError");
    assert.match(error.message, /^operation must be the name of a method/);
    assert.throws(() => client.requiredScopes([name]), { name: "TypeError", message: /^operation must be / });
  }
  for (const names of [undefined, "users.get", {}]) {
    assert.throws(() => client.requiredScopes(names), { message: /^operations must be an array/ });
  }
});

test("credentials go to fetch, and csrf with everything but GET", async () => {
  let asked = 0;
  for (const csrf of ["token-1", () => `token-${++asked}`, async () => `token-${++asked}`]) {
    asked = 0;
    const { users, requests } = recorded(undefined, { credentials: "include", csrf });
    await users.get("x");
    await users.list();
    await users.update("x", {});
    assert.deepEqual(
      requests.map(({ credentials, headers }) => [credentials, headers["x-csrf-token"]]),
      [
        ["include", undefined],
        ["include", undefined],
        ["include", "token-1"],
      ],
    );
  }
  const { users, requests } = recorded();
  await users.update("x", {});
  assert.equal("credentials" in requests[0], false);
  assert.equal(requests[0].headers["x-csrf-token"], undefined);
});

test("csrf that cannot be sent, or cannot be had, ends the call before it is sent", async () => {
  for (const [csrf, message] of [
    [() => "", /^users\.delete: csrf must be a non-empty string/],
    [async () => "a b", /^users\.delete: csrf must be a non-empty string/],
    [() => 7, /^users\.delete: csrf must be /],
    [
      async () => {
        throw new Error("signed out");
      },
      /^signed out$/,
    ],
  ]) {
    const { users, requests } = recorded(undefined, { csrf });
    assert.match((await rejection(users.delete("x"))).message, message);
    assert.equal(requests.length, 0);
  }
  for (const [options, named] of [
    [{ csrf: 7 }, /^csrf must be a string, or a function/],
    [{ credentials: "all" }, /^credentials must be "omit", "same-origin" or "include"/],
    [{ credentials: 7 }, /^credentials must be /],
  ]) {
    assert.throws(() => recorded(undefined, options), { message: named });
  }
});

test("forCurrentUser gives a client like any other", async () => {
  const requests = [];
  const fetch = async (url) => (requests.push(url), answer(200, { user_id: "x" })());
  const client = ManagementClient.forCurrentUser({ domain: "t.example", token: "t", fetch });
  assert.ok(client instanceof ManagementClient);
  assert.deepEqual(await client.users.get("x"), { user_id: "x" });
  assert.deepEqual(requests, ["https://t.example/api/v2/users/x"]);
});

/** What the sources name for an operation: all that either of them names. */
function named({ scopes, scope_sources: sources }) {
  return sources ? [...new Set([...sources.openapi, ...sources.refusal])] : scopes;
}

const everyScope = new Set(operations.flatMap(named));

test("an operation lacks a scope of its sources only by decision", () => {
  for (const operation of operations) {
    const { name, scopes, scope_sources: sources } = operation;
    for (const scope of scopes) assert.ok(named(operation).includes(scope), `${name}: ${scope}`);
    for (const scope of named(operation).filter((scope) => !scopes.includes(scope))) {
      assert.ok(sources.decision.includes(`\`${scope}\``), `${name}: ${scope}`);
    }
    if (sources) {
      const inBoth = sources.openapi.filter((scope) => sources.refusal.includes(scope));
      assert.ok(inBoth.length === 0 || inBoth.includes(scopes[0]), `${name} prefers ${scopes[0]}`);
    }
  }
});

test("can is false only for scopes that do not suffice", async () => {
  const wrong = [];
  for (const scope of everyScope) {
    const { client } = recorded(undefined, { token: tokenOf({ scope }) });
    for (const { name, scopes, needs } of operations) {
      const accepted = needs === "any" && scopes.includes(scope);
      if ((await client.can(name)) !== accepted) wrong.push(`${name} with ${scope}`);
    }
  }
  assert.deepEqual(wrong, []);
  for (const { name, scopes, needs } of operations) {
    const { client } = recorded(undefined, { token: tokenOf({ scope: scopes.join(" ") }) });
    assert.equal(await client.can(name), true, name);
    assert.deepEqual(client.requiredScopes([name]), needs === "all" ? scopes.toSorted() : [scopes[0]], name);
  }
});

test("can is true for every scope that the tenant accepts", async () => {
  const tenant = createTenant({ users: 1 });
  const { data } = await new ManagementClient({
    baseUrl: tenant.url,
    token: tenant.token,
    fetch: tenant.fetch,
  }).users.list();
  const wrong = [];
  for (const scope of everyScope) {
    const token = tokenOf({ scope });
    const { client } = recorded(undefined, { token });
    tenant.addToken({ token, scopes: [scope], subject: data[0].user_id });
    for (const { name, method, path } of operations) {
      const url = tenant.url + path.replace(/\{\w+\}/g, encodeURIComponent(data[0].user_id));
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const response = await tenant.fetch(url, { method, headers, ...(method !== "GET" && { body: "{}" }) });
      const { errorCode } = response.status < 400 ? {} : await response.json();
      if (errorCode !== "insufficient_scope" && !(await client.can(name))) wrong.push(`${name} with ${scope}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("capabilities of a client with functions are those of each caller", async () => {
  const user = new AsyncLocalStorage();
  const client = new ManagementClient({
    baseUrl: "https://admin.example/admin-api",
    headers: { cookie: () => user.getStore() },
    csrf: async () => (await client.capabilities()).csrf,
    fetch: async (url, { headers: { cookie, "x-csrf-token": csrf } }) =>
      url.endsWith("/capabilities")
        ? answer(200, { operations: { "users.get": cookie === "ana" }, csrf: `csrf-of-${cookie}` })()
        : answer(200, { cookie, csrf })(),
  });
  const names = ["ana", "ben", "ana", "eve"];
  const seen = await Promise.all(
    names.map((name) =>
      user.run(name, async () => [await client.can("users.get"), await client.users.update("x", {})]),
    ),
  );
  assert.deepEqual(
    seen,
    names.map((name) => [name === "ana", { cookie: name, csrf: `csrf-of-${name}` }]),
  );
});
