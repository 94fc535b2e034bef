// Chromium, without a bundler: the whole suite in pages and workers, with a tenant in the page and over the network.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after } from "node:test";

import { runInPage, startBrowser } from "../helpers/browser.mjs";
import { server } from "./setup.mjs";
import { expected } from "./suite.mjs";

const files = { "/suite.mjs": await readFile(new URL("./suite.mjs", import.meta.url), "utf8") };
const browser = await startBrowser({ after });

const operate = (tenant) => `
  import * as auth0 from "/pkg/index.js";
  import { createTenant } from "/pkg/testing.js";
  import { suite } from "/suite.mjs";
  const run = async () => [await suite(auth0, createTenant({ users: 9 })), await suite(auth0, ${JSON.stringify(tenant)})];
  const result = run().catch(({ message, cause }) => ({ message, cause: cause?.name }));`;

const inPage = (tenant) => `${operate(tenant)} report(await result);`;

const inWorker = `
  const worker = new Worker("/worker.js", { type: "module" });
  worker.onerror = (event) => report("the worker failed: " + event.message);
  worker.onmessage = (event) => report(event.data);`;

const inServiceWorker = `
  navigator.serviceWorker.onmessage = (event) => report(event.data);
  navigator.serviceWorker.startMessages();
  const registration = await navigator.serviceWorker.register("/worker.js", { type: "module" });
  (registration.installing ?? registration.active).postMessage("run");`;

const policy = (source) => ({ "content-security-policy": `default-src 'self'; script-src ${source}; connect-src *` });
const headers = policy("'self' 'wasm-unsafe-eval'");

/** Over the network Chromium repeats, whatever a page does, what a kept connection ended without an answer to. */
function passes([own, overNetwork]) {
  assert.deepEqual(own, expected);
  assert.deepEqual({ ...overNetwork, reset: expected.reset }, expected);
}

test("a page", async (t) => {
  passes(await runInPage(t, browser, inPage(await server(t)), { files }));
});

test("a module worker", async (t) => {
  const worker = { ...files, "/worker.js": `${operate(await server(t))} postMessage(await result);` };
  passes(await runInPage(t, browser, inWorker, { files: worker }));
});

test("a service worker", async (t) => {
  const answer = "onmessage = (event) => event.waitUntil(result.then((value) => event.source.postMessage(value)));";
  const worker = { ...files, "/worker.js": `${operate(await server(t))} ${answer}` };
  passes(await runInPage(t, browser, inServiceWorker, { files: worker }));
});

test("a page whose policy allows WebAssembly, and nothing else that is unsafe", async (t) => {
  passes(await runInPage(t, browser, inPage(await server(t)), { files, headers }));
});

test("a worker under that policy", async (t) => {
  const worker = { ...files, "/worker.js": `${operate(await server(t))} postMessage(await result);` };
  passes(await runInPage(t, browser, inWorker, { files: worker, headers }));
});

test("a page whose policy forbids WebAssembly gets an error that says what to allow", async (t) => {
  const script = `
    import { ManagementClient } from "/pkg/index.js";
    try { new ManagementClient({ baseUrl: "/", token: "t" }); } catch ({ message, cause }) {
      report({ message, cause: cause.name });
    }`;
  const result = await runInPage(t, browser, script, { headers: policy("'self'") });
  assert.match(result.message, /Content-Security-Policy.*'wasm-unsafe-eval'.*script-src/);
  assert.equal(result.cause, "CompileError");
});
