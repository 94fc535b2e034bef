import assert from "node:assert/strict";
import test from "node:test";

import { start } from "./setup.mjs";

const email = "ada@example.com";
const connection = "Username-Password-Authentication";

/** A tenant with a user who is blocked both ways and signed in. */
function blocked(tenantOptions, clientOptions) {
  const { client, tenant } = start({ users: 0, ...tenantOptions }, clientOptions);
  const { user_id: id } = tenant.users.add({ email, blocked: true });
  tenant.block({ identifier: email, connection, ip: "203.0.113.7" });
  tenant.attach(id, { sessions: 3 });
  return { client, tenant, id };
}

const told = ({ steps }) => steps.map(({ name, status }) => `${name}: ${status}`);
const changes = (tenant) => tenant.journal().filter(({ method }) => method !== "GET");

test("both kinds of block are told apart", async () => {
  const { client, id } = blocked();
  assert.deepEqual(await client.users.blockStatus(id), {
    adminBlocked: true,
    bruteForce: [{ identifier: email, connection, ip: "203.0.113.7" }],
  });
  await assert.rejects(client.users.blockStatus("auth0|nobody"), { statusCode: 404 });
});

test("only the block that is named is lifted", async () => {
  const { client, tenant, id } = blocked();
  const report = await client.users.unblock(id, { bruteForce: true });
  assert.deepEqual([report.ok, told(report)], [true, ["bruteForce: ok"]]);
  assert.equal(report.before.bruteForce.length, 1);
  assert.deepEqual(await client.users.blockStatus(id), { adminBlocked: true, bruteForce: [] });
  assert.deepEqual(told(await client.users.unblock(id, { admin: true, bruteForce: true })), [
    "admin: ok",
    "bruteForce: skipped",
  ]);
  assert.deepEqual(await client.users.blockStatus(id), { adminBlocked: false, bruteForce: [] });
  assert.equal(changes(tenant).length, 2);
});

test("a dry run changes nothing", async () => {
  const { client, tenant, id } = blocked();
  const lift = await client.users.unblock(id, { admin: true, bruteForce: true, dryRun: true });
  assert.deepEqual([lift.dryRun, told(lift)], [true, ["admin: planned", "bruteForce: planned"]]);
  const out = await client.users.signOutEverywhere(id, { block: true, dryRun: true });
  assert.deepEqual(told(out), [
    "block: skipped",
    "revokeAccess: planned",
    "sessions: planned",
    "refreshTokens: planned",
  ]);
  assert.equal(out.remaining.sessions, 3);
  assert.deepEqual(changes(tenant), []);
});

test("a step that fails is reported, keeps no other from being done, and is done when run again", async () => {
  const { client, tenant, id } = blocked();
  tenant.failNext({ operation: "users.update", status: 400 });
  const seen = [];
  const request = { admin: true, bruteForce: true, onProgress: (step) => seen.push(step) };
  const report = await client.users.unblock(id, request);
  assert.deepEqual([report.ok, told(report)], [false, ["admin: failed", "bruteForce: ok"]]);
  assert.equal(report.steps[0].error.statusCode, 400);
  assert.deepEqual(seen, report.steps);
  assert.deepEqual(told(await client.users.unblock(id, request)), ["admin: ok", "bruteForce: skipped"]);
  assert.deepEqual(await client.users.blockStatus(id), { adminBlocked: false, bruteForce: [] });
});

test("a step whose outcome is open is unknown, and done when run again", async () => {
  const { client, tenant, id } = blocked({}, { maxRetries: 0 });
  tenant.failNext({ operation: "users.update", reset: true, afterCommit: true });
  const { ok, steps } = await client.users.unblock(id, { admin: true });
  assert.deepEqual([ok, steps[0].status, steps[0].error.code], [false, "unknown", "outcome_unknown"]);
  assert.equal((await steps[0].error.verify()).outcome, "done");
  assert.deepEqual(told(await client.users.unblock(id, { admin: true })), ["admin: skipped"]);
});

test("what observers throw is dropped", async () => {
  const { client, id } = blocked();
  const onProgress = async () => {
    throw new Error("theirs");
  };
  assert.ok((await client.users.unblock(id, { admin: true, onProgress })).ok);
});

test("everything that is signed in is ended, and what is left is told", async () => {
  const { client, tenant, id } = blocked();
  await client.users.unblock(id, { admin: true });
  const report = await client.users.signOutEverywhere(id, { block: true });
  assert.deepEqual(told(report), ["block: ok", "revokeAccess: ok", "sessions: ok", "refreshTokens: ok", "verify: ok"]);
  assert.deepEqual(report.remaining, { sessions: 0, refreshTokens: 0 });
  assert.equal((await client.users.blockStatus(id)).adminBlocked, true);
  assert.ok((await client.users.signOutEverywhere(id)).ok);
  await assert.rejects(client.users.signOutEverywhere("auth0|nobody"), { statusCode: 404 });
  tenant.failNext({ operation: "users.revokeAccess", status: 403 });
  const refused = await client.users.signOutEverywhere(id);
  assert.deepEqual(told(refused), ["revokeAccess: failed", "sessions: ok", "refreshTokens: ok", "verify: ok"]);
});

test("sessions that end later are still told", async () => {
  const { client, id } = blocked({ deletionDelayMs: 60_000 });
  const { ok, remaining } = await client.users.signOutEverywhere(id);
  assert.deepEqual([ok, remaining.sessions], [true, 3]);
});

test("an aborted call rejects with the reason of the signal, and a deadline holds for all steps", async () => {
  const { client, tenant, id } = blocked({ latencyMs: 250 });
  const controller = new AbortController();
  const reason = new Error("enough");
  const onProgress = () => controller.abort(reason);
  const request = { admin: true, bruteForce: true, onProgress };
  await assert.rejects(client.users.unblock(id, request, { abortSignal: controller.signal }), reason);
  assert.equal(changes(tenant).length, 1);
  const late = await client.users.signOutEverywhere(id, {}, { deadlineInSeconds: 0.9 });
  assert.equal(late.ok, false);
  assert.equal(late.steps.at(-1).error.code, "deadline");
});

test("a request that says nothing, or what is not known, is refused before anything is sent", async () => {
  const { client, tenant, id } = blocked();
  for (const request of [undefined, {}, { admin: false }, { bruteforce: true }, { admin: true, onProgress: 1 }]) {
    await assert.rejects(client.users.unblock(id, request), { name: "TypeError", message: /^users\.unblock: request/ });
  }
  await assert.rejects(client.users.signOutEverywhere(id, { blocked: true }), { message: /has no blocked/ });
  await assert.rejects(client.users.blockStatus(""), { name: "TypeError" });
  assert.equal(tenant.journal().length, 0);
});

test("after the deadline no further step is sent", async (t) => {
  let late = 0;
  const now = performance.now.bind(performance);
  t.mock.method(performance, "now", () => now() + late);
  const { client, tenant } = start({ users: [{ user_id: "auth0|ana", email: "ana@example.com" }] });
  const onProgress = () => (late = 3_600_000);
  const { ok, steps } = await client.users.signOutEverywhere("auth0|ana", { onProgress }, { deadlineInSeconds: 600 });
  assert.equal(ok, false);
  assert.deepEqual(
    steps.map(({ status, error }) => error?.code ?? status),
    ["ok", "deadline", "deadline", "deadline"],
  );
  assert.deepEqual(
    tenant.journal().map(({ operation }) => operation),
    ["users.get", "users.revokeAccess"],
  );
});
