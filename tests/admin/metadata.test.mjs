import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { MetadataConflictError, withAdmin } from "auth0-users/admin";

import { start } from "./setup.mjs";

const cases = JSON.parse(await readFile(new URL("metadata.cases.json", import.meta.url), "utf8"));
const id = "auth0|ada";
const startWith = (metadata) => start({ users: [{ user_id: "auth0|ada", ...metadata }] });
const changesOf = (tenant) => tenant.journal().filter(({ method }) => method === "PATCH").length;

for (const kind of ["user", "app"]) {
  const name = `${kind}_metadata`;
  for (const { verb, before, given, patch, diff, refused } of cases) {
    test(`${name}: ${verb} ${JSON.stringify(given)} on ${JSON.stringify(before)}`, async () => {
      const { client, tenant } = startWith({ [name]: before });
      const verbs = client.users.metadata(id)[kind];
      if (refused !== undefined) {
        const error = await verbs[verb](...given).catch((error) => error);
        assert.equal(error.code, "invalid_argument");
        assert.ok(error.message.includes(refused), error.message);
        assert.equal(changesOf(tenant), 0);
        return;
      }
      const body = patch && { [name]: patch };
      const planned = await verbs[verb](...given, { dryRun: true });
      assert.equal(changesOf(tenant), 0);
      const done = await verbs[verb](...given);
      assert.deepEqual(planned, { ...done, sent: false });
      assert.deepEqual([done.patch, done.diff, done.before], [body, diff, before]);
      assert.equal(done.sent, patch !== undefined);
      assert.equal(changesOf(tenant), patch === undefined ? 0 : 1);
      // The server has what was foretold.
      assert.deepEqual((await client.users.get(id))[name] ?? {}, done.after);
    });
  }
}

test("what has changed since it was looked at is not changed", async () => {
  const { client, tenant } = startWith({ user_metadata: { a: 1 } });
  const { user } = client.users.metadata(id);
  const seen = await client.users.get(id);
  await user.set("a", 2, { expectUpdatedAt: seen.updated_at });
  const at = new Date(Date.parse(seen.updated_at) - 1000);
  await assert.rejects(user.set("a", 3, { expectUpdatedAt: at }), (error) => {
    assert.ok(error instanceof MetadataConflictError);
    assert.equal(error.name, "MetadataConflictError");
    assert.equal(error.code, "metadata_conflict");
    assert.equal(error.expectedUpdatedAt, at.toISOString());
    return true;
  });
  assert.equal(changesOf(tenant), 1);
  await assert.rejects(user.clear({ expectUpdatedAt: "soon" }), { code: "invalid_argument" });
  await assert.rejects(user.clear({ dryRun: "yes" }), { code: "invalid_argument" });
  assert.throws(() => client.users.metadata(""), { code: "invalid_argument" });
});

test("a deadline holds for the read and the write together", async () => {
  const { client } = start({ users: [{ user_id: id }], latencyMs: 400 });
  const late = client.users.metadata(id).user.set("a", 1, { deadlineInSeconds: 0.6 });
  await assert.rejects(late, ({ code }) => ["deadline", "outcome_unknown"].includes(code));
});

test("a plain update does not take away metadata by accident", async () => {
  const { client, tenant } = startWith({ user_metadata: { a: 1 }, app_metadata: { b: 2 } });
  for (const changes of [{ user_metadata: {} }, { name: "Ada", app_metadata: { gone: undefined } }]) {
    const refused = { name: "TypeError", code: "invalid_argument", message: /allowMetadataClear/ };
    await assert.rejects(client.users.update(id, changes), refused);
    await assert.rejects(client.users.update(id, changes).withRawResponse(), refused);
  }
  assert.equal(tenant.journal().length, 0);
  const updated = await withAdmin(client).users.update(id, { user_metadata: {} }, { allowMetadataClear: true });
  assert.deepEqual([updated.user_metadata, updated.app_metadata], [{}, { b: 2 }]);
  assert.equal((await client.users.update(id, { name: "Ada" }, { maxRetries: 0 }).withRawResponse()).data.name, "Ada");
});

test("a value that JSON does not have is refused by name", async () => {
  const { client, tenant } = startWith({});
  const { user } = client.users.metadata(id);
  const endless = {};
  endless.endless = endless;
  const expected = (name) => ({ code: "invalid_argument", message: `${name} must be a value that JSON has` });
  for (const value of [endless, { count: 1n }]) {
    await assert.rejects(user.set("a", value), expected("value"));
    await assert.rejects(user.merge(value), expected("changes"));
    await assert.rejects(client.users.update(id, { user_metadata: value }), expected("user_metadata"));
  }
  assert.equal(tenant.journal().length, 0);
});
