// The programs that run the suite in browsers: with a tenant in the page, and with one over the network.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { expected } from "./suite.mjs";

export const files = { "/suite.mjs": await readFile(new URL("./suite.mjs", import.meta.url), "utf8") };

const operate = (tenant) => `
  import * as auth0 from "/pkg/index.js";
  import { createTenant } from "/pkg/testing.js";
  import { suite } from "/suite.mjs";
  const run = async () => [await suite(auth0, createTenant({ users: 9 })), await suite(auth0, ${JSON.stringify(tenant)})];
  const result = run().catch(({ message, cause }) => ({ message, cause: cause?.name }));`;

export const inPage = (tenant) => `${operate(tenant)} report(await result);`;

export const inWorker = `
  const worker = new Worker("/worker.js", { type: "module" });
  worker.onerror = (event) => report("the worker failed: " + event.message);
  worker.onmessage = (event) => report(event.data);`;

export const inServiceWorker = `
  navigator.serviceWorker.onmessage = (event) => report(event.data);
  navigator.serviceWorker.startMessages();
  const registration = await navigator.serviceWorker.register("/worker.js", { type: "module" });
  (registration.installing ?? registration.active).postMessage("run");`;

/** The files of a worker for `inWorker`. */
export const workerFiles = (tenant) => ({
  ...files,
  "/worker.js": `${operate(tenant)} postMessage(await result);`,
});

/** The files of a worker for `inServiceWorker`. */
export const serviceWorkerFiles = (tenant) => {
  const answer = "onmessage = (event) => event.waitUntil(result.then((value) => event.source.postMessage(value)));";
  return { ...files, "/worker.js": `${operate(tenant)} ${answer}` };
};

/** Over the network a browser repeats, whatever a page does, what a kept connection ended without an answer to. */
export function passes([own, overNetwork]) {
  assert.deepEqual(own, expected);
  assert.deepEqual({ ...overNetwork, reset: expected.reset }, expected);
}
