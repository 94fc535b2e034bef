// Next.js as it is built and served: a route in Node.js, one in its edge runtime, and a client component in Chromium.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { openPage, startBrowser } from "../helpers/browser.mjs";
import { server } from "../runtimes/setup.mjs";
import { expected } from "../runtimes/suite.mjs";
import { makeProject } from "./setup.mjs";

const browser = await startBrowser({ after });
const project = await makeProject("next-app", "next", "app/suite.mjs");
await project.run("next", ["build"]);
const url = await project.serve({ after }, "next", ["start", "--port", "0"]);

const post = async (path, body) => {
  const response = await fetch(url + path, { method: "POST", body: JSON.stringify(body) });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
};

test("a route in Node.js", async () => {
  assert.deepEqual(await post("/api/suite"), expected);
});

test("a route in the edge runtime", async (t) => {
  assert.deepEqual(await post("/api/edge", await server(t)), expected);
});

test("a client component", async (t) => {
  assert.deepEqual(await openPage(t, browser, url), expected);
});
