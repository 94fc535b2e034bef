import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import test from "node:test";
import { runInNewContext } from "node:vm";

import { ManagementClient } from "auth0-users";
import { createTenant } from "auth0-users/testing";
import * as undici from "undici";

import { answer, formOf, recorded, rejection } from "./client.mjs";

const rows = [{ email: "ana@example.com", name: "Aña 🦀" }];
const text = JSON.stringify(rows);
const bytes = new TextEncoder().encode(text);
const connection_id = "con_1";

async function* pieces(whole, size) {
  for (let at = 0; at < whole.length; at += size) yield whole.slice(at, at + size);
}

const refusal = { name: "TypeError", code: "invalid_argument" };

const directory = await mkdtemp(join(tmpdir(), "auth0-users-"));
const path = join(directory, "users.json");
await writeFile(path, text);
test.after(() => rm(directory, { recursive: true }));

/** A Blob as jsdom had it for years. */
class BlobOfJsdom {
  constructor(content) {
    this.content = content;
    this.size = content.length;
    this.type = "";
  }
  slice() {}
}

/** What a file may be given as, each made anew. */
const files = {
  "an array": () => rows,
  "an array of another realm": () => runInNewContext(`(${text})`),
  text: () => text,
  bytes: () => bytes,
  "a part of a buffer": () => Buffer.from(`  ${text}  `).subarray(2, -2),
  "a DataView": () => new DataView(bytes.buffer),
  "an ArrayBuffer": () => bytes.slice().buffer,
  "an ArrayBuffer of another realm": () => {
    const buffer = runInNewContext(`new ArrayBuffer(${bytes.length})`);
    new Uint8Array(buffer).set(bytes);
    return buffer;
  },
  "a Blob": () => new Blob([text]),
  "a File": () => new File([text], 'a"b.json'),
  "a Blob of another realm": () => ({
    size: bytes.length,
    type: "",
    stream: () => new Blob([text]).stream(),
    slice() {},
  }),
  "a Blob without a stream": () => ({ size: bytes.length, type: "", arrayBuffer: async () => bytes.slice().buffer }),
  "a Response": () => new Response(text),
  "a stream of a file": () => createReadStream(path, { highWaterMark: 7 }),
  "a stream of a file as text": () => createReadStream(path, { encoding: "utf8", highWaterMark: 3 }),
  "a stream of Node.js": () => Readable.from([bytes.slice(0, 9), bytes.slice(9)]),
  "a stream of the web": () => new Blob([text]).stream(),
  "an async iterable of bytes": () => pieces(bytes, 5),
  // A pair of surrogates is cut in two.
  "an async iterable of text": () => pieces(text, 1),
  "a path": () => ({ path }),
  "a file with metadata": () => ({ data: Readable.from([bytes]), filename: "users.json", contentType: "text/json" }),
};

for (const [name, make] of Object.entries(files)) {
  test(`an import sends ${name} as a file`, { skip: name === "a path" && !process.getBuiltinModule }, async () => {
    const { client, requests } = recorded();
    const fields = { connection_id, upsert: true, external_id: 'a"b\nc', send_completion_email: false };
    await client.jobs.usersImports.create({ users: make(), ...fields });
    assert.ok(requests[0].body instanceof Uint8Array);
    const { users, ...sent } = await formOf(requests[0]);
    assert.deepEqual(JSON.parse(users), rows);
    assert.deepEqual(sent, { connection_id, upsert: "true", external_id: 'a"b\nc', send_completion_email: "false" });
  });
}

test("an import reads a Blob of jsdom by its FileReader", async (t) => {
  t.after(() => delete globalThis.FileReader);
  globalThis.FileReader = class {
    readAsArrayBuffer(blob) {
      this.result = bytes.slice().buffer;
      queueMicrotask(() => (blob.content === text ? this.onload() : this.onerror()));
    }
  };
  const { client, requests } = recorded();
  await client.jobs.usersImports.create({ users: new BlobOfJsdom(text), connection_id });
  assert.deepEqual(JSON.parse((await formOf(requests[0])).users), rows);
});

test("an import needs no FormData or Blob of the global realm", async (t) => {
  const own = Object.fromEntries(["FormData", "Blob", "File"].map((name) => [name, globalThis[name]]));
  t.after(() => Object.assign(globalThis, own));
  for (const name in own) {
    globalThis[name] = class {
      constructor() {
        throw new Error(`${name} is of another realm`);
      }
    };
  }
  const { client, requests } = recorded();
  await client.jobs.usersImports.create({ users: rows, connection_id });
  Object.assign(globalThis, own);
  assert.deepEqual(JSON.parse((await formOf(requests[0])).users), rows);
});

test("an import reaches a server through the fetch of undici", async (t) => {
  const requests = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    requests.push({ body, headers: request.headers });
    response.setHeader("content-type", "application/json");
    response.end('{"id":"job_1"}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const dispatcher = new undici.Agent();
  t.after(() => dispatcher.close());
  const fetch = (url, init) => undici.fetch(url, { ...init, dispatcher });
  const client = new ManagementClient({ baseUrl: `http://127.0.0.1:${server.address().port}`, token: "t", fetch });
  await client.jobs.usersImports.create({ users: new Blob([text]), connection_id });
  assert.deepEqual(await formOf(requests[0]), { users: text, connection_id });
  assert.equal(requests[0].headers["content-length"], String(requests[0].body.length));
});

test("an import of a stream is carried out by the tenant", async () => {
  const tenant = createTenant({ users: 0, jobMs: 0 });
  const client = new ManagementClient({ baseUrl: tenant.url, token: tenant.token, fetch: tenant.fetch });
  const [connection] = tenant.directory().connections;
  const { id } = await client.jobs.usersImports.create({ users: createReadStream(path), connection_id: connection.id });
  assert.equal((await client.jobs.get(id)).summary.inserted, 1);
  assert.equal((await client.users.list()).data[0].name, rows[0].name);
});

test("what is no file is refused by its name, and nothing is sent", async () => {
  const { client, requests } = recorded();
  const others = [
    {},
    new Map(),
    new Set(rows),
    42,
    true,
    () => {},
    Symbol("s"),
    1n,
    new Date(),
    /r/,
    Promise.resolve(text),
  ];
  const pathless = [{ data: null }, { data: {} }, { path: 1 }, null, undefined, rows.values()];
  for (const users of [...others, ...pathless]) {
    const error = await rejection(client.jobs.usersImports.create({ users, connection_id }));
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, /^jobs\.usersImports\.create: request\.users must be a Blob, a stream/);
  }
  for (const users of [[{ n: Number.NaN }], [undefined], [{ user_metadata: { a: undefined } }]]) {
    const error = await rejection(client.jobs.usersImports.create({ users, connection_id }));
    assert.match(error.message, /^jobs\.usersImports\.create: request\.users\[0\]/);
  }
  for (const field of [Number.NaN, {}, [], Symbol("s"), () => {}, new Blob(["x"]), "\ud800"]) {
    await assert.rejects(client.jobs.usersImports.create({ users: rows, connection_id: field }), refusal);
  }
  await assert.rejects(client.jobs.usersImports.create({ users: '["\ud800"]', connection_id }), refusal);
  await assert.rejects(client.jobs.usersImports.create({ users: Readable.from([rows[0]]), connection_id }), refusal);
  assert.equal(requests.length, 0);
});

test("a row's own property that is undefined is absent from a file", async () => {
  const { client, requests } = recorded();
  await client.jobs.usersImports.create({ users: [{ email: "a@b.c", name: undefined }], connection_id });
  assert.equal((await formOf(requests[0])).users, '[{"email":"a@b.c"}]');
});

test("a stream without an end is refused, and ended", async () => {
  const { client, requests } = recorded();
  let isEnded = false;
  async function* endless(piece) {
    try {
      for (;;) yield piece;
    } finally {
      isEnded = true;
    }
  }
  for (const piece of ["x".repeat(1_000), new Uint8Array(1_000), "", new Uint8Array()]) {
    isEnded = false;
    await assert.rejects(client.jobs.usersImports.create({ users: endless(piece), connection_id }), {
      ...refusal,
      message: /^jobs\.usersImports\.create: request\.users has more than 1048576 bytes/,
    });
    assert.equal(isEnded, true);
  }
  let reason = "none";
  const web = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
    cancel: (given) => (reason = given),
  });
  await assert.rejects(client.jobs.usersImports.create({ users: web, connection_id }), refusal);
  assert.equal(reason, undefined);
  const large = { size: 2 ** 40, type: "", stream: () => assert.fail("it is not read") };
  await assert.rejects(client.jobs.usersImports.create({ users: large, connection_id }), refusal);
  assert.equal(requests.length, 0);
});

test("a stream that fails rejects the call with its error", async () => {
  const { client, requests } = recorded();
  const cause = new Error("of the disk");
  const node = new PassThrough();
  node.write("[");
  setImmediate(() => node.destroy(cause));
  const web = new ReadableStream({ start: (controller) => controller.error(cause) });
  async function* thrown() {
    yield "[";
    throw cause;
  }
  for (const users of [node, web, thrown(), { size: 1, type: "", arrayBuffer: async () => assert.fail(cause) }]) {
    assert.equal(await rejection(client.jobs.usersImports.create({ users, connection_id })), cause);
  }
  const missing = createReadStream(join(directory, "missing.json"));
  await assert.rejects(client.jobs.usersImports.create({ users: missing, connection_id }), { code: "ENOENT" });
  assert.equal(requests.length, 0);
});

test("an abort and a deadline end the reading of a stream", async () => {
  const { client, requests } = recorded();
  const aborted = () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 20);
    return { abortSignal: controller.signal };
  };
  const late = () => ({ deadlineInSeconds: 0.05 });
  for (const [options, expected] of [
    [late, (error) => error.code === "deadline"],
    [aborted, (error) => error === "enough"],
  ]) {
    const node = new PassThrough();
    node.write("[");
    const ended = once(node, "close");
    await assert.rejects(client.jobs.usersImports.create({ users: node, connection_id }, options()), expected);
    await ended;
    let cancel;
    const cancelled = new Promise((resolve) => (cancel = resolve));
    const web = new ReadableStream({ cancel });
    await assert.rejects(client.jobs.usersImports.create({ users: web, connection_id }, options()), expected);
    await cancelled;
  }
  const abortSignal = AbortSignal.abort("no");
  const given = { users: new PassThrough(), connection_id };
  assert.equal(await rejection(client.jobs.usersImports.create(given, { abortSignal })), "no");
  assert.equal(requests.length, 0);
});

test("a stream that was read before is refused", async () => {
  const { client, requests } = recorded();
  const node = Readable.from([bytes]);
  const blob = new Blob([text]).stream();
  for (const users of [node, blob]) {
    await client.jobs.usersImports.create({ users, connection_id });
    await assert.rejects(client.jobs.usersImports.create({ users, connection_id }));
  }
  await assert.rejects(client.jobs.usersImports.create({ users: Readable.from([]), connection_id }), {
    ...refusal,
    message: /^jobs\.usersImports\.create: request\.users is a stream that is empty, or was read before/,
  });
  assert.equal(requests.length, 2);
});

test("an inherited property makes no file", async (t) => {
  const { client, requests } = recorded();
  t.after(() => ["path", "data", "users"].forEach((name) => delete Object.prototype[name]));
  Object.assign(Object.prototype, { path, data: text, users: text });
  await assert.rejects(client.jobs.usersImports.create({ users: {}, connection_id }), refusal);
  await assert.rejects(client.jobs.usersImports.create({ connection_id }), refusal);
  assert.equal(requests.length, 0);
});

test("a file that has a stream is read for nothing else", async () => {
  const { client, requests } = recorded([answer(202, {})]);
  const fail = () => assert.fail("it is read");
  const file = Object.defineProperties(new Blob([text]), { path: { get: fail }, data: { get: fail } });
  await client.jobs.usersImports.create({ users: file, connection_id });
  assert.equal(requests.length, 1);
});

test("a stream is read once, whatever the number of attempts", async () => {
  const answers = [answer(429, {}, { "retry-after": "0" }), answer(201, { id: "job_1" })];
  const { client, requests } = recorded(answers);
  await client.jobs.usersImports.create({ users: Readable.from([bytes]), connection_id });
  assert.equal(requests.length, 2);
  for (const request of requests) assert.equal((await formOf(request)).users, text);
});

test("the boundary of a form does not occur in its content", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const { client, requests } = recorded();
  const users = "--auth0-users-0 --auth0-users-00";
  await client.jobs.usersImports.create({ users, connection_id: "auth0-users-000" });
  assert.equal(requests[0].headers["content-type"], "multipart/form-data; boundary=auth0-users-0000");
  assert.deepEqual(await formOf(requests[0]), { users, connection_id: "auth0-users-000" });
});

test("names of fields are quoted, and a content-type of the caller does not lose the boundary", async () => {
  const { client, requests } = recorded();
  const name = 'a"b\r\nc: d';
  const headers = { "Content-Type": "multipart/form-data" };
  await client.jobs.usersImports.create({ users: text, connection_id, [name]: "x" }, { headers });
  assert.deepEqual(Object.values(await formOf(requests[0])).sort(), [connection_id, "x", text].sort());
  assert.match(new TextDecoder().decode(requests[0].body), /name="a%22b%0D%0Ac: d"/);
});

test("a file that the caller changes after the call is sent as it was", async () => {
  const { client, requests } = recorded([answer(429, {}, { "retry-after": "0" }), answer(201, { id: "job_1" })]);
  const users = bytes.slice();
  const call = client.jobs.usersImports.create({ users, connection_id });
  users.fill(0);
  await call;
  assert.equal((await formOf(requests[1])).users, text);
});

test("the error of an import of a stream has the line of its caller", async () => {
  const { client } = recorded([answer(400, { statusCode: 400, message: "no" })]);
  async function importOfTheCaller() {
    return client.jobs.usersImports.create({ users: Readable.from([text]), connection_id });
  }
  assert.match((await rejection(importOfTheCaller())).stack, /importOfTheCaller/);
});

test("a stream that fails in a refused or aborted call does not end the process", async () => {
  const { client } = recorded();
  for (const [request, options] of [
    [{ connection_id: "c" }, { abortSignal: AbortSignal.abort("left") }],
    [{ connection_id: "c", external_id: ["x"] }, {}],
    [{ connection_id: "c" }, { maxRetries: -1 }],
  ]) {
    const users = createReadStream(join(directory, "missing"));
    const failed = new Promise((resolve) => users.once("close", resolve));
    await rejection(client.jobs.usersImports.create({ ...request, users }, options));
    await failed;
  }
  for (const users of ["", Buffer.alloc(0)]) {
    assert.match((await rejection(client.jobs.usersImports.create({ connection_id: "c", users }))).message, /is empty/);
  }
});
