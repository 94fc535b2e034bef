// What an operator has in hand in the console, and does not lose: the focus, the place in a list, what was typed.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { pathOf, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after }, "--users", "60");
const { tenant } = app;

const dialog = (page) => page.getByRole("dialog");
const hasFocus = (page, locator) => locator.and(page.locator(":focus")).waitFor();

test("a search keeps the focus, and a filter that is removed gives it to what opens the filters", async (t) => {
  const page = await app.open(t);
  const search = page.getByRole("searchbox");
  const filters = page.getByRole("button", { name: /^Filters/ });
  await search.fill("example");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search === "?text=example");
  await hasFocus(page, search);
  await filters.click();
  await page.getByLabel("Blocked", { exact: true }).selectOption("no");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Blocked: no").waitFor();
  await hasFocus(page, filters);
  await page.getByRole("button", { name: "Remove the filter Blocked" }).click();
  await page.waitForFunction(() => location.search === "?text=example");
  await hasFocus(page, filters);
});

test("what is typed outlasts another order, and going back shows what was searched", async (t) => {
  const page = await app.open(t, "/?text=example");
  const search = page.getByRole("searchbox");
  await search.fill("half a na");
  await page.getByRole("button", { name: "Name" }).click();
  await page.locator("th.name[aria-sort=descending]").waitFor();
  assert.equal(await search.inputValue(), "half a na");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nobody");
  await page.keyboard.press("Enter");
  await page.getByText("Nobody matches.").waitFor();
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("[type=search]").value === "example");
});

test("the place in the list and the selection are as they were when a user was looked at", async (t) => {
  const page = await app.open(t);
  const link = page.locator("td.name a").nth(20);
  await link.waitFor();
  await page.locator("td.select input").nth(19).check();
  await link.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => scrollY);
  assert.ok(place > 0);
  await link.click();
  await page.getByRole("tab", { name: "Profile" }).waitFor();
  await page.waitForFunction(() => scrollY === 0);
  await page.getByRole("link", { name: "← Users" }).click();
  await page.getByText("1 user selected").waitFor();
  await page.waitForFunction((y) => Math.abs(scrollY - y) < 5, place);
});

test("who is deleted is not selected any more", async (t) => {
  await app.newUser("Gone Selected");
  await app.newUser("Still Selected");
  const page = await app.open(t, "/?text=selected");
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByText("2 users selected").waitFor();
  await page.getByRole("link", { name: "Gone Selected" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await dialog(page).locator("[name=confirm]").fill("Gone Selected");
  await page.keyboard.press("Enter");
  await page.getByText("1 user selected").waitFor();
});

test("a dialog that a menu opened gives the focus back to the menu's button", async (t) => {
  const page = await app.open(t);
  const actions = page.getByRole("button", { name: /^Actions for/ }).nth(3);
  await actions.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Delete…" }).focus();
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await hasFocus(page, actions);
});

test("a dialog that the browser closes by itself opens again", async (t) => {
  const user = await app.newUser("Clo Sed");
  const page = await app.open(t, pathOf(user));
  for (let time = 0; time < 2; time++) {
    await page.getByRole("button", { name: "Delete…" }).click();
    await dialog(page).evaluate((own) => own.close());
    await page.locator("dialog").waitFor({ state: "detached" });
  }
});

test("editing a profile moves the focus to the form and back", async (t) => {
  const user = await app.newUser("Ed Itor");
  const page = await app.open(t, pathOf(user));
  await page.getByRole("button", { name: "Edit" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Name", { exact: true }).waitFor();
  await hasFocus(page, page.getByLabel("Name", { exact: true }));
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Eddie Itor");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Eddie Itor" }).waitFor();
  await hasFocus(page, page.getByRole("button", { name: "Edit" }));
  await page.waitForFunction(() => document.title === "Eddie Itor");
});

test("an item that goes away leaves the focus at the title of its part", async (t) => {
  const user = await app.newUser("Rho Lost");
  const role = (await tenant.control("directory")).roles[0];
  await app.api(`${pathOf(user)}/roles`, { method: "POST", body: { roles: [role.id] } });
  const page = await app.open(t, pathOf(user, "access"));
  await page.getByRole("button", { name: `Take away the role ${role.name}` }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("No roles.").waitFor();
  await hasFocus(page, page.getByRole("heading", { name: "Roles" }));
});

test("the open tab is in sight on a narrow screen", async (t) => {
  const user = await app.newUser("Nar Row");
  const page = await app.open(t, pathOf(user, "log"), { viewport: { width: 390, height: 800 } });
  await page.getByText("Nothing has happened yet.").waitFor();
  const { x, width } = await page.getByRole("tab", { name: "Log" }).boundingBox();
  assert.ok(x >= 0 && x + width <= 390);
});

test("a failure is read and dismissed where a dialog is open", async (t) => {
  const user = await app.newUser("Dia Log");
  const page = await app.open(t, pathOf(user), { expected: [403] });
  const body = JSON.stringify({ statusCode: 403, error: "Forbidden", message: "Insufficient scope" });
  await tenant.control("fail-next", { operation: "users.delete", user_id: user.user_id, status: 403, body });
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByLabel("Type “Dia Log” to confirm").fill("Dia Log");
  await page.keyboard.press("Enter");
  await dialog(page).getByText("You are not allowed to do this.").waitFor();
  await dialog(page).getByRole("button", { name: "Dismiss" }).click();
  await page.getByText("You are not allowed to do this.").waitFor({ state: "detached" });
  await dialog(page).waitFor();
});

test("a name is confirmed as it is seen", async (t) => {
  const user = await app.newUser("Spa Cious", { name: "Spa  Cious " });
  const page = await app.open(t, pathOf(user));
  await page.getByRole("button", { name: "Delete…" }).click();
  await dialog(page).locator("[name=confirm]").fill("Spa Cious");
  await page.keyboard.press("Enter");
  await told(page, /is deleted/);
  assert.deepEqual(await app.changes(), [["users.delete", `users/${user.user_id}`]]);
});

test("without a network a list says so, and comes when there is one again", async (t) => {
  const page = await app.open(t, "/", { expected: ["ERR_INTERNET_DISCONNECTED"] });
  await page.locator("td.name a").first().waitFor();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Name" }).click();
  await page.getByText("The console's server did not answer.").waitFor();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("[role=alert].failure").waitFor({ state: "detached" });
});

test("a user who could not be read comes when tried again", async (t) => {
  const user = await app.newUser("Tria Gain");
  const body = JSON.stringify({ statusCode: 403, error: "Forbidden", message: "Insufficient scope" });
  await tenant.control("fail-next", { operation: "users.get", user_id: user.user_id, status: 403, body });
  const page = await app.open(t, pathOf(user), { expected: [403] });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { level: 1, name: "Tria Gain" }).waitFor();
});

test("a change to many shows in the page of a user that was looked at before", async (t) => {
  const user = await app.newUser("Bul Kstale");
  const page = await app.open(t, "/?text=kstale");
  await page.getByRole("link", { name: "Bul Kstale" }).click();
  await page.locator(".states").getByText("Not blocked").waitFor();
  await page.goBack();
  await page.getByRole("checkbox", { name: "Select Bul Kstale" }).check();
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await page.locator(".bulk").getByText("Done. 1 blocked.").waitFor();
  await page.getByRole("link", { name: "Bul Kstale" }).click();
  await page.locator(".states").getByText("Blocked", { exact: true }).waitFor();
  assert.equal((await app.api(pathOf(user))).blocked, true);
});

test("a change that meets an ended session leads to the sign-in", async (t) => {
  const user = await app.newUser("Sess End");
  const page = await app.open(t, pathOf(user), { expected: [401] });
  await page.getByRole("heading", { level: 1, name: "Sess End" }).waitFor();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Block" }).click();
  await page.getByLabel("Operator").waitFor();
});

test("a page past the last one leads to the first, and too short a part of a name is explained", async (t) => {
  const page = await app.open(t, "/?page=30");
  await page.getByText("There are not so many pages any more.").waitFor();
  await page.getByRole("button", { name: "Show the first page" }).click();
  await page.locator("td.name a").first().waitFor();
  await page.goto(`${app.url}/?text=zq`);
  await page.getByText("Parts of names and emails are found from three characters on.").waitFor();
});

test("without a network a view that is not loaded yet says so, and comes when the page is loaded again", async (t) => {
  const user = await app.newUser("Lay Ter");
  const page = await app.open(t, "/?text=lay", { expected: ["ERR_INTERNET_DISCONNECTED"] });
  await page.getByRole("link", { name: "Lay Ter" }).waitFor();
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "Lay Ter" }).click();
  await page.getByText("This part of the console could not be loaded.").waitFor();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByRole("heading", { level: 1, name: "Lay Ter" }).waitFor();
  assert.equal(new URL(page.url()).pathname, pathOf(user));
});
