import assert from "node:assert/strict";
import test from "node:test";

import { ManagementError, ManagementTimeoutError, OutcomeUnknownError } from "auth0-users";

import { PATIENCE_MS } from "../helpers/patience.mjs";
import { run } from "../helpers/project.mjs";
import { answer, operations, recorded, rejection, silence } from "./client.mjs";

/** An answer whose body never comes to its end. */
const unfinished = (url, init) => new Response(new ReadableStream({ pull: () => silence(url, init) }), { status: 200 });
const reasons = ["text", new Error("own"), 0, false, null, { any: "thing" }];

for (const { name, call } of operations) {
  test(`users.${name} with an aborted signal rejects with its reason and sends nothing`, async () => {
    for (const reason of reasons) {
      const { users, requests } = recorded();
      assert.equal(await rejection(call(users, { abortSignal: AbortSignal.abort(reason) })), reason);
      assert.equal(requests.length, 0);
    }
  });

  test(`users.${name} ends with the reason of the abort, while it waits for the answer or for its body`, async () => {
    for (const server of [silence, unfinished]) {
      for (const reason of reasons) {
        const controller = new AbortController();
        const { users, requests } = recorded([server]);
        const promise = call(users, { abortSignal: controller.signal });
        setTimeout(() => controller.abort(reason), 5);
        assert.equal(await rejection(promise), reason);
        assert.equal(requests.length, 1);
        assert.equal(requests[0].signal.aborted, true);
      }
    }
  });
}

/** A signal that counts how often it is listened to. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = { added: 0, removed: 0 };
  signal.addEventListener = (...given) => {
    listeners.added++;
    EventTarget.prototype.addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given) => {
    listeners.removed++;
    EventTarget.prototype.removeEventListener.apply(signal, given);
  };
  return { controller, signal, listeners };
}

test("50,000 calls listen to one signal once, and an abort ends them all", async () => {
  const { controller, signal, listeners } = counted();
  const { client, users } = recorded([silence]);
  let ended = 0;
  const calls = Array.from({ length: 50_000 }, () =>
    users.get("x", {}, { abortSignal: signal }).catch((reason) => (ended += reason === "enough")),
  );
  assert.equal(client.rateLimit.queued, 49_999);
  assert.deepEqual(listeners, { added: 1, removed: 0 });
  controller.abort("enough");
  await Promise.all(calls);
  assert.equal(ended, 50_000);
  assert.deepEqual([client.rateLimit.inFlight, client.rateLimit.queued], [0, 0]);
  assert.deepEqual(listeners, { added: 1, removed: 1 });
});

test("50,000 calls on one signal are made, and none is listening afterwards", async () => {
  const { signal, listeners } = counted();
  const { users, requests } = recorded([answer(200, {})]);
  await Promise.all(Array.from({ length: 50_000 }, () => users.get("x", {}, { abortSignal: signal })));
  assert.equal(requests.length, 50_000);
  assert.equal(listeners.added, listeners.removed);
});

test("a call that has ended leaves the listener to the others of its signal", async () => {
  const { controller, signal, listeners } = counted();
  const { users } = recorded([answer(200, {}), answer(200, {}), silence]);
  await users.get("x", {}, { abortSignal: signal });
  assert.deepEqual(listeners, { added: 1, removed: 1 });
  const calls = [1, 2, 3].map(() => users.get("x", {}, { abortSignal: signal }).catch((reason) => reason));
  await calls[0];
  controller.abort("enough");
  assert.deepEqual(await Promise.all(calls.slice(1)), ["enough", "enough"]);
});

test("an abort without a reason is an AbortError, as of fetch", async () => {
  const controller = new AbortController();
  const { users } = recorded([silence]);
  const promise = users.get("x", {}, { abortSignal: controller.signal });
  controller.abort();
  const error = await rejection(promise);
  assert.equal(error.name, "AbortError");
  assert.equal(error, controller.signal.reason);
});

test("a signal of one's own kind may give no reason at all", async () => {
  const signal = Object.assign(new EventTarget(), { aborted: false });
  const { users } = recorded([silence]);
  const promise = users.get("x", {}, { abortSignal: signal });
  signal.aborted = true;
  signal.dispatchEvent(new Event("abort"));
  assert.equal(await rejection(promise), undefined);
});

test("AbortSignal.timeout ends a call with its TimeoutError", async () => {
  const { users } = recorded([silence]);
  const error = await rejection(users.get("x", {}, { abortSignal: AbortSignal.timeout(5) }));
  assert.equal(error.name, "TimeoutError");
  assert.ok(!(error instanceof ManagementError));
});

test("an abort ends the wait before another attempt", async () => {
  const controller = new AbortController();
  const { users, requests } = recorded([answer(429, {}, { "retry-after": "60" })]);
  const promise = users.get("x", {}, { abortSignal: controller.signal });
  setTimeout(() => controller.abort("enough"), 5);
  assert.equal(await rejection(promise), "enough");
  assert.equal(requests.length, 1);
});

test("an abort ends the wait for a token or a header, and nothing is sent", async () => {
  const never = () => new Promise(() => {});
  for (const options of [{ token: never }, { headers: { a: never } }]) {
    const controller = new AbortController();
    const { users, requests } = recorded(undefined, options);
    const promise = users.get("x", {}, { abortSignal: controller.signal });
    setTimeout(() => controller.abort("enough"), 5);
    assert.equal(await rejection(promise), "enough");
    assert.equal(requests.length, 0);
  }
});

test("an abort in the middle of fetch, or of a token function, counts", async () => {
  for (const [fails, isAsync] of [
    [true, true],
    [true, false],
    [false, true],
  ]) {
    const controller = new AbortController();
    const abort = () => {
      controller.abort("enough");
      if (fails) throw new Error("after the abort");
      return silence("", { signal: controller.signal });
    };
    const options = { abortSignal: controller.signal };
    const { users } = recorded([abort], isAsync ? {} : { fetch: abort });
    assert.equal(await rejection(users.get("x", {}, options)), "enough");
  }
  const controller = new AbortController();
  const token = () => {
    controller.abort("enough");
    throw new Error("after the abort");
  };
  const { users } = recorded(undefined, { token });
  assert.equal(await rejection(users.get("x", {}, { abortSignal: controller.signal })), "enough");
  await new Promise((resolve) => setTimeout(resolve));
});

test("an abort in an observer, or in a token or header function that gives a value, ends the call before it is sent", async () => {
  const hooks = [
    (abort) => ({ onRequest: abort }),
    (abort) => ({ token: () => abort() ?? "t" }),
    (abort) => ({ token: async () => abort() ?? "t" }),
    (abort) => ({ headers: { a: () => abort() ?? "a" } }),
    (abort) => ({ headers: { a: async () => abort() ?? "a" } }),
    (abort) => ({ csrf: () => abort() ?? "c" }),
  ];
  for (const hook of hooks) {
    const controller = new AbortController();
    const ended = [];
    const { users, requests } = recorded(undefined, {
      ...hook(() => controller.abort("enough")),
      onResponse: ({ operation }) => ended.push(operation),
    });
    const call = users.update("x", { name: "n" }, { abortSignal: controller.signal });
    assert.equal(await rejection(call), "enough");
    assert.equal(requests.length, 0);
    // Who was told of its beginning is told of its end.
    assert.deepEqual(ended, hook === hooks[0] ? ["users.update"] : []);
  }
});

test("an abort after the answer changes nothing", async () => {
  const controller = new AbortController();
  const { users } = recorded();
  const user = await users.get("x", {}, { abortSignal: controller.signal });
  controller.abort();
  assert.deepEqual(user, { user_id: "auth0|x" });
});

test("a signal that many calls share is left without listeners", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener;
  const remove = signal.removeEventListener;
  const added = new Set();
  t.mock.method(signal, "addEventListener", (type, listener) => {
    listeners++;
    added.add(listener);
    add.call(signal, type, listener);
  });
  t.mock.method(signal, "removeEventListener", (type, listener) => {
    if (added.delete(listener)) listeners--;
    remove.call(signal, type, listener);
  });
  const { users } = recorded([
    answer(200, { users: [] }),
    answer(400, {}),
    answer(500, {}),
    answer(200, { users: [] }),
  ]);
  await Promise.allSettled(Array.from({ length: 20 }, () => users.list({}, { abortSignal: signal })));
  await rejection(users.get("", {}, { abortSignal: signal }));
  assert.equal(listeners, 0);
});

for (const [what, server] of [
  ["no answer", silence],
  ["half an answer", unfinished],
]) {
  test(`${what} within timeoutInSeconds is a timeout, and the request is given up`, async () => {
    for (const { name, call, sends } of operations) {
      const { users, requests } = recorded([server]);
      const error = await rejection(call(users, { timeoutInSeconds: 0.02 }));
      const [type, code] = sends.startsWith("GET")
        ? [ManagementTimeoutError, "timeout"]
        : [OutcomeUnknownError, "outcome_unknown"];
      assert.ok(error instanceof type);
      assert.ok(error instanceof ManagementError);
      assert.equal(error.name, type.name);
      assert.equal(error.code, code);
      assert.equal(error.operation, `users.${name}`);
      assert.equal(error.attempts, requests.length);
      assert.ok(requests.every(({ signal }) => signal.aborted));
    }
  });
}

test("a timeout of the client counts where the call has none", async () => {
  const { users } = recorded([silence], { timeoutInSeconds: 0.02 });
  assert.equal((await rejection(users.get("x"))).code, "timeout");
});

test("the time limit covers a token or a header that never comes", async () => {
  const never = () => new Promise(() => {});
  for (const options of [{ token: never }, { headers: { a: never } }]) {
    const { users, requests } = recorded(undefined, { ...options, timeoutInSeconds: 0.02 });
    const result = await Promise.race([
      rejection(users.get("x")),
      new Promise((resolve) => setTimeout(resolve, 2_000)),
    ]);
    assert.equal(result?.code, "timeout");
    assert.equal(requests.length, 0);
  }
});

test("a time limit longer than an engine's timer can hold does not end a call at once", async () => {
  for (const timeoutInSeconds of [Infinity, 1e9, 2 ** 31]) {
    const { users } = recorded([
      () => new Promise((resolve) => setTimeout(() => resolve(answer(200, { user_id: "x" })()), 20)),
    ]);
    assert.deepEqual(await users.get("x", {}, { timeoutInSeconds }), { user_id: "x" });
  }
});

/** Runs a script in a process of its own, which has to end by itself long before any time limit of the client. */
async function endsAtOnce(script) {
  const source = `import { ManagementClient } from "auth0-users"; ${script}`;
  const { stdout } = await run("node", ["--input-type=module", "--eval", source], { timeout: PATIENCE_MS });
  return stdout.trim();
}

test("after a refused connection nothing keeps the process alive", async () => {
  const code = await endsAtOnce(`
    const { users } = new ManagementClient({ baseUrl: "http://127.0.0.1:1", token: "t", maxRetries: 0 });
    await users.get("x").catch((error) => console.log(error.code, error.cause.cause.code ?? error.cause.cause.message));`);
  assert.match(code, /^network /);
});

test("after an answer, an abort or a refusal nothing keeps the process alive", async () => {
  const outcome = await endsAtOnce(`
    const answers = [() => new Response("{}"), () => new Promise(() => {}), () => Response.json({ statusCode: 429 }, { status: 429, headers: { "retry-after": "60" } })];
    const fetch = async () => answers.shift()();
    const { users } = new ManagementClient({ baseUrl: "https://t.example", token: "t", fetch });
    const controller = new AbortController();
    const told = [await users.get("x")];
    const ended = users.get("x", {}, { abortSignal: controller.signal }).catch((reason) => told.push(reason));
    setTimeout(() => controller.abort("aborted"), 10);
    await ended;
    await users.get("x", {}, { maxRetries: 0 }).catch((error) => told.push(error.code));
    console.log(JSON.stringify(told));`);
  assert.deepEqual(JSON.parse(outcome), [{}, "aborted", "rate_limited"]);
});
