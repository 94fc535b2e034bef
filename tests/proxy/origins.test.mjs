// Where pages may be, told by a list or by a function, and what a refused page reads.
import assert from "node:assert/strict";
import test from "node:test";

import { base, createProxy, optionsFor, origin, recorder, write } from "./setup.mjs";

/** What a handler of Next.js is given, whatever host the browser asked. */
const local = "http://localhost:3000";
const page = "https://admin.example.com";

const patch = (from, headers = {}, url = local) =>
  new Request(`${url}/admin-api/users/auth0%7Ca`, {
    method: "PATCH",
    headers: { ...write(), origin: from, "content-type": "application/json", ...headers },
    body: '{"blocked":true}',
  });

const question = (from) =>
  new Request(`${local}/admin-api/users/auth0%7Ca`, {
    method: "OPTIONS",
    headers: { origin: from, "access-control-request-method": "PATCH" },
  });

const proxyOf = (origins, more) => createProxy({ ...optionsFor(recorder()), origins, ...more });

test("a route of Next.js works behind a public host, by a list or a function", async () => {
  for (const origins of [
    [page],
    (from) => from === page,
    async (from) => from === page,
    (from, request) => from === `https://${request.headers.get("x-forwarded-host")}`,
  ]) {
    const proxy = proxyOf(origins);
    const route = { PATCH: proxy, OPTIONS: proxy };
    const forwarded = { "x-forwarded-host": "admin.example.com" };
    assert.equal((await route.PATCH(patch(page, forwarded))).status, 200);
    const foreign = await route.PATCH(patch("https://evil.example", forwarded));
    assert.deepEqual([foreign.status, (await foreign.json()).errorCode], [403, "foreign_origin"]);
  }
});

test("a foreign origin is named, with the expected one and what to set", async () => {
  for (const [origins, from, url, words] of [
    [undefined, page, local, [page, local, "origins of createProxy"]],
    [["https://a.example", "https://b.example"], page, local, [page, local, "https://a.example or https://b.example"]],
    [() => false, page, local, [page, local, "one that origins accepts"]],
    [undefined, "null", base.slice(0, -10), ["from null", origin]],
    [undefined, "https://e.example/\u00e9".repeat(999), local, [local, "origins of createProxy"]],
  ]) {
    const response = await proxyOf(origins)(patch(from, {}, url));
    const { errorCode, message } = await response.json();
    assert.deepEqual([response.status, errorCode], [403, "foreign_origin"]);
    for (const word of words) assert.ok(message.includes(word), message);
    assert.ok(message.length <= 300 && !/\p{Cc}/u.test(message));
  }
  const without = patch(page);
  without.headers.delete("origin");
  assert.match((await (await proxyOf()(without)).json()).message, /no origin that is allowed, expected is http/);
});

test("a function of origins decides about preflight requests and headers", async () => {
  const asked = [];
  const proxy = proxyOf((from, request) => {
    asked.push([from, request.method]);
    return from === page;
  });
  const allowed = await proxy(question(page));
  assert.deepEqual([allowed.status, allowed.headers.get("access-control-allow-origin")], [204, page]);
  const refused = await proxy(question("https://evil.example"));
  assert.deepEqual([refused.status, refused.headers.get("access-control-allow-origin")], [403, null]);
  const written = await proxy(patch(page));
  assert.deepEqual([written.headers.get("access-control-allow-origin"), written.headers.get("vary")], [page, "origin"]);
  assert.deepEqual(asked, [
    [page, "OPTIONS"],
    ["https://evil.example", "OPTIONS"],
    [page, "PATCH"],
  ]);
});

test("a function of origins that does not decide refuses", async () => {
  for (const answer of [undefined, null, 1, "true", page, [page], {}, true.toString(), new Boolean(true)]) {
    const errors = [];
    const { requests, fetch } = recorder();
    const options = { ...optionsFor({ fetch }), origins: async () => answer, onError: (error) => errors.push(error) };
    const response = await createProxy(options)(patch(page));
    assert.deepEqual([response.status, (await response.json()).errorCode], [403, "foreign_origin"]);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.match(errors[0].message, /origins must return true or false/);
    assert.deepEqual(requests, []);
  }
});

test("a function of origins is not asked about what is no origin", async () => {
  const proxy = proxyOf(assert.fail, { onError: assert.fail });
  for (const from of ["null", "file://", "https://admin.example.com/", "https://ADMIN.example.com", "*", ""]) {
    assert.equal((await proxy(patch(from))).status, 403);
    assert.equal((await proxy(question(from))).status, 403);
  }
});

test("origins that are neither a list nor a function are refused", () => {
  for (const origins of [page, { [page]: true }, new Set([page]), 7, null, [,], [null], [new URL(page)]]) {
    assert.throws(() => proxyOf(origins), { code: "invalid_argument", message: /^origins must be/ });
  }
});
