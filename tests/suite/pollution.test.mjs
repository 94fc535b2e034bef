// Properties of Object.prototype change neither what is sent, nor where to, nor what comes back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ManagementClient } from "auth0-users";
import { bulk, exportUsers, importUsers, ndjson, withAdmin } from "auth0-users/admin";
import { createProxy } from "auth0-users/proxy";

/** Every name of an option, of a request or an answer, and what engines ask descriptors and dictionaries for. */
const NAMES = `
  baseUrl domain token clientId clientSecret clientAssertionSigningKey clientAssertionSigningAlg audience tokenStore
  tokenStoreKey dangerouslyAllowHttp dangerouslyAllowBrowser fetch headers credentials csrf telemetry clientInfo
  withCustomDomainHeader customDomain fallbackRequestsPerSecond observers onRequest onResponse onRetry onRateLimit call defaults
  timeoutInSeconds deadlineInSeconds maxRetries timeoutMs deadlineMs ownHeaders telemetryHeader abortSignal signal
  onUnknown queryParams beforeRequest extra query body path method page per_page perPage take from include_totals q sort
  fields kind name ids items isList needsAll required known scopes scope permissions operations
  authorization content-type x-csrf-token auth0-custom-domain auth0-client redirect mode cache window duplex integrity
  referrer keepalive dispatcher get set value writable enumerable configurable then toJSON status statusText statusCode
  errorCode message code cause error operation attempts requestId retryAfterMs isPassing access_token expires_in expiresAt
  renewAt users total start limit length next user_id email blocked roles identities
  id actor client authorize allow basePath origins rateShare maxBodyBytes onAudit onError response secrets kept removed
  onProgress dryRun admin bruteForce block case concurrency journal idempotent by phone capabilities
  Bun Deno window document location navigator process
  updated_at created_at user_metadata app_metadata blocked_for multifactor confirmed recovery_code enrollments phone_number
  mergeMetadata sections allowMetadataClear ifUnmodifiedSince isUnique tieGroup skip isInside exhausted order state field
  isHooked needsProof errors row rows finish ok onWarning retryUnknown sendCompletionEmail removePasskeys revokeSessions mayStart stop maxErrors requestsPerItem
  maxLineLength connection pollSeconds upsert externalId location refusal presence reason after run plan job location
  parameters cursor place at descending fetch format connection_id withdrawn summary
  network timeout deadline outcome_unknown once capture passive stream fatal ignoreBOM type endings 0 1 2
`
  .split(/\s+/)
  .filter(Boolean);

/** What a name is given: values that would count as an option, as properties that are enumerable, read-only, or neither. */
const PROPERTIES = [
  { value: "http://evil.example", enumerable: true, writable: true },
  { value: { evil: "evil", href: "http://evil.example" }, enumerable: false, writable: true },
  { value: true, enumerable: true, writable: false },
];

/** An answer that needs nothing of the engine, which such properties may break as well. */
function reply(status, body) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = { get: (name) => (name === "content-type" ? "application/json" : null) };
  return { __proto__: null, ok: status < 400, status, headers, type: "basic", text: async () => text };
}

/** The file of an export, or another stream. */
function stream(text) {
  const chunks = [new TextEncoder().encode(text)];
  const read = async () => ({ done: chunks.length === 0, value: chunks.pop() });
  return { __proto__: null, getReader: () => ({ __proto__: null, read, cancel: async () => {} }) };
}

const usual = (url, { method }) => {
  if (url.includes("files.example")) {
    const headers = { get: (name) => (name === "content-length" ? "16" : null) };
    return { __proto__: null, ok: true, status: 200, headers, body: stream('{"user_id":"a"}\n') };
  }
  if (url.includes("/jobs/")) {
    if (url.endsWith("/errors")) return reply(204);
    const summary = { failed: 0, updated: 0, inserted: 1, total: 1 };
    return reply(200, { id: "job_1", status: "completed", location: "https://files.example/f", summary });
  }
  if (/enrollments|authentication-methods/.test(url)) return reply(200, []);
  if (url.endsWith("/oauth/token")) return reply(200, { access_token: "minted", expires_in: 600 });
  if (method === "DELETE") return reply(204);
  if (url.includes("/users-by-email")) return reply(200, []);
  if (url.includes("/missing")) return reply(404, { statusCode: 404, error: "Not Found", message: "no" });
  if (url.includes("/forbidden")) return reply(403, { statusCode: 403, error: "Forbidden", message: "no" });
  if (url.includes("/sessions")) return reply(200, { sessions: [] });
  if (url.includes("/refresh-tokens")) return reply(200, { tokens: [] });
  if (url.includes("/roles")) return reply(200, method === "GET" ? { roles: [{ id: "r" }], total: 1 } : undefined);
  if (url.includes("/user-blocks")) return reply(200, { blocked_for: [] });
  if (method === "GET" && /\/users(\?|$)/.test(url))
    return reply(200, { users: [{ user_id: "a", created_at: "2024-01-01" }], total: 1 });
  return reply(200, { user_id: "x", identities: [{ provider: "p", access_token: "idp-secret" }] });
};

/** What a promise came to, as far as it does not depend on the time. */
async function settled(promise) {
  try {
    return { data: copy(await promise) };
  } catch (error) {
    return { error: [error.name, error.message, Object.hasOwn(error, "code") && error.code] };
  }
}

/** A copy of data that has no prototype, which would show what is on it. */
function copy(value) {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null) return value;
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copy(v)])));
}

async function record(run) {
  const requests = [];
  const fetch = async (url, init) => {
    const { method, credentials, redirect } = init;
    // The boundary of a form is made up each time.
    const isForm = init.body instanceof Uint8Array;
    const body = isForm ? "form" : init.body;
    const headers = { ...init.headers, ...(isForm && { "content-type": "form" }) };
    const foreign = Object.keys(init).filter(
      (key) => !["method", "headers", "body", "signal", "redirect"].includes(key),
    );
    requests.push(copy({ url: String(url), method, headers, body, credentials, redirect, foreign }));
    return usual(String(url), init);
  };
  const outcomes = await run(fetch);
  return { requests, outcomes };
}

async function collect(values) {
  const all = [];
  for await (const value of values) all.push(value);
  return all;
}

const settings = { domain: "tenant.example", telemetry: false, maxRetries: 0 };

const flows = {
  async client(fetch) {
    const client = new ManagementClient({ ...settings, token: "t", fetch });
    const { users } = client;
    const outcomes = [];
    for (const call of [
      () => users.list(),
      () => users.list({ q: "a" }, { queryParams: { z: "1" }, headers: { h: "v" } }),
      () => users.get("x"),
      () => users.get("missing"),
      () => users.get("forbidden", { fields: "user_id" }),
      () => users.create({ connection: "c" }),
      () => users.update("x", { blocked: true }),
      () => users.delete("x"),
      () => users.listUsersByEmail({ email: "a@b.c" }),
      () => users.roles.list("x"),
      () => users.roles.assign("x", { roles: ["r"] }),
      () => users.sessions.list("x"),
      () => client.request({ method: "GET", path: ["clients"] }),
      () => client.request({ method: "POST", path: ["clients"], body: { name: "n" } }, { timeoutInSeconds: 5 }),
    ]) {
      outcomes.push(await settled(new Promise((resolve) => resolve(call())).then((page) => page?.data ?? page)));
    }
    outcomes.push(await settled(client.can("users.get")), client.requiredScopes(["users.get"]));
    return outcomes;
  },
  async functions(fetch) {
    const client = new ManagementClient({
      ...settings,
      token: async () => ({ token: "t", expiresAt: Date.now() + 1e6 }),
      headers: { h: async () => "v" },
      csrf: () => "c",
      fetch,
    });
    return [await settled(client.users.update("x", { name: "n" })), await settled(client.users.get("x"))];
  },
  async credentials(fetch) {
    const client = new ManagementClient({ ...settings, clientId: "c", clientSecret: "s", fetch });
    return [await settled(client.users.get("x"))];
  },
  async admin(fetch) {
    const { users } = withAdmin(new ManagementClient({ ...settings, token: "t", fetch }));
    return [
      await settled(users.find({ id: "x" })),
      await settled(users.find({ id: "missing" })),
      await settled(users.findByEmail("A@b.c")),
      await settled(users.unblock("x", { bruteForce: true })),
      await settled(users.signOutEverywhere("x")),
      await settled(users.blockStatus("x")),
      await settled(users.metadata("x").app.merge({ a: { b: 1 } })),
      await settled(users.metadata("x").user.set("a", 1, { dryRun: true })),
      await settled(users.update("x", { name: "n" })),
      await settled(users.identities.linkAccounts("auth0|x", "auth0|y", { dryRun: true })),
      await settled(users.identities.linkAccounts("auth0|x", "auth0|y", { mergeMetadata: true })),
      await settled(users.mfa.status("x")),
      await settled(users.mfa.reset("x")),
      await settled(users.overview("x", { sections: ["user", "blocks", "roles"] })),
    ];
  },
  async runs(fetch) {
    const client = withAdmin(new ManagementClient({ ...settings, token: "t", fetch }));
    const { users } = client;
    const lines = { __proto__: null, body: stream('{"a":1}\n{"a":2}') };
    const onWarning = () => {};
    return [
      await settled(collect(users.all())),
      await settled(collect(users.hydrate(["x"], ["profile", "roles"]))),
      await settled(collect(bulk(["x", "y"], (id, options) => users.update(id, { name: "n" }, options)))),
      await settled(collect(exportUsers(client, { fetch }))),
      await settled(collect(importUsers(client, [{ email: "a@b.c" }], { connection: "c", onWarning }))),
      await settled(collect(ndjson(lines))),
    ];
  },
  async proxy(fetch) {
    const outcomes = [];
    const events = [];
    const proxy = createProxy({
      ...settings,
      token: "t",
      fetch,
      authorize: (request) => request.headers.get("x-actor"),
      csrf: () => "csrf",
      allow: {
        "users.get": true,
        "users.list": { response: ["user_id"] },
        "users.update": { fields: ["blocked"] },
      },
      onAudit: ({ actor, operation, status }) => void events.push([actor, operation, status]),
      onError: (error) => void outcomes.push(String(error)),
    });
    const send = async (method, path, { body, ...headers } = {}) => {
      const given = {
        "x-actor": "ana",
        origin: "https://admin.example",
        ...(body && { "content-type": "application/json" }),
        ...headers,
      };
      const init = { __proto__: null, method, headers: Object.entries(given), body };
      const response = await proxy(new Request(`https://admin.example/admin-api${path}`, init));
      outcomes.push([response.status, response.headers.get("access-control-allow-origin"), await response.text()]);
    };
    await send("GET", "/users/x");
    await send("GET", "/users");
    await send("GET", "/users/missing");
    await send("GET", "/users/x", { "x-actor": "" });
    await send("DELETE", "/users/x", { "x-csrf-token": "csrf" });
    await send("PATCH", "/users/x", { "x-csrf-token": "csrf", body: '{"blocked":true}' });
    await send("PATCH", "/users/x", { "x-csrf-token": "csrf", body: '{"name":"n"}' });
    await send("PATCH", "/users/x", { body: '{"blocked":true}' });
    await send("PATCH", "/users/x", {
      "x-csrf-token": "csrf",
      origin: "http://evil.example",
      body: '{"blocked":true}',
    });
    await send("GET", "/-/capabilities");
    return [outcomes, events];
  },
};

/** Can the engine itself still make and read requests and answers? */
async function engineWorks() {
  try {
    const init = { __proto__: null, method: "POST", headers: [["a", "b"]], body: "c" };
    const answer = new Response("c", { __proto__: null, status: 200, headers: init.headers });
    assert.ok(new Request("https://admin.example", { __proto__: null, method: "GET" }));
    const texts = [await new Request("https://admin.example", init).text(), await answer.text()];
    return texts.join() === "c,c" && answer.headers.get("a") === "b";
  } catch {
    return false;
  }
}

for (const [flow, run] of Object.entries(flows)) {
  test(`what Object.prototype has changes nothing (${flow})`, async () => {
    const expected = await record(run);
    assert.ok(expected.requests.length > 0);
    const wrong = [];
    for (const name of NAMES) {
      assert.ok(!(name in Object.prototype), name);
      for (const property of PROPERTIES) {
        // With these read-only, the engine has neither arrays that grow, nor timers or listeners.
        if (/^(\d|id|next)$/.test(name) && !property.writable) continue;
        let got;
        Object.defineProperty(Object.prototype, name, { __proto__: null, ...property, configurable: true });
        try {
          if (flow === "proxy" && !(await engineWorks())) continue;
          got = await record(run).catch((error) => ({ thrown: String(error.stack) }));
        } finally {
          delete Object.prototype[name];
        }
        try {
          assert.deepEqual(copy(got), copy(expected));
        } catch (error) {
          wrong.push(`${name} = ${JSON.stringify(property)}: ${got.thrown ?? error.message}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });
}
