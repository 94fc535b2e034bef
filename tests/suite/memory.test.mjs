import assert from "node:assert/strict";
import { test } from "node:test";

import { size } from "../helpers/wasm.mjs";
import { answer, recorded } from "./client.mjs";

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
