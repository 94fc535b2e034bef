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
  const page = await users.list({ per_page: 2, page: 2 });
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
    "users.list was refused: page is beyond the first 1,000 users; narrow the query, or use users.all of auth0-users/admin (400 invalid_paging)",
  );
  assert.equal(requests.length, 11);
});

/** Users behind an API that gives at most the first 1,000; `change` may spoil the answer for a page. */
function directory(count, { change = (answer) => answer, beyond, totals = true } = {}) {
  return (url) => {
    const { searchParams } = new URL(url);
    const [page, limit] = ["page", "per_page"].map((name) => Number(searchParams.get(name)));
    const start = page * limit;
    if (start >= 1_000 && beyond !== "empty") {
      return answer(400, { statusCode: 400, error: "Bad Request", message: "", errorCode: "invalid_paging" })();
    }
    const reached = Math.min(count, 1_000);
    const all = Array.from({ length: Math.max(0, Math.min(limit, reached - start)) }, (_, n) => ({
      user_id: `u${start + n}`,
    }));
    const users = change(all, page);
    return answer(200, totals ? { start, limit, length: users.length, total: reached, users } : users)();
  };
}

/** Collects the items of a list, and what the loop over them ends with. */
async function read(parameters, ...given) {
  const { users, requests } = recorded([directory(...given)]);
  const seen = [];
  const error = await (async () => {
    for await (const { user_id } of await users.list(parameters)) seen.push(user_id);
  })().catch((error) => error);
  return { seen, error, requests };
}

for (const per_page of [7, 30, 60, 64, 99, 100]) {
  for (const totals of [true, false]) {
    test(`pages of ${per_page} do not end silently at 1,000 users, totals ${totals}`, async () => {
      for (const beyond of ["refused", "empty"]) {
        if (beyond === "empty" && !totals) continue;
        const parameters = { per_page, include_totals: totals };
        const { seen, error } = await read(parameters, 1_200, { beyond, totals });
        assert.equal(new Set(seen).size, 1_000);
        assert.match(error.message, /^users\.list .*users\.all/);
        assert.equal(error.code, beyond === "empty" ? "incomplete_list" : "bad_request");
      }
      const { seen, error } = await read({ per_page, include_totals: totals }, 997, { totals });
      assert.deepEqual([seen.length, error], [997, undefined]);
    });
  }
}

test("a page with fewer users than its total says does not end the list", async () => {
  for (const [drop, kept, count] of [
    [7, 99, 1_000],
    [2, 99, 500],
    [2, 1, 500],
    [4, 99, 500],
  ]) {
    const change = (users, page) => (page === drop ? users.slice(0, kept) : users);
    const { seen, error } = await read({ per_page: 100 }, count, { change });
    assert.equal(seen.length, count - 100 + kept);
    assert.equal(error.code, count === 1_000 ? "bad_request" : "incomplete_list");
    assert.match(error.message, /users\.all/);
  }
});

test("an empty page amid a list ends it with an error, at once", async () => {
  const change = (users, page) => (page === 3 ? [] : users);
  const { seen, error, requests } = await read({ per_page: 50 }, 400, { change });
  assert.deepEqual([seen.length, error.code, requests.length], [150, "incomplete_list", 4]);
  assert.equal(
    error.message,
    "users.list ended before all of its users were given: start again, or use users.all of auth0-users/admin",
  );
});

test("a page that lacks users still leads to the next, and says in the end that some are missing", async () => {
  const change = (users, page) => (page === 0 ? users.slice(1) : users);
  const { users, requests } = recorded([directory(5, { change })]);
  const first = await users.list({ per_page: 2 });
  const second = await first.getNextPage();
  assert.deepEqual(ids(second.data), ["u2", "u3"]);
  const last = await second.getNextPage();
  assert.deepEqual([ids(last.data), last.hasNextPage()], [["u4"], true]);
  for (let n = 0; n < 2; n++) assert.equal((await rejection(last.getNextPage())).code, "incomplete_list");
  assert.equal(requests.length, 3);
});

test("pages behind the end, and a question for the total alone, are no loss", async () => {
  for (const parameters of [{ per_page: 0 }, { page: 9, per_page: 50 }]) {
    assert.equal((await read(parameters, 60)).error, undefined);
  }
});

test("lists without a cap go on to their own end, however long", async () => {
  for (const [name, key, count, error] of [
    ["roles", "roles", 1_000],
    ["permissions", "permissions", 1_140],
    ["authenticationMethods", "authenticators", 120],
    ["roles", "roles", 130, "incomplete_list"],
  ]) {
    const paged = (url) => {
      const { searchParams } = new URL(url);
      const [page, limit] = ["page", "per_page"].map((name) => Number(searchParams.get(name)));
      const start = page * limit;
      const length = Math.max(0, Math.min(limit, count - start)) - (error && page === 1 ? 1 : 0);
      return answer(200, { start, limit, total: count, [key]: made(length) })();
    };
    const { users } = recorded([paged]);
    let seen = 0;
    const ending = (async () => {
      for await (const _ of await users[name].list("auth0|x", { per_page: 60 })) seen++;
    })();
    if (error)
      assert.equal(
        (await rejection(ending)).message,
        `users.${name}.list ended before all of its items were given: start again`,
      );
    else await ending;
    assert.equal(seen, error ? count - 1 : count);
  }
});

test("a place that a list gives twice in a row ends it with an error", async () => {
  const { users, requests } = recorded([answer(200, { sessions: [{ id: "s" }], next: "here" })]);
  const second = await (await users.sessions.list("auth0|x")).getNextPage();
  assert.equal((await rejection(second.getNextPage())).code, "incomplete_list");
  assert.equal(requests.length, 2);
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

test("a place of another type, or a limit that cannot be true, does not end a list", async () => {
  const users = Array.from({ length: 50 }, (_, n) => ({ user_id: `u${n}` }));
  for (const limit of [0, -1, 0.5]) {
    const pages = [0, 1].map((page) => answer(200, { start: 50 * page, limit, total: 100, users }));
    const { users: api } = recorded(pages);
    let count = 0;
    for await (const _ of await api.list()) count++;
    assert.equal(count, 100, `${limit}`);
  }
  const sessions = [{ id: "s" }];
  const { users: api } = recorded([answer(200, { sessions, next: 10 })]);
  const page = await api.sessions.list("auth0|x");
  assert.equal((await rejection(page.getNextPage())).code, "incomplete_list");
});

test("an array is no answer to a list that asks for totals", async () => {
  const { users } = recorded([answer(200, [])]);
  for (const call of [() => users.roles.list("x"), () => users.list(), () => users.logs.list("x")]) {
    assert.equal((await rejection(call())).code, "bad_response");
  }
  assert.deepEqual((await users.roles.list("x", { include_totals: false })).data, []);
});
