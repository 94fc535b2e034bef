// The pages that the documents show, in a browser.
import assert from "node:assert/strict";
import { join } from "node:path";
import test, { after } from "node:test";

import { serve } from "../scripts/serve.mjs";
import { examples } from "./documents.mjs";
import { startBrowser } from "./helpers/browser.mjs";
import { PATIENCE_MS } from "./helpers/patience.mjs";
import { project } from "./helpers/project.mjs";
import { startTenant } from "./helpers/tenant.mjs";

const browser = await startBrowser({ after });
const { baseUrl, token } = await startTenant({ after });

for (const { place, code } of await examples("html")) {
  test(`${place} shows users, through a route that adds the token`, async (t) => {
    const server = await serve({ "/index.html": code, "/node_modules/": join(project, "node_modules") });
    t.after(() => server.close());
    const page = await browser.newPage();
    t.after(() => page.close());
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.route("**/admin-api/**", async (route) => {
      const request = route.request();
      assert.equal(request.headers().authorization, undefined);
      const url = request.url().replace(`${server.url}/admin-api`, baseUrl);
      const headers = { ...request.headers(), authorization: `Bearer ${token}` };
      await route.fulfill({ response: await route.fetch({ url, headers }) });
    });
    await page.goto(`${server.url}/index.html`);
    await page.locator("#users li").nth(9).waitFor({ timeout: PATIENCE_MS });
    assert.equal(await page.locator("#users li").count(), 10);
    assert.deepEqual(errors, []);
  });
}
