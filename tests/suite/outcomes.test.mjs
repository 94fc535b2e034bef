import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Management, ManagementClient, ManagementError, OutcomeUnknownError } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";
import { answer, operations, recorded, rejection, silence } from "./client.mjs";

const tenant = await startTenant({ after }, "--users", "40");
const client = new ManagementClient({ baseUrl: tenant.baseUrl, token: tenant.token, maxRetries: 0 });
const { users } = client;
const connection = "Username-Password-Authentication";
const password = "Correct-Horse-7-Battery";
const directory = await tenant.control("directory");

const lost = () => Promise.reject(new TypeError("fetch failed"));
const refused = answer(400, { errorCode: "e" });

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

for (const [name, prepare] of Object.entries(changes)) {
  const [operation] = name.split(" ");
  for (const committed of [true, false]) {
    const outcome = committed ? "done" : "not_done";
    test(`verify() of ${name} finds that it is ${outcome}`, async () => {
      for (const fault of [{ status: 500 }, { reset: true }]) {
        const { call, data } = await prepare();
        await spoil(operation, committed, fault);
        const error = await rejection(call());
        assert.equal(error.code, "outcome_unknown");
        const verified = await error.verify();
        assert.equal(verified.outcome, outcome);
        if (committed && data) for (const key of Object.keys(data)) assert.equal(verified.data[key], data[key]);
      }
    });
  }
}

test("verify() does not take a user who was there before for the one that was to be made", async () => {
  const now = Date.UTC(2025, 0, 1, 12);
  const date = new Date(now).toUTCString();
  for (const [age, outcome] of [
    [60_000, "not_done"],
    [5_000, "not_done"],
    [0, "done"],
  ]) {
    const user = { user_id: "auth0|x", created_at: new Date(now - age).toISOString(), identities: [{ connection }] };
    const answers = [
      answer(500, {}),
      answer(200, [{ ...user, identities: [{ connection: "other" }] }, user], { date }),
    ];
    const error = await rejection(recorded(answers).users.create({ connection, email: "a@b.c" }));
    assert.deepEqual(await error.verify(), outcome === "done" ? { outcome, data: user } : { outcome });
  }
});

test("verify() of an update takes a flag that is left out for false, in the user but not in metadata", async () => {
  for (const [changes, user, outcome] of [
    [{ blocked: false, email_verified: false, phone_verified: false }, {}, "done"],
    [{ blocked: false }, { blocked: true }, "not_done"],
    [{ blocked: true }, {}, "not_done"],
    [{ user_metadata: { blocked: false } }, { user_metadata: { a: 1 } }, "not_done"],
  ]) {
    const found = { user_id: "auth0|x", ...user };
    const answers = [answer(500, {}), answer(200, found)];
    const error = await rejection(recorded(answers, { maxRetries: 0 }).users.update("auth0|x", changes));
    assert.deepEqual(await error.verify(), outcome === "done" ? { outcome, data: found } : { outcome });
  }
});

test("verify() of an update knows lower case for the email and the username of a user only", async () => {
  for (const [changes, user, outcome] of [
    [{ email: "A@B.c", username: "Ann" }, { email: "a@b.c", username: "ann" }, "done"],
    [{ user_metadata: { email: "A@B.c" } }, { user_metadata: { email: "a@b.c" } }, "not_done"],
    [{ user_metadata: { email: 5 } }, { user_metadata: { email: 6 } }, "not_done"],
  ]) {
    const answers = [answer(500, {}), answer(200, user)];
    const error = await rejection(recorded(answers, { maxRetries: 0 }).users.update("auth0|x", changes));
    assert.equal((await error.verify()).outcome, outcome);
  }
});

test("verify() of a link knows an account by its id with or without the provider, whatever stands in it", async () => {
  const linked = { provider: "samlp", user_id: "corp|ann", connection: "corp" };
  for (const [user_id, outcome] of [
    ["corp|ann", "done"],
    ["samlp|corp|ann", "done"],
    ["ann", "not_done"],
    ["corp|bob", "not_done"],
  ]) {
    const answers = [answer(500, {}), answer(200, { identities: [linked] })];
    const { users } = recorded(answers, { maxRetries: 0 });
    const error = await rejection(users.identities.link("auth0|x", { provider: "samlp", user_id }));
    assert.equal((await error.verify()).outcome, outcome, user_id);
  }
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
  await spoil("users.create", false, { status: 503 });
  const error = await rejection(users.create({ connection, password, email: newEmail() }, reconcile));
  assert.ok(error instanceof Management.ServiceUnavailableError);
  assert.equal(error.code, "server");
  assert.equal(error.statusCode, 503);
  assert.match(error.message, /^users\.create was not carried out \(503\)$/);
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
  for (const failure of [answer(403, {}), answer(500, {}), lost]) {
    const answers = [answer(500, {}), failure, answer(404, {})];
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
