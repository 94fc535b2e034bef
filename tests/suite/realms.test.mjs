// Test environments such as jsdom replace globals, of which Node.js' own fetch then knows nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { run } from "../helpers/project.mjs";
import { recorded, rejection } from "./client.mjs";

/** A controller as jsdom has one: it works, and its signal is none of the engine's. */
class ForeignController {
  signal = Object.assign(new EventTarget(), { aborted: false, reason: undefined });

  abort(reason) {
    Object.assign(this.signal, { aborted: true, reason });
    this.signal.dispatchEvent(new Event("abort"));
  }
}

/** Replaces globals until the test is over, and makes Request refuse foreign signals, as it does since Node.js 24. */
function replaceGlobals(t) {
  const { AbortController, AbortSignal, Request } = globalThis;
  t.after(() => Object.assign(globalThis, { AbortController, Request }));
  const check = (init) => {
    if (init?.signal && !(init.signal instanceof AbortSignal))
      throw new TypeError("Expected signal to be an AbortSignal");
  };
  globalThis.AbortController = ForeignController;
  globalThis.Request = class extends Request {
    constructor(input, init) {
      check(init);
      super(input, init);
    }
  };
  return check;
}

test("fetch gets a signal of its own where AbortController is replaced", async (t) => {
  const check = replaceGlobals(t);
  const { users, requests } = recorded([
    async (_url, init) => {
      check(init);
      return Response.json({ user_id: "x" });
    },
  ]);
  assert.deepEqual(await users.get("x"), { user_id: "x" });
  assert.equal(requests[0].signal.aborted, false);
});

test("a request for a token gets such a signal as well", async (t) => {
  const check = replaceGlobals(t);
  const fetch = async (url, init) => {
    check(init);
    return Response.json(url.endsWith("/oauth/token") ? { access_token: "t" } : { user_id: "x" });
  };
  const options = { domain: "t.example", baseUrl: undefined, token: undefined, clientId: "c", clientSecret: "s" };
  assert.deepEqual(await recorded([], { ...options, fetch }).users.get("x"), { user_id: "x" });
});

test("an abort or the end of its time ends a request with such a signal", async (t) => {
  replaceGlobals(t);
  const { users, requests } = recorded([() => new Promise(() => {})], { maxRetries: 0 });
  const controller = new ForeignController();
  const call = users.get("x", {}, { abortSignal: controller.signal });
  setTimeout(() => controller.abort("enough"), 5);
  assert.equal(await rejection(call), "enough");
  assert.equal((await rejection(users.get("x", {}, { timeoutInSeconds: 0.01 }))).code, "timeout");
  for (const { signal } of requests) assert.equal(signal.aborted, true);
});

test("a call without any AbortController ends in time", async (t) => {
  const { AbortController } = globalThis;
  t.after(() => Object.assign(globalThis, { AbortController }));
  delete globalThis.AbortController;
  const { users, requests } = recorded([() => new Promise(() => {})], { maxRetries: 0 });
  assert.equal((await rejection(users.get("x", {}, { timeoutInSeconds: 0.01 }))).code, "timeout");
  assert.equal(requests[0].signal, undefined);
});

test("requests leave out caches, but for workerd, which refuses the option", async () => {
  for (const [userAgent, expected] of [
    ["Node.js/24", ["no-store", "no-store"]],
    ["Cloudflare-Workers", [null, null]],
  ]) {
    const { stdout } = await run("node", [
      "--input-type=module",
      "--eval",
      `import { ManagementClient } from "auth0-users";
       Object.defineProperty(globalThis, "navigator", { value: { userAgent: "${userAgent}" }, configurable: true });
       const found = [];
       const fetch = async (url, init) => {
         found.push("cache" in init ? init.cache : null);
         return Response.json({ access_token: "t", user_id: "x" });
       };
       const client = new ManagementClient({ domain: "t.example", clientId: "c", clientSecret: "s", fetch });
       await client.users.get("x");
       console.log(JSON.stringify(found));`,
    ]);
    assert.deepEqual(JSON.parse(stdout), expected, userAgent);
  }
});
