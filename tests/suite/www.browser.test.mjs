import assert from "node:assert/strict";
import { join } from "node:path";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";

import { serve } from "../../scripts/serve.mjs";
import { startBrowser } from "../helpers/browser.mjs";
import { project } from "../helpers/project.mjs";
import { startTenant } from "../helpers/tenant.mjs";

const browser = await startBrowser({ after });
const tenant = await startTenant({ after });
const server = await serve({
  "/": fileURLToPath(new URL("../../www", import.meta.url)),
  "/pkg/": join(project, "node_modules/auth0-users"),
});
after(() => server.close());

/** Opens the page, connected; `complaints` collects what its console and its policy say. */
async function open(t, settings = tenant) {
  const page = await browser.newPage();
  t.after(() => page.close());
  page.setDefaultTimeout(10_000);
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const { baseUrl, token } = settings;
  await page.goto(`${server.url}/#${new URLSearchParams({ baseUrl, token })}`);
  return { page, complaints };
}

test("every operation can be clicked", async (t) => {
  const { page, complaints } = await open(t);
  const text = (selector) => page.locator(selector).textContent();
  const outcome = (words) => page.getByRole("status").filter({ hasText: words }).waitFor();
  const json = async () => JSON.parse(await text("#json"));

  await page.getByText("1 to 20 of 300").waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("21 to 40 of 300").waitFor();
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByText("1 to 20 of 300").waitFor();

  await page.getByRole("button", { name: "User", exact: true }).click();
  await page.locator("th[aria-sort=ascending]", { hasText: "User" }).waitFor();
  await page.getByRole("searchbox").fill('app_metadata.plan:"business"');
  await page.keyboard.press("Enter");
  await page.getByText(/^1 to 20 of (?!300)/).waitFor();

  await page.getByRole("button", { name: "New user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill("Page@Example.com");
  await dialog.getByLabel("Name").fill("Page Example");
  await dialog.getByLabel("Password").fill("weak");
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByRole("alert").filter({ hasText: "The tenant refused that." }).waitFor();
  await dialog.getByLabel("Password").fill("Correct-Horse-7-Battery");
  await dialog.getByRole("button", { name: "Create" }).click();
  await outcome("Created.");
  assert.equal((await json()).email, "page@example.com");
  // The limit of a server on another origin cannot be read, so the list waits for its turn.
  await page.locator("#calls li").nth(6).waitFor();

  await page.getByLabel("How to find users").selectOption("email");
  await page.getByRole("searchbox").fill("page@example.com");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("1 to 1 of 1").waitFor();
  await page.getByRole("button", { name: "Page Example" }).click();

  await page.getByLabel("Changes to send").fill('{ "user_metadata": { "a": { "b": 1 }, "c": 2 } }');
  await page.getByRole("button", { name: "Update" }).click();
  await outcome("Updated.");
  await page.getByLabel("Changes to send").fill('{ "user_metadata": { "a": { "d": 3 }, "c": null } }');
  await page.getByRole("button", { name: "Update" }).click();
  await page.locator("#json", { hasText: '"d": 3' }).waitFor();
  assert.deepEqual((await json()).user_metadata, { a: { d: 3 } });

  await page.getByRole("button", { name: "New recovery code" }).click();
  await outcome(/The new recovery code is [A-Z0-9]{24}\./);
  await page.getByRole("button", { name: "Revoke access" }).click();
  await outcome("Sessions and refresh tokens are revoked.");

  await page.getByRole("button", { name: "Delete …" }).click();
  await dialog.getByRole("button", { name: "Keep" }).click();
  assert.equal(await page.locator("#detail").isVisible(), true);
  await page.getByRole("button", { name: "Delete …" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No user matches").waitFor();
  assert.equal(await page.locator("#detail").isVisible(), false);

  const calls = await page.locator("#calls li").allTextContents();
  const operations = calls.map((call) => call.replace(/(auth0%7C)\w+/, "$1…").replace(/\?.*(?= )/, ""));
  assert.deepEqual(operations.reverse(), [
    "GET /api/v2/users 200",
    "GET /api/v2/users 200",
    "GET /api/v2/users 200",
    "GET /api/v2/users 200",
    "POST /api/v2/users 400",
    "POST /api/v2/users 201",
    "GET /api/v2/users 200",
    "GET /api/v2/users-by-email 200",
    "GET /api/v2/users/auth0%7C… 200",
    "PATCH /api/v2/users/auth0%7C… 200",
    "PATCH /api/v2/users/auth0%7C… 200",
    "POST /api/v2/users/auth0%7C…/recovery-code-regeneration 200",
    "POST /api/v2/users/auth0%7C…/revoke-access 202",
    "DELETE /api/v2/users/auth0%7C… 204",
    "GET /api/v2/users-by-email 200",
  ]);
  assert.ok(!page.url().includes(tenant.token));
  assert.ok(!(await page.content()).includes(tenant.token));
  // The browser itself notes the answer of 400.
  assert.deepEqual(
    complaints.filter((text) => !text.includes("status of 400")),
    [],
  );
});

test("a reload keeps the connection, with the token out of the address", async (t) => {
  const { page } = await open(t);
  await page.getByText("1 to 20 of 300").waitFor();
  assert.ok(!page.url().includes(tenant.token));
  await page.reload();
  await page.getByText("1 to 20 of 300").waitFor();
});

for (const [name, settings, words] of [
  ["a wrong token", { ...tenant, token: "wrong" }, "The tenant does not accept this token."],
  ["nobody there", { ...tenant, baseUrl: "http://127.0.0.1:1/api/v2" }, "The tenant did not answer."],
  ["another server", { ...tenant, baseUrl: server.url }, "There is nothing at this address."],
]) {
  test(`what goes wrong is said in plain words: ${name}`, async (t) => {
    const { page } = await open(t, settings);
    await page.locator("#alert", { hasText: words }).waitFor();
  });
}

test("what a user is called cannot become part of the page", async (t) => {
  const hostile = "<img src=x onerror=document.title='broken'>";
  const { page } = await open(t);
  const headers = { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" };
  const user = { connection: "Username-Password-Authentication", email: "h@example.com", name: hostile };
  const body = JSON.stringify({ ...user, password: "Correct-Horse-7-Battery" });
  const created = await fetch(`${tenant.baseUrl}/users`, { method: "POST", headers, body });
  assert.equal(created.status, 201);
  await page.reload();
  await page.getByRole("button", { name: hostile }).click();
  await page.getByRole("heading", { name: hostile }).waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.title(), "Users");
});
