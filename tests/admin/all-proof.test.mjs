// users.all against a small server of its own: every user exactly once, or an error.
import assert from "node:assert/strict";
import test from "node:test";

import { ResultLimitError } from "auth0-users/admin";

import { below, fake } from "./users-fake.mjs";

const at = (ms) => new Date(Date.UTC(2020, 0, 1) + ms).toISOString();
const id = (n) => `auth0|${String(n).padStart(6, "0")}`;

/** Users in groups of these sizes, each group created in one millisecond. */
function grouped(sizes, number = (n) => n) {
  let count = 0;
  return sizes.flatMap((size, group) =>
    Array.from({ length: size }, () => ({ user_id: id(number(count++)), created_at: at(group) })),
  );
}

/** The ids that a run gives, and the error that it ends with. */
async function run(users) {
  const ids = [];
  try {
    for await (const { user_id } of users) ids.push(user_id);
  } catch (error) {
    return { ids, error };
  }
  return { ids };
}

const apart = (count) => grouped(Array.from({ length: count }, () => 1));

/** Asserts that a run gives every user once, in order of `created_at`; or, if that is allowed, that it fails. */
async function assertAllOrError(users, client, parameters, mayFail = false) {
  const { ids, error } = await run(client.users.all(parameters));
  assert.equal(new Set(ids).size, ids.length, "a user was given twice");
  if (error && mayFail) return assert.ok(error instanceof ResultLimitError, error);
  assert.equal(error, undefined);
  assert.deepEqual([...ids].sort(), users.map(({ user_id }) => user_id).sort());
}

const without = (users, n) => users.filter((_, index) => index !== n);
const once = (change) => {
  let isDone = false;
  return (body, ...rest) => {
    const changed = isDone ? undefined : change(body, ...rest);
    isDone ||= changed !== undefined;
    return changed ?? body;
  };
};

for (const [name, answer, count = 2_500] of [
  ["the total is absent", ({ total: _, ...body }) => body],
  ["the total is text", (body) => ({ ...body, total: String(body.total) })],
  ["the total is negative", (body) => ({ ...body, total: -body.total })],
  ["the total is a fraction", (body) => ({ ...body, total: body.total - 0.5 })],
  ["the total is 0", (body) => ({ ...body, total: 0 })],
  ["the total is 0", (body) => ({ ...body, total: 0 }), 60],
  ["the total is too small by one", (body) => ({ ...body, total: body.total - 1 })],
  ["the total is too large by one", (body) => ({ ...body, total: body.total + 1 })],
  ["totals shrink", (body, n) => ({ ...body, total: Math.max(body.total - n * 7, 0) })],
  ["totals shrink by pages", (body, n) => ({ ...body, total: Math.max(1_000 - n * 100, 0) })],
  ["totals grow", (body, n) => ({ ...body, total: body.total + n * 7 })],
  ["totals are the length of a page", (body) => ({ ...body, total: body.length })],
  ["totals are the end of a page", (body) => ({ ...body, total: body.start + body.limit })],
  ["the first total is that of a page", (body, n) => (n === 1 ? { ...body, total: 100 } : body)],
  ["pages have no more than 50", (body) => ({ ...body, users: body.users.slice(0, 50) })],
  ["each page lacks its first user", (body) => ({ ...body, users: body.users.slice(1) })],
  ["each page lacks its last user", (body) => ({ ...body, users: body.users.slice(0, -1) })],
  ["every third page is empty", (body, n) => (n % 3 === 0 ? { ...body, users: [] } : body)],
  ["all pages but the first are empty", (body, n) => (n > 1 ? { ...body, users: [] } : body)],
  ["every fifth page is empty and so is its total", (body, n) => (n % 5 ? body : { ...body, users: [], total: 0 })],
  ["the pages of an offset are the first page", (body, _, { page }) => (page > 0 ? { ...body, users: [] } : body)],
  [
    "a page gives a user twice",
    (body, n) => (n === 3 ? { ...body, users: [...without(body.users, 50), body.users[49]] } : body),
  ],
  ["all pages give a user twice", ({ users, ...body }) => ({ ...body, users: [...without(users, 5), users[4]] })],
  ["a user has no created_at", (body) => ({ ...body, users: body.users.map(({ user_id }) => ({ user_id })) })],
  [
    "one of the users has no created_at",
    (body) => ({ ...body, users: body.users.map((u) => (u.user_id === id(230) ? { user_id: id(230) } : u)) }),
  ],
  ["users have no user_id", (body) => ({ ...body, users: body.users.map(({ created_at }) => ({ created_at })) })],
  [
    "a user has an empty user_id",
    (body) => ({ ...body, users: body.users.map((u) => (u.user_id === id(230) ? { ...u, user_id: "" } : u)) }),
  ],
  ["a user is null", (body) => ({ ...body, users: [...without(body.users, 0), null] })],
]) {
  test(`every user or an error, of ${count}, where ${name}`, async () => {
    const users = apart(count);
    await assertAllOrError(users, fake(users, answer).client, {}, true);
    await assertAllOrError(users, fake(users, answer).client, { sort: "created_at:-1" }, true);
  });
}

test("a page without a total is an error, and not the end", async () => {
  const { ids, error } = await run(fake(apart(2_500), ({ users }) => users).client.users.all());
  assert.deepEqual([ids, error.code], [[], "bad_response"]);
});

for (const [name, lacking] of [
  ["its last user", (users) => users.slice(0, -1)],
  ["its first user", (users) => users.slice(1)],
  ["a user in the middle", (users) => without(users, 40)],
  ["all its users", () => []],
]) {
  test(`a page that once lacks ${name} is read again`, async () => {
    const users = apart(2_500);
    for (let number = 1; number < 27; number++) {
      const answer = (body, n) => (n === number ? { ...body, users: lacking(body.users) } : body);
      await assertAllOrError(users, fake(users, answer).client);
    }
  });
}

test("a page that always lacks a user is an error that counts", async () => {
  const users = apart(2_500);
  const { client } = fake(users, (body) => ({
    ...body,
    users: body.users.filter(({ user_id }) => user_id !== id(771)),
  }));
  const { ids, error } = await run(client.users.all());
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(error instanceof ResultLimitError);
  assert.equal(error.code, "result_limit");
  assert.match(error.message, /a page of \d+ has \d+ and the server counts 1000/);
});

test("a server that ignores the range of a window is an error", async () => {
  const users = apart(2_500);
  const { client } = fake(users);
  const ignoring = fake(users, async (_, number, parameters) => {
    const { q: _range, ...rest } = parameters;
    const { response } = await client.users.list({ ...rest, include_totals: true });
    return response;
  });
  await assertAllOrError(users, ignoring.client, {}, true);
});

test("order is relied on with primary_order, and nothing else is sent", async () => {
  const { client, requests } = fake(grouped([700, 1_200, 30]));
  await run(client.users.all({ fields: ["email"] }));
  assert.ok(requests.some(({ sort }) => sort === "user_id:1"));
  for (const { primary_order, include_totals } of requests) {
    assert.deepEqual([primary_order, include_totals], ["true", "true"]);
  }
});

for (const [name, sizes] of [
  ["700 users apart and 1,000 in one millisecond", [...Array.from({ length: 700 }, () => 1), 1_000]],
  ["1,000 in one millisecond and 700 apart", [1_000, ...Array.from({ length: 700 }, () => 1)]],
  ["900 in one millisecond after 333 apart", [...Array.from({ length: 333 }, () => 1), 900, 2_100, 1]],
  ["100, and 1,000 at a time", [100, 1_000, 1_000, 99, 1_000, 1]],
]) {
  for (const [order, number] of [
    ["ascending", (n) => n],
    ["descending", (n) => 9_999 - n],
  ]) {
    test(`every user comes once of ${name}, with ids ${order}`, async () => {
      const users = grouped(sizes, number);
      await assertAllOrError(users, fake(users).client);
      await assertAllOrError(users, fake(users).client, { sort: "created_at:-1" });
    });
  }
}

test("every user comes once, whatever the distribution", async () => {
  const draw = below(1);
  for (let seed = 0; seed < 40; seed++) {
    const shape = () => [1, 1, 2, 99, 100, 101, draw(40), draw(300), 500 + draw(400), 840 + draw(300)][draw(10)];
    const sizes = Array.from({ length: 1 + draw(30) }, shape);
    while (sizes.reduce((sum, size) => sum + size, 0) > 5_000) sizes.pop();
    const count = sizes.reduce((sum, size) => sum + size, 0);
    const shuffled = Array.from({ length: count }, (_, n) => n);
    for (let n = count - 1; n > 0; n--) {
      const other = draw(n + 1);
      [shuffled[n], shuffled[other]] = [shuffled[other], shuffled[n]];
    }
    const number = [(n) => n, (n) => count - n, (n) => shuffled[n]][draw(3)];
    const users = grouped(sizes, number);
    const sort = draw(2) ? "created_at:1" : "created_at:-1";
    const { client } = fake(users);
    const { ids, error } = await run(client.users.all({ sort }));
    assert.equal(error, undefined, `${seed}: ${sizes}`);
    assert.equal(ids.length, count, `${seed}: ${sizes}`);
    const times = new Map(users.map(({ user_id, created_at }) => [user_id, created_at]));
    const given = ids.map((one) => times.get(one));
    const expected = users.map(({ created_at }) => created_at);
    assert.deepEqual(given, sort === "created_at:1" ? expected : expected.reverse(), `${seed}: ${sizes}`);
    assert.equal(new Set(ids).size, count);
  }
});

test("a run goes on from every cursor of a crowd", async () => {
  const users = grouped([150, 1_100, 80], (n) => 5_000 - n);
  const { client } = fake(users);
  for (let after = 1; after < users.length; after += 97) {
    const broken = client.users.all();
    const ids = [];
    for await (const { user_id } of broken) {
      ids.push(user_id);
      if (ids.length === after) break;
    }
    ids.push(...(await run(client.users.all({ cursor: broken.cursor }))).ids);
    assert.equal(new Set(ids).size, users.length);
    assert.equal(ids.length, users.length);
  }
});

for (const [name, end, expected] of [
  ["an abort", (controller) => controller.abort(new Error("enough")), { message: "enough" }],
  ["an abort without a reason", (controller) => controller.abort(), { name: "AbortError" }],
]) {
  test(`nothing is given after ${name}, not even users that were read`, async () => {
    const users = apart(2_500);
    for (const after of [1, 50, 100, 101, 499, 2_499, 2_500]) {
      const controller = new AbortController();
      const iterator = fake(users).client.users.all({}, { abortSignal: controller.signal });
      for (let n = 0; n < after; n++) assert.equal((await iterator.next()).done, false);
      end(controller);
      const { cursor } = iterator;
      await assert.rejects(iterator.next(), expected);
      // It stays so: an end would look like the end of the list.
      await assert.rejects(iterator.next(), expected);
      assert.equal(iterator.progress.read, after);
      assert.equal(iterator.cursor, cursor);
      const rest = await run(fake(users).client.users.all({ cursor }));
      assert.equal(rest.ids.length, users.length - after);
    }
  });
}

test("nothing is given after the deadline, not even users that were read", async () => {
  const iterator = fake(apart(300)).client.users.all({}, { deadlineInSeconds: 0.2 });
  assert.equal((await iterator.next()).done, false);
  await new Promise((resolve) => setTimeout(resolve, 250));
  const expected = { name: "ManagementTimeoutError", code: "deadline" };
  await assert.rejects(iterator.next(), expected);
  await assert.rejects(iterator.next(), expected);
});

test("a signal that has aborted before sends nothing", async () => {
  const { client, requests } = fake(apart(300));
  const iterator = client.users.all({}, { abortSignal: AbortSignal.abort(new Error("never")) });
  await assert.rejects(iterator.next(), { message: "never" });
  assert.equal(requests.length, 0);
});

test("calls of next() at once give each user once, and all see a failure", async () => {
  const users = apart(250);
  const iterator = fake(users).client.users.all();
  const results = await Promise.all(Array.from({ length: 260 }, () => iterator.next()));
  assert.equal(new Set(results.filter(({ done }) => !done).map(({ value }) => value.user_id)).size, 250);
  assert.equal(results.filter(({ done }) => done).length, 10);

  const controller = new AbortController();
  const failing = fake(users, async (body) => {
    controller.abort(new Error("enough"));
    return body;
  }).client.users.all({}, { abortSignal: controller.signal });
  const settled = await Promise.allSettled([failing.next(), failing.next(), failing.next()]);
  assert.deepEqual(
    settled.map(({ reason }) => reason?.message),
    ["enough", "enough", "enough"],
  );
});

for (const [name, leave] of [
  ["return()", (iterator) => iterator.return()],
  ["throw()", (iterator) => assert.rejects(iterator.throw(new Error("left")), { message: "left" })],
]) {
  test(`${name} ends a next() that waits for an answer`, { timeout: 30_000 }, async () => {
    let asked;
    const isAsked = new Promise((resolve) => (asked = resolve));
    const { client } = fake(apart(250), () => {
      asked();
      return new Promise(() => {});
    });
    const iterator = client.users.all();
    const pending = [iterator.next(), iterator.next()];
    await isAsked;
    await leave(iterator);
    assert.deepEqual(
      (await Promise.all(pending)).map(({ done }) => done),
      [true, true],
    );
    assert.equal((await iterator.next()).done, true);
    assert.equal(client.rateLimit.inFlight, 0);
  });
}
