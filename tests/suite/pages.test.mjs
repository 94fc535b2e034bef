import assert from "node:assert/strict";
import test from "node:test";

import { answer, line, recorded, rejection } from "./client.mjs";

const named = (...ids) => ids.map((user_id) => ({ user_id }));
const ids = (list) => list.map((user) => user.user_id);
const full = (...data) => answer(200, { start: 0, limit: 2, length: data.length, total: 5, users: named(...data) });
const fivePages = [full("a", "b"), full("c", "d"), full("e")];

async function collect(iterable) {
  const all = [];
  for await (const { user_id } of iterable) all.push(user_id);
  return all;
}

test("a page has its items, the whole answer and the raw response", async () => {
  const { users } = recorded([
    answer(200, { start: 0, limit: 50, length: 1, total: 1, users: [{ user_id: "a" }] }, { "x-own": "1" }),
  ]);
  const page = await users.list();
  assert.deepEqual(page.data, [{ user_id: "a" }]);
  assert.deepEqual(page.response, { start: 0, limit: 50, length: 1, total: 1, users: [{ user_id: "a" }] });
  assert.equal(page.data, page.response.users);
  assert.equal(page.rawResponse.status, 200);
  assert.equal(page.rawResponse.headers.get("x-own"), "1");
  assert.equal(page.hasNextPage(), false);
});

test("getNextPage gives a new page and leaves the old one as it is", async () => {
  const { users, requests } = recorded(fivePages);
  const request = Object.freeze({ per_page: 2, q: "x", fields: Object.freeze(["user_id"]) });
  const options = Object.freeze({ headers: Object.freeze({ "x-own": "1" }), queryParams: Object.freeze({ extra: 1 }) });
  const first = Object.freeze(await users.list(request, options));
  const second = Object.freeze(await first.getNextPage());
  const third = await second.getNextPage();
  assert.deepEqual(
    [first, second, third].map((page) => ids(page.data)),
    [["a", "b"], ["c", "d"], ["e"]],
  );
  assert.deepEqual(
    [first, second, third].map((page) => page.hasNextPage()),
    [true, true, false],
  );
  assert.notEqual(second, first);
  const sent = (page) => `GET /users?extra=1&fields=user_id&include_totals=true&page=${page}&per_page=2&q=x`;
  assert.deepEqual(requests.map(line), [sent(0), sent(1), sent(2)]);
  assert.ok(requests.every(({ headers }) => headers["x-own"] === "1"));
});

test("after the last page getNextPage rejects and sends nothing", async () => {
  const { users, requests } = recorded([full("e")]);
  const page = await users.list({ per_page: 2 });
  assert.ok((await rejection(page.getNextPage())) instanceof RangeError);
  assert.equal(requests.length, 1);
});

test("getNextPage can be called twice, and both get the same page", async () => {
  const { users, requests } = recorded([fivePages[0], fivePages[1]]);
  const page = await users.list({ per_page: 2 });
  const [one, other] = await Promise.all([page.getNextPage(), page.getNextPage()]);
  assert.deepEqual(one.data, other.data);
  assert.notEqual(one, other);
  assert.deepEqual(requests.slice(1).map(line), Array(2).fill("GET /users?include_totals=true&page=1&per_page=2"));
});

test("a page that failed to load can be loaded again", async () => {
  const { users, requests } = recorded([fivePages[0], answer(400, {}), fivePages[1]]);
  const page = await users.list({ per_page: 2 });
  assert.equal((await rejection(page.getNextPage())).statusCode, 400);
  assert.deepEqual(ids((await page.getNextPage()).data), ["c", "d"]);
  assert.equal(line(requests[1]), line(requests[2]));
});

test("a loop over a page goes through its own items and all later ones", async () => {
  const { users } = recorded(fivePages);
  assert.deepEqual(await collect(await users.list({ per_page: 2 })), ["a", "b", "c", "d", "e"]);
  const again = recorded(fivePages);
  const second = await (await again.users.list({ per_page: 2 })).getNextPage();
  assert.deepEqual(await collect(second), ["c", "d", "e"]);
});

test("two loops over one page do not disturb each other", async () => {
  const byNumber = (url) => fivePages[Number(new URL(url).searchParams.get("page"))]();
  const { users } = recorded([byNumber]);
  const page = await users.list({ per_page: 2 });
  const one = page[Symbol.asyncIterator]();
  const other = page[Symbol.asyncIterator]();
  const seen = [];
  for (let i = 0; i < 5; i++) seen.push((await one.next()).value.user_id, (await other.next()).value.user_id);
  assert.deepEqual(seen, ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e"]);
  assert.equal((await one.next()).done, true);
  assert.deepEqual(await collect(page), ["a", "b", "c", "d", "e"]);
});

test("a loop that stops early loads nothing more", async () => {
  const { users, requests } = recorded(fivePages);
  for await (const { user_id } of await users.list({ per_page: 2 })) if (user_id === "b") break;
  assert.equal(requests.length, 1);
});

test("a loop gives no user after an abort, not even one that was read", async () => {
  for (const answers of [fivePages, [full("a", "b")]]) {
    const { users, requests } = recorded(answers);
    const controller = new AbortController();
    const page = await users.list({ per_page: 2 }, { abortSignal: controller.signal });
    const seen = [];
    const error = await rejection(
      (async () => {
        for await (const { user_id } of page) {
          seen.push(user_id);
          controller.abort(new Error("enough"));
        }
      })(),
    );
    assert.equal(error.message, "enough");
    assert.deepEqual(seen, ["a"]);
    assert.equal(requests.length, 1);
    // The page itself stays as it is.
    assert.deepEqual(ids(page.data), ["a", "b"]);
  }
});

test("a loop gives no user after the deadline, not even one that was read", async () => {
  const { users } = recorded([full("a", "b")]);
  const page = await users.list({ per_page: 2 }, { deadlineInSeconds: 0.3 });
  const loop = page[Symbol.asyncIterator]();
  assert.equal((await loop.next()).value.user_id, "a");
  await new Promise((resolve) => setTimeout(resolve, 350));
  const error = await rejection(loop.next());
  assert.deepEqual([error.name, error.code, error.operation], ["ManagementTimeoutError", "deadline", "users.list"]);
});

test("a loop ends with the error of the page that failed", async () => {
  const { users } = recorded([fivePages[0], answer(403, { errorCode: "insufficient_scope" })]);
  const seen = [];
  const error = await rejection(
    (async () => {
      for await (const { user_id } of await users.list({ per_page: 2 })) seen.push(user_id);
    })(),
  );
  assert.equal(error.errorCode, "insufficient_scope");
  assert.deepEqual(seen, ["a", "b"]);
});

for (const include_totals of [true, undefined]) {
  test(`with include_totals ${include_totals} the users are in an envelope`, async () => {
    const { users } = recorded([full("a", "b")]);
    const page = await users.list({ include_totals, per_page: 2 });
    assert.deepEqual(ids(page.data), ["a", "b"]);
    assert.equal(page.response.total, 5);
    assert.equal(page.hasNextPage(), true);
  });
}

for (const include_totals of [false, null]) {
  test(`with include_totals ${include_totals} the users are bare, and none is lost`, async () => {
    const { users } = recorded([answer(200, [{ user_id: "a" }, { user_id: "b" }]), answer(200, [{ user_id: "c" }])]);
    const page = await users.list({ include_totals, per_page: 2 });
    assert.deepEqual(page.response, [{ user_id: "a" }, { user_id: "b" }]);
    assert.deepEqual(await collect(page), ["a", "b", "c"]);
  });
}

test("the page to begin with is the one asked for", async () => {
  const { users, requests } = recorded([fivePages[1], fivePages[2]]);
  const page = await users.list({ page: 1, per_page: 2 });
  assert.deepEqual(await collect(page), ["c", "d", "e"]);
  const sent = (page) => `GET /users?include_totals=true&page=${page}&per_page=2`;
  assert.deepEqual(requests.map(line), [sent(1), sent(2)]);
});

for (const page of ["2", 2n]) {
  test(`a page given as a ${typeof page} is followed by the one after it`, async () => {
    const { users, requests } = recorded([answer(200, made(2)), answer(200, made(1))]);
    const parameters = { include_totals: false, per_page: String(2) };
    await (await users.list({ ...parameters, page })).getNextPage();
    const sent = (page) => `GET /users?include_totals=false&page=${page}&per_page=2`;
    assert.deepEqual(requests.map(line), [sent(2), sent(3)]);
  });
}

test("a page number too large for any tenant is sent as it is", async () => {
  const { users, requests } = recorded();
  await users.list({ page: 2 ** 40 });
  assert.equal(line(requests[0]), "GET /users?include_totals=true&page=1099511627776&per_page=50");
});

test("page and per_page from queryParams count too", async () => {
  const { users, requests } = recorded([answer(200, made(3)), answer(200, made(1))]);
  const page = await users.list({ include_totals: false }, { queryParams: { page: 2, per_page: 3 } });
  await page.getNextPage();
  assert.deepEqual(requests.map(line), [
    "GET /users?include_totals=false&page=2&per_page=3",
    "GET /users?include_totals=false&page=3&per_page=3",
  ]);
});

function made(length) {
  return Array.from({ length }, (_, n) => ({ user_id: `u${n}` }));
}

test("the size of a page is the one that the server says", async () => {
  const { users } = recorded(fivePages);
  assert.deepEqual(await collect(await users.list({ per_page: 50 })), ["a", "b", "c", "d", "e"]);
});

test("a full last page needs no empty one after it when the total says so", async () => {
  const envelope = { start: 0, limit: 2, length: 2, total: 2, users: named("a", "b") };
  const { users, requests } = recorded([answer(200, envelope)]);
  assert.deepEqual(await collect(await users.list({ per_page: 2 })), ["a", "b"]);
  assert.equal(requests.length, 1);
});

test("a total that cannot be true does not end the list", async () => {
  const lying = { start: 0, limit: 2, length: 2, total: 0, users: named("a", "b") };
  const { users } = recorded([answer(200, lying), answer(200, { ...lying, users: named("c") })]);
  assert.deepEqual(await collect(await users.list({ per_page: 2 })), ["a", "b", "c"]);
});

test("beyond 1,000 users the loop ends with the server's error, and not silently", async () => {
  const hundred = (url) => {
    const page = Number(new URL(url).searchParams.get("page"));
    if (page >= 10) return answer(400, { statusCode: 400, errorCode: "invalid_paging" })();
    return answer(200, { start: page * 100, limit: 100, length: 100, total: 1000, users: made(100) })();
  };
  const { users, requests } = recorded([hundred]);
  let count = 0;
  const error = await rejection(
    (async () => {
      for await (const _ of await users.list({ per_page: 100 })) count++;
    })(),
  );
  assert.equal(count, 1000);
  assert.deepEqual([error.statusCode, error.errorCode], [400, "invalid_paging"]);
  assert.equal(
    error.message,
    "users.list was refused: page is beyond the first 1,000 items; narrow the query (400 invalid_paging)",
  );
  assert.equal(requests.length, 11);
});

test("an aborted signal of the list ends its later pages too", async () => {
  const { users, requests } = recorded(fivePages);
  const controller = new AbortController();
  const page = await users.list({ per_page: 2 }, { abortSignal: controller.signal });
  controller.abort("enough");
  assert.equal(await rejection(page.getNextPage()), "enough");
  assert.equal(requests.length, 1);
});

for (const [what, body] of [
  ["an object without users", { total: 3 }],
  ["users that are no array", { users: { 0: {} } }],
  ["null", null],
  ["a number", 7],
]) {
  test(`a list answered with ${what} is an error, not an empty page`, async () => {
    const { users } = recorded([answer(200, body)]);
    const error = await rejection(users.list());
    assert.equal(error.code, "bad_response");
    assert.equal(error.statusCode, 200);
    assert.deepEqual(error.body, body);
  });
}
