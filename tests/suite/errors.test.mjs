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

test("fieldErrors name what a rule lists, and never a value", async () => {
  const of = async (message) => (await rejection(recorded([answer(400, { message })]).users.get("x"))).fieldErrors;
  const fields = async (message) => (await of(message)).map(({ field }) => field);
  const start = "Payload validation error: ";
  for (const [message, expected] of [
    ["'Additional properties not allowed: a,b (consider setting additionalProperties=true)'.", ["a", "b"]],
    ["'Additional properties not allowed: a,b' on property user_metadata.", ["user_metadata.a", "user_metadata.b"]],
    ["'Missing required property: value' on property scopes[8].", ["scopes[8].value"]],
    [
      "'Missing required property: value' on property scopes[8] (The scopes), 'Bad: x' on property a.",
      ["scopes[8].value", "a"],
    ],
    ["'Data does not match any schemas from 'anyOf'' on property phone.", ["phone"]],
    ["'No enum match for: secret'.", []],
    ["'Bad: it's here' on property name.", ["name"]],
  ]) {
    assert.deepEqual(await fields(start + message), expected, message);
  }
});

/** Texts that take the longest where an expression looks for an end again and again. */
const long = ["'a", "'a'", "', '", "': ", "' on property ", "a.", "a, ", "(", "expected any of: ", "\n", "\u202e"];

test("work over a text of the server is bounded, however long it is", async () => {
  const { exec, [Symbol.matchAll]: matchAll, [Symbol.replace]: replace } = RegExp.prototype;
  let longest = 0;
  const note = (method) =>
    function (text, ...rest) {
      longest = Math.max(longest, String(text).length);
      return method.call(this, text, ...rest);
    };
  Object.assign(RegExp.prototype, {
    exec: note(exec),
    [Symbol.matchAll]: note(matchAll),
    [Symbol.replace]: note(replace),
  });
  try {
    for (const status of [400, 403]) {
      for (const part of long) {
        for (const start of ["", "Payload validation error: '", "Insufficient scope, expected any of: a"]) {
          const text = start + part.repeat(100_000 / part.length);
          const reply = answer(status, { message: text, error: text, errorCode: text });
          const error = await rejection(recorded([reply], { maxRetries: 0 }).users.get("x"));
          assert.ok(error.message.length <= 303);
          assert.ok(JSON.stringify([error.fieldErrors, error.missingScopes]).length < 100_000);
        }
      }
    }
  } finally {
    Object.assign(RegExp.prototype, { exec, [Symbol.matchAll]: matchAll, [Symbol.replace]: replace });
  }
  assert.ok(longest > 100 && longest <= 10_000, String(longest));
});

test("a message is one line of bounded length without control characters", async () => {
  const odd = "a\r\nb\u0000c\u2028d\u202ee\u0085f\ud800g";
  for (const errorCode of [odd, odd.repeat(1_000)]) {
    const error = await rejection(recorded([answer(404, { errorCode })]).users.get("x"));
    assert.match(error.message, /^[ -~]{1,303}$/);
    assert.equal(error.errorCode, errorCode);
  }
  assert.match(new ManagementError({ message: odd.repeat(1_000) }).message, /^[ -~]{1,303}$/);
  assert.equal(new ManagementError({ message: "" }).message, "");
  const { users } = recorded();
  const error = await rejection(users.list({ [odd.repeat(1_000)]: 1 }));
  assert.match(error.message, /^[ -~]{1,1100}$/);
});

test("an error of an argument names its method, and where that was called", async () => {
  const { client, users } = recorded([answer(200, { users: [] })]);
  const page = await users.list();
  for (const [name, call] of [
    ["users.get", () => users.get("")],
    ["users.update", () => users.update("x", 7)],
    ["users.list", () => users.list({ unknown: 1 })],
    ["users.identities.delete", () => users.identities.delete("x", "google-oauth2", -1)],
    ["users.get", () => users.get("x", {}, { maxRetries: -1 })],
    ["users.get", () => users.get("x", {}, { headers: { a: async () => "two\nlines" } })],
    ["request", () => client.request({ method: "GET", path: [".."] })],
    ["request", () => client.request({ method: "BREW", path: ["x"] })],
  ]) {
    const error = await rejection(
      (function caller() {
        return call();
      })(),
    );
    assert.ok(error instanceof TypeError);
    assert.equal(error.code, "invalid_argument");
    assert.ok(error.message.startsWith(`${name}: `), error.message);
    assert.ok(error.stack.startsWith(`TypeError: ${error.message}\n`), error.stack);
    assert.match(error.stack.split("\n")[1], /errors\.test\.mjs/);
    assert.equal(error.message.split(": ")[0], name);
  }
  assert.match((await rejection(page.getNextPage())).message, /^getNextPage: /);
  const own = Object.assign(new TypeError("vault refused"), { code: "invalid_argument" });
  const token = () => Promise.reject(own);
  assert.equal(await rejection(recorded([], { token }).users.get("x")), own);
  assert.equal(own.message, "vault refused");
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
    assert.deepEqual(Object.keys(json).slice(0, 3), ["name", "message", "code"]);
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
