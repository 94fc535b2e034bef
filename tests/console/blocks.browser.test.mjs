// Both kinds of block of a user in the console.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { pathOf, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after });
const { tenant } = app;

test("both kinds of blocks are shown, and ended one by one", async (t) => {
  const user = await app.newUser("Bo Block");
  await tenant.control("block", {
    identifier: user.email,
    connection: "Username-Password-Authentication",
    ip: "203.0.113.9",
  });
  const page = await app.open(t, pathOf(user, "security"));
  await page.getByText("203.0.113.9", { exact: true }).waitFor();
  await page.getByRole("region", { name: "Access" }).getByRole("button", { name: "Block" }).click();
  await told(page, "Bo Block is blocked and cannot sign in.");
  await page.locator(".notices").getByRole("button", { name: "Undo" }).click();
  await told(page, "Bo Block is not blocked any more.");
  await page.getByText("203.0.113.9", { exact: true }).waitFor();
  await page.getByRole("button", { name: "End the lockout" }).click();
  await page.getByText("Not locked out", { exact: true }).waitFor();
  assert.deepEqual(await app.changes(), [
    ["users.update", `users/${user.user_id}`, { blocked: true }],
    ["users.update", `users/${user.user_id}`, { blocked: false }],
    ["userBlocks.delete", `user-blocks/${user.user_id}`],
  ]);
});

test("both kinds of blocks are ended together", async (t) => {
  const user = await app.newUser("Bea Both", { blocked: true });
  await tenant.control("block", { identifier: user.email, connection: "Username-Password-Authentication" });
  const page = await app.open(t, pathOf(user, "security"));
  const access = page.getByRole("region", { name: "Access" });
  await access.getByText("Cannot sign in: an administrator has blocked the account.").waitFor();
  await access.getByRole("button", { name: "End both" }).click();
  await access.getByText("Can sign in.").waitFor();
  assert.deepEqual(await app.changes(), [
    ["users.update", `users/${user.user_id}`, { blocked: false }],
    ["userBlocks.delete", `user-blocks/${user.user_id}`],
  ]);
});

test("where one kind of block cannot be ended, it is named with why, and the other is", async (t) => {
  const user = await app.newUser("Hal Fway", { blocked: true });
  await tenant.control("block", { identifier: user.email, connection: "Username-Password-Authentication" });
  const page = await app.open(t, pathOf(user, "security"), { expected: [403] });
  const access = page.getByRole("region", { name: "Access" });
  const body = JSON.stringify({ statusCode: 403, error: "Forbidden", message: "Insufficient scope" });
  await tenant.control("fail-next", { operation: "users.update", user_id: user.user_id, status: 403, body });
  await access.getByRole("button", { name: "End both" }).click();
  await told(page, "Block by an administrator: You are not allowed to do this. Ask an administrator to do it.");
  await access.getByText("Not locked out").waitFor();
  await access.getByText("Cannot sign in: an administrator has blocked the account.").waitFor();
  await access.getByRole("button", { name: "Unblock" }).click();
  await access.getByText("Can sign in.").waitFor();
  await told(page, "Hal Fway is not blocked any more.");

  await tenant.control("block", { identifier: user.email, connection: "Username-Password-Authentication" });
  await access.getByRole("button", { name: "Block" }).click();
  await told(page, "Hal Fway is blocked and cannot sign in.");
  await page.reload();
  await tenant.control("fail-next", { operation: "userBlocks.delete", user_id: user.user_id, status: 403, body });
  await app.changes();
  await access.getByRole("button", { name: "End both" }).click();
  await told(page, "Lockout after failed logins: You are not allowed to do this.");
  await access.getByText("Not blocked", { exact: true }).waitFor();
  await access.getByRole("button", { name: "End the lockout" }).click();
  await told(page, "Hal Fway is not locked out any more.");
  await access.getByText("Can sign in.").waitFor();
  assert.deepEqual(await app.changes(), [
    ["users.update", `users/${user.user_id}`, { blocked: false }],
    ["userBlocks.delete", `user-blocks/${user.user_id}`],
    ["userBlocks.delete", `user-blocks/${user.user_id}`],
  ]);
});
