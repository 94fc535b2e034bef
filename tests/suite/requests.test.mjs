import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient } from "auth0-users";

import { answer, baseUrl, line, operations, recorded, rejection } from "./client.mjs";

for (const { name, call, sends, body } of operations) {
  test(`users.${name} sends ${sends}`, async () => {
    const { users, requests } = recorded();
    await call(users);
    assert.equal(requests.length, 1);
    const [request] = requests;
    assert.equal(line(request), sends);
    assert.equal(request.body, body);
    const json = body === undefined ? {} : { "content-type": "application/json" };
    assert.deepEqual(request.headers, { authorization: "Bearer token", ...json });
    assert.equal(request.redirect, "manual");
    assert.ok(request.signal instanceof AbortSignal);
  });
}

const ids = {
  "auth0|x": "auth0%7Cx",
  "samlp|a|b": "samlp%7Ca%7Cb",
  "a/b": "a%2Fb",
  "%3A": "%253A",
  "oauth2|siwe|eip155%3A5": "oauth2%7Csiwe%7Ceip155%253A5",
  "auth0|%7C": "auth0%7C%257C",
  "+": "%2B",
  "a b?c#d&e=f;g,h@i:j$k\\l": "a%20b%3Fc%23d%26e%3Df%3Bg%2Ch%40i%3Aj%24k%5Cl",
  "🦀": "%F0%9F%A6%80",
  "-_.!~*'()": "-_.!~*'()",
  "...": "...",
  " ": "%20",
};

for (const [id, encoded] of Object.entries(ids)) {
  test(`the id ${JSON.stringify(id)} arrives encoded exactly once`, async () => {
    const { users, requests } = recorded();
    await users.get(id);
    await users.update(id);
    await users.delete(id);
    await users.regenerateRecoveryCode(id);
    await users.revokeAccess(id);
    assert.deepEqual(requests.map(line), [
      `GET /users/${encoded}`,
      `PATCH /users/${encoded}`,
      `DELETE /users/${encoded}`,
      `POST /users/${encoded}/recovery-code-regeneration`,
      `POST /users/${encoded}/revoke-access`,
    ]);
    assert.equal(encodeURIComponent(id), encoded);
  });
}

const notIds = [
  "",
  ".",
  "..",
  undefined,
  null,
  42,
  {},
  [],
  ["auth0|x"],
  true,
  1n,
  Symbol("s"),
  "auth0%7Cx",
  "auth0%7cx",
];
const unprintable = ["a\nb", "a\0", "\x7f", "\ud800", "a\udc00b", new String("auth0|x"), () => "auth0|x"];

for (const id of [...notIds, ...unprintable]) {
  test(`the id ${typeof id === "string" ? JSON.stringify(id) : String(id)} is refused before any request`, async () => {
    const { users, requests } = recorded();
    for (const promise of [
      users.get(id),
      users.update(id, {}),
      users.delete(id),
      users.regenerateRecoveryCode(id),
      users.revokeAccess(id),
    ]) {
      const error = await rejection(promise);
      assert.ok(error instanceof TypeError);
      assert.equal(error.code, "invalid_argument");
      assert.match(error.message, /^users\.\w+: id /);
    }
    assert.equal(requests.length, 0);
  });
}

test("the id of an identity may be a safe integer, as the API gives it", async () => {
  const { client, users, requests } = recorded([answer(200, [])]);
  for (const [id, segment] of [
    [583231, "583231"],
    [0, "0"],
    [-0, "0"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
    ["007", "007"],
  ]) {
    await users.identities.delete("auth0|x", "github", id);
    await client.request({ method: "GET", path: ["things", id] });
    assert.deepEqual(
      requests.splice(0).map(({ url }) => url.slice(baseUrl.length)),
      [`/users/auth0%7Cx/identities/github/${segment}`, `/things/${segment}`],
    );
  }
  for (const id of [NaN, Infinity, 1.5, -1, 2 ** 53, 1n, "", null, undefined, {}, [1], new Number(1)]) {
    const error = await rejection(users.identities.delete("auth0|x", "github", id));
    assert.match(error.message, /^users\.identities\.delete: user_id must be /);
    assert.match((await rejection(client.request({ method: "GET", path: [id] }))).message, /^request: path must be /);
  }
  // No id of a user is a number.
  for (const call of [users.sessions.list(7), users.identities.delete(7, "github", "x")]) {
    assert.match((await rejection(call)).message, /id must be a non-empty string$/);
  }
  assert.equal(requests.length, 0);
});

for (const id of [
  "a/../../clients",
  "../x",
  "x/..",
  "a/./b",
  "a\\..\\b",
  "%2e%2E",
  "a/.%2e/b",
  "a%2f..%5Cb",
  "a\u0085",
]) {
  test(`the id ${JSON.stringify(id)}, which may climb out of its place, is refused`, async () => {
    const { client, users, requests } = recorded();
    assert.match((await rejection(users.get(id))).message, /^users\.get: id must not /);
    assert.match(
      (await rejection(client.request({ method: "GET", path: ["x", id] }))).message,
      /^request: path must not /,
    );
    assert.equal(requests.length, 0);
  });
}

test("an id that is encoded already is refused with what to pass in its place", async () => {
  const { users } = recorded();
  assert.match((await rejection(users.get("auth0%7Cx"))).message, /auth0\|/);
});

test("every query parameter of a list goes over the wire as it was given", async () => {
  const { users, requests } = recorded();
  const parameters = {
    page: 3,
    per_page: 7,
    include_totals: false,
    sort: "created_at:-1",
    connection: "Username-Password-Authentication",
    fields: "user_id,email",
    include_fields: true,
    q: 'email:"a+b@x.y" AND name:é',
    search_engine: "v3",
    primary_order: false,
  };
  await users.list(parameters);
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  assert.equal(line(requests[0]), `GET /users?${query.sort().join("&")}`);
});

test("fields may be an array, for every method that takes them", async () => {
  const { users, requests } = recorded();
  const fields = Object.freeze(["user_id", "app_metadata.plan"]);
  await users.list({ fields, per_page: null, page: null, include_totals: null });
  await users.get("x", { fields, include_fields: false });
  await users.listUsersByEmail({ email: "a@b.c", fields });
  assert.deepEqual(requests.map(line), [
    "GET /users?fields=user_id%2Capp_metadata.plan",
    "GET /users/x?fields=user_id%2Capp_metadata.plan&include_fields=false",
    "GET /users-by-email?email=a%40b.c&fields=user_id%2Capp_metadata.plan",
  ]);
});

test("a list without arguments asks for the first page with totals; null removes a default", async () => {
  const { users, requests } = recorded();
  await users.list();
  await users.list(null, null);
  await users.list({ page: undefined, per_page: undefined, include_totals: undefined, q: undefined });
  await users.list({ page: null, per_page: null, include_totals: null, q: null });
  const defaults = "GET /users?include_totals=true&page=0&per_page=50";
  assert.deepEqual(requests.map(line), [defaults, defaults, defaults, "GET /users"]);
});

test("0, false and the empty string are sent", async () => {
  const { users, requests } = recorded();
  await users.list({ page: 0, per_page: 0, include_totals: false, q: "" }, { queryParams: { a: 0, b: false, c: "" } });
  await users.create({ connection: "", blocked: false, name: "" });
  await users.update("x", { blocked: false, name: "", nickname: null, user_metadata: { n: 0, e: "", f: false } });
  assert.equal(line(requests[0]), "GET /users?a=0&b=false&c=&include_totals=false&page=0&per_page=0&q=");
  assert.equal(requests[1].body, '{"connection":"","blocked":false,"name":""}');
  assert.equal(
    requests[2].body,
    '{"blocked":false,"name":"","nickname":null,"user_metadata":{"n":0,"e":"","f":false}}',
  );
});

test("absent, undefined and null are three things in a body", async () => {
  const { users, requests } = recorded();
  await users.update("x");
  await users.update("x", {});
  await users.update("x", { name: undefined, nickname: null, user_metadata: { b: null } });
  await users.revokeAccess("x");
  assert.deepEqual(
    requests.map(({ body }) => body),
    ["{}", "{}", '{"nickname":null,"user_metadata":{"b":null}}', "{}"],
  );
});

test("a body is what JSON.stringify makes of it", async () => {
  const { users, requests } = recorded();
  const when = new Date(0);
  const metadata = {
    "": 1,
    "é🦀": "é🦀\u2028",
    when,
    nested: [{ deep: [null] }],
    big: 2 ** 53,
    own: { toJSON: () => 7 },
  };
  await users.update("x", { user_metadata: metadata });
  assert.equal(requests[0].body, JSON.stringify({ user_metadata: metadata }));
});

for (const [what, body] of [
  ["a string", "{}"],
  ["an array", []],
  ["a number", 1],
  ["a function", () => {}],
  ["a cycle", Object.assign({}, { self: null })],
  ["a BigInt inside", { user_metadata: { n: 1n } }],
]) {
  if (what === "a cycle") body.self = body;
  test(`a body that is ${what} is refused before any request`, async () => {
    const { users, requests } = recorded();
    for (const promise of [users.create(body), users.update("x", body), users.revokeAccess("x", body)]) {
      const error = await rejection(promise);
      assert.ok(error instanceof TypeError);
      assert.match(error.message, /^users\.\w+: request[ .]/);
    }
    assert.equal(requests.length, 0);
  });
}

test("create needs a body, and listUsersByEmail an email", async () => {
  const { users, requests } = recorded();
  assert.match((await rejection(users.create())).message, /: request /);
  assert.match((await rejection(users.create(null))).message, /: request /);
  assert.match((await rejection(users.listUsersByEmail())).message, /: email /);
  assert.match((await rejection(users.listUsersByEmail({ email: null }))).message, /: email /);
  assert.equal(requests.length, 0);
});

test("an unknown parameter or option is refused by name, with those that exist", async () => {
  const { users, requests } = recorded();
  const refusals = {
    perPage: [users.list({ perPage: 5 }), /perPage.*users\.list.*per_page/],
    email: [users.get("x", { email: "a" }), /email.*users\.get.*fields/],
    timeout: [users.get("x", {}, { timeout: 5 }), /timeout.*requestOptions.*timeoutInSeconds/],
    signal: [users.delete("x", { signal: null }), /signal.*requestOptions.*abortSignal/],
  };
  for (const [promise, message] of Object.values(refusals)) {
    const error = await rejection(promise);
    assert.ok(error instanceof TypeError);
    assert.match(error.message, message);
  }
  assert.equal(requests.length, 0);
});

for (const value of [NaN, Infinity, {}, Symbol("s"), () => 1, [[1]], [null], "\ud800"]) {
  test(`a query value ${typeof value === "string" ? "that is half a character" : String(value)} is refused`, async () => {
    const { users, requests } = recorded();
    assert.match((await rejection(users.list({ q: value }))).message, /: q /);
    assert.match((await rejection(users.list({}, { queryParams: { extra: value } }))).message, /: extra /);
    assert.equal(requests.length, 0);
  });
}

test("queryParams come on top of the typed ones, and an array repeats its name", async () => {
  const { users, requests } = recorded();
  const queryParams = { per_page: 3, "a b": ["1", 2, true], none: undefined, neither: null, big: 10n };
  await users.list({ per_page: 9 }, { queryParams });
  await users.delete("x", { queryParams: { trace: "t&u" } });
  assert.deepEqual(requests.map(line), [
    "GET /users?a%20b=1&a%20b=2&a%20b=true&big=10&include_totals=true&page=0&per_page=3",
    "DELETE /users/x?trace=t%26u",
  ]);
});

test("headers of the client and of the call are sent; null and undefined take one away", async () => {
  const headers = { "X-Client": "client", "x-both": "client", "X-Gone": "client", "x-also-gone": "client" };
  const { users, requests } = recorded(undefined, { headers });
  await users.get("x", {}, { headers: { "X-Both": "call", "x-gone": null, "X-Also-Gone": undefined, "x-empty": "" } });
  await users.get("x");
  const authorization = "Bearer token";
  assert.deepEqual(requests[0].headers, { authorization, "x-client": "client", "x-both": "call", "x-empty": "" });
  const all = { "x-client": "client", "x-both": "client", "x-gone": "client", "x-also-gone": "client" };
  assert.deepEqual(requests[1].headers, { authorization, ...all });
});

test("a header may be a promise or a function, which is asked for each request", async () => {
  let count = 0;
  const headers = {
    "x-promise": Promise.resolve("promised"),
    "x-count": () => String(++count),
    "x-later": async () => "later",
    "x-none": () => null,
  };
  const { users, requests } = recorded(undefined, { headers });
  await users.get("x");
  await users.get("x");
  const expected = { authorization: "Bearer token", "x-promise": "promised", "x-later": "later" };
  assert.deepEqual(requests[0].headers, { ...expected, "x-count": "1" });
  assert.deepEqual(requests[1].headers, { ...expected, "x-count": "2" });
});

for (const name of ["authorization", "Authorization", "AUTHORIZATION"]) {
  test(`a header ${name} is refused, from the client and from the call`, async () => {
    const { users, requests } = recorded();
    const error = await rejection(users.get("x", {}, { headers: { [name]: "Bearer other" } }));
    assert.ok(error instanceof TypeError);
    assert.match(error.message, /: headers .*token/);
    assert.ok(!error.message.includes("other"));
    assert.equal(requests.length, 0);
    assert.throws(() => recorded(undefined, { headers: { [name]: null } }), /^TypeError: headers /);
  });
}

for (const headers of [
  { "a b": "" },
  { "": "" },
  { "a\n": "" },
  { a: "x\r\ny: z" },
  { a: 1 },
  { a: {} },
  { a: "€" },
  "a: b",
]) {
  test(`the headers ${JSON.stringify(headers)} are refused before any request`, async () => {
    const { users, requests } = recorded();
    const error = await rejection(users.get("x", {}, { headers }));
    assert.ok(error instanceof TypeError);
    assert.match(error.message, /: headers /);
    assert.equal(requests.length, 0);
  });
}

test("what a header function throws or rejects with is passed on as it is", async () => {
  const { users, requests } = recorded();
  const reason = new Error("no header today");
  const thrown = () => {
    throw reason;
  };
  assert.equal(await rejection(users.get("x", {}, { headers: { a: thrown } })), reason);
  assert.equal(await rejection(users.get("x", {}, { headers: { a: async () => thrown() } })), reason);
  assert.equal(requests.length, 0);
});

for (const [what, token] of [
  ["a string", "secret"],
  ["a promise", Promise.resolve("secret")],
  ["a function", () => "secret"],
  ["an async function", async () => "secret"],
  ["a thenable", { then: (resolve) => resolve("secret") }],
]) {
  test(`the token may be ${what}`, async () => {
    const { users, requests } = recorded(undefined, { token });
    await users.get("x");
    await users.get("x");
    assert.deepEqual(
      requests.map(({ headers }) => headers.authorization),
      ["Bearer secret", "Bearer secret"],
    );
  });
}

test("a token function is asked for each attempt", async (t) => {
  t.mock.method(Math, "random", () => 0);
  let count = 0;
  const token = () => `token${++count}`;
  const { users, requests } = recorded([answer(500, {}), answer(200, {})], { token });
  await users.get("x");
  assert.deepEqual(
    requests.map(({ headers }) => headers.authorization),
    ["Bearer token1", "Bearer token2"],
  );
});

test("a token function that fails passes its own reason on, and nothing is sent", async () => {
  for (const reason of [new Error("no token"), "no token", undefined]) {
    for (const token of [() => Promise.reject(reason), thrower(reason)]) {
      const { users, requests } = recorded(undefined, { token });
      assert.equal(await rejection(users.get("x")), reason);
      assert.equal(await rejection(users.list()), reason);
      assert.equal(requests.length, 0);
    }
  }
});

function thrower(reason) {
  return () => {
    throw reason;
  };
}

for (const token of ["", "two words", "line\n", "€", undefined, null, 42, {}]) {
  test(`a token function that gives ${JSON.stringify(token)} is refused before any request`, async () => {
    const { users, requests } = recorded(undefined, { token: () => token });
    const error = await rejection(users.get("x"));
    assert.ok(error instanceof TypeError);
    assert.match(error.message, /: token /);
    assert.equal(requests.length, 0);
  });
}

test("without a token no authorization is sent", async () => {
  const { users, requests } = recorded(undefined, { token: undefined });
  await users.get("x");
  assert.deepEqual(requests[0].headers, {});
});

for (const [given, base] of [
  [{ domain: "tenant.eu.auth0.com" }, "https://tenant.eu.auth0.com/api/v2"],
  [{ domain: "localhost:3000" }, "https://localhost:3000/api/v2"],
  [{ baseUrl: "https://host/api/v2" }, "https://host/api/v2"],
  [{ baseUrl: "https://host/api/v2/" }, "https://host/api/v2"],
  [{ baseUrl: "http://127.0.0.1:3000" }, "http://127.0.0.1:3000"],
  [{ baseUrl: "https://host/admin-api", domain: "tenant.eu.auth0.com" }, "https://host/admin-api"],
]) {
  test(`${JSON.stringify(given)} means ${base}`, async () => {
    const { users, requests } = recorded(undefined, { baseUrl: undefined, ...given });
    await users.get("x");
    assert.equal(requests[0].url, `${base}/users/x`);
  });
}

const refusedOptions = [
  [undefined, /^domain /],
  [{}, /^domain /],
  ["tenant.example", / must be an object$/],
  [[], / must be an object$/],
  [{ domain: "https://t.example" }, /^domain /],
  [{ domain: "t.example/x" }, /^domain /],
  [{ domain: "" }, /^domain /],
  [{ baseUrl: "/admin-api" }, /^baseUrl .* such as "https:\/\/host\/api\/v2"$/],
  [{ baseUrl: "ftp://host" }, /^baseUrl /],
  [{ baseUrl: "httpx://host" }, /^baseUrl /],
  [{ baseUrl: "https://host/?a=b" }, /^baseUrl /],
  [{ baseUrl: "https://host/#a" }, /^baseUrl /],
  [{ baseUrl: "https://user:word@host/" }, /^baseUrl /],
  [{ domain: "t.example" }, /^token is required with domain, or clientId and clientSecret in its place$/],
  [{ domain: "t.example", token: undefined }, /^token is required /],
  [{ domain: "t.example", token: 42 }, /^token /],
  [{ domain: "t.example", token: "secret word" }, /^token /],
  [{ domain: "t.example", token: "secret\n" }, /^token /],
  [{ domain: "t.example", fetch: "fetch" }, /^fetch /],
  [{ domain: "t.example", timeoutInSeconds: 0 }, /^timeoutInSeconds /],
  [{ domain: "t.example", timeoutInSeconds: NaN }, /^timeoutInSeconds /],
  [{ domain: "t.example", timeoutInSeconds: "soon" }, /^timeoutInSeconds /],
  [{ domain: "t.example", maxRetries: -1 }, /^maxRetries /],
  [{ domain: "t.example", maxRetries: 1.5 }, /^maxRetries /],
  [{ domain: "t.example", headers: [] }, /^headers /],
  [{ domain: "t.example", clientSecret: "s" }, /clientSecret/],
];

for (const [options, message] of refusedOptions) {
  test(`a client with ${JSON.stringify(options)} is refused by name`, () => {
    assert.throws(
      () => new ManagementClient(options),
      (error) => {
        assert.ok(error instanceof TypeError);
        assert.equal(error.code, "invalid_argument");
        assert.match(error.message, message);
        assert.ok(!error.message.includes("secret"));
        return true;
      },
    );
  });
}

for (const [options, message] of [
  [{ timeoutInSeconds: 0 }, /: timeoutInSeconds /],
  [{ timeoutInSeconds: null }, /: timeoutInSeconds /],
  [{ maxRetries: "2" }, /: maxRetries /],
  [{ abortSignal: {} }, /: abortSignal /],
  [{ abortSignal: new AbortController() }, /: abortSignal /],
  [{ queryParams: "a=b" }, /: queryParams /],
  ["5", /: requestOptions /],
  [[], /: requestOptions /],
]) {
  test(`the request options ${JSON.stringify(options)} are refused by name`, async () => {
    for (const { call } of operations) {
      const { users, requests } = recorded();
      const error = await rejection(call(users, options));
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
      assert.equal(requests.length, 0);
    }
  });
}
