// Who may do what in the console, and that everybody can use it.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { assertAccessible, pathOf, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after });
const { tenant } = app;

test("an operator signs in and out, and the page never holds the token", async (t) => {
  const page = await app.open(t, "/", { operator: null, expected: [401] });
  const seen = [];
  page.on("response", async (response) => {
    seen.push(JSON.stringify(await response.allHeaders()), await response.text().catch(() => ""));
  });
  await page.getByLabel("Operator").fill("administrator");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("There is no such operator with this password").waitFor();
  await assertAccessible(page, "sign-in");
  await page.getByLabel("Password").fill(app.passwords.administrator);
  await page.keyboard.press("Enter");
  await page.locator("td.name a").first().waitFor();

  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, "Strict");
  assert.ok(seen.every((text) => !text.includes(tenant.token)));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Operator").waitFor();
  const answer = await page.request.get(`${app.url}/admin-api/users`);
  assert.equal(answer.status(), 401);
});

test("the policy of the page is strict", async () => {
  const { headers } = await fetch(app.url);
  assert.equal(
    headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
      "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  );
});

test("no other site signs in or out", async () => {
  for (const [method, origin] of [
    ["POST", "https://evil.example"],
    ["POST", undefined],
    ["DELETE", "https://evil.example"],
  ]) {
    const body = JSON.stringify({ operator: "support", password: app.passwords.support });
    const headers = { "content-type": "application/json", ...(origin && { origin }) };
    const { status } = await fetch(`${app.url}/console/session`, { method, headers, body });
    assert.equal(status, 403);
  }
});

test("support reads and ends lockouts; the rest is greyed out, and refused by the proxy", async (t) => {
  const user = await app.newUser("Iris Lockwood");
  await tenant.control("block", { identifier: user.email, connection: "Username-Password-Authentication" });
  const page = await app.open(t, pathOf(user, "security"), { operator: "support", expected: [403] });
  await page.getByText("Locked out after failed logins").waitFor();
  for (const name of ["Delete…", "New recovery code…", "Forget remembered browsers", "Password link"]) {
    const button = page.getByRole("button", { name: new RegExp(`^${name}`) });
    assert.equal(await button.getAttribute("aria-disabled"), "true", name);
    assert.match(await button.getAttribute("title"), /Your role does not allow/);
    await button.click({ force: true });
  }
  await page.getByRole("button", { name: "End the lockout" }).click();
  await told(page, "Iris Lockwood is not locked out any more.");
  assert.deepEqual(await app.changes(), [["userBlocks.delete", `user-blocks/${user.user_id}`]]);

  const status = await page
    .evaluate(async (id) => {
      const capabilities = await (await fetch("/admin-api/-/capabilities")).json();
      const headers = { "content-type": "application/json", "x-csrf-token": capabilities.csrf };
      const request = { method: "DELETE", headers };
      return (await fetch(`/admin-api/users/${encodeURIComponent(id)}`, request)).status;
    }, user.user_id)
    .catch((error) => error.message);
  assert.equal(status, 403);
  assert.deepEqual(await app.changes(), []);
});

const TABS = ["profile", "metadata", "access", "organizations", "security", "sessions", "identities", "log"];

for (const [name, options] of [
  ["on a desktop, light", { colorScheme: "light" }],
  ["on a phone, dark", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
]) {
  test(`every view is accessible, ${name}`, async (t) => {
    const user = await app.newUser(`Rosa ${options.colorScheme}`, { user_metadata: { theme: "dark" } });
    await tenant.control("attach", { user_id: user.user_id, sessions: 2, organizations: 2, logs: 5 });
    const page = await app.open(t, "/", options);
    async function check(view) {
      await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
      await assertAccessible(page, view);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      assert.equal(wide, false, `${view} scrolls sideways`);
    }
    await page.locator("td.name a").first().waitFor();
    await check("list");
    await page.getByRole("button", { name: "Filters" }).click();
    await check("filters");
    await page.getByRole("button", { name: "Filters" }).click();
    await page
      .getByRole("checkbox", { name: /^Select / })
      .nth(1)
      .check();
    await page.getByRole("region", { name: "Selected users" }).waitFor();
    await check("selection");
    await page.getByRole("button", { name: "Assign a role…" }).click();
    await page.getByRole("dialog").waitFor();
    await check("assign a role");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("button", { name: "New user" }).click();
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByText("Email is needed").waitFor();
    await check("new user");
    await page.keyboard.press("Escape");
    await page
      .getByRole("button", { name: /^Actions for/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Open" }).waitFor();
    await check("menu");
    for (const tab of TABS) {
      await page.goto(app.url + pathOf(user, tab));
      await page.getByRole("tabpanel").waitFor();
      await check(tab);
    }
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("dialog").waitFor();
    await check("delete");
  });
}

test("the theme is chosen, and stays", async (t) => {
  const page = await app.open(t, "/", { colorScheme: "light" });
  const back = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.locator("td.name a").first().waitFor();
  const light = await back();
  await page.getByLabel("Theme").selectOption("dark");
  const dark = await back();
  assert.notEqual(dark, light);
  await page.reload();
  await page.locator("td.name a").first().waitFor();
  assert.equal(await back(), dark);
});

test("a session that has ended leads back to the sign-in", async (t) => {
  const page = await app.open(t, "/", { expected: [401] });
  await page.locator("td.name a").first().waitFor();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Name" }).click();
  await page.getByLabel("Operator").waitFor();
});
