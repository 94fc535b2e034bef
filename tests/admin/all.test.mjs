import assert from "node:assert/strict";
import test from "node:test";

import { ResultLimitError, eq, or } from "auth0-users/admin";

import { YEAR, bursts, made } from "../../benches/distributions.mjs";
import { start } from "./setup.mjs";

async function collected(users, count = Infinity) {
  const ids = [];
  for await (const { user_id } of users) {
    ids.push(user_id);
    if (ids.length === count) break;
  }
  return ids;
}

/** Everybody once; resolves to how many requests that took. */
async function everybody({ client, tenant }, count, parameters) {
  const users = client.users.all(parameters);
  let last;
  const ids = new Set();
  let read = 0;
  for await (const { user_id, created_at } of users) {
    ids.add(user_id);
    read++;
    assert.ok(last === undefined || (parameters?.sort === "created_at:-1" ? last >= created_at : last <= created_at));
    last = created_at;
  }
  assert.equal(ids.size, count);
  assert.equal(read, count);
  const requests = tenant.journal().length;
  assert.deepEqual([users.progress.read, users.progress.requests], [count, requests]);
  return requests;
}

for (const [name, count, at, more = 0] of [
  ["one second", 1_000, (n) => n % 1_000],
  ["one second, 10 in each millisecond", 10_000, (n) => n % 1_000],
  ["one millisecond", 1_000, () => 0],
  ["one millisecond", 5_000, () => 0],
  ["bursts with empty years between", 4_000, (n) => Math.floor(n / 900) * YEAR + (n % 900) * 40],
  ["milliseconds of 250", 4_000, bursts([250], 1)],
  ["milliseconds of 600 each", 4_000, bursts([600], 86_400_000)],
  ["milliseconds of 2,500 with empty years between", 5_000, bursts([2_500], YEAR)],
  // It takes two more until it is known what to expect.
  ["milliseconds of 300 and 1,001 in turn", 6_505, bursts([300, 1_001], 1), 2],
]) {
  test(`${count} users, created in ${name}, are read with few requests`, async () => {
    const requests = await everybody(start({ users: made(count, at) }), count);
    assert.ok(requests <= 1.25 * Math.ceil(count / 100) + more, `${requests} requests for ${count} users`);
  });
}

test("everybody comes downwards, too", async () => {
  await everybody(start({ users: made(3_000, (n) => n % 1_000) }), 3_000, { sort: "created_at:-1" });
});

test("a run goes on from its cursor, wherever it broke off, and loses and doubles nobody", async () => {
  // Many of one instant in the midst of others.
  const users = made(2_000, (n) => (n < 500 ? n : n < 1_500 ? 500 : n));
  const { client } = start({ users });
  const ids = [];
  const params = {
    q: or(eq("email.domain", "example.com"), eq("name", "nobody")),
    sort: "created_at:1",
    fields: "user_id",
  };
  let cursor;
  for (let runs = 0; runs < 10 && ids.length < users.length; runs++) {
    const run = client.users.all({ ...params, cursor });
    const broken = await collected(run, 1 + runs * 90);
    ids.push(...broken);
    cursor = JSON.parse(JSON.stringify(run.cursor));
    assert.equal(run.progress.read, ids.length);
  }
  // The cursor alone holds what is asked for.
  for await (const user of client.users.all({ cursor })) {
    assert.deepEqual(Object.keys(user), ["user_id"]);
    ids.push(user.user_id);
  }
  assert.equal(ids.length, users.length);
  assert.equal(new Set(ids).size, users.length);
});

/** A client before whose every search something happens. */
function disturbed(users, disturb) {
  let tenant;
  const fetch = async (url, init) => {
    if (new URL(url).pathname.endsWith("/users") && init.method === "GET") await disturb(tenant);
    return tenant.fetch(url, init);
  };
  const started = start({ users }, { fetch });
  tenant = started.tenant;
  return started;
}

for (const sort of ["created_at:1", "created_at:-1", "email:1"]) {
  test(`who stays is given exactly once by ${sort} while others are deleted`, async () => {
    const users = made(sort === "email:1" ? 900 : 2_500, (n) => n * 10);
    const victims = users.filter((_, n) => n % 4 === 0).map(({ user_id }) => user_id);
    if (sort === "created_at:-1") victims.reverse();
    const gone = new Set();
    const { client } = disturbed(users, async ({ url, token, fetch }) => {
      // Of those that come first, so that all behind them move forward.
      for (const id of victims.splice(0, 2)) {
        gone.add(id);
        await fetch(`${url}/users/${encodeURIComponent(id)}`, {
          method: "DELETE",
          headers: { authorization: `Bearer ${token}` },
        });
      }
    });
    const ids = await collected(client.users.all({ sort }));
    assert.equal(new Set(ids).size, ids.length);
    assert.notEqual(gone.size, 0);
    const stayed = users.map(({ user_id }) => user_id).filter((id) => !gone.has(id));
    assert.deepEqual(
      stayed.filter((id) => !ids.includes(id)),
      [],
    );
  });
}

test("who is created meanwhile comes at the end, or not at all downwards", async () => {
  for (const [sort, more] of Object.entries({ "created_at:1": 3, "created_at:-1": 0 })) {
    let left = 3;
    const { client } = disturbed(
      made(1_500, (n) => n),
      (tenant) => {
        const isBegun = tenant.journal().length > 0;
        if (isBegun && left > 0) tenant.users.add({ user_id: `auth0|new${left--}`, email: `new${left}@example.com` });
      },
    );
    const ids = await collected(client.users.all({ sort }));
    assert.equal(ids.length, 1_500 + more);
    assert.equal(ids.slice(1_500).filter((id) => id.startsWith("auth0|new")).length, more);
  }
});

test("in another order everybody is given below the cap, and nobody above it", async () => {
  const few = start({ users: made(999, (n) => n) });
  assert.equal((await collected(few.client.users.all({ sort: "email:-1" }))).length, 999);
  const many = start({ users: made(1_000, (n) => n) });
  const run = many.client.users.all({ sort: "email:-1" });
  await assert.rejects(run.next(), (error) => {
    assert.ok(error instanceof ResultLimitError);
    assert.equal(error.constructor.name, "ResultLimitError");
    const { name, code, total, cap, window } = error;
    assert.deepEqual([name, code, total, cap, window], ["ResultLimitError", "result_limit", 1_000, 1_000, {}]);
    return true;
  });
  assert.equal(run.progress.read, 0);
});

test("an instant that cannot be split is an error, and what refused it is its cause", async () => {
  const { client, tenant } = start({ users: made(1_200, () => 0) });
  const refusing = start(
    { users: made(1_200, () => 0) },
    {
      fetch: (url, init) =>
        url.includes("user_id%3A1")
          ? Promise.resolve(Response.json({ statusCode: 400, error: "Bad Request", message: "no" }, { status: 400 }))
          : tenant.fetch(url, init),
    },
  );
  await assert.rejects(collected(refusing.client.users.all()), ({ code, window, cause }) => {
    const at = new Date(Date.UTC(2015, 0, 1)).toISOString();
    assert.deepEqual([code, window, cause.statusCode], ["result_limit", { from: at, to: at }, 400]);
    return true;
  });
  assert.equal((await collected(client.users.all())).length, 1_200);
});

test("a server that does not order is found out", async () => {
  const tenant = start({ users: made(1_200, (n) => n) }).tenant;
  const { client } = start(undefined, {
    fetch: (url, init) => tenant.fetch(url.replace(/sort=[^&]*/, "sort=email%3A1"), init),
  });
  await assert.rejects(collected(client.users.all()), {
    code: "result_limit",
    message: /does not order by created_at/,
  });
});

test("progress is told, and a run that is left ends its requests", async () => {
  const { client } = start({ users: made(1_500, (n) => n), latencyMs: 5 });
  const told = [];
  const run = client.users.all({ onProgress: (progress) => told.push(progress) });
  const ids = await collected(run, 150);
  assert.equal(run.progress.read, ids.length);
  assert.equal(client.rateLimit.inFlight, 0);
  assert.equal(client.rateLimit.queued, 0);
  assert.ok(told.length > 0 && told.every(({ requests }, n) => requests >= n + 1));
  assert.equal((await run.next()).done, true);
});

test("a signal and a deadline are for the whole run", async () => {
  const { client } = start({ users: made(3_000, (n) => n), latencyMs: 20 });
  const controller = new AbortController();
  const run = client.users.all({}, { abortSignal: controller.signal });
  await run.next();
  controller.abort(new Error("enough"));
  await assert.rejects(collected(run), { message: "enough" });
  const late = client.users.all({}, { deadlineInSeconds: 0.05 });
  await assert.rejects(collected(late), { name: "ManagementTimeoutError", code: "deadline" });
  assert.ok(late.progress.read < 3_000);
  // What was given is not lost.
  assert.equal((await collected(client.users.all({ cursor: late.cursor }))).length, 3_000 - late.progress.read);
});

test("a cursor leads on with the default sort left out or named", async () => {
  const { client } = start({ users: made(4, (n) => n) });
  for (const [before, after] of [
    [undefined, "created_at:1"],
    ["created_at:1", undefined],
    ["created_at:1", "created_at:1"],
  ]) {
    const run = client.users.all({ sort: before });
    const ids = await collected(run, 1);
    ids.push(...(await collected(client.users.all({ sort: after, cursor: run.cursor }))));
    assert.equal(new Set(ids).size, 4);
    assert.equal(ids.length, 4);
    // One that was made without an order leads on as well.
    const { sort: _, ...old } = JSON.parse(run.cursor);
    assert.equal((await collected(client.users.all({ sort: after, cursor: JSON.stringify(old) }))).length, 3);
  }
  const { cursor } = client.users.all();
  assert.throws(() => client.users.all({ sort: "created_at:-1", cursor }), {
    message: /^users\.all: sort must be what it was/,
  });
});

test("what cannot be right is refused before anything is sent", () => {
  const { client, tenant } = start();
  for (const [parameters, message] of [
    [42, /^users\.all: parameters must be/],
    [{ q: 42 }, /^users\.all: q must be text/],
    [{ connection: "google-oauth2" }, /^users\.all: parameters has no connection; it may have cursor, fields/],
    [{ sort: {} }, /^users\.all: sort must be text/],
    [{ fields: [] }, /^users\.all: fields must be/],
    [{ fields: [1] }, /^users\.all: fields must be/],
    [{ onProgress: 1 }, /^users\.all: onProgress must be/],
    [{ cursor: "x" }, /^users\.all: cursor must be/],
    [{ cursor: "{}" }, /^users\.all: cursor must be/],
    [{ cursor: client.users.all({ q: "a" }).cursor, q: "b" }, /^users\.all: q must be what it was/],
  ]) {
    assert.throws(() => client.users.all(parameters), { name: "TypeError", code: "invalid_argument", message });
  }
  assert.equal(tenant.journal().length, 0);
});

test("a cursor that is damaged is refused at once", () => {
  const { client } = start();
  const place = { ids: [], isBehind: false, read: 0 };
  const kept = [
    { q: 1 },
    { sort: {} },
    { fields: "email" },
    { fields: [] },
    { fields: [1] },
    { place: null },
    { place: [] },
  ];
  const places = [
    { at: 1 },
    { at: null },
    { ids: "auth0|1" },
    { ids: [1] },
    { ids: null },
    { id: {} },
    { isBehind: 1 },
    { read: "1" },
  ];
  // An id stands for a place in an instant.
  places.push({ read: -1 }, { id: "auth0|1" });
  for (const damaged of [
    null,
    [],
    1,
    { version: 1 },
    { version: 2, place },
    ...kept.map((change) => ({ version: 1, place, ...change })),
    ...places.map((change) => ({ version: 1, place: { ...place, ...change } })),
    { version: 1, sort: "email:1", place: { ...place, at: "2015-01-01T00:00:00.000Z", id: "auth0|1" } },
  ]) {
    const cursor = JSON.stringify(damaged);
    const expected = {
      name: "TypeError",
      code: "invalid_argument",
      message: /^users\.all: cursor must be one that users\.all\(\) gave/,
    };
    assert.throws(() => client.users.all({ cursor }), expected, cursor);
  }
  client.users.all({ cursor: JSON.stringify({ version: 1, place }) });
});
