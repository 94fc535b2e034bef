import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { gzipSync } from "node:zlib";

import { ManagementClient } from "auth0-users";
import { exportUsers, importUsers, ndjson } from "auth0-users/admin";

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
  assert.deepEqual(sent, [["cache", "signal"]], "nothing goes with the request for the file, and no token");
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
    [{ connection: 5 }, /: connection must/],
    [{ fields: "email" }, /: fields must/],
    [{ conection: "con_1" }, /: options.conection is unknown/],
  ]) {
    await assert.rejects(exportUsers(client, given).next(), { name: "TypeError", message });
  }
  await assert.rejects(exportUsers({}).next(), { name: "TypeError", message: /^exportUsers: client must/ });
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

test("a row with an integer that JSON.parse has rounded is not imported", async () => {
  const { client, connection } = begin({ users: 0 });
  const lines = [
    '{"email":"a@example.com","app_metadata":{"ids":[{"discord":175928847299117063}]}}',
    '{"email":"b@example.com","app_metadata":{"ids":[{"discord":"175928847299117063"}]}}',
  ];
  const users = ndjson(new Blob([lines.join("\n")]));
  const results = await collect(importUsers(client, users, { ...quick, connection }));
  assert.deepEqual(results.map(({ row, status }) => [row, status]).sort(), [[0, "failed"], [1, "ok"]]); // prettier-ignore
  const { error } = results.find(({ row }) => row === 0);
  assert.equal(error.code, "unsafe_integer");
  assert.match(error.message, /^users\[0\]\.app_metadata\.ids\[0\]\.discord is an integer above/);
  assert.equal((await client.users.list()).data.length, 1);
});

test("a row's own property that is undefined is absent", async () => {
  const { client, connection } = begin({ users: 0 });
  const users = [{ email: "a@example.com", name: undefined, nickname: "a" }];
  const [{ status }] = await collect(importUsers(client, users, { ...quick, connection }));
  assert.deepEqual([status, (await client.users.list()).data[0].nickname], ["ok", "a"]);
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

test("an answer that is no job leaves rows unknown and ends an export", async () => {
  for (const spoiled of ["POST", "GET"]) {
    for (const body of [{ a: 1 }, { id: "job_1" }, { status: "completed" }]) {
      const { connection, options, tenant } = begin();
      const other = new ManagementClient({
        baseUrl: tenant.url,
        token: tenant.token,
        fetch: (url, init) => (init.method === spoiled ? Response.json(body) : tenant.fetch(url, init)),
      });
      const [result] = await collect(importUsers(other, [{ email: "a@example.com" }], { ...quick, connection }));
      assert.deepEqual([result.status, result.error.code], ["unknown", "bad_response"]);
      await assert.rejects(collect(exportUsers(other, options)), { code: "bad_response" });
    }
  }
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
    ["a@example.com", { connection: "con_1" }, /: users must/],
    [[], undefined, /: options must/],
    [[], {}, /: connection must/],
    [[], { connection: "con_1", upsert: "yes" }, /: upsert must/],
    [["a@example.com"], { connection: "con_1" }, /^importUsers: users: row 0 is not an object/],
    [[{ user_metadata: { n: 1n } }], { connection: "con_1" }, /^importUsers: users\[0\]\.user_metadata\.n is a bigint/],
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
    [{ pollSeconds: 0 }, /: pollSeconds must/],
    [{ pollSeconds: Infinity }, /: pollSeconds must/],
    [{ onProgress: 5 }, /: onProgress must/],
    [{ abortSignal: 5 }, /: abortSignal must/],
    [{ deadlineInSeconds: -1 }, /: deadlineInSeconds must/],
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

/** A file of an export that comes as it is given, in chunks that a test may end or break. */
const fileOf = (parts, headers) => async () => {
  const left = [...parts];
  const pull = (controller) => {
    const part = left.shift();
    if (part === undefined) controller.close();
    else if (part instanceof Error) controller.error(part);
    else controller.enqueue(typeof part === "string" ? new TextEncoder().encode(part) : part);
  };
  return new Response(new ReadableStream({ pull }), { headers });
};
const rows = (count) => Array.from({ length: count }, (_, n) => `{"n":${n}}\n`).join("");
const gone = new TypeError("the connection is gone");

/** Gives one file after the other, and the last of them from then on. */
function filesOf(...files) {
  let downloads = 0;
  const fetch = (...given) => files[Math.min(downloads++, files.length - 1)](...given);
  return { fetch, count: () => downloads };
}

test("an abort ends an export between two users", async () => {
  const { client, options } = begin({ users: 5_000 });
  const controller = new AbortController();
  const run = exportUsers(client, { ...options, abortSignal: controller.signal });
  let seen = 0;
  const read = async () => {
    for await (const _ of run) if ((seen += 1) === 10) controller.abort(new RangeError("enough"));
  };
  await assert.rejects(read(), { name: "RangeError", message: "enough" });
  assert.equal(seen, 10);
});

test("a deadline ends an export whose users are there already", async (t) => {
  const { client, options } = begin({ users: 5_000 });
  let now = performance.now();
  const clock = t.mock.method(performance, "now", () => now);
  const run = exportUsers(client, { ...options, deadlineInSeconds: 60 });
  let seen = 0;
  const read = async () => {
    // The loop leaves timers no time; the clock goes on.
    for await (const _ of run) if ((seen += 1) === 10) now += 61_000;
  };
  await assert.rejects(read(), { name: "ManagementTimeoutError", code: "deadline" });
  assert.equal(seen, 10);
  clock.mock.restore();
});

test("downloads that make progress are resumed, those that make none only twice", async () => {
  const { client, options } = begin({ users: 1 });
  const cut = Array.from({ length: 8 }, (_, n) => fileOf([rows(n + 1), '{"n', gone]));
  const whole = fileOf([rows(10)], { "content-length": `${rows(10).length}` });
  const { fetch, count } = filesOf(...cut, cut[7], cut[2], whole);
  const users = await collect(exportUsers(client, { ...options, fetch }));
  assert.deepEqual(users.map(({ n }) => n), Array.from({ length: 10 }, (_, n) => n)); // prettier-ignore
  assert.equal(count(), 11);
  const stuck = filesOf(cut[3]);
  await assert.rejects(collect(exportUsers(client, { ...options, fetch: stuck.fetch })), { message: gone.message });
  assert.equal(stuck.count(), 4);
});

test("a download that is cut anywhere is resumed", async () => {
  const { client, options } = begin({ users: 1 });
  const plain = new TextEncoder().encode(rows(4));
  const headers = { "content-length": `${plain.length}` };
  for (const [file, whole] of [
    [plain, fileOf([plain], headers)],
    [plain, fileOf([plain])],
    [gzipSync(plain), fileOf([gzipSync(plain)])],
  ]) {
    for (let end = 0; end < file.length; end += 1) {
      // Without a length, an end of the stream is all that there is to see.
      const cut = fileOf([file.subarray(0, end)], end % 2 && file === plain ? headers : undefined);
      const users = await collect(exportUsers(client, { ...options, fetch: filesOf(cut, whole).fetch }));
      assert.deepEqual(users, [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }], `cut after ${end} bytes`);
    }
  }
});

test("the end of a file is believed with proof, or when it comes again", async () => {
  const { client, options } = begin({ users: 1 });
  const length = { "content-length": `${rows(4).length}` };
  for (const [file, given, downloads] of [
    [fileOf([rows(4)], length), {}, 1],
    [fileOf([gzipSync(rows(4))]), {}, 1],
    [fileOf([rows(4)]), { limit: 4 }, 1],
    [fileOf([rows(4)]), {}, 2],
    // The length is that of what was packed.
    [fileOf([rows(4)], { ...length, "content-encoding": "gzip" }), {}, 2],
  ]) {
    const { fetch, count } = filesOf(file);
    assert.equal((await collect(exportUsers(client, { ...options, ...given, fetch }))).length, 4);
    assert.equal(count(), downloads);
  }
});

test("a part of a file is not taken for all of it", async () => {
  const { client, options } = begin({ users: 1 });
  const headers = { "content-length": `${rows(2).length}` };
  const part = async () => new Response(rows(2), { status: 206, headers });
  const whole = fileOf([rows(4)], { "content-length": `${rows(4).length}` });
  const users = await collect(exportUsers(client, { ...options, fetch: filesOf(part, whole).fetch }));
  assert.equal(users.length, 4);
  const run = exportUsers(client, { ...options, fetch: part });
  await assert.rejects(collect(run), { message: "the file of the export cannot be read: 206" });
});

test("a value in an export that is no object ends it", async () => {
  const { client, options } = begin({ users: 1 });
  for (const value of ['[{"n":1}]', '"AccessDenied"', "5", "null", "true"]) {
    const { fetch, count } = filesOf(fileOf([rows(1), `${value}\n`, rows(1)]));
    const seen = [];
    const run = async () => {
      for await (const user of exportUsers(client, { ...options, fetch })) seen.push(user);
    };
    await assert.rejects(run(), { name: "SyntaxError", code: "invalid_line", message: /^value 2 in the file/ });
    assert.deepEqual([seen, count()], [[{ n: 0 }], 1]);
  }
});

test("a line that is damaged ends an export", async () => {
  const { client, options } = begin({ users: 1 });
  const { fetch, count } = filesOf(fileOf([`${rows(1)}oops\n${rows(2)}`]));
  await assert.rejects(collect(exportUsers(client, { ...options, fetch })), { code: "invalid_line", line: 2 });
  assert.equal(count(), 1);
});

/** Imports users where the server answers as it is told to; gives the results by row. */
async function importedBy({ refused, summary, status = "completed" }, users, options) {
  const fetch = async (url, { method }) => {
    const job = { id: "job_1", type: "users_import", status, connection_id: "con_1", created_at: "2026-01-01" };
    if (method === "POST") return Response.json({ ...job, status: "pending" }, { status: 202 });
    if (!url.endsWith("/errors")) return Response.json(summary ? { ...job, summary } : job);
    return refused ? Response.json(refused) : new Response(null, { status: 204 });
  };
  const client = new ManagementClient({ domain: "tenant.auth0.com", token: "token", fetch });
  const results = await collect(importUsers(client, users, { ...quick, connection: "con_1", ...options }));
  return results.sort((one, other) => one.row - other.row);
}

const refusal = (user, code = "INVALID_FORMAT") => ({ user, errors: [{ code, message: "no" }] });
const summaryOf = (failed, inserted, updated = 0) => ({
  failed,
  inserted,
  updated,
  total: failed + inserted + updated,
});

for (const [what, users, refused, expected] of [
  ["without a key", [{ given_name: "x" }, { email: "b@x" }], [{ given_name: "x" }], "failed ok"],
  ["alike but for one", [{ email: "a@x", name: "1" }, { email: "a@x", name: "2" }], [{ email: "a@x", name: "2" }], "ok failed"],
  ["in another order of keys", [{ email: "a@x", name: "1" }, { email: "b@x" }], [{ name: "1", email: "a@x" }], "failed ok"],
  ["in lower case", [{ email: "A@X" }, { email: "b@x" }], [{ email: "a@x" }], "failed ok"],
  ["that differ by case, echoed in lower case", [{ email: "A@X" }, { email: "a@x" }], [{ email: "a@x" }], "unknown unknown"],
  ["that differ by case, echoed as they were", [{ email: "A@X" }, { email: "a@x" }], [{ email: "A@X" }], "failed ok"],
  ["the same in all", [{ email: "a@x" }, { email: "a@x" }, { email: "a@x" }], [{ email: "a@x" }], "ok ok failed"],
  ["with a masked hash", [{ email: "a@x", custom_password_hash: { hash: { value: "1" } } }, { email: "b@x" }], [{ email: "a@x", custom_password_hash: { hash: { value: "*****" } } }], "failed ok"],
  ["with a hash left out", [{ email: "a@x", password_hash: "1" }, { email: "a@x" }], [{ email: "a@x" }], "unknown unknown"],
  ["with a hash left out, both", [{ email: "a@x", password_hash: "1" }, { email: "a@x" }], [{ email: "a@x" }, { email: "a@x" }], "failed failed"],
  ["with fields left out", [{ email: "a@x", name: "1" }, { email: "b@x" }], [{ email: "a@x" }], "failed ok"],
  ["with fields left out, one of two", [{ email: "a@x", name: "1" }, { email: "a@x", name: "2" }, { email: "b@x" }], [{ email: "a@x" }], "unknown unknown ok"],
  ["with an id that has its provider", [{ email: "a@x", user_id: "7" }, { email: "b@x" }], [{ email: "a@x", user_id: "auth0|7", name: "a" }], "failed ok"],
  ["with one of two keys", [{ email: "a@x", username: "a" }, { email: "b@x" }], [{ username: "a" }], "failed ok"],
  ["with keys of two rows", [{ email: "a@x", username: "a" }, { email: "b@x", username: "b" }, { email: "c@x" }], [{ email: "a@x", username: "b" }], "unknown unknown ok"],
  ["that are not in the file", [{ email: "a@x" }, { email: "b@x" }], [{ email: "z@x" }], "unknown unknown"],
  ["that are not in the file, all of it", [{ email: "a@x" }, { email: "b@x" }], [{ email: "y@x" }, { email: "z@x" }], "failed failed"],
  ["that are not told", [{ email: "a@x" }, { email: "b@x" }], [undefined], "unknown unknown"],
]) {
  test(`of users ${what} the refused ones are failed`, async () => {
    const answer = { refused: refused.map((user) => refusal(user)), summary: summaryOf(refused.length, users.length - refused.length) };
    const results = await importedBy(answer, users);
    assert.equal(results.map(({ status }) => status).join(" "), expected);
    assert.deepEqual(results.map(({ row }) => row), users.map((_, row) => row)); // prettier-ignore
    for (const { status, errors, error } of results) {
      assert.equal(errors?.[0].code, status === "ok" ? undefined : "INVALID_FORMAT");
      assert.equal(error?.code, status === "unknown" ? "unmatched_row" : undefined);
    }
  });
} // prettier-ignore

test("a row is ok only where the counts of the job fit", async () => {
  const users = [{ email: "a@x" }, { email: "b@x" }];
  const one = [refusal(users[0])];
  for (const [answer, expected] of [
    [{ refused: one, summary: summaryOf(1, 1) }, "failed ok"],
    [{ refused: one, summary: summaryOf(1, 0, 1) }, "failed ok"],
    [{ refused: one }, "failed ok"],
    [{}, "ok ok"],
    [{ summary: summaryOf(0, 2) }, "ok ok"],
    [{ refused: one, summary: summaryOf(2, 0) }, "failed failed"],
    [{ refused: one, summary: summaryOf(0, 2) }, "failed unknown"],
    [{ summary: summaryOf(1, 1) }, "unknown unknown"],
    [{ summary: { failed: 0, inserted: 1, updated: 0, total: 1 } }, "unknown unknown"],
    [{ summary: { failed: 0, inserted: 1, updated: 0, total: 2 } }, "unknown unknown"],
    [{ status: "failed" }, "unknown unknown"],
    [{ status: "expired" }, "unknown unknown"],
    [{ status: "failed", refused: one }, "failed unknown"],
    [{ status: "failed", refused: { status: "failed", status_details: "it timed out" } }, "unknown unknown"],
    [{ status: "failed", summary: summaryOf(2, 0) }, "failed failed"],
  ]) {
    const results = await importedBy(answer, users);
    assert.equal(results.map(({ status }) => status).join(" "), expected, JSON.stringify(answer));
    for (const { status, errors, error } of results) assert.ok(status === "ok" || errors.length > 0 || error.code);
  }
});

/** A client whose uploads wait for the test, and a list of what was sent. */
function uploads(clientOptions) {
  const sent = [];
  const fetch = (url, { method, signal }) =>
    new Promise((resolve, reject) => {
      const answer = (job) => resolve(Response.json({ id: "job_1", type: "users_import", created_at: "2026", ...job }));
      signal.addEventListener("abort", () => reject(signal.reason));
      sent.push({
        method,
        path: url.split("/api/v2")[1],
        answer,
        empty: () => resolve(new Response(null, { status: 204 })),
      });
    });
  return {
    sent,
    client: new ManagementClient({ domain: "tenant.auth0.com", token: "token", fetch, ...clientOptions }),
  };
}

/** A journal in memory, which keeps what a file would. */
function memory(text = "") {
  return { text, append(line) { this.text += `${line}\n`; }, read() { return this.text; } }; // prettier-ignore
}

async function until(holds) {
  for (let turn = 0; turn < 5_000 && !holds(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(holds());
}

/** Users of whom each makes a file of its own. */
const large = (count) =>
  Array.from({ length: count }, (_, n) => ({ email: `u${n}@x`, app_metadata: { filler: "x".repeat(300_000) } }));

/** A server that has done a job as soon as it has the file. */
const serverOf = (jobs) => async (url, init) => {
  if (init.method === "POST") {
    const users = JSON.parse(/\[\{.*\}\]/.exec(await new Response(init.body).text())[0]);
    const id = `job_${jobs.size + 1}`;
    jobs.set(id, users);
    return Response.json({ id, status: "pending", type: "users_import", created_at: "2026" }, { status: 202 });
  }
  const [, id, errors] = /jobs\/(\w+)(\/errors)?$/.exec(url);
  const refused = jobs.get(id).filter(({ email }) => email === "not an email");
  if (errors)
    return refused.length ? Response.json(refused.map((user) => refusal(user))) : new Response(null, { status: 204 });
  const summary = summaryOf(refused.length, jobs.get(id).length - refused.length);
  return Response.json({ id, status: "completed", type: "users_import", created_at: "2026", summary });
};
const clientOf = (jobs) => new ManagementClient({ domain: "tenant.auth0.com", token: "token", fetch: serverOf(jobs) });

test("rows of a file that was not sent have no result", async () => {
  const controller = new AbortController();
  let asked = 0;
  const turn = () => (++asked > 1 ? new Promise(() => {}) : "now");
  const { client, sent } = uploads({ headers: { "x-turn": turn } });
  const journal = memory();
  const options = { ...quick, connection: "con_1", journal, abortSignal: controller.signal };
  const results = [];
  const run = (async () => {
    for await (const { row, status } of importUsers(client, large(3), options)) results.push([row, status]);
  })();
  await until(() => sent.length === 1);
  controller.abort(new RangeError("enough"));
  await assert.rejects(run, { name: "RangeError", message: "enough" });
  assert.deepEqual(results, [[0, "unknown"]]);
  assert.equal(journal.text.match(/"started"/g).length, 1);

  // The next run does what was not sent, and leaves what is open.
  const jobs = new Map();
  const again = await collect(importUsers(clientOf(jobs), large(3), { ...options, abortSignal: undefined }));
  const statuses = again.sort((one, other) => one.row - other.row).map(({ status }) => status);
  assert.deepEqual(statuses, ["unknown", "ok", "ok"]);
  assert.deepEqual([...jobs.values()].flat().map(({ email }) => email), ["u1@x", "u2@x"]); // prettier-ignore
});

test("leaving an import asks for no job any more, and keeps its id", async () => {
  const { client, sent } = uploads();
  const journal = memory();
  const options = { ...quick, connection: "con_1", journal };
  const users = [...large(2), { email: "big@x", app_metadata: { filler: "x".repeat(600_000) } }];
  const left = (async () => {
    for await (const { row, status } of importUsers(client, users, options)) {
      assert.deepEqual([row, status], [2, "failed"]);
      break;
    }
  })();
  await until(() => sent.length === 1);
  sent[0].answer({ id: "job_7", status: "pending" });
  await left;
  const requests = sent.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(sent.length, requests);
  assert.match(journal.text, /"status":"accepted:job_7"/);

  // The next run asks for the job, and sends its rows no more.
  const next = uploads();
  const again = collect(importUsers(next.client, users.slice(0, 1), options));
  await until(() => next.sent.length === 1);
  assert.deepEqual([next.sent[0].method, next.sent[0].path], ["GET", "/jobs/job_7"]);
  next.sent[0].answer({ id: "job_7", status: "completed" });
  await until(() => next.sent.length === 2);
  next.sent[1].empty();
  assert.deepEqual((await again).map(({ row, status }) => [row, status]), [[0, "ok"]]); // prettier-ignore
  const last = await collect(importUsers(uploads().client, users.slice(0, 1), options));
  assert.deepEqual(last.map(({ status }) => status), ["skipped"]); // prettier-ignore
});

test("an import that is killed at any byte uploads no row twice and loses none", async () => {
  const all = [{ email: "a@x" }, { email: "b@x" }, ...large(2), { email: "not an email" }];
  // Each state in which a process may end: what the journal holds, and the jobs that the server has.
  const states = [];
  const jobs = new Map();
  const journal = memory();
  const { append } = journal;
  journal.append = function (line) {
    const before = this.text.length;
    append.call(this, line);
    for (let end = before; end <= this.text.length; end += 7)
      states.push({ text: this.text.slice(0, end), jobs: new Map(jobs) });
    states.push({ text: this.text, jobs: new Map(jobs) });
  };
  const options = { ...quick, connection: "con_1" };
  await collect(importUsers(clientOf(jobs), all, { ...options, journal }));
  assert.equal(jobs.size, 2);
  for (const { text, jobs } of states) {
    const store = memory(text);
    const results = await collect(importUsers(clientOf(jobs), all, { ...options, journal: store }));
    assert.deepEqual(results.map(({ row }) => row).sort(), [0, 1, 2, 3, 4]); // prettier-ignore
    const sent = [...jobs.values()].flat().map(({ email }) => email);
    for (const { row, status } of results) {
      const times = sent.filter((email) => email === all[row].email).length;
      const isRefused = all[row].email === "not an email";
      // A refused row may be tried again; an unknown one was on the wire.
      assert.ok(times === 1 || (isRefused && times === 2) || (status === "unknown" && times === 0), text);
      if (status !== "unknown") assert.equal(status === "failed", isRefused);
      else {
        const last = text.split("\n").findLast((line) => line.endsWith("}") && line.match(`[" ]${row}-`));
        assert.match(last, /"started"}$/);
      }
    }
  }
});

test("an import of another connection has another journal", async () => {
  const journal = memory();
  const options = { ...quick, connection: "con_1", journal };
  const { client, connection } = begin({ users: 1 });
  const users = [{ email: "new@example.com" }];
  const [first] = await collect(importUsers(client, users, { ...options, connection }));
  assert.equal(first.status, "ok");
  const other = collect(importUsers(client, users, { ...options, connection: "con_2" }));
  await assert.rejects(other, { name: "TypeError", message: /: journal belongs to "importUsers con_/ });
  const replacing = { ...options, connection, upsert: true, onWarning() {} };
  await assert.rejects(collect(importUsers(client, users, replacing)), { message: /: journal belongs to/ });
});
