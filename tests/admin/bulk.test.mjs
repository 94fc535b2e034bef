import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";

import { ManagementClient } from "auth0-users";
import { bulk, ndjson, withAdmin } from "auth0-users/admin";

import { start } from "./setup.mjs";

const ids = (count, from = 0) => Array.from({ length: count }, (_, place) => `auth0|u${from + place}`);
const people = (count) => ids(count).map((id) => ({ user_id: id, email: `${id.slice(6)}@example.com` }));

async function collect(results) {
  const all = [];
  for await (const result of results) all.push(result);
  return all;
}

/** A journal in memory, which keeps what a file would. */
function memory(text = "") {
  return { text, append(line) { this.text += `${line}\n`; }, read() { return this.text; } }; // prettier-ignore
}

/** The header of a journal of the operation that these tests name "test". */
const HEADER = '{"journal":"auth0-users","version":1,"operation":"test"}\n';
const name = "test";

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
    // The process is gone: its last requests are sent, and their answers are never seen.
    if (calls > 20) await options.beforeRequest({ method: "PATCH" });
    if (calls > 20) return new Promise(() => {});
    return block(client)(id, options);
  };
  const first = bulk(ids(40), dying, { name, journal, concurrency: 4 });
  for (let done = 0; done < 20; done += 1) await first.next();
  const killed = memory(journal.text + '{"id":"auth0|u3');

  const second = await collect(bulk(ids(40), block(client), { name, journal: killed }));
  const count = (results, status) => results.filter((result) => result.status === status).length;
  assert.equal(count(second, "skipped"), 20);
  assert.ok(count(second, "unknown") >= 1 && count(second, "unknown") <= 4);
  assert.equal(updates(tenant), 40 - count(second, "unknown"));

  const third = await collect(bulk(ids(40), block(client), { name, journal: killed, retryUnknown: true }));
  assert.equal(count(third, "ok"), count(second, "unknown"));
  assert.equal(count(third, "skipped"), 40 - count(second, "unknown"));
  assert.equal(updates(tenant), 40);
});

test("a line that is whole but for its end is not lost", async () => {
  const done = [];
  const operation = async (id) => done.push(id);
  const journal = memory(`${HEADER}{"id":"one","status":"ok"}`);
  await collect(bulk(["one", "two"], operation, { name, journal }));
  const again = await collect(bulk(["one", "two"], operation, { name, journal }));
  assert.deepEqual(done, ["two"]);
  assert.ok(again.every(({ status }) => status === "skipped"));
});

test("an item that came before is skipped, also where nobody knows what became of it", async () => {
  const journal = memory(`${HEADER}{"id":"one","status":"started"}\n`);
  const results = await collect(bulk(["one", "one"], async () => {}, { name, journal, concurrency: 1 }));
  assert.deepEqual(results.map(({ status }) => status), ["unknown", "skipped"]); // prettier-ignore
});

test("a journal that does not give text is refused, and not taken for an empty one", async () => {
  const called = [];
  for (const given of [Buffer.from('{"id":"one","status":"ok"}\n'), [{ id: "one", status: "ok" }], 5]) {
    const journal = { append() {}, read: () => given };
    await assert.rejects(collect(bulk(["one"], async (id) => called.push(id), { journal })), {
      name: "TypeError",
      code: "invalid_argument",
      message: /^bulk: journal.read\(\) must give text/,
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
  const journal = memory(HEADER + text.join(""));
  let last;
  const onProgress = (now) => (last = now);
  const operation = async () => {};
  await collect(bulk(ids(103), operation, { name, journal, onProgress, dryRun: true, requestsPerSecond: 10 }));
  assert.deepEqual([last.planned, last.unknown, last.requests, last.etaSeconds], [100, 2, 100, 10]);
  assert.equal(journal.text, HEADER + text.join(""), "a dry run writes nothing");
  await collect(bulk(ids(103), operation, { name, journal, onProgress }));
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
  const failing = bulk(unclosable(3), () => Promise.reject(new Error("no")), { maxErrors: 1, concurrency: 1 });
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
    for await (const result of bulk(ids(50), block(client), { maxErrors: 3, concurrency: 1 })) seen.push(result);
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

/**
 * A client whose fetch is the test's own: `sent` are the changes on the wire, which wait for their `answer`, or have one at
 * once. After so many `places`, requests wait to be sent.
 */
async function wired({ isAnswered = () => false, places = Infinity, ...clientOptions } = {}) {
  const sent = [];
  const headers = { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "900", "x-ratelimit-reset": "9999999999" };
  const fetch = (url, { method, signal }) =>
    new Promise((resolve, reject) => {
      const id = decodeURIComponent(url.split("/").at(-1));
      const answer = (status = 200, body = { user_id: id }) => resolve(Response.json(body, { status, headers }));
      signal.addEventListener("abort", () => reject(signal.reason));
      if (method !== "GET") sent.push({ id, method, answer });
      if (method === "GET" || isAnswered(id)) answer();
    });
  let left = Infinity;
  const turn = () => (--left < 0 ? new Promise(() => {}) : "now");
  const options = { domain: "tenant.auth0.com", token: "token", fetch, headers: { "x-turn": turn }, ...clientOptions };
  const client = new ManagementClient(options);
  // Until it knows the limit, a client sends few requests at once.
  for (let round = 0; round < 5; round += 1) await Promise.all(ids(40).map((id) => client.users.get(id)));
  left = places;
  return { client, sent };
}

/** Waits until something holds, for a bounded number of turns. */
async function until(holds) {
  for (let turn = 0; turn < 1_000 && !holds(); turn += 1) await new Promise(setImmediate);
  assert.ok(holds());
}

const begun = ({ text }) =>
  text.split("\n").filter((line) => line.endsWith('"status":"started"}')).map((line) => JSON.parse(line).id); // prettier-ignore

test("an item is begun when its change is handed to fetch", async () => {
  const { client, sent } = await wired({ places: 3 });
  const journal = memory();
  const onWire = [];
  const { append } = journal;
  journal.append = async function (line) {
    // Each line is kept before its request is sent.
    if (line.includes("started")) assert.ok(!sent.some(({ id }) => line.includes(`"${id}"`)), line);
    await new Promise(setImmediate);
    append.call(this, line);
  };
  const controller = new AbortController();
  const results = bulk(ids(20), block(client), { journal, abortSignal: controller.signal });
  const seen = [];
  const run = (async () => {
    for await (const result of results) seen.push(result);
  })();
  await until(() => sent.length === 3);
  onWire.push(...sent.map(({ id }) => id));
  controller.abort(new RangeError("enough"));
  await assert.rejects(run, { name: "RangeError", message: "enough" });
  assert.deepEqual(begun(journal), onWire);
  assert.deepEqual(seen.map(({ id, status }) => [id, status]), onWire.map((id) => [id, "unknown"])); // prettier-ignore
  assert.equal(sent.length, 3);

  const next = await wired({ isAnswered: () => true });
  const again = await collect(bulk(ids(20), block(next.client), { journal }));
  const of = (status) => again.filter((result) => result.status === status).length;
  assert.deepEqual([of("ok"), of("unknown")], [17, 3]);
  assert.equal(next.sent.length, 17);
});

test("leaving the loop sends nothing more, and waits for what is on the wire", async () => {
  const { client, sent } = await wired({ isAnswered: (id) => id === "auth0|u0", places: 4 });
  const journal = memory();
  const run = (async () => {
    for await (const { id } of bulk(ids(30), block(client), { journal })) {
      assert.equal(id, "auth0|u0");
      setImmediate(() => sent.slice(1).forEach(({ answer }) => answer()));
      break;
    }
  })();
  await run;
  const wired4 = sent.map(({ id }) => id);
  assert.equal(wired4.length, 4);
  assert.deepEqual(begun(journal), wired4);
  for (const id of wired4) assert.ok(journal.text.includes(`{"id":"${id}","status":"ok"}`), id);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(sent.length, 4, "nothing is sent afterwards");
});

test("a retry that waits when the loop is left is withdrawn", async () => {
  const { client, sent } = await wired({ isAnswered: (id) => id === "auth0|u0", places: 2 });
  const journal = memory();
  for await (const { id } of bulk(ids(2), block(client), { journal, concurrency: 2 })) {
    assert.equal(id, "auth0|u0");
    const refused = sent.find(({ id }) => id === "auth0|u1");
    refused.answer(429, { statusCode: 429, error: "Too Many Requests", message: "Global limit has been reached" });
    break;
  }
  assert.equal(sent.length, 2);
  assert.ok(journal.text.includes('{"id":"auth0|u1","status":"withdrawn"}'));
});

test("a run that has had its errors withdraws what waits", async () => {
  const { client, sent } = await wired({ places: 5, maxRetries: 0 });
  const journal = memory();
  const seen = [];
  const run = (async () => {
    for await (const { id, status } of bulk(ids(30), block(client), { journal, maxErrors: 1 })) seen.push([id, status]);
  })();
  await until(() => sent.length === 5);
  sent[0].answer(404, { statusCode: 404, error: "Not Found", message: "The user does not exist." });
  await until(() => seen.length === 1);
  for (const { answer } of sent.slice(1)) answer();
  await assert.rejects(run, { code: "too_many_errors", message: "stopped after 1 errors" });
  assert.equal(sent.length, 5);
  assert.deepEqual(seen, sent.map(({ id }, place) => [id, place ? "ok" : "failed"])); // prettier-ignore
  assert.deepEqual(begun(journal), sent.map(({ id }) => id)); // prettier-ignore
});

test("unknown outcomes count as errors", async () => {
  const { client, tenant } = start({ users: people(1) }, { maxRetries: 0 });
  tenant.setFaults({ rate: 1, kinds: ["server_error"], seed: 1 });
  const run = bulk(ids(50), block(client), { maxErrors: 2, concurrency: 1 });
  await assert.rejects(collect(run), { code: "too_many_errors", message: "stopped after 2 errors" });
});

test("a deadline withdraws what waits", async () => {
  const { client, sent } = await wired({ places: 2 });
  const journal = memory();
  const seen = [];
  const run = async () => {
    const options = { journal, deadlineInSeconds: 0.05 };
    for await (const { status } of bulk(ids(9), block(client), options)) seen.push(status);
  };
  await assert.rejects(run(), { code: "deadline" });
  assert.deepEqual(seen, ["unknown", "unknown"]);
  assert.equal(begun(journal).length, sent.length);
});

test("an operation without options is begun when it is called", async () => {
  const called = [];
  const journal = memory();
  const controller = new AbortController();
  const operation = async (id) => {
    assert.ok(begun(journal).includes(id), "its line is written before");
    called.push(id);
    await new Promise((resolve) => controller.signal.addEventListener("abort", resolve));
    throw controller.signal.reason;
  };
  const run = bulk(ids(5), operation, { journal, abortSignal: controller.signal, concurrency: 2 });
  const seen = [];
  setImmediate(() => controller.abort(new Error("enough")));
  await assert.rejects(
    async () => {
      for await (const { status } of run) seen.push(status);
    },
    { message: "enough" },
  );
  assert.deepEqual([called.length, seen], [2, ["unknown", "unknown"]]);
});

test("an operation with a fetch of its own is never taken for withdrawn", async () => {
  const journal = memory();
  const controller = new AbortController();
  const own = (_, { abortSignal }) =>
    new Promise((_, reject) => abortSignal.addEventListener("abort", () => reject(abortSignal.reason)));
  const run = bulk(ids(2), own, { journal, abortSignal: controller.signal });
  const seen = [];
  setTimeout(() => controller.abort(new Error("enough")), 5);
  await assert.rejects(
    async () => {
      for await (const { status } of run) seen.push(status);
    },
    { message: "enough" },
  );
  assert.deepEqual(seen, ["unknown", "unknown"]);
  assert.deepEqual(begun(journal), ids(2));
});

test("what only reads is begun when it is called, but by hydrate", async () => {
  const { client } = await wired();
  const journals = [memory(), memory()];
  const read = (id, options) => client.users.get(id, undefined, options);
  const runs = [
    bulk(ids(3), read, { journal: journals[0] }),
    withAdmin(client).users.hydrate(ids(3), ["profile"], { journal: journals[1] }),
  ];
  for (const run of runs) assert.ok((await collect(run)).every(({ status }) => status === "ok"));
  assert.deepEqual(journals.map(begun), [ids(3), []]);
});

test("an item of several changes is finished once it is begun", async () => {
  const { client, sent } = await wired({ isAnswered: (id) => id === "auth0|u0" });
  const journal = memory();
  const twice = async (id, options) => {
    await client.users.update(id, { blocked: true }, options);
    if (id !== "auth0|u0") await client.users.update(`${id}b`, { blocked: true }, options);
  };
  for await (const { id } of bulk(ids(2), twice, { journal })) {
    assert.equal(id, "auth0|u0");
    sent.find(({ id }) => id === "auth0|u1").answer();
    until(() => sent.length === 3).then(() => sent[2].answer());
    break;
  }
  assert.deepEqual(sent.map(({ id }) => id), ["auth0|u0", "auth0|u1", "auth0|u1b"]); // prettier-ignore
  assert.ok(journal.text.includes('{"id":"auth0|u1","status":"ok"}'));
});

test("the caller's own beforeRequest runs before each request", async () => {
  const { client, sent } = await wired({ isAnswered: () => true });
  const events = [];
  const beforeRequest = ({ operation, method, attempt }) => {
    events.push([operation, method, attempt, sent.length]);
    if (events.length === 2) throw new RangeError("not this one");
  };
  const results = await collect(bulk(ids(2), block(client), { beforeRequest, concurrency: 1 }));
  assert.deepEqual(results.map(({ status }) => status), ["ok", "failed"]); // prettier-ignore
  assert.deepEqual(events, [["users.update", "PATCH", 1, 0], ["users.update", "PATCH", 1, 1]]); // prettier-ignore
  assert.equal(sent.length, 1);
});

test("a change is not sent where the journal cannot be written", async () => {
  const { client, sent } = await wired({ isAnswered: () => true });
  const journal = memory();
  const { append } = journal;
  journal.append = function (line) {
    if (line.includes("u3")) throw new RangeError("the disk is full");
    append.call(this, line);
  };
  const run = collect(bulk(ids(9), block(client), { journal, concurrency: 1 }));
  await assert.rejects(run, { name: "RangeError", message: "the disk is full" });
  assert.deepEqual(sent.map(({ id }) => id), ids(3)); // prettier-ignore
});

test("one listener is enough for a run", async (t) => {
  const { client } = await wired({ isAnswered: () => true });
  const { signal } = new AbortController();
  let most = 0;
  let listeners = 0;
  for (const [method, change] of [["addEventListener", 1], ["removeEventListener", -1]]) {
    t.mock.method(signal, method, function (...given) {
      most = Math.max(most, (listeners += change));
      return AbortSignal.prototype[method].apply(this, given);
    });
  } // prettier-ignore
  await collect(bulk(ids(200), block(client), { abortSignal: signal }));
  assert.ok(most <= 2, `${most} listeners`);
  assert.equal(listeners, 0);
});

/** The same journal in each form in which it may be read. */
const forms = {
  text: (text) => text,
  "text with CRLF": (text) => text.replaceAll("\n", "\r\n"),
  lines: (text) => text.split("\n").filter((line, place, all) => line || place < all.length - 1),
  "lines of a split": (text) => text.split("\n"),
  "lines with their ends": (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [],
  "lines of a stream": async function* (text) {
    yield* forms.lines(text);
  },
};

for (const [form, given] of Object.entries(forms)) {
  test(`a run that is killed at any byte does nothing twice, read as ${form}`, async () => {
    const options = { name, concurrency: 3, id: (item) => item };
    const all = ['one"}', "twö\\", "three", "four"];
    // Each state in which a process may end: what the journal holds, and what has been handed to fetch.
    const states = [];
    const applied = [];
    const journal = memory();
    const { append } = journal;
    journal.append = function (line) {
      const before = this.text.length;
      append.call(this, line);
      for (let end = before; end <= this.text.length; end += 1) {
        states.push({ text: this.text.slice(0, end), applied: [...applied] });
      }
    };
    const record =
      (to) =>
      async (id, { beforeRequest }) => {
        await beforeRequest({ method: "PATCH" });
        to.push(id);
        await new Promise(setImmediate);
      };
    await collect(bulk(all, record(applied), { ...options, journal }));
    assert.ok(states.length > 250);

    for (const { text, applied } of states) {
      const store = memory(text);
      store.read = () => given(store.text);
      const again = [...applied];
      // This one is killed, too, after it has begun one more.
      const second = bulk(all, record(again), { ...options, concurrency: 1, journal: store });
      for (let result = await second.next(); !result.done; result = await second.next()) {
        if (result.value.status === "ok") break;
      }
      await second.return();
      const results = await collect(bulk(all, record(again), { ...options, journal: store }));
      const unknown = results.filter(({ status }) => status === "unknown").map(({ id }) => id);
      assert.equal(new Set(again).size, again.length, `twice after ${JSON.stringify(text)}`);
      for (const id of all) {
        const isOpen = unknown.includes(id) && text.includes(JSON.stringify({ id, status: "started" }));
        assert.ok(again.includes(id) || isOpen, `${id} is lost after ${JSON.stringify(text)}`);
      }
      const written = store.text.split("\n").filter((line) => line.startsWith('{"journal"') && line.endsWith("}"));
      assert.ok(written.every((line) => `${line}\n` === HEADER));
    }
  });
}

test("a journal of another operation is refused", async () => {
  const journal = memory();
  const called = [];
  async function block(id) {
    called.push(id);
  }
  async function remove(id) {
    called.push(id);
  }
  await collect(bulk(["one"], block, { journal }));
  const expected = {
    name: "TypeError",
    code: "invalid_argument",
    message: /^bulk: journal belongs to "block", not to "remove"/,
  };
  await assert.rejects(collect(bulk(["one", "two"], remove, { journal })), expected);
  assert.deepEqual(called, ["one"]);
  await collect(bulk(["one", "two"], remove, { journal, name: "block" }));
  assert.deepEqual(called, ["one", "two"]);

  // Functions without a name are told apart by their source.
  const unnamed = memory();
  await collect(bulk(["one"], async (id) => called.push(`first ${id}`), { journal: unnamed }));
  const other = collect(bulk(["one", "two"], async (id) => called.push(`second ${id}`), { journal: unnamed }));
  await assert.rejects(other, { message: /^bulk: journal belongs to "anonymous function/ });
  const { client } = start({ users: people(1) });
  const read = memory();
  await collect(client.users.hydrate(ids(1), ["profile"], { journal: read }));
  await assert.rejects(collect(client.users.hydrate(ids(1), ["roles"], { journal: read })), {
    message: /^users\.hydrate: journal belongs/,
  });
});

test("what is no journal is refused, and not taken for an empty one", async () => {
  const entry = '{"id":"one","status":"ok"}\n';
  const text = `${HEADER}${entry}{"id":"two","status":"ok"}\n`;
  const called = [];
  for (const [given, message] of [
    [Buffer.from(text, "utf8").toString("latin1").replace("{", "\u00ff\u00fe{"), /line 1 is not the header/],
    [Buffer.from(text, "utf16le").toString("utf8"), /line 1 is not the header/],
    [Buffer.from(`\uFEFF${text}`, "utf16le").toString("utf8"), /line 1 is not the header/],
    [gzipSync(text).toString("utf8"), /line 1 is not the header/],
    [entry, /line 1 is not the header/],
    ["127.0.0.1 - GET /users 200\n", /line 1 is not the header/],
    ['{"level":"info","id":"one"}\n', /line 1 is not the header/],
    ["oops", /line 1 is not the header/],
    [["a.journal", "b.journal"], /line 1 is not the header/],
    [[text], /several lines in one piece/],
    [`${HEADER}{"id":"one","stat\n{"id":"two","status":"ok"}\n`, /line 2 is damaged/],
    [`${HEADER}{"id":"one","status":"ok"}{"id":"two","status":"ok"}\n`, /line 2 is damaged/],
    [`${HEADER}${entry}{"id":"two","status":"done"}\n`, /line 3 is damaged/],
    [`${HEADER}${entry}oops`, /line 3 is damaged/],
    [`${HEADER}${entry}{"id":5,"status":"ok"}\n`, /line 3 is damaged/],
    [`${HEADER}${entry}[]\n`, /line 3 is damaged/],
    [`${HEADER}${entry}\u0000\u0000\u0000`, /line 3 is damaged/],
    [HEADER.replace('"version":1', '"version":2'), /line 1 has another version than 1/],
    [`${text}${HEADER.replace("test", "other")}`, /^bulk: journal belongs to "other", not to "test"/],
  ]) {
    const journal = { append: (line) => called.push(line), read: () => given };
    const run = collect(bulk(["one"], async (id) => called.push(id), { name, journal }));
    await assert.rejects(run, (error) => {
      assert.match(error.message, message, JSON.stringify(given));
      assert.ok(error.name === "TypeError" && error.code === "invalid_argument" && error.message.length < 300);
      return true;
    });
  }
  assert.deepEqual(called, []);
  for (const given of [undefined, null, "", "\n", [], ["", ""], `\uFEFF${HEADER}`]) {
    const lines = [];
    const journal = { append: (line) => lines.push(line), read: () => given };
    await collect(bulk(["one"], async (id) => id, { name, journal }));
    assert.equal(`${lines.filter(Boolean)[0]}\n`, HEADER);
  }
});

test("lines are appended one by one, and none after a failure", async () => {
  const { client } = await wired({ isAnswered: () => true });
  const journal = memory();
  let open = 0;
  let isBroken = false;
  journal.append = async function (line) {
    assert.equal(++open, 1);
    assert.equal(isBroken, false);
    await new Promise(setImmediate);
    open -= 1;
    isBroken = line.includes("u7");
    if (isBroken) throw new RangeError("the disk is full");
    this.text += `${line}\n`;
  };
  await assert.rejects(collect(bulk(ids(40), block(client), { journal })), { message: "the disk is full" });
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

/** What has been looked at and decoded while a function ran, in bytes. */
async function scanned(t, run) {
  let bytes = 0;
  const { indexOf } = Uint8Array.prototype;
  const { decode } = TextDecoder.prototype;
  t.mock.method(Uint8Array.prototype, "indexOf", function (value, from = 0) {
    const found = indexOf.call(this, value, from);
    bytes += (found < 0 ? this.length : found + 1) - from;
    return found;
  });
  t.mock.method(TextDecoder.prototype, "decode", function (input, ...options) {
    bytes += input?.byteLength ?? 0;
    return decode.call(this, input, ...options);
  });
  await run();
  t.mock.restoreAll();
  return bytes;
}

test("a long line of NDJSON is looked at twice, in however many pieces it comes", async (t) => {
  const piece = new Uint8Array(1_000).fill(120);
  async function* source() {
    yield new TextEncoder().encode('"');
    for (let count = 0; count < 5_000; count += 1) yield piece;
    yield new TextEncoder().encode('"\n{}\n');
  }
  const bytes = await scanned(t, async () => {
    const values = await collect(ndjson(source()));
    assert.deepEqual([values[0].length, values[1]], [5_000_000, {}]);
  });
  assert.ok(bytes < 10_100_000, `${bytes} bytes`);
});

test("a line of NDJSON has a limit", async () => {
  const text = `{}\n"${"x".repeat(20)}"\n`;
  for (const source of [new Blob([text]), new Response(text), text.match(/[^]{1,3}/g).values()]) {
    const chunks = source[Symbol.iterator] ? (async function* () { yield* source; })() : source; // prettier-ignore
    await assert.rejects(collect(ndjson(chunks, { maxLineLength: 10 })), {
      name: "RangeError",
      code: "line_too_long",
      line: 2,
      message: /^line 2 is longer than 10 (bytes|characters); see maxLineLength$/,
    });
  }
  const endless = (async function* () {
    for (;;) yield new Uint8Array(1_000_000).fill(120);
  })();
  await assert.rejects(collect(ndjson(endless)), { code: "line_too_long" });
  await assert.rejects(ndjson(new Blob([]), { maxLineLength: 0 }).next(), { message: /^ndjson: maxLineLength must/ });
  await assert.rejects(ndjson(new Blob([]), { limit: 5 }).next(), { message: /^ndjson: options.limit is unknown/ });
});

test("NDJSON is UTF-8, after a mark of the order of bytes or without", async () => {
  const marked = new TextEncoder().encode('\uFEFF{"a":"\uFEFF"}\n{"b":"ä"}');
  assert.deepEqual(await collect(ndjson(new Blob([marked]))), [{ a: "\uFEFF" }, { b: "ä" }]);
  const texts = (async function* () {
    yield* ['\uFEFF{"a":"\uD83D', '\uDE00"}', "\n"];
  })();
  assert.deepEqual(await collect(ndjson(texts)), [{ a: "\u{1F600}" }]);
  const broken = new Blob(['{}\n{"a":"', Uint8Array.of(0xe4), '"}\n']);
  await assert.rejects(collect(ndjson(broken)), { name: "SyntaxError", line: 2, message: "line 2 is not UTF-8" });
  const mixed = (async function* () {
    yield "{}";
    yield new TextEncoder().encode("\n");
  })();
  await assert.rejects(collect(ndjson(mixed)), {
    name: "TypeError",
    message: "ndjson: source must give bytes or text",
  });
  await assert.rejects(collect(ndjson(new Blob(['{}\n{"a"']))), { line: 2, isCut: true });
  await assert.rejects(collect(ndjson(new Blob(['{}\n{"a"\n']))), { line: 2, isCut: false });
});

test("a source that fills its chunk again loses nothing", async () => {
  const text = new TextEncoder().encode('{"a":1}\n{"b":2}\n');
  const chunk = new Uint8Array(3);
  async function* source() {
    for (let at = 0; at < text.length; at += 3) {
      const part = text.subarray(at, at + 3);
      chunk.set(part);
      yield chunk.subarray(0, part.length);
    }
  }
  assert.deepEqual(await collect(ndjson(source())), [{ a: 1 }, { b: 2 }]);
});

test("an abort ends NDJSON between two lines, and while its source gives nothing", async () => {
  const controller = new AbortController();
  const { signal: abortSignal } = controller;
  const seen = [];
  const run = async () => {
    for await (const value of ndjson(new Blob(["1\n2\n3\n4\n"]), { abortSignal })) {
      seen.push(value);
      if (value === 2) controller.abort(new RangeError("enough"));
    }
  };
  await assert.rejects(run(), { name: "RangeError", message: "enough" });
  assert.deepEqual(seen, [1, 2]);
  let cancel;
  const canceled = new Promise((resolve) => (cancel = resolve));
  const stuck = new AbortController();
  const next = ndjson(new ReadableStream({ cancel }), { abortSignal: stuck.signal }).next();
  stuck.abort(new RangeError("enough"));
  await assert.rejects(next, { message: "enough" });
  await canceled;
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
    [["auth0|1", operation], /^bulk: source must/],
    [[["auth0|1"], undefined], /^bulk: operation must/],
    [[["auth0|1"], operation, { concurrency: 0 }], /^bulk: concurrency must/],
    [[["auth0|1"], operation, { concurency: 5 }], /^bulk: options.concurency is unknown/],
    [[["auth0|1"], operation, { journal: {} }], /^bulk: journal must/],
    [[["auth0|1"], operation, { id: null }], /^bulk: id must/],
    [[["auth0|1"], operation, { onProgress: true }], /^bulk: onProgress must/],
    [[["auth0|1"], operation, { abortSignal: 5 }], /^bulk: abortSignal must/],
    [[["auth0|1"], operation, { deadlineInSeconds: 0 }], /^bulk: deadlineInSeconds must/],
    [[[{ email: "a@example.com" }], operation], /^bulk: each item needs an id/],
  ]) {
    await assert.rejects(bulk(...given).next(), { name: "TypeError", message });
  }
  const { client } = start({ users: 1 });
  await assert.rejects(client.users.hydrate(["auth0|1"], ["rolls"]).next(), {
    name: "TypeError",
    message: /^users\.hydrate: parts must be of/,
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
