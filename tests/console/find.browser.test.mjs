// Finding users in the console.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { pathOf, startConsole } from "../helpers/console.mjs";

const app = await startConsole({ after }, "--users", "1200");
const { tenant } = app;

const names = (page) => page.locator("td.name a").allTextContents();
const count = (page) => page.locator(".count");
const queries = async () =>
  (await tenant.control("journal"))
    .filter(({ operation }) => operation === "users.list")
    .map(({ query }) => new URLSearchParams(query));

test("a search finds part of a name or an email, and has an address that can be shared", async (t) => {
  const user = await app.newUser("Zoe Quinceford");
  const page = await app.open(t);
  await page.getByRole("searchbox").fill("quincef");
  await page.keyboard.press("Enter");
  await count(page).getByText("1 matches").waitFor();
  assert.deepEqual(await names(page), ["Zoe Quinceford"]);
  const address = page.url();

  const other = await app.open(t, address.slice(app.url.length));
  await other.getByRole("link", { name: "Zoe Quinceford" }).click();
  await other.getByRole("heading", { name: "Zoe Quinceford" }).waitFor();
  assert.equal(new URL(other.url()).pathname, pathOf(user));
  await other.getByRole("link", { name: "← Users" }).click();
  await other.getByRole("link", { name: "Zoe Quinceford" }).waitFor();
  assert.equal(other.url(), address);
});

test("what is typed never becomes syntax", async (t) => {
  const odd = 'Ann "The*Cat" (Ltd) OR a:b [x] + y';
  await app.newUser(odd, { email: "odd.one@example.com" });
  const page = await app.open(t);
  for (const typed of [odd, 'e*Cat" (L', "OR a:b [x] +", '"The*Cat']) {
    await page.getByRole("searchbox").fill(typed);
    await page.keyboard.press("Enter");
    await page.waitForFunction((text) => new URLSearchParams(location.search).get("text") === text, typed);
    await page.getByText("1 matches").waitFor();
    assert.deepEqual(await names(page), [odd], typed);
  }
  // An asterisk is an asterisk, and nobody's name has two.
  await page.getByRole("searchbox").fill("C**t");
  await page.keyboard.press("Enter");
  await page.getByText("Nobody matches").waitFor();
});

test("filters add up, show as chips, and say what is sent", async (t) => {
  const page = await app.open(t);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Connection").selectOption("Members");
  await page.getByLabel("Blocked", { exact: true }).selectOption("yes");
  await page.getByLabel("Created up to").fill("2024-01-01");
  const sent = await page.locator("fieldset code").textContent();
  assert.equal(
    sent,
    '(identities.connection:"Members" AND blocked:"true" AND created_at:[* TO 2024-01-01T23:59:59.999Z])',
  );
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Connection: Members").waitFor();
  await page.locator(".count").getByText("match").waitFor();
  const expected = await app.api(`/users?per_page=25&sort=created_at:-1&q=${encodeURIComponent(sent)}`);
  assert.ok(expected.length > 0);
  await page.locator(".table-box[aria-busy=false]").waitFor();
  assert.deepEqual(
    await names(page),
    expected.map(({ name }) => name),
  );
  await page.getByRole("button", { name: "Remove the filter Blocked" }).click();
  await page.waitForFunction(() => !location.search.includes("blocked"));
  assert.match(page.url(), /connection=Members/);
  await page.getByRole("button", { name: "Remove all" }).click();
  await page.waitForFunction(() => location.search === "");
});

test("columns sort, and pages follow", async (t) => {
  const page = await app.open(t);
  await page.getByRole("button", { name: "Email" }).click();
  await page.locator("th.email[aria-sort=descending]").waitFor();
  await page.getByRole("button", { name: "Email" }).click();
  await page.locator("th.email[aria-sort=ascending]").waitFor();
  await page.locator(".table-box[aria-busy=false]").waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Page 2 of 40").waitFor();
  await page.locator(".table-box[aria-busy=false]").waitFor();
  const expected = await app.api("/users?per_page=25&page=1&sort=email:1");
  assert.deepEqual(
    await names(page),
    expected.map((user) => user.name ?? user.email ?? user.phone_number),
  );
  assert.match(page.url(), /sort=email%3A1&page=2/);
  await page.goBack();
  await page.getByText("Page 1 of 40").waitFor();
});

test("the cap of a search is explained, and not hit", async (t) => {
  await tenant.control("journal", undefined, "DELETE");
  const page = await app.open(t, "/?page=40");
  await page.getByText("A search reaches its first 1,000 users").waitFor();
  await page.getByText("1,000 or more").waitFor();
  await page.getByText("Page 40 of 40").waitFor();
  const next = page.getByRole("button", { name: "Next" });
  assert.equal(await next.getAttribute("aria-disabled"), "true");
  await next.click({ force: true });
  await page.goto(`${app.url}/?page=4000`);
  await page.getByText("Page 40 of 40").waitFor();
  assert.ok((await queries()).every((query) => Number(query.get("page")) < 40));

  const created = await page.locator("td.created_at time").last().getAttribute("datetime");
  await page.getByRole("button", { name: /^Go on with those up to/ }).click();
  await page.getByText(`Created up to: ${created.slice(0, 10)}`).waitFor();
  await page.getByText("Page 1 of").waitFor();
});

test("the list is used with the keyboard alone", async (t) => {
  const page = await app.open(t);
  await page.locator("td.name a").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("example.com");
  await page.keyboard.press("Enter");
  await page.getByText("match", { exact: false }).first().waitFor();
  await page.locator(".table-box[aria-busy=false]").waitFor();
  await page.locator("td.name a").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const third = page.locator("td.name a").nth(2);
  assert.ok(await third.evaluate((link) => link === document.activeElement));
  const name = await third.textContent();
  await page.keyboard.press("Enter");
  const heading = page.getByRole("heading", { level: 1, name });
  await heading.waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  assert.equal(await page.title(), name);
});

test("a list that fails says what to do, and comes when tried again", async (t) => {
  await app.newUser("Fran Gilehurst");
  // One page only, so that nothing is loaded ahead that could meet the fault.
  const page = await app.open(t, "/?text=gilehurst", { expected: [400] });
  await page.getByText("1 matches").waitFor();
  const body = JSON.stringify({ statusCode: 400, error: "Bad Request", message: "No.", errorCode: "invalid_paging" });
  await tenant.control("fail-next", { operation: "users.list", status: 400, body });
  await page.getByRole("button", { name: "Name" }).click();
  await page.getByText("A search reaches the first 1,000 users only. Narrow it down.").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("[role=alert].failure").waitFor({ state: "detached" });
  await page.locator("th.name[aria-sort=descending]").waitFor();
});
