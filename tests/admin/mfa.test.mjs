import assert from "node:assert/strict";
import test from "node:test";

import { start } from "./setup.mjs";

/** A tenant with a user who has a factor of each kind. */
async function enrolled(tenantOptions) {
  const { client, tenant } = start({ users: 0, ...tenantOptions });
  const { user_id: id } = tenant.users.add({ email: "ada@example.com", multifactor: ["duo"] });
  for (const method of [
    { type: "totp", name: "app", totp_secret: "JBSWY3DPEHPK3PXP" },
    { type: "phone", name: "phone", phone_number: "+12025550123", preferred_authentication_method: "sms" },
    {
      type: "webauthn-roaming",
      name: "key",
      key_id: "a2V5",
      public_key: "a2V5",
      relying_party_identifier: "example.com",
    },
    { type: "passkey", key_id: "cGFzcw", public_key: "a2V5", relying_party_identifier: "example.com" },
  ]) {
    await client.users.authenticationMethods.create(id, method);
  }
  tenant.attach(id, { sessions: 2 });
  tenant.clearJournal();
  return { client, tenant, id };
}

const told = ({ steps }) => steps.map(({ name, status }) => `${name.replace(/(\w+\|)\S+/, "$1")}: ${status}`);
const types = ({ methods }) => methods.map(({ type }) => type);
const changes = (tenant) => tenant.journal().filter(({ method }) => method !== "GET");

test("the state of all factors has one shape", async () => {
  const { client, id, tenant } = await enrolled();
  const status = await client.users.mfa.status(id);
  assert.equal(status.enrolled, true);
  assert.equal(status.hasRecoveryCode, false);
  assert.deepEqual(types(status).toSorted(), ["passkey", "phone", "totp", "webauthn-roaming"]);
  assert.ok(status.providers.includes("duo"));
  assert.ok(status.enrollments.length > 0);
  const { user_id: other } = tenant.users.add({ email: "bob@example.com" });
  assert.deepEqual(await client.users.mfa.status(other), {
    enrolled: false,
    hasRecoveryCode: false,
    methods: [],
    enrollments: [],
    providers: [],
  });
  await assert.rejects(client.users.mfa.status("auth0|nobody"), { statusCode: 404 });
});

test("a reset removes all second factors and leaves passkeys, unless they are to go as well", async () => {
  const { client, id, tenant } = await enrolled();
  const plan = await client.users.mfa.reset(id, { removePasskeys: true, dryRun: true });
  assert.ok(plan.steps.length >= 4);
  assert.ok(plan.steps.every(({ status }) => status === "planned"));
  assert.deepEqual(changes(tenant), []);

  const report = await client.users.mfa.reset(id);
  assert.equal(report.ok, true);
  assert.equal(report.recoveryCode, undefined);
  assert.equal(report.before.methods.length, 4);
  const after = await client.users.mfa.status(id);
  assert.deepEqual([after.enrolled, types(after), after.providers], [false, ["passkey"], []]);
  assert.deepEqual(told(await client.users.mfa.reset(id)), ["authenticators: skipped"]);

  await client.users.mfa.reset(id, { removePasskeys: true });
  assert.deepEqual(types(await client.users.mfa.status(id)), []);
});

test("a recovery code is made only when all else is done, and running again does the rest", async () => {
  const { client, id, tenant } = await enrolled();
  tenant.failNext({ operation: "users.authenticationMethods.delete", status: 403 });
  const request = { regenerateRecoveryCode: true, invalidateRememberedBrowsers: true, revokeSessions: true };
  const first = await client.users.mfa.reset(id, request);
  assert.equal(first.ok, false);
  assert.equal(first.recoveryCode, undefined);
  const { name, status, reason } = first.steps.at(-1);
  assert.deepEqual([name, status], ["recoveryCode", "skipped"]);
  assert.match(reason, /^method .* failed$/);
  assert.equal(changes(tenant).filter(({ operation }) => operation === "users.regenerateRecoveryCode").length, 0);
  assert.equal((await client.users.sessions.list(id)).data.length, 0);

  const second = await client.users.mfa.reset(id, request);
  assert.equal(second.ok, true);
  assert.match(second.recoveryCode, /^[A-Z0-9]{24}$/);
  assert.equal((await client.users.mfa.status(id)).enrolled, false);
});

test("where there is nothing for a recovery code to stand in for, none is made", async () => {
  const { client, id } = await enrolled({ recoveryCodeWithoutEnrollment: false });
  const report = await client.users.mfa.reset(id, { regenerateRecoveryCode: true, removePasskeys: true });
  assert.deepEqual([report.ok, report.recoveryCode], [true, undefined]);
  assert.equal(report.steps.at(-1).status, "skipped");
});

test("a method is gone only where a list proves it", async () => {
  for (const [body, removed, status] of [
    ['{"statusCode":404,"error":"Not Found","message":"gone"}', true, "ok"],
    ['{"statusCode":404,"error":"Not Found","message":"no such route"}', false, "failed"],
  ]) {
    const { client, id, tenant } = await enrolled();
    tenant.failNext({ operation: "users.authenticationMethods.delete", status: 404, body, afterCommit: removed });
    const { steps } = await client.users.mfa.reset(id);
    assert.equal(steps.find(({ name }) => name.startsWith("method ")).status, status);
  }
});

test("a recovery code is skipped only where the API says that it finds nothing", async () => {
  const { client, id, tenant } = await enrolled();
  const body = '{"statusCode":404,"error":"Not Found","message":"","errorCode":"inexistent_operation"}';
  tenant.failNext({ operation: "users.regenerateRecoveryCode", status: 404, body });
  const report = await client.users.mfa.reset(id, { regenerateRecoveryCode: true });
  assert.deepEqual([report.ok, report.steps.at(-1).status], [false, "failed"]);
});

test("a wrong name in a request is refused before anything is sent", async () => {
  const { client, id, tenant } = await enrolled();
  await assert.rejects(client.users.mfa.reset(id, { regenerate: true }), { name: "TypeError", message: /regenerate;/ });
  await assert.rejects(client.users.mfa.reset(id, null), {
    name: "TypeError",
    message: /^users\.mfa\.reset: request must be/,
  });
  assert.equal(tenant.journal().length, 0);
});
