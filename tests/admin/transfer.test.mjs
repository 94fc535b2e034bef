import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { gzipSync } from "node:zlib";

import { exportUsers, importUsers } from "auth0-users/admin";

import { start } from "./setup.mjs";

const quick = { pollSeconds: 0.001 };

async function collect(results) {
  const all = [];
  for await (const result of results) all.push(result);
  return all;
}

/** A tenant whose jobs are quick, a client of it, and the id of its database. */
function begin(tenantOptions, clientOptions) {
  const { client, tenant } = start({ jobMs: 0, jobPolls: 2, ...tenantOptions }, clientOptions);
  const connection = tenant.directory().connections.find(({ name }) => name === "Username-Password-Authentication").id;
  return { client, tenant, connection, options: { ...quick, fetch: tenant.fetch } };
}

test("an export gives everybody, beyond the cap of a search", async () => {
  const { client, tenant, options } = begin({ users: 2_500 });
  const statuses = [];
  const sent = [];
  const fetch = (url, init) => {
    sent.push(Object.keys(init));
    return tenant.fetch(url, init);
  };
  const fields = ["user_id", "email"];
  const users = await collect(
    exportUsers(client, { ...options, fetch, fields, onProgress: ({ status }) => statuses.push(status) }),
  );
  assert.equal(users.length, 2_500);
  assert.equal(new Set(users.map(({ user_id }) => user_id)).size, 2_500);
  assert.deepEqual(Object.keys(users[0]).sort(), ["email", "user_id"]);
  assert.equal(statuses.at(-1), "completed");
  assert.deepEqual(sent, [["signal"]], "nothing goes with the request for the file, and no token");
});

test("an export is of one connection, with fields under other names", async () => {
  const { client, connection, options } = begin({ users: 300 });
  const fields = [{ name: "user_id", export_as: "id" }];
  const users = await collect(exportUsers(client, { ...options, connection, fields }));
  assert.ok(users.length > 0 && users.length < 300);
  assert.ok(users.every(({ id }) => id.startsWith("auth0|")));
});

test("a download that breaks off goes on where it was, with a new link", async () => {
  const { client, tenant, options } = begin({ users: 3_000 });
  let downloads = 0;
  const fetch = async (url, init) => {
    downloads += 1;
    if (downloads === 1) return new Response("expired", { status: 403 });
    const response = await tenant.fetch(url, init);
    if (downloads === 3) return response;
    let chunks = 0;
    const broken = response.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          chunks += 1;
          if (chunks > 1) controller.error(new TypeError("the connection is gone"));
          else controller.enqueue(chunk.slice(0, chunk.length / 2));
        },
        flush: (controller) => controller.error(new TypeError("the connection is gone")),
      }),
    );
    return new Response(broken);
  };
  const users = await collect(exportUsers(client, { ...options, fetch, fields: ["user_id"] }));
  assert.equal(downloads, 3);
  assert.equal(users.length, 3_000);
  assert.equal(new Set(users.map(({ user_id }) => user_id)).size, 3_000);
});

test("an export ends with what goes wrong", async () => {
  const { client, options } = begin({ users: 5 });
  const broken = { ...options, fetch: async () => new Response("no", { status: 500 }) };
  await assert.rejects(collect(exportUsers(client, broken)), { message: "the file of the export cannot be read: 500" });
  const controller = new AbortController();
  const abortSignal = controller.signal;
  const waiting = exportUsers(client, { ...options, abortSignal, pollSeconds: 1_000 }).next();
  setTimeout(() => controller.abort(new RangeError("enough")), 10);
  await assert.rejects(waiting, { name: "RangeError", message: "enough" });
  for (const [given, message] of [
    [{ connection: 5 }, /^connection must/],
    [{ fields: "email" }, /^fields must/],
    [{ conection: "con_1" }, /^options.conection is unknown/],
  ]) {
    await assert.rejects(exportUsers(client, given).next(), { name: "TypeError", message });
  }
  await assert.rejects(exportUsers({}).next(), { name: "TypeError", message: /^client must/ });
});

test("a file that gives nothing for a minute is asked for again", async (t) => {
  const { client, tenant, options } = begin({ users: 20 });
  let downloads = 0;
  let canceled = 0;
  const cancel = () => canceled++;
  const fetch = (url, init) => {
    downloads += 1;
    if (downloads > 1) return tenant.fetch(url, init);
    // The minute of the first download is over at once.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    setImmediate(() => {
      t.mock.timers.tick(60_000);
      t.mock.timers.reset();
    });
    return new Response(new ReadableStream({ cancel }));
  };
  assert.equal((await collect(exportUsers(client, { ...options, fetch }))).length, 20);
  assert.equal(downloads, 2);
  assert.equal(canceled, 1);
});

test("a file is recognized as packed in whatever pieces it comes", async () => {
  const { client, options } = begin({ users: 1 });
  const file = gzipSync('{"n":1}\n{"n":2}\n');
  const start = (controller) => {
    for (const byte of file) controller.enqueue(Uint8Array.of(byte));
    controller.close();
  };
  const fetch = async () => new Response(new ReadableStream({ start }));
  assert.deepEqual(await collect(exportUsers(client, { ...options, fetch })), [{ n: 1 }, { n: 2 }]);
});

for (const [name, pack] of Object.entries({ packed: gzipSync, plain: Buffer.from })) {
  test(`whoever leaves a ${name} file that is stuck ends its download`, async () => {
    const { client, options } = begin({ users: 1 });
    const lines = Array.from({ length: 1_000 }, () => JSON.stringify({ filler: randomBytes(100).toString("hex") }));
    const file = pack(lines.join("\n"));
    let signal;
    let cancel;
    const canceled = new Promise((resolve) => (cancel = resolve));
    const start = (controller) => controller.enqueue(file.subarray(0, file.length - 1_000));
    const fetch = async (_, init) => {
      ({ signal } = init);
      return new Response(new ReadableStream({ start, cancel }));
    };
    for await (const { filler } of exportUsers(client, { ...options, fetch })) {
      assert.equal(filler.length, 200);
      break;
    }
    await canceled;
    assert.equal(signal.aborted, true);
  });
}

test("a deadline ends an export whose file does not come, whatever reads it", async () => {
  const { client, options } = begin({ users: 1 });
  for (const silent of [() => new Promise(() => {}), async () => new Response(new ReadableStream())]) {
    const given = { ...options, deadlineInSeconds: 0.1 };
    given.fetch = function fetch() {
      assert.equal(this, undefined, "as browsers want it of their own fetch");
      return silent();
    };
    await assert.rejects(collect(exportUsers(client, given)), { code: "deadline" });
  }
});

test("a file is read no faster than its users are taken, and no further", async () => {
  const { client, options } = begin({ users: 1 });
  // Of the kind that does not compress: 8 MB of it are 8 MB of users.
  const lines = Array.from({ length: 1_000 }, (_, n) =>
    JSON.stringify({ n, filler: randomBytes(4_000).toString("hex") }),
  );
  const file = gzipSync(lines.join("\n"));
  let taken = 0;
  let cancel;
  const canceled = new Promise((resolve) => (cancel = resolve));
  const fetch = async () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          const chunk = file.subarray(taken, taken + 10_000);
          taken += chunk.length;
          if (chunk.length > 0) controller.enqueue(chunk);
          else controller.close();
        },
        cancel,
      }),
    );
  const run = exportUsers(client, { ...options, fetch });
  for (let n = 0; n < 10; n += 1) assert.equal((await run.next()).value.n, n);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(taken < file.length / 4, `${taken} of ${file.length} bytes for 10 of 1,000 users`);
  await run.return();
  await canceled;
  taken = 0;
  assert.equal((await collect(exportUsers(client, { ...options, fetch }))).length, 1_000);
});

test("a deadline is for all of an export or an import", async () => {
  const { client, connection, options } = begin({ users: 5 });
  const late = { deadlineInSeconds: 0.05, pollSeconds: 1_000 };
  const expected = { name: "ManagementTimeoutError", code: "deadline", operation: "exportUsers" };
  await assert.rejects(collect(exportUsers(client, { ...options, ...late })), expected);
  const users = [{ email: "new@example.com" }];
  await assert.rejects(collect(importUsers(client, users, { ...late, connection })), { code: "deadline" });
});

test("users are imported in as many files as it takes, and each row is told about", async () => {
  const { client, tenant, connection } = begin({ users: [{ user_id: "auth0|old", email: "u7@example.com" }] });
  async function* users() {
    const user_metadata = { note: "x".repeat(2_000) };
    for (let row = 0; row < 900; row += 1) yield { email: `U${row}@example.com`, user_metadata };
    yield { email: "u900@example.com", user_metadata: { note: "x".repeat(600_000) } };
    yield { email: "not an email" };
    yield { email: "last@example.com" };
  }
  const results = await collect(importUsers(client, users(), { ...quick, connection }));
  assert.equal(results.length, 903);
  const byRow = new Map(results.map((result) => [result.row, result]));
  assert.equal(byRow.size, 903);
  const failed = results.filter(({ status }) => status === "failed").map(({ row }) => row);
  assert.deepEqual(failed.sort((one, other) => one - other), [7, 900, 901]); // prettier-ignore
  assert.match(byRow.get(7).errors[0].code, /DUPLICATED_USER/);
  assert.equal(byRow.get(900).error.code, "too_large");
  assert.equal((await client.users.list({ q: "email:last@example.com" })).data.length, 1);
  const jobs = tenant.journal().filter(({ operation }) => operation === "jobs.usersImports.create");
  assert.equal(jobs.length, 4);
  assert.ok(jobs.every(({ status }) => status === 202));
});

test("of two alike in one file the later one is refused", async () => {
  const { client, connection } = begin({ users: 1 });
  const users = [{ email: "twin@example.com" }, { email: "other@example.com" }, { email: "twin@example.com" }];
  const results = await collect(importUsers(client, users, { ...quick, connection }));
  assert.deepEqual(results.map(({ row, status }) => [row, status]), [[0, "ok"], [1, "ok"], [2, "failed"]]); // prettier-ignore
});

test("of two with one email it is the refused one that is failed", async () => {
  const { client, connection } = begin({ users: 1 });
  const wrong = { email: "twin@example.com", user_metadata: 5 };
  const right = { email: "twin@example.com", user_metadata: { theme: "dark" } };
  for (const [users, failed] of [
    [[wrong, right], 0],
    [[{ ...right, email: "Twin@example.com" }, wrong], 1],
  ]) {
    const results = await collect(importUsers(client, users, { ...quick, connection, upsert: true, onWarning() {} }));
    assert.deepEqual(results.filter(({ status }) => status === "failed").map(({ row }) => row), [failed]); // prettier-ignore
  }
});

test("upsert says that it replaces metadata, and does", async () => {
  const old = { user_id: "auth0|old", email: "old@example.com", user_metadata: { city: "Oslo" } };
  const { client, connection } = begin({ users: [old] });
  const warnings = [];
  const options = { ...quick, connection, upsert: true, onWarning: (message) => warnings.push(message) };
  const [result] = await collect(
    importUsers(client, [{ email: old.email, user_metadata: { theme: "dark" } }], options),
  );
  assert.equal(result.status, "ok");
  assert.deepEqual((await client.users.get(old.user_id)).user_metadata, { theme: "dark" });
  assert.match(warnings.join(), /upsert replaces the metadata/);
});

test("a file that is not taken fails its rows, and one that nobody knows of is unknown", async () => {
  const { client, tenant, connection } = begin({ users: 1 }, { maxRetries: 0 });
  const users = [{ email: "one@example.com" }];
  const refused = await collect(importUsers(client, users, { ...quick, connection: "con_0000000000000000" }));
  assert.deepEqual([refused[0].status, refused[0].error.statusCode], ["failed", 400]);
  tenant.failNext({ status: 500, afterCommit: true });
  const open = await collect(importUsers(client, users, { ...quick, connection }));
  assert.deepEqual([open[0].status, open[0].error.code], ["unknown", "outcome_unknown"]);
});

test("a job that cannot be read leaves its rows unknown, and the others go on", async () => {
  const { client, tenant, connection } = begin({ users: 1 }, { maxRetries: 0 });
  const filler = "x".repeat(300_000);
  const users = [1, 2].map((n) => ({ email: `u${n}@example.com`, app_metadata: { filler } }));
  tenant.failNext({ operation: "jobs.get", status: 403 });
  const results = await collect(importUsers(client, users, { ...quick, connection }));
  const of = (status) => results.filter((result) => result.status === status);
  assert.deepEqual([of("ok").length, of("unknown").length], [1, 1]);
  assert.equal(of("unknown")[0].error.statusCode, 403);
});

test("an import that is aborted says which rows are open", async () => {
  const controller = new AbortController();
  const { client, connection } = begin(
    { users: 1, jobPolls: 1_000 },
    { onResponse: ({ operation }) => operation === "jobs.get" && controller.abort(new RangeError("enough")) },
  );
  const options = { ...quick, connection, abortSignal: controller.signal };
  const run = importUsers(client, [{ email: "one@example.com" }], options);
  const { value } = await run.next();
  assert.deepEqual([value.row, value.status, value.error.message], [0, "unknown", "enough"]);
  await assert.rejects(run.next(), { name: "RangeError", message: "enough" });
});

test("what cannot be imported is refused by name", async () => {
  const { client } = begin({ users: 1 });
  for (const [users, options, message] of [
    ["a@example.com", { connection: "con_1" }, /^users must/],
    [[], undefined, /^options must/],
    [[], {}, /^connection must/],
    [[], { connection: "con_1", upsert: "yes" }, /^upsert must/],
    [["a@example.com"], { connection: "con_1" }, /^users: row 0 is not an object/],
    [[{ user_metadata: { n: 1n } }], { connection: "con_1" }, /^users: row 0 must be a value that JSON has/],
  ]) {
    await assert.rejects(importUsers(client, users, options).next(), { name: "TypeError", message });
  }
});

test("an import goes on, whatever its observers throw", async () => {
  const { client, connection } = begin({ users: 1 });
  const told = [];
  const failing = async (news) => {
    told.push(news);
    throw new Error("no");
  };
  const failingAtOnce = (news) => {
    told.push(news);
    throw new Error("no");
  };
  for (const [observer, email] of [
    [failing, "ana@example.com"],
    [failingAtOnce, "bo@example.com"],
  ]) {
    // prettier-ignore
    const options = { ...quick, connection, upsert: true, onWarning: observer, onProgress: observer };
    const results = await collect(importUsers(client, [{ email }], options));
    assert.deepEqual(results.map(({ status }) => status), ["ok"]); // prettier-ignore
  }
  await new Promise(setImmediate);
  assert.ok(told.length >= 4);
});

test("what is wrong with the options of a job is said before there is one", async () => {
  const { client, tenant, connection } = begin({ users: 1 });
  for (const [given, message] of [
    [{ pollSeconds: 0 }, /^pollSeconds must/],
    [{ pollSeconds: Infinity }, /^pollSeconds must/],
    [{ onProgress: 5 }, /^onProgress must/],
    [{ abortSignal: 5 }, /^abortSignal must/],
    [{ deadlineInSeconds: -1 }, /^deadlineInSeconds must/],
  ]) {
    const expected = { name: "TypeError", code: "invalid_argument", message };
    await assert.rejects(exportUsers(client, given).next(), expected);
    await assert.rejects(
      importUsers(client, [{ email: "ana@example.com" }], { connection, ...given }).next(),
      expected,
    );
  }
  assert.equal(tenant.journal().length, 0);
});
