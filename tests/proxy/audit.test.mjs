// What an audit event says, and what it never says.
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";

import { base, createProxy, optionsFor, origin, recorder, serve, signedIn, write } from "./setup.mjs";

const secret = "Secret-123";

/** A proxy that allows what these tests use; `events` is its trail. */
function audited(reply, more) {
  const events = [];
  const operations = [
    "jobs.usersExports.create",
    "jobs.usersImports.create",
    "tickets.changePassword",
    "users.authenticationMethods.create",
    "users.create",
    "users.delete",
    "users.get",
    "users.identities.link",
    "users.list",
    "users.listUsersByEmail",
    "users.permissions.delete",
    "users.regenerateRecoveryCode",
    "users.revokeAccess",
    "users.roles.assign",
    "users.update",
  ];
  const proxy = createProxy({
    ...optionsFor(recorder(reply)),
    allow: Object.fromEntries(operations.map((name) => [name, true])),
    onAudit: (event) => events.push(event),
    onError() {},
    maxBodyBytes: 1_000_000,
    ...more,
  });
  const send = (method, path, body, headers = method === "GET" ? signedIn() : write()) => {
    const isForm = body instanceof FormData;
    const type = body === undefined || isForm ? {} : { "content-type": "application/json" };
    const text = body === undefined || isForm ? body : JSON.stringify(body);
    return proxy(new Request(base + path, { method, headers: { ...headers, ...type }, body: text }));
  };
  return { events, send };
}

/** Sends one request and returns its event. */
async function eventOf(given, reply, more) {
  const { events, send } = audited(reply, more);
  await send(...given);
  assert.equal(events.length, 1);
  return events[0];
}

test("an event has its time, its duration and the id of the request", async () => {
  const before = Date.now();
  for (const [headers, requestId] of [
    [{ "x-auth0-requestid": "abc", "x-correlation-id": "def" }, "abc"],
    [{ "x-correlation-id": "def" }, "def"],
    [{}, undefined],
  ]) {
    const event = await eventOf(["GET", "/users/auth0%7Ca"], () => Response.json({}, { headers }));
    assert.match(event.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Date.parse(event.time) >= before && Date.parse(event.time) <= Date.now());
    assert.ok(Number.isFinite(event.durationMs) && event.durationMs >= 0);
    assert.equal(event.requestId, requestId);
  }
  const failed = () => Response.json({ statusCode: 404 }, { status: 404, headers: { "x-auth0-requestid": "abc" } });
  assert.equal((await eventOf(["DELETE", "/users/auth0%7Ca"], failed)).requestId, "abc");
});

test("an event names whom a change is about, also by the answer", async () => {
  for (const [given, answer, target] of [
    [["POST", "/users", { connection: "c", email: secret }], { user_id: "auth0|new" }, { user_id: "auth0|new" }],
    [["POST", "/users", { connection: "c", user_id: "mine" }], { user_id: "auth0|mine" }, { user_id: "auth0|mine" }],
    [["POST", "/jobs/users-exports", {}], { id: "job_1", type: "users_export" }, { id: "job_1" }],
    [
      ["POST", "/users/auth0%7Ca/authentication-methods", { type: "email", email: secret }],
      { id: "email|m", type: "email" },
      { id: "auth0|a", authentication_method_id: "email|m" },
    ],
    [["PATCH", "/users/auth0%7Ca", { blocked: true }], { user_id: "auth0|other" }, { id: "auth0|a" }],
    [["POST", "/tickets/password-change", { user_id: "auth0|b" }], { ticket: secret }, { user_id: "auth0|b" }],
    [["GET", "/users-by-email?email=a%40example.com"], [], { email: "a@example.com" }],
    [["POST", "/users", { connection: "c" }], { user_id: 7 }, {}],
  ]) {
    const event = await eventOf(given, () => Response.json(answer));
    assert.deepEqual([event.target, event.outcome], [target, "ok"], given.join(" "));
    assert.ok(!inspect(event, { depth: null }).includes(secret));
  }
  // What the browser does not get is in the event all the same.
  const allow = { "users.create": { response: [] } };
  const create = ["POST", "/users", { connection: "c" }];
  const { target } = await eventOf(create, () => Response.json({ user_id: "auth0|new" }), { allow });
  assert.deepEqual(target, { user_id: "auth0|new" });
});

test("an event names the fields that were sent, and never their values", async () => {
  const metadata = { user_metadata: { theme: secret, plan: { deep: secret } }, app_metadata: null };
  const form = new FormData();
  form.set("connection_id", "con_1");
  form.set("users", new Blob([secret]));
  for (const [given, fields] of [
    [
      ["PATCH", "/users/auth0%7Ca", { name: secret, ...metadata }],
      ["name", "user_metadata", "app_metadata", "user_metadata.theme", "user_metadata.plan"],
    ],
    [["PATCH", "/users/auth0%7Ca", { password: secret }], ["password"]],
    [
      ["POST", "/jobs/users-imports", form],
      ["connection_id", "users"],
    ],
    [["POST", "/users/auth0%7Ca/recovery-code-regeneration"], []],
  ]) {
    const event = await eventOf(given, () => Response.json({ recovery_code: secret }));
    assert.deepEqual(event.fields, fields);
    assert.ok(!inspect(event, { depth: null }).includes(secret));
  }
});

test("an event names the roles, permissions and other ids of a change", async () => {
  const permission = { resource_server_identifier: "https://api", permission_name: "read:x" };
  for (const [given, related] of [
    [["POST", "/users/auth0%7Ca/roles", { roles: ["rol_1", "rol_2", 3] }], { roles: ["rol_1", "rol_2"] }],
    [
      ["DELETE", "/users/auth0%7Ca/permissions", { permissions: [{ ...permission, note: secret }] }],
      { permissions: [permission] },
    ],
    [["POST", "/users/auth0%7Ca/revoke-access", { session_id: "s1" }], { session_id: "s1" }],
    [
      ["POST", "/users/auth0%7Ca/identities", { provider: "google-oauth2", user_id: "7", connection_id: "con_1" }],
      { provider: "google-oauth2", connection_id: "con_1" },
    ],
    [["POST", "/users/auth0%7Ca/identities", { link_with: secret }], {}],
  ]) {
    const event = await eventOf(given, () => Response.json([]));
    assert.deepEqual(event.related, related);
    assert.ok(!inspect(event, { depth: null }).includes(secret));
  }
});

test("an event names query parameters without their values", async () => {
  const event = await eventOf(["GET", `/users?q=${secret}&page=0`], () => Response.json([]));
  assert.deepEqual(event.query.sort(), ["page", "q"]);
  assert.ok(!inspect(event).includes(secret));
});

test("no text of an event can forge a line, or grow without a limit", async () => {
  const forged = "auth0|a\r\n2026-01-01 root users.delete auth0|b 200 \u2028\u202e\u0085\u001b[2K";
  const long = "x".repeat(100_000);
  const { events, send } = audited(
    () => Response.json({ user_id: forged }, { headers: { "x-auth0-requestid": "a" } }),
    { authorize: () => ({ id: forged }), csrf: false },
  );
  const error = { statusCode: 409, errorCode: forged + long, message: "no" };
  await send("POST", "/users", { connection: forged, [forged]: 1, user_metadata: { [forged]: 1, [long]: 1 } });
  await send("POST", "/tickets/password-change", { user_id: forged + long });
  await send("POST", "/users/auth0%7Ca/roles", { roles: [forged, long] });
  await send("POST", "/users/auth0%7Ca/permissions", {});
  await send("POST", "/users/auth0%7Ca/identities", { provider: forged });
  const failing = audited(() => Response.json(error, { status: 409 }));
  await failing.send("PATCH", "/users/auth0%7Ca", { blocked: true });
  for (const event of [...events, ...failing.events]) {
    for (const text of textsOf(event)) {
      assert.ok(!/[\p{Cc}\u2028\u2029\u202e]/u.test(text), JSON.stringify(text));
      assert.ok(text.length <= 300, String(text.length));
    }
  }
  assert.equal(events.length, 5);
});

function textsOf(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.entries(value).flat().flatMap(textsOf) : [];
}

test("an event holds a bounded number of names, those of the body first", async () => {
  const metadata = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`key${n}`, n]));
  const body = { user_metadata: metadata, app_metadata: metadata, blocked: true };
  const { fields } = await eventOf(["PATCH", "/users/auth0%7Ca", body]);
  assert.deepEqual(fields.slice(0, 3), ["user_metadata", "app_metadata", "blocked"]);
  assert.deepEqual([fields.length, fields.at(-1)], [1_001, "and 1003 more"]);
});

const answer = (status, body = { statusCode: status }) => Response.json(body, { status });

for (const [outcome, status, errorCode, given, reply, more] of [
  ["ok", 200, undefined, ["GET", "/users/auth0%7Ca"]],
  ["ok", 204, undefined, ["DELETE", "/users/auth0%7Ca"], () => new Response(null, { status: 204 })],
  ["ok", 200, undefined, ["GET", "/-/capabilities"]],
  ["refused", 401, "unauthorized", ["GET", "/users/auth0%7Ca", undefined, {}]],
  ["refused", 404, "inexistent_operation", ["GET", "/clients"]],
  ["refused", 403, "operation_not_allowed", ["DELETE", "/users/auth0%7Ca/roles", { roles: [] }]],
  ["refused", 403, "foreign_origin", ["DELETE", "/users/auth0%7Ca", undefined, signedIn()]],
  ["refused", 403, "invalid_csrf_token", ["DELETE", "/users/auth0%7Ca", undefined, { ...signedIn(), origin }]],
  ["refused", 409, undefined, ["POST", "/users", { connection: "c" }], () => answer(409)],
  ["failed", 502, "upstream_failure", ["GET", "/users/auth0%7Ca"], () => answer(200, [])],
  ["unknown", 500, undefined, ["POST", "/users", { connection: "c" }], () => answer(500)],
  [
    "unknown",
    502,
    "outcome_unknown",
    ["POST", "/users", { connection: "c" }],
    () => Promise.reject(new Error("reset")),
  ],
  ["failed", 500, "proxy_failure", ["GET", "/users/auth0%7Ca"], undefined, { authorize: () => Promise.reject() }],
]) {
  test(`an event ends ${outcome} with ${status} ${errorCode ?? ""} for ${given.slice(0, 2).join(" ")}`, async () => {
    const event = await eventOf(given, reply, more);
    assert.deepEqual([event.outcome, event.status, event.errorCode], [outcome, status, errorCode]);
  });
}

test("a refused field is named", async () => {
  const allow = { "users.update": { fields: ["blocked"] } };
  const patch = ["PATCH", "/users/auth0%7Ca", { blocked: true, email: secret }];
  const event = await eventOf(patch, undefined, { allow });
  assert.deepEqual([event.errorCode, event.fields], ["field_not_allowed", ["blocked", "email"]]);
});

test("a request that no runtime could make is audited", async (context) => {
  const events = [];
  const node = await serve(context, createProxy({ ...optionsFor(recorder()), onAudit: (event) => events.push(event) }));
  const { status } = await node.send("GET /admin-api/users HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n");
  assert.equal(status, 400);
  assert.deepEqual(
    events.map(({ actor, outcome, errorCode }) => [actor, outcome, errorCode]),
    [[null, "refused", "bad_request"]],
  );
});

test("a preflight request is not audited", async () => {
  const { events, send } = audited();
  await send("OPTIONS", "/users/auth0%7Ca");
  assert.deepEqual(events, []);
});

test("an event says whom a ticket or a linked account is for", async () => {
  const { send, events } = audited();
  await send("POST", "/tickets/password-change", { email: "uma@example.com", connection_id: "con_1" });
  assert.equal(events[0].target.email, "uma@example.com");
  await send("POST", "/users/auth0%7Ca/identities", { provider: "github", user_id: 583231 });
  assert.equal(events[1].target.user_id, "583231");
});
