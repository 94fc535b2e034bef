import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ManagementClient } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";

const tenant = await startTenant({ after }, "--users", "20");
const { users } = new ManagementClient({ baseUrl: tenant.baseUrl, token: tenant.token });
const { user_id: id } = await users.create({
  connection: "Username-Password-Authentication",
  email: "many@example.com",
  password: "Secret-123",
});
await tenant.control("attach", { user_id: id, organizations: 1_200, sessions: 130, logs: 130 });

async function ids(list) {
  const found = [];
  for await (const item of await list) found.push(item.id ?? item.log_id);
  assert.equal(new Set(found).size, found.length);
  return found.length;
}

test("a list of organizations goes on beyond the 1,000 that an offset reaches", async () => {
  assert.equal(await ids(users.organizations.list(id)), 1_200);
  await assert.rejects(ids(users.organizations.list(id, { page: 0, per_page: 100 })), {
    statusCode: 400,
    errorCode: "invalid_paging",
  });
});

test("checkpoint and offset lists are read to their ends", async () => {
  assert.equal(await ids(users.sessions.list(id)), 130);
  assert.equal(await ids(users.sessions.list(id, { take: 7 })), 130);
  assert.equal(await ids(users.refreshToken.list(id, { take: 100 })), 130);
  assert.ok((await ids(users.logs.list(id, { per_page: 33 }))) >= 130);
});

test("what is assigned is listed, and what is deleted is gone", async () => {
  const { roles, resource_servers } = await tenant.control("directory");
  await users.roles.assign(id, { roles: [roles[0].id] });
  assert.deepEqual(
    (await users.roles.list(id)).data.map(({ id }) => id),
    [roles[0].id],
  );
  assert.equal(await users.roles.delete(id, { roles: [roles[0].id] }), undefined);
  assert.deepEqual((await users.roles.list(id)).data, []);
  assert.ok(resource_servers.length > 0);
  assert.equal(await users.sessions.delete(id), undefined);
  assert.equal(await ids(users.sessions.list(id)), 0);
});

test("a linked identity leaves the list of users and comes back when it is unlinked", async () => {
  const connection = "Username-Password-Authentication";
  const other = await users.create({ connection, email: "other@example.com", password: "Secret-123" });
  const isListed = async () => (await users.list({ q: 'email:"other@example.com"' })).data.length === 1;
  assert.ok(await isListed());
  const identities = await users.identities.link(id, { provider: "auth0", user_id: other.user_id });
  assert.equal(identities.length, 2);
  assert.ok(!(await isListed()));
  await users.identities.delete(id, "auth0", other.user_id.split("|")[1]);
  assert.ok(await isListed());
});
