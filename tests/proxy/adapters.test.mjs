// The proxy where it is put to use, from the packed package: a client in front lists and changes users of a tenant.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import http2 from "node:http2";
import { connect } from "node:net";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";

import { ManagementClient } from "auth0-users";
import { createProxy, toNodeHandler } from "auth0-users/proxy";
import express from "express";
import { Hono } from "hono";

import { run } from "../helpers/project.mjs";
import { startTenant } from "../helpers/tenant.mjs";
import { watch } from "../helpers/watch.mjs";
import { startWorker } from "../helpers/workerd.mjs";
import { recorder } from "./setup.mjs";

const { baseUrl, token } = await startTenant({ after }, "--users", "20");

const options = {
  baseUrl,
  token,
  authorize: (request) => request.headers.get("x-user"),
  allow: { "users.list": true, "users.update": { fields: ["blocked"] } },
  csrf: (_request, actor) => `csrf-of-${actor}`,
};

/** Walks through the users of a tenant, and tells what the proxy refuses. */
async function use(url, fetch, origin = new URL(url).origin) {
  const capabilities = await fetch(`${url}/-/capabilities`, { headers: { "x-user": "ana" } });
  const { csrf, operations } = await capabilities.json();
  assert.deepEqual(operations, { "users.list": true, "users.update": { fields: ["blocked"] } });
  const headers = { "x-user": "ana", origin, "x-csrf-token": csrf };
  const client = new ManagementClient({ baseUrl: url, headers, fetch, maxRetries: 0 });
  const page = await client.users.list({ per_page: 7, sort: "user_id:1" });
  const ids = [];
  for await (const { user_id } of page) ids.push(user_id);
  assert.equal(new Set(ids).size, 20);
  for (const blocked of [true, false]) assert.equal((await client.users.update(ids[0], { blocked })).blocked, blocked);
  const refusal = (call) => call.then(assert.fail, ({ statusCode, errorCode }) => [statusCode, errorCode]);
  assert.deepEqual(await refusal(client.users.update(ids[0], { name: "x" })), [403, "field_not_allowed"]);
  assert.deepEqual(await refusal(client.users.delete(ids[0])), [403, "operation_not_allowed"]);
  const stranger = new ManagementClient({ baseUrl: url, fetch });
  assert.deepEqual(await refusal(stranger.users.list()), [401, "unauthorized"]);
}

async function listen(context, listener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

test("a function of Request and Response", () => {
  const proxy = createProxy(options);
  return use("https://admin.example/admin-api", (url, init) => proxy(new Request(url, init)));
});

test("node:http", async (context) => {
  const url = await listen(context, toNodeHandler(createProxy(options)));
  await use(`${url}/admin-api`, fetch);
});

test("Express, mounted at a path, and at none", async (context) => {
  const app = express();
  app.use("/admin-api", toNodeHandler(createProxy(options)));
  app.use(toNodeHandler(createProxy({ ...options, basePath: "/other" })));
  const url = await listen(context, app);
  await use(`${url}/admin-api`, fetch);
  await use(`${url}/other`, fetch);
});

test("Express, behind a parser of bodies", async (context) => {
  const app = express();
  app.use(express.json());
  app.use("/admin-api", toNodeHandler(createProxy(options)));
  await use(`${await listen(context, app)}/admin-api`, fetch);
});

test("Express, behind a parser: what it has changed is refused, and what it left is taken", async (context) => {
  const send = async (parser, body) => {
    const app = express();
    app.use(parser);
    app.use(
      toNodeHandler(createProxy({ ...options, allow: { "users.update": { fields: ["user_metadata"] } }, csrf: false })),
    );
    const url = `${await listen(context, app)}/admin-api/users/auth0%7Cnone`;
    const headers = { "x-user": "ana", origin: new URL(url).origin, "content-type": "application/json" };
    return (await fetch(url, { method: "PATCH", headers, body })).status;
  };
  const changed = ['{"user_metadata":{"a":1e999}}', '{"user_metadata":{"a":175928847299117063}}'];
  for (const body of changed) assert.equal(await send(express.json(), body), 400);
  const type = "application/json";
  for (const parser of [express.json(), express.text({ type }), express.raw({ type })]) {
    // It reaches the API, which has no such user.
    assert.equal(await send(parser, '{"user_metadata":{"a":1}}'), 404);
  }
});

test("Hono", async () => {
  const app = new Hono();
  const proxy = createProxy(options);
  app.all("/admin-api/*", (c) => proxy(c.req.raw));
  await use("https://admin.example/admin-api", (url, init) => app.fetch(new Request(url, init)));
});

test("a route of Next.js, which exports a function for each method", async () => {
  // The shape of app/admin-api/[...path]/route.js.
  const proxy = createProxy(options);
  const route = { GET: proxy, POST: proxy, PUT: proxy, PATCH: proxy, DELETE: proxy };
  await use("https://admin.example/admin-api", (url, init) => {
    const request = new Request(url, init);
    const path = new URL(url).pathname.split("/").slice(2);
    return route[request.method](request, { params: Promise.resolve({ path }) });
  });
});

test("a Worker, in workerd", async (context) => {
  const contents = `
    import { createProxy } from "auth0-users/proxy";
    export default {
      fetch(request, env) {
        const proxy = createProxy({
          baseUrl: env.BASE_URL,
          token: env.TOKEN,
          authorize: (request) => request.headers.get("x-user"),
          allow: { "users.list": true, "users.update": { fields: ["blocked"] } },
          csrf: (_request, actor) => "csrf-of-" + actor,
        });
        return proxy(request);
      },
    };`;
  const bindings = { BASE_URL: baseUrl, TOKEN: token };
  const url = await startWorker(context, contents, ["users.wasm", "proxy.wasm"], bindings);
  await use(`${url}/admin-api`, fetch);
});

test("CommonJS", async () => {
  const { stdout } = await run("node", [
    "--input-type=commonjs",
    "--eval",
    `const { createProxy, toNodeHandler } = require("auth0-users/proxy");
     const proxy = createProxy({
       baseUrl: ${JSON.stringify(baseUrl)},
       token: ${JSON.stringify(token)},
       authorize: () => "ana",
       allow: { "users.list": { query: ["per_page"], response: ["user_id"] } },
       csrf: false,
     });
     proxy(new Request("https://admin.example/admin-api/users?per_page=2"))
       .then((response) => response.json())
       .then((users) => console.log(typeof toNodeHandler, users.length, Object.keys(users[0])));`,
  ]);
  assert.equal(stdout, "function 2 [ 'user_id' ]\n");
});

test("importing the proxy touches neither WebAssembly nor the network", async () => {
  const { stdout } = await run("node", [
    "--input-type=module",
    "--eval",
    `${watch}
     ["WebAssembly", "fetch", "Response", "Headers"].forEach(watch);
     await import("auth0-users/proxy");
     console.log(touched);`,
  ]);
  assert.equal(stdout, "[]\n");
});

test("node:http answers who sends too much, and takes the next request on another connection", async (context) => {
  const url = new URL(await listen(context, toNodeHandler(createProxy({ ...options, maxBodyBytes: 100 }))));
  const socket = connect(Number(url.port), "127.0.0.1");
  context.after(() => socket.destroy());
  socket.on("error", () => {});
  const head = ["PATCH /admin-api/users/a HTTP/1.1", `host: ${url.host}`, `origin: ${url.origin}`, "x-user: ana"];
  head.push("x-csrf-token: csrf-of-ana", "content-type: application/json", "transfer-encoding: chunked", "", "");
  socket.write(head.join("\r\n"));
  const timer = setInterval(() => socket.write(`400\r\n${"a".repeat(1_024)}\r\n`), 1);
  context.after(() => clearInterval(timer));
  // A write after the server closed the connection fails: unlike once(), this does not reject then.
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const [answer] = await once(socket.setEncoding("latin1"), "data");
  assert.match(answer, /^HTTP\/1\.1 413 /);
  assert.match(answer, /connection: close/i);
  await closed;
});

test("a failure around the proxy goes to the error handler of Express, and ends the connection elsewhere", async (context) => {
  const broken = toNodeHandler(() => Promise.reject(new Error("broken")));
  const app = express();
  app.use(broken);
  app.use((error, _request, response, _next) => response.status(500).json({ told: error.message }));
  const response = await fetch(await listen(context, app));
  assert.deepEqual([response.status, await response.json()], [500, { told: "broken" }]);
  await assert.rejects(fetch(await listen(context, broken)), { message: "fetch failed" });
});

test("node:http gives up a read when the browser has gone", async (context) => {
  let signal;
  let onAsked;
  const asked = new Promise((resolve) => (onAsked = resolve));
  const fetchNever = (_url, init) => {
    signal = init.signal;
    onAsked();
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const url = await listen(context, toNodeHandler(createProxy({ ...options, fetch: fetchNever })));
  const abort = new AbortController();
  const reading = fetch(`${url}/admin-api/users`, { headers: { "x-user": "ana" }, signal: abort.signal });
  await asked;
  abort.abort();
  await assert.rejects(reading);
  if (!signal.aborted) await once(signal, "abort");
});

test("HTTP/2, whose bodies need not tell their length", async (context) => {
  const { requests, fetch } = recorder();
  const allow = { "users.get": true, "users.revokeAccess": true };
  const server = http2.createServer(toNodeHandler(createProxy({ ...options, allow, fetch })));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const origin = `http://127.0.0.1:${server.address().port}`;
  const session = http2.connect(origin);
  context.after(() => session.destroy());

  async function ask(method, path, body, length) {
    const headers = { origin, "x-user": "ana", "x-csrf-token": "csrf-of-ana", "content-type": "application/json" };
    const all = { ":method": method, ":path": `/admin-api${path}`, ...headers, ...length };
    const stream = session.request(all, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    const [answer] = await once(stream, "response");
    stream.resume();
    await once(stream, "close");
    return answer[":status"];
  }
  assert.equal(await ask("GET", "/users/a"), 200);
  assert.equal(await ask("GET", "/users/a", "{}"), 400);
  assert.equal(await ask("POST", "/users/a/revoke-access"), 200);
  assert.equal(await ask("POST", "/users/a/revoke-access", '{"session_id":"s"}'), 200);
  assert.equal(await ask("POST", "/users/a/revoke-access", '{"session_id":"t"}', { "content-length": 18 }), 200);
  assert.deepEqual(
    requests.map(({ method, body }) => [method, body]),
    [
      ["GET", undefined],
      ["POST", "{}"],
      ["POST", '{"session_id":"s"}'],
      ["POST", '{"session_id":"t"}'],
    ],
  );
});

for (const [moment, isEarly] of [
  ["before the proxy is called", true],
  ["while it is asked who is there", false],
]) {
  test(`node:http ends a request whose browser has gone ${moment}`, async (context) => {
    const body = '{"blocked":true}';
    for (const line of [
      `PATCH /admin-api/users/a HTTP/1.1\r\ncontent-length: ${body.length}`,
      "GET /admin-api/users HTTP/1.1",
    ]) {
      let onAsked, onGone, onAudit;
      const asked = new Promise((resolve) => (onAsked = resolve));
      const gone = new Promise((resolve) => (onGone = resolve));
      const audit = new Promise((resolve) => (onAudit = resolve));
      const authorize = async () => {
        await gone;
        return "ana";
      };
      const handle = toNodeHandler(createProxy({ ...options, authorize, onAudit }));
      const listener = async (incoming, outgoing) => {
        outgoing.once("close", onGone);
        onAsked();
        if (isEarly) await gone;
        await handle(incoming, outgoing);
      };
      const url = new URL(await listen(context, listener));
      const socket = connect(Number(url.port), "127.0.0.1");
      const head = [line, `host: ${url.host}`, `origin: ${url.origin}`, "x-csrf-token: csrf-of-ana"];
      head.push("content-type: application/json", "", "");
      socket.write(head.join("\r\n") + (line.startsWith("PATCH") ? body : ""));
      await asked;
      socket.destroy();
      const event = await audit;
      assert.deepEqual([event.status, event.errorCode, event.outcome], [499, "closed", "withdrawn"]);
    }
  });
}

test("the tests run what is installed from the tarball", () => {
  assert.ok(fileURLToPath(import.meta.resolve("auth0-users/proxy")).includes("node_modules"));
});
