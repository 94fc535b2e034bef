import assert from "node:assert/strict";
import test from "node:test";

import { withAdmin } from "auth0-users/admin";

import { start } from "./setup.mjs";

test("a user is found by id, and nobody is undefined", async () => {
  const { client, tenant } = start({ users: [{ user_id: "auth0|ada", email: "ada@example.com" }] });
  const user = await client.users.find({ id: "auth0|ada" });
  assert.equal(user.email, "ada@example.com");
  assert.equal(await client.users.find({ id: "auth0|nobody" }), undefined);
  assert.equal(tenant.journal().length, 2);
});

test("what is not a way to find somebody is refused before anything is sent", async () => {
  const { client, tenant } = start();
  for (const by of [undefined, null, {}, { id: "" }, { id: 42 }]) {
    await assert.rejects(client.users.find(by), { name: "TypeError", message: /^by must be/ });
  }
  assert.equal(tenant.journal().length, 0);
});

test("only a client can be given the methods", () => {
  for (const client of [undefined, {}, { users: {} }]) {
    assert.throws(() => withAdmin(client), { name: "TypeError", message: /^client must be a ManagementClient/ });
  }
});
