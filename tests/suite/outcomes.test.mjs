import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Management, ManagementClient, ManagementError, OutcomeUnknownError } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";
import { answer, baseUrl, operations, recorded, rejection, silence } from "./client.mjs";

const tenant = await startTenant({ after }, "--users", "40");
const client = new ManagementClient({ baseUrl: tenant.baseUrl, token: tenant.token, maxRetries: 0 });
const { users } = client;
const connection = "Username-Password-Authentication";
const password = "Correct-Horse-7-Battery";
const directory = await tenant.control("directory");

/** An error as the API answers it. */
const failed = (status, body, headers) =>
  answer(status, { statusCode: status, error: "Error", message: "An error.", ...body }, headers);
const noUser = failed(404, { errorCode: "inexistent_user" });
const page = answer(404, "<html>404 Not Found</html>", { "content-type": "text/html" });
const lost = () => Promise.reject(new TypeError("fetch failed"));
const refused = failed(400, { errorCode: "e" });

for (const { name, call, sends } of operations) {
  const isChange = !sends.startsWith("GET");
  test(`users.${name}: ${isChange ? "nobody knows" : "it is no change"} after an answer that does not tell`, async () => {
    for (const [failure, status] of [
      [answer(500, {}), 500],
      [answer(408, {}), 408],
      [lost, undefined],
    ]) {
      const error = await rejection(call(recorded([failure], { maxRetries: 0 }).users));
      assert.equal(error instanceof OutcomeUnknownError, isChange);
      assert.equal(error.code === "outcome_unknown", isChange);
      assert.ok(error instanceof ManagementError);
      assert.equal(error.statusCode, status);
    }
  });
}

test("what the server has refused, or never got, is no open question", async () => {
  const unreachable = () => Promise.reject(Object.assign(new TypeError("x"), { cause: { code: "ENOTFOUND" } }));
  for (const failure of [refused, answer(403, {}), answer(429, {}), unreachable]) {
    for (const { call } of operations) {
      const error = await rejection(call(recorded([failure], { maxRetries: 0 }).users));
      assert.ok(!(error instanceof OutcomeUnknownError));
    }
  }
});

test("a connection that broke after it was made leaves the outcome open, whatever it broke with", async () => {
  const broken = (fields) => Object.assign(new TypeError("x"), { cause: { code: "EHOSTUNREACH", ...fields } });
  const cut = () => Object.assign(answer(201, {})(), { text: () => Promise.reject(broken()) });
  for (const failure of [cut, ...["read", "write"].map((syscall) => () => Promise.reject(broken({ syscall })))]) {
    const { users, requests } = recorded([failure]);
    assert.equal((await rejection(users.create({ connection }))).code, "outcome_unknown");
    assert.equal(requests.length, 1);
  }
});

test("a change that may have been made in one attempt stays an open question, whatever the last one ends with", async (t) => {
  t.mock.method(Math, "random", () => 0);
  for (const [last, status] of [
    [refused, 400],
    [answer(404, {}), 404],
    [answer(503, {}), 503],
    [lost, undefined],
  ]) {
    const { users } = recorded([answer(500, {}), last]);
    const error = await rejection(users.update("x", { name: "n" }));
    assert.equal(error.code, "outcome_unknown");
    assert.equal(error.statusCode, status);
  }
  const { users } = recorded([answer(500, {}), refused]);
  assert.equal((await rejection(users.get("x"))).code, "bad_request");
});

test("a change that may have been made stays an open question, though time is up before it is sent again", async (t) => {
  t.mock.method(Math, "random", () => 0);
  for (const limit of [{ deadlineInSeconds: 0.5 }, { timeoutInSeconds: 0.5 }]) {
    let asked = 0;
    const token = () => (asked++ ? new Promise(() => {}) : "token");
    const { users, requests } = recorded([answer(500, {})], { token });
    assert.equal((await rejection(users.delete("x", limit))).code, "outcome_unknown");
    assert.equal(requests.length, 1);
  }
});

test("a change that may have been made stays an open question, though a function of the caller's fails before it is sent again", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const gone = new Error("gone");
  const fail = () => {
    throw gone;
  };
  for (const [source, cause] of [
    [(again) => ({ token: () => (again() ? fail() : "t") }), gone],
    [(again) => ({ headers: { a: () => (again() ? fail() : "a") } }), gone],
    [(again) => ({ token: () => (again() ? "" : "t") }), { name: "TypeError", message: /^token must be/ }],
  ]) {
    let asked = 0;
    const { users, requests } = recorded(
      [answer(500, {})],
      source(() => asked++),
    );
    const error = await rejection(users.delete("x"));
    assert.ok(error instanceof OutcomeUnknownError);
    assert.throws(() => {
      throw error.cause;
    }, cause);
    assert.equal(requests.length, 1);
  }
  // Who aborts knows it.
  const controller = new AbortController();
  const onRetry = () => controller.abort("enough");
  const { users } = recorded([answer(500, {})], { onRetry });
  assert.equal(await rejection(users.delete("x", { abortSignal: controller.signal })), "enough");
});

/** The next call of that operation is answered with 500, or not at all, whether or not the tenant carries it out. */
async function spoil(operation, committed, fault = { status: 500 }) {
  await tenant.control("fail-next", { operation, after_commit: committed, ...fault });
}

const newUser = (given) => users.create({ connection, password, ...given });
let serial = 0;
const newEmail = () => `outcome${++serial}@example.com`;

/** How to make a change of each kind, and what verify() gives besides the outcome once it was made. */
const changes = {
  "users.create": async () => {
    const email = newEmail();
    return { call: (options) => newUser({ email: email.toUpperCase() }, options), data: { email } };
  },
  "users.create with a user_id": async () => {
    const user_id = `own${++serial}`;
    return { call: () => newUser({ email: newEmail(), user_id }), data: { user_id: `auth0|${user_id}` } };
  },
  "users.update": async () => {
    const { user_id } = await newUser({ email: newEmail(), user_metadata: { gone: 1, stays: { a: 1 } } });
    const patch = {
      name: "New",
      nickname: null,
      user_metadata: { gone: null, added: { b: [1, { c: 2 }] } },
      app_metadata: {},
    };
    return { call: () => users.update(user_id, patch), data: { user_id, name: "New" } };
  },
  "users.delete": async () => {
    const { user_id } = await newUser({ email: newEmail() });
    return { call: () => users.delete(user_id) };
  },
  "users.identities.link": async () => {
    const [one, other] = await Promise.all([newUser({ email: newEmail() }), newUser({ email: newEmail() })]);
    return { call: () => users.identities.link(one.user_id, { provider: "auth0", user_id: other.user_id }) };
  },
  "users.identities.delete": async () => {
    const [one, other] = await Promise.all([newUser({ email: newEmail() }), newUser({ email: newEmail() })]);
    await users.identities.link(one.user_id, { provider: "auth0", user_id: other.user_id });
    return { call: () => users.identities.delete(one.user_id, "auth0", other.user_id.slice(6)) };
  },
  "users.authenticationMethods.delete": async () => {
    const { user_id } = await newUser({ email: newEmail() });
    const { id } = await users.authenticationMethods.create(user_id, { type: "email", name: "e", email: newEmail() });
    return { call: () => users.authenticationMethods.delete(user_id, id) };
  },
  "users.roles.assign": async () => {
    const { user_id } = await newUser({ email: newEmail() });
    const roles = directory.roles.slice(0, 2).map(({ id }) => id);
    return { call: () => users.roles.assign(user_id, { roles }) };
  },
  "users.roles.delete": async () => {
    const { user_id } = await newUser({ email: newEmail() });
    const roles = directory.roles.slice(0, 2).map(({ id }) => id);
    await users.roles.assign(user_id, { roles });
    return { call: () => users.roles.delete(user_id, { roles }) };
  },
  "users.permissions.create": async () => {
    const { user_id } = await newUser({ email: newEmail() });
    return { call: () => users.permissions.create(user_id, { permissions: [permission()] }) };
  },
  "users.permissions.delete": async () => {
    const { user_id } = await newUser({ email: newEmail() });
    await users.permissions.create(user_id, { permissions: [permission()] });
    return { call: () => users.permissions.delete(user_id, { permissions: [permission()] }) };
  },
};

function permission() {
  const [api] = directory.resource_servers;
  const [scope] = api.permissions ?? api.scopes;
  return { resource_server_identifier: api.identifier, permission_name: scope.permission_name ?? scope.value ?? scope };
}

/** Makes the users of a test old enough for the API's clock to tell. */
const minutesLater = () => tenant.control("clock", { advance_ms: 180_000 });

for (const [name, prepare] of Object.entries(changes)) {
  const [operation] = name.split(" ");
  test(`verify() of ${name} finds that it is done`, async () => {
    for (const fault of [{ status: 500 }, { status: 504 }, { reset: true }]) {
      const { call, data } = await prepare();
      await spoil(operation, true, fault);
      const error = await rejection(call());
      assert.equal(error.code, "outcome_unknown");
      const verified = await error.verify();
      assert.equal(verified.outcome, "done");
      if (data) for (const key of Object.keys(data)) assert.equal(verified.data[key], data[key]);
    }
  });

  test(`verify() of ${name} finds that it is not done only after the API's own 500`, async (t) => {
    const { call } = await prepare();
    await minutesLater();
    const now = Date.now();
    t.mock.method(Date, "now", () => now + 3_600_000);
    for (const [fault, outcome] of [
      [{ status: 500 }, "not_done"],
      [{ status: 504 }, "unknown"],
      [{ reset: true }, "unknown"],
    ]) {
      await spoil(operation, false, fault);
      assert.equal((await (await rejection(call())).verify()).outcome, outcome);
    }
  });
}

const MINUTE = 60_000;
const now = Date.UTC(2025, 0, 1, 12);
const iso = (time) => new Date(time).toISOString();
const dated = (time = now) => ({ date: new Date(time).toUTCString() });
const own = { user_id: "auth0|x", identities: [{ connection }] };

/** What verify() gives of a call that was answered once, and then with these look-ups. */
async function verdict(call, first, ...lookups) {
  const { users } = recorded([first, ...lookups], { maxRetries: 0 });
  const error = await rejection(call(users));
  assert.equal(error.code, "outcome_unknown");
  return error.verify();
}

test("verify() takes a user for the one that was made only by the API's own clock", async (t) => {
  const create = (users) => users.create({ connection, email: "a@b.c" });
  const real = Date.now;
  for (const [age, clock, first, outcome] of [
    [0, 0, failed(500), "done"],
    [0, 3_000, failed(500), "done"],
    [0, -3_000, failed(500), "done"],
    [0, 60 * MINUTE, failed(500), "done"],
    [0, -60 * MINUTE, failed(500), "done"],
    [0, 0, failed(504), "done"],
    [0, 0, lost, "done"],
    [-1_000, 0, failed(500), "done"],
    [3_000, 0, failed(500), "unknown"],
    [MINUTE, 0, failed(500), "unknown"],
    [3 * MINUTE, 0, failed(500), "not_done"],
    [3 * MINUTE, 3_000, failed(500), "not_done"],
    [3 * MINUTE, -3_000, failed(500), "not_done"],
    [3 * MINUTE, 0, failed(504), "unknown"],
    [3 * MINUTE, 0, lost, "unknown"],
    // A user made after the answer that shows it: its date is wrong.
    [-10_000, 0, failed(500), "unknown"],
  ]) {
    const skew = now - real() + clock;
    t.mock.method(Date, "now", () => real() + skew);
    const user = { ...own, created_at: iso(now - age) };
    const other = { ...user, identities: [{ connection: "other" }] };
    const verified = await verdict(create, first, answer(200, [other, user], dated()));
    assert.deepEqual(verified, outcome === "done" ? { outcome, data: user } : { outcome }, `${age} ${clock}`);
  }
});

test("verify() of a create says unknown where the answers have no date, or an absurd one", async () => {
  const create = (users) => users.create({ connection, email: "a@b.c" });
  const user = { ...own, created_at: iso(now - 3 * MINUTE) };
  for (const date of [undefined, "", "yesterday", dated(0).date, dated(now - 60 * MINUTE).date]) {
    const found = answer(200, [user], date === undefined ? {} : { date });
    assert.deepEqual(await verdict(create, failed(500), found), { outcome: "unknown" }, date);
  }
  // An hour ahead, by which a user who has just been made is old.
  const fresh = { ...own, created_at: iso(Date.now()) };
  const ahead = answer(200, [fresh], dated(Date.now() + 60 * MINUTE));
  assert.deepEqual(await verdict(create, failed(500), ahead), { outcome: "unknown" });
  for (const created_at of [undefined, null, "soon"]) {
    const found = answer(200, [{ ...own, created_at }], dated());
    assert.deepEqual(await verdict(create, failed(500), found), { outcome: "unknown" });
  }
});

test("verify() of a create finds users by what is known of them", async () => {
  const fresh = { ...own, created_at: iso(now) };
  const old = { ...own, created_at: iso(now - 3 * MINUTE) };
  const linked = { ...old, identities: [{ connection: "other" }, { connection }] };
  for (const [body, found, sent, outcome] of [
    [{ email: "a@b.c", user_id: "abc" }, [], "/users-by-email?email=a%40b.c", "not_done"],
    [{ email: "a@b.c" }, [linked], "/users-by-email?email=a%40b.c", "unknown"],
    [{ email: "a@b.c" }, [linked, old], "/users-by-email?email=a%40b.c", "unknown"],
    [{ email: "a@b.c" }, [old, fresh], "/users-by-email?email=a%40b.c", "done"],
    [{ user_id: "abc" }, undefined, "/users/auth0%7Cabc", "unknown"],
    [{ user_id: "abc" }, { ...fresh, user_id: "auth0|abc" }, "/users/auth0%7Cabc", "done"],
    [{ user_id: "abc" }, old, "/users/auth0%7Cabc", "not_done"],
    [{ user_id: "abc" }, { ...old, identities: [] }, "/users/auth0%7Cabc", "unknown"],
    [
      { phone_number: "+12025550123" },
      { users: [], total: 0 },
      "/users?per_page=50&include_totals=true&q=phone_number%3A%22%2B12025550123%22&page=0",
      "unknown",
    ],
    [
      { phone_number: "+12025550123" },
      { users: [fresh], total: 1 },
      "/users?per_page=50&include_totals=true&q=phone_number%3A%22%2B12025550123%22&page=0",
      "done",
    ],
    [{ username: "ann" }, undefined, undefined, "unknown"],
  ]) {
    const { users, requests } = recorded([failed(500), found ? answer(200, found, dated()) : noUser]);
    const error = await rejection(users.create({ connection, ...body }));
    assert.equal((await error.verify()).outcome, outcome, JSON.stringify(body));
    assert.equal(requests[1]?.url.slice(baseUrl.length), sent);
  }
});

test("verify() says that nothing was done once an attempt is over for minutes", async (t) => {
  const { users } = recorded([lost, answer(200, [], dated())], { maxRetries: 0 });
  const error = await rejection(users.create({ connection, email: "a@b.c" }));
  assert.deepEqual(await error.verify(), { outcome: "unknown" });
  const ticks = performance.now.bind(performance);
  t.mock.method(performance, "now", () => ticks() + 3 * MINUTE);
  assert.deepEqual(await error.verify(), { outcome: "not_done" });
});

test("verify() waits for every attempt that may have been carried out", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const user = { user_id: "auth0|x", name: "o", updated_at: iso(now - 3 * MINUTE) };
  for (const [attempts, outcome] of [
    [[failed(500), failed(500)], "not_done"],
    [[failed(500), refused], "not_done"],
    [[failed(504), failed(500)], "unknown"],
    [[lost, refused], "unknown"],
    [[failed(503), failed(500)], "unknown"],
  ]) {
    const { users } = recorded([...attempts, answer(200, user, dated())], { maxRetries: 1 });
    const error = await rejection(users.update("auth0|x", { name: "n" }));
    assert.equal((await error.verify()).outcome, outcome);
  }
});

test("what is no answer of the API's own proves nothing", async () => {
  const anotherKind = failed(404, { errorCode: "inexistent_operation" });
  for (const call of [
    (users) => users.create({ connection, email: "a@b.c" }),
    (users) => users.create({ connection, user_id: "abc" }),
    (users) => users.update("auth0|x", { name: "n" }),
    (users) => users.delete("auth0|x"),
    (users) => users.identities.link("auth0|x", { provider: "auth0", user_id: "y" }),
    (users) => users.identities.delete("auth0|x", "auth0", "y"),
    (users) => users.authenticationMethods.delete("auth0|x", "totp|dev_1"),
    (users) => users.roles.assign("auth0|x", { roles: ["r"] }),
    (users) => users.roles.delete("auth0|x", { roles: ["r"] }),
    (users) => users.permissions.delete("auth0|x", { permissions: [permission()] }),
  ]) {
    for (const lookup of [page, failed(404), anotherKind, answer(404, {}), failed(403), lost]) {
      const error = await rejection(verdict(call, failed(500), lookup));
      assert.notEqual(error.code, "outcome_unknown");
    }
  }
});

test("verify() of an update is done where the user is as asked, and not done only where it is unchanged", async () => {
  const before = { updated_at: iso(now - 3 * MINUTE) };
  const since = { updated_at: iso(now) };
  for (const [changes, user, outcome] of [
    [{ blocked: false, email_verified: false, phone_verified: false }, before, "done"],
    [{ blocked: false }, { ...before, blocked: true }, "not_done"],
    [{ blocked: true }, before, "not_done"],
    // Another change may have been made after this one.
    [{ blocked: true }, since, "unknown"],
    [{ blocked: true }, { updated_at: iso(now - MINUTE) }, "unknown"],
    [{ blocked: true }, {}, "unknown"],
    [{ user_metadata: { blocked: false } }, { ...before, user_metadata: { a: 1 } }, "not_done"],
    [{ user_metadata: { toString: null, a: null } }, { ...before, user_metadata: { b: 1 } }, "done"],
    [{ user_metadata: null }, { ...before, user_metadata: { a: 1 } }, "not_done"],
    [{ app_metadata: {} }, before, "done"],
    [{ email: "A@B.c", username: "Ann" }, { ...before, email: "a@b.c", username: "ann" }, "done"],
    [{ user_metadata: { email: "A@B.c" } }, { ...before, user_metadata: { email: "a@b.c" } }, "not_done"],
    [{ user_metadata: { email: 5 } }, { ...before, user_metadata: { email: 6 } }, "not_done"],
    // Mails and passwords are not to be seen.
    [{}, since, "unknown"],
    [{ client_id: "c", verify_email: true }, since, "unknown"],
    [{ verify_phone_number: true }, since, "unknown"],
    [{ password: "p" }, since, "unknown"],
    [{ name: "n", connection }, { ...since, name: "n" }, "unknown"],
    [{ email: "a@b.c", verify_email: true }, { ...before, email: "a@b.c" }, "unknown"],
    [{ email: "a@b.c", verify_email: true }, { ...since, email: "a@b.c" }, "unknown"],
    [{ blocked: false, client_id: "c" }, since, "unknown"],
    // A list is no object, and JSON.parse rounds large integers.
    [{ user_metadata: { a: [] } }, { ...before, user_metadata: { a: {} } }, "not_done"],
    [{ user_metadata: { a: 2 ** 60 } }, { ...since, user_metadata: { a: 2 ** 60 } }, "unknown"],
    [{ email: "a@b.c", client_id: "c" }, { email: "a@b.c" }, "unknown"],
  ]) {
    const found = { user_id: "auth0|x", ...user };
    const verified = await verdict(
      (users) => users.update("auth0|x", changes),
      failed(500),
      answer(200, found, dated()),
    );
    assert.deepEqual(verified, outcome === "done" ? { outcome, data: found } : { outcome }, JSON.stringify(changes));
  }
});

test("verify() of a link knows an account by its id with or without the provider", async () => {
  const identities = [
    { provider: "samlp", user_id: "corp|ann", connection: "corp" },
    { provider: "github", user_id: 583231 },
  ];
  const user = { user_id: "auth0|x", identities, updated_at: iso(now - 3 * MINUTE) };
  for (const [provider, user_id, isLinked] of [
    ["samlp", "corp|ann", true],
    ["samlp", "samlp|corp|ann", true],
    ["samlp", "ann", false],
    ["samlp", "corp|bob", false],
    ["github", "583231", true],
  ]) {
    const found = answer(200, user, dated());
    const link = await verdict((users) => users.identities.link("auth0|x", { provider, user_id }), failed(500), found);
    assert.equal(link.outcome, isLinked ? "done" : "not_done", user_id);
    // The API removes nothing where the id has its provider, and succeeds.
    const unlink = await verdict((users) => users.identities.delete("auth0|x", provider, user_id), failed(500), found);
    assert.equal(unlink.outcome, isLinked ? "not_done" : "done", user_id);
  }
  for (const call of [
    (users) => users.identities.link("auth0|x", { provider: "auth0", user_id: "y" }),
    (users) => users.identities.delete("auth0|x", "auth0", "y"),
  ]) {
    assert.deepEqual(await verdict(call, failed(500), noUser), { outcome: "unknown" });
    assert.deepEqual(await verdict(call, failed(500), answer(200, { user_id: "auth0|x" })), { outcome: "unknown" });
  }
});

test("verify() of roles and permissions says unknown where some are there", async () => {
  const listed = (key, items) => answer(200, { start: 0, limit: 50, total: items.length, [key]: items });
  const permissions = ["read", "write"].map((permission_name) => ({
    permission_name,
    resource_server_identifier: "api",
  }));
  for (const [has, assigned, removed] of [
    [0, "not_done", "done"],
    [1, "unknown", "unknown"],
    [2, "done", "not_done"],
  ]) {
    const roles = ["a", "b"];
    const given = roles.slice(0, has).map((id) => ({ id }));
    for (const [call, found, outcome] of [
      [(users) => users.roles.assign("x", { roles }), listed("roles", given), assigned],
      [(users) => users.roles.delete("x", { roles }), listed("roles", given), removed],
      [
        (users) => users.permissions.create("x", { permissions }),
        listed("permissions", permissions.slice(0, has)),
        assigned,
      ],
      [
        (users) => users.permissions.delete("x", { permissions }),
        listed("permissions", permissions.slice(0, has)),
        removed,
      ],
    ]) {
      assert.equal((await verdict(call, failed(500), found)).outcome, outcome);
    }
  }
  // A list that lacks what its total says is no proof.
  const short = answer(200, { start: 0, limit: 50, total: 3, roles: [{ id: "c" }] });
  const error = await rejection(verdict((users) => users.roles.delete("x", { roles: ["a"] }), failed(500), short));
  assert.equal(error.code, "incomplete_list");
});

test("verify() of a delete is done only where the API says that there is no such user", async () => {
  const call = (users) => users.delete("auth0|x");
  assert.equal((await verdict(call, failed(500), noUser)).outcome, "done");
  for (const [created_at, outcome] of [
    [iso(now - 3 * MINUTE), "not_done"],
    [iso(now), "unknown"],
    [undefined, "unknown"],
  ]) {
    const found = answer(200, { user_id: "auth0|x", created_at }, dated());
    assert.deepEqual(await verdict(call, failed(500), found), { outcome });
    assert.deepEqual(await verdict(call, failed(504), found), { outcome: "unknown" });
  }
});

test("verify() looks with the headers that the call was sent with", async () => {
  const { users, requests } = recorded([failed(500), noUser], { headers: { "x-all": "1" }, maxRetries: 0 });
  const error = await rejection(users.delete("auth0|x", { headers: { "x-tenant": "b", "x-all": undefined } }));
  await error.verify();
  for (const { headers } of requests) assert.deepEqual([headers["x-tenant"], headers["x-all"]], ["b", undefined]);
});

test("verify() says when the API cannot tell", async () => {
  const { user_id } = await newUser({ email: newEmail() });
  for (const [operation, call] of [
    ["users.regenerateRecoveryCode", () => users.regenerateRecoveryCode(user_id)],
    ["users.update", () => users.update(user_id, { password: "Another-Horse-8-Battery" })],
    ["tickets.changePassword", () => client.tickets.changePassword({ user_id })],
    ["users.identities.link", () => users.identities.link(user_id, { link_with: "a.b.c" })],
  ]) {
    await spoil(operation, true);
    assert.deepEqual(await (await rejection(call())).verify(), { outcome: "unknown" });
  }
  const { client: other } = recorded([answer(500, {})], { maxRetries: 0 });
  const error = await rejection(other.request({ method: "POST", path: ["x"] }));
  assert.deepEqual(await error.verify(), { outcome: "unknown" });
  assert.deepEqual(await new OutcomeUnknownError({ message: "made for a test" }).verify(), { outcome: "unknown" });
});

test("verify() that cannot look rejects with the reason, and may be asked again", async () => {
  const { user_id } = await newUser({ email: newEmail() });
  await spoil("users.delete", true);
  const error = await rejection(users.delete(user_id));
  await tenant.control("fail-next", { operation: "users.get", status: 503 });
  assert.equal((await rejection(error.verify())).statusCode, 503);
  assert.equal((await error.verify()).outcome, "done");
});

test("verify() that asks twice and gets no answer leaves no rejection that nobody handles", async () => {
  const { users, requests } = recorded([answer(500, {})], { maxRetries: 0 });
  const error = await rejection(users.create({ connection, email: "A@b.c" }));
  assert.equal((await rejection(error.verify())).operation, "users.listUsersByEmail");
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(requests.length, 3);
});

const reconcile = { onUnknown: "reconcile" };

test("a create that is reconciled gives the user that was made", async () => {
  for (const fault of [
    { status: 500 },
    { reset: true },
    { truncate: true },
    { content_type: "text/html", status: 200 },
  ]) {
    const email = newEmail();
    await spoil("users.create", true, fault);
    const user = await users.create({ connection, password, email }, reconcile);
    assert.equal(user.email, email);
    assert.equal((await users.listUsersByEmail({ email })).length, 1);
  }
});

test("a create that is reconciled and was not made rejects with the server's own error", async () => {
  await spoil("users.create", false, { status: 500 });
  const error = await rejection(users.create({ connection, password, email: newEmail() }, reconcile));
  assert.ok(error instanceof Management.InternalServerError);
  assert.equal(error.code, "server");
  assert.equal(error.statusCode, 500);
  assert.equal(error.message, "users.create was not carried out (500)");
});

test("a change that is reconciled and was refused in the end rejects with the refusal", async (t) => {
  t.mock.method(Math, "random", () => 0);
  for (const [status, type, code] of [
    [400, Management.BadRequestError, "bad_request"],
    [403, Management.ForbiddenError, "forbidden"],
    [404, Management.NotFoundError, "not_found"],
    [409, Management.ConflictError, "conflict"],
  ]) {
    const user = { user_id: "auth0|x", updated_at: iso(now - 3 * MINUTE) };
    const { users } = recorded([failed(500), failed(status), answer(200, user, dated())]);
    const error = await rejection(users.update("auth0|x", { name: "n" }, reconcile));
    assert.ok(error instanceof type && !(error instanceof OutcomeUnknownError));
    assert.deepEqual([error.code, error.statusCode], [code, status]);
  }
});

test("a change that a gateway did not wait for stays an open question", async () => {
  for (const status of [502, 503, 504]) {
    await spoil("users.create", false, { status });
    const error = await rejection(users.create({ connection, password, email: newEmail() }, reconcile));
    assert.equal(error.code, "outcome_unknown");
    assert.equal(error.statusCode, status);
  }
});

test("the deadline of a client holds for the look-up too", async () => {
  const { users, requests } = recorded([failed(500), silence], { deadlineInSeconds: 0.4, maxRetries: 0 });
  const start = performance.now();
  assert.equal((await rejection(users.delete("x", reconcile))).code, "outcome_unknown");
  assert.equal(requests.length, 2);
  assert.ok(performance.now() - start < 5_000);
});

test("where there was no answer the server may still be at it, so that stays an open question", async () => {
  await spoil("users.create", false, { reset: true });
  const error = await rejection(users.create({ connection, password, email: newEmail() }, reconcile));
  assert.equal(error.code, "outcome_unknown");
});

test("whatever can be verified can be reconciled; the rest rejects as ever", async () => {
  const { user_id } = await newUser({ email: newEmail() });
  await spoil("users.update", true);
  assert.equal((await users.update(user_id, { name: "Reconciled" }, reconcile)).name, "Reconciled");
  await spoil("users.delete", true);
  assert.equal(await users.delete(user_id, reconcile), undefined);
  const other = await newUser({ email: newEmail() });
  await spoil("users.regenerateRecoveryCode", true);
  const error = await rejection(users.regenerateRecoveryCode(other.user_id, reconcile));
  assert.equal(error.code, "outcome_unknown");
});

test("a change that could not be looked up stays an open question, and may be looked up again", async () => {
  for (const failure of [failed(403), failed(500), page, lost]) {
    const answers = [failed(500), failure, noUser];
    const error = await rejection(recorded(answers, { maxRetries: 0 }).users.delete("x", reconcile));
    assert.ok(error instanceof OutcomeUnknownError);
    assert.equal(error.operation, "users.delete");
    assert.deepEqual(await error.verify(), { outcome: "done", data: undefined });
  }
});

test("a deadline and an abort end the look-up too", async () => {
  const controller = new AbortController();
  const hangs = (_url, init) => {
    controller.abort("enough");
    return silence(_url, init);
  };
  const limits = { maxRetries: 0, timeoutInSeconds: 30 };
  const late = recorded([answer(500, {}), silence], limits).users;
  for (const [name, given] of [
    ["create", [{ connection, email: "a@b.c" }]],
    ["delete", ["x"]],
  ]) {
    const error = await rejection(late[name](...given, { ...reconcile, deadlineInSeconds: 0.2 }));
    assert.equal(error.code, "outcome_unknown");
    assert.equal(error.operation, `users.${name}`);
  }
  const { users, requests } = recorded([answer(500, {}), hangs], limits);
  const options = { ...reconcile, abortSignal: controller.signal };
  assert.equal(await rejection(users.roles.assign("x", { roles: ["r"] }, options)), "enough");
  assert.equal(requests.length, 2);
});

test("onUnknown is reject or reconcile", async () => {
  for (const onUnknown of ["retry", true, null]) {
    assert.match((await rejection(users.create({ connection }, { onUnknown }))).message, /: onUnknown must be /);
  }
  const { users: quiet } = recorded([answer(500, {})], { maxRetries: 0 });
  assert.equal((await rejection(quiet.create({}, { onUnknown: "reject" }))).code, "outcome_unknown");
});

test("verify() takes no answer for a user that is about another, or about none", async () => {
  const other = answer(200, { user_id: "auth0|y", updated_at: iso(now - 3 * MINUTE) }, dated());
  const gateway = answer(200, { message: "maintenance" }, dated());
  for (const lookup of [other, gateway]) {
    for (const call of [
      (users) => users.update("auth0|x", { blocked: false }),
      (users) => users.update("auth0|x", { user_metadata: { theme: null } }),
      (users) => users.delete("auth0|x"),
    ]) {
      await assert.rejects(verdict(call, failed(500), lookup), /not about the user/);
    }
  }
  const create = (users) => users.create({ connection, email: "a@b.c" });
  const strange = answer(200, [{ message: "maintenance" }], dated());
  assert.deepEqual(await verdict(create, failed(500), strange), { outcome: "unknown" });
});

test("verify() of a create is unknown where the user found is not as asked", async () => {
  const user = { user_id: "auth0|y", created_at: iso(now), identities: [{ connection }], email: "a@b.c" };
  for (const [wanted, found] of [
    [{ app_metadata: { plan: "gold" } }, { app_metadata: { plan: "free" } }],
    [{ user_id: "abc" }, {}],
    [{ username: "bob" }, { username: "eve" }],
  ]) {
    const create = (users) => users.create({ connection, email: "a@b.c", ...wanted });
    const lookup = answer(200, [{ ...user, ...found }], dated());
    assert.deepEqual(await verdict(create, failed(500), lookup), { outcome: "unknown" }, JSON.stringify(wanted));
  }
});
