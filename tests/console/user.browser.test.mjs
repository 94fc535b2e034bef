// One user in the console: every part, and what reaches the tenant.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { assertAccessible, pathOf, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after });
const { tenant } = app;
const directory = await tenant.control("directory");
const role = (name) => directory.roles.find((own) => own.name === name);

const dialog = (page) => page.getByRole("dialog");
const undo = (page) => page.locator(".notices").getByRole("button", { name: "Undo" }).click();

test("a profile is edited, and the edit is undone", async (t) => {
  const user = await app.newUser("Nora Field");
  const page = await app.open(t, pathOf(user));
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Nickname").fill("Norrie");
  await page.getByLabel("Given name").fill("Nora");
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "Nickname, Given name changed.");
  const target = `users/${user.user_id}`;
  assert.deepEqual(await app.changes(), [["users.update", target, { nickname: "Norrie", given_name: "Nora" }]]);
  await undo(page);
  await told(page, "It is as it was before.");
  assert.deepEqual(await app.changes(), [["users.update", target, { nickname: "nora.field", given_name: null }]]);
});

test("a profile that is saved has only what was typed changed", async (t) => {
  const user = await app.newUser("Spa Ced", { name: "Spa Ced " });
  const page = await app.open(t, pathOf(user));
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Given name").fill("Spa");
  await app.api(pathOf(user), { method: "PATCH", body: { nickname: "Elsewhere" } });
  await app.changes();
  await page.getByRole("button", { name: "Block" }).click();
  await told(page, "is blocked and cannot sign in.");
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "Given name changed.");
  await page.getByText("Elsewhere").waitFor();
  const target = `users/${user.user_id}`;
  assert.deepEqual(await app.changes(), [
    ["users.update", target, { blocked: true }],
    ["users.update", target, { given_name: "Spa" }],
  ]);
});

test("what the tenant's validation refuses is said at the field", async (t) => {
  const user = await app.newUser("Vera Long");
  const page = await app.open(t, pathOf(user), { expected: [400] });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Given name").fill("x".repeat(151));
  await page.getByRole("button", { name: "Save" }).click();
  const field = page.getByLabel("Given name");
  await page.locator("[name=given_name][aria-invalid=true]").waitFor();
  assert.match(await field.locator("xpath=../p").textContent(), /long|length|150/i);
});

test("an email that another user has is told as that, and another conflict in the API's own words", async (t) => {
  const other = await app.newUser("Emma Taken");
  const user = await app.newUser("Conn Flict");
  const page = await app.open(t, pathOf(user), { expected: [400, 409] });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Email").fill(other.email);
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "There is such a user already.");
  await told(page, "The specified new email already exists");
  const body = JSON.stringify({ statusCode: 409, error: "Conflict", message: "The user is being changed" });
  await tenant.control("fail-next", { operation: "users.update", user_id: user.user_id, status: 409, body });
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "The user is being changed. See what is there, then try again.");
});

test("roles and permissions are given and taken, and both are undone", async (t) => {
  const user = await app.newUser("Rolf Permit");
  const target = `users/${user.user_id}`;
  const page = await app.open(t, pathOf(user, "access"));
  await page.getByLabel("Another role").selectOption("editor");
  await page.getByRole("button", { name: "Assign" }).click();
  await told(page, "Rolf Permit has the role editor.");
  await page.getByText("by the role editor").first().waitFor();
  const roles = { roles: [role("editor").id] };
  assert.deepEqual(await app.changes(), [["users.roles.assign", `${target}/roles`, roles]]);
  await undo(page);
  await told(page, "Rolf Permit lost the role editor.");
  assert.deepEqual(await app.changes(), [["users.roles.delete", `${target}/roles`, roles]]);

  await page.getByLabel("Another permission").selectOption({ label: "pay:invoices (Billing)" });
  await page.getByRole("button", { name: "Give" }).click();
  await told(page, "Rolf Permit may pay:invoices.");
  await page.getByRole("button", { name: "Take away pay:invoices" }).click();
  await told(page, "Rolf Permit may not any more pay:invoices.");
  const permissions = [{ permission_name: "pay:invoices", resource_server_identifier: "https://billing.example.com/" }];
  assert.deepEqual(await app.changes(), [
    ["users.permissions.create", `${target}/permissions`, { permissions }],
    ["users.permissions.delete", `${target}/permissions`, { permissions }],
  ]);
});

test("a change that fails is taken back, in words", async (t) => {
  const user = await app.newUser("Fay Lure");
  const page = await app.open(t, pathOf(user, "security"), { expected: [403] });
  const body = { statusCode: 403, error: "Forbidden", message: "Insufficient scope", errorCode: "insufficient_scope" };
  await tenant.control("fail-next", {
    operation: "users.update",
    user_id: user.user_id,
    status: 403,
    body: JSON.stringify(body),
  });
  await page.getByRole("region", { name: "Access" }).getByRole("button", { name: "Block" }).click();
  await told(page, /You are not allowed to do this|lacks the scope/);
  await page.getByRole("region", { name: "Access" }).getByText("Not blocked").waitFor();
  assert.equal((await app.api(pathOf(user))).blocked, undefined);
});

test("when an answer gets lost, the console finds out what became of the change", async (t) => {
  const user = await app.newUser("Una Known");
  const page = await app.open(t, pathOf(user, "access"), { expected: [500, 502, 503] });
  await page.getByLabel("Another role").selectOption("viewer");
  await tenant.control("fail-next", {
    operation: "users.roles.assign",
    user_id: user.user_id,
    after_commit: true,
    status: 500,
  });
  await page.getByRole("button", { name: "Assign" }).click();
  await told(page, "Nobody knows yet whether this was done");
  await page.getByRole("button", { name: "Check what became of it" }).click();
  await told(page, "It was done.");
  await page.getByText("Looks at items").waitFor();
});

test("sessions, devices, organizations and the log are there, and access is revoked", async (t) => {
  const user = await app.newUser("Sess Ion");
  await tenant.control("attach", { user_id: user.user_id, sessions: 2, organizations: 2, logs: 25 });
  const page = await app.open(t, pathOf(user, "sessions"));
  const items = (name) => page.getByRole("region", { name }).locator(".items > li");
  await items("Sessions").nth(1).waitFor();
  await page.getByRole("button", { name: "End all sessions…" }).click();
  await dialog(page).getByRole("button", { name: "End all sessions" }).click();
  await page.getByText("Not signed in anywhere.").waitFor();
  await page.getByRole("button", { name: "Sign out everywhere…" }).click();
  await dialog(page).getByText("There are no sessions").waitFor();
  await dialog(page).getByRole("listitem").nth(2).getByText("To do").waitFor();
  await assertAccessible(page, "before signing out everywhere");
  await dialog(page).getByRole("button", { name: "Sign out everywhere" }).click();
  await told(page, "Sess Ion is signed out everywhere.");
  assert.equal(await dialog(page).getByRole("listitem").getByText("Done").count(), 4);
  await dialog(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await page.getByRole("tab", { name: "Organizations" }).click();
  await items("Organizations").nth(1).waitFor();
  await page.getByRole("tab", { name: "Log" }).click();
  await items("Log").nth(19).waitFor();
  assert.equal(await items("Log").count(), 20);
  await page.getByRole("button", { name: "Show more" }).click();
  await items("Log").nth(24).waitFor();
  assert.match(page.url(), /tab=log$/);
  const target = `users/${user.user_id}`;
  assert.deepEqual(
    (await app.changes()).map(([operation, path]) => [operation, path]),
    [
      ["users.sessions.delete", `${target}/sessions`],
      ["users.revokeAccess", `${target}/revoke-access`],
      ["users.sessions.delete", `${target}/sessions`],
      ["users.refreshToken.delete", `${target}/refresh-tokens`],
    ],
  );
});

test("identities are linked and unlinked", async (t) => {
  const user = await app.newUser("Lin Ked");
  const other = await app.newUser("Lin Other", {
    connection: "email",
    password: undefined,
    user_metadata: { theme: "dark" },
  });
  const page = await app.open(t, pathOf(user, "identities"));
  await page.getByRole("button", { name: "Link another user…" }).click();
  await dialog(page).getByLabel("User id of the other user").fill(other.user_id);
  await dialog(page).getByRole("button", { name: "Show what is lost…" }).click();
  const lost = dialog(page).locator("dl", { hasText: "User metadata" });
  await lost.getByText("theme").waitFor();
  await assertAccessible(page, "before accounts are linked");
  assert.deepEqual(await app.changes(), []);
  await dialog(page).getByRole("button", { name: "Link" }).click();
  await told(page, `${other.user_id} is an identity of Lin Ked now.`);
  await dialog(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await page.getByRole("button", { name: "Unlink email" }).click();
  await dialog(page).getByRole("button", { name: "Unlink" }).click();
  await told(page, "The identity is a user of its own now");
  const [provider, bare] = other.user_id.split("|");
  assert.deepEqual(await app.changes(), [
    ["users.identities.link", `users/${user.user_id}/identities`, { provider, user_id: bare }],
    ["users.identities.delete", `users/${user.user_id}/identities/${provider}/${bare}`],
  ]);
});

test("mails and links for users", async (t) => {
  const user = await app.newUser("Mel Mail");
  const page = await app.open(t, pathOf(user));
  await page.getByRole("button", { name: "Send verification mail" }).click();
  await told(page, `A mail to verify it is on its way to ${user.email}.`);
  await page.getByRole("button", { name: "Password link" }).click();
  assert.match(await dialog(page).locator(".secret code").textContent(), /\/u\/reset-password\?ticket=/);
  assert.deepEqual(await app.changes(), [
    ["jobs.verificationEmail.create", "jobs/verification-email", { user_id: user.user_id }],
    ["tickets.changePassword", "tickets/password-change", { user_id: user.user_id }],
  ]);
});

test("a user is deleted when their name is typed, with the keyboard alone", async (t) => {
  const user = await app.newUser("Del Ete");
  const page = await app.open(t, pathOf(user));
  const button = page.getByRole("button", { name: "Delete…" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Type “Del Ete” to confirm").fill("Del Et");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.ok(await button.evaluate((own) => own === document.activeElement));
  assert.deepEqual(await app.changes(), []);
  await page.keyboard.press("Enter");
  await page.getByLabel("Type “Del Ete” to confirm").fill("Del Ete");
  await page.keyboard.press("Enter");
  await told(page, "Del Ete is deleted.");
  await page.waitForFunction(() => location.pathname === "/" && document.activeElement?.tagName === "H1");
  assert.deepEqual(await app.changes(), [["users.delete", `users/${user.user_id}`]]);
});

test("a user who does not exist is said so", async (t) => {
  const page = await app.open(t, "/users/auth0%7Cnobody", { expected: [404] });
  await page.getByText("There is no such user. Somebody may have deleted it. Go back to the list.").waitFor();
});

test("a user's parts are read at once, and one that cannot be read keeps back no other", async (t) => {
  const user = await app.newUser("Over View");
  await tenant.control("attach", { user_id: user.user_id, sessions: 2, organizations: 2 });
  const body = JSON.stringify({ statusCode: 403, error: "Forbidden", message: "Insufficient scope" });
  await tenant.control("fail-next", { operation: "users.sessions.list", user_id: user.user_id, status: 403, body });
  const page = await app.open(t, pathOf(user), { expected: [403] });
  await page.getByRole("heading", { level: 1, name: "Over View" }).waitFor();
  // Whatever a page of another test still asked for is not counted.
  const reads = async () =>
    (await tenant.control("journal"))
      .filter(({ method, path }) => method === "GET" && decodeURIComponent(path).includes(user.user_id))
      .map(({ operation }) => operation);
  const before = await reads();
  assert.deepEqual(before.toSorted(), [
    "userBlocks.list",
    "users.authenticationMethods.list",
    "users.get",
    "users.organizations.list",
    "users.permissions.list",
    "users.refreshToken.list",
    "users.roles.list",
    "users.sessions.list",
  ]);
  await page.getByRole("tab", { name: "Organizations" }).click();
  await page.getByRole("region", { name: "Organizations" }).locator(".items > li").nth(1).waitFor();
  await page.getByRole("tab", { name: "Sessions" }).click();
  const sessions = page.getByRole("region", { name: "Sessions" });
  await sessions.getByText("You are not allowed to do this.").waitFor();
  await assertAccessible(page, "a part that cannot be read");
  assert.deepEqual(await reads(), before);
  await sessions.getByRole("button", { name: "Try again" }).click();
  await sessions.locator(".items > li").nth(1).waitFor();
  assert.deepEqual(await reads(), [...before, "users.sessions.list"]);
});

test("where a part cannot be read, the tenant's own words and the request are there for a support ticket", async (t) => {
  const user = await app.newUser("Dee Tail");
  const page = await app.open(t, pathOf(user, "access"), { expected: [400, 403] });
  const roles = page.getByRole("region", { name: "Roles" });
  await roles.getByText("No roles.").waitFor();
  const fail = (operation, id) =>
    tenant.control("fail-next", {
      operation,
      user_id: user.user_id,
      status: 403,
      body: JSON.stringify({ statusCode: 403, error: "Forbidden", message: `No scope, ${id}` }),
    });
  const isDetailed = (part, id) =>
    part
      .getByRole("alert")
      .filter({ hasText: "You are not allowed to do this." })
      .getByText(new RegExp(`No scope, ${id} · Request \\w+`))
      .waitFor();

  await fail("users.roles.list", "one");
  await page.reload();
  await isDetailed(roles, "one");
  await fail("users.roles.list", "two");
  await roles.getByRole("button", { name: "Try again" }).focus();
  await page.keyboard.press("Enter");
  await isDetailed(roles, "two");
  await page.getByRole("heading", { name: "Roles", exact: true }).and(page.locator(":focus")).waitFor();
  await roles.getByRole("button", { name: "Try again" }).click();
  await roles.getByText("No roles.").waitFor();

  await fail("users.logs.list", "three");
  await page.getByRole("tab", { name: "Log" }).click();
  const log = page.getByRole("region", { name: "Log" });
  await isDetailed(log, "three");
  await log.getByRole("button", { name: "Try again" }).click();
  await log.getByText("Nothing has happened yet.").waitFor();

  await fail("userBlocks.list", "four");
  await page.goto(app.url + pathOf(user, "security"));
  const access = page.getByRole("region", { name: "Access" });
  await isDetailed(access, "four");
  await access.getByText("Can sign in, unless locked out.").waitFor();
  await assertAccessible(page, "lockouts that cannot be read");
  await access.getByRole("button", { name: "Try again" }).click();
  await access.getByText("Not locked out").waitFor();
  await access.getByText("Can sign in.", { exact: true }).waitFor();
});

test("a step that fails is named with why, and done when tried again; a block comes first", async (t) => {
  const user = await app.newUser("Sten Out");
  await tenant.control("attach", { user_id: user.user_id, sessions: 2 });
  const page = await app.open(t, pathOf(user, "sessions"), { expected: [403] });
  await page.getByRole("button", { name: "Sign out everywhere…" }).click();
  await dialog(page).getByText("There are 2 sessions").waitFor();
  await dialog(page)
    .getByRole("checkbox", { name: /^Block first/ })
    .check();
  const steps = dialog(page).getByRole("list", { name: "Steps" });
  await steps.getByText("Block the user").waitFor();
  const body = JSON.stringify({ statusCode: 403, error: "Forbidden", message: "Insufficient scope" });
  await tenant.control("fail-next", {
    operation: "users.refreshToken.delete",
    user_id: user.user_id,
    status: 403,
    body,
  });
  await app.changes();
  await dialog(page).getByRole("button", { name: "Sign out everywhere" }).click();
  await steps.getByText("You are not allowed to do this.").waitFor();
  await assertAccessible(page, "a step that has failed");
  assert.equal(await steps.getByText("Done", { exact: true }).count(), 4);
  await dialog(page).getByRole("button", { name: "Try again" }).click();
  await told(page, "Sten Out is signed out everywhere.");
  assert.deepEqual(
    (await app.changes()).map(([operation]) => operation.replace("users.", "")),
    ["update", "revokeAccess", "sessions.delete", "refreshToken.delete"].concat([
      "revokeAccess",
      "sessions.delete",
      "refreshToken.delete",
    ]),
  );
  assert.equal((await app.api(pathOf(user))).blocked, true);
});

test("a step that fails after its dialog was closed is told all the same", async (t) => {
  const user = await app.newUser("Clo Singer");
  await tenant.control("attach", { user_id: user.user_id, sessions: 1 });
  const page = await app.open(t, pathOf(user, "sessions"), { expected: [403] });
  const body = JSON.stringify({ statusCode: 403, error: "Forbidden", message: "Insufficient scope" });
  const operation = "users.sessions.delete";
  await tenant.control("fail-next", { operation, user_id: user.user_id, status: 403, body });
  let close;
  const closed = new Promise((resolve) => (close = resolve));
  await page.route(/\/sessions$/, async (route) => {
    if (route.request().method() === "DELETE") await closed;
    await route.continue();
  });
  await page.getByRole("button", { name: "Sign out everywhere…" }).click();
  await dialog(page).getByText("There is 1 session").waitFor();
  await dialog(page).getByRole("button", { name: "Sign out everywhere" }).click();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  close();
  await told(page, "End all sessions: You are not allowed to do this.");
});
