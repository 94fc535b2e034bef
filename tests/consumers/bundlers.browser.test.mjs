// Bundlers, each called as its documentation begins: what they write passes the whole suite in Chromium.
import assert from "node:assert/strict";
import { join } from "node:path";
import test, { after } from "node:test";

import { serve } from "../../scripts/serve.mjs";
import { openPage, startBrowser } from "../helpers/browser.mjs";
import { expected } from "../runtimes/suite.mjs";
import { makeProject } from "./setup.mjs";

const browser = await startBrowser({ after });
const app = (name) => makeProject(name, "app", "src/suite.mjs");

for (const [what, tool, args] of [
  ["Vite", "vite", ["build"]],
  ["Parcel", "parcel", ["build", "index.html"]],
  ["webpack", "webpack", ["--mode", "production"]],
  ["webpack, for development", "webpack", ["--mode", "development"]],
  ["esbuild", "esbuild", ["src/index.js", "--bundle", "--outfile=dist/main.js"]],
  ["Rollup", "rollup", ["src/index.js", "--plugin", "node-resolve", "--file", "dist/main.js"]],
  ["rolldown", "rolldown", ["src/index.js", "--file", "dist/main.js"]],
]) {
  test(what, async (t) => {
    const project = await app(what.toLowerCase().replace(/\W+/g, "-"));
    await project.run(tool, args);
    const page = '<!doctype html><script type="module" src="/main.js"></script>';
    const server = await serve({ "/page.html": page, "/": join(project.root, "dist") });
    t.after(() => server.close());
    const hasPage = args.includes("index.html") || tool === "vite";
    assert.deepEqual(await openPage(t, browser, `${server.url}/${hasPage ? "index" : "page"}.html`), expected);
  });
}

test("Vite's server for development", async (t) => {
  const project = await app("vite-dev");
  assert.deepEqual(await openPage(t, browser, await project.serve(t, "vite", [])), expected);
});
