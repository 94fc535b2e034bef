import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { bulk, ndjson } from "auth0-users/admin";

import { start } from "./setup.mjs";

const ids = (count, from = 0) => Array.from({ length: count }, (_, place) => `auth0|u${from + place}`);
const people = (count) => ids(count).map((id) => ({ user_id: id, email: `${id.slice(6)}@example.com` }));

async function collect(results) {
  const all = [];
  for await (const result of results) all.push(result);
  return all;
}

/** A journal in memory, which remembers what a file would. */
function memory(text = "") {
  return { text, append(line) { this.text += `${line}\n`; }, read() { return this.text; } }; // prettier-ignore
}

const block = (client) => (id, options) => client.users.update(id, { blocked: true }, options);
const updates = (tenant) =>
  tenant.journal().filter(({ operation, status }) => operation === "users.update" && status === 200).length;

test("each item is done once, and what fails does not end the run", async () => {
  const { client, tenant } = start({ users: people(120) });
  const progress = [];
  const source = [...ids(120), "auth0|nobody", "auth0|u0"];
  const results = await collect(bulk(source, block(client), { onProgress: (now) => progress.push(now) }));
  const of = (status) => results.filter((result) => result.status === status);
  assert.equal(results.length, 122);
  assert.equal(of("ok").length, 120);
  assert.equal(of("ok")[0].data.blocked, true);
  assert.deepEqual(of("failed").map(({ id, error }) => [id, error.statusCode]), [["auth0|nobody", 404]]); // prettier-ignore
  assert.deepEqual(of("skipped").map(({ id }) => id), ["auth0|u0"]); // prettier-ignore
  assert.equal(updates(tenant), 120);
  const { ok, failed, skipped, total, etaSeconds } = progress.at(-1);
  assert.deepEqual(
    { ok, failed, skipped, total, etaSeconds },
    { ok: 120, failed: 1, skipped: 1, total: 122, etaSeconds: 0 },
  );
});

test("what an observer throws is dropped, now or later", async () => {
  const { client } = start({ users: people(3) });
  const thrown = [];
  const now = () => {
    throw thrown[thrown.push(new Error("now")) - 1];
  };
  const later = async () => now();
  for (const onProgress of [now, later]) {
    const results = await collect(bulk(ids(3), block(client), { onProgress }));
    assert.deepEqual(results.map(({ status }) => status), ["ok", "ok", "ok"]); // prettier-ignore
    assert.equal((await collect(client.users.all({ onProgress }))).length, 3);
  }
  // A rejection that nobody handles would fail this test by then.
  await new Promise(setImmediate);
  assert.equal(thrown.length, 8);
});

test("a source is read no faster than its items are done", async () => {
  const { client } = start({ users: people(30) });
  let read = 0;
  let open = 0;
  let most = 0;
  async function* source() {
    for (const id of ids(30)) {
      read += 1;
      yield id;
    }
  }
  const operation = async (id, options) => {
    most = Math.max(most, (open += 1));
    const user = await block(client)(id, options);
    open -= 1;
    return user;
  };
  for await (const { status } of bulk(source(), operation, { concurrency: 3 })) {
    assert.equal(status, "ok");
    break;
  }
  assert.ok(read <= 6, `${read} were read`);
  assert.equal(most, 3);
  assert.equal(open, 0, "what was under way was waited for");
});

test("a run that is killed goes on, with nothing done twice", async () => {
  const { client, tenant } = start({ users: people(40) });
  const journal = memory();
  let calls = 0;
  const dying = async (id, options) => {
    calls += 1;
    // The process is gone: neither the answer nor the end of the operation is ever seen.
    if (calls > 20) return new Promise(() => {});
    return block(client)(id, options);
  };
  const first = bulk(ids(40), dying, { journal, concurrency: 4 });
  for (let done = 0; done < 20; done += 1) await first.next();
  const killed = memory(journal.text + '{"id":"auth0|u3');

  const second = await collect(bulk(ids(40), block(client), { journal: killed }));
  const count = (results, status) => results.filter((result) => result.status === status).length;
  assert.equal(count(second, "skipped"), 20);
  assert.ok(count(second, "unknown") >= 1 && count(second, "unknown") <= 4);
  assert.equal(updates(tenant), 40 - count(second, "unknown"));

  const third = await collect(bulk(ids(40), block(client), { journal: killed, repeatUnknown: true }));
  assert.equal(count(third, "ok"), count(second, "unknown"));
  assert.equal(count(third, "skipped"), 40 - count(second, "unknown"));
  assert.equal(updates(tenant), 40);
});

test("a line that is whole but for its end is not lost", async () => {
  const done = [];
  const operation = async (id) => done.push(id);
  const journal = memory('{"id":"one","status":"ok"}');
  await collect(bulk(["one", "two"], operation, { journal }));
  const again = await collect(bulk(["one", "two"], operation, { journal }));
  assert.deepEqual(done, ["two"]);
  assert.ok(again.every(({ status }) => status === "skipped"));
});

test("an item that came before is skipped, also where nobody knows what became of it", async () => {
  const journal = memory('{"id":"one","status":"started"}\n');
  const results = await collect(bulk(["one", "one"], async () => {}, { journal, concurrency: 1 }));
  assert.deepEqual(results.map(({ status }) => status), ["unknown", "skipped"]); // prettier-ignore
});

test("a journal that does not give text is refused, and not taken for an empty one", async () => {
  const called = [];
  for (const given of [Buffer.from('{"id":"one","status":"ok"}\n'), [{ id: "one", status: "ok" }], 5]) {
    const journal = { append() {}, read: () => given };
    await assert.rejects(collect(bulk(["one"], async (id) => called.push(id), { journal })), {
      name: "TypeError",
      code: "invalid_argument",
      message: /^journal.read\(\) must give text/,
    });
  }
  assert.deepEqual(called, []);
});

test("a dry run calls nothing, and estimates", async () => {
  const { client, tenant } = start({ users: people(3) });
  let last;
  const options = { dryRun: true, requestsPerSecond: 10, onProgress: (now) => (last = now) };
  const results = await collect(bulk(ids(50), block(client), options));
  assert.ok(results.every(({ status }) => status === "planned"));
  assert.deepEqual([last.planned, last.requests, last.etaSeconds], [50, 50, 5]);
  assert.equal(tenant.journal().length, 0);
});

test("what the journal alone knows of takes no request, and tells nothing about the pace", async () => {
  const text = ["started", "unknown", "ok"].map((status, n) => `${JSON.stringify({ id: `auth0|u${n}`, status })}\n`);
  const journal = memory(text.join(""));
  let last;
  const onProgress = (now) => (last = now);
  const operation = async () => {};
  await collect(bulk(ids(103), operation, { journal, onProgress, dryRun: true, requestsPerSecond: 10 }));
  assert.deepEqual([last.planned, last.unknown, last.requests, last.etaSeconds], [100, 2, 100, 10]);
  await collect(bulk(ids(103), operation, { journal, onProgress }));
  assert.deepEqual([last.ok, last.unknown, last.requests, last.etaSeconds], [100, 2, 100, 0]);
});

test("an abort ends it with the signal's own reason, and what was under way is open", async () => {
  const { client, tenant } = start({ users: people(20), latencyMs: 20 });
  const controller = new AbortController();
  const seen = [];
  const run = async () => {
    const options = { abortSignal: controller.signal, concurrency: 2 };
    for await (const result of bulk(ids(20), block(client), options)) {
      seen.push(result);
      if (seen.length === 4) controller.abort(new RangeError("enough"));
    }
  };
  await assert.rejects(run(), { name: "RangeError", message: "enough" });
  assert.ok(seen.length < 20);
  assert.ok(updates(tenant) < 20);
  assert.ok(seen.slice(5).every(({ status }) => status === "unknown"));
});

/** Gives so many ids, and then nothing more, or an error. */
async function* stalled(count, error) {
  yield* ids(count);
  if (error) throw error;
  await new Promise(() => {});
}

test("a source that gives nothing more keeps back no result and no abort", async () => {
  const { client } = start({ users: people(3) });
  const controller = new AbortController();
  const run = bulk(stalled(3), block(client), { abortSignal: controller.signal });
  for (const _ of ids(3)) assert.equal((await run.next()).value.status, "ok");
  const next = run.next();
  controller.abort(new RangeError("enough"));
  await assert.rejects(next, { name: "RangeError", message: "enough" });
});

test("a deadline is for the whole run", async () => {
  const { client } = start({ users: people(3) });
  const run = bulk(stalled(3), block(client), { deadlineInSeconds: 0.2 });
  const expected = { name: "ManagementTimeoutError", code: "deadline", message: "bulk was not done within 0.2 s" };
  await assert.rejects(collect(run), expected);
  const endless = (_, { abortSignal: signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const left = bulk(ids(2), endless, { deadlineInSeconds: 0.05 });
  for (const _ of ids(2)) assert.equal((await left.next()).value.status, "unknown");
  await assert.rejects(left.next(), { code: "deadline" });
  const journal = { append() {}, read: () => new Promise(() => {}) };
  const unread = bulk(ids(2), block(client), { journal, deadlineInSeconds: 0.05 });
  await assert.rejects(collect(unread), { code: "deadline" });
  const parts = client.users.hydrate(stalled(0), ["roles"], { deadlineInSeconds: 0.01 });
  await assert.rejects(collect(parts), { code: "deadline" });
});

test("a source that fails ends the run, after what came of what was under way", async () => {
  const { client } = start({ users: people(3), latencyMs: 20 });
  const seen = [];
  const run = async () => {
    for await (const { status } of bulk(stalled(3, new RangeError("no more")), block(client))) seen.push(status);
  };
  await assert.rejects(run(), { name: "RangeError", message: "no more" });
  assert.deepEqual(seen, ["ok", "ok", "ok"]);
});

test("what a source gives after the loop was left is not begun", async () => {
  const begun = [];
  let give;
  const given = new Promise((resolve) => (give = resolve));
  let isClosed;
  const closed = new Promise((resolve) => (isClosed = resolve));
  async function* source() {
    try {
      yield "one";
      await given;
      yield "two";
    } finally {
      isClosed();
    }
  }
  for await (const { id } of bulk(source(), async (id) => begun.push(id))) {
    assert.equal(id, "one");
    break;
  }
  give();
  await closed;
  await new Promise(setImmediate);
  assert.deepEqual(begun, ["one"]);
});

test("a run ends where its source fails, or aborts it, while it is asked", async () => {
  for (const before of [[], ["one"]]) {
    function* failing() {
      yield* before;
      throw new RangeError("no more");
    }
    const controller = new AbortController();
    function* aborting() {
      yield* before;
      controller.abort(new RangeError("no more"));
      yield "late";
    }
    for (const source of [failing(), aborting()]) {
      const run = bulk(source, async (id) => id, { abortSignal: controller.signal });
      for (const id of before) assert.equal((await run.next()).value.id, id);
      await assert.rejects(run.next(), { name: "RangeError", message: "no more" });
    }
  }
});

/** Gives so many ids; whoever leaves it early, or tells it so when it is over, gets an error. */
const unclosable = (count) => ({
  [Symbol.iterator]: () => ({
    next: () => (count-- > 0 ? { value: `u${count}`, done: false } : { value: undefined, done: true }),
    return() {
      throw new RangeError("cannot be closed");
    },
  }),
});

test("a source that cannot be closed hides nothing that was before", async () => {
  const operation = async (id) => id;
  assert.equal((await collect(bulk(unclosable(3), operation))).length, 3);
  const controller = new AbortController();
  const run = async () => {
    const options = { abortSignal: controller.signal, concurrency: 1 };
    for await (const _ of bulk(unclosable(3), operation, options)) controller.abort(new Error("enough"));
  };
  await assert.rejects(run(), { message: "enough" });
  const failing = bulk(unclosable(3), () => Promise.reject(new Error("no")), { stopAfterErrors: 1, concurrency: 1 });
  await assert.rejects(collect(failing), { code: "too_many_errors" });
  const left = async () => {
    for await (const _ of bulk(unclosable(3), operation, { concurrency: 1 })) break;
  };
  await assert.rejects(left(), { message: "cannot be closed" });
});

test("a long run keeps nothing of what is over but the ids", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc");
  const held = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const operation = () => new Promise(setImmediate);
  let done = 0;
  let before;
  let kept;
  for await (const { status } of bulk(ids(45_000).values(), operation)) {
    assert.equal(status, "ok");
    done += 1;
    if (done === 5_000) before = held();
    if (done === 45_000) kept = held() - before;
  }
  assert.ok(kept < 10_000_000, `${kept} bytes`);
});

test("so many failures end it", async () => {
  const { client, tenant } = start({ users: 1 });
  const seen = [];
  const run = async () => {
    for await (const result of bulk(ids(50), block(client), { stopAfterErrors: 3, concurrency: 1 })) seen.push(result);
  };
  await assert.rejects(run(), { code: "too_many_errors", message: "stopped after 3 errors" });
  assert.equal(seen.length, 3);
  assert.equal(tenant.journal().length, 3);
});

test("an outcome that nobody knows is unknown, not failed", async () => {
  const { client, tenant } = start({ users: people(1) }, { maxRetries: 0 });
  tenant.failNext({ status: 500, afterCommit: true });
  const [result] = await collect(bulk(ids(1), block(client)));
  assert.equal(result.status, "unknown");
  assert.equal(result.error.code, "outcome_unknown");
});

test("100 new users with faults: all settle, and each is there if and only if it is said", async () => {
  const { client, tenant } = start({
    users: 1,
    faults: { rate: 0.1, kinds: ["server_error", "too_many_requests", "reset"], seed: 5 },
  });
  const create = ({ user_id, email }, options) =>
    client.users.create(
      {
        connection: "Username-Password-Authentication",
        password: "Correct-Horse-7-Battery",
        email: `new-${email}`,
        user_id: `new-${user_id.slice(6)}`,
      },
      options,
    );
  const results = await collect(bulk(people(100), create));
  assert.equal(results.length, 100);
  tenant.setFaults(null);
  for (const { id, status } of results) {
    const made = (await client.users.find({ id: `auth0|new-${id.slice(6)}` })) !== undefined;
    if (status !== "unknown") assert.equal(made, status === "ok", `${id} ${status}`);
  }
});

test("NDJSON is read from a stream, in pieces of any size, and a bad line is named", async () => {
  const text = '{"user_id":"auth0|ä"}\r\n\n{"user_id":"auth0|b"}';
  const bytes = new TextEncoder().encode(text);
  const stream = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const expected = [{ user_id: "auth0|ä" }, { user_id: "auth0|b" }];
  for (const source of [stream, new Blob([text]), new Response(text)])
    assert.deepEqual(await collect(ndjson(source)), expected);
  assert.deepEqual(await collect(ndjson(new Response(null))), [], "there need not be a body");
  await assert.rejects(collect(ndjson(new Blob(["{}\n{}\n{oops\n"]))), { name: "SyntaxError", line: 3 });
});

test("users are read with what belongs to them", async () => {
  const { client, tenant } = start({ users: people(3) });
  tenant.roles.add({ name: "auditor" });
  tenant.users.add({
    connection: "Username-Password-Authentication",
    user_id: "auth0|eve",
    email: "eve@example.com",
    roles: ["auditor"],
  });
  const results = await collect(
    client.users.hydrate(["auth0|eve", "auth0|u1", "auth0|nobody"], ["profile", "roles", "sessions"]),
  );
  const byId = Object.fromEntries(results.map((result) => [result.id, result]));
  assert.deepEqual(byId["auth0|eve"].data.roles.map(({ name }) => name), ["auditor"]); // prettier-ignore
  assert.equal(byId["auth0|eve"].data.profile.email, "eve@example.com");
  assert.deepEqual(byId["auth0|u1"].data.roles, []);
  assert.equal(byId["auth0|nobody"].error.statusCode, 404);
});

test("a part that is named twice is read once", async () => {
  const { client, tenant } = start({ users: people(1) });
  const progress = [];
  const results = await collect(
    client.users.hydrate(["auth0|u0"], ["roles", "profile", "roles"], { onProgress: (told) => progress.push(told) }),
  );
  assert.deepEqual(Object.keys(results[0].data), ["roles", "profile"]);
  assert.equal(progress.at(-1).requests, 2);
  assert.equal(tenant.journal().length, 2);
});

test("arguments are refused by name", async () => {
  const operation = async () => {};
  for (const [given, message] of [
    [["auth0|1", operation], /^source must/],
    [[["auth0|1"], undefined], /^operation must/],
    [[["auth0|1"], operation, { concurrency: 0 }], /^concurrency must/],
    [[["auth0|1"], operation, { concurency: 5 }], /^options.concurency is unknown/],
    [[["auth0|1"], operation, { journal: {} }], /^journal must/],
    [[["auth0|1"], operation, { id: null }], /^id must/],
    [[["auth0|1"], operation, { onProgress: true }], /^onProgress must/],
    [[["auth0|1"], operation, { abortSignal: 5 }], /^abortSignal must/],
    [[["auth0|1"], operation, { deadlineInSeconds: 0 }], /^deadlineInSeconds must/],
    [[[{ email: "a@example.com" }], operation], /^each item needs an id/],
  ]) {
    await assert.rejects(bulk(...given).next(), { name: "TypeError", message });
  }
  const { client } = start({ users: 1 });
  await assert.rejects(client.users.hydrate(["auth0|1"], ["rolls"]).next(), {
    name: "TypeError",
    message: /^parts must be of/,
  });
});

test("a journal that cannot be written ends the run, even while the last result is dealt with", async () => {
  const journal = memory();
  const append = journal.append.bind(journal);
  journal.append = async (line) => {
    if (line !== '{"id":"two","status":"ok"}') return append(line);
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new RangeError("the disk is full");
  };
  const seen = [];
  const run = async () => {
    for await (const { id } of bulk(["one", "two"], async (id) => id, { journal })) {
      seen.push(id);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await assert.rejects(run(), { name: "RangeError", message: "the disk is full" });
  assert.deepEqual(seen, ["one", "two"], "what was done is told");
});
