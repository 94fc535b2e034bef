import assert from "node:assert/strict";
import test from "node:test";

import { ManagementClient } from "auth0-users";
import { AmbiguousUserError, bulk, exportUsers, importUsers, ndjson, withAdmin } from "auth0-users/admin";

import { start } from "./setup.mjs";

/** Two accounts whose emails are the same but for capitals, and one of a phone. */
function family() {
  const { client, tenant } = start({ users: 0 });
  tenant.connections.add({ name: "corporate", strategy: "samlp" });
  const ids = tenant.users
    .add(
      { email: "ada@example.com" },
      { email: "Ada@Example.com", connection: "corporate", user_id: "samlp|corporate|ada" },
      { phone_number: "+12025550123", connection: "sms" },
    )
    .map((user) => user.user_id);
  return { client, tenant, ids };
}

const paths = (tenant) => tenant.journal().map(({ method, path }) => `${method} ${path.replace("/api/v2", "")}`);

test("a user is found by id, and nobody is undefined", async () => {
  const { client, tenant, ids } = family();
  assert.equal((await client.users.find({ id: ids[0] })).email, "ada@example.com");
  assert.equal(await client.users.find({ id: "auth0|nobody", email: undefined }), undefined);
  assert.equal(tenant.journal().length, 2);
});

/** Answers that are no word of the API about a user. */
const foreign = [
  { status: 404, body: "<html>404 Not Found</html>", headers: { "content-type": "text/html" } },
  { status: 404, body: '{"statusCode":404,"error":"Not Found","message":"Not Found"}' },
  { status: 404, body: '{"statusCode":404,"error":"Not Found","message":"","errorCode":"inexistent_operation"}' },
  { status: 404, body: "{}" },
];

test("a 404 that is not about a user is an error, not a missing user", async () => {
  for (const fault of foreign) {
    const { client, tenant } = start({ users: 0 }, { maxRetries: 0 });
    tenant.failNext({ operation: "users.get", ...fault });
    await assert.rejects(client.users.find({ id: "auth0|ana" }), { statusCode: 404 });
  }
});

test("a search whose total says more than it holds is an error", async () => {
  const { client, tenant } = start({ users: 0 });
  const body = '{"start":0,"limit":100,"length":0,"total":3,"users":[]}';
  for (const call of [
    () => client.users.find({ phone: "+12025550123" }),
    () => client.users.findByEmail("Ada@example.com", { case: "smart" }),
  ]) {
    tenant.failNext({ operation: "users.list", status: 200, body });
    await assert.rejects(call, { code: "incomplete_list" });
  }
});

test("a wait goes on while the search does not say how old its user is", async () => {
  const { client, tenant } = start({ users: [{ user_id: "auth0|ana", email: "ana@example.com" }] });
  const body = '{"start":0,"limit":50,"length":1,"total":1,"users":[{"user_id":"auth0|ana"}]}';
  tenant.failNext({ operation: "users.list", status: 200, body });
  assert.equal((await client.users.waitUntilIndexed("auth0|ana")).email, "ana@example.com");
});

test("a user is found by email where the answer is consistent, first as it is given, then in lower case", async () => {
  const { client, tenant, ids } = family();
  assert.equal((await client.users.find({ email: "Ada@Example.com" })).user_id, ids[1]);
  assert.equal((await client.users.find({ email: "ADA@EXAMPLE.COM" })).user_id, ids[0]);
  assert.equal(await client.users.find({ email: "nobody@example.com" }), undefined);
  assert.deepEqual(new Set(paths(tenant)), new Set(["GET /users-by-email"]));
  assert.equal(tenant.journal().length, 4);
});

test("a user is found by phone number", async () => {
  const { client, ids } = family();
  assert.equal((await client.users.find({ phone: "+12025550123" })).user_id, ids[2]);
  assert.equal(await client.users.find({ phone: "+1202555012" }), undefined);
});

test("several users are an error that names them", async () => {
  const { client, tenant } = start({ users: 0 });
  tenant.connections.add({ name: "corporate", strategy: "samlp" }, { name: "letters", strategy: "sms" });
  const phones = ["sms", "letters"].map((connection) => ({ phone_number: "+12025550123", connection }));
  const emails = [{}, { connection: "corporate", user_id: "samlp|corporate|1" }].map((rest) => ({
    email: "ada@example.com",
    ...rest,
  }));
  const ids = tenant.users.add(...phones, ...emails).map(({ user_id }) => user_id);
  for (const [by, wanted] of [
    [{ phone: "+12025550123" }, ids.slice(0, 2)],
    [{ email: "ada@example.com" }, ids.slice(2)],
  ]) {
    const error = await client.users.find(by).catch((error) => error);
    assert.ok(error instanceof AmbiguousUserError);
    assert.equal(error.name, "AmbiguousUserError");
    assert.equal(error.code, "ambiguous_user");
    assert.deepEqual(error.userIds.toSorted(), wanted.toSorted());
    for (const id of wanted) assert.ok(error.message.includes(id));
  }
});

test("an email is matched exactly unless more is asked for, and each match says by which rule", async () => {
  const { client, ids } = family();
  const rules = async (email, request) =>
    (await client.users.findByEmail(email, request)).map(({ user, rule, consistency }) => [
      user.user_id,
      rule,
      consistency,
    ]);
  assert.deepEqual(await rules("Ada@Example.com"), [[ids[1], "exact", "immediate"]]);
  assert.deepEqual(await rules("ADA@example.com", { case: "exact" }), []);
  assert.deepEqual(await rules("ADA@example.com", { case: "smart" }), [
    [ids[0], "lower_case", "immediate"],
    [ids[1], "search", "eventual"],
  ]);
  assert.deepEqual(await rules("Ada@Example.com", { case: "smart" }), [
    [ids[1], "exact", "immediate"],
    [ids[0], "lower_case", "immediate"],
  ]);
  assert.deepEqual(await rules('"ada"\\@example.com" OR *', { case: "smart" }), []);
});

test("what is not a way to find somebody is refused before anything is sent", async () => {
  const { client, tenant } = start();
  const wrong = [undefined, null, {}, { id: "" }, { id: 42 }, { name: "Ada" }, { id: "auth0|1", email: "a@b.c" }];
  for (const by of wrong) {
    await assert.rejects(client.users.find(by), { name: "TypeError", message: /^users\.find: by must be/ });
  }
  await assert.rejects(client.users.find({ phone: "0202 555" }), {
    name: "TypeError",
    message: /^users\.find: by\.phone/,
  });
  await assert.rejects(client.users.findByEmail(""), { name: "TypeError", message: /^users\.findByEmail: email/ });
  await assert.rejects(client.users.findByEmail("a@b.c", { case: "any" }), {
    message: /^users\.findByEmail: request\.case/,
  });
  assert.equal(tenant.journal().length, 0);
});

test("a user is waited for until a search finds it as it is", async () => {
  const { client, tenant } = start({ users: 0, searchLagMs: 600 });
  const [{ user_id: id }] = tenant.users.add({ email: "ada@example.com", nickname: "old" }, { email: "b@example.com" });
  tenant.advanceClock(10_000);
  await client.users.update(id, { nickname: "new" });
  assert.equal((await client.users.list({ q: `user_id:"${id}"` })).data[0].nickname, "old");
  assert.equal((await client.users.waitUntilIndexed(id)).nickname, "new");
  await assert.rejects(client.users.waitUntilIndexed("auth0|nobody"), { statusCode: 404 });
});

test("a wait ends at its deadline, and when its signal aborts", async () => {
  const { client, tenant } = start({ users: 0, searchLagMs: 60_000 });
  const { user_id: id } = await client.users.create({
    connection: "Username-Password-Authentication",
    email: "ada@example.com",
    password: "Correct-Horse-7-Battery",
  });
  await assert.rejects(client.users.waitUntilIndexed(id, { deadlineInSeconds: 0.1 }), {
    name: "ManagementTimeoutError",
    code: "deadline",
    message: /waitUntilIndexed.* within 0\.1 s/,
  });
  const reason = new Error("enough");
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(client.users.waitUntilIndexed(id, { abortSignal: controller.signal }), reason);
  await assert.rejects(client.users.waitUntilIndexed(id, { deadlineInSeconds: -1 }), { name: "TypeError" });
  assert.ok(tenant.journal().length < 10);
});

test("options that are no object are refused by every method, before anything is sent", async () => {
  const { client, tenant } = start({ users: [{ user_id: "auth0|ana", email: "ana@example.com" }] });
  const { users } = client;
  const id = "auth0|ana";
  const calls = [
    (given) => users.blockStatus(id, given),
    async (given) => users.all({}, given),
    (given) => users.find({ id }, given),
    (given) => users.find({ email: "ana@example.com" }, given),
    (given) => users.find({ phone: "+12025550123" }, given),
    (given) => users.findByEmail("ana@example.com", {}, given),
    (given) => users.hydrate([id], ["profile"], given).next(),
    (given) => users.identities.linkAccounts(id, "auth0|ben", {}, given),
    (given) => users.mfa.reset(id, {}, given),
    (given) => users.mfa.status(id, given),
    (given) => users.overview(id, {}, given),
    (given) => users.signOutEverywhere(id, {}, given),
    (given) => users.unblock(id, { admin: true }, given),
    (given) => users.update(id, { name: "Ana" }, given),
    (given) => users.waitUntilIndexed(id, given),
    (given) => bulk([id], () => {}, given).next(),
    (given) => exportUsers(client, given).next(),
    (given) => importUsers(client, [{}], given).next(),
  ];
  for (const kind of ["user", "app"]) {
    calls.push((given) => users.metadata(id)[kind].merge({ a: 1 }, given));
    calls.push((given) => users.metadata(id)[kind].replace({ a: 1 }, given));
    calls.push((given) => users.metadata(id)[kind].set("a", 1, given));
    calls.push((given) => users.metadata(id)[kind].remove("a", given));
    calls.push((given) => users.metadata(id)[kind].clear(given));
  }
  const message = /^([\w.]+: )?(options|requestOptions) must be an object$/;
  for (const given of [42, "fast", true, [], () => {}]) {
    for (const call of calls) {
      await assert.rejects(
        call(given),
        { name: "TypeError", code: "invalid_argument", message },
        `${call} of ${given}`,
      );
    }
  }
  assert.equal(tenant.journal().length, 0);
});

test("an error of an argument names the method and begins with the caller's line", async () => {
  const { client, tenant } = start({ users: 1 });
  const { users } = client;
  const id = "auth0|ana";
  const calls = {
    "users.blockStatus: id": () => users.blockStatus(""),
    "users.all: q": async () => users.all({ q: 1 }),
    "users.find: by": () => users.find({}),
    "users.findByEmail: email": () => users.findByEmail(),
    "users.hydrate: parts": () => users.hydrate([id], []).next(),
    "users.identities.linkAccounts: primary": () => users.identities.linkAccounts("", id),
    "users.metadata: id": async () => users.metadata(""),
    "users.metadata.app.set: path": () => users.metadata(id).app.set("", 1),
    "users.metadata.user.merge: changes": () => users.metadata(id).user.merge(5),
    "users.mfa.reset: id": () => users.mfa.reset(""),
    "users.mfa.reset: request": () => users.mfa.reset(id, { revoke: true }),
    "users.mfa.status: id": () => users.mfa.status(""),
    "users.overview: id": () => users.overview(""),
    "users.overview: request.sections": () => users.overview(id, { sections: 1 }),
    "users.signOutEverywhere: id": () => users.signOutEverywhere(""),
    "users.unblock: id": () => users.unblock("", { admin: true }),
    "users.update: id": () => users.update("", { name: "Ana" }),
    "users.update: user_metadata": () => users.update(id, { user_metadata: {} }),
    "users.waitUntilIndexed: id": () => users.waitUntilIndexed(""),
    "bulk: operation": () => bulk([id], 5).next(),
    "exportUsers: client": () => exportUsers(5).next(),
    "importUsers: users": () => importUsers(client, 5).next(),
    "ndjson: source": () => ndjson(5).next(),
  };
  for (const [start, call] of Object.entries(calls)) {
    const error = await call().catch((error) => error);
    assert.equal(error.code, "invalid_argument", start);
    assert.ok(error.message.startsWith(`${start} `), error.message);
    const [first, second] = error.stack.split("\n");
    assert.equal(first, `TypeError: ${error.message}`);
    assert.match(second, /find\.test\.mjs/, start);
  }
  assert.equal(tenant.journal().length, 0);
});

test("the message of an error is one line without control characters, and bounded", async () => {
  const { client } = start({ users: 1 });
  const name = `a\nb\u001b[31m\u2028${"x".repeat(5_000)}`;
  for (const call of [
    () => client.users.overview("auth0|ana", { [name]: 1 }),
    () => bulk([], () => {}, { [name]: 1 }).next(),
    () => client.users.metadata("auth0|ana").user.merge({ [name]: 1n }),
  ]) {
    const { message } = await call().catch((error) => error);
    assert.ok(message.length <= 1_100 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(message), message);
  }
});

test("a deadline that is none is refused by all that makes several calls", async () => {
  const { client, tenant } = start({ users: 1 });
  for (const deadlineInSeconds of [0, -1, Number.NaN, "soon", "5", true, null]) {
    const options = { deadlineInSeconds };
    for (const call of [
      () => client.users.find({ id: "auth0|ana" }, options),
      () => client.users.findByEmail("ana@example.com", undefined, options),
      () => client.users.all({}, options).next(),
      () => client.users.waitUntilIndexed("auth0|ana", options),
      () => client.users.mfa.reset("auth0|ana", {}, options),
      () => client.users.metadata("auth0|ana").user.clear(options),
    ]) {
      await assert.rejects(call, { name: "TypeError", code: "invalid_argument", message: /deadlineInSeconds must/ });
    }
  }
  assert.equal(tenant.journal().length, 0);
});

test("only a client can be given the methods", () => {
  for (const client of [undefined, {}, { users: {} }]) {
    assert.throws(() => withAdmin(client), { name: "TypeError", message: /^client must be a ManagementClient/ });
  }
  const client = new ManagementClient({ domain: "tenant.eu.auth0.com", token: "t" });
  assert.equal(withAdmin(client), client);
  // A journal knows an operation by the name of its function.
  assert.deepEqual([client.users.unblock.name, client.users.mfa.reset.name], ["unblock", "reset"]);
});
