import assert from "node:assert/strict";
import test from "node:test";

import { start } from "./setup.mjs";

test("one call reads what a page about one user shows", async () => {
  const { client, tenant } = start({ users: 0 });
  tenant.roles.add({ name: "typesetter" });
  const { user_id: id } = tenant.users.add({ email: "ada@example.com", roles: ["typesetter"] });
  tenant.attach(id, { sessions: 150 });
  const all = await client.users.overview(id);
  assert.deepEqual(
    Object.values(all).map(({ status }) => status),
    Array(12).fill("ok"),
  );
  assert.equal(tenant.journal().length, 12);
  assert.equal(all.user.data.email, "ada@example.com");
  assert.deepEqual(
    all.roles.data.map(({ name }) => name),
    ["typesetter"],
  );
  assert.equal(all.roles.hasMore, false);
  assert.deepEqual([all.sessions.data.length, all.sessions.hasMore], [100, true]);
  assert.deepEqual(all.blocks.data, []);
});

test("a section that fails has its error, and the others are there", async () => {
  const token = "reader";
  const { client, tenant } = start({ users: 0, tokens: [{ token, scopes: ["read:users"] }] }, { token, maxRetries: 0 });
  const { user_id: id } = tenant.users.add({ email: "ada@example.com" });
  tenant.failNext({ operation: "users.enrollments.get", status: 500, body: "{}" });
  const sections = ["user", "blocks", "sessions", "enrollments"];
  const { user, blocks, sessions, enrollments, ...rest } = await client.users.overview(id, { sections });
  assert.deepEqual(rest, {});
  assert.equal(user.data.user_id, id);
  assert.deepEqual(blocks.data, []);
  assert.equal(sessions.status, "failed");
  assert.deepEqual(sessions.error.missingScopes, ["read:sessions"]);
  assert.equal(enrollments.error.statusCode, 500);
});

test("a 404 of a gateway is the error of a section, not a missing user", async () => {
  const { client, tenant } = start({ users: [{ user_id: "auth0|ana", email: "ana@example.com" }] });
  tenant.failNext({ operation: "users.get", status: 404, body: "<html>" });
  const { user, roles } = await client.users.overview("auth0|ana", { sections: ["user", "roles"] });
  assert.deepEqual([user.status, user.error.statusCode, roles.status], ["failed", 404, "ok"]);
});

test("many reads with one signal add one listener to it", async (t) => {
  const { client } = start({ users: 40 });
  const ids = (await client.users.list()).data.map(({ user_id }) => user_id);
  const { signal } = new AbortController();
  let [listeners, most] = [0, 0];
  for (const [method, change] of [
    ["addEventListener", 1],
    ["removeEventListener", -1],
  ]) {
    const original = signal[method].bind(signal);
    t.mock.method(signal, method, (...given) => {
      listeners += change;
      most = Math.max(most, listeners);
      original(...given);
    });
  }
  await Promise.all(ids.map((id) => client.users.blockStatus(id, { abortSignal: signal })));
  assert.deepEqual([listeners, most], [0, 1]);
});

test("nobody has no overview, and a wrong section is refused before anything is sent", async () => {
  const { client, tenant } = start({ users: 0 });
  await assert.rejects(client.users.overview("auth0|nobody"), { statusCode: 404 });
  tenant.clearJournal();
  for (const sections of [["users"], "user", ["toString"]]) {
    await assert.rejects(client.users.overview("auth0|1", { sections }), { name: "TypeError", message: /sections/ });
  }
  for (const request of [null, { section: ["user"] }]) {
    await assert.rejects(client.users.overview("auth0|1", request), { name: "TypeError", message: /: request / });
    await assert.rejects(client.users.findByEmail("a@example.com", request), {
      name: "TypeError",
      message: /: request /,
    });
  }
  await assert.rejects(client.users.hydrate(undefined, ["roles"]).next(), {
    name: "TypeError",
    message: /^users\.hydrate: ids must/,
  });
  await assert.rejects(client.users.blockStatus("auth0|1", 42), {
    name: "TypeError",
    message: /^users\.blockStatus: requestOptions must/,
  });
  assert.equal(tenant.journal().length, 0);
});

test("where one read fails and the others are of no use, nothing is left under way", async () => {
  const nobody = "auth0|nobody";
  for (const [stuck, call] of [
    [/\/(roles|logs)/, ({ users }) => users.overview(nobody)],
    [/\/user-blocks\//, ({ users }) => users.blockStatus(nobody)],
    [/\/enrollments/, ({ users }) => users.mfa.status(nobody)],
    [/\/users\?.*q=/, ({ users }) => users.findByEmail("Ana@example.com", { case: "smart" })],
    [/\/roles/, async ({ users }) => (await users.hydrate([nobody], ["profile", "roles"]).next()).value.error],
  ]) {
    const tenant = start({ users: 1 }).tenant;
    const open = new Set();
    const fetch = (url, init) => {
      if (!stuck.test(url)) return tenant.fetch(url, init);
      open.add(url);
      return new Promise((_, reject) => {
        init.signal.addEventListener("abort", () => {
          open.delete(url);
          reject(init.signal.reason);
        });
      });
    };
    const { url: baseUrl, token } = tenant;
    const { client } = start({}, { baseUrl, token, fetch, maxRetries: 0 });
    // So that it is known how many may be sent at once.
    await client.users.list();
    tenant.failNext({ operation: "users.listUsersByEmail", status: 404 });
    const error = await call(client).catch((error) => error);
    assert.equal(error.statusCode, 404);
    assert.deepEqual([...open], []);
  }
});

test("a user who is not there costs no requests that can be saved", async () => {
  const { client, tenant } = start({ users: 1 });
  tenant.setRate({ burst: 3, perSecond: 20 });
  await assert.rejects(client.users.overview("auth0|nobody"), { statusCode: 404 });
  assert.equal(client.rateLimit.queued, 0);
  assert.ok(tenant.journal().length < 12);
});
