import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient } from "auth0-users";
import { withAdmin } from "auth0-users/admin";

import { start } from "./setup.mjs";

/** Two accounts of one person. */
function twins(clientOptions) {
  const { client, tenant } = start({ users: 0 }, clientOptions);
  tenant.connections.add({ name: "corporate", strategy: "samlp" });
  tenant.roles.add({ name: "typesetter" });
  const [primary, secondary] = tenant.users
    .add(
      { email: "ada@example.com", user_metadata: { theme: "dark", size: { text: 1 } }, app_metadata: {} },
      {
        email: "ada@work.example",
        connection: "corporate",
        user_id: "samlp|corporate|ada",
        user_metadata: { theme: "light", language: "fr", size: { text: 1 } },
        app_metadata: { plan: "gold" },
        roles: ["typesetter"],
      },
    )
    .map(({ user_id }) => user_id);
  return { client, tenant, primary, secondary };
}

const told = ({ steps }) => steps.map(({ name, status }) => `${name}: ${status}`);
const changes = (tenant) => tenant.journal().filter(({ method }) => method !== "GET");

test("accounts are linked by their whole ids, and what is lost is told", async () => {
  const { client, tenant, primary, secondary } = twins();
  const plan = await client.users.identities.linkAccounts(primary, secondary, { dryRun: true });
  assert.deepEqual([told(plan), changes(tenant)], [["link: planned"], []]);
  const report = await client.users.identities.linkAccounts(primary, secondary);
  assert.deepEqual([report.ok, told(report)], [true, ["link: ok"]]);
  assert.deepEqual(report.losses, plan.losses);
  assert.deepEqual(report.losses.user_metadata, { theme: "light", language: "fr", size: { text: 1 } });
  assert.deepEqual(report.losses.app_metadata, { plan: "gold" });
  assert.deepEqual(
    report.losses.roles.data.map(({ name }) => name),
    ["typesetter"],
  );
  assert.deepEqual(JSON.parse(changes(tenant)[0].body), { provider: "samlp", user_id: "corporate|ada" });
  assert.equal(report.identities.length, 2);
  assert.deepEqual((await client.users.get(primary)).user_metadata, { theme: "dark", size: { text: 1 } });
});

test("metadata that the primary account lacks is merged before", async () => {
  const { client, tenant, primary, secondary } = twins();
  const report = await client.users.identities.linkAccounts(primary, secondary, { mergeMetadata: true });
  assert.deepEqual(told(report), ["mergeMetadata: ok", "link: ok"]);
  assert.deepEqual(report.merged, { user_metadata: { language: "fr" }, app_metadata: { plan: "gold" } });
  assert.deepEqual(JSON.parse(changes(tenant)[0].body), report.merged);
  assert.deepEqual([report.losses.user_metadata, report.losses.app_metadata], [{ theme: "light" }, {}]);
  const user = await client.users.get(primary);
  assert.deepEqual(user.user_metadata, { theme: "dark", size: { text: 1 }, language: "fr" });
  assert.deepEqual(user.app_metadata, { plan: "gold" });
});

test("a value whose keys are in another order is the same, and is not lost", async () => {
  const { client, tenant, primary, secondary } = twins();
  for (const size of ['{"text":1,"space":2}', '{"space":2,"text":1}']) {
    tenant.failNext({ operation: "users.get", status: 200, body: `{"user_metadata":{"size":${size}}}` });
  }
  const request = { mergeMetadata: true, dryRun: true };
  const { losses, merged } = await client.users.identities.linkAccounts(primary, secondary, request);
  assert.deepEqual([losses.user_metadata, merged], [{}, {}]);
});

test("nothing is linked if metadata cannot be merged, and running again goes on where it failed", async () => {
  const { client, tenant, primary, secondary } = twins({ maxRetries: 0 });
  const link = () => client.users.identities.linkAccounts(primary, secondary, { mergeMetadata: ["app_metadata"] });
  tenant.failNext({ operation: "users.update", status: 400 });
  const first = await link();
  assert.deepEqual([first.ok, told(first)], [false, ["mergeMetadata: failed", "link: skipped"]]);
  assert.equal(first.steps[1].reason, "mergeMetadata failed");
  tenant.failNext({ operation: "users.identities.link", status: 400 });
  assert.deepEqual(told(await link()), ["mergeMetadata: ok", "link: failed"]);
  tenant.failNext({ operation: "users.identities.link", reset: true, afterCommit: true });
  const third = await link();
  assert.deepEqual(told(third), ["mergeMetadata: skipped", "link: unknown"]);
  assert.equal(third.steps[1].error.code, "outcome_unknown");
  const fourth = await link();
  assert.deepEqual([fourth.ok, told(fourth)], [true, ["link: skipped"]]);
  assert.equal(fourth.identities.length, 2);
});

test("nothing is linked while it is unknown whether metadata was merged", async () => {
  const { client, tenant, primary, secondary } = twins({ maxRetries: 0 });
  tenant.failNext({ operation: "users.update", status: 504, body: "<html>", headers: { "content-type": "text/html" } });
  const report = await client.users.identities.linkAccounts(primary, secondary, { mergeMetadata: true });
  assert.deepEqual([report.ok, told(report)], [false, ["mergeMetadata: unknown", "link: skipped"]]);
  assert.equal(report.steps[1].reason, "mergeMetadata may have failed");
});

test("what cannot be read of the losses is told as well", async () => {
  const { client, tenant, primary, secondary } = twins();
  tenant.failNext({ operation: "users.roles.list", status: 403 });
  const { losses } = await client.users.identities.linkAccounts(primary, secondary, { dryRun: true });
  assert.equal(losses.roles.error.statusCode, 403);
  assert.equal(losses.permissions.status, "ok");
});

test("ids that are no two accounts are refused", async () => {
  const { client, tenant, primary, secondary } = twins();
  const link = client.users.identities.linkAccounts;
  for (const [one, other, message] of [
    ["ada", secondary, /: primary/],
    [primary, "ada", /: secondary/],
    [primary, "samlp|", /: secondary/],
    [primary, undefined, /: secondary/],
    [primary, primary, /two accounts/],
  ]) {
    await assert.rejects(link(one, other), { name: "TypeError", message });
  }
  await assert.rejects(link(primary, secondary, { mergeMetadata: "all" }), { message: /mergeMetadata/ });
  assert.equal(tenant.journal().length, 0);
  await assert.rejects(link(primary, "auth0|nobody"), { statusCode: 404 });
  assert.deepEqual(changes(tenant), []);
});

/** A client of a server that has two accounts, each with this text for app_metadata. */
function accounts(one, two) {
  const sent = [];
  const fetch = async (url, { method }) => {
    if (method !== "GET") sent.push(url);
    const [, id] = /users\/auth0%7C(\w+)$/.exec(url.split("?")[0]) ?? [];
    if (id === undefined) return Response.json([]);
    return new Response(`{"user_id":"auth0|${id}","identities":[],"app_metadata":${{ one, two }[id]}}`);
  };
  const client = new ManagementClient({ baseUrl: "https://tenant.example/api/v2", token: "t", fetch });
  return { identities: withAdmin(client).users.identities, sent };
}

test("metadata with an integer that JSON.parse has rounded is not merged, and nothing is linked", async () => {
  const rounded = '{"ids":{"a":9007199254740993}}';
  const lacking = accounts("{}", rounded);
  for (const dryRun of [true, false]) {
    const call = lacking.identities.linkAccounts("auth0|one", "auth0|two", { mergeMetadata: true, dryRun });
    await assert.rejects(call, { code: "unsafe_integer", message: /^app_metadata\.ids\.a is an integer above/ });
  }
  assert.deepEqual(lacking.sent, []);
  // What both have stays where it is, and is lost unless it is known to be the same.
  const having = accounts('{"ids":{"a":9007199254740992}}', rounded).identities;
  const plan = await having.linkAccounts("auth0|one", "auth0|two", { mergeMetadata: true, dryRun: true });
  assert.equal(plan.ok, true);
  assert.deepEqual(Object.keys(plan.losses.app_metadata), ["ids"]);
});
