import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";

import { ManagementClient } from "auth0-users";

import { answer, recorded } from "./client.mjs";

test("methods are named functions of a prototype, made once", () => {
  const [one, other] = [recorded().client, recorded().client];
  assert.equal(one.users.update, other.users.update);
  assert.equal(one.users.update.name, "update");
  assert.equal(one.users.update.length, 3);
  assert.equal(one.users.roles.assign, other.users.roles.assign);
  assert.deepEqual(Object.keys(one), ["users", "userBlocks", "jobs", "tickets"]);
  assert.ok(!Object.hasOwn(one.users, "update"));
});

test("a resource shows its parts, and neither the client nor its options", () => {
  const { client } = recorded(undefined, { token: "secret-value" });
  const shown = inspect(client.users, { depth: 9 });
  assert.match(shown, /^UsersClient \{/);
  assert.match(shown, /roles: UserRolesClient \{\}/);
  for (const object of [client, client.users]) {
    assert.ok(!inspect(object, { depth: 9, showHidden: true }).includes("secret-value"));
  }
  assert.doesNotThrow(() => structuredClone(client.users));
});

test("logs show classes by the names of the documentation", async () => {
  const { client } = recorded([answer(200, { start: 0, limit: 50, total: 0, users: [] }), answer(200, {})]);
  const page = await client.users.list();
  const promise = client.users.get("x");
  const objects = { ManagementClient: client, UsersClient: client.users, Page: page, HttpResponsePromise: promise };
  for (const [name, object] of Object.entries(objects)) assert.equal(object.constructor.name, name);
  await promise;
});

test("the stack of a failure begins where the program calls", async () => {
  const { client } = recorded([answer(404, {})]);
  const calls = {
    call: () => client.users.get("x"),
    list: () => client.users.list({ page: -1 }),
    argument: () => client.users.get(""),
    request: () => client.request({ method: "GET", path: ["x"] }),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error = await call().catch((error) => error);
    assert.match(
      error.stack.split("\n")[1],
      new RegExp(`at (Object\\.)?${name} .*resources\\.test\\.mjs`),
      error.stack,
    );
  }
});

test("the stack of a page that fails begins where the program asks for it", async () => {
  const items = Array.from({ length: 50 }, (_, n) => ({ user_id: `auth0|${n}` }));
  const pages = [answer(200, { start: 0, limit: 50, total: 100, users: items }), answer(404, {})];
  const { client } = recorded(pages);
  const page = await client.users.list();
  const next = () => page.getNextPage();
  const error = await next().catch((error) => error);
  assert.match(error.stack.split("\n")[1], /at next .*resources\.test\.mjs/, error.stack);
});

test("the stack of a refused option begins where the program makes the client", () => {
  const make = () => new ManagementClient({ domain: "a b" });
  try {
    make();
    assert.fail("it throws");
  } catch (error) {
    assert.match(error.stack.split("\n")[1], /at make .*resources\.test\.mjs/, error.stack);
  }
});

test("a Proxy of a client has its methods, and so has what inherits from a resource", async () => {
  const { client, requests } = recorded([answer(200, {})]);
  const wrapped = (object) =>
    new Proxy(object, {
      get(target, name, receiver) {
        const value = Reflect.get(target, name, receiver);
        return typeof value === "object" && value !== null ? wrapped(value) : value;
      },
    });
  await wrapped(client).users.get("x");
  await wrapped(client).users.roles.assign("x", { roles: ["r"] });
  await wrapped(client).request({ method: "GET", path: ["x"] });
  await Object.create(client.users).get("x");
  assert.equal(requests.length, 4);
});

test("a method without its resource rejects, and names the remedy", async () => {
  const { get, list } = recorded().client.users;
  await assert.rejects(get("x"), { name: "TypeError", message: /as client\.users\.get\(id\)/ });
  await assert.rejects(list(), { name: "TypeError" });
});
