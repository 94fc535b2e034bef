// Chromium, without a bundler: the whole suite in pages and workers, with a tenant in the page and over the network.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { runInPage, startBrowser } from "../helpers/browser.mjs";
import { files, inPage, inServiceWorker, inWorker, passes, serviceWorkerFiles, workerFiles } from "./pages.mjs";
import { server } from "./setup.mjs";

const browser = await startBrowser({ after });

const policy = (source) => ({ "content-security-policy": `default-src 'self'; script-src ${source}; connect-src *` });
const headers = policy("'self' 'wasm-unsafe-eval'");

test("a page", async (t) => {
  passes(await runInPage(t, browser, inPage(await server(t)), { files }));
});

test("a module worker", async (t) => {
  passes(await runInPage(t, browser, inWorker, { files: workerFiles(await server(t)) }));
});

test("a service worker", async (t) => {
  passes(await runInPage(t, browser, inServiceWorker, { files: serviceWorkerFiles(await server(t)) }));
});

test("a page whose policy allows WebAssembly, and nothing else that is unsafe", async (t) => {
  passes(await runInPage(t, browser, inPage(await server(t)), { files, headers }));
});

test("a worker under that policy", async (t) => {
  passes(await runInPage(t, browser, inWorker, { files: workerFiles(await server(t)), headers }));
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
