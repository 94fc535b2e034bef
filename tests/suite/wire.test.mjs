import assert from "node:assert/strict";
import { test } from "node:test";

import { formOf, line, recorded, rejection } from "./client.mjs";

const page = "include_totals=true&page=0&per_page=50";
const roles = { roles: ["rol_1"] };
const permissions = { permissions: [{ permission_name: "read:x", resource_server_identifier: "https://api" }] };
const assessors = { connection: "c", assessors: ["new-device"] };
const api = { resource_server_identifier: "https://api" };
const permission = { ...api, permission_name: "read:x" };
const none = undefined;
const form = Symbol("a form");

/** Each operation of the client: its name, all that it is called with but options, what it sends, and with what body. */
const operations = [
  ["users.list", [none], `GET /users?${page}`],
  ["users.create", [{ connection: "c" }], "POST /users", { connection: "c" }],
  ["users.listUsersByEmail", [{ email: "A+b@c.d" }], "GET /users-by-email?email=A%2Bb%40c.d"],
  ["users.get", ["a|b", none], "GET /users/a%7Cb"],
  ["users.delete", ["a|b"], "DELETE /users/a%7Cb"],
  ["users.update", ["a|b", { name: null }], "PATCH /users/a%7Cb", { name: null }],
  ["users.regenerateRecoveryCode", ["a|b"], "POST /users/a%7Cb/recovery-code-regeneration"],
  ["users.revokeAccess", ["a|b", none], "POST /users/a%7Cb/revoke-access", {}],
  ["users.authenticationMethods.list", ["a|b", none], `GET /users/a%7Cb/authentication-methods?${page}`],
  [
    "users.authenticationMethods.create",
    ["a|b", { type: "phone" }],
    "POST /users/a%7Cb/authentication-methods",
    { type: "phone" },
  ],
  [
    "users.authenticationMethods.set",
    ["a|b", [{ type: "email" }]],
    "PUT /users/a%7Cb/authentication-methods",
    [{ type: "email" }],
  ],
  ["users.authenticationMethods.deleteAll", ["a|b"], "DELETE /users/a%7Cb/authentication-methods"],
  ["users.authenticationMethods.get", ["a|b", "sms|dev_1"], "GET /users/a%7Cb/authentication-methods/sms%7Cdev_1"],
  [
    "users.authenticationMethods.delete",
    ["a|b", "sms|dev_1"],
    "DELETE /users/a%7Cb/authentication-methods/sms%7Cdev_1",
  ],
  [
    "users.authenticationMethods.update",
    ["a|b", "m", { name: "n" }],
    "PATCH /users/a%7Cb/authentication-methods/m",
    { name: "n" },
  ],
  ["users.authenticators.deleteAll", ["a|b"], "DELETE /users/a%7Cb/authenticators"],
  ["users.connectedAccounts.list", ["a|b", none], "GET /users/a%7Cb/connected-accounts?take=50"],
  [
    "users.effectivePermissions.list",
    ["a|b", api],
    "GET /users/a%7Cb/effective-permissions?resource_server_identifier=https%3A%2F%2Fapi&take=50",
  ],
  [
    "users.effectivePermissions.sources.roles.list",
    ["a|b", permission],
    "GET /users/a%7Cb/effective-permissions/sources/effective-roles" +
      "?permission_name=read%3Ax&resource_server_identifier=https%3A%2F%2Fapi&take=50",
  ],
  ["users.effectiveRoles.list", ["a|b", none], "GET /users/a%7Cb/effective-roles?take=50"],
  [
    "users.effectiveRoles.sources.groups.list",
    ["a|b", { role_id: "rol_1" }],
    "GET /users/a%7Cb/effective-roles/sources/groups?role_id=rol_1&take=50",
  ],
  ["users.enrollments.get", ["a|b"], "GET /users/a%7Cb/enrollments"],
  ["users.groups.get", ["a|b", none], "GET /users/a%7Cb/groups?include_totals=true&take=50"],
  ["users.identities.link", ["a|b", { link_with: "jwt" }], "POST /users/a%7Cb/identities", { link_with: "jwt" }],
  ["users.identities.delete", ["a|b", "google-oauth2", "1/2"], "DELETE /users/a%7Cb/identities/google-oauth2/1%2F2"],
  ["users.logs.list", ["a|b", none], `GET /users/a%7Cb/logs?${page}`],
  [
    "users.multifactor.invalidateRememberBrowser",
    ["a|b"],
    "POST /users/a%7Cb/multifactor/actions/invalidate-remember-browser",
  ],
  ["users.multifactor.deleteProvider", ["a|b", "duo"], "DELETE /users/a%7Cb/multifactor/duo"],
  ["users.organizations.list", ["a|b", none], "GET /users/a%7Cb/organizations?take=50"],
  ["users.permissions.list", ["a|b", none], `GET /users/a%7Cb/permissions?${page}`],
  ["users.permissions.create", ["a|b", permissions], "POST /users/a%7Cb/permissions", permissions],
  ["users.permissions.delete", ["a|b", permissions], "DELETE /users/a%7Cb/permissions", permissions],
  ["users.refreshToken.list", ["a|b", none], "GET /users/a%7Cb/refresh-tokens?include_totals=true&take=50"],
  ["users.refreshToken.delete", ["a|b"], "DELETE /users/a%7Cb/refresh-tokens"],
  ["users.riskAssessments.clear", ["a|b", assessors], "POST /users/a%7Cb/risk-assessments/clear", assessors],
  ["users.roles.list", ["a|b", none], `GET /users/a%7Cb/roles?${page}`],
  ["users.roles.assign", ["a|b", roles], "POST /users/a%7Cb/roles", roles],
  ["users.roles.delete", ["a|b", roles], "DELETE /users/a%7Cb/roles", roles],
  ["users.sessions.list", ["a|b", none], "GET /users/a%7Cb/sessions?include_totals=true&take=50"],
  ["users.sessions.delete", ["a|b"], "DELETE /users/a%7Cb/sessions"],
  ["userBlocks.listByIdentifier", [{ identifier: "a@b.c" }], "GET /user-blocks?identifier=a%40b.c"],
  ["userBlocks.deleteByIdentifier", [{ identifier: "a@b.c" }], "DELETE /user-blocks?identifier=a%40b.c"],
  ["userBlocks.list", ["a|b", none], "GET /user-blocks/a%7Cb"],
  ["userBlocks.delete", ["a|b"], "DELETE /user-blocks/a%7Cb"],
  ["jobs.get", ["job_1"], "GET /jobs/job_1"],
  ["jobs.errors.get", ["job_1"], "GET /jobs/job_1/errors"],
  ["jobs.usersExports.create", [none], "POST /jobs/users-exports", {}],
  ["jobs.usersImports.create", [{ users: "[]", connection_id: "con_1" }], "POST /jobs/users-imports", form],
  ["jobs.verificationEmail.create", [{ user_id: "a|b" }], "POST /jobs/verification-email", { user_id: "a|b" }],
  ["tickets.verifyEmail", [{ user_id: "a|b" }], "POST /tickets/email-verification", { user_id: "a|b" }],
  ["tickets.changePassword", [none], "POST /tickets/password-change", {}],
];

/** The optional parameters of each operation, each with a value and how it stands in the query. */
const offset = { page: [3, "page=3"], per_page: [7, "per_page=7"], include_totals: [false, "include_totals=false"] };
const checkpoint = { from: ["a+b=", "from=a%2Bb%3D"], take: [7, "take=7"] };
const fields = {
  fields: [["user_id", "email"], "fields=user_id%2Cemail"],
  include_fields: [false, "include_fields=false"],
};
const totals = { include_totals: [false, "include_totals=false"] };
const bruteForce = { consider_brute_force_enablement: [true, "consider_brute_force_enablement=true"] };
const parameters = {
  "users.list": {
    ...offset,
    ...fields,
    sort: ["created_at:-1", "sort=created_at%3A-1"],
    connection: ["c d", "connection=c%20d"],
    q: ['email:"a*"', "q=email%3A%22a*%22"],
    search_engine: ["v3", "search_engine=v3"],
    primary_order: [false, "primary_order=false"],
  },
  "users.listUsersByEmail": fields,
  "users.get": fields,
  "users.authenticationMethods.list": offset,
  "users.connectedAccounts.list": checkpoint,
  "users.effectivePermissions.list": checkpoint,
  "users.effectivePermissions.sources.roles.list": checkpoint,
  "users.effectiveRoles.list": checkpoint,
  "users.effectiveRoles.sources.groups.list": checkpoint,
  "users.groups.get": { ...checkpoint, ...fields, ...totals },
  "users.logs.list": { ...offset, sort: ["date:1", "sort=date%3A1"] },
  "users.organizations.list": { ...offset, ...checkpoint },
  "users.permissions.list": offset,
  "users.refreshToken.list": { ...checkpoint, ...totals },
  "users.roles.list": offset,
  "users.sessions.list": { ...checkpoint, ...totals },
  "userBlocks.listByIdentifier": bruteForce,
  "userBlocks.list": bruteForce,
};

/** The method of that name, on a client whose requests are recorded and answered with nothing. */
function method(name) {
  const { client, requests } = recorded([() => new Response(null, { status: 204 })], { maxRetries: 0 });
  const path = name.split(".");
  const last = path.pop();
  const parent = path.reduce((object, part) => object[part], client);
  return { requests, call: (...given) => parent[last](...given).catch(() => {}) };
}

function methods(object, prefix = "") {
  return Object.entries(object).flatMap(([name, value]) =>
    typeof value === "function" ? [prefix + name] : methods(value, `${prefix}${name}.`),
  );
}

test("every method of the client stands in this file", () => {
  const { client } = recorded();
  assert.deepEqual(methods(client).sort(), operations.map(([name]) => name).sort());
});

test("every parameter that an operation names in its refusal stands in this file", async () => {
  const lists = operations.filter(([name, , sends]) => sends.startsWith("GET") && name in parameters);
  for (const [name, given] of lists) {
    const { client } = recorded();
    const path = name.split(".");
    const target = path.slice(0, -1).reduce((object, part) => object[part], client);
    const error = await rejection(target[path.at(-1)](...given.slice(0, -1), { ...given.at(-1), unknown: 1 }));
    const known = error.message.match(/which takes (.*)$/)[1].split(", ");
    const here = [...Object.keys(given.at(-1) ?? {}), ...Object.keys(parameters[name])];
    assert.deepEqual(known.sort(), here.sort(), name);
  }
});

for (const [name, given, sends, body] of operations) {
  test(`${name} sends ${sends}`, async () => {
    const { call, requests } = method(name);
    await call(...given, { headers: { "x-trace": "1" } });
    await call(...given);
    assert.equal(requests.length, 2);
    assert.deepEqual(requests.map(line), [sends, sends]);
    const types = requests.map(({ headers: { "content-type": type } }) => (type ? { "content-type": type } : {}));
    assert.deepEqual(requests[0].headers, { authorization: "Bearer token", ...types[0], "x-trace": "1" });
    assert.deepEqual(requests[1].headers, { authorization: "Bearer token", ...types[1] });
    if (body === form) return assert.deepEqual(Object.keys(await formOf(requests[0])), ["connection_id", "users"]);
    assert.deepEqual(types[0], body === undefined ? {} : { "content-type": "application/json" });
    assert.equal(requests[0].body, body && JSON.stringify(body));
  });
}

for (const [name, known] of Object.entries(parameters)) {
  const [, given] = operations.find(([other]) => other === name);
  for (const [parameter, [value, sends]] of Object.entries(known)) {
    test(`${name} sends its parameter ${parameter}`, async () => {
      const { call, requests } = method(name);
      await call(...given.slice(0, -1), { ...given.at(-1), [parameter]: value });
      assert.equal(requests.length, 1);
      const pairs = requests[0].url.split("?")[1].split("&");
      assert.deepEqual(
        pairs.filter((pair) => pair.startsWith(`${parameter}=`)),
        [sends],
      );
    });
  }
}

test("every identifier in a path is checked by its own name", async () => {
  for (const [name, given, sends] of operations) {
    const ids = sends.split(/[/?]/).filter((part) => given.map((id) => encodeURIComponent(id)).includes(part)).length;
    for (let place = 0; place < ids; place++) {
      for (const wrong of ["", "..", -1, undefined, "auth0%7Cx"]) {
        const { client, requests } = recorded();
        const path = name.split(".");
        const target = path.slice(0, -1).reduce((object, part) => object[part], client);
        const error = await rejection(target[path.at(-1)](...given.map((id, n) => (n === place ? wrong : id))));
        assert.match(error.message, /: ([a-z_]*id|provider) /, `${name} ${wrong}`);
        assert.equal(requests.length, 0);
      }
    }
  }
});

test("organizations go by checkpoint until they are asked for an offset", async () => {
  for (const [given, sends] of [
    [{ take: 10 }, "take=10"],
    [{ from: "abc" }, "from=abc&take=50"],
    [{ page: 0 }, page],
    [{ per_page: 10 }, "include_totals=true&page=0&per_page=10"],
    [{ include_totals: false }, "include_totals=false&page=0&per_page=50"],
  ]) {
    const { call, requests } = method("users.organizations.list");
    await call("x", given);
    assert.equal(line(requests[0]), `GET /users/x/organizations?${sends}`);
  }
});

test("a checkpoint list goes on from the place that the server gives, and ends where it gives none", async () => {
  const places = [{ next: "b=" }, { next: "c" }, { next: "" }];
  const answers = places.map((place, n) => () => Response.json({ sessions: [{ id: `s${n}` }], ...place }));
  const { users, requests } = recorded(answers);
  const ids = [];
  for await (const session of await users.sessions.list("x", { take: 1 })) ids.push(session.id);
  assert.deepEqual(ids, ["s0", "s1", "s2"]);
  const query = "include_totals=true&take=1";
  assert.deepEqual(requests.map(line), [
    `GET /users/x/sessions?${query}`,
    `GET /users/x/sessions?from=b%3D&${query}`,
    `GET /users/x/sessions?from=c&${query}`,
  ]);
});

test("a place that comes again ends the list with an error", async () => {
  const { users, requests } = recorded([() => Response.json({ sessions: [{ id: "s" }], next: "same" })]);
  const ids = [];
  const loop = async () => {
    for await (const session of await users.sessions.list("x")) ids.push(session.id);
  };
  await assert.rejects(loop, { code: "incomplete_list" });
  assert.deepEqual([ids.length, requests.length], [2, 2]);
});

test("request reaches endpoints that are not modelled, below the base URL and nowhere else", async () => {
  const { client, requests } = recorded([() => Response.json({ ok: true })], { headers: { "x-client": "1" } });
  const query = { a: [1, "b c"], d: null };
  const found = await client.request({ method: "GET", path: ["clients", "a/b"], query }, { queryParams: { e: "f" } });
  assert.deepEqual(found, { ok: true });
  await client.request({ method: "POST", path: ["clients"], body: { name: "n" } });
  assert.deepEqual(requests.map(line), ["GET /clients/a%2Fb?a=1&a=b%20c&e=f", "POST /clients"]);
  assert.equal(requests[0].headers["x-client"], "1");
  assert.equal(requests[1].body, '{"name":"n"}');
  for (const [what, named] of [
    [{ method: "GET", path: [".."] }, /^request: path /],
    [{ method: "GET", path: [] }, /^request: path /],
    [{ method: "GET", path: "clients" }, /^request: path /],
    [{ method: "GET", path: ["https://other.example"], base: 1 }, /^request: base /],
    [{ method: "TRACE", path: ["x"] }, /^request: method /],
    [{ path: ["x"] }, /^request: method /],
    [undefined, /^request: method /],
    [{ method: "POST", path: ["x"], body: 1 }, /^request: request /],
  ]) {
    assert.match((await rejection(client.request(what))).message, named);
  }
  assert.equal(requests.length, 2);
});

test("request repeats what is safe and sends a change once", async () => {
  for (const [method, times] of Object.entries({ GET: 3, PUT: 3, DELETE: 3, POST: 1, PATCH: 1 })) {
    const { client, requests } = recorded([() => new Response("", { status: 503, headers: { "retry-after": "0" } })]);
    const code = method === "GET" ? "bad_response" : "outcome_unknown";
    assert.equal((await rejection(client.request({ method, path: ["x"] }))).code, code);
    assert.equal(requests.length, times, method);
  }
});

test("request takes any JSON, and nothing else", async () => {
  for (const json of ['{"a":1}', "[1]", '"text"', "7", "null"]) {
    const { client } = recorded([() => new Response(json)]);
    assert.deepEqual(await client.request({ method: "GET", path: ["x"] }), JSON.parse(json));
  }
  const { client } = recorded([() => new Response("<html>")]);
  assert.equal((await rejection(client.request({ method: "GET", path: ["x"] }))).code, "bad_response");
});

test("what has the wrong type is refused and not converted", async () => {
  for (const [options, named] of [
    [{ baseUrl: undefined, domain: 42 }, /^domain /],
    [{ baseUrl: 42 }, /^baseUrl /],
    [{ timeoutInSeconds: "5" }, /^timeoutInSeconds /],
  ]) {
    assert.throws(() => recorded([], options), { name: "TypeError", message: named });
  }
});

test("of two headers that reject, both have somebody who waits for them", async () => {
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const late = (ms, reason) => new Promise((_, reject) => setTimeout(reject, ms, reason));
  const { users } = recorded();
  const headers = { "x-a": () => late(20, "a"), "x-b": () => late(1, "b") };
  assert.equal(await rejection(users.get("x", {}, { headers })), "b");
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.off("unhandledRejection", note);
  assert.deepEqual(unhandled, []);
});
