// The metadata of a user in the console.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { assertAccessible, pathOf, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after });

const dialog = (page) => page.getByRole("dialog");
const undo = (page) => page.locator(".notices").getByRole("button", { name: "Undo" }).click();

test("the patch and both states are shown before anything is sent", async (t) => {
  const before = { theme: "dark", old: 1, address: { city: "Oslo", zip: "0150" } };
  const user = await app.newUser("Meta Data", { user_metadata: before });
  const page = await app.open(t, pathOf(user, "metadata"));
  const editor = page.getByRole("textbox", { name: "User metadata" });
  await editor.fill("{ not json");
  await page.getByText("This is not JSON").waitFor();
  assert.equal(
    await page.getByRole("button", { name: "Review changes…" }).first().getAttribute("aria-disabled"),
    "true",
  );

  await editor.fill(JSON.stringify({ theme: "dark", address: { city: "Bergen" }, beta: true, old: null }));
  await page.getByText("Changed, and not sent yet.").waitFor();
  await page.getByRole("button", { name: "Review changes…" }).first().click();
  const patch = { address: { city: "Bergen" }, old: null, beta: true };
  await dialog(page).waitFor();
  const shown = await dialog(page).locator("pre").textContent();
  assert.equal(
    shown,
    `PATCH /users/${encodeURIComponent(user.user_id)}\n\n${JSON.stringify({ user_metadata: patch }, null, 2)}`,
  );
  assert.deepEqual(
    (await dialog(page).locator(".diff dl").allTextContents()).map((text) =>
      text.replace(/[−+] (before|after): /g, " $1 "),
    ),
    ['address.city before "Oslo" after "Bergen"', 'address.zip before "0150"', "old before 1", "beta after true"],
  );
  await assertAccessible(page, "metadata before they are sent");
  assert.deepEqual(await app.changes(), []);

  await dialog(page).getByRole("button", { name: "Send" }).click();
  await told(page, "User metadata changed.");
  assert.deepEqual(await app.changes(), [["users.update", `users/${user.user_id}`, { user_metadata: patch }]]);
  const after = { theme: "dark", address: { city: "Bergen" }, beta: true };
  assert.deepEqual((await app.api(pathOf(user))).user_metadata, after);
  await undo(page);
  await told(page, "It is as it was before.");
  assert.deepEqual((await app.api(pathOf(user))).user_metadata, before);
});

test("somebody else's change is not overwritten unseen", async (t) => {
  const user = await app.newUser("Clear Ance", { app_metadata: { plan: "free", seats: 3 } });
  const target = `users/${user.user_id}`;
  const page = await app.open(t, pathOf(user, "metadata"));
  const editor = page.getByRole("textbox", { name: "App metadata" });
  const review = page.getByRole("button", { name: "Review changes…" }).nth(1);
  const notice = page.getByText("Somebody else has changed this since you opened it");
  const compare = page.getByRole("button", { name: "Compare with what is there now" });
  const elsewhere = (app_metadata) => app.api(pathOf(user), { method: "PATCH", body: { app_metadata } });
  const typed = JSON.stringify({ plan: "pro", seats: 3 });
  await editor.fill(typed);
  await elsewhere({ plan: "team", trial: true });
  await app.changes();
  await review.click();
  await notice.waitFor();
  await assertAccessible(page, "metadata that somebody else has changed");
  assert.equal(await editor.inputValue(), typed);
  await compare.click();
  // What the other one has made of it is in sight, and would go.
  await dialog(page).getByText('"team"').waitFor();
  await dialog(page).locator("dl", { hasText: "trial" }).locator(".removed").waitFor();

  // And once more, while that is read.
  await elsewhere({ seats: 4 });
  await app.changes();
  await dialog(page).getByRole("button", { name: "Send" }).click();
  await notice.waitFor();
  await dialog(page).waitFor({ state: "detached" });
  assert.deepEqual(await app.changes(), []);
  await page.getByRole("button", { name: "Drop my text" }).click();
  const now = { plan: "team", seats: 4, trial: true };
  assert.deepEqual(JSON.parse(await editor.inputValue()), now);

  // A change of something else is not in the way.
  await editor.fill("{}");
  await app.api(pathOf(user), { method: "PATCH", body: { nickname: "Clary" } });
  await app.changes();
  await review.click();
  await dialog(page).getByRole("button", { name: "Send" }).click();
  await told(page, "App metadata changed.");
  const patch = { plan: null, seats: null, trial: null };
  assert.deepEqual(await app.changes(), [["users.update", target, { app_metadata: patch }]]);

  // Undoing does not overwrite unseen either.
  await elsewhere({ plan: "new" });
  await app.changes();
  await undo(page);
  await told(page, "Somebody has changed this user meanwhile, so nothing was sent.");
  assert.deepEqual(await app.changes(), []);
});

test("metadata that are the same but for how they are written are not sent", async (t) => {
  const user = await app.newUser("Same Ness", { user_metadata: { a: 1, b: { c: 2, d: 3 } } });
  const page = await app.open(t, pathOf(user, "metadata"));
  await page.getByRole("textbox", { name: "User metadata" }).fill('{"b":{"d":3,"c":2},"a":1}');
  await page.getByRole("button", { name: "Review changes…" }).first().click();
  await dialog(page).getByText("There is nothing to send.").waitFor();
  await dialog(page).getByRole("button", { name: "Back" }).click();
  assert.deepEqual(await app.changes(), []);
});

test("an integer that the page cannot hold exactly is not sent", async (t) => {
  const user = await app.newUser("Disc Ord", { app_metadata: { ids: { discord: "175928847299117063" } } });
  const page = await app.open(t, pathOf(user, "metadata"));
  const editor = page.getByRole("textbox", { name: "App metadata" });
  await editor.fill('{ "ids": { "discord": 175928847299117063 } }');
  await page.getByRole("button", { name: "Review changes…" }).nth(1).click();
  await told(page, "Write it as text, in quotes.");
  assert.equal(await dialog(page).count(), 0);
  assert.deepEqual(await app.changes(), []);
});
