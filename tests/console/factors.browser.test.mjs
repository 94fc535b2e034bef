// The second factors of a user in the console.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { assertAccessible, pathOf, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after });

const dialog = (page) => page.getByRole("dialog");

test("a recovery code is shown once, and copied", async (t) => {
  const user = await app.newUser("Rea Cover");
  const page = await app.open(t, pathOf(user, "security"), { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("button", { name: "New recovery code…" }).click();
  await dialog(page).getByRole("button", { name: "Make a new one" }).click();
  const code = await dialog(page).locator(".secret code").textContent();
  assert.match(code, /^[A-Z0-9]{24}$/);
  await dialog(page).getByRole("button", { name: "Copy the recovery code" }).click();
  await page.waitForFunction(async (text) => (await navigator.clipboard.readText()) === text, code);
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await dialog(page).waitFor({ state: "detached" });
  assert.ok(!(await page.content()).includes(code));
  const target = `users/${user.user_id}/recovery-code-regeneration`;
  assert.deepEqual(await app.changes(), [["users.regenerateRecoveryCode", target]]);
});

test("every second factor is removed at once", async (t) => {
  const user = await app.newUser("Resi Factor");
  const path = `${pathOf(user)}/authentication-methods`;
  for (const body of [
    { type: "phone", name: "Work", phone_number: "+4791234567" },
    { type: "totp", name: "App", totp_secret: "JBSWY3DPEHPK3PXP" },
  ]) {
    await app.api(path, { method: "POST", body });
  }
  await app.changes();
  const page = await app.open(t, pathOf(user, "security"));
  await page.getByRole("button", { name: "Reset…" }).click();
  await dialog(page).waitFor();
  await assertAccessible(page, "before every second factor is removed");
  await dialog(page).getByRole("button", { name: "Remove all" }).click();
  await told(page, "Resi Factor has no second factor any more.");
  await page.getByText("No second factor is enrolled.").waitFor();
  const target = `users/${user.user_id}`;
  assert.deepEqual(await app.changes(), [
    ["users.authenticators.deleteAll", `${target}/authenticators`],
    ["users.multifactor.invalidateRememberBrowser", `${target}/multifactor/actions/invalidate-remember-browser`],
  ]);
});

test("factors are removed, and remembered browsers forgotten", async (t) => {
  const user = await app.newUser("Mia Factor");
  const path = `${pathOf(user)}/authentication-methods`;
  const method = await app.api(path, {
    method: "POST",
    body: { type: "phone", name: "Work", phone_number: "+4791234567" },
  });
  await app.changes();
  const page = await app.open(t, pathOf(user, "security"));
  await page.getByRole("button", { name: "Remove Phone" }).click();
  await dialog(page).getByRole("button", { name: "Remove" }).click();
  await page.getByText("No second factor is enrolled.").waitFor();
  await page.getByRole("button", { name: "Forget remembered browsers…" }).click();
  await dialog(page).getByRole("button", { name: "Forget them" }).click();
  await told(page, "Every browser asks for a second factor");
  const target = `users/${user.user_id}`;
  assert.deepEqual(await app.changes(), [
    ["users.authenticationMethods.delete", `${target}/authentication-methods/${method.id}`],
    ["users.multifactor.invalidateRememberBrowser", `${target}/multifactor/actions/invalidate-remember-browser`],
  ]);
});
