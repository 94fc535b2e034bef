import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import axe from "axe-core";

import { startBrowser } from "./browser.mjs";
import { PATIENCE_MS } from "./patience.mjs";
import { startTenant } from "./tenant.mjs";

const program = fileURLToPath(new URL("../../www/server/main.mjs", import.meta.url));

/** Starts a tenant and the built console in front of it, for a file of tests with `{ after }` of node:test. */
export async function startConsole(context, ...tenantOptions) {
  const tenant = await startTenant(context, ...tenantOptions);
  const browser = await startBrowser(context);
  const env = { ...process.env, AUTH0_USERS_BASE_URL: tenant.baseUrl, AUTH0_USERS_TOKEN: tenant.token };
  const child = spawn("node", [program], { env, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  context.after(async () => {
    child.stdin.end();
    await ended;
  });
  const passwords = {};
  let url;
  const lines = createInterface({ input: child.stdout });
  const timeout = setTimeout(() => child.kill(), PATIENCE_MS);
  const ready = new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const [word, first, second] = line.split(" ");
      if (word === "console") url = first;
      if (word === "operator") passwords[first] = second;
      if (Object.keys(passwords).length === 2) resolve();
    });
    lines.on("close", () => reject(new Error("the console's server did not say where it listens")));
  });
  await ready;
  clearTimeout(timeout);

  return {
    tenant,
    browser,
    url,
    passwords,
    /**
     * Opens a view, signed in. What the browser complains about (scripts, the policy, resources that are not there)
     * fails the test, but for the statuses of answers, and the texts, of which the test says that they come.
     */
    async open(t, path = "/", { operator = "administrator", expected = [], ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", ...options });
      const complaints = [];
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        const isExpected = expected.some((what) =>
          message.text().includes(typeof what === "number" ? `status of ${what}` : what),
        );
        if (["error", "warning"].includes(message.type()) && !isExpected) complaints.push(message.text());
      });
      t.after(async () => {
        await context.close();
        assert.deepEqual(complaints, []);
      });
      if (operator) {
        const answer = await context.request.post(`${url}/console/session`, {
          headers: { origin: url },
          data: { operator, password: passwords[operator] },
        });
        assert.equal(answer.status(), 204);
      }
      await page.goto(url + path);
      return page;
    },
    /** What was sent to the tenant since the last look, besides reading: operation, identifiers and body. */
    async changes() {
      const journal = await tenant.control("journal");
      await tenant.control("journal", undefined, "DELETE");
      return journal
        .filter(({ method }) => method !== "GET")
        .map(({ operation, path, body }) => {
          const target = decodeURIComponent(path.replace("/api/v2/", ""));
          return body ? [operation, target, JSON.parse(body)] : [operation, target];
        });
    },
    /** The API itself, past the proxy: for what a test needs to be there, and to see what came of it. */
    async api(path, { method = "GET", body } = {}) {
      const response = await fetch(tenant.baseUrl + path, {
        method,
        headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
        body: body && JSON.stringify(body),
      });
      const text = await response.text();
      return text ? JSON.parse(text) : undefined;
    },
    /** A user of its own for a test. */
    async newUser(name, more = {}) {
      const email = `${name.toLowerCase().replaceAll(/\W+/g, ".")}@example.com`;
      const connection = "Username-Password-Authentication";
      const body = { connection, email, name, password: "Correct-Horse-7-Battery", ...more };
      const user = await this.api("/users", { method: "POST", body });
      assert.ok(user.user_id, JSON.stringify(user));
      await tenant.control("journal", undefined, "DELETE");
      return user;
    },
  };
}

/** Everything that axe calls serious or critical in the page as it is. */
export async function assertAccessible(page, view) {
  // Evaluated by the debugger, which no policy of the page stops.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
  assert.deepEqual(serious, [], view);
}

export const pathOf = (user, tab) => `/users/${encodeURIComponent(user.user_id)}${tab ? `?tab=${tab}` : ""}`;

/** Waits until the status line of the page says what is expected. */
export async function told(page, text) {
  await page.locator(".notices").getByText(text).first().waitFor();
}
