// The tenant of auth0-users/testing, as its users have it.
import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import test from "node:test";
import { gunzipSync } from "node:zlib";

import * as official from "auth0";
import { ManagementClient } from "auth0-users";
import { createTenant } from "auth0-users/testing";

const authorized = (tenant) => ({ headers: { authorization: `Bearer ${tenant.token}` } });

function clientOf(tenant, options) {
  const { url: baseUrl, token, fetch } = tenant;
  return new ManagementClient({ baseUrl, token, fetch, ...options });
}

test("a client talks to it without a network, and so does the official one", async () => {
  const tenant = createTenant({ users: 60 });
  assert.equal((await clientOf(tenant).users.list({ per_page: 100 })).data.length, 60);
  const theirs = new official.ManagementClient({ domain: tenant.domain, token: tenant.token, fetch: tenant.fetch });
  assert.equal((await theirs.users.list({ per_page: 100 })).data.length, 60);
});

test("it can be required", () => {
  const { createTenant: required } = createRequire(import.meta.url)("auth0-users/testing");
  assert.equal(required, createTenant);
});

test("the same options give the same tenant", async () => {
  const ids = async (options) => {
    const { data } = await clientOf(createTenant({ users: 3, ...options })).users.list();
    return data.map(({ user_id }) => user_id);
  };
  assert.deepEqual(await ids({ seed: 7 }), await ids({ seed: 7 }));
  assert.notDeepEqual(await ids({ seed: 7 }), await ids({ seed: 8 }));
});

test("users, roles, organizations and connections are added", async () => {
  const tenant = createTenant({ users: [{ email: "first@example.com" }] });
  tenant.connections.add({ name: "Partners", strategy: "oidc" });
  const [auditor, guest] = tenant.roles.add({ name: "auditor" }, { name: "guest" });
  const umbrella = tenant.organizations.add({ name: "umbrella" });
  const ada = tenant.users.add({
    connection: "Partners",
    user_id: "oidc|ada",
    email: "Ada@example.com",
    app_metadata: { plan_name: "gold" },
    roles: ["auditor", guest.id],
    organizations: ["umbrella"],
  });
  assert.equal(ada.user_id, "oidc|ada");
  const { users } = clientOf(tenant);
  assert.deepEqual((await users.get("oidc|ada")).app_metadata, { plan_name: "gold" });
  const roles = await users.roles.list("oidc|ada");
  assert.deepEqual(
    roles.data.map(({ id }) => id),
    [auditor.id, guest.id],
  );
  assert.equal((await users.organizations.list("oidc|ada")).data[0].id, umbrella.id);
  assert.ok(tenant.directory().connections.some(({ name }) => name === "Partners"));
  tenant.attach("oidc|ada", { connectedAccounts: 2 });
  assert.equal((await users.connectedAccounts.list("oidc|ada")).data.length, 2);
  assert.throws(() => tenant.users.add({ email: "first@example.com" }), /first@example\.com/);
  assert.throws(() => tenant.users.add({ user_metadate: {} }), /user_metadate/);
  tenant.reset();
  assert.deepEqual(
    (await users.list()).data.map(({ email }) => email),
    ["first@example.com"],
  );
});

test("what is wrong with an option is said with its name", () => {
  for (const [options, message] of [
    [{ searchLag: 5 }, /searchLag/],
    [{ searchLagMs: "5" }, /integer.*string.*searchLagMs/],
    [{ users: -1 }, /-1.*users/],
    [{ rate: { burst: 1 } }, /perSecond/],
    [{ faults: { rate: 2 } }, /rate/],
    [{ domain: "https://x" }, /domain has to be a host/],
    [{ clock: 5 }, /clock has to be a function/],
    [{ tokens: [{ scopes: [] }] }, /token/],
    [7, /options has to be an object, not 7/],
  ]) {
    assert.throws(() => createTenant(options), { name: "TypeError", message });
  }
  const tenant = createTenant();
  assert.throws(() => tenant.failNext({ stat: 1 }), { name: "TypeError", message: /stat/ });
  assert.throws(() => tenant.failNext(), /fault has to be an object, not undefined/);
  assert.throws(() => tenant.setRate({ burst: -1, perSecond: 1 }), /perSecond/);
  assert.throws(() => tenant.setLatency("long"), /integer/);
  assert.throws(() => tenant.attach("nobody", {}), /user does not exist/);
});

test("the journal tells what came, what was answered and what was done", async () => {
  const tenant = createTenant({ clock: () => 1_700_000_000_000 });
  const { users } = clientOf(tenant, { maxRetries: 0 });
  await users.list({ q: "name:a*" });
  tenant.failNext({ status: 500, afterCommit: true });
  await assert.rejects(users.delete("auth0|nobody"));
  await assert.rejects(users.get("auth0|nobody"));
  const [list, removed, missing] = tenant.journal();
  assert.equal(list.operation, "users.list");
  assert.match(list.query, /q=name/);
  assert.equal(list.headers.authorization, "[hidden]");
  assert.equal(list.at, 1_700_000_000_000);
  assert.deepEqual([list.status, list.committed, list.fault], [200, true, null]);
  assert.deepEqual([removed.status, removed.committed, removed.fault], [500, true, "status"]);
  assert.deepEqual([missing.status, missing.committed, missing.fault], [404, false, null]);
  assert.deepEqual(
    tenant.journal({ after: 1, take: 1 }).map(({ number }) => number),
    [2],
  );
  tenant.clearJournal();
  assert.deepEqual(tenant.journal(), []);
});

test("faults that were ordered happen as they do to fetch", async () => {
  const tenant = createTenant();
  const list = (init) => tenant.fetch(`${tenant.url}/users`, { ...authorized(tenant), ...init });
  tenant.failNext({ reset: true });
  await assert.rejects(list(), (error) => error instanceof TypeError && error.cause.code === "ECONNRESET");

  const whole = await (await list()).text();
  tenant.failNext({ truncate: true });
  const reader = (await list()).body.getReader();
  const { value } = await reader.read();
  assert.equal(value.length, Buffer.byteLength(whole) >> 1);
  await assert.rejects(reader.read(), { name: "TypeError", message: "terminated" });

  tenant.failNext({ stall: true });
  const controller = new AbortController();
  const text = (await list({ signal: controller.signal })).text();
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(text, reason);

  tenant.failNext({ status: 503, headers: { "retry-after": "7" }, times: 2 });
  assert.equal((await list()).headers.get("retry-after"), "7");
  assert.equal((await list()).status, 503);
  tenant.failNext({ status: 403, operation: "users.get", userId: "auth0|a|b" });
  const get = (id) => tenant.fetch(`${tenant.url}/users/${encodeURIComponent(id)}`, authorized(tenant));
  const status = async (id) => (await get(id)).status;
  assert.deepEqual([await status("auth0|a"), await status("auth0|a|b"), await status("auth0|a|b")], [404, 403, 404]);
  tenant.failNext({ contentType: "text/html" });
  assert.match(await (await list()).text(), /<!doctype html>/);
  assert.equal((await list()).status, 200);
});

test("faults by chance leave a client with what was really done", async () => {
  const tenant = createTenant({ users: 0, faults: { rate: 0.4, kinds: ["server_error", "reset"], seed: 5 } });
  const { users } = clientOf(tenant, { maxRetries: 0 });
  const connection = "Username-Password-Authentication";
  const create = (n) => users.create({ connection, email: `${n}@example.com`, password: "Secret-123" });
  const results = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => create(n)));
  assert.ok(results.some(({ status }) => status === "rejected"));
  const committed = tenant.journal().filter((entry) => entry.committed).length;
  assert.ok(committed > results.filter(({ status }) => status === "fulfilled").length);
  tenant.setFaults(null);
  assert.equal((await users.list({ per_page: 100 })).data.length, committed);
});

test("an abort ends the wait for a slow answer", async () => {
  const tenant = createTenant({ latencyMs: 60_000 });
  const controller = new AbortController();
  const answer = tenant.fetch(`${tenant.url}/users`, { ...authorized(tenant), signal: controller.signal });
  controller.abort();
  await assert.rejects(answer, { name: "AbortError" });
  const late = tenant.fetch(`${tenant.url}/users`, { ...authorized(tenant), signal: AbortSignal.timeout(20) });
  await assert.rejects(late, { name: "TimeoutError" });
  tenant.setLatency(0);
  assert.equal((await tenant.fetch(`${tenant.url}/users`, authorized(tenant))).status, 200);
});

test("limits, time and tokens are set while it runs", async () => {
  let now = 1_700_000_000_000;
  const tenant = createTenant({ clock: () => now, rate: { burst: 1, perSecond: 1 } });
  const status = async (token = tenant.token) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await tenant.fetch(`${tenant.url}/users`, { headers })).status;
  };
  assert.deepEqual([await status(), await status()], [200, 429]);
  now += 1000;
  assert.equal(await status(), 200);
  tenant.setRate(null);
  tenant.addToken({ token: "other", scopes: ["read:roles"] });
  tenant.addToken({ token: "short", expiresInMs: 1000 });
  assert.deepEqual([await status("other"), await status("short")], [403, 200]);
  tenant.advanceClock(1000);
  assert.equal(await status("short"), 401);
});

test("a snapshot is plain data and brings everything back", async () => {
  const tenant = createTenant({ seed: 3 });
  const { users } = clientOf(tenant);
  const [{ user_id: id }] = (await users.list()).data;
  await users.update(id, { app_metadata: { kept: true } });
  const snapshot = JSON.parse(JSON.stringify(tenant.snapshot()));
  await users.delete(id);
  tenant.restore(snapshot);
  assert.deepEqual((await users.get(id)).app_metadata.kept, true);
  const other = createTenant({ users: 0 });
  other.restore(snapshot);
  assert.deepEqual(other.snapshot(), snapshot);
  assert.throws(() => tenant.restore({ version: 99 }), /snapshot cannot be read/);
  assert.deepEqual(tenant.snapshot(), snapshot);
});

test("it takes forms, files and requests, and gives compressed files", async () => {
  const tenant = createTenant({ users: 5, jobMs: 0 });
  const { connections } = tenant.directory();
  const form = new FormData();
  form.set("connection_id", connections[0].id);
  form.set("users", new Blob([JSON.stringify([{ email: "imported@example.com" }])]), "users.json");
  const { headers } = authorized(tenant);
  const request = new Request(`${tenant.url}/jobs/users-imports`, { method: "POST", body: form, headers });
  const response = await tenant.fetch(request);
  assert.equal(response.status, 202);
  assert.equal(response.url, request.url);
  const { jobs } = clientOf(tenant);
  const { id } = await jobs.usersExports.create({ format: "json" });
  const { location } = await jobs.get(id);
  const file = await tenant.fetch(location);
  const lines = gunzipSync(await file.arrayBuffer())
    .toString()
    .trim()
    .split("\n");
  assert.equal(lines.length, 6);
});

test("a token is given for a secret, or for an assertion whose signature is right", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" });
  const tenant = createTenant({
    clients: [
      { id: "app", publicKeyPem },
      { id: "other", secret: "s" },
    ],
  });
  const exp = Math.floor(Date.now() / 1000) + 60;
  const part = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");
  const claims = { iss: "app", sub: "app", aud: `https://${tenant.domain}/`, exp, jti: "1" };
  const signed = `${part({ alg: "RS256" })}.${part(claims)}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url");
  const ask = async (fields) => {
    const body = { grant_type: "client_credentials", audience: `${tenant.url}/`, ...fields };
    const init = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    return tenant.fetch(`https://${tenant.domain}/oauth/token`, init);
  };
  const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  const assert_ = (assertion) => ask({ client_assertion_type: type, client_assertion: assertion });
  const good = await assert_(`${signed}.${signature}`);
  assert.equal(good.status, 200);
  const { access_token: token } = await good.json();
  assert.equal((await clientOf(tenant, { token }).users.list()).data.length, 50);
  const forged = createSign("RSA-SHA256").update(`${signed}x`).sign(privateKey, "base64url");
  assert.equal((await assert_(`${signed}.${forged}`)).status, 401);
  assert.equal((await assert_("nonsense")).status, 401);
  assert.equal((await ask({ client_id: "other", client_secret: "s" })).status, 200);
  assert.equal((await ask({ client_id: "app", client_secret: "" })).status, 401);
});

test("tenants know nothing of each other, and many come and go", async () => {
  const one = createTenant({ users: 1 });
  const other = createTenant({ users: 2 });
  one.users.add({ email: "one@example.com" });
  assert.equal((await clientOf(other).users.listUsersByEmail({ email: "one@example.com" })).length, 0);
  for (let n = 0; n < 200; n++) createTenant({ users: 20, seed: n });
  assert.equal((await clientOf(one).users.list()).data.length, 2);
});
