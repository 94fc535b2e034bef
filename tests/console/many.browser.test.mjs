// Many users in the console, and new ones.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after }, "--users", "60");
const { tenant } = app;

const dialog = (page) => page.getByRole("dialog");
const panel = (page) => page.locator(".bulk");

/** Opens a list of users of a test's own, all of them selected. */
async function selected(t, surname, count, options) {
  const users = [];
  for (let number = 1; number <= count; number++) users.push(await app.newUser(`N${number} ${surname}`));
  const page = await app.open(t, `/?text=${surname}`, options);
  await page.getByText(count === 1 ? "1 matches" : `${count} match`).waitFor();
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  if (count > 25) await page.getByRole("button", { name: `Select all ${count}` }).click();
  await page.getByText(`${count} users selected`).waitFor();
  return { page, ids: users.map(({ user_id }) => user_id).sort() };
}

const targets = (changes) => changes.map(([, target]) => target.replace("users/", "").split("/")[0]).sort();

test("many are blocked, over all pages, and the block is undone", async (t) => {
  const { page, ids } = await selected(t, "Blockhurst", 30);
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await panel(page).getByText("Done. 30 blocked.").waitFor();
  const changes = await app.changes();
  assert.deepEqual(targets(changes), ids);
  assert.ok(changes.every(([operation, , body]) => operation === "users.update" && body.blocked === true));
  await page.getByRole("link", { name: "N30 Blockhurst" }).locator("xpath=..").getByText("Blocked").waitFor();
  await panel(page).getByRole("button", { name: /^Undo/ }).click();
  await panel(page).getByText("Done. 30 unblocked.").waitFor();
  assert.ok((await app.changes()).every(([, , body]) => body.blocked === false));
});

test("a change to many is paused, goes on, and is canceled, with the budget of requests in sight", async (t) => {
  const { page, ids } = await selected(t, "Pausewell", 28);
  await tenant.control("rate", { burst: 10, per_second: 5 });
  t.after(() => tenant.control("rate", null));
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await panel(page)
    .getByText(/ of 10$/)
    .waitFor();
  await panel(page).getByRole("button", { name: "Pause" }).click();
  await panel(page)
    .getByText(/^Paused\./)
    .waitFor();
  // What was under way comes to its end; then nothing more is sent.
  const quiet = /Under way0Waiting for their turn0/;
  const isQuiet = () =>
    page.waitForFunction((quiet) => quiet.test(document.querySelector(".budget").textContent), quiet);
  await isQuiet();
  const before = (await tenant.control("journal")).filter(
    ({ committed, method }) => committed && method === "PATCH",
  ).length;
  assert.ok(before > 0 && before < 28, `${before} were changed before the pause`);
  await panel(page)
    .getByText(new RegExp(`^Paused\\. ${before} blocked, ${28 - before} to go`))
    .waitFor();
  // So slow that the rest does not end before the click below, on whatever machine.
  await tenant.control("rate", { burst: 2, per_second: 1 });
  await panel(page).getByRole("button", { name: "Go on" }).click();
  await page.waitForFunction(
    (least) => Number(/(\d+) blocked/.exec(document.querySelector(".bulk [role=status]").textContent)?.[1]) > least,
    before,
  );
  await panel(page).getByRole("button", { name: "Cancel" }).click();
  await panel(page)
    .getByText(/^Ended\. \d+ blocked, \d+ left as they were\.$/)
    .waitFor();
  const [, done] = /(\d+) blocked/.exec(await panel(page).getByRole("status").textContent());
  const journal = await tenant.control("journal");
  const changed = journal.filter(({ committed, method }) => committed && method === "PATCH");
  assert.equal(changed.length, Number(done));
  await tenant.control("rate", null);
  await panel(page)
    .getByRole("button", { name: `Do the ${28 - done} left` })
    .click();
  await panel(page).getByText("Done. 28 blocked.").waitFor();
  const all = (await app.changes()).filter(([operation]) => operation === "users.update");
  assert.deepEqual([...new Set(targets(all))], ids);
});

test("those that fail are named with why, and retried alone", async (t) => {
  const { page, ids } = await selected(t, "Failsworth", 8, { expected: [404, 409] });
  const role = (await tenant.control("directory")).roles.find(({ name }) => name === "viewer");
  const body = JSON.stringify({ statusCode: 409, error: "Conflict", message: "Something else goes on." });
  await tenant.control("fail-next", { operation: "users.roles.assign", status: 409, body, times: 3 });
  await page.getByRole("button", { name: "Assign a role…" }).click();
  await dialog(page).getByLabel("Role").selectOption("viewer");
  await dialog(page).getByRole("button", { name: "Assign" }).click();
  await panel(page).getByText("Ended. 5 given the role viewer, 3 failed.").waitFor();
  const why = " Something else goes on. See what is there, then try again.";
  const failed = await panel(page).locator("li").allTextContents();
  assert.deepEqual(
    failed.map((text) => text.replace(/^N\d Failsworth/, "")),
    [why, why, why],
  );
  await app.changes();
  await panel(page).getByRole("button", { name: "Retry the 3 that failed" }).click();
  await panel(page).getByText("Done. 8 given the role viewer.").waitFor();
  assert.equal((await app.changes()).length, 3);
  for (const id of ids) {
    const roles = await app.api(`/users/${encodeURIComponent(id)}/roles`);
    assert.deepEqual(
      roles.map((own) => own.id),
      [role.id],
    );
  }
});

test("many are deleted when that is typed", async (t) => {
  const { page, ids } = await selected(t, "Goneby", 5);
  await page.getByRole("button", { name: "Delete…" }).click();
  const field = dialog(page).getByLabel("Type “delete 5” to confirm");
  await field.fill("delete 4");
  await page.keyboard.press("Enter");
  assert.deepEqual(await app.changes(), []);
  await field.fill("delete 5");
  await page.keyboard.press("Enter");
  await panel(page).getByText("Done. 5 deleted.").waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "bulk-title");
  await page.getByText("Nobody matches").waitFor();
  const changes = await app.changes();
  assert.deepEqual(targets(changes), ids);
  assert.ok(changes.every(([operation]) => operation === "users.delete"));
});

test("a new user: each connection asks for what it needs", async (t) => {
  const page = await app.open(t, "/", { expected: [409, 400] });
  await page.getByRole("button", { name: "New user" }).click();
  const create = dialog(page).getByRole("button", { name: "Create" });
  await create.click();
  await dialog(page).getByText("Email is needed for Username-Password-Authentication.").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "email");
  await dialog(page).getByLabel("Connection").selectOption("Members");
  await dialog(page).getByLabel("Username").waitFor();
  await dialog(page).getByLabel("Connection").selectOption("sms");
  assert.equal(await dialog(page).getByLabel("Email").count(), 0);
  await dialog(page).getByLabel("Phone number").fill("12345");
  await create.click();
  await dialog(page).getByText("A phone number is a + and up to 15 digits.").waitFor();
  await dialog(page).getByText("Not from here: Archive, google-oauth2, github, acme-saml.").waitFor();

  await dialog(page).getByLabel("Connection").selectOption("Username-Password-Authentication");
  await dialog(page).getByLabel("Email").fill("newcomer@example.com");
  await dialog(page).getByLabel("Password").fill("weak");
  await create.click();
  await dialog(page).locator(".fault").getByText("Take 8 characters or more").waitFor();
  assert.deepEqual(await app.changes(), []);
  await dialog(page).getByLabel("Password").fill("Correct-Horse-7-Battery");
  await dialog(page).getByLabel("Name", { exact: true }).fill("New Comer");
  await create.click();
  await page.getByRole("heading", { name: "New Comer" }).waitFor();
  await told(page, "New Comer is created.");
  const body = {
    connection: "Username-Password-Authentication",
    email: "newcomer@example.com",
    password: "Correct-Horse-7-Battery",
    name: "New Comer",
  };
  const [[operation, target, sent]] = await app.changes();
  assert.deepEqual([operation, target], ["users.create", "users"]);
  assert.deepEqual({ ...sent, password: body.password }, body);

  await page.getByRole("link", { name: "← Users" }).click();
  await page.getByRole("button", { name: "New user" }).click();
  await dialog(page).getByLabel("Email").fill("newcomer@example.com");
  await dialog(page).getByLabel("Password").fill("Correct-Horse-7-Battery");
  await create.click();
  await dialog(page).getByText("There is such a user already. Look for the user, or use another email").waitFor();
});

test("where answers get lost, it is looked up whether the change was made", async (t) => {
  const { page, ids } = await selected(t, "Lostwithiel", 4, { expected: [404, 500] });
  // The server of the console sends each three times, and the page asks it twice.
  await tenant.control("fail-next", { operation: "users.delete", after_commit: true, status: 500, times: 24 });
  await page.getByRole("button", { name: "Delete…" }).click();
  await dialog(page).getByLabel("Type “delete 4” to confirm").fill("delete 4");
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await panel(page).getByText("Done. 4 deleted.").waitFor();
  const changes = await app.changes();
  assert.deepEqual([...new Set(targets(changes))], ids);
  assert.equal(changes.length, 24);
});
