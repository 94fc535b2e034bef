import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient } from "auth0-users";
import { bulk, importUsers, withAdmin } from "auth0-users/admin";

async function collect(results) {
  const all = [];
  for await (const result of results) all.push(result);
  return all;
}

/** A journal in memory, whose lines are kept some turns after they are appended. */
function memory(text = "", end = "\n") {
  return {
    text,
    async append(line) {
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
      this.text += line + end;
      this.onLine?.();
    },
    read() {
      return this.text;
    },
  };
}

const HEADER = '{"journal":"auth0-users","version":1,"operation":"test"}\n';
const name = "test";
const all = ["a", "b", "c", "d"];

/** A client of a server that calls `onChange` with the id in each change, and answers what that gives. */
function clientOf(onChange, options) {
  const fetch = async (url, { method }) => {
    const path = new URL(url).pathname.split("/").slice(3);
    const own = method === "GET" ? undefined : await onChange(decodeURIComponent(path[1]), path[0]);
    if (own) return own;
    if (path[0] === "user-blocks") return Response.json({ blocked_for: [{ ip: "192.0.2.1" }] });
    return Response.json({ user_id: path[1], blocked: true });
  };
  return withAdmin(
    new ManagementClient({ domain: "tenant.auth0.com", token: "token", fetch, maxRetries: 0, ...options }),
  );
}

const refusal = (statusCode) => Response.json({ statusCode, error: "Error", message: "no" }, { status: statusCode });
const line = (id, status) => `${JSON.stringify({ id, status })}\n`;
const change = { blocked: true };
const later = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Operations by what they pass on of their options. */
const operations = {
  "all options": (client) => (id, options) => client.users.update(id, change, options),
  "a copy of the options": (client) => (id, options) => client.users.update(id, change, { ...options, maxRetries: 1 }),
  "the signal only":
    (client) =>
    (id, { abortSignal }) =>
      client.users.update(id, change, { abortSignal }),
  "nothing of two parameters": (client) => (id, _options) => client.users.update(id, change),
  nothing: (client) => (id) => client.users.update(id, change),
  "the signal, late": (client) => async (id, options) => {
    await later();
    return client.users.update(id, change, { abortSignal: options.abortSignal });
  },
  "nothing, late": (client) => async (id, _options) => {
    await later();
    return client.users.update(id, change);
  },
  "all options, late": (client) => async (id, options) => {
    await later();
    return client.users.update(id, change, options);
  },
  "options of the read, none of the change": (client) => async (id, options) => {
    await client.users.get(id, undefined, options);
    return client.users.update(id, change);
  },
  "options of the read, the signal of the change": (client) => async (id, options) => {
    await client.users.get(id, undefined, options);
    return client.users.update(id, change, { abortSignal: options.abortSignal });
  },
};

for (const [what, make] of Object.entries(operations)) {
  test(`a killed run repeats nothing where ${what} is passed on`, async () => {
    // Each state in which a process may end: what the journal holds, and what has been sent.
    const states = [];
    const sent = [];
    const journal = memory();
    const keep = () => states.push({ text: journal.text, sent: [...sent] });
    journal.onLine = keep;
    const client = clientOf((id) => {
      assert.ok(journal.text.includes(line(id, "started")), `${id} is sent before its line is kept`);
      sent.push(id);
      keep();
    });
    const results = await collect(bulk(all, make(client), { name, journal }));
    assert.ok(results.every(({ status }) => status === "ok"));
    assert.ok(states.length >= 13);
    for (const state of states) {
      const again = [...state.sent];
      const next = clientOf((id) => void again.push(id));
      const ended = await collect(bulk(all, make(next), { name, journal: memory(state.text) }));
      assert.equal(new Set(again).size, again.length, `twice after ${JSON.stringify(state.text)}`);
      for (const { id, status } of ended) assert.ok(again.includes(id) || status === "unknown", `${id} is lost`);
    }
  });
}

test("items run at once as soon as the journal permits it", async () => {
  for (const [what, make] of Object.entries(operations)) {
    for (const journal of [undefined, memory()]) {
      let open = 0;
      let most = 0;
      const client = clientOf(async () => {
        most = Math.max(most, (open += 1));
        await later();
        open -= 1;
      });
      await client.users.get("a");
      await collect(bulk(Array.from({ length: 30 }, (_, n) => `u${n}`).values(), make(client), { name, journal }));
      assert.ok(most > 1, what);
    }
  }
});

test("a first item that was not sent is done by the next run", async () => {
  const sent = [];
  const turn = () => new Promise(() => {});
  const stuck = clientOf((id) => void sent.push(id), { headers: { "x-turn": turn } });
  const journal = memory();
  const controller = new AbortController();
  const run = collect(bulk(all, operations["all options"](stuck), { name, journal, abortSignal: controller.signal }));
  journal.onLine = () => setImmediate(() => controller.abort(new RangeError("enough")));
  await assert.rejects(run, { message: "enough" });
  assert.deepEqual(sent, []);
  const client = clientOf((id) => void sent.push(id));
  const results = await collect(bulk(all, operations["all options"](client), { name, journal }));
  assert.ok(results.every(({ status }) => status === "ok"));
  assert.deepEqual(sent.sort(), all);
});

test("a change without the hook after a read is never taken for withdrawn", async () => {
  const controller = new AbortController();
  const journal = memory();
  const client = clientOf(() => {
    controller.abort(new RangeError("enough"));
    return new Promise(() => {});
  });
  const operation = operations["options of the read, the signal of the change"](client);
  const seen = [];
  const run = async () => {
    const options = { name, journal, abortSignal: controller.signal };
    for await (const { id, status } of bulk(all, operation, options)) seen.push([id, status]);
  };
  await assert.rejects(run(), { message: "enough" });
  assert.deepEqual(seen, [["a", "unknown"]]);
  assert.ok(journal.text.endsWith(line("a", "unknown")));
});

test("a journal whose lines have no ends is refused", async () => {
  const message = /^(bulk|importUsers): journal: line 1 .* must write each line with a line end$/;
  for (const end of ["", "\r", " "]) {
    const sent = [];
    const client = clientOf((id) => void sent.push(id));
    const journal = memory("", end);
    const run = () => collect(bulk(all, operations["all options"](client), { name, journal }));
    await run();
    await assert.rejects(run(), { name: "TypeError", code: "invalid_argument", message });
    assert.deepEqual(sent.sort(), all);
  }
  const journal = memory(HEADER.trim() + line("0-1", "started"));
  const importing = importUsers(clientOf(), [{ email: "a@example.com" }], { connection: "con_1", journal });
  await assert.rejects(collect(importing), { message });
});

test("a header that was cut is the beginning of one, and nothing more", async () => {
  const header = HEADER.trim().replace("test", '\\u00e9 \\" test');
  const run = (text) => collect(bulk(["a"], async (id) => id, { name: 'é " test', journal: memory(text) }));
  for (let end = 0; end < header.length; end += 1) assert.equal((await run(header.slice(0, end))).length, 1);
  const start = '{"journal":"auth0-users","version":';
  for (const text of ["x", "1x", '1,"operation":"a"x', '1,"operation":"a\u0000', '1,"operation":"a\rb', '1,"id":"a']) {
    await assert.rejects(run(start + text), { message: /^bulk: journal: line 1 is not the header/ });
  }
});

test("a report that is not ok has the status of its step", async () => {
  const unblock = (client) => (id, options) => client.users.unblock(id, { admin: true, bruteForce: true }, options);
  for (const [statusCode, status] of [[403, "failed"], [500, "unknown"]]) {
    const client = clientOf((_, path) => (path === "user-blocks" ? refusal(statusCode) : undefined));
    for (const operation of [unblock(client), async (...given) => [await unblock(client)(...given)]]) {
      const journal = memory();
      const [result] = await collect(bulk(["a"], operation, { name, journal }));
      assert.equal(result.status, status);
      assert.equal(result.error.statusCode ?? result.error.cause.statusCode, statusCode);
      assert.equal([result.data].flat()[0].ok, false);
      assert.equal(journal.text, HEADER + line("a", "started") + line("a", status));
    }
    const seen = [];
    const run = async () => {
      for await (const { id } of bulk(all, unblock(client), { maxErrors: 1, concurrency: 1 })) seen.push(id);
    };
    await assert.rejects(run(), { code: "too_many_errors" });
    assert.deepEqual(seen, ["a"]);
  } // prettier-ignore
  const own = { ok: false, steps: [{ name: "own", status: "failed" }] };
  const [result] = await collect(bulk(["a"], async () => own));
  assert.deepEqual(result, { id: "a", item: "a", status: "ok", data: own }, "what a caller makes is no report");
});

const many = Array.from({ length: 500 }, (_, n) => `auth0|${n}`);

test("hydrate gives nothing after an abort", async () => {
  const controller = new AbortController();
  const seen = [];
  const run = async () => {
    const options = { abortSignal: controller.signal };
    for await (const { id } of clientOf().users.hydrate(many, ["profile"], options)) {
      seen.push(id);
      // The others that are under way are read by then.
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      if (seen.length === 5) controller.abort(new RangeError("enough"));
    }
  };
  await assert.rejects(run(), { name: "RangeError", message: "enough" });
  assert.equal(seen.length, 5);
});

test("hydrate gives nothing after its deadline", async (t) => {
  let now = performance.now();
  const clock = t.mock.method(performance, "now", () => now);
  const seen = [];
  const run = async () => {
    for await (const { id } of clientOf().users.hydrate(many, ["profile"], { deadlineInSeconds: 60 })) {
      seen.push(id);
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      if (seen.length === 5) now += 61_000;
    }
  };
  await assert.rejects(run(), { name: "ManagementTimeoutError", code: "deadline" });
  assert.equal(seen.length, 5);
  clock.mock.restore();
});

test("hydrate gives all that its journal says is read", async () => {
  const controller = new AbortController();
  const journal = memory();
  const seen = [];
  const run = async () => {
    const options = { name, journal, abortSignal: controller.signal };
    for await (const { id, status } of clientOf().users.hydrate(many, ["profile"], options)) {
      if (status === "ok") seen.push(id);
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      if (seen.length === 5) controller.abort(new RangeError("enough"));
    }
  };
  await assert.rejects(run(), { message: "enough" });
  const kept = journal.text.split("\n").filter((text) => text.endsWith('"status":"ok"}'));
  assert.deepEqual(seen.sort(), kept.map((text) => JSON.parse(text).id).sort());
});
