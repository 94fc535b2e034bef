import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after } from "node:test";

import { runInPage, startBrowser } from "../helpers/browser.mjs";
import { startTenant } from "../helpers/tenant.mjs";
import { expected } from "./tour.mjs";

const files = { "/tour.mjs": await readFile(new URL("./tour.mjs", import.meta.url), "utf8") };
const browser = await startBrowser({ after });
const { baseUrl, token } = await startTenant({ after });
const access = JSON.stringify({ baseUrl, token });

const operate = () => `
  import * as auth0 from "/pkg/index.js";
  import { tour } from "/tour.mjs";
  const result = tour(auth0, ${access}).catch(({ message, cause }) => ({ message, cause: cause?.name }));`;

const inWorker = `
  const worker = new Worker("/worker.js", { type: "module" });
  worker.onerror = (event) => report("the worker failed: " + event.message);
  worker.onmessage = (event) => report(event.data);`;

const policy = (source) => ({ "content-security-policy": `default-src 'self'; script-src ${source}; connect-src *` });

test("a page", async (t) => {
  const result = await runInPage(t, browser, `${operate()} report(await result);`, { files });
  assert.deepEqual(result, expected);
});

test("a module worker", async (t) => {
  const worker = { ...files, "/worker.js": `${operate()} postMessage(await result);` };
  assert.deepEqual(await runInPage(t, browser, inWorker, { files: worker }), expected);
});

test("a page whose policy allows WebAssembly, and nothing else that is unsafe", async (t) => {
  const headers = policy("'self' 'wasm-unsafe-eval'");
  assert.deepEqual(await runInPage(t, browser, `${operate()} report(await result);`, { files, headers }), expected);
});

test("a worker under that policy", async (t) => {
  const worker = { ...files, "/worker.js": `${operate()} postMessage(await result);` };
  const headers = policy("'self' 'wasm-unsafe-eval'");
  assert.deepEqual(await runInPage(t, browser, inWorker, { files: worker, headers }), expected);
});

test("a page whose policy forbids WebAssembly gets an error that says what to allow", async (t) => {
  const headers = policy("'self'");
  const result = await runInPage(t, browser, `${operate()} report(await result);`, { files, headers });
  assert.match(result.message, /Content-Security-Policy.*'wasm-unsafe-eval'.*script-src/);
  assert.equal(result.cause, "CompileError");
});
