import assert from "node:assert/strict";
import test from "node:test";

import { start } from "./setup.mjs";

test("one call reads what a page about one user shows", async () => {
  const { client, tenant } = start({ users: 0 });
  tenant.roles.add({ name: "typesetter" });
  const { user_id: id } = tenant.users.add({ email: "ada@example.com", roles: ["typesetter"] });
  tenant.give(id, { sessions: 150 });
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

test("nobody has no overview, and a wrong section is refused before anything is sent", async () => {
  const { client, tenant } = start({ users: 0 });
  await assert.rejects(client.users.overview("auth0|nobody"), { statusCode: 404 });
  tenant.clearJournal();
  for (const sections of [["users"], "user", ["toString"]]) {
    await assert.rejects(client.users.overview("auth0|1", { sections }), { name: "TypeError", message: /sections/ });
  }
  assert.equal(tenant.journal().length, 0);
});
