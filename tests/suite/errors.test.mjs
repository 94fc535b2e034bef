import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { MessageChannel } from "node:worker_threads";

import { Management, ManagementClient, ManagementError, isManagementError } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";
import { answer, recorded, rejection } from "./client.mjs";

const tenant = await startTenant({ after }, "--users", "5");
const { users } = new ManagementClient({ baseUrl: tenant.baseUrl, token: tenant.token });
const connection = "Username-Password-Authentication";

test("fieldErrors tell of each property which rule it breaks, and never the value", async () => {
  for (const [call, fieldErrors] of [
    [
      () => users.create({ connection, email: "secret-value" }),
      [{ field: "email", rule: "Object didn't pass validation for format email", location: "body" }],
    ],
    [
      () => users.create({ connection, email: "a@b.co", nonsense: 1 }),
      [{ field: "nonsense", rule: "Additional properties not allowed", location: "body" }],
    ],
    [() => users.create({}), [{ field: "connection", rule: "Missing required property", location: "body" }]],
    [
      () => users.list({ per_page: 101 }),
      [{ field: "per_page", rule: "Value 101 is greater than maximum 100", location: "query" }],
    ],
  ]) {
    const error = await rejection(call());
    assert.ok(error instanceof Management.BadRequestError);
    assert.deepEqual(error.fieldErrors, fieldErrors);
    assert.ok(!JSON.stringify(error).includes("secret-value"));
  }
});

test("several rules in one answer are told apart, and other texts are none", async () => {
  const of = async (message) => (await rejection(recorded([answer(400, { message })]).users.get("x"))).fieldErrors;
  assert.deepEqual(
    await of(
      "Payload validation error: 'Too short (length 0), minimum 1' on property name, " +
        "'String does not match pattern ^\\+[0-9]{1,15}$: 12.3' on property identities[0].phone_number (E.164).",
    ),
    [
      { field: "name", rule: "Too short (length 0), minimum 1", location: "body" },
      {
        field: "identities[0].phone_number",
        rule: "String does not match pattern ^\\+[0-9]{1,15}$",
        location: "body",
      },
    ],
  );
  assert.deepEqual(await of("Payload validation error: 'Additional properties not allowed: a, b'."), [
    { field: "a", rule: "Additional properties not allowed", location: "body" },
    { field: "b", rule: "Additional properties not allowed", location: "body" },
  ]);
  assert.deepEqual(await of("Path validation error: 'No enum match for: other' on property provider."), [
    { field: "provider", rule: "No enum match for", location: "path" },
  ]);
  for (const message of [
    "The specified new email already exists",
    "validation error: 'x' on property y",
    "",
    7,
    null,
  ]) {
    assert.equal(await of(message), undefined);
  }
  const conflict = await rejection(
    recorded([answer(409, { message: "Payload validation error: 'x' on property y" })]).users.get("x"),
  );
  assert.equal("fieldErrors" in conflict, false);
});

test("missingScopes tell what the server would have accepted", async () => {
  await tenant.control("token", { token: "narrow", scopes: ["read:logs"] });
  const { users } = new ManagementClient({ baseUrl: tenant.baseUrl, token: "narrow" });
  const error = await rejection(users.list());
  assert.ok(error instanceof Management.ForbiddenError);
  assert.deepEqual(error.missingScopes, ["read:users"]);
  const message = "Insufficient scope, expected any of: read:users, update:users_app_metadata";
  const other = await rejection(recorded([answer(403, { message })]).users.get("x"));
  assert.deepEqual(other.missingScopes, ["read:users", "update:users_app_metadata"]);
  const untold = await rejection(recorded([answer(403, { message: "no" })]).users.get("x"));
  assert.equal("missingScopes" in untold, false);
});

/** One error of each kind. */
async function samples() {
  const once = { maxRetries: 0 };
  const fails = (cause) => () => Promise.reject(cause);
  const uncloneable = [{ run() {} }, Object.assign(new Error("e", { cause: () => {} })), Symbol("s"), () => {}];
  const calls = [
    recorded([answer(400, { message: "m", f: [1] })]).users.get("x"),
    recorded([answer(500, "<html>")], once).users.create({}),
    recorded([() => new Promise(() => {})]).users.get("x", {}, { timeoutInSeconds: 0.01 }),
    recorded(
      [fails(new TypeError("fetch failed", { cause: Object.assign(new Error("e"), { code: "E" }) }))],
      once,
    ).users.get("x"),
    ...uncloneable.map((cause) => recorded([fails(cause)], once).users.get("x")),
  ];
  return Promise.all(calls.map(rejection));
}

test("every error can be cloned and sent to another thread, whatever its cause is", async () => {
  const { port1, port2 } = new MessageChannel();
  for (const error of await samples()) {
    const clone = structuredClone(error);
    assert.equal(clone.message, error.message);
    port1.postMessage(error);
    port1.postMessage(error.toJSON());
  }
  port1.close();
  port2.close();
});

test("toJSON keeps what a log needs, and neither body, answer nor cause", async () => {
  for (const error of await samples()) {
    const json = structuredClone(error.toJSON());
    assert.deepEqual(json, JSON.parse(JSON.stringify(error)));
    assert.equal(json.name, error.name);
    assert.equal(json.message, error.message);
    for (const name of ["code", "operation", "attempts"]) assert.equal(json[name], error[name]);
    for (const name of ["body", "rawResponse", "cause", "stack"]) assert.equal(name in json, false);
  }
});

test("a cause is there as it came, whatever it is", async () => {
  for (const cause of [{ run() {} }, new Error("e"), "text", 0, null]) {
    const { users } = recorded([() => Promise.reject(cause)], { maxRetries: 0 });
    assert.equal((await rejection(users.get("x"))).cause, cause);
  }
});

test("an error of another realm is recognised", async () => {
  const path = createRequire(import.meta.url).resolve("auth0-users");
  const { AbortController, Headers, Response, URL, structuredClone, setTimeout, clearTimeout } = globalThis;
  const module = { exports: {} };
  const context = createContext({
    ...{ module, exports: module.exports },
    ...{
      AbortController,
      Headers,
      Response,
      URL,
      structuredClone,
      setTimeout,
      clearTimeout,
      TextDecoder,
      TextEncoder,
      btoa,
    },
  });
  runInContext(await readFile(path, "utf8"), context);
  const client = new module.exports.ManagementClient({
    baseUrl: "https://t.example",
    token: "t",
    fetch: async () => answer(404, {})(),
  });
  const error = await rejection(client.users.get("x"));
  assert.ok(!(error instanceof ManagementError));
  assert.ok(!(error instanceof Error));
  assert.ok(isManagementError(error));
});
