// Connections that end at every point, by real sockets: the server goes on, and nothing is thrown out of a handler. An
// exception that is not caught, or a rejection, fails the test that runs.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import http2 from "node:http2";
import { connect, createServer as createRelay } from "node:net";
import test from "node:test";
import tls from "node:tls";

import { createProxy, toNodeHandler } from "auth0-users/proxy";
import express from "express";

import { PATIENCE_MS } from "../helpers/patience.mjs";
import { optionsFor, recorder } from "./setup.mjs";

const body = JSON.stringify({ user_metadata: { text: "x".repeat(20_000) } });

/** A proxy that takes a moment at each step, so that a connection can end in between; `events` is its audit. */
function slowProxy() {
  const events = [];
  const moment = (value) => new Promise((resolve) => setImmediate(resolve, value));
  const { requests, fetch } = recorder(() => moment(Response.json({ user_id: "auth0|a" })));
  const proxy = createProxy({
    ...optionsFor({ fetch }),
    authorize: () => moment({ id: "ana" }),
    allow: () => moment({ "users.get": true, "users.update": true }),
    csrf: () => moment("c"),
    origins: () => moment(true),
    rateShare: 1,
    maxBodyBytes: 100_000,
    onAudit: (event) => void events.push(event),
  });
  return { proxy, events, requests };
}

async function listening(context, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set();
  server.on("connection", (socket) => sockets.add(socket));
  context.after(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return server.address().port;
}

const head = (line, length) =>
  [
    `${line} HTTP/1.1`,
    "host: admin.example",
    "origin: https://page.example",
    "x-csrf-token: c",
    "content-type: application/json",
    ...length,
    "",
    "",
  ].join("\r\n");
const chunked = body
  .match(/.{1,5000}/g)
  .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
  .join("");
const path = "/admin-api/users/auth0%7Ca";
const wires = {
  "a read": head(`GET ${path}`, []),
  "a write": head(`PATCH ${path}`, [`content-length: ${body.length}`]) + body,
  "a write in chunks": `${head(`PATCH ${path}`, ["transfer-encoding: chunked"]) + chunked}0\r\n\r\n`,
  "a write that waits for 100":
    head(`PATCH ${path}`, [`content-length: ${body.length}`, "expect: 100-continue"]) + body,
  "an upgrade": head(`GET ${path}`, ["connection: upgrade", "upgrade: websocket"]),
  "requests one after another": head(`GET ${path}`, []).repeat(3) + head(`PATCH ${path}`, ["content-length: 2"]) + "{}",
};

/** Writes a part of what a connection would, and ends it, in one of three ways. */
async function cut(port, bytes, way) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.resume();
  await new Promise((resolve) => socket.write(bytes, resolve));
  if (way === "reset") socket.resetAndDestroy();
  else if (way === "late") setTimeout(() => socket.destroy(), 5);
  else socket.destroy();
  await once(socket, "close");
}

/** Points all over a text, and each around the end of its head. */
function cuts(length, middle, count = 24) {
  const points = Array.from({ length: count }, (_, n) => Math.round((n * length) / (count - 1)));
  return [...new Set([...points, middle - 1, middle, middle + 1])].filter((point) => point > 0 && point <= length);
}

/** Waits until no request is under way, and asks once more. */
async function settled(events, count) {
  const end = Date.now() + PATIENCE_MS;
  while (events.length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(events.length >= count);
}

const servers = {
  "node:http": (handler) => createServer(handler),
  Express: (handler) => createServer(express().use(handler)),
  "Express, behind a parser": (handler) => createServer(express().use(express.json()).use(handler)),
};

for (const [name, serverOf] of Object.entries(servers)) {
  for (const [what, wire] of Object.entries(wires)) {
    test(`${name} goes on when ${what} is cut at any point`, async (context) => {
      const { proxy, events, requests } = slowProxy();
      const port = await listening(context, serverOf(toNodeHandler(proxy)));
      const bytes = Buffer.from(wire, "latin1");
      for (const way of ["close", "reset", "late"]) {
        const points = cuts(bytes.length, wire.indexOf("\r\n\r\n") + 4);
        await Promise.all(points.map((point) => cut(port, bytes.subarray(0, point), way)));
      }
      const before = events.length;
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      assert.deepEqual([response.status, await response.json()], [200, { user_id: "auth0|a" }]);
      await settled(events, before + 1);
      for (const { outcome } of events) assert.ok(["ok", "refused", "withdrawn"].includes(outcome), outcome);
      const sent = events.filter(({ outcome }) => outcome === "ok").length;
      assert.ok(requests.length >= sent);
    });
  }
}

const headers = {
  ":path": path,
  origin: "https://page.example",
  "x-csrf-token": "c",
  "content-type": "application/json",
};

/** The bytes that a client of HTTP/2 sends for a read and two writes. */
async function recorded(context, port) {
  const chunks = [];
  const relay = createRelay((client) => {
    const server = connect(port, "127.0.0.1");
    client.on("data", (chunk) => (chunks.push(chunk), server.write(chunk)));
    server.on("data", (chunk) => client.write(chunk));
    for (const socket of [client, server]) socket.on("error", () => {});
    client.on("close", () => server.destroy());
  });
  const session = http2.connect(`http://127.0.0.1:${await listening(context, relay)}`);
  for (const [method, text, more] of [
    ["PATCH", body.slice(0, 15_000) + body.slice(15_000)],
    ["GET"],
    ["PATCH", "{}", { "content-length": 2 }],
  ]) {
    const stream = session.request({ ...headers, ":method": method, ...more }, { endStream: !text });
    if (text) stream.end(text);
    stream.resume();
    await once(stream, "close");
  }
  session.destroy();
  return Buffer.concat(chunks);
}

test("HTTP/2 goes on when a connection is cut at any point", async (context) => {
  const { proxy, events } = slowProxy();
  const port = await listening(context, http2.createServer(toNodeHandler(proxy)));
  const bytes = await recorded(context, port);
  assert.ok(bytes.length > body.length && events.every(({ outcome }) => outcome === "ok"));
  for (const way of ["close", "reset", "late"]) {
    const points = cuts(bytes.length, 80, 60);
    await Promise.all(points.map((point) => cut(port, bytes.subarray(0, point), way)));
  }
  await isAlive(`http://127.0.0.1:${port}`);
});

/** The frames in the bytes of a client, with the preface before the first. */
function framesOf(bytes) {
  const frames = [];
  for (let at = 24; at < bytes.length;) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    frames.push({ type: bytes[at + 3], stream: bytes.readUInt32BE(at + 5), bytes: bytes.subarray(0, end) });
    at = end;
  }
  return frames;
}

test("HTTP/2 sends no write whose stream is reset before its body ends", async (context) => {
  const { proxy, events, requests } = slowProxy();
  const port = await listening(context, http2.createServer(toNodeHandler(proxy)));
  const frames = framesOf(await recorded(context, port)).filter(({ type, stream }) => type < 2 && stream === 1);
  const sent = requests.length;
  const reset = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8]);
  const block = Buffer.from('{"blocked":true}');
  const data = Buffer.from([0, 0, block.length, 0, 0, 0, 0, 0, 1, ...block]);
  for (const pause of [0, 1, 5]) {
    for (const more of [[], [data], [data.subarray(0, 20)]]) {
      const socket = connect(port, "127.0.0.1");
      context.after(() => socket.destroy());
      socket.on("error", () => {});
      socket.write(Buffer.concat([frames[0].bytes, ...more]));
      await new Promise((resolve) => setTimeout(resolve, pause));
      socket.write(reset);
    }
  }
  await isAlive(`http://127.0.0.1:${port}`);
  await settled(events, sent + 1);
  assert.equal(requests.length, sent + 1);
});

async function isAlive(url, options) {
  const session = http2.connect(url, options);
  const stream = session.request({ ...headers, ":method": "PATCH" });
  stream.end("{}");
  const [{ ":status": status }] = await once(stream, "response");
  stream.resume();
  await once(stream, "close");
  session.destroy();
  assert.equal(status, 200);
}

/** TLS without a certificate: both sides know the key. */
const shared = { ciphers: "PSK", maxVersion: "TLSv1.2" };
const key = Buffer.alloc(32, 1);
const secure = { ...shared, pskCallback: () => key };
const secureClient = {
  ...shared,
  pskCallback: () => ({ psk: key, identity: "a" }),
  checkServerIdentity: () => undefined,
};

for (const [name, scheme, make, options] of [
  ["HTTP/2", "http", (handler) => http2.createServer(handler)],
  ["HTTP/2 with TLS", "https", (handler) => http2.createSecureServer(secure, handler), secureClient],
]) {
  for (const [part, text] of [
    ["its head", ""],
    ["half of its body", body.slice(0, 10_000)],
    ["all but the end of its body", body],
  ]) {
    for (const [way, end] of [
      ["is cancelled", (stream) => stream.close(http2.constants.NGHTTP2_CANCEL)],
      ["ends in an error", (stream) => stream.destroy(new Error("gone"))],
      ["loses its session", (_stream, session) => session.destroy()],
      ["loses its connection", (_stream, _session, socket) => socket.destroy()],
    ]) {
      test(`${name} goes on when a write ${way} after ${part}`, async (context) => {
        const { proxy, events, requests } = slowProxy();
        const server = make(toNodeHandler(proxy));
        const port = await listening(context, server);
        for (const pause of [0, 1, 5]) {
          const socket = options
            ? tls.connect({ port, ...options, ALPNProtocols: ["h2"] })
            : connect(port, "127.0.0.1");
          socket.on("error", () => {});
          const session = http2.connect(`${scheme}://127.0.0.1:${port}`, { createConnection: () => socket });
          session.on("error", () => {});
          await once(session, "connect");
          const stream = session.request({ ...headers, ":method": "PATCH" });
          stream.on("error", () => {});
          if (text) await new Promise((resolve) => stream.write(text, resolve));
          if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
          end(stream, session, socket);
          if (!stream.closed) await once(stream, "close");
          session.destroy();
        }
        await isAlive(`${scheme}://127.0.0.1:${port}`, options);
        // A client that cancels ends the body first.
        if (way !== "is cancelled") assert.equal(requests.length, 1, "only what came whole is sent");
        assert.ok(events.every(({ outcome }) => ["ok", "refused", "withdrawn"].includes(outcome)));
      });
    }
  }
}

test("node:http answers a request in the API's form whatever its head", async (context) => {
  const { proxy } = slowProxy();
  const port = await listening(context, createServer(toNodeHandler(proxy)));
  for (const line of [
    "TRACE /admin-api/users",
    "GET *",
    "OPTIONS *",
    "PATCH //",
    "GET http://",
    "DELETE http://[",
    "M-SEARCH /",
  ]) {
    const socket = connect(port, "127.0.0.1");
    socket.write(head(line, ["connection: close"]));
    let answer = "";
    for await (const chunk of socket.setEncoding("latin1")) answer += chunk;
    assert.match(answer, /^HTTP\/1\.1 4\d\d [\s\S]*"statusCode":4\d\d/, line);
  }
});

test("a handler answers no request that was answered before", async (context) => {
  const { proxy } = slowProxy();
  const handle = toNodeHandler(proxy);
  const listener = async (incoming, outgoing) => {
    const done = handle(incoming, outgoing);
    outgoing.writeHead(503).end("busy");
    await done;
  };
  const port = await listening(context, createServer(listener));
  for (const method of ["GET", "DELETE"]) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    assert.deepEqual([response.status, await response.text()], [503, "busy"]);
  }
});

test("a handler around the proxy may fail with anything", async (context) => {
  for (const value of [undefined, "text", 7n, Object.defineProperty({}, "stack", { get: assert.fail })]) {
    const port = await listening(context, createServer(toNodeHandler(() => Promise.reject(value))));
    await assert.rejects(fetch(`http://127.0.0.1:${port}${path}`), { message: "fetch failed" });
    const strange = await listening(context, createServer(toNodeHandler(async () => value)));
    await assert.rejects(fetch(`http://127.0.0.1:${strange}${path}`), { message: "fetch failed" });
  }
  const failing = (incoming, outgoing) =>
    toNodeHandler(() => Promise.reject(new Error("x")))(incoming, outgoing, () => {
      throw new Error("next fails too");
    });
  const port = await listening(context, createServer(failing));
  await assert.rejects(fetch(`http://127.0.0.1:${port}${path}`), { message: "fetch failed" });
});

test("the date of an answer is the API's or none", async (context) => {
  const date = "Mon, 30 Nov 2026 09:00:00 GMT";
  const { fetch: upstream } = recorder(() => Response.json({}, { headers: { date } }));
  const port = await listening(context, createServer(toNodeHandler(createProxy(optionsFor({ fetch: upstream })))));
  const ask = (cookie) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie } });
  assert.equal((await ask("session=ana")).headers.get("date"), date);
  assert.equal((await ask("")).headers.get("date"), null);
});
