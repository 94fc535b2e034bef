import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient } from "auth0-users";
import { createProxy } from "auth0-users/proxy";

import { base, optionsFor, origin, recorder, signedIn, upstreamToken, write } from "./setup.mjs";

const user = `${base}/users/auth0%7Ca`;
const get = (url = user, headers = signedIn()) => new Request(url, { headers });
const patch = (body = { blocked: true }, headers = write()) =>
  new Request(user, {
    method: "PATCH",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** A fetch that holds its answers back until they are let go. */
function held() {
  const waiting = [];
  const fetch = () => new Promise((resolve) => waiting.push(() => resolve(Response.json({}))));
  return { fetch, waiting };
}

/** Gives promises the time to come to where they wait for an answer. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 10));

for (const [name, options, message] of [
  ["no options", undefined, /createProxy must be given an object/],
  ["no authorize", { authorize: undefined }, /authorize must be a function/],
  ["no allow", { allow: undefined }, /allow must be an object/],
  ["allow as an array", { allow: ["users.list"] }, /allow must be an object/],
  ["an operation that is none", { allow: { "users.lst": true } }, /users\.lst: is not an operation/],
  ["an operation that is none, forbidden", { allow: { "users.lst": false } }, /users\.lst: is not an operation/],
  ["a property of objects", { allow: { constructor: true } }, /constructor: is not an operation/],
  ["a rule that is none", { allow: { "users.list": "yes" } }, /users\.list must be true or an object/],
  [
    "an option that is none",
    { allow: { "users.update": { feilds: [] } } },
    /users\.update, feilds: has no such option/,
  ],
  ["fields without a body", { allow: { "users.list": { fields: [] } } }, /users\.list, fields: has no body/],
  ["query without a query", { allow: { "users.update": { query: [] } } }, /users\.update, query: has no query/],
  ["a parameter that is none", { allow: { "users.list": { query: ["pages"] } } }, /query, pages: has no such/],
  [
    "response without an answer",
    { allow: { "users.delete": { response: [] } } },
    /users\.delete, response: has no answer/,
  ],
  [
    "fields that are no array",
    { allow: { "users.update": { fields: "blocked" } } },
    /fields of users\.update must be an array/,
  ],
  [
    "a field that is no name",
    { allow: { "users.update": { fields: [1] } } },
    /fields of users\.update must be an array/,
  ],
  ["a field with a tab", { allow: { "users.update": { fields: ["a\tfields b"] } } }, /fields of users\.update must be/],
  [
    "a secret that is none",
    { allow: { "users.get": { secrets: ["email"] } } },
    /secrets of users\.get can be access_token/,
  ],
  ["csrf left out", { csrf: undefined }, /csrf must be a function .* or false/],
  ["csrf true", { csrf: true }, /csrf must be a function .* or false/],
  ["a base path with a slash at its end", { basePath: "/admin/" }, /basePath/],
  ["a base path that climbs", { basePath: "/../x" }, /basePath/],
  ["a base path that is a URL", { basePath: "https://admin.example" }, /basePath/],
  ["any origin", { origins: ["*"] }, /origins must be exact/],
  ["the origin null", { origins: ["null"] }, /origins must be exact/],
  ["an origin with a path", { origins: ["https://admin.example/"] }, /origins must be exact/],
  ["no share", { rateShare: 0 }, /rateShare/],
  ["more than everything", { rateShare: 1.5 }, /rateShare/],
  ["no body at all", { maxBodyBytes: 0 }, /maxBodyBytes/],
  ["an audit that is none", { onAudit: {} }, /onAudit/],
  ["both a client and a token", { token: "t" }, /client is given, so token has no effect/],
  ["a client that is none", { client: {} }, /client must be a ManagementClient/],
  ["neither a client nor a tenant", { client: undefined }, /domain is required/],
  ["an option that nobody knows", { client: undefined, domain: "t.example", token: "t", allowed: {} }, /allowed/],
]) {
  test(`createProxy refuses ${name}`, () => {
    const given = options && { ...optionsFor(recorder()), allow: {}, ...options };
    assert.throws(() => createProxy(given), { name: "TypeError", code: "invalid_argument", message });
  });
}

test("it makes its client from the options of one", async () => {
  const { requests, fetch } = recorder();
  const { client, ...options } = optionsFor({ fetch });
  const proxy = createProxy({ ...options, domain: "tenant.example", token: async () => "made", fetch });
  assert.equal((await proxy(get())).status, 200);
  assert.equal(requests[0].url, "https://tenant.example/api/v2/users/auth0%7Ca");
  assert.equal(requests[0].headers.authorization, "Bearer made");
});

test("nothing of what a browser sends but the operation reaches the API", async () => {
  const { requests, fetch } = recorder();
  const proxy = createProxy(optionsFor({ fetch }));
  const more = {
    authorization: "Bearer stolen",
    "auth0-custom-domain": "evil.example",
    "auth0-client": "x",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-host": "evil.example",
    "x-original-url": "/clients",
    "x-rewrite-url": "/clients",
    forwarded: "host=evil.example",
    te: "trailers",
    "proxy-authorization": "Basic YQ==",
    "x-auth0-requestid": "mine",
    "user-agent": "a browser",
    referer: `${origin}/users/secret`,
  };
  await proxy(patch({ blocked: true, user_metadata: { a: "é" } }, { ...write(), ...more }));
  assert.deepEqual(requests, [
    {
      method: "PATCH",
      url: "https://upstream.example/api/v2/users/auth0%7Ca",
      headers: { "content-type": "application/json", authorization: `Bearer ${upstreamToken}` },
      body: '{"blocked":true,"user_metadata":{"a":"é"}}',
    },
  ]);
});

test("a query is passed on as it was given: no default is added", async () => {
  const { requests, fetch } = recorder(() => Response.json([]));
  const proxy = createProxy({
    ...optionsFor({ fetch }),
    allow: { "users.list": true, "users.organizations.list": true },
  });
  const queries = ["", "?page=2", "?page=0&per_page=3&include_totals=false", "?per_page=2&q=a%20b%2Bc&sort=name%3A1"];
  for (const query of queries) assert.equal((await proxy(get(`${base}/users${query}`))).status, 200);
  await proxy(get(`${base}/users/a/organizations`));
  await proxy(get(`${base}/users/a/organizations?from=x%2B&take=2`));
  const asked = requests.map(({ url }) => {
    const { pathname, searchParams } = new URL(url);
    return [pathname.split("/").pop(), [...searchParams].sort().join(" ")];
  });
  assert.deepEqual(asked, [
    ["users", ""],
    ["users", "page,2"],
    ["users", "include_totals,false page,0 per_page,3"],
    ["users", "per_page,2 q,a b+c sort,name:1"],
    ["organizations", ""],
    ["organizations", "from,x+ take,2"],
  ]);
});

test("an answer has its status, what it says of limits, and no other header of the API", async () => {
  const headers = {
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": "9",
    "x-ratelimit-reset": "1700000000",
    "x-auth0-requestid": "abc",
    "x-correlation-id": "def",
    "set-cookie": "did=1",
    server: "cloudflare",
    authorization: `Bearer ${upstreamToken}`,
    "x-secret": upstreamToken,
    "access-control-allow-origin": "*",
    "content-type": "application/json",
  };
  const proxy = createProxy(optionsFor(recorder(() => Response.json({ user_id: "a" }, { status: 201, headers }))));
  const response = await proxy(get());
  assert.equal(response.status, 201);
  assert.deepEqual(
    [...response.headers.keys()],
    [
      "cache-control",
      "content-type",
      "x-auth0-requestid",
      "x-content-type-options",
      "x-correlation-id",
      "x-ratelimit-limit",
      "x-ratelimit-remaining",
      "x-ratelimit-reset",
    ],
  );
  assert.deepEqual(await response.json(), { user_id: "a" });
});

for (const [name, reply, status, errorCode, message, limits] of [
  ["an error of the API", () => error(404, "inexistent_user"), 404, "inexistent_user", "as the API says"],
  ["a conflict", () => error(409, "user_exists"), 409, "user_exists", "as the API says"],
  ["too many requests", () => error(429, "too_many_requests"), 429, "too_many_requests", "as the API says"],
  ["a token that is not accepted", () => error(401, "invalid_token"), 502, "upstream_unauthorized"],
  ["a scope that is missing", () => error(403, "insufficient_scope"), 403, "insufficient_scope", "as the API says"],
  ["a page of HTML", () => new Response("<h1>", { status: 503 }), 502, "upstream_failure"],
  ["an error of a gateway in JSON", () => Response.json({ message: "no" }, { status: 404 }), 502, "upstream_failure"],
  ["HTML that says it is fine", () => new Response("<h1>"), 502, "upstream_failure"],
  ["a redirect", () => new Response(null, { status: 302, headers: { location: "/" } }), 502, "upstream_failure"],
  ["no connection", () => Promise.reject(new TypeError(`no ${upstreamToken}`)), 502, "upstream_failure"],
  ["nothing", () => new Promise(() => {}), 504, "upstream_timeout", undefined, { timeoutInSeconds: 0.05 }],
]) {
  test(`the API gives ${name}`, async () => {
    const { fetch } = recorder(reply);
    const client = new ManagementClient({
      baseUrl: "https://upstream.example/api/v2",
      token: upstreamToken,
      fetch,
      maxRetries: 0,
      ...limits,
    });
    const response = await createProxy({ ...optionsFor({ fetch }), client })(get());
    const body = await response.json();
    assert.deepEqual([response.status, body.statusCode, body.errorCode], [status, status, errorCode]);
    assert.deepEqual(
      Object.keys(body).filter((key) => !["statusCode", "error", "message", "errorCode"].includes(key)),
      [],
    );
    if (message) assert.equal(body.message, message);
    assert.equal(response.headers.get("retry-after"), errorCode === "too_many_requests" ? "7" : null);
    assert.ok(!JSON.stringify(body).includes(upstreamToken));
  });
}

function error(statusCode, errorCode) {
  const body = { statusCode, error: "Error", message: "as the API says", errorCode, internal: upstreamToken };
  return Response.json(body, { status: statusCode, headers: statusCode === 429 ? { "retry-after": "7" } : {} });
}

test("what is done without an answer has none", async () => {
  const proxy = createProxy(optionsFor(recorder(() => new Response(null, { status: 204 }))));
  const response = await proxy(new Request(`${user}/sessions`, { method: "DELETE", headers: write() }));
  assert.deepEqual([response.status, await response.text(), response.headers.get("content-type")], [204, "", null]);
});

test("an answer has only the fields that are allowed, of an object, of items, and of items in an envelope", async () => {
  const one = { user_id: "a", email: "a@example.com", app_metadata: { plan: "team" } };
  const kept = { user_id: "a", email: "a@example.com" };
  const response = ["user_id", "email", "name"];
  const allow = { "users.get": { response }, "users.list": { response }, "users.listUsersByEmail": { response } };
  for (const [path, answer, expected] of [
    ["/users/a", one, kept],
    [
      "/users?page=0",
      { start: 0, limit: 1, length: 1, total: 9, users: [one] },
      { start: 0, limit: 1, length: 1, total: 9, users: [kept] },
    ],
    ["/users?include_totals=false", [one, one], [kept, kept]],
    ["/users-by-email?email=a", [one, "odd"], [kept, null]],
  ]) {
    const proxy = createProxy({ ...optionsFor(recorder(() => Response.json(answer))), allow });
    assert.deepEqual(await (await proxy(get(base + path))).json(), expected, path);
  }
});

test("secrets of identity providers are taken out unless they are asked for", async () => {
  const secret = { access_token: "s1", access_token_secret: "s2", refresh_token: "s3", id_token: "s4" };
  const one = {
    user_id: "a",
    identities: [{ provider: "google-oauth2", ...secret, profileData: { name: "A", ...secret } }],
    user_metadata: { refresh_token: "the tenant's own" },
    ...secret,
  };
  const ask = async (rule) => {
    const proxy = createProxy({ ...optionsFor(recorder(() => Response.json(one))), allow: { "users.get": rule } });
    return (await proxy(get())).json();
  };
  const bare = {
    user_id: "a",
    identities: [{ provider: "google-oauth2", profileData: { name: "A" } }],
    user_metadata: { refresh_token: "the tenant's own" },
  };
  assert.deepEqual(await ask(true), bare);
  assert.deepEqual(await ask({ response: ["user_id", "identities", "access_token"] }), {
    user_id: "a",
    identities: bare.identities,
  });
  const asked = await ask({ secrets: ["access_token"] });
  assert.deepEqual(asked.identities, [
    { provider: "google-oauth2", access_token: "s1", profileData: { name: "A", access_token: "s1" } },
  ]);
});

test("the capabilities are those of who asks, with the token of the session", async () => {
  const { requests, fetch } = recorder();
  const proxy = createProxy(optionsFor({ fetch }));
  const ask = async (actor, ask = proxy) => (await ask(get(`${base}/-/capabilities`, signedIn(actor)))).json();
  assert.deepEqual(await ask("ben"), { operations: { "users.list": true }, csrf: "csrf-of-ben" });
  assert.deepEqual(await ask("eve"), { operations: {}, csrf: "csrf-of-eve" });
  const { operations } = await ask("ana");
  assert.deepEqual(operations["users.update"], { fields: ["blocked", "user_metadata"] });
  assert.deepEqual(operations["users.list"], { query: ["page", "per_page", "include_totals", "sort"] });
  const open = createProxy({
    ...optionsFor({ fetch }),
    allow: { "users.get": { secrets: ["id_token"] }, "users.list": false },
    csrf: false,
  });
  assert.deepEqual(await ask("ben", open), { operations: { "users.get": true } });
  assert.deepEqual(requests, []);
});

test("without csrf only the origin is looked at, and sec-fetch-site where there is none", async () => {
  const { requests, fetch } = recorder();
  const proxy = createProxy({ ...optionsFor({ fetch }), csrf: false });
  for (const headers of [{ origin }, { "sec-fetch-site": "same-origin" }]) {
    assert.equal((await proxy(patch({}, { ...signedIn(), ...headers }))).status, 200);
  }
  assert.equal(requests.length, 2);
  assert.equal((await proxy(patch({}, signedIn()))).status, 403);
});

test("pages of origins that are named may use it, and no others", async () => {
  const named = "https://console.example";
  const proxy = createProxy({ ...optionsFor(recorder()), origins: [named] });
  const response = await proxy(patch({}, { ...write(), origin: named }));
  const cors = (response) => Object.fromEntries([...response.headers].filter(([name]) => /^access|vary/.test(name)));
  assert.equal(response.status, 200);
  const allowed = cors(response);
  assert.match(allowed["access-control-expose-headers"], /x-ratelimit-remaining/);
  assert.equal(allowed["access-control-allow-origin"], named);
  assert.equal(allowed["access-control-allow-credentials"], "true");
  assert.equal(allowed.vary, "origin");
  const question = (origin) =>
    new Request(user, { method: "OPTIONS", headers: { origin, "access-control-request-method": "PATCH" } });
  const answer = await proxy(question(named));
  assert.equal(answer.status, 204);
  assert.equal(cors(answer)["access-control-allow-origin"], named);
  assert.match(cors(answer)["access-control-allow-headers"], /x-csrf-token/);
  assert.match(cors(answer)["access-control-allow-methods"], /PATCH/);
  // Somebody's refusal can be read by those pages too.
  assert.equal(
    cors(await proxy(patch({ email: 1 }, { ...write(), origin: named })))["access-control-allow-origin"],
    named,
  );
  for (const response of [await proxy(question("https://evil.example")), await proxy(get())]) {
    assert.deepEqual(cors(response), { vary: "origin" });
  }
  // The own origin needs no CORS.
  assert.equal((await proxy(patch())).headers.get("access-control-allow-origin"), null);
});

test("one actor has a share of the calls, and the others go on", async () => {
  const { fetch, waiting } = held();
  const proxy = createProxy({ ...optionsFor({ fetch }), allow: { "users.get": true }, rateShare: 3 / 64 });
  const calls = Array.from({ length: 3 }, () => proxy(get()));
  await settle();
  const refused = await proxy(get());
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "1"]);
  assert.deepEqual((await refused.json()).errorCode, "too_many_calls");
  const other = proxy(get(user, signedIn("ben")));
  while (waiting.length > 0) {
    waiting.splice(0).forEach((go) => go());
    await settle();
  }
  for (const response of await Promise.all([...calls, other])) assert.equal(response.status, 200);
  const again = proxy(get());
  await settle();
  waiting.splice(0).forEach((go) => go());
  assert.equal((await again).status, 200);
});

test("a share is given back when a call fails, and half of all by default", async () => {
  const { fetch, waiting } = held();
  const proxy = createProxy(optionsFor({ fetch }));
  for (let n = 0; n < 40; n++) assert.equal((await proxy(patch({ email: 1 }))).status, 403);
  const calls = Array.from({ length: 33 }, () => proxy(get()));
  await settle();
  let done = 0;
  calls.forEach((call) => call.then(() => done++));
  while (done < calls.length) {
    waiting.splice(0).forEach((go) => go());
    await settle();
  }
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  assert.deepEqual(
    statuses.filter((status) => status !== 200),
    [429],
  );
});

test("a tenant that gives no tokens is a failure of the proxy, not of who asks", async () => {
  for (const status of [503, 429, 401, 403]) {
    const fetch = () => Promise.resolve(Response.json({ error: "access_denied", secret: upstreamToken }, { status }));
    const { client, ...options } = optionsFor({ fetch });
    const own = { domain: "tenant.example", clientId: "a", clientSecret: upstreamToken, fetch, maxRetries: 0 };
    const response = await createProxy({ ...options, ...own })(get());
    assert.equal(response.status, 502);
    assert.ok(!(await response.text()).includes(upstreamToken));
  }
});

test("values are passed on as they are, also those that look like something else", async () => {
  const { requests, fetch } = recorder();
  const proxy = createProxy(optionsFor({ fetch }));
  const body = {
    blocked: false,
    user_metadata: { a: ["Infinity", "-Infinity", 0, "", null, 1e300, { toString: "x" }] },
  };
  assert.equal((await proxy(patch(body))).status, 200);
  assert.deepEqual(JSON.parse(requests[0].body), body);
});

test("rules that a function gives are read each time", async () => {
  const allow = { "users.get": true };
  const proxy = createProxy({ ...optionsFor(recorder()), allow: () => allow });
  assert.equal((await proxy(get())).status, 200);
  allow["users.get"] = false;
  assert.equal((await proxy(get())).status, 403);
});

test("rules that are an object are read once", async () => {
  const response = ["user_id"];
  const allow = { "users.get": { response } };
  const proxy = createProxy({ ...optionsFor(recorder(() => Response.json({ user_id: "a", email: "b" }))), allow });
  response.push("email");
  allow["users.update"] = true;
  assert.deepEqual(await (await proxy(get())).json(), { user_id: "a" });
  assert.equal((await proxy(patch())).status, 403);
});

test("it answers even when onError fails", async () => {
  const thrower = () => {
    throw new Error("broken");
  };
  const proxy = createProxy({ ...optionsFor(recorder()), authorize: thrower, onError: thrower });
  assert.equal((await proxy(get())).status, 500);
});

test("an audit that fails does not undo what was done", async () => {
  for (const onAudit of [
    () => {
      throw new Error("full");
    },
    () => Promise.reject(new Error("full")),
  ]) {
    const errors = [];
    const { requests, fetch } = recorder();
    const proxy = createProxy({ ...optionsFor({ fetch }), onAudit, onError: ({ message }) => errors.push(message) });
    assert.equal((await proxy(patch())).status, 200);
    assert.deepEqual(errors, ["full"]);
    assert.equal(requests.length, 1);
  }
});

test("what the program's own functions throw is told to onError, and to nobody else", async () => {
  const thrower = () => {
    throw new Error(`broken ${upstreamToken}`);
  };
  for (const own of [
    { authorize: thrower },
    { authorize: () => ({ name: "without an id" }) },
    { authorize: () => ({ id: 7 }) },
    { allow: thrower },
    { allow: () => ({ "users.lst": true }) },
    { allow: () => undefined },
    { csrf: thrower },
    { csrf: () => "" },
    { csrf: () => undefined },
    { client: new ManagementClient({ baseUrl: "https://upstream.example/api/v2", token: thrower }) },
  ]) {
    const errors = [];
    const { requests, fetch } = recorder();
    const proxy = createProxy({ ...optionsFor({ fetch }), ...own, onError: (error) => errors.push(error) });
    const response = await proxy(patch());
    const body = await response.json();
    assert.deepEqual([response.status, body.errorCode, body.message], [500, "proxy_failure", "The proxy failed"]);
    assert.equal(errors.length, 1);
    assert.deepEqual(requests, []);
  }
});

test("a read is given up when nobody waits for it any more, and a write is not", async () => {
  const abort = new AbortController();
  let signals = [];
  const fetch = (_url, init) => {
    signals.push(init.signal);
    return new Promise((resolve, reject) => {
      init.signal.addEventListener("abort", () => reject(init.signal.reason));
      setTimeout(() => resolve(Response.json({})), 50);
    });
  };
  const proxy = createProxy(optionsFor({ fetch }));
  const read = proxy(new Request(user, { headers: signedIn(), signal: abort.signal }));
  await settle();
  abort.abort();
  assert.equal((await read).status, 499);
  const gone = new AbortController();
  const writing = proxy(new Request(patch(), { signal: gone.signal }));
  await settle();
  gone.abort();
  assert.equal((await writing).status, 200);
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, false],
  );
});

test("calls, pace and repetition are those of the client behind", async () => {
  let asked = 0;
  const reply = () =>
    ++asked === 1 ? new Response("", { status: 503, headers: { "retry-after": "0" } }) : Response.json({});
  const proxy = createProxy(optionsFor(recorder(reply)));
  assert.equal((await proxy(get())).status, 200);
  assert.equal(asked, 2);
});

test("the base path can be another, or none", async () => {
  for (const basePath of ["", "/a/b-c.d"]) {
    const proxy = createProxy({ ...optionsFor(recorder()), basePath });
    assert.equal((await proxy(get(`${origin}${basePath}/users/a`))).status, 200);
    assert.equal((await proxy(get(`${origin}${basePath}/-/capabilities`))).status, 200);
    assert.equal((await proxy(get())).status, 404);
  }
});
