import assert from "node:assert/strict";
import { test } from "node:test";

// The module's own table of references can be watched only if it is seen when it is made.
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = new Proxy(Instance, {
  construct(target, given) {
    const instance = Reflect.construct(target, given);
    instances.push(instance);
    return instance;
  },
});

const { answer, recorded } = await import("./client.mjs");

function size() {
  const [{ exports }] = instances;
  const of = (type) => Object.values(exports).filter((value) => value instanceof type);
  const references = Math.max(...of(WebAssembly.Table).map(({ length }) => length));
  return { references, bytes: of(WebAssembly.Memory)[0].buffer.byteLength };
}

const kinds = {
  "a user": answer(200, { user_id: "x" }),
  "no such user": answer(404, {}),
  "a connection that breaks": () => Promise.reject(new TypeError("fetch failed")),
  "half a JSON text": answer(200, '{"user_id":'),
  HTML: answer(200, "<html>"),
  "an array": answer(200, []),
};

for (const [name, given] of Object.entries(kinds)) {
  test(`20,000 calls that give ${name} leave the memory of the module as it was`, async () => {
    const { users, requests } = recorded([given], { maxRetries: 0 });
    const calls = async (times) => {
      for (let n = 0; n < times; n++) await users.get("x").catch(() => {});
      requests.length = 0;
    };
    await calls(100);
    const before = size();
    await calls(20_000);
    assert.deepEqual(size(), before);
  });
}

test("20,000 calls with arguments that are refused leave the memory of the module as it was", async () => {
  const { users } = recorded([answer(200, {})]);
  const calls = async (times) => {
    for (let n = 0; n < times; n++) await users.get("x", { unknown: n }).catch(() => {});
  };
  await calls(100);
  const before = size();
  await calls(20_000);
  assert.deepEqual(size(), before);
});
