import assert from "node:assert/strict";
import { test } from "node:test";

import { methodOf, operations, requestBody, requestLine, sampleOf } from "../helpers/api.mjs";
import { formOf, line, recorded, rejection } from "./client.mjs";

const page = "include_totals=true&page=0&per_page=50";

/** The method of that name, on a client whose requests are recorded and answered with nothing. */
function method(name) {
  const { client, requests } = recorded([() => new Response(null, { status: 204 })], { maxRetries: 0 });
  return { requests, call: (...given) => methodOf(client, name)(...given).catch(() => {}) };
}

/** The names of the methods of a resource and of those below it. */
function methods(resource, prefix) {
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter(
    (name) => name !== "constructor",
  );
  const names = [...Object.keys(resource), ...(Object.getPrototypeOf(resource) === Object.prototype ? [] : inherited)];
  return names.flatMap((name) => {
    const value = resource[name];
    if (typeof value === "function") return [`${prefix}.${name}`];
    return typeof value === "object" ? methods(value, `${prefix}.${name}`) : [];
  });
}

test("the client has a method for each operation, and no others", () => {
  const { client } = recorded();
  const roots = [...new Set(operations.map(({ name }) => name.split(".")[0]))];
  const names = roots.flatMap((root) => methods(client[root], root));
  assert.deepEqual(names.sort(), operations.map(({ name }) => name).sort());
});

/** What each operation is called with: its example, the least, and arguments that need encoding. */
const calls = operations.flatMap((operation) => {
  const { name, example, body, parameters } = operation;
  const takesRequest = body !== undefined || parameters.length > 0;
  const mayBeLeftOut = body ? body.optional : parameters.every(({ required }) => !required);
  const given = [{ operation, ids: example.ids, request: example.request }];
  if (example.request && mayBeLeftOut) given.push({ operation, ids: example.ids });
  if (example.ids.length > 0) given.push({ ...given[0], ids: example.ids.map(() => "1/2+ä ?") });
  if (name === "users.listUsersByEmail") given.push({ operation, ids: [], request: { email: "A+b@c.d" } });
  return given.map((call) => ({ ...call, takesRequest }));
});

for (const { operation, ids, request, takesRequest } of calls) {
  const sends = requestLine(operation, ids, request);
  test(`${operation.name} sends ${sends}`, async () => {
    const { call, requests } = method(operation.name);
    const given = takesRequest ? [...ids, request] : ids;
    await call(...given, { headers: { "x-trace": "1" } });
    await call(...given);
    assert.equal(requests.length, 2);
    assert.deepEqual(requests.map(line), [sends, sends]);
    const types = requests.map(({ headers: { "content-type": type } }) => (type ? { "content-type": type } : {}));
    assert.deepEqual(requests[0].headers, { authorization: "Bearer token", ...types[0], "x-trace": "1" });
    assert.deepEqual(requests[1].headers, { authorization: "Bearer token", ...types[1] });
    if (operation.body?.kind === "form") {
      return assert.deepEqual(Object.keys(await formOf(requests[0])).sort(), Object.keys(request).sort());
    }
    const body = requestBody(operation, request);
    assert.deepEqual(types[0], body === undefined ? {} : { "content-type": "application/json" });
    assert.equal(requests[0].body, body && JSON.stringify(body));
  });
}

for (const { name, parameters, example } of operations.filter(({ parameters }) => parameters.length > 0)) {
  test(`${name} takes the query parameters of the API, and no others`, async () => {
    const { client } = recorded();
    const call = methodOf(client, name);
    const error = await rejection(call(...example.ids, { ...example.request, unknown: 1 }));
    const known = error.message.match(/which takes (.*)$/)[1].split(", ");
    assert.deepEqual(
      known,
      parameters.map(({ name }) => name),
    );
  });

  const required = parameters.filter(({ required }) => required).map(({ name }) => [name, example.request[name]]);
  for (const parameter of parameters) {
    test(`${name} sends its parameter ${parameter.name}`, async () => {
      const { call, requests } = method(name);
      const value = sampleOf(parameter);
      await call(...example.ids, { ...Object.fromEntries(required), [parameter.name]: value });
      assert.equal(requests.length, 1);
      const pairs = requests[0].url.split("?")[1].split("&");
      assert.deepEqual(
        pairs.filter((pair) => pair.startsWith(`${parameter.name}=`)),
        [`${parameter.name}=${encodeURIComponent(value)}`],
      );
    });
  }
}

test("every identifier in a path is checked by its own name", async () => {
  for (const { name, ids, example } of operations) {
    for (const [place, id] of ids.entries()) {
      for (const wrong of ["", "..", -1, undefined, "auth0%7Cx"]) {
        const { client, requests } = recorded();
        const given = example.ids.map((id, n) => (n === place ? wrong : id));
        const error = await rejection(methodOf(client, name)(...given, example.request));
        assert.match(error.message, new RegExp(`: ${id} `), `${name} ${wrong}`);
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
