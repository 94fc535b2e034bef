import { join } from "node:path";

import { chromium } from "playwright-core";

import { serve } from "../../scripts/serve.mjs";
import { PATIENCE_MS } from "./patience.mjs";
import { project } from "./project.mjs";

/** Without a screen, and without anything Chromium would do on its own. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium for a test, or with `{ after }` of node:test for a whole file; it ends with it. */
export async function startBrowser(context) {
  const executablePath = process.env.CHROME_BIN;
  if (!executablePath) throw new Error("CHROME_BIN is not set; run the tests with `cargo xtask test`");
  const browser = await chromium.launch({ executablePath, args: flags, timeout: PATIENCE_MS });
  context.after(() => browser.close());
  return browser;
}

/**
 * Opens a page whose script is given, and waits until it calls `report(value)`. An error that nobody catches in the
 * page rejects. The installed package is at /pkg/, and an import map gives it its name.
 *
 * @param {{ after(stop: () => Promise<void>): void }} context
 * @param {import("playwright-core").Browser} browser
 * @param {string} script
 * @param {{ files?: Record<string, string>, headers?: Record<string, string>, expected?: RegExp }} options further files
 *   and headers, and errors that the browser reports though nobody threw them
 */
export async function runInPage(context, browser, script, { files = {}, headers = {}, expected } = {}) {
  const url = await servePage(context, script, files, headers);
  return openPage(context, browser, `${url}/index.html`, { expected });
}

/** Serves a page with its script and the installed package, until the test ends. */
export async function servePage(context, script, files, headers) {
  const server = await serve(
    {
      "/index.html": '<!doctype html><meta charset="utf-8"><script type="module" src="/main.js"></script>',
      "/main.js": script,
      "/pkg/": join(project, "node_modules/auth0-users"),
      ...files,
    },
    headers,
  );
  context.after(() => server.close());
  return server.url;
}

/** Opens a page that somebody serves, and waits until it calls `report(value)`. */
export async function openPage(context, browser, url, { expected } = {}) {
  const page = await browser.newPage();
  context.after(() => page.close());

  const { promise, resolve, reject } = withResolvers();
  page.on("pageerror", (error) => expected?.test(error.message) || reject(error));
  await page.exposeFunction("report", resolve);
  await page.goto(url);
  const timeout = setTimeout(() => reject(new Error("the page reported nothing")), PATIENCE_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timeout);
  }
}

function withResolvers() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  return result;
}
