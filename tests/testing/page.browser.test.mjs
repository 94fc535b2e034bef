// Examples for pages: a tenant behind Playwright's routes, and one in a service worker.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";

import { createTenant } from "auth0-users/testing";

import { serve } from "../../scripts/serve.mjs";
import { runInPage, startBrowser } from "../helpers/browser.mjs";
import { PATIENCE_MS } from "../helpers/patience.mjs";
import { project } from "../helpers/project.mjs";

const browser = await startBrowser({ after });
const file = (name) => readFile(new URL(name, import.meta.url), "utf8");

async function servePage() {
  return serve({
    "/index.html": await file("page.html"),
    "/service-worker.js": await file("service-worker.js"),
    "/pkg/": join(project, "node_modules/auth0-users"),
  });
}

async function open(t, server, search = "") {
  // Of its own, so that no worker of another test is in it.
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return {
    page,
    go: () => page.goto(`${server.url}/index.html${search}`),
    users: () => page.getByRole("listitem").allTextContents(),
    block: () => page.getByRole("button").click(),
    says: (words) => page.getByRole("status").filter({ hasText: words }).waitFor(),
  };
}

/** Answers what a page asks of the tenant's domain. */
async function routeToTenant(page, tenant) {
  await page.route(`https://${tenant.domain}/**`, async (route) => {
    const request = route.request();
    const [url, method, body] = [request.url(), request.method(), request.postDataBuffer() ?? undefined];
    try {
      const response = await tenant.fetch(url, { method, headers: await request.allHeaders(), body });
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    } catch {
      await route.abort("connectionreset");
    }
  });
}

test("a page talks to a tenant of the test", async (t) => {
  const server = await servePage();
  t.after(() => server.close());
  const tenant = createTenant({ users: [{ email: "ada@example.com", user_id: "auth0|ada" }] });
  const { page, go, users, block, says } = await open(t, server);
  await routeToTenant(page, tenant);
  await go();
  await says("Done");
  assert.deepEqual(await users(), ["ada@example.com"]);

  tenant.failNext({ operation: "users.update", status: 503 });
  await block();
  await says("503");
  tenant.failNext({ operation: "users.update", reset: true });
  await block();
  await says("nobody knows");
  await block();
  await says("Done");
  assert.deepEqual(await users(), ["ada@example.com (blocked)"]);
  const done = tenant.journal().filter(({ operation, committed }) => operation === "users.update" && committed);
  assert.equal(done.length, 1);
});

test("a page runs with no server at all", async (t) => {
  const server = await servePage();
  const { go, users, block, says } = await open(t, server, "?offline");
  await go();
  await says("Done");
  await server.close();
  assert.deepEqual(await users(), ["ada@example.com", "bob@example.com"]);
  await block();
  await says("Done");
  assert.deepEqual(await users(), ["ada@example.com (blocked)", "bob@example.com"]);
});

test("a page whose policy forbids WebAssembly gets an error that says what to allow", async (t) => {
  const script = `
    import { createTenant } from "/pkg/testing.js";
    try { createTenant(); } catch ({ message, cause }) { report({ message, cause: cause.name }); }`;
  const headers = { "content-security-policy": "default-src 'self'" };
  const { message, cause } = await runInPage(t, browser, script, { headers });
  assert.match(message, /Content-Security-Policy.*'wasm-unsafe-eval'.*script-src/);
  assert.equal(cause, "CompileError");
});
