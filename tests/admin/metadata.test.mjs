import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { ManagementClient } from "auth0-users";
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
  await user.set("a", 2, { ifUnmodifiedSince: seen.updated_at });
  const at = new Date(Date.parse(seen.updated_at) - 1000);
  await assert.rejects(user.set("a", 3, { ifUnmodifiedSince: at }), (error) => {
    assert.ok(error instanceof MetadataConflictError);
    assert.equal(error.name, "MetadataConflictError");
    assert.equal(error.code, "metadata_conflict");
    assert.equal(error.expectedUpdatedAt, at.toISOString());
    return true;
  });
  assert.equal(changesOf(tenant), 1);
  await assert.rejects(user.clear({ ifUnmodifiedSince: "soon" }), { code: "invalid_argument" });
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
  for (const changes of [{ user_metadata: {} }, { name: "Ada", app_metadata: {} }]) {
    const refused = { name: "TypeError", code: "invalid_argument", message: /allowMetadataClear/ };
    await assert.rejects(client.users.update(id, changes), refused);
    await assert.rejects(client.users.update(id, changes).withRawResponse(), refused);
  }
  assert.equal(tenant.journal().length, 0);
  const updated = await withAdmin(client).users.update(id, { user_metadata: {} }, { allowMetadataClear: true });
  assert.deepEqual([updated.user_metadata, updated.app_metadata], [{}, { b: 2 }]);
  assert.equal((await client.users.update(id, { name: "Ada" }, { maxRetries: 0 }).withRawResponse()).data.name, "Ada");
});

test("a value that JSON would drop or change is refused with its path", async () => {
  const { client, tenant } = startWith({ user_metadata: { a: 1 } });
  const { user } = client.users.metadata(id);
  const endless = {};
  endless.endless = endless;
  const refused = (message) => ({ name: "TypeError", code: "invalid_argument", message });
  for (const [value, message] of [
    [endless, /: [a-z._]+\.endless contains itself/],
    [{ count: 1n }, /: [a-z._]+\.count is a bigint/],
    [{ score: Number.NaN }, /: [a-z._]+\.score is NaN, .*null deletes a key/],
    [{ theme: undefined }, /: [a-z._]+\.theme is undefined, .*null deletes a key/],
    [new Map([["a", 1]]), /: [a-z._]+ is of the type Map/],
    [{ on: new Date(Number.NaN) }, /: [a-z._]+\.on is an invalid date/],
    [{ list: [1, undefined] }, /: [a-z._]+\.list\[1\] is undefined/],
  ]) {
    await assert.rejects(user.set("a", value), refused(message));
    await assert.rejects(user.merge(value), refused(message));
    await assert.rejects(user.replace(value), refused(message));
    await assert.rejects(client.users.update(id, { user_metadata: value }), refused(message));
    await assert.rejects(
      client.users.update(id, { user_metadata: value }, { allowMetadataClear: true }),
      refused(message),
    );
  }
  await assert.rejects(user.set("a", undefined), refused(/^users\.metadata\.user\.set: value is undefined/));
  assert.equal(tenant.journal().length, 0);
});

test("an update sends what was checked, though a getter gives another value", async () => {
  const { client, tenant } = startWith({ user_metadata: { a: 1 } });
  const values = [{ a: 2 }, {}];
  const changes = {
    get user_metadata() {
      return values.length > 1 ? values.shift() : values[0];
    },
  };
  assert.deepEqual((await client.users.update(id, changes)).user_metadata, { a: 2 });
  await assert.rejects(client.users.update(id, changes), { message: /allowMetadataClear/ });
  assert.equal(changesOf(tenant), 1);
});

/** A client of a server that has a user with this text for metadata. */
function startWithText(text) {
  const requests = [];
  const fetch = async (_url, { method, body }) => {
    if (method !== "GET") requests.push(body);
    const headers = { "content-type": "application/json" };
    return new Response(`{"user_id":"${id}","app_metadata":${text},"user_metadata":${text}}`, { headers });
  };
  const client = new ManagementClient({
    baseUrl: "https://tenant.example/api/v2",
    token: "t",
    fetch,
    telemetry: false,
  });
  return { client: withAdmin(client), requests };
}

test("an integer that JSON.parse has rounded is not sent back", async () => {
  const text = '{"ids":{"discord":175928847299117063,"x":1},"list":[{"n":-9007199254740993}],"huge":1e999,"y":1}';
  const { client, requests } = startWithText(text);
  const { app, user } = client.users.metadata(id);
  const refused = (path) => ({
    name: "RangeError",
    code: "unsafe_integer",
    message: new RegExp(`^${path} is an integer above`),
  });
  const whole = refused("app_metadata\\.ids\\.discord");
  await assert.rejects(app.merge({ ids: { x: 2 } }), whole);
  await assert.rejects(app.merge({ ids: { x: 2 } }, { dryRun: true }), whole);
  await assert.rejects(app.set("ids.y", 2), whole);
  await assert.rejects(app.remove("ids.x"), whole);
  await assert.rejects(user.set("ids.new", true), refused("user_metadata\\.ids\\.discord"));
  assert.deepEqual(requests, []);
});

test("a rounded integer that the caller passes on is not sent back", async () => {
  const text = '{"ids":{"discord":175928847299117063,"x":1},"list":[{"n":-9007199254740993}],"y":1}';
  const { client, requests } = startWithText(text);
  const { app } = client.users.metadata(id);
  const { app_metadata: before } = await client.users.get(id);
  const refused = (path) => ({
    code: "unsafe_integer",
    message: new RegExp(`^app_metadata\\.${path} is an integer above`),
  });
  const discord = refused("ids\\.discord");
  await assert.rejects(app.replace({ ...before, ids: { ...before.ids, x: 2 } }), discord);
  await assert.rejects(app.set("ids", { ...before.ids, x: 2 }), discord);
  await assert.rejects(app.merge({ ids: { discord: 175928847299117060, x: 2 } }), discord);
  await assert.rejects(app.set("list", [...before.list, 1]), refused("list\\[0\\]\\.n"));
  assert.deepEqual(requests, []);
  // These are the caller's own, or in a key that is not sent.
  await app.set("ids.discord", 9007199254740994);
  await app.replace({ ...before, y: 2 });
  const sent = requests.map((body) => JSON.stringify(JSON.parse(body).app_metadata));
  assert.deepEqual(sent, ['{"ids":{"discord":9007199254740994,"x":1}}', '{"y":2}']);
});

test("options are those that are given, not what Array.prototype has", async () => {
  const { client, tenant } = startWith({ user_metadata: { a: 1 } });
  Object.defineProperty(Array.prototype, 1, { value: { dryRun: true }, configurable: true, writable: true });
  try {
    await client.users.metadata(id).user.remove("a");
  } finally {
    delete Array.prototype[1];
  }
  assert.equal(changesOf(tenant), 1);
});

test("a rounded integer that is not sent, or is given anew, is in no one's way", async () => {
  const text = '{"ids":{"discord":175928847299117063,"x":1},"list":[9007199254740993],"huge":1e999,"y":1}';
  const { client, requests } = startWithText(text);
  const { app } = client.users.metadata(id);
  await app.merge({ y: 2 });
  await app.set("ids.discord", "175928847299117063");
  await app.merge({ ids: { discord: 1, x: 2 } });
  await app.remove("ids");
  await app.remove("ids.discord");
  await app.set("list", [9007199254740993]);
  await app.replace({ ids: { discord: 1 } });
  await app.clear();
  const sent = requests.map((body) => JSON.stringify(JSON.parse(body).app_metadata));
  assert.deepEqual(sent, [
    '{"y":2}',
    '{"ids":{"discord":"175928847299117063","x":1}}',
    '{"ids":{"discord":1,"x":2}}',
    '{"ids":null}',
    '{"ids":{"x":1}}',
    '{"ids":{"discord":1},"list":null,"huge":null,"y":null}',
    "{}",
  ]);
});

test("a merge of many keys takes them in linear time", async () => {
  const { client, requests } = startWithText("{}");
  const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`key ${n}`, n]));
  const { patch } = await client.users.metadata(id).app.merge(many);
  assert.equal(Object.keys(patch.app_metadata).length, 50_000);
  assert.equal(requests.length, 1);
});
